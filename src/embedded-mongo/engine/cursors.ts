import { randomBytes } from 'node:crypto';
import { Long } from 'bson';
import { fail } from '../errors.js';
import { clock } from './now.js';

/** An open cursor: what is left of a result. */
interface OpenCursor {
  namespace: string;
  rows: Iterator<Uint8Array>;
  /** A row that did not fit into the last batch. */
  kept?: Uint8Array;
  lastUsed: number;
}

/** One batch of a result; `id` is 0 when nothing is left. */
export interface Batch {
  id: Long;
  rows: Uint8Array[];
}

const MAX_CURSORS = 5_000;
const IDLE_MS = 10 * 60_000;
/** A batch ends before its reply would get too big for a client. */
const MAX_BATCH_BYTES = 16 * 1024 * 1024;

/** The cursors of all clients. They are lazy and hold neither a transaction nor an LMDB cursor. */
export class Cursors {
  readonly #open = new Map<string, OpenCursor>();

  /** How many are open. */
  get size(): number {
    return this.#open.size;
  }

  /** Makes the first batch and keeps the cursor if something is left (and more than one batch is wanted). */
  first(namespace: string, rows: Iterator<Uint8Array>, options: { batchSize: number; single?: boolean }): Batch {
    const cursor: OpenCursor = { namespace, rows, lastUsed: clock.now() };
    const batch = options.batchSize === 0 ? { rows: [], done: false } : take(cursor, options.batchSize);
    if (batch.done || options.single === true) {
      rows.return?.();
      return { id: Long.ZERO, rows: batch.rows };
    }
    this.#sweep();
    if (this.#open.size >= MAX_CURSORS) fail(146, `too many open cursors (${MAX_CURSORS})`);
    const id = newId();
    this.#open.set(id.toString(), cursor);
    return { id, rows: batch.rows };
  }

  /** The next batch of an open cursor. */
  next(id: Long, namespace: string, batchSize: number): Batch {
    const cursor = this.#open.get(id.toString());
    if (cursor === undefined) return fail(43, `cursor id ${id.toString()} not found`);
    if (cursor.namespace !== namespace) {
      fail(13, `Requested getMore on namespace '${namespace}', but cursor belongs to a different namespace ${cursor.namespace}`);
    }
    cursor.lastUsed = clock.now();
    const batch = take(cursor, batchSize);
    if (batch.done) this.#open.delete(id.toString());
    return { id: batch.done ? Long.ZERO : id, rows: batch.rows };
  }

  /** Closes a cursor; false if there was none of that number. */
  kill(id: Long): boolean {
    const cursor = this.#open.get(id.toString());
    cursor?.rows.return?.();
    return this.#open.delete(id.toString());
  }

  /** Closes the cursors of a dropped collection. */
  killNamespace(namespace: string): void {
    for (const [id, cursor] of this.#open) if (cursor.namespace === namespace) this.#open.delete(id);
  }

  #sweep(): void {
    const oldest = clock.now() - IDLE_MS;
    for (const [id, cursor] of this.#open) if (cursor.lastUsed < oldest) this.#open.delete(id);
  }
}

function take(cursor: OpenCursor, batchSize: number): { rows: Uint8Array[]; done: boolean } {
  const rows: Uint8Array[] = [];
  let bytes = 0;
  while (rows.length < batchSize) {
    const row = cursor.kept ?? nextRow(cursor);
    cursor.kept = undefined;
    if (row === undefined) return { rows, done: true };
    if (rows.length > 0 && bytes + row.length > MAX_BATCH_BYTES) {
      cursor.kept = row;
      return { rows, done: false };
    }
    bytes += row.length;
    rows.push(row);
  }
  cursor.kept = nextRow(cursor); // is there more? a cursor that is at its end need not stay open
  return { rows, done: cursor.kept === undefined };
}

function nextRow(cursor: OpenCursor): Uint8Array | undefined {
  const step = cursor.rows.next();
  return step.done === true ? undefined : step.value;
}

function newId(): Long {
  return Long.fromBigInt((randomBytes(8).readBigUInt64LE() >> 2n) | 1n);
}
