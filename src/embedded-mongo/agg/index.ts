export { distinctValues } from './distinct.js';
export { evaluateLet, runPipeline, type PipelineEnv } from './pipeline.js';
export type { PipelineWrite } from './write.js';
