import type { Delivery } from '../../src/delivery/delivery.model.js';
import { firstKey, memberIds } from '../../src/delivery/digest/digest-keys.js';
import type { Copy } from './provider.js';
import type { Store } from './store.js';

/** What people have read: a matter is told by itself or as a line of one digest. Copies that say they are repeated do not count. */
export class DigestLines {
  readonly #store: Store;
  readonly #by = new Map<string, { carrier: string; at: number }>();
  /** What a message spoke of when it was last called for, itself first. */
  readonly #lines = new Map<string, { id: string; key: string }[]>();
  readonly #twice: (what: string) => void;

  constructor(store: Store, twice: (what: string) => void) {
    this.#store = store;
    this.#twice = twice;
  }

  /** A line that could not be said was let go before the call: it goes alone and stands in no digest. */
  called(row: Delivery): void {
    const carrier = firstKey(row.key);
    const members = [...memberIds(row.data)].flatMap((_id) => this.#store.collections.Delivery.find({ _id })).filter((member) => member['digestKey'] === carrier);
    this.#lines.set(row.key, [{ id: String(row._id), key: row.key }, ...members.map((member) => ({ id: String(member['_id']), key: String(member['key']) }))]);
  }

  told(row: Delivery, copy: Copy): void {
    if (copy.marked) return;
    const carrier = firstKey(row.key);
    for (const { id } of this.#lines.get(row.key) ?? []) {
      const before = this.#by.get(id);
      if (before !== undefined && before.carrier !== carrier) this.#twice(`${id}: told by ${before.carrier} and by ${row.key}`);
      this.#by.set(id, { carrier, at: copy.at });
    }
  }

  /** Keys of the lines of a digest. */
  linesOf(key: string): string[] {
    return (this.#lines.get(key) ?? []).slice(1).map((line) => line.key);
  }

  /** The database was put back to how it was then: whether something is said again is the office's decision. */
  forget(since: number): void {
    for (const [id, { at }] of this.#by) if (at > since) this.#by.delete(id);
  }
}
