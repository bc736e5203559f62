import { getField, isDocument, setField, type Document } from '../bson/index.js';

/** A copy of a document with the value at a path replaced; undefined removes it. What is no document on the way gives way. */
export function setPath(doc: Document, path: readonly string[], value: unknown): Document {
  const copy = { ...doc };
  const [key, ...rest] = path;
  if (key === undefined) return copy;
  if (rest.length > 0) {
    const inner = getField(doc, key);
    setField(copy, key, setPath(isDocument(inner) ? inner : {}, rest, value));
  } else if (value === undefined) delete copy[key];
  else setField(copy, key, value);
  return copy;
}
