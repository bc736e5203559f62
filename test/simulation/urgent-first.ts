import type { Delivery } from '../../src/delivery/delivery.model.js';
import { LEASE_MS, type Sight } from './sight.js';

const URGENT_PATIENCE_MS = 4_000;

/** Nobody takes an ordinary message while an urgent one has been waiting. */
export class UrgentFirst {
  readonly #sight: Sight;
  readonly #waiting = new Map<string, { key: string; since: number }>();
  #heldAt = 0;

  constructor(sight: Sight) {
    this.#sight = sight;
  }

  wrote(before: Delivery | null, after: Delivery): void {
    const { now } = this.#sight.scheduler;
    // While the office holds all sending, urgent matters wait too.
    const held = this.#sight.store.collections.State.rows.has('hold');
    if (held) this.#heldAt = now;
    if (after.lane === 'urgent') this.#notes(before, after);
    else if (after.state === 'claimed' && before?.state !== 'claimed' && !this.#sight.slow && !held && this.#waiting.size > 0) this.#taken(after);
  }

  /** The database was put back: its rows are looked at as they move again. */
  forget(): void {
    this.#waiting.clear();
  }

  #notes(before: Delivery | null, after: Delivery): void {
    const id = String(after._id);
    const waits = (after.state === 'planned' || after.state === 'unknown') && after.reason === null && after.waitsFor === null && after.digestKey === null;
    if (!waits) this.#waiting.delete(id);
    else if (before?.notBefore !== after.notBefore || !this.#waiting.has(id)) this.#waiting.set(id, { key: after.key, since: Math.max(this.#sight.scheduler.now, after.notBefore.getTime()) });
  }

  #taken(after: Delivery): void {
    const { scheduler, clocks, broke } = this.#sight;
    const { now } = scheduler;
    // A process that stood still between its look at the queue and its claim takes what it saw then.
    if ((after.claimedUntil?.getTime() ?? 0) - now < LEASE_MS - 1_000) return;
    const waiting = [...this.#waiting].filter(([, { since }]) => now - Math.max(since, this.#heldAt) > (this.#heldAt > 0 ? LEASE_MS : 0) + URGENT_PATIENCE_MS + clocks);
    // The same claim may take them in this very moment.
    for (const [other, entry] of waiting) {
      scheduler.after(200, null, () => {
        if (this.#waiting.get(other) === entry) broke('urgent-waits', `${entry.key} waits since ${now - entry.since} ms, ${after.key} is taken`);
      });
    }
  }
}
