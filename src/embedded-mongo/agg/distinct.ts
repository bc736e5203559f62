import { walkPath, type Collation, type Document } from '../bson/index.js';
import { mapKey } from './accumulators.js';

/** Distinct values of a path over documents, arrays unwound, in order of first appearance. */
export function distinctValues(docs: Iterable<Document>, path: string, collation?: Collation): unknown[] {
  const values = new Map<string, unknown>();
  const parts = path.split('.');
  const add = (value: unknown): void => {
    if (value === undefined) return;
    const key = mapKey(value, collation);
    if (!values.has(key)) values.set(key, value);
  };
  for (const doc of docs) {
    walkPath(doc, parts, (value) => {
      if (Array.isArray(value)) value.forEach(add);
      else add(value);
      return false;
    });
  }
  return [...values.values()];
}
