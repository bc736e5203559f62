import { compileExpression, truthy, type ExpressionOptions } from '../agg/expression/index.js';
import { getField, isDocument, isNumber, setField, toSafeInteger, typeName, type Document } from '../bson/index.js';
import { fail } from '../errors.js';
import { compileElementMatch } from '../query/match.js';
import { addLeaf, compute, exclude, include, newTree, treeHasComputed, type Leaf } from './tree.js';

/** What computed fields may refer to. */
export type ExprEnv = ExpressionOptions;

/** A compiled find projection. */
export interface Projection {
  (doc: Document, context?: { position?: number }): Document;
  /** True if the projection uses the positional `$`, so that the matched position must be given. */
  usesPosition: boolean;
}

/** One field of a projection with dots resolved. */
interface Entry {
  path: string;
  leaf: Leaf;
  /** Whether it makes the projection one of inclusion or exclusion; `$slice` leaves that open. */
  turns?: 'inclusion' | 'exclusion';
}

interface Parsed {
  entries: Entry[];
  positional?: string;
}

const PREFIX = 'Invalid $project :: caused by :: ';

/** Compiles the projection of find and findAndModify. */
export function compileProjection(spec: Document, env: ExprEnv): Projection {
  const parsed: Parsed = { entries: [] };
  parse(spec, '', true, env, parsed);
  const project = assemble(parsed.entries);
  const { positional } = parsed;
  const apply = (doc: Document, context?: { position?: number }): Document =>
    project(positional === undefined ? doc : (keepElement(doc, positional.split('.'), context?.position) as Document), doc);
  return Object.assign(apply, { usesPosition: positional !== undefined });
}

/** Compiles `$project` of the aggregation pipeline. */
export function compileProject(spec: unknown, env: ExprEnv): (doc: Document) => Document {
  if (!isDocument(spec)) return fail(15969, '$project specification must be an object');
  if (Object.keys(spec).length === 0) fail(51272, `${PREFIX}projection specification must have at least one field`);
  const parsed: Parsed = { entries: [] };
  parse(spec, '', false, env, parsed);
  const project = assemble(parsed.entries);
  return (doc) => project(doc, doc);
}

/** Compiles `$addFields` and `$set`: numbers and booleans are values here, too. */
export function compileAddFields(spec: unknown, env: ExprEnv, name = '$addFields'): (doc: Document) => Document {
  if (!isDocument(spec)) return fail(40272, `${name} specification stage must be an object, got ${typeName(spec)}`);
  if (Object.keys(spec).length === 0) fail(40177, `Invalid ${name} :: caused by :: specification must have at least one field`);
  const tree = newTree();
  const add = (fields: Document, prefix: string): void => {
    for (const [key, value] of Object.entries(fields)) {
      const path = prefix + key;
      checkPath(path);
      if (isDocument(value) && isPlainObject(value) && Object.keys(value).length > 0) {
        for (const inner of Object.keys(value)) if (inner.includes('.')) fail(16405, "FieldPath field names may not contain '.'");
        add(value, `${path}.`);
      } else addLeaf(tree, path, { kind: 'computed', evaluate: compileExpression(value, env) });
    }
  };
  add(spec, '');
  return (doc) => compute(doc, tree, doc);
}

function checkPath(path: string): void {
  if (path === '') fail(40352, 'FieldPath cannot be constructed with empty string');
  for (const part of path.split('.')) {
    if (part === '') fail(15998, 'FieldPath field names may not be empty strings.');
    if (part.startsWith('$')) fail(16410, `FieldPath field names may not start with '$'. Consider using $getField or $setField.`);
  }
}

function isPlainObject(value: Document): boolean {
  return !Object.keys(value)[0]?.startsWith('$');
}

function parse(spec: Document, prefix: string, find: boolean, env: ExprEnv, out: Parsed): void {
  for (const [key, value] of Object.entries(spec)) {
    const path = prefix + key;
    if (find && path.endsWith('.$')) {
      parsePositional(path.slice(0, -2), value, out);
      continue;
    }
    checkPath(path);
    if (isNumber(value) || typeof value === 'boolean') out.entries.push(flag(path, truthy(value)));
    else if (!isDocument(value) || !isPlainObject(value)) out.entries.push(special(path, value, find, env));
    else if (Object.keys(value).length === 0) fail(51270, `${PREFIX}An empty sub-projection is not a valid value. Found empty object at path`);
    else parse(value, `${path}.`, find, env, out);
  }
}

function flag(path: string, on: boolean): Entry {
  return on ? { path, leaf: { kind: 'include' }, turns: 'inclusion' } : { path, leaf: { kind: 'exclude' }, turns: 'exclusion' };
}

function parsePositional(path: string, value: unknown, out: Parsed): void {
  if (!truthy(value)) fail(31395, 'positional projection cannot be used with exclusion');
  if (out.positional !== undefined) fail(31276, 'Cannot specify more than one positional projection per query.');
  checkPath(path);
  if (path.split('.').includes('$')) fail(31394, 'As of 4.4, it\'s illegal to specify positional operator in the middle of a path.');
  out.positional = path;
  out.entries.push({ path, leaf: { kind: 'include' }, turns: 'inclusion' });
}

