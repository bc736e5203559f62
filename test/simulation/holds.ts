import { mailboxAgency } from '../../src/delivery/agency-copy.js';
import type { Delivery } from '../../src/delivery/delivery.model.js';
import type { Hold } from '../../src/delivery/hold/hold.js';
import type { Copy } from './provider.js';
import type { Sight } from './sight.js';

/** A process may not know for a second that sending is held, and takes a moment for what it decided before. */
const HOLD_NEWS_MS = 2_500;

/** To a named address, and not an agency's copy. */
const isAnswer = (row: Delivery): boolean => row.chat !== null && mailboxAgency(row) === null;

/** While the office holds, and from a restore until it has decided, only answers in a chat leave that were begun since. */
export class HoldRules {
  readonly #sight: Sight;
  /** The database was put back, and nobody has decided yet. */
  #putBack = false;
  #hold: Hold | null = null;
  /** What had left between the copy and its being put back, by the key of what was told. */
  readonly #left = new Map<string, number>();
  #choice: 'drop' | 'all' | null = null;

  constructor(sight: Sight) {
    this.#sight = sight;
  }

  /** Told of each write to the house's own records. */
  wrote(after: { _id?: unknown; value?: unknown }): void {
    if (after._id !== 'hold') return;
    const hold = after.value as Hold;
    if (hold.cause === 'restored' && !this.#putBack) this.#sight.broke('held-for-nothing', `sending is held since ${hold.since.toISOString()} and nothing was put back`);
    if (hold.cause === 'restored') this.#hold = hold;
    if (hold.cause === 'restored' && hold.decision && this.#putBack) {
      this.#choice = hold.decision.choice;
      this.#putBack = false;
    }
  }

  /** `left`: the keys of what people got since the copy was made, and when. */
  putBack(left: ReadonlyMap<string, number>): void {
    this.#putBack = true;
    this.#choice = null;
    for (const [key, at] of left) this.#left.set(key, at);
  }

  called(row: Delivery): void {
    const { store, moments, clocks, broke } = this.#sight;
    const hold = store.collections.State.find({ _id: 'hold' })[0]?.['value'] as Hold | undefined;
    if (!hold && this.#putBack) return broke('sent-while-held', `${row.key}: nobody has looked at the database that was put back`);
    if (!hold || (hold.urgentPasses && row.lane === 'urgent') || (isAnswer(row) && row.createdAt >= hold.since)) return;
    const claimed = moments.claimed.get(row.key) ?? 0;
    if (claimed > hold.since.getTime() + HOLD_NEWS_MS + clocks) broke('sent-while-held', `${row.key}: taken ${claimed - hold.since.getTime()} ms after the hold began`);
  }

  /**
   * "Drop" promises that what had left is not sent again. Not of answers, which pass; nor of what left after the last mark
   * outside the database, where no mark could be made: the house cannot know of it.
   */
  delivered(row: Delivery, copy: Copy, told: readonly string[]): void {
    if (this.#choice !== 'drop' || isAnswer(row)) return;
    const until = this.#hold?.lastSentAt?.getTime() ?? 0;
    for (const key of told) {
      const at = this.#left.get(key);
      if (at !== undefined && at <= until && !copy.marked) this.#sight.broke('sent-again', `${row.key}: tells ${key}, which had left at ${new Date(at).toISOString()} already (${row.cause}, planned ${row.createdAt.toISOString()})`);
    }
  }
}
