import { isDocument, type Document } from '../../src/embedded-mongo/bson/index.js';

/** The rows of a collection that have a time in one field, and from when on there is one. */
export class Times {
  readonly rows = new Map<string, Document>();
  readonly #field: string;
  /** Milliseconds of the epoch; no row has an earlier time. */
  #earliest = Infinity;
  /** The row with that time is gone: the next one may be later. */
  #stale = false;

  constructor(field: string) {
    this.#field = field;
  }

  add(id: string, row: Document): void {
    const value: unknown = row[this.#field];
    if (value === null || value === undefined) return;
    this.rows.set(id, row);
    this.#earliest = Math.min(this.#earliest, timeOf(value));
  }

  delete(id: string, row: Document): void {
    if (this.rows.delete(id) && timeOf(row[this.#field]) === this.#earliest) this.#stale = true;
  }

  clear(): void {
    this.rows.clear();
    this.#earliest = Infinity;
    this.#stale = false;
  }

  /** All times of the field are later than what is asked for: what is due is asked for far more often than anything is. */
  none(condition: unknown): boolean {
    if (!isDocument(condition)) return false;
    const edge: unknown = condition['$lte'] ?? condition['$lt'];
    if (!(edge instanceof Date)) return false;
    if (this.#stale && edge.getTime() >= this.#earliest) this.#lookAgain();
    return edge.getTime() < this.#earliest;
  }

  #lookAgain(): void {
    this.#earliest = Infinity;
    for (const row of this.rows.values()) this.#earliest = Math.min(this.#earliest, timeOf(row[this.#field]));
    this.#stale = false;
  }
}

/** What is no time may be anything. */
const timeOf = (value: unknown): number => (value instanceof Date && !Number.isNaN(value.getTime()) ? value.getTime() : -Infinity);

/** An earlier or later time: rows without one never match. */
export function asksForTime(condition: unknown): boolean {
  return isDocument(condition) && ['$lt', '$lte', '$gt', '$gte'].some((operator) => condition[operator] instanceof Date);
}
