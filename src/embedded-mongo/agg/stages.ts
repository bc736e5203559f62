import { Long } from 'bson';
import { compareValues, getField, isDocument, isNumber, toSafeInteger, typeName, type Document } from '../bson/index.js';
import { fail } from '../errors.js';
import { parseSort, sortDocuments } from '../project/sort.js';
import { compileMatch } from '../query/match.js';
import { compileGroupField, group } from './accumulators.js';
import { compileDocumentStage } from './documentStages.js';
import { compileExpression, valueAt, type ExpressionOptions } from './expression/index.js';
import { setPath } from './setPath.js';

/** A compiled stage. */
export type Stage = (docs: Iterable<Document>) => Iterable<Document>;

type StageCompiler = (operand: unknown, env: ExpressionOptions) => Stage;

function wholeNumber(name: string, operand: unknown, code: number): number {
  if (!isNumber(operand)) return fail(code, `invalid argument to ${name} stage: Expected a number in: ${name}: ${typeName(operand)}`);
  const value = toSafeInteger(operand);
  if (value === undefined) return fail(code, `invalid argument to ${name} stage: Expected an integer`);
  return value >= 0 ? value : fail(code, `invalid argument to ${name} stage: Expected a non-negative number in: ${name}: ${value}`);
}

function* limit(docs: Iterable<Document>, count: number): Iterable<Document> {
  let left = count;
  for (const doc of docs) {
    yield doc;
    left -= 1;
    if (left <= 0) return;
  }
}

function* skip(docs: Iterable<Document>, count: number): Iterable<Document> {
  let left = count;
  for (const doc of docs) {
    if (left > 0) left -= 1;
    else yield doc;
  }
}

function* filter(docs: Iterable<Document>, test: (doc: Document) => boolean): Iterable<Document> {
  for (const doc of docs) if (test(doc)) yield doc;
}

/** Applies a function to each document as it is asked for. */
export function* map(docs: Iterable<Document>, apply: (doc: Document) => Document): Iterable<Document> {
  for (const doc of docs) yield apply(doc);
}

function compileGroup(operand: unknown, env: ExpressionOptions): Stage {
  if (!isDocument(operand)) return fail(15947, "a group's fields must be specified in an object");
  if (!Object.hasOwn(operand, '_id')) return fail(15955, 'a group specification must include an _id');
  const id = compileExpression(operand._id, env);
  const fields = Object.entries(operand).filter(([name]) => name !== '_id').map(([name, spec]) => compileGroupField(name, spec, env));
  return (docs) => group(docs, id, fields, env.collation);
}

function compileSortStage(operand: unknown, env: ExpressionOptions): Stage {
  if (parseSort(operand).length === 0) return fail(15976, '$sort stage must have at least one sort key');
  return function* (docs) {
    yield* sortDocuments([...docs], operand as Document, env.collation);
  };
}

function compileSortByCount(operand: unknown, env: ExpressionOptions): Stage {
  const isExpression = typeof operand === 'string' ? operand.startsWith('$') : isDocument(operand) && Object.keys(operand)[0]?.startsWith('$') === true;
  if (!isExpression) fail(typeof operand === 'string' ? 40148 : 40149, 'the sortByCount field must be defined as a $-prefixed path or an expression inside an object');
  const grouped = compileGroup({ _id: operand, count: { $sum: 1 } }, env);
  const sorted = compileSortStage({ count: -1 }, env);
  return (docs) => sorted(grouped(docs));
}

function compileCount(operand: unknown): Stage {
  if (typeof operand !== 'string' || operand === '') return fail(40156, 'the count field must be a non-empty string');
  if (operand.startsWith('$')) fail(40158, 'the count field cannot be a $-prefixed path');
  if (operand.includes('.')) fail(40160, "the count field cannot contain '.'");
  return function* (docs) {
    let count = 0;
    for (const _doc of docs) count += 1;
    if (count > 0) yield { [operand]: count };
  };
}

interface Unwind {
  path: string[];
  index?: string[];
  keepEmpty: boolean;
}

function parseUnwind(operand: unknown): Unwind {
  const spec: Document = typeof operand === 'string' ? { path: operand } : isDocument(operand) ? operand : fail(15981, `expected either a string or an object as specification for $unwind stage, got ${typeName(operand)}`);
  for (const key of Object.keys(spec)) if (!['path', 'includeArrayIndex', 'preserveNullAndEmptyArrays'].includes(key)) fail(28811, `unrecognized option to $unwind stage: ${key}`);
  const { path, includeArrayIndex: index, preserveNullAndEmptyArrays: keep = false } = spec;
  if (path === undefined) fail(28812, 'no path specified to $unwind stage');
  if (typeof path !== 'string') return fail(28808, `expected a string as the path for $unwind stage, got ${typeName(path)}`);
  if (!path.startsWith('$') || path.length < 2) return fail(28818, `path option to $unwind stage should be prefixed with a '$': ${path}`);
  if (typeof keep !== 'boolean') return fail(28809, 'expected a boolean for the preserveNullAndEmptyArrays option to $unwind stage');
  if (index !== undefined && (typeof index !== 'string' || index === '')) return fail(28810, 'expected a non-empty string for the includeArrayIndex option to $unwind stage');
  if (typeof index === 'string' && index.startsWith('$')) fail(28822, `includeArrayIndex option to $unwind stage should not be prefixed with a '$': ${index}`);
  return { path: path.slice(1).split('.'), index: index?.split('.'), keepEmpty: keep };
}

