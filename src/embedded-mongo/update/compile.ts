import { clone, getField, identical, isDocument, setField, typeName, valuesEqual, type Collation, type Document } from '../bson/index.js';
import { fail } from '../errors.js';
import { compileMatch } from '../query/match.js';
import { compileDocumentStage } from '../agg/documentStages.js';
import { describe } from './describe.js';
import { MODIFIERS, UNSET, type Modify } from './operators.js';
import {
  assign, checkConflicts, checkViable, comparePaths, isPositional, lookup, parsePath, remove, resolve, throughArray, type PositionContext,
} from './paths.js';

/** Options of {@link compileUpdate}. */
export interface UpdateOptions {
  arrayFilters?: Document[];
  collation?: Collation;
  /** Variables for pipeline updates (already evaluated values). */
  let?: Document;
  upsert?: boolean;
  multi?: boolean;
}

/** State of one application of an update. */
export interface ApplyContext {
  now: Date;
  /** `Matcher.position(doc)` for the positional `$`. */
  position?: number;
  /** True when an upsert inserts: `$setOnInsert` counts, and `_id` may still be set. */
  isInsert: boolean;
}

/** A compiled update. */
export interface CompiledUpdate {
  /** The updated copy of a document, and whether it differs from the original in any byte. */
  apply(doc: Document, context: ApplyContext): { doc: Document; changed: boolean };
  readonly isReplacement: boolean;
  /** True if the update uses the positional `$`, so that the matched position must be given. */
  readonly usesPosition: boolean;
}

/** Compiles update operators, a replacement document or an update pipeline. */
export function compileUpdate(update: Document | Document[], options: UpdateOptions = {}): CompiledUpdate {
  if (Array.isArray(update)) return compilePipeline(update, options);
  if (!isDocument(update)) return fail(9, 'Update argument must be either an object or an array');
  if (Object.keys(update)[0]?.startsWith('$') === true) return compileModifiers(update, options);
  if (options.multi === true) fail(9, 'multi update is not supported for replacement-style update');
  if ((options.arrayFilters ?? []).length > 0) fail(9, 'arrayFilters may not be specified for non-operator updates');
  return compileReplacement(update);
}

function compileReplacement(replacement: Document): CompiledUpdate {
  for (const key of Object.keys(replacement)) {
    if (key.startsWith('$')) fail(52, `The dollar ($) prefixed field '${key}' in '${key}' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.`);
  }
  return {
    isReplacement: true,
    usesPosition: false,
    apply: (doc, context) => finish(doc, replace(doc, clone(replacement), context), context),
  };
}

/** The new content under the old `_id`, which comes first. */
function replace(doc: Document, content: Document, { isInsert }: ApplyContext): Document {
  const old = getField(doc, '_id');
  const given = getField(content, '_id');
  if (old !== undefined && given !== undefined && !valuesEqual(old, given)) {
    fail(66, isInsert
      ? `The _id field cannot be changed from {_id: ${describe(old)}} to {_id: ${describe(given)}}.`
      : `After applying the update, the (immutable) field '_id' was found to have been altered to _id: ${describe(given)}`);
  }
  const id = old ?? given;
  return id === undefined ? content : { _id: id, ...withoutId(content) };
}

function withoutId(content: Document): Document {
  const copy = { ...content };
  delete copy._id;
  return copy;
}

function finish(before: Document, after: Document, context: ApplyContext): { doc: Document; changed: boolean } {
  if (context.isInsert || !identical(before._id, after._id)) checkId(getField(after, '_id'));
  return { doc: after, changed: !identical(before, after) };
}

function checkId(id: unknown): void {
  if (id === undefined) return;
  const type = typeName(id);
  if (type === 'array' || type === 'regex') fail(53, `The '_id' value cannot be of type ${type}`);
  if (isDocument(id)) for (const key of Object.keys(id)) if (key.startsWith('$')) fail(52, `_id fields may not contain '$'-prefixed fields: ${key} is not valid for storage.`);
}

