import { Double, Int32 } from 'bson';
import { Types } from 'mongoose';
import { clone, isDocument, type Document } from '../../src/embedded-mongo/bson/index.js';
import { compileProjection } from '../../src/embedded-mongo/project/index.js';
import { compileUpdate, upsertBase } from '../../src/embedded-mongo/update/index.js';
import { quickMatch } from './quick-match.js';
import { sortRows } from './row-sort.js';
import type { Shape } from './shape.js';
import { asksForTime, Times } from './times.js';

/** E11000, as the driver raises it. */
export class DuplicateKey extends Error {
  readonly code = 11000;
  writeErrors?: { code: number; index: number }[];
  constructor(collection: string, fields: readonly string[]) {
    super(`E11000 duplicate key error collection: ${collection} index: ${fields.join('_')}`);
  }
}

export interface FindOptions {
  sort?: Document;
  skip?: number;
  limit?: number;
  projection?: Document;
}

export interface UpdateOptions {
  upsert?: boolean;
  arrayFilters?: Document[];
  sort?: Document;
  returnDocument?: 'before' | 'after';
}

export interface UpdateResult {
  matchedCount: number;
  modifiedCount: number;
  upsertedCount: number;
}

/** Told of every written row, before (null: new) and after. */
export type Written = (before: Document | null, after: Document) => void;

/**
 * A collection in memory with MongoDB's own filters, updates, sorting and unique indexes (the language half of the embedded
 * database). Every call is atomic; who calls it, and when, is the simulated network's business. Stored rows are never
 * changed in place, so what was read stays as it was.
 */
export class Collection {
  readonly rows = new Map<string, Document>();
  readonly #byField = new Map<string, Map<string, Map<string, Document>>>();
  readonly #together: { fields: string[]; index: Map<string, Map<string, Document>> }[];
  readonly #sparse = new Map<string, Times>();
  /** The row with the greatest number as its id, where ids are numbers. */
  #last: Document | null = null;
  readonly #unique: { fields: string[]; taken: Map<string, string> }[];
  onWrite: Written = () => {};
  #nextId: () => Types.ObjectId;

  constructor(readonly shape: Shape, nextId: () => Types.ObjectId, unique: string[][] = shape.unique) {
    this.#nextId = nextId;
    this.#unique = [['_id'], ...unique].map((fields) => ({ fields, taken: new Map() }));
    for (const field of shape.lookups) this.#byField.set(field, new Map());
    this.#together = shape.together.map((fields) => ({ fields, index: new Map() }));
    for (const field of shape.sparse) this.#sparse.set(field, new Times(field));
  }

  find(rawFilter: Document, options: FindOptions = {}): Document[] {
    const found = this.#isLastAsked(rawFilter, options) ? [this.#last as Document] : this.#matching(this.shape.cast(rawFilter, 'filter'));
    const sorted = options.sort && found.length > 1 ? sortRows(found, options.sort) : found;
    const page = sorted.slice(options.skip ?? 0, options.limit ? (options.skip ?? 0) + options.limit : undefined);
    if (page.length === 0) return page;
    const project = options.projection && Object.keys(options.projection).length > 0 ? compileProjection(options.projection, {}) : null;
    return page.map((doc) => (project ? project(doc) : { ...doc }));
  }

