import { type Document, decode, isDocument } from '../bson/index.js';

/** Bytes that a value takes after its name, for the types of fixed size. */
const FIXED: Readonly<Record<number, number>> = {
  0x01: 8, 0x06: 0, 0x07: 12, 0x08: 1, 0x09: 8, 0x0a: 0, 0x10: 4, 0x11: 8, 0x12: 8, 0x13: 16, 0x7f: 0, 0xff: 0,
};

/**
 * The top-level fields that a filter looks at, or nothing if that cannot be told. A scan then decodes only those of each
 * document, which is most of the cost of a scan.
 */
export function fieldsOf(filter: Document): Set<string> | undefined {
  const fields = new Set<string>();
  for (const [key, value] of Object.entries(filter)) {
    if (['$and', '$or', '$nor'].includes(key) && Array.isArray(value)) {
      for (const part of value) {
        const inner = isDocument(part) ? fieldsOf(part) : undefined;
        if (inner === undefined) return undefined;
        for (const field of inner) fields.add(field);
      }
    } else if (key.startsWith('$') && key !== '$comment') {
      return undefined;
    } else if (key !== '$comment') {
      fields.add(fieldName(key));
    }
  }
  return fields;
}

/** The top-level field of a path, in the form that `decodeFields` takes. */
export function fieldName(path: string): string {
  return Buffer.from(path.split('.')[0] ?? '', 'utf8').toString('latin1');
}

/** Decodes only the named fields (names as latin1 text of their UTF-8 bytes, as `fieldsOf` gives them). */
export function decodeFields(bytes: Buffer, names: ReadonlySet<string>): Document {
  const parts: Buffer[] = [];
  let length = 5;
  for (let at = 4; at < bytes.length - 1; ) {
    const nameEnd = bytes.indexOf(0, at + 1);
    const end = nameEnd + 1 + sizeOf(bytes, bytes[at] ?? 0, nameEnd + 1);
    if (names.has(bytes.toString('latin1', at + 1, nameEnd))) {
      parts.push(bytes.subarray(at, end));
      length += end - at;
    }
    at = end;
  }
  const head = Buffer.allocUnsafe(4);
  head.writeInt32LE(length, 0);
  return decode(Buffer.concat([head, ...parts, END], length));
}

const END = Buffer.from([0]);

function sizeOf(bytes: Buffer, type: number, at: number): number {
  const fixed = FIXED[type];
  if (fixed !== undefined) return fixed;
  if (type === 0x03 || type === 0x04 || type === 0x0f) return bytes.readInt32LE(at);
  if (type === 0x05) return bytes.readInt32LE(at) + 5;
  if (type === 0x0b) return bytes.indexOf(0, bytes.indexOf(0, at) + 1) + 1 - at;
  if (type === 0x0c) return bytes.readInt32LE(at) + 16;
  return bytes.readInt32LE(at) + 4; // text, code, symbol
}