function compilePipeline(stages: readonly Document[], options: UpdateOptions): CompiledUpdate {
  if ((options.arrayFilters ?? []).length > 0) fail(9, 'arrayFilters may not be specified for pipeline-style updates');
  const env: { now?: Date; collation?: Collation; let?: Document } = { collation: options.collation, let: options.let };
  const steps = stages.map((stage) => {
    const keys = isDocument(stage) ? Object.keys(stage) : [];
    const name = keys[0];
    if (name === undefined || keys.length !== 1) return fail(40323, 'A pipeline stage specification object must contain exactly one field.');
    return compileDocumentStage(name, stage[name], env) ?? fail(name.startsWith('$') && ALLOWED_ELSEWHERE.test(name) ? 72 : 40324, ALLOWED_ELSEWHERE.test(name) ? `${name} is not allowed to be used within an update` : `Unrecognized pipeline stage name: '${name}'`);
  });
  return {
    isReplacement: false,
    usesPosition: false,
    apply(doc, context) {
      env.now = context.now;
      const result = steps.reduce<Document>((value, step) => step(value), doc);
      return finish(doc, replace(doc, clone(result), context), context);
    },
  };
}

const ALLOWED_ELSEWHERE = /^\$(match|sort|limit|skip|group|lookup|facet|unwind|count|sortByCount|bucket|bucketAuto|sample|unionWith|out|merge|graphLookup|documents|setWindowFields|redact|indexStats|collStats|geoNear)$/;

/** One field of one modifier. */
interface Change {
  parts: string[];
  modify: Modify;
  /** For `$rename`: where the value comes from. */
  from?: string[];
  /** False for `$setOnInsert`, which does nothing on an update. */
  always: boolean;
  /** Counts as a modification even if the value comes out as it was. */
  counts?: boolean;
  /** False for `$unset`, which may name fields that cannot exist. */
  viable: boolean;
}

function compileModifiers(update: Document, options: UpdateOptions): CompiledUpdate {
  const changes = Object.entries(update).flatMap(([name, fields]) => compileModifier(name, fields, options.collation));
  changes.sort((a, b) => comparePaths(a.parts, b.parts));
  checkConflicts(changes.flatMap((change) => (change.from === undefined ? [change.parts] : [change.parts, change.from])).sort(comparePaths));
  const filters = compileArrayFilters(options.arrayFilters ?? [], changes, options.collation);
  const positional = changes.some((change) => change.parts.some(isPositional));
  return {
    isReplacement: false,
    usesPosition: changes.some((change) => change.parts.includes('$')),
    apply(doc, context) {
      const after = clone(doc);
      let counts = false;
      const touched = changes.flatMap((change) => {
        const paths = applyChange(after, change, context, { position: context.position, filters });
        counts ||= change.counts === true && paths.length > 0;
        return paths;
      });
      if (positional) checkConflicts(touched.sort(comparePaths));
      if (!context.isInsert && !valuesEqual(getField(doc, '_id'), getField(after, '_id'))) {
        fail(66, "Performing an update on the path '_id' would modify the immutable field '_id'");
      }
      // {$set: {_id: 1}} where _id is Long(1) is accepted and changes nothing.
      if (!context.isInsert && Object.hasOwn(doc, '_id')) after._id = doc._id;
      const result = finish(doc, after, context);
      return { doc: result.doc, changed: result.changed || counts };
    },
  };
}

function compileModifier(name: string, fields: unknown, collation?: Collation): Change[] {
  const known = name === '$rename' || Object.hasOwn(MODIFIERS, name);
  if (!known) fail(9, `Unknown modifier: ${name}. Expected a valid update modifier or pipeline-style update specified as an array`);
  if (!isDocument(fields)) return fail(9, `Modifiers operate on fields but we found type ${typeName(fields)} instead. For example: {$mod: {<field>: ...}} not {${name}: ${describe(fields)}}`);
  return Object.entries(fields).map(([path, operand]): Change => {
    if (name === '$rename') return compileRename(path, operand);
    const modify = MODIFIERS[name]?.(operand, path, collation) as Modify;
    return { parts: parsePath(path), modify, always: name !== '$setOnInsert', viable: name !== '$unset', counts: name === '$push' && pushes(operand) };
  });
}

/** MongoDB does not look whether `$slice` took away again what `$push` added, nor whether `$sort` moved anything. */
function pushes(operand: unknown): boolean {
  if (!isDocument(operand) || !Object.hasOwn(operand, '$each')) return true;
  return Object.hasOwn(operand, '$sort') || (Array.isArray(operand.$each) && operand.$each.length > 0);
}

function compileRename(source: string, target: unknown): Change {
  if (typeof target !== 'string') return fail(2, `The 'to' field for $rename must be a string: ${source}: ${describe(target)}`);
  const [from, parts] = [parsePath(source), parsePath(target)];
  if (from.some(isPositional)) fail(2, `The source field for $rename may not be dynamic: ${source}`);
  if (parts.some(isPositional)) fail(2, `The destination field for $rename may not be dynamic: ${target}`);
  if (source === target) fail(2, `The source and target field for $rename must differ: ${source}: "${target}"`);
  return { parts, from, modify: (current) => current, always: true, viable: true };
}

