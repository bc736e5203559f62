import { Binary, Decimal128, Double, ObjectId } from 'bson';
import { type Document, isDocument, isNumber } from '../bson/index.js';
import { MongoServerError } from '../errors.js';
import type { Index } from './model.js';

/** MongoDB's error 11000 with its text, `keyPattern` and `keyValue`. */
export function duplicateKey(namespace: string, index: Index, tuple: readonly unknown[]): MongoServerError {
  const keyValue: Document = {};
  index.paths.forEach((path, at) => (keyValue[path] = tuple[at] ?? null));
  const fields = Object.entries(keyValue).map(([path, value]) => `${path}: ${shown(value)}`);
  const message = `E11000 duplicate key error collection: ${namespace} index: ${index.name}`
    + `${index.collation === undefined ? '' : ` collation: ${shown(index.collation.spec)}`} dup key: { ${fields.join(', ')} }`;
  return new MongoServerError(11000, message, { keyPattern: index.spec.key, keyValue });
}

/** A value as the server's log and messages show it. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return `"${value}"`;
  if (value === undefined || value === null) return 'null';
  if (value instanceof ObjectId) return `ObjectId('${value.toHexString()}')`;
  if (value instanceof Date) return `new Date(${value.getTime()})`;
  if (value instanceof Double) return Number.isInteger(value.value) ? value.value.toFixed(1) : String(value.value);
  if (value instanceof Decimal128) return `Decimal128('${value.toString()}')`;
  if (value instanceof Binary) return `BinData(${value.sub_type}, ${Buffer.from(value.value()).toString('hex').toUpperCase()})`;
  if (isNumber(value) || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return `[ ${value.map(shown).join(', ')} ]`;
  if (!isDocument(value)) return String(value);
  const fields = Object.entries(value).map(([name, field]) => `${name}: ${shown(field)}`);
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}
