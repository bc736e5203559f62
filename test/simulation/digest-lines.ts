import type { Delivery } from '../../src/delivery/delivery.model.js';
import { firstKey, memberIds } from '../../src/delivery/digest/digest-keys.js';
import type { Copy } from './provider.js';

/** What people have read: a matter is told by itself or as a line of one digest. Copies that say they are repeated do not count. */
export class DigestLines {
  readonly #by = new Map<string, string>();
  readonly #twice: (what: string) => void;

  constructor(twice: (what: string) => void) {
    this.#twice = twice;
  }

  told(row: Delivery, copy: Copy): void {
    if (copy.marked) return;
    const carrier = firstKey(row.key);
    for (const id of [String(row._id), ...memberIds(row.data)]) {
      const before = this.#by.get(id);
      if (before !== undefined && before !== carrier) this.#twice(`${id}: told by ${before} and by ${row.key}`);
      this.#by.set(id, carrier);
    }
  }
}