function applyChange(doc: Document, change: Change, context: ApplyContext, positions: PositionContext): string[][] {
  if (change.from !== undefined) return rename(doc, change.from, change.parts);
  if (!change.always && !context.isInsert) return [];
  const [top = ''] = change.parts;
  // Since MongoDB 5.0 such a name may be stored, at the top level only by what inserts.
  if (top.startsWith('$') && !context.isInsert) fail(52, `The dollar ($) prefixed field '${top}' in '${change.parts.join('.')}' is not valid for storage.`);
  const paths = resolve(doc, change.parts, positions);
  for (const path of paths) {
    const current = lookup(doc, path);
    const next = change.modify(current, { now: context.now, isInsert: context.isInsert, id: doc._id });
    // Operators that leave a missing field missing still demand that it could exist; only $unset does not.
    if (next === undefined && change.viable) checkViable(doc, path);
    if (next === UNSET) remove(doc, path);
    // What comes from the update itself must not be shared between documents, later changes would show through.
    else if (next !== undefined && next !== current) assign(doc, path, clone(next));
  }
  return paths;
}

function rename(doc: Document, from: string[], to: string[]): string[][] {
  const value = lookup(doc, from);
  if (value === undefined) checkViable(doc, from);
  const through = from.findIndex((_, i) => i > 0 && Array.isArray(lookup(doc, from.slice(0, i))));
  if (through >= 0) fail(2, `The source field cannot be an array element, '${from.join('.')}' in doc with _id: ${describe(doc._id)} has an array field called '${from[through - 1]}'`);
  if (value === undefined) return [];
  if (throughArray(doc, to)) fail(2, `The destination field cannot be an array element, '${to.join('.')}' in doc with _id: ${describe(doc._id)}`);
  remove(doc, from);
  assign(doc, to, value);
  return [from, to];
}

function compileArrayFilters(filters: readonly Document[], changes: readonly Change[], collation?: Collation): Map<string, (element: unknown) => boolean> {
  const tests = new Map<string, (element: unknown) => boolean>();
  for (const filter of filters) {
    const names = new Set(identifiers(filter));
    const [name] = names;
    if (name === undefined || names.size > 1) {
      return fail(9, names.size === 0 ? 'Cannot use an expression without a top-level field name in arrayFilters' : `Error parsing array filter :: caused by :: Expected a single top-level field name, found '${[...names].join("' and '")}'`);
    }
    if (!/^[a-z][A-Za-z0-9]*$/.test(name)) fail(2, `Error parsing array filter :: caused by :: The top-level field name must be an alphanumeric string beginning with a lowercase letter, found '${name}'`);
    if (tests.has(name)) fail(9, `Found multiple array filters with the same top-level field name ${name}`);
    const { matches } = compileMatch(filter, { collation });
    tests.set(name, (element) => matches({ [name]: element }));
  }
  const used = new Set(changes.flatMap((change) => change.parts.filter((part) => isPositional(part) && part.length > 3).map((part) => part.slice(2, -1))));
  for (const name of used) if (!tests.has(name)) fail(2, `No array filter found for identifier '${name}' in path`);
  for (const name of tests.keys()) if (!used.has(name)) fail(9, `The array filter for identifier '${name}' was not used in the update`);
  return tests;
}

function identifiers(filter: unknown): string[] {
  if (!isDocument(filter)) return [];
  return Object.entries(filter).flatMap(([key, value]) => {
    if (!key.startsWith('$')) return [key.split('.')[0] as string];
    return Array.isArray(value) ? value.flatMap(identifiers) : [];
  });
}

/** Sets a field of an upsert's first document, refusing a filter that names it twice. */
export function setInferred(doc: Document, path: string, value: unknown, seen: string[]): void {
  const twice = seen.find((other) => other === path || other.startsWith(`${path}.`) || path.startsWith(`${other}.`));
  if (twice !== undefined) fail(54, `cannot infer query fields to set, path '${twice.length < path.length ? twice : path}' is matched twice`);
  seen.push(path);
  const parts = path.split('.');
  const inner = parts.slice(0, -1).reduce<Document>((current, part) => {
    if (!isDocument(getField(current, part))) setField(current, part, {});
    return getField(current, part) as Document;
  }, doc);
  setField(inner, parts.at(-1) as string, clone(value));
}