  /** The end of a chain is asked for at every step: nobody sorts it all for that. */
  #isLastAsked(filter: Document, { sort, limit, skip }: FindOptions): boolean {
    return this.#last !== null && limit === 1 && !skip && sort?.['_id'] === -1 && Object.keys(sort).length === 1 && Object.keys(filter).length === 0;
  }

  count(filter: Document): number {
    return this.#matching(this.shape.cast(filter, 'filter')).length;
  }

  /** The rows an update of many will write, one after the other. */
  idsOf(filter: Document): string[] {
    return this.#matching(this.shape.cast(filter, 'filter')).map((doc) => key(doc._id));
  }

  insert(given: Document): Document {
    const cast = this.shape.cast(given, 'document');
    const doc = this.shape.complete({ _id: cast._id ?? this.#nextId(), ...this.shape.defaults(), ...clone(cast) });
    this.#put(null, doc);
    return { ...doc };
  }

  /** Updates the first row that matches, or of `only` those that still do. */
  update(rawFilter: Document, rawUpdate: Document, options: UpdateOptions & { many?: boolean; only?: readonly string[] } = {}): UpdateResult & { before: Document | null; after: Document | null } {
    const filter = this.shape.cast(rawFilter, 'filter');
    let found = this.#matching(filter, options.only);
    if (options.sort) found = sortRows(found, options.sort);
    const result = { matchedCount: 0, modifiedCount: 0, upsertedCount: 0, before: null as Document | null, after: null as Document | null };
    if (found.length === 0 && !options.upsert) return result;
    const update = compileUpdate(this.#castUpdate(rawUpdate), { ...(options.arrayFilters ? { arrayFilters: options.arrayFilters } : {}), multi: options.many === true });
    const context = { now: new Date(0), isInsert: false };
    for (const before of options.many ? found : found.slice(0, 1)) {
      const { doc, changed } = update.apply(before, context);
      promote(doc);
      if (changed) this.#put(before, doc);
      result.matchedCount++;
      if (changed) result.modifiedCount++;
      Object.assign(result, { before, after: { ...doc } });
    }
    if (result.matchedCount === 0) {
      const { doc } = update.apply(upsertBase(filter), { ...context, isInsert: true });
      const after = promote({ ...this.shape.defaults(), ...doc, _id: doc._id ?? this.#nextId() });
      this.#put(null, after);
      Object.assign(result, { upsertedCount: 1, after: { ...after } });
    }
    return result;
  }

  remove(filter: Document): number {
    const [first] = this.#matching(this.shape.cast(filter, 'filter'));
    if (!first) return 0;
    this.#unindex(first);
    this.rows.delete(key(first._id));
    return 1;
  }

  /** All rows as they are; what is written later does not change them. */
  snapshot(): readonly Document[] {
    return [...this.rows.values()];
  }

  /** Puts a snapshot back, past everybody who looks at writes. */
  restore(rows: readonly Document[]): void {
    this.rows.clear();
    for (const { taken } of this.#unique) taken.clear();
    for (const index of [...this.#byField.values(), ...this.#sparse.values(), ...this.#together.map((one) => one.index)]) index.clear();
    this.#last = null;
    for (const row of rows) this.#index(row);
  }

  #castUpdate(update: Document): Document {
    const cast = this.shape.cast(update, 'update');
    const plain = Object.entries(cast).filter(([name]) => !name.startsWith('$'));
    if (plain.length === 0) return cast;
    return { ...Object.fromEntries(Object.entries(cast).filter(([name]) => name.startsWith('$'))), $set: { ...(cast['$set'] as Document | undefined), ...Object.fromEntries(plain) } };
  }

  #matching(filter: Document, only?: readonly string[]): Document[] {
    const candidates = only ? only.map((id) => this.rows.get(id)).filter((row) => row !== undefined) : this.#candidates(filter);
    if (candidates.length === 0) return candidates;
    return candidates.filter(quickMatch(filter));
  }

  /** The rows worth a look: those of the narrowest lookup the filter names, in the order they were stored. */
  #candidates(filter: Document): Document[] {
    let best: Map<string, Document>[] | null = null;
    let least = this.rows.size;
    for (const [field, index] of this.#byField) {
      if (!Object.hasOwn(filter, field)) continue;
      const values = wantedValues(filter[field]);
      if (!values) continue;
      const buckets = [...new Set([...values.map(key), NOT_PLAIN])].map((value) => index.get(value)).filter((bucket) => bucket !== undefined);
      const size = buckets.reduce((sum, bucket) => sum + bucket.size, 0);
      if (best && size >= least) continue;
      best = buckets;
      least = size;
    }
    for (const [field, index] of this.#sparse) {
      if (index.none(filter[field])) return [];
      if (index.rows.size >= least || !asksForTime(filter[field])) continue;
      best = [index.rows];
      least = index.rows.size;
    }
    for (const { fields, index } of this.#together) {
      const values = least > FEW ? compounds(filter, fields) : null;
      const buckets = values?.map((value) => index.get(value)).filter((bucket) => bucket !== undefined);
      const size = buckets?.reduce((sum, bucket) => sum + bucket.size, 0) ?? Infinity;
      if (!buckets || size >= least) continue;
      best = buckets;
      least = size;
    }
    const rows: Document[] = [];
    for (const bucket of best ?? [this.rows]) for (const row of bucket.values()) rows.push(row);
    return rows;
  }

  #put(before: Document | null, after: Document): void {
    const id = key(after._id);
    for (const { fields, taken } of this.#unique) {
      const owner = taken.get(compound(after, fields));
      if (owner !== undefined && owner !== id) throw new DuplicateKey(this.shape.name, fields);
      if (before === null && owner !== undefined) throw new DuplicateKey(this.shape.name, fields);
    }
    if (before) this.#unindex(before);
    this.#index(after);
    this.onWrite(before, after);
  }

  #index(row: Document): void {
    const id = key(row._id);
    this.rows.set(id, row);
    for (const { fields, taken } of this.#unique) taken.set(compound(row, fields), id);
    for (const [field, index] of this.#byField) {
      const value = key(row[field]);
      const bucket = index.get(value);
      if (bucket) bucket.set(id, row);
      else index.set(value, new Map([[id, row]]));
    }
    for (const index of this.#sparse.values()) index.add(id, row);
    for (const { fields, index } of this.#together) {
      const value = compoundOrOdd(row, fields);
      const bucket = index.get(value);
      if (bucket) bucket.set(id, row);
      else index.set(value, new Map([[id, row]]));
    }
    if (typeof row._id === 'number' && (this.#last === null ? this.rows.size === 1 : row._id >= Number(this.#last._id))) this.#last = row;
  }

  #unindex(doc: Document): void {
    const id = key(doc._id);
    for (const { fields, taken } of this.#unique) taken.delete(compound(doc, fields));
    for (const [field, index] of this.#byField) index.get(key(doc[field]))?.delete(id);
    for (const index of this.#sparse.values()) index.delete(id, doc);
    for (const { fields, index } of this.#together) index.get(compoundOrOdd(doc, fields))?.delete(id);
    if (this.#last?._id === doc._id) this.#last = null;
  }
}

// The same ids are asked for their text again and again.
Types.ObjectId.cacheHexString = true;

/** Sums come out as BSON numbers; the driver hands out plain ones. */
function promote(doc: Document): Document {
  for (const [name, value] of Object.entries(doc)) if (value instanceof Int32 || value instanceof Double) doc[name] = value.valueOf();
  return doc;
}

/** The values of an equality or `$in`; null where rows of other values may match too. */
function wantedValues(condition: unknown): unknown[] | null {
  const operators = isDocument(condition) ? condition : { $eq: condition };
  const values = Array.isArray(operators['$in']) ? (operators['$in'] as unknown[]) : Object.hasOwn(operators, '$eq') ? [operators['$eq']] : null;
  return values?.every((value) => key(value) !== NOT_PLAIN) ? values : null;
}

/** Rows with arrays or documents where a look-up expects a value: every look-up looks at them. */
const NOT_PLAIN = '\u0000';

function key(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Types.ObjectId) return value.toHexString();
  if (value instanceof Date) return `@${value.getTime()}`;
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? NOT_PLAIN : String(value);
}

const compound = (doc: Document, fields: readonly string[]): string => {
  const [only] = fields;
  return fields.length === 1 && only !== undefined ? key(doc[only]) : fields.map((field) => key(doc[field])).join('\u0000');
};

/** So few rows are looked at one by one. */
const FEW = 8;
/** Rows with a value that is not plain in one of several fields looked up together. */
const ODD = '\u0000odd';

const compoundOrOdd = (doc: Document, fields: readonly string[]): string => (fields.some((field) => key(doc[field]) === NOT_PLAIN) ? ODD : compound(doc, fields));

/** The compounds a filter wants, those of odd rows among them; null where it leaves one of the fields open. */
function compounds(filter: Document, fields: readonly string[]): string[] | null {
  let found = [''];
  for (const [i, field] of fields.entries()) {
    const values = Object.hasOwn(filter, field) ? wantedValues(filter[field]) : null;
    if (!values) return null;
    const wanted = new Set(values.map(key));
    found = found.flatMap((start) => [...wanted].map((value) => (i === 0 ? value : `${start}\u0000${value}`)));
  }
  return found.length > 0 ? [...found, ODD] : null;
}
