export { compileProjection, type ExprEnv, type Projection } from './projection.js';
export { compileSort, parseSort, sortDocuments, sortValues, type SortField } from './sort.js';
