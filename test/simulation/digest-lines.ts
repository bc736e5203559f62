import type { Delivery } from '../../src/delivery/delivery.model.js';
import { firstKey, memberIds } from '../../src/delivery/digest/digest-keys.js';
import type { Copy } from './provider.js';
import type { Store } from './store.js';

/** What people have read: a matter is told by itself or as a line of one digest. Copies that say they are repeated do not count. */
export class DigestLines {
  readonly #store: Store;
  readonly #by = new Map<string, string>();
  /** Ids a message spoke of when it was last called for. */
  readonly #lines = new Map<string, string[]>();
  readonly #twice: (what: string) => void;

  constructor(store: Store, twice: (what: string) => void) {
    this.#store = store;
    this.#twice = twice;
  }

  /** A line that could not be said was let go before the call: it goes alone and stands in no digest. */
  called(row: Delivery): void {
    const carrier = firstKey(row.key);
    const members = [...memberIds(row.data)].filter((_id) => this.#store.collections.Delivery.find({ _id })[0]?.['digestKey'] === carrier);
    this.#lines.set(row.key, [String(row._id), ...members]);
  }

  told(row: Delivery, copy: Copy): void {
    if (copy.marked) return;
    const carrier = firstKey(row.key);
    for (const id of this.#lines.get(row.key) ?? []) {
      const before = this.#by.get(id);
      if (before !== undefined && before !== carrier) this.#twice(`${id}: told by ${before} and by ${row.key}`);
      this.#by.set(id, carrier);
    }
  }
}
