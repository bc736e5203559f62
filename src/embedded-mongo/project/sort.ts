import { compareValues, getField, indexEntries, isDocument, isNumber, toNumber, type Collation, type Document } from '../bson/index.js';
import { fail, MongoServerError } from '../errors.js';

/** One field of a sort. */
export interface SortField {
  path: string;
  direction: 1 | -1;
}

/** Checks a sort document. */
export function parseSort(spec: unknown): SortField[] {
  if (!isDocument(spec)) return fail(15973, 'the $sort key specification must be an object');
  const fields = Object.entries(spec).map(([path, value]): SortField => {
    if (isDocument(value)) return fail(238, `sort by ${Object.keys(value)[0] ?? 'a document'} is not supported by this server`);
    if (!isNumber(value)) fail(15974, `Illegal key in $sort specification: ${path}: ${String(value)}`);
    const direction = toNumber(value);
    if (direction !== 1 && direction !== -1) return fail(15975, '$sort key ordering must be 1 (for ascending) or -1 (for descending)');
    if (path === '' || path.split('.').includes('')) fail(path === '' ? 40352 : 15998, 'FieldPath field names may not be empty strings.');
    if (path.startsWith('$')) fail(16410, `FieldPath field names may not start with '$': ${path}`);
    return { path, direction };
  });
  if (fields.length > 32) fail(13103, 'too many keys in sort pattern');
  return fields;
}

/** Compares two sort keys. */
function compareKeys(a: readonly unknown[], b: readonly unknown[], fields: readonly SortField[], collation?: Collation): number {
  for (let i = 0; i < fields.length; i += 1) {
    const order = compareValues(a[i], b[i], collation);
    if (order !== 0) return order * (fields[i] as SortField).direction;
  }
  return 0;
}

/** The sort key of a document: of all keys its arrays give, the one that comes first in this sort. */
function keyOf(doc: Document, fields: readonly SortField[], collation?: Collation): unknown[] {
  const direct: unknown[] = [];
  for (const { path } of fields) {
    const value = path.includes('.') ? doc : getField(doc, path);
    if (Array.isArray(value) || path.includes('.')) return arrayKey(doc, fields, collation);
    direct.push(value ?? null);
  }
  return direct;
}

function arrayKey(doc: Document, fields: readonly SortField[], collation?: Collation): unknown[] {
  try {
    const { tuples } = indexEntries(doc, fields.map((field) => field.path));
    return tuples.reduce((best, tuple) => (compareKeys(tuple, best, fields, collation) < 0 ? tuple : best));
  } catch (error) {
    if (error instanceof MongoServerError && error.code === 171) fail(2, 'cannot sort with keys that are parallel arrays');
    throw error;
  }
}

/** Compiles a sort document to a comparison of documents; keys are taken from arrays by min or max as MongoDB does. */
export function compileSort(spec: Document, collation?: Collation): (a: Document, b: Document) => number {
  const fields = parseSort(spec);
  return (a, b) => compareKeys(keyOf(a, fields, collation), keyOf(b, fields, collation), fields, collation);
}

/** Sorts documents (stable), computing each sort key once. */
export function sortDocuments(docs: Document[], spec: Document, collation?: Collation): Document[] {
  const fields = parseSort(spec);
  const decorated = docs.map((doc) => ({ doc, key: keyOf(doc, fields, collation) }));
  return decorated.sort((a, b) => compareKeys(a.key, b.key, fields, collation)).map((entry) => entry.doc);
}

/** Sorts any values: whole by 1 or -1, documents by fields; what is no document counts as having no fields. */
export function sortValues(items: readonly unknown[], sortBy: unknown, collation?: Collation): unknown[] {
  if (isNumber(sortBy)) {
    const direction = toNumber(sortBy);
    if (direction !== 1 && direction !== -1) fail(2, 'The $sort element value must be either 1 or -1');
    return [...items].sort((a, b) => compareValues(a, b, collation) * direction);
  }
  const fields = isDocument(sortBy) ? parseSort(sortBy) : fail(2, 'The $sort is invalid: use 1/-1 to sort the whole element, or {field:1/-1} to sort embedded fields');
  const decorated = items.map((item) => ({ item, key: keyOf(isDocument(item) ? item : {}, fields, collation) }));
  return decorated.sort((a, b) => compareKeys(a.key, b.key, fields, collation)).map((entry) => entry.item);
}
