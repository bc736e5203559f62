const ID_BYTES = 6;

/** A record id: natural order is insertion order. */
export type RecordId = number;

/** What all rows of one collection or index begin with. */
export function prefix(id: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(id, 0);
  return bytes;
}

/** The key of a document: (collection, record id). */
export function documentKey(collection: number, id: RecordId): Buffer {
  const key = Buffer.allocUnsafe(4 + ID_BYTES);
  key.writeUInt32BE(collection, 0);
  key.writeUIntBE(id, 4, ID_BYTES);
  return key;
}

/** The key of an index entry: (index, key bytes, record id). */
export function entryKey(index: number, bytes: Uint8Array, id: RecordId): Buffer {
  const key = Buffer.allocUnsafe(4 + bytes.length + ID_BYTES);
  key.writeUInt32BE(index, 0);
  key.set(bytes, 4);
  key.writeUIntBE(id, 4 + bytes.length, ID_BYTES);
  return key;
}

/** The record id that a key ends with. */
export function idAtEnd(key: Buffer): RecordId {
  return asBuffer(key).readUIntBE(key.length - ID_BYTES, ID_BYTES);
}

/** [lower, upper) for LMDB, which walks a reverse range from its upper end. */
export function rangeOptions(range: [Buffer, Buffer], reverse: boolean): object {
  return reverse
    ? { start: range[1], end: range[0], reverse: true, exclusiveStart: true, inclusiveEnd: true }
    : { start: range[0], end: range[1] };
}

/** What is left of a range after the row `last`. */
export function rest(range: [Buffer, Buffer], last: Buffer | undefined, reverse: boolean): [Buffer, Buffer] | undefined {
  if (last === undefined) return undefined;
  return reverse ? [range[0], last] : [Buffer.concat([last, Buffer.from([0])]), range[1]];
}

/** The same bytes as a Buffer. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
