import { createHash } from 'node:crypto';
import { type Code, type ObjectId, type Timestamp } from 'bson';
import type { Collation } from './collation.js';
import { asDocument, binaryParts, regexParts, textOf } from './compare.js';
import { canonicalNumber } from './numbers.js';
import { RANK, typeRank } from './types.js';

/** Longest key that {@link encodeKey} returns; the store may append a record id to it. */
export const MAX_KEY_BYTES = 1500;
/** A key over the limit keeps this many of its bytes, then a hash. Bounds of scans must not be longer than this. */
export const KEY_PREFIX_BYTES = MAX_KEY_BYTES - 32;

/** An index key. */
export interface EncodedKey {
  bytes: Buffer;
  /** False if the key was cut and hashed or folded by a collation: then its place says nothing about order. */
  exact: boolean;
}

/** A half-open range [lower, upper) of key bytes. */
export interface KeyRange {
  lower: Buffer;
  upper: Buffer;
  /** One single value: the next component of a compound index may be narrowed too. */
  point: boolean;
}

/** Collects bytes; every value ends in a way that no other value's bytes continue, so that components can be joined. */
class KeyWriter {
  private readonly chunks: Buffer[] = [];
  folded = false;

  constructor(private readonly collation?: Collation) {}

  bytes(): Buffer {
    return Buffer.concat(this.chunks);
  }

  value(value: unknown): void {
    const rank = typeRank(value);
    this.byte(rank);
    switch (rank) {
      case RANK.number:
        return this.number(value);
      case RANK.string:
        return this.collated(textOf(value));
      case RANK.object:
        return this.document(asDocument(value));
      case RANK.array:
        for (const item of value as unknown[]) this.value(item);
        return this.byte(0);
      default:
        return this.scalar(rank, value);
    }
  }

  private scalar(rank: number, value: unknown): void {
    if (rank === RANK.objectId) this.chunks.push(Buffer.from((value as ObjectId).id));
    else if (rank === RANK.bool) this.byte(Number(value));
    else if (rank === RANK.date) this.int64(BigInt((value as Date).getTime()) + 2n ** 63n);
    else if (rank === RANK.timestamp) this.int64((value as Timestamp).toBigInt());
    else if (rank === RANK.binData) this.binary(value);
    else if (rank === RANK.regex) {
      const { pattern, options } = regexParts(value);
      this.text(pattern);
      this.text(options);
    } else if (rank === RANK.javascript || rank === RANK.javascriptWithScope) {
      this.text((value as Code).code);
      if (rank === RANK.javascriptWithScope) this.document(asDocument((value as Code).scope));
    }
  }

  private byte(value: number): void {
    this.chunks.push(Buffer.from([value]));
  }

  private int64(value: bigint): void {
    const buffer = Buffer.alloc(8);
    buffer.writeBigUInt64BE(BigInt.asUintN(64, value));
    this.chunks.push(buffer);
  }

  private binary(value: unknown): void {
    const { subtype, bytes } = binaryParts(value);
    const head = Buffer.alloc(5);
    head.writeUInt32BE(bytes.length);
    head.writeUInt8(subtype, 4);
    this.chunks.push(head, Buffer.from(bytes));
  }

  private collated(text: string): void {
    if (this.collation === undefined) return this.text(text);
    this.folded = true;
    this.text(this.collation.fold(text));
  }

  /** UTF-8 with 00 written as 00 FF, ended by 00 00. */
  private text(text: string): void {
    const bytes = Buffer.from(text, 'utf8');
    const escaped = bytes.includes(0) ? Buffer.from(bytes.toString('latin1').replace(/\0/g, '\0\xff'), 'latin1') : bytes;
    this.chunks.push(escaped, Buffer.from([0, 0]));
  }

  private document(doc: Record<string, unknown>): void {
    for (const [name, field] of Object.entries(doc)) {
      this.byte(typeRank(field));
      this.text(name);
      this.value(field);
    }
    this.byte(0);
  }

