export { compileUpdate, type ApplyContext, type CompiledUpdate, type UpdateOptions } from './compile.js';
export { upsertBase } from './upsert.js';
