import { calculateObjectSize, DBRef, deserialize, serialize } from 'bson';
import { fail } from '../errors.js';

/**
 * A document in memory. Numbers keep their BSON type as `Int32`, `Double`, `Long` or `Decimal128` objects; strings,
 * booleans, null, dates, arrays and sub-documents are plain. Plain JavaScript numbers are accepted everywhere too
 * (an integer that fits counts as Int32, anything else as Double). `undefined` stands for a missing field.
 *
 * Known limit: JavaScript moves integer-like field names ("1", "42") in front of all others.
 */
export type Document = Record<string, unknown>;

const DBREF_MARK = Buffer.from('$ref\0');

/** Reads one BSON document with all types kept exact; malformed bytes give error 22 (InvalidBSON). */
export function decode(bytes: Uint8Array): Document {
  let doc: Document;
  try {
    doc = deserialize(bytes, { promoteValues: false, promoteBuffers: false, promoteLongs: false, bsonRegExp: true });
  } catch (error) {
    return fail(22, `Invalid BSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  // The library turns {$ref, $id} into an object of its own; here it is a document like any other.
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return view.includes(DBREF_MARK) ? (withoutDBRefs(doc) as Document) : doc;
}

function withoutDBRefs(value: unknown): unknown {
  if (value instanceof DBRef) {
    const doc: Document = { $ref: value.collection, $id: withoutDBRefs(value.oid) };
    if (value.db !== undefined && value.db !== '') doc.$db = value.db;
    for (const [key, field] of Object.entries(value.fields)) setField(doc, key, withoutDBRefs(field));
    return doc;
  }
  if (Array.isArray(value)) return value.map(withoutDBRefs);
  if (!isDocument(value)) return value;
  const copy: Document = {};
  for (const [key, field] of Object.entries(value)) setField(copy, key, withoutDBRefs(field));
  return copy;
}

/** Writes a document as BSON; `undefined` in arrays becomes null, and undefined fields are left out. */
export function encode(doc: Document): Uint8Array {
  try {
    return serialize(doc, { ignoreUndefined: true, checkKeys: false });
  } catch (error) {
    return fail(2, `Cannot write BSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Size in bytes that the document has as BSON. */
export function encodedSize(doc: Document): number {
  return calculateObjectSize(doc, { ignoreUndefined: true });
}

/** True for a (sub-)document: a plain object, not an array and none of the BSON value classes. */
export function isDocument(value: unknown): value is Document {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Own field of a document; never something inherited, so that a field named `constructor` is just a field. */
export function getField(doc: Document, key: string): unknown {
  return Object.hasOwn(doc, key) ? doc[key] : undefined;
}

/** Sets an own field, also one named `__proto__`. */
export function setField(doc: Document, key: string, value: unknown): void {
  if (key === '__proto__') Object.defineProperty(doc, key, { value, enumerable: true, writable: true, configurable: true });
  else doc[key] = value;
}

/** Deep copy of documents and arrays; the values in them are immutable here and shared. */
export function clone<T>(value: T): T {
  if (Array.isArray(value)) return value.map(clone) as T;
  if (!isDocument(value)) return value;
  const copy: Document = {};
  for (const key of Object.keys(value)) setField(copy, key, clone(value[key]));
  return copy as T;
}
