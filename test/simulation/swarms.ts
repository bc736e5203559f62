import type { Delivery } from '../../src/delivery/delivery.model.js';
import type { Sight } from './sight.js';

/** Notices of these kinds may come by the thousands; the first ones singly, the others together. */
const swarming = ['delivery-dead', 'chat-dead', 'nobody-there', 'person-gone', 'silent'];
const SINGLY = 5;
const WINDOW_MS = 10 * 60_000;
/** Each instance counts for itself in the same moment, and may have stood still since. */
const AT_ONCE = 4;

/** However many messages come to grief, nobody of the office gets their notices one by one. */
export class Swarms {
  readonly #sight: Sight;
  readonly #office: ReadonlySet<string>;
  readonly #lately = new Map<string, Map<string, number>>();

  constructor(sight: Sight, office: ReadonlySet<string>) {
    this.#sight = sight;
    this.#office = office;
  }

  called(row: Delivery): void {
    if (!swarming.includes(row.kind) || !this.#office.has(String(row.personId)) || row.follows !== null) return;
    const { scheduler, broke } = this.#sight;
    const { now } = scheduler;
    const of = `${row.kind}:${String(row.personId)}`;
    const lately = this.#lately.get(of) ?? new Map<string, number>();
    this.#lately.set(of, lately);
    // Counted as they are planned: what was held up leaves later, however much of it.
    lately.set(row.key, row.createdAt.getTime());
    for (const [key, at] of lately) if (at <= now - 4 * WINDOW_MS) lately.delete(key);
    const inWindow = [...lately.values()].filter((at) => Math.abs(at - row.createdAt.getTime()) < WINDOW_MS / 2).length;
    if (inWindow > SINGLY * AT_ONCE) broke('notice-storm', `${of}: ${inWindow} notices one by one within ${WINDOW_MS / 60_000} minutes, now ${row.key}`);
  }

  forget(): void {
    this.#lately.clear();
  }
}
