import { Int32 } from 'bson';
import { type Document, getField, isDocument, isNumber, parseCollation, toNumber, typeName, valuesEqual } from '../bson/index.js';
import { fail } from '../errors.js';
import { compileMatch } from '../query/index.js';
import { shown } from '../store/duplicate.js';
import type { Collection, Index } from '../store/model.js';

const OPTIONS = new Set([
  'key', 'name', 'v', 'unique', 'sparse', 'background', 'expireAfterSeconds', 'partialFilterExpression', 'collation', 'hidden', 'ns',
  'dropDups', 'storageEngine',
]);
const UNSUPPORTED = new Set([
  'weights', 'default_language', 'language_override', 'textIndexVersion', '2dsphereIndexVersion', 'bits', 'min', 'max', 'bucketSize',
  'wildcardProjection', 'prepareUnique', 'clustered',
]);
const PARTIAL_OPERATORS = new Set(['$eq', '$gt', '$gte', '$lt', '$lte', '$exists', '$type', '$in', '$and', '$or']);
const MAX_TTL_SECONDS = 2_147_483_647;
const MAX_FIELDS = 32;

/** Checks one index specification as mongod does and gives it the form that is stored and listed. */
export function normalizeSpec(spec: Document, collection: Collection | undefined): Document {
  for (const option of Object.keys(spec)) {
    if (UNSUPPORTED.has(option)) fail(67, `the index option '${option}' is not supported by this server`);
    if (!OPTIONS.has(option)) fail(197, `The field '${option}' is not valid for an index specification. Specification: ${shown(spec)}`);
  }
  const key = getField(spec, 'key');
  if (!isDocument(key)) return fail(9, "The 'key' field is a required property of an index specification");
  checkKey(key);
  const name = getField(spec, 'name');
  if (typeof name !== 'string') return fail(9, "The 'name' field is a required property of an index specification");
  if (name === '') fail(67, 'index name cannot be empty');
  if (name === '*') fail(2, "The index name '*' is not valid.");
  const normal: Document = { v: new Int32(2), key, name };
  if (isIdKey(key)) return idSpec(normal, spec, collection);
  copyFlags(normal, spec);
  copyTtl(normal, spec, key);
  copyPartial(normal, spec);
  const collation = spec.collation === undefined ? collection?.collation : parseCollation(spec.collation);
  if (collation !== undefined) normal.collation = collation.spec;
  return normal;
}

/** True if the key pattern is the one of the `_id` index. */
export function isIdKey(key: Document): boolean {
  return Object.keys(key).length === 1 && isNumber(key._id) && toNumber(key._id) === 1;
}

function idSpec(normal: Document, spec: Document, collection: Collection | undefined): Document {
  const extra = Object.keys(spec).find((option) => ['sparse', 'expireAfterSeconds', 'partialFilterExpression', 'hidden'].includes(option));
  if (extra !== undefined) fail(197, `The field '${extra}' is not valid for an _id index specification. Specification: ${shown(spec)}`);
  return { ...normal, name: '_id_', ...(collection?.collation === undefined ? {} : { collation: collection.collation.spec }) };
}

function checkKey(key: Document): void {
  const entries = Object.entries(key);
  if (entries.length === 0) fail(67, 'Index keys cannot be empty.');
  if (entries.length > MAX_FIELDS) fail(13103, `too many compound keys, the limit is ${MAX_FIELDS}`);
  for (const [path, direction] of entries) {
    if (typeof direction === 'string') {
      fail(67, `Unknown index plugin '${direction}': this server has ascending and descending indexes only`);
    }
    if (!isNumber(direction)) fail(67, `Values in v:2 index key pattern cannot be of type ${typeName(direction)}. Only numbers > 0, numbers < 0, and strings are allowed.`);
    if (!(Math.abs(toNumber(direction)) > 0)) fail(67, 'Values in the index key pattern cannot be 0.');
    if (path === '') fail(67, 'Index keys cannot be an empty field.');
    const parts = path.split('.');
    if (parts.some((part) => part === '')) fail(67, 'Index keys cannot contain an empty field.');
    if (parts.includes('$**')) fail(67, 'wildcard indexes are not supported by this server');
    if (parts.some((part, at) => part.startsWith('$') && !(at > 0 && ['$id', '$ref', '$db'].includes(part)))) {
      fail(67, "Index key contains an illegal field name: field name starts with '$'.");
    }
  }
}

