import { Types } from 'mongoose';
import type { Document } from '../../src/embedded-mongo/bson/index.js';
import { sortDocuments } from '../../src/embedded-mongo/project/index.js';

type Key = number | string;

/** What the order of `values` is told by; null: one of them is not plain, or they are not of one kind. */
function keysOf(values: readonly unknown[]): Key[] | null {
  const keys: Key[] = [];
  const kind = kindOf(values[0]);
  for (const value of values) {
    if (kind === null || kindOf(value) !== kind) return null;
    if (value instanceof Date) keys.push(value.getTime());
    else if (value instanceof Types.ObjectId) keys.push(value.toHexString());
    else if (typeof value === 'string' && !ASCII.test(value)) return null;
    else keys.push(value as Key);
  }
  return keys;
}

/** Beyond it the order of texts is not that of JavaScript's. */
const ASCII = /^[\0-\x7f]*$/;

function kindOf(value: unknown): string | null {
  if (typeof value === 'string') return 'text';
  if (typeof value === 'number') return Number.isNaN(value) ? null : 'number';
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : 'date';
  return value instanceof Types.ObjectId ? 'id' : null;
}

/** Rows in MongoDB's order, equal ones as they came: most are sorted by plain values of one kind, which goes by hand. */
export function sortRows(rows: Document[], sort: Document): Document[] {
  const columns: Key[][] = [];
  const signs: number[] = [];
  for (const [field, direction] of Object.entries(sort)) {
    const keys = field.includes('.') || (direction !== 1 && direction !== -1) ? null : keysOf(rows.map((row) => row[field]));
    if (!keys) return sortDocuments(rows, sort);
    columns.push(keys);
    signs.push(direction as number);
  }
  const order = (a: number, b: number): number => {
    for (let i = 0; i < columns.length; i++) {
      const column = columns[i] as Key[];
      const [x, y] = [column[a] as Key, column[b] as Key];
      if (x !== y) return x < y ? -(signs[i] as number) : (signs[i] as number);
    }
    return 0;
  };
  return rows.map((_row, i) => i).sort(order).map((i) => rows[i] as Document);
}
