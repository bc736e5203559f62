import { Binary, BSONRegExp, BSONSymbol, type Code, DBRef, type Decimal128, type ObjectId, type Timestamp } from 'bson';
import type { Collation } from './collation.js';
import type { Document } from './document.js';
import { compareNumbers, toNumber } from './numbers.js';
import { RANK, typeName, typeRank } from './types.js';

/** Order of two strings by their UTF-8 bytes, which is the order of code points (not of UTF-16 units). */
export function compareStrings(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i += 1) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return codePointOrder(x) - codePointOrder(y);
  }
  return a.length - b.length;
}

/** Moves surrogates, which stand for code points above U+FFFF, behind U+E000..U+FFFF. */
function codePointOrder(unit: number): number {
  if (unit >= 0xe000) return unit - 0x800;
  return unit >= 0xd800 ? unit + 0x2000 : unit;
}

/** The text of a string or symbol. */
export function textOf(value: unknown): string {
  return value instanceof BSONSymbol ? value.value : (value as string);
}

/** Pattern and flags of a regular expression of either class, flags in alphabetical order. */
export function regexParts(value: unknown): { pattern: string; options: string } {
  if (value instanceof BSONRegExp) return { pattern: value.pattern, options: [...value.options].sort().join('') };
  const regex = value as RegExp;
  return { pattern: regex.source, options: [...regex.flags.replace(/[^imsx]/g, '')].sort().join('') };
}

/** Bytes and subtype of binary data. */
export function binaryParts(value: unknown): { subtype: number; bytes: Uint8Array } {
  if (value instanceof Binary) return { subtype: value.sub_type, bytes: value.buffer.subarray(0, value.position) };
  return { subtype: 0, bytes: value as Uint8Array };
}

/** The fields of a document, also of a DBRef object. */
export function asDocument(value: unknown): Document {
  return value instanceof DBRef ? (value.toJSON() as unknown as Document) : (value as Document);
}

function compareBinary(a: unknown, b: unknown): number {
  const [x, y] = [binaryParts(a), binaryParts(b)];
  return x.bytes.length - y.bytes.length || x.subtype - y.subtype || Buffer.compare(x.bytes, y.bytes);
}

function compareRegex(a: unknown, b: unknown): number {
  const [x, y] = [regexParts(a), regexParts(b)];
  return compareStrings(x.pattern, y.pattern) || compareStrings(x.options, y.options);
}

function compareCode(a: Code, b: Code): number {
  return compareStrings(a.code, b.code) || compareValues(a.scope ?? undefined, b.scope ?? undefined);
}

function compareArrays(a: readonly unknown[], b: readonly unknown[], collation?: Collation): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i += 1) {
    const order = compareValues(a[i], b[i], collation);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** Documents are compared field by field: type of the value, then field name, then value. */
function compareDocuments(a: Document, b: Document, collation?: Collation): number {
  const [keysA, keysB] = [Object.keys(a), Object.keys(b)];
  const length = Math.min(keysA.length, keysB.length);
  for (let i = 0; i < length; i += 1) {
    const [keyA, keyB] = [keysA[i] as string, keysB[i] as string];
    const order =
      typeRank(a[keyA]) - typeRank(b[keyB]) || compareStrings(keyA, keyB) || compareValues(a[keyA], b[keyB], collation);
    if (order !== 0) return order;
  }
  return keysA.length - keysB.length;
}

/** MongoDB's total order over all values; missing (undefined) sorts before null. */
export function compareValues(a: unknown, b: unknown, collation?: Collation): number {
  const rank = typeRank(a);
  const difference = rank - typeRank(b);
  if (difference !== 0) return difference;
  switch (rank) {
    case RANK.number:
      return compareNumbers(a, b);
    case RANK.string:
      return collation === undefined ? compareStrings(textOf(a), textOf(b)) : collation.compare(textOf(a), textOf(b));
    case RANK.object:
      return compareDocuments(asDocument(a), asDocument(b), collation);
    case RANK.array:
      return compareArrays(a as unknown[], b as unknown[], collation);
    case RANK.objectId:
      return Buffer.compare((a as ObjectId).id, (b as ObjectId).id);
    case RANK.bool:
      return Number(a) - Number(b);
    case RANK.date:
      return compareNumbers((a as Date).getTime(), (b as Date).getTime());
    default:
      return compareRare(rank, a, b);
  }
}

function compareRare(rank: number, a: unknown, b: unknown): number {
  if (rank === RANK.binData) return compareBinary(a, b);
  if (rank === RANK.timestamp) return (a as Timestamp).compare(b as Timestamp);
  if (rank === RANK.regex) return compareRegex(a, b);
  if (rank === RANK.javascript || rank === RANK.javascriptWithScope) return compareCode(a as Code, b as Code);
  return 0;
}

/** Equality in that order: 1, Long(1) and Decimal128("1.0") are equal, documents only with the same field order. */
export function valuesEqual(a: unknown, b: unknown, collation?: Collation): boolean {
  return compareValues(a, b, collation) === 0;
}

/** True if two values would be stored as the same bytes: equal, and of the same types all the way down. */
export function identical(a: unknown, b: unknown): boolean {
  if (a === b) return a !== 0 || Object.is(a, b);
  const kind = typeName(a);
  if (kind !== typeName(b)) return false;
  if (kind === 'array') return (a as unknown[]).length === (b as unknown[]).length && (a as unknown[]).every((item, i) => identical(item, (b as unknown[])[i]));
  if (kind === 'object') {
    const [x, y] = [asDocument(a), asDocument(b)];
    const keys = Object.keys(x);
    const others = Object.keys(y);
    return keys.length === others.length && keys.every((key, i) => key === others[i] && identical(x[key], y[key]));
  }
  if (kind === 'decimal') return (a as Decimal128).toString() === (b as Decimal128).toString();
  if (kind === 'double' && toNumber(a) === 0) return Object.is(toNumber(a), toNumber(b));
  return compareValues(a, b) === 0;
}
