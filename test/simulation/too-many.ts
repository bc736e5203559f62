import type { Channel } from '../../src/kernel/channels.js';

/**
 * So long after it first refused because its hidden limit fell, a provider may refuse more: nobody can know of it before, and the
 * rate is halved once in a window of the limit. A refusal so long after the last one is a first one again: by design it may be
 * chance and lowers nothing (src/delivery/limits/rate.ts), so swarms further apart are refused a few calls each time.
 */
const GRACE = { leastMs: 60_000, windows: 5 };
/** Of any number of calls a few may be refused by chance: they travel unevenly, and what is tried again now and then is refused again. */
const FEW = 3;
const SHARE = 1 / 1_000;

/** How often providers said "too many" to calls that kept, as the house knew it, to their limit. */
export class TooMany {
  /** When the hidden limit that holds now was first felt. */
  readonly #feltAt = new Map<Channel, number>();
  readonly #lastAt = new Map<Channel, number>();
  readonly #calls = new Map<Channel, number>();
  readonly #refused = new Map<Channel, number>();

  /** A call reached its provider; `limit` is what it bears now, `usual` what it bears on other days. */
  answered({ channel, at, limit, windowMs, usual, refused }: { channel: Channel; at: number; limit: number; windowMs: number; usual: number; refused: boolean }): void {
    if (limit >= usual) this.#feltAt.delete(channel);
    const graceMs = Math.max(GRACE.leastMs, GRACE.windows * windowMs);
    if (refused) {
      if (!this.#feltAt.has(channel) || at - (this.#lastAt.get(channel) ?? 0) > graceMs) this.#feltAt.set(channel, at);
      this.#lastAt.set(channel, at);
    }
    if (limit < usual && at - (this.#feltAt.get(channel) ?? at) < graceMs) return;
    this.#calls.set(channel, (this.#calls.get(channel) ?? 0) + 1);
    if (refused) this.#refused.set(channel, (this.#refused.get(channel) ?? 0) + 1);
  }

  /** At the end: the channels that were refused more often than chance explains. */
  *judged(): Generator<string> {
    for (const [channel, refused] of this.#refused) {
      const calls = this.#calls.get(channel) ?? 0;
      if (refused > FEW + SHARE * calls) yield `${channel}: ${refused} of ${calls} calls refused as too many`;
    }
  }
}