function* unwind(doc: Document, { path, index, keepEmpty }: Unwind): Iterable<Document> {
  const value = path.reduce<unknown>((current, part) => (isDocument(current) ? getField(current, part) : undefined), doc);
  const numbered = (out: Document, at: unknown): Document => (index === undefined ? out : setPath(out, index, at));
  if (Array.isArray(value) && value.length > 0) {
    for (const [at, item] of value.entries()) yield numbered(setPath(doc, path, item), Long.fromNumber(at));
  } else if (value === undefined || value === null || Array.isArray(value)) {
    if (keepEmpty) yield numbered(Array.isArray(value) ? setPath(doc, path, undefined) : doc, null);
  } else yield numbered(doc, null);
}

function compileUnwind(operand: unknown): Stage {
  const spec = parseUnwind(operand);
  return function* (docs) {
    for (const doc of docs) yield* unwind(doc, spec);
  };
}

function compileSample(operand: unknown): Stage {
  const size = isDocument(operand) ? toSafeInteger(operand.size) : undefined;
  if (size === undefined) return fail(28745, 'the $sample stage specification must be an object with a numeric size');
  if (size <= 0) return fail(28747, 'size argument to $sample must be a positive integer');
  return function* (docs) {
    const all = [...docs];
    for (let i = 0; i < Math.min(size, all.length); i += 1) {
      const other = i + Math.floor(Math.random() * (all.length - i));
      [all[i], all[other]] = [all[other] as Document, all[i] as Document];
      yield all[i] as Document;
    }
  };
}

function compileBucket(operand: unknown, env: ExpressionOptions): Stage {
  if (!isDocument(operand)) return fail(40201, `Argument to $bucket stage must be an object, but found type: ${typeName(operand)}.`);
  const { groupBy, boundaries, output = { count: { $sum: 1 } } } = operand;
  for (const key of Object.keys(operand)) if (!['groupBy', 'boundaries', 'default', 'output'].includes(key)) fail(40197, `Unrecognized option to $bucket: ${key}.`);
  if (groupBy === undefined || !Array.isArray(boundaries)) return fail(40198, "$bucket requires 'groupBy' and 'boundaries' to be specified.");
  const bounds = boundaries.map((bound: unknown) => compileExpression(bound, env)({}));
  if (bounds.length < 2) fail(40192, `The $bucket 'boundaries' field must have at least 2 values, but found ${bounds.length} value(s).`);
  if (bounds.some((bound, i) => i > 0 && compareValues(bounds[i - 1], bound) >= 0)) fail(40194, "The 'boundaries' option to $bucket must be sorted");
  if (!isDocument(output)) return fail(40196, `The $bucket 'output' field must be an object, but found type: ${typeName(output)}.`);
  const key = compileExpression(groupBy, env);
  const fields = Object.entries(output).map(([name, spec]) => compileGroupField(name, spec, env));
  const bucketOf = (doc: Document): unknown => {
    const value = key(doc);
    const at = bounds.findLastIndex((bound) => compareValues(value, bound, env.collation) >= 0);
    if (at >= 0 && at < bounds.length - 1) return bounds[at];
    return Object.hasOwn(operand, 'default') ? operand.default : fail(40066, '$switch could not find a matching branch for an input, and no default was specified.');
  };
  const sorted = compileSortStage({ _id: 1 }, env);
  return (docs) => sorted(group(docs, bucketOf, fields, env.collation));
}

const STAGES: Readonly<Record<string, StageCompiler>> = {
  $match(operand, env) {
    if (!isDocument(operand)) return fail(15959, 'the match filter must be an expression in an object');
    const { matches } = compileMatch(operand, env);
    return (docs) => filter(docs, matches);
  },
  $sort: compileSortStage,
  $limit(operand) {
    const count = wholeNumber('$limit', operand, 5107201);
    return count > 0 ? (docs) => limit(docs, count) : fail(15958, 'the limit must be positive');
  },
  $skip(operand) {
    const count = wholeNumber('$skip', operand, 5107200);
    return (docs) => skip(docs, count);
  },
  $group: compileGroup,
  $count: compileCount,
  $sortByCount: compileSortByCount,
  $unwind: compileUnwind,
  $sample: compileSample,
  $bucket: compileBucket,
};

/** Compiles a stage that needs nothing but its input; undefined if there is none of that name. */
export function compileSimpleStage(name: string, operand: unknown, env: ExpressionOptions): Stage | undefined {
  if (Object.hasOwn(STAGES, name)) return STAGES[name]?.(operand, env);
  const apply = compileDocumentStage(name, operand, env);
  return apply === undefined ? undefined : (docs) => map(docs, apply);
}

/** Values at a path with arrays unwound, for joins. */
export function joinValues(doc: Document, path: readonly string[]): unknown[] {
  const value = valueAt(doc, path, 0);
  const values = Array.isArray(value) ? (value as unknown[]) : [value];
  return values.map((item) => item ?? null);
}
