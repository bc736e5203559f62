export * from './document.js';
export * from './collation.js';
export * from './types.js';
export * from './compare.js';
export * from './numbers.js';
export * from './keys.js';
export * from './paths.js';