  /** Class byte, exponent, two decimal digits per byte and an end byte; complemented for negative numbers. */
  private number(value: unknown): void {
    const { sign, exponent, digits } = canonicalNumber(value);
    this.byte(sign + 4);
    if (sign !== 1 && sign !== -1) return;
    const body = Buffer.alloc(3 + Math.ceil(digits.length / 2));
    body.writeUInt16BE(exponent + 32768);
    for (let i = 0; i < digits.length; i += 2) body[2 + i / 2] = Number(digits.slice(i, i + 2).padEnd(2, '0')) + 1;
    this.chunks.push(sign === 1 ? body : complement(body));
  }
}

function complement(bytes: Buffer): Buffer {
  return Buffer.from(bytes.map((byte) => 255 - byte));
}

function encodeComponent(value: unknown, direction: 1 | -1, collation?: Collation): { bytes: Buffer; folded: boolean } {
  const writer = new KeyWriter(collation);
  writer.value(value);
  return { bytes: direction === 1 ? writer.bytes() : complement(writer.bytes()), folded: writer.folded };
}

/** Order-preserving bytes of a compound key: byte order is `compareValues` order, -1 reverses a component. */
export function encodeKey(values: readonly unknown[], directions: readonly (1 | -1)[], collation?: Collation): EncodedKey {
  const components = values.map((value, i) => encodeComponent(value, directions[i] ?? 1, collation));
  const bytes = components.length === 1 && components[0] ? components[0].bytes : Buffer.concat(components.map((part) => part.bytes));
  const folded = components.some((part) => part.folded);
  if (bytes.length <= MAX_KEY_BYTES) return { bytes, exact: !folded };
  const hash = createHash('sha256').update(bytes).digest();
  return { bytes: Buffer.concat([bytes.subarray(0, KEY_PREFIX_BYTES), hash]), exact: false };
}

/** The smallest byte string greater than all that start with `bytes`. */
function successor(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 255) end -= 1;
  const next = Buffer.from(bytes.subarray(0, end));
  if (end > 0) next[end - 1] = (next[end - 1] as number) + 1;
  return end > 0 ? next : Buffer.alloc(KEY_PREFIX_BYTES, 255);
}

/** The range of one single value of a component. */
export function pointRange(value: unknown, direction: 1 | -1, collation?: Collation): KeyRange {
  const { bytes } = encodeComponent(value, direction, collation);
  return { lower: bytes, upper: successor(bytes), point: true };
}

/** The range of all strings with a prefix. */
export function prefixRange(prefix: string, direction: 1 | -1): KeyRange {
  const whole = encodeComponent(prefix, 1).bytes;
  const start = whole.subarray(0, whole.length - 2);
  const bytes = direction === 1 ? start : complement(start);
  return { lower: Buffer.from(bytes), upper: successor(bytes), point: false };
}

/** The range between two values, both ends included; undefined ends are open up to the limits given by type ranks. */
export function betweenRange(
  from: { value: unknown } | undefined,
  to: { value: unknown } | undefined,
  ranks: { lowest: number; highest: number },
  direction: 1 | -1,
): KeyRange {
  const low = from === undefined ? Buffer.from([ranks.lowest]) : encodeComponent(from.value, 1).bytes;
  const high = to === undefined ? Buffer.from([ranks.highest]) : encodeComponent(to.value, 1).bytes;
  if (direction === 1) return { lower: low, upper: successor(high), point: false };
  return { lower: complement(high), upper: successor(complement(low)), point: false };
}

/**
 * Joins the ranges of successive components (all but the last being points) to one range that is safe to scan: bounds
 * longer than what a cut key keeps are cut too, so that keys with a hash in them are not missed.
 */
export function joinRanges(components: readonly KeyRange[]): KeyRange {
  const last = components.at(-1);
  if (last === undefined) return { lower: Buffer.alloc(0), upper: Buffer.alloc(KEY_PREFIX_BYTES, 255), point: false };
  const head = Buffer.concat(components.slice(0, -1).map((part) => part.lower));
  const [lower, upper] = [Buffer.concat([head, last.lower]), Buffer.concat([head, last.upper])];
  return {
    lower: lower.subarray(0, KEY_PREFIX_BYTES),
    upper: upper.length > KEY_PREFIX_BYTES ? successor(upper.subarray(0, KEY_PREFIX_BYTES)) : upper,
    point: components.every((part) => part.point),
  };
}
