import { Int32, serialize } from 'bson';

/** Stored documents that go into a reply as they are, without being decoded and encoded again. */
export class RawArray {
  constructor(readonly documents: readonly Uint8Array[]) {}
}

/** One stored document that goes into a reply as it is. */
export class RawDocument {
  constructor(readonly bytes: Uint8Array) {}
}

/** A reply, or a part of one: plain values, raw documents, and nested parts made with `part()`. */
export type ReplyFields = Record<string, unknown>;

/** Marks a nested document that holds raw documents itself (`cursor`, `lastErrorObject`'s neighbours). */
export class ReplyPart {
  constructor(readonly fields: ReplyFields) {}
}

const STRING_ARRAY = 0x04;
const DOCUMENT = 0x03;

/** Encodes a reply; a field that is undefined is left out. Whole numbers go out as Int32, as mongod's counters do. */
export function encodeReply(fields: ReplyFields): Buffer {
  const chunks: Uint8Array[] = [];
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) appendElement(chunks, name, value);
  }
  return wrap(chunks);
}

function appendElement(chunks: Uint8Array[], name: string, value: unknown): void {
  if (value instanceof RawArray) {
    const elements: Uint8Array[] = [];
    value.documents.forEach((bytes, index) => elements.push(head(DOCUMENT, String(index)), bytes));
    chunks.push(head(STRING_ARRAY, name), wrap(elements));
  } else if (value instanceof RawDocument) {
    chunks.push(head(DOCUMENT, name), value.bytes);
  } else if (value instanceof ReplyPart) {
    chunks.push(head(DOCUMENT, name), encodeReply(value.fields));
  } else {
    const single = serialize({ [name]: typeof value === 'number' && Number.isInteger(value) ? asInteger(value) : value });
    chunks.push(single.subarray(4, single.length - 1));
  }
}

function asInteger(value: number): unknown {
  return Math.abs(value) <= 0x7fffffff ? new Int32(value) : value;
}

function head(type: number, name: string): Buffer {
  const bytes = Buffer.from(`\0${name}\0`, 'utf8');
  bytes[0] = type;
  return bytes;
}

function wrap(elements: readonly Uint8Array[]): Buffer {
  let length = 5;
  for (const element of elements) length += element.length;
  const bytes = Buffer.allocUnsafe(length);
  bytes.writeInt32LE(length, 0);
  let offset = 4;
  for (const element of elements) {
    bytes.set(element, offset);
    offset += element.length;
  }
  bytes[length - 1] = 0;
  return bytes;
}
