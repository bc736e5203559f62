import { isDocument, type Document } from '../bson/index.js';
import { isDBRef } from '../query/predicates.js';
import { isRegex } from '../query/regex.js';
import { setInferred } from './compile.js';

/** The document an upsert starts from: the equality fields of its filter, `_id` first. */
export function upsertBase(filter: Document): Document {
  const doc: Document = {};
  const seen: string[] = [];
  collect(filter, (path, value) => setInferred(doc, path, value, seen));
  return Object.hasOwn(doc, '_id') ? { _id: doc._id, ...doc } : doc;
}

function collect(filter: Document, add: (path: string, value: unknown) => void): void {
  for (const [key, value] of Object.entries(filter)) {
    const branches = Array.isArray(value) ? (value as unknown[]) : [];
    if (key === '$and' || (key === '$or' && branches.length === 1)) {
      for (const branch of branches) if (isDocument(branch)) collect(branch, add);
    }
    if (key.startsWith('$')) continue;
    for (const equal of equalities(value)) add(key, equal);
  }
}

/** The values that a condition demands: one, or none if it leaves more open, or those of `$all`. */
function equalities(condition: unknown): unknown[] {
  if (isRegex(condition) || condition === undefined) return [];
  if (!isDocument(condition) || isDBRef(condition) || Object.keys(condition)[0]?.startsWith('$') !== true) return [condition];
  if (Object.hasOwn(condition, '$eq')) return [condition.$eq];
  const list = Array.isArray(condition.$all) ? (condition.$all as unknown[]) : [];
  const only = Array.isArray(condition.$in) && condition.$in.length === 1 ? (condition.$in as unknown[]) : [];
  return [...list, ...only].filter((item) => !isRegex(item) && !(isDocument(item) && Object.keys(item)[0] === '$elemMatch'));
}