function copyFlags(normal: Document, spec: Document): void {
  for (const option of ['unique', 'sparse', 'background', 'hidden']) {
    const value = getField(spec, option);
    if (value === undefined) continue;
    if (typeof value !== 'boolean' && !isNumber(value)) {
      fail(14, `The field '${option}' has value ${shown(value)}, which is not convertible to bool`);
    }
    const yes = value === true || (isNumber(value) && toNumber(value) !== 0);
    if (yes) normal[option] = true;
  }
}

function copyTtl(normal: Document, spec: Document, key: Document): void {
  const seconds = getField(spec, 'expireAfterSeconds');
  if (seconds === undefined) return;
  if (!isNumber(seconds)) fail(14, `The field 'expireAfterSeconds' must be a number, but got ${typeName(seconds)}`);
  const value = toNumber(seconds);
  if (Number.isNaN(value) || value < 0 || value > MAX_TTL_SECONDS) {
    fail(67, `TTL index 'expireAfterSeconds' option must be within an acceptable range, try a different number than ${value}`);
  }
  if (Object.keys(key).length > 1) fail(67, 'TTL indexes are single-field indexes, compound indexes do not support TTL.');
  if ('_id' in key) fail(67, "The field 'expireAfterSeconds' is not valid for an _id index specification");
  normal.expireAfterSeconds = seconds;
}

function copyPartial(normal: Document, spec: Document): void {
  const filter = getField(spec, 'partialFilterExpression');
  if (filter === undefined) return;
  if (!isDocument(filter)) return fail(14, `The field 'partialFilterExpression' must be an object, but got ${typeName(filter)}`);
  if (normal.sparse === true) fail(67, 'cannot mix "partialFilterExpression" and "sparse" options');
  compileMatch(filter);
  checkPartial(filter);
  normal.partialFilterExpression = filter;
}

/** MongoDB allows few operators in a partial index's filter; the others would make its use a guess. */
function checkPartial(filter: Document): void {
  for (const [field, condition] of Object.entries(filter)) {
    if (field === '$and' || field === '$or') {
      for (const part of Array.isArray(condition) ? condition : []) if (isDocument(part)) checkPartial(part);
    } else if (field.startsWith('$')) {
      fail(67, `Expression not supported in partial index: ${field}`);
    } else if (isDocument(condition)) {
      const bad = Object.keys(condition).find((name) => name.startsWith('$') && !PARTIAL_OPERATORS.has(name));
      const negative = '$exists' in condition && condition.$exists !== true && !(isNumber(condition.$exists) && toNumber(condition.$exists) !== 0);
      if (bad !== undefined || negative) fail(67, `Expression not supported in partial index: ${bad ?? '$exists: false'}`);
    }
  }
}

/** The index that the new one duplicates exactly; a clash of names or keys fails with 85 or 86. */
export function conflicting(existing: readonly Index[], spec: Document): Index | undefined {
  const byName = existing.find((index) => index.name === spec.name);
  const same = existing.find((index) => sameSignature(index.spec, spec));
  if (same !== undefined) {
    if (same.name !== spec.name && !isIdKey(spec.key as Document)) fail(85, `Index already exists with a different name: ${same.name}`);
    if (!sameOptions(same.spec, spec)) {
      fail(85, `An equivalent index already exists with the same name but different options. Requested index: ${shown(spec)}, existing index: ${shown(same.spec)}`);
    }
    return same;
  }
  if (byName === undefined) return undefined;
  return fail(86, `An existing index has the same name as the requested index. When index names are not specified, they are auto generated and can cause conflicts. Please refer to our documentation. Requested index: ${shown(spec)}, existing index: ${shown(byName.spec)}`);
}

/** What tells two indexes apart: key, collation and partial filter; since MongoDB 5.0 also unique and sparse. */
function sameSignature(a: Document, b: Document): boolean {
  return sameKey(a, b) && ['partialFilterExpression', 'collation'].every((option) => equalOption(a, b, option))
    && (['unique', 'sparse'].every((option) => (a[option] === true) === (b[option] === true)) || a.name === '_id_');
}

function sameKey(a: Document, b: Document): boolean {
  return valuesEqual(a.key, b.key);
}

function sameOptions(a: Document, b: Document): boolean {
  return equalOption(a, b, 'expireAfterSeconds');
}

function equalOption(a: Document, b: Document, option: string): boolean {
  return valuesEqual(getField(a, option) ?? null, getField(b, option) ?? null);
}
