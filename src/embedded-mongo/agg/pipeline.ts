import { isDocument, typeName, type Collation, type Document } from '../bson/index.js';
import { fail } from '../errors.js';
import { compileExpression } from './expression/index.js';
import { compileLookup } from './lookup.js';
import { compileSimpleStage, type Stage } from './stages.js';
import { parseWrite, type PipelineWrite } from './write.js';

/** What a pipeline runs on. */
export interface PipelineEnv {
  now: Date;
  collation?: Collation;
  /** Variables of the command (unevaluated constant expressions, as the client sent them). */
  let?: Document;
  /** Documents of another collection of the same database ($lookup, $unionWith). */
  read(collection: string): Iterable<Document>;
  /** The documents with one of the values at a path, in natural order; undefined if reading all of them is the better way. */
  find?(collection: string, path: string, values: readonly unknown[]): Document[] | undefined;
  collection: string;
}

/** Stages of MongoDB that are known and refused, so that they are not taken for typing errors. */
const UNSUPPORTED = new Set([
  '$bucketAuto', '$changeStream', '$collStats', '$currentOp', '$densify', '$fill', '$geoNear', '$graphLookup', '$indexStats',
  '$listLocalSessions', '$listSessions', '$planCacheStats', '$redact', '$search', '$searchMeta', '$setWindowFields',
  '$vectorSearch', '$changeStreamSplitLargeEvent', '$listSearchIndexes', '$listSampledQueries', '$querySettings',
]);

/** Runs an aggregation pipeline; the result is computed as it is read. `$out` and `$merge` are left to the caller. */
export function runPipeline(docs: Iterable<Document>, pipeline: unknown, env: PipelineEnv): { docs: Iterable<Document>; write?: PipelineWrite } {
  const stages = stagesOf(pipeline);
  const last = stages.at(-1);
  const write = last === undefined ? undefined : parseWrite(last[0], last[1]);
  const inner = { ...env, let: evaluateLet(env.let, env.now) };
  const run = compileStages(write === undefined ? stages : stages.slice(0, -1), inner, true);
  return { docs: run(docs), write };
}

/** Name and operand of each stage. */
function stagesOf(pipeline: unknown): [string, unknown][] {
  if (!Array.isArray(pipeline)) return fail(14, "'pipeline' option must be specified as an array");
  return pipeline.map((stage: unknown): [string, unknown] => {
    if (!isDocument(stage)) return fail(14, 'Each element of the \'pipeline\' array must be an object');
    const [name, ...more] = Object.keys(stage);
    if (name === undefined || more.length > 0) return fail(40323, 'A pipeline stage specification object must contain exactly one field.');
    return [name, stage[name]];
  });
}

function compileStages(stages: readonly [string, unknown][], env: PipelineEnv, top: boolean): Stage {
  const compiled = stages.map(([name, operand], i) => compileStage(name, operand, env, top && i === 0));
  return (docs) => compiled.reduce((input, stage) => stage(input), docs);
}

function compileStage(name: string, operand: unknown, env: PipelineEnv, first: boolean): Stage {
  switch (name) {
    case '$lookup':
      return compileLookup(operand, env, compileInner);
    case '$facet':
      return compileFacet(operand, env);
    case '$unionWith':
      return compileUnion(operand, env);
    case '$documents':
      return first ? compileDocuments(operand, env) : fail(40602, '$documents is only valid as the first stage in a pipeline');
    case '$out':
    case '$merge':
      return fail(40601, `${name} can only be the final stage in the pipeline`);
    default:
  }
  if (UNSUPPORTED.has(name)) fail(238, `${name} is not supported by this server`);
  return compileSimpleStage(name, operand, env) ?? fail(40324, `Unrecognized pipeline stage name: '${name}'`);
}

function compileInner(pipeline: unknown, env: PipelineEnv): Stage {
  const stages = stagesOf(pipeline);
  for (const [name] of stages) if (name === '$out' || name === '$merge') fail(51047, `${name} is not allowed within a sub-pipeline`);
  return compileStages(stages, env, false);
}

function compileFacet(operand: unknown, env: PipelineEnv): Stage {
  if (!isDocument(operand) || Object.keys(operand).length === 0) return fail(40169, 'the $facet specification must be a non-empty object');
  const facets = Object.entries(operand).map(([name, pipeline]): [string, Stage] => {
    if (name.startsWith('$') || name.includes('.')) fail(40169, `invalid facet name: ${name}`);
    if (!Array.isArray(pipeline)) return fail(40170, `arguments to $facet must be arrays, ${name} is type ${typeName(pipeline)}`);
    for (const [stage] of stagesOf(pipeline)) if (stage === '$facet') fail(40600, `${stage} is not allowed to be used within a $facet stage`);
    return [name, compileInner(pipeline, env)];
  });
  return function* (docs) {
    const all = [...docs];
    yield Object.fromEntries(facets.map(([name, run]) => [name, [...run(all)]]));
  };
}

function compileUnion(operand: unknown, env: PipelineEnv): Stage {
  const spec = typeof operand === 'string' ? { coll: operand } : operand;
  if (!isDocument(spec)) return fail(9, `the $unionWith stage specification must be an object or string, but found ${typeName(operand)}`);
  for (const key of Object.keys(spec)) if (key !== 'coll' && key !== 'pipeline') fail(40415, `BSON field '$unionWith.${key}' is an unknown field.`);
  const { coll, pipeline = [] } = spec;
  if (typeof coll !== 'string') return fail(238, '$unionWith without a collection is not supported by this server');
  const inner = compileInner(pipeline, { ...env, collection: coll });
  return function* (docs) {
    yield* docs;
    yield* inner(env.read(coll));
  };
}

function compileDocuments(operand: unknown, env: PipelineEnv): Stage {
  const list = compileExpression(operand, env)({});
  if (!Array.isArray(list) || !list.every(isDocument)) return fail(5858203, '$documents must evaluate to an array of objects');
  return () => list as Document[];
}

/** Evaluates constant expressions of a command's `let` to values for `compileMatch`, `compileUpdate`, ... */
export function evaluateLet(variables: unknown, now: Date): Document | undefined {
  if (variables === undefined) return undefined;
  if (!isDocument(variables)) return fail(14, `BSON field 'let' is the wrong type '${typeName(variables)}', expected type 'object'`);
  const values: Document = {};
  for (const [name, expression] of Object.entries(variables)) values[name] = compileExpression(expression, { now, let: { ...values } })({});
  return values;
}
