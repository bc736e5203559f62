import type { Channel } from '../../src/kernel/channels.js';

/** So long after its hidden limit fell a provider may refuse: nobody can know before, and the rate is halved once in a window of the limit. */
const GRACE = { leastMs: 60_000, windows: 5 };
/** Of any number of calls a few may be refused by chance: they travel unevenly, and what is tried again now and then is refused again. */
const FEW = 3;
const SHARE = 1 / 1_000;

/** How often providers said "too many" to calls that kept, as the house knew it, to their limit. */
export class TooMany {
  readonly #fellAt = new Map<Channel, number>();
  readonly #calls = new Map<Channel, number>();
  readonly #refused = new Map<Channel, number>();

  /** A call reached its provider; `limit` is what it bears now, `usual` what it bears on other days. */
  answered({ channel, at, limit, windowMs, usual, refused }: { channel: Channel; at: number; limit: number; windowMs: number; usual: number; refused: boolean }): void {
    const fell = this.#fellAt.get(channel);
    if (limit >= usual) this.#fellAt.delete(channel);
    else if (fell === undefined) this.#fellAt.set(channel, at);
    if (limit < usual && at - (this.#fellAt.get(channel) ?? at) < Math.max(GRACE.leastMs, GRACE.windows * windowMs)) return;
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
