import { isDocument, typeName, walkPath, type Document } from '../bson/index.js';
import { fail } from '../errors.js';
import { mapKey } from './accumulators.js';
import { compileExpression } from './expression/index.js';
import { checkVariableName } from './expression/logic.js';
import type { PipelineEnv } from './pipeline.js';
import { setPath } from './setPath.js';
import { joinValues, type Stage } from './stages.js';

/** Compiles an inner pipeline; given by the runner so that the two files need not know each other. */
export type CompileInner = (pipeline: unknown, env: PipelineEnv) => Stage;

const OPTIONS = new Set(['from', 'localField', 'foreignField', 'let', 'pipeline', 'as']);

interface Lookup {
  from: string;
  as: string[];
  localField?: string[];
  foreignField?: string[];
  variables: Document;
  pipeline?: unknown;
}

function parse(operand: unknown): Lookup {
  if (!isDocument(operand)) return fail(9, `the $lookup stage specification must be an object, but found ${typeName(operand)}`);
  const { from, as, localField, foreignField, let: variables = {}, pipeline } = operand;
  for (const key of Object.keys(operand)) if (!OPTIONS.has(key)) fail(9, `unknown argument to $lookup: ${key}`);
  if (typeof as !== 'string') return fail(9, "must specify 'as' field for a $lookup");
  if (typeof from !== 'string') return fail(from === undefined ? 9 : 238, from === undefined ? "missing 'from' option to $lookup stage specification" : "$lookup 'from' another database is not supported by this server");
  if ((localField === undefined) !== (foreignField === undefined)) fail(9, '$lookup requires both or neither of localField and foreignField to be specified');
  for (const path of [localField, foreignField]) if (path !== undefined && (typeof path !== 'string' || path === '' || path.startsWith('$'))) fail(9, `$lookup argument '${String(path)}' must be a field path`);
  if (localField === undefined && pipeline === undefined) fail(9, '$lookup requires either \'pipeline\' or both \'localField\' and \'foreignField\' to be specified');
  if (!isDocument(variables)) return fail(9, `$lookup argument 'let: ${typeName(variables)}' must be an object`);
  return { from, as: as.split('.'), localField: (localField as string | undefined)?.split('.'), foreignField: (foreignField as string | undefined)?.split('.'), variables, pipeline };
}

/** Documents by all the values a query would find at a path. */
function indexBy(docs: readonly Document[], path: readonly string[], env: PipelineEnv): Map<string, Set<number>> {
  const index = new Map<string, Set<number>>();
  const add = (value: unknown, at: number): void => {
    const key = mapKey(value, env.collation);
    const known = index.get(key);
    if (known === undefined) index.set(key, new Set([at]));
    else known.add(at);
  };
  docs.forEach((doc, at) =>
    walkPath(doc, path, (value) => {
      if (Array.isArray(value)) for (const item of value) add(item, at);
      add(value ?? null, at);
      return false;
    }),
  );
  return index;
}

/** A function that gives the foreign documents joined to one document, before the inner pipeline. */
function joiner({ localField, foreignField, from }: Lookup, env: PipelineEnv): (doc: Document) => Document[] {
  let foreign: Document[] | undefined;
  let index: Map<string, Set<number>> | undefined;
  return (doc) => {
    if (localField === undefined || foreignField === undefined) return (foreign ??= [...env.read(from)]);
    const local = joinValues(doc, localField);
    const values = local.length === 0 ? [null] : local;
    const found = index === undefined ? env.find?.(from, foreignField.join('.'), values) : undefined;
    if (found !== undefined) return found;
    const docs = (foreign ??= [...env.read(from)]);
    const byValue = (index ??= indexBy(docs, foreignField, env));
    const hits = new Set<number>();
    for (const value of values) for (const at of byValue.get(mapKey(value, env.collation)) ?? []) hits.add(at);
    return [...hits].sort((a, b) => a - b).map((at) => docs[at] as Document);
  };
}

/** Compiles `$lookup`: by fields, by a pipeline with variables, or both. */
export function compileLookup(operand: unknown, env: PipelineEnv, compileInner: CompileInner): Stage {
  const lookup = parse(operand);
  const names = Object.keys(lookup.variables);
  names.forEach(checkVariableName);
  const evaluators = names.map((name) => compileExpression(lookup.variables[name], env));
  // The inner pipeline is compiled once and reads the variables from this object, which changes with each document.
  const vars: Document = { ...env.let, ...Object.fromEntries(names.map((name) => [name, undefined])) };
  const inner = lookup.pipeline === undefined ? undefined : compileInner(lookup.pipeline, { ...env, let: vars, collection: lookup.from });
  return function* (docs) {
    const join = joiner(lookup, env);
    for (const doc of docs) {
      Object.assign(vars, env.let, Object.fromEntries(names.map((name, i) => [name, evaluators[i]?.(doc)])));
      const joined = join(doc);
      yield setPath(doc, lookup.as, inner === undefined ? joined : [...inner(joined)]);
    }
  };
}
