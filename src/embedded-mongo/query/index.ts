export * from './match.js';
export * from './plan.js';
