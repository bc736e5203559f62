import { BSONRegExp, ObjectId } from 'bson';
import { type Collation, type Document, decode, encode, getField, isDocument, valuesEqual } from '../bson/index.js';
import { fail } from '../errors.js';
import { clock } from '../engine/now.js';
import { execute, type Found, prepare } from '../engine/query.js';
import { compileUpdate, type CompiledUpdate, upsertBase } from '../update/index.js';
import type { Collection } from '../store/model.js';
import { MAX_DOCUMENT_BYTES } from '../wire/message.js';
import type { Context } from './context.js';

/** What one update statement wants, for update and findAndModify alike. */
export interface UpdateStatement {
  filter: Document;
  update: Document | Document[];
  multi?: boolean;
  upsert?: boolean;
  sort?: Document;
  arrayFilters?: Document[];
  collation?: Collation;
  hint?: unknown;
  let?: Document;
}

/** What an update statement did; the documents are those of its last (or only) change. */
export interface UpdateResult {
  matched: number;
  modified: number;
  upsertedId?: unknown;
  before?: Uint8Array;
  after?: Uint8Array;
}

/** Stores a new document: `_id` first, made if missing. Returns the bytes stored. */
export function insertOne(context: Context, name: string, raw: Uint8Array, upserted = false): { id: unknown; bytes: Uint8Array } {
  let doc = decode(raw);
  let bytes = raw;
  if (Object.keys(doc)[0] !== '_id') {
    doc = { _id: '_id' in doc ? doc._id : new ObjectId(), ...withoutId(doc) };
    bytes = encode(doc);
  }
  checkId(doc._id, upserted);
  checkDepth(doc);
  if (bytes.length > MAX_DOCUMENT_BYTES) {
    fail(2, `object to insert too large. size in bytes: ${bytes.length}, max size: ${MAX_DOCUMENT_BYTES}`);
  }
  const collection = context.store.catalog.find(context.db, name) ?? context.store.catalog.create(context.db, name);
  context.store.records.insert(collection, doc, bytes);
  return { id: doc._id, bytes };
}

/** Carries out one update statement. */
export function updateMatching(context: Context, name: string, statement: UpdateStatement): UpdateResult {
  const collection = context.store.catalog.find(context.db, name);
  const update = compileUpdate(statement.update, {
    arrayFilters: statement.arrayFilters, collation: statement.collation ?? collection?.collation, let: statement.let,
    upsert: statement.upsert, multi: statement.multi,
  });
  if (statement.upsert === true && usesExpr(statement.filter)) fail(224, '$expr is not allowed in the query predicate for an upsert');
  if (statement.multi === true && update.isReplacement) fail(9, 'multi update is not supported for replacement-style update');
  const prepared = prepare(context.store, collection, { ...statement, limit: statement.multi === true ? 0 : 1 });
  const result: UpdateResult = { matched: 0, modified: 0 };
  const seen = new Set<number>();
  for (const found of execute(context.store, collection, prepared)) {
    // An update may move a document ahead in the index that is being walked.
    if (collection === undefined || seen.has(found.id)) continue;
    if (statement.multi === true) seen.add(found.id);
    const position = update.usesPosition ? prepared.matcher.position(found.doc) : undefined;
    applyTo(context, collection, found, update, position, result);
  }
  if (result.matched === 0 && statement.upsert === true) upsert(context, name, statement, update, result);
  return result;
}

/** True for `$expr` anywhere it may stand. */
function usesExpr(filter: Document): boolean {
  return Object.entries(filter).some(([key, value]) =>
    key === '$expr' || (['$and', '$or', '$nor'].includes(key) && Array.isArray(value) && value.some((part) => isDocument(part) && usesExpr(part))));
}

function applyTo(
  context: Context, collection: Collection, found: Found, update: CompiledUpdate, position: number | undefined, result: UpdateResult,
): void {
  const { doc, changed } = update.apply(found.doc, { now: clock.date(), position, isInsert: false });
  result.matched += 1;
  result.before = found.bytes;
  result.after = found.bytes;
  if (!changed) return;
  const id = getField(found.doc, '_id');
  if (!valuesEqual(getField(doc, '_id'), id)) {
    fail(66, "Performing an update on the path '_id' would modify the immutable field '_id'");
  }
  const bytes = encode(Object.keys(doc)[0] === '_id' ? doc : { _id: id, ...withoutId(doc) });
  checkDepth(doc);
  if (bytes.length > MAX_DOCUMENT_BYTES) fail(17419, `Resulting document after update is larger than ${MAX_DOCUMENT_BYTES}`);
  context.store.records.replace(collection, found.id, { doc: found.doc, size: found.bytes.length }, doc, bytes);
  result.modified += 1;
  result.after = bytes;
}

function upsert(context: Context, name: string, statement: UpdateStatement, update: CompiledUpdate, result: UpdateResult): void {
  const base = update.isReplacement ? idOnly(upsertBase(statement.filter)) : upsertBase(statement.filter);
  const { doc } = update.apply(base, { now: clock.date(), isInsert: true });
  if ('_id' in base && !valuesEqual(getField(base, '_id'), getField(doc, '_id'))) {
    fail(66, "Performing an update on the path '_id' would modify the immutable field '_id'");
  }
  const { id, bytes } = insertOne(context, name, encode(doc), true);
  result.upsertedId = id;
  result.after = bytes;
}

/** Deletes what the query finds, one or all; returns the bytes of the last one and how many went. */
export function deleteMatching(
  context: Context, collection: Collection | undefined, query: Omit<UpdateStatement, 'update'>,
): { deleted: number; last?: Uint8Array } {
  const prepared = prepare(context.store, collection, { ...query, limit: query.multi === true ? 0 : 1 });
  let deleted = 0;
  let last: Uint8Array | undefined;
  for (const found of execute(context.store, collection, prepared)) {
    if (collection === undefined) break;
    context.store.records.remove(collection, found.id, found.doc, found.bytes.length);
    deleted += 1;
    last = found.bytes;
  }
  return last === undefined ? { deleted } : { deleted, last };
}

function idOnly(base: Document): Document {
  return '_id' in base ? { _id: base._id } : {};
}

function withoutId(doc: Document): Document {
  const { _id, ...others } = doc;
  return others;
}

/** mongod checks inserts and upserts in two places, with different codes. */
function checkId(id: unknown, upserted: boolean): void {
  const type = Array.isArray(id) ? 'array' : id instanceof BSONRegExp || id instanceof RegExp ? 'regex' : undefined;
  if (type !== undefined && upserted) fail(53, `The '_id' value cannot be of type ${type}`);
  if (type !== undefined) fail(2, `can't use ${type === 'array' ? 'an' : 'a'} ${type} for _id`);
  if (!isDocument(id)) return;
  const bad = Object.keys(id).find((key) => key.startsWith('$'));
  if (bad !== undefined) fail(52, `_id fields may not contain '$'-prefixed fields: ${bad} is not valid for storage.`);
}

const MAX_DEPTH = 200;

/** Fails for documents that nest deeper than MongoDB stores. */
export function checkDepth(value: unknown, depth = 0): void {
  if (depth > MAX_DEPTH) fail(15, `BSONObj exceeds maximum nested object depth: ${MAX_DEPTH}`);
  if (Array.isArray(value)) for (const item of value) checkDepth(item, depth + 1);
  else if (isDocument(value)) for (const item of Object.values(value)) checkDepth(item, depth + 1);
}