function special(path: string, value: unknown, find: boolean, env: ExprEnv): Entry {
  const operator = isDocument(value) ? Object.keys(value)[0] : undefined;
  const operand = operator === undefined ? undefined : (value as Document)[operator];
  if (operator === '$meta') fail(238, '$meta is not supported by this server');
  if (find && operator === '$elemMatch') return elemMatch(path, operand, env);
  if (find && operator === '$slice' && !(Array.isArray(operand) && !isNumber(operand[0]))) {
    return { path, leaf: { kind: 'slice', apply: slicer(operand) } };
  }
  if (operator === '$elemMatch') fail(31325, `${PREFIX}Unknown expression $elemMatch`);
  try {
    return { path, leaf: { kind: 'computed', evaluate: compileExpression(value, env) }, turns: 'inclusion' };
  } catch (error) {
    if (error instanceof Error && error.message === `Unrecognized expression '${operator}'`) fail(31325, `${PREFIX}Unknown expression ${operator}`);
    throw error;
  }
}

function elemMatch(path: string, condition: unknown, env: ExprEnv): Entry {
  if (path.includes('.')) fail(31275, 'Cannot use $elemMatch projection on a nested field.');
  if (!isDocument(condition)) return fail(31274, 'elemMatch: Invalid argument, object required');
  const test = compileElementMatch(condition, env);
  const evaluate = (root: Document): unknown => {
    const array = getField(root, path);
    const found = Array.isArray(array) ? array.findIndex(test) : -1;
    return found < 0 ? undefined : [(array as unknown[])[found]];
  };
  return { path, leaf: { kind: 'computed', evaluate }, turns: 'inclusion' };
}

function slicer(operand: unknown): (value: unknown) => unknown {
  const numbers = (Array.isArray(operand) ? operand : [operand]).map((item: unknown) => toSafeInteger(item) ?? fail(28667, 'Invalid $slice syntax: expected numbers'));
  if (numbers.length > 2) fail(28667, 'Invalid $slice syntax: at most 2 numbers');
  const [first = 0, count] = numbers;
  if (Array.isArray(operand) && count === undefined) fail(28667, 'Invalid $slice syntax: expected 2 numbers');
  if (count !== undefined && count <= 0) fail(28724, `First argument to $slice must be positive: ${count}`);
  const cut = (items: unknown[]): unknown[] => {
    if (count === undefined) return first >= 0 ? items.slice(0, first) : items.slice(first);
    const from = first < 0 ? Math.max(0, items.length + first) : first;
    return items.slice(from, from + count);
  };
  return (value) => (Array.isArray(value) ? cut(value as unknown[]) : value);
}

/** Decides between inclusion and exclusion, checks that they are not mixed, and builds the function. */
function assemble(entries: readonly Entry[]): (doc: Document, root: Document) => Document {
  const others = entries.filter((entry) => entry.path !== '_id' || entry.leaf.kind === 'computed');
  const deciding = others.find((entry) => entry.turns !== undefined) ?? entries.find((entry) => entry.turns !== undefined);
  const mode = deciding?.turns ?? 'exclusion';
  const tree = newTree();
  for (const { path, leaf, turns } of entries) {
    const isId = path === '_id' && leaf.kind !== 'computed';
    if (!isId && turns !== undefined && turns !== mode) refuseMix(path, leaf, mode);
    // {_id: 1} in an exclusion and {_id: 0} in an inclusion only say what happens to _id.
    if (isId && leaf.kind === 'include' && mode === 'exclusion') continue;
    if (isId && leaf.kind === 'exclude' && mode === 'inclusion') continue;
    addLeaf(tree, path, leaf);
  }
  if (mode === 'exclusion') return (doc) => exclude(doc, tree);
  if (!entries.some((entry) => entry.path === '_id' || entry.path.startsWith('_id.'))) addLeaf(tree, '_id', { kind: 'include' });
  const computes = treeHasComputed(tree);
  return (doc, root) => (computes ? compute(include(doc, tree), tree, root) : include(doc, tree));
}

function refuseMix(path: string, leaf: Leaf, mode: 'inclusion' | 'exclusion'): never {
  if (mode === 'inclusion') return fail(31254, `Cannot do exclusion on field ${path} in inclusion projection`);
  if (leaf.kind === 'computed') return fail(31252, `Cannot use an expression on field ${path} in an exclusion projection`);
  return fail(31253, `Cannot do inclusion on field ${path} in exclusion projection`);
}

/** Reduces the first array on a path to the element that the query matched. */
function keepElement(value: unknown, parts: readonly string[], position?: number): unknown {
  if (Array.isArray(value)) {
    if (position === undefined) return fail(51246, "Executor error during find command :: caused by :: positional operator '.$' couldn't find a matching element in the array");
    if (position >= value.length) return fail(51247, "Executor error during find command :: caused by :: positional operator '.$' element mismatch");
    return [value[position]];
  }
  const [key, ...rest] = parts;
  if (!isDocument(value) || key === undefined || !Object.hasOwn(value, key)) return value;
  const copy: Document = { ...value };
  setField(copy, key, keepElement(value[key], rest, position));
  return copy;
}
