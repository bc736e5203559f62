import type { Channel } from '../../src/kernel/channels.js';
import type { Life } from './process.js';
import type { Scheduler } from './scheduler.js';

/** So long a process has to tell the others that a channel must rest. */
const NEWS_MS = 1_000;

/** A provider asked for a rest: whatever is taken from the queue once the others can know of it leaves after it. */
export class Rests {
  readonly #rests = new Map<Channel, { known: number; until: number }[]>();
  readonly #scheduler: Scheduler;

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  /** A process heard of it just now. One that falls asleep or dies over it tells nobody. */
  heard({ life, channel, until }: { life: Life; channel: Channel; until: number }): void {
    this.#scheduler.after(NEWS_MS, null, () => {
      const { now } = this.#scheduler;
      if (!life.alive || life.pausedUntil > now - NEWS_MS || until <= now) return;
      const known = (this.#rests.get(channel) ?? []).filter((rest) => rest.until > now);
      this.#rests.set(channel, [...known, { known: now, until }]);
    });
  }

  /** Milliseconds by which a call came too early; null: it did not. `claimed`: when its message was taken from the queue. */
  tooEarly(channel: Channel, claimed: number): number | null {
    const { now } = this.#scheduler;
    const broken = (this.#rests.get(channel) ?? []).find(({ known, until }) => claimed > known && now < until - 5);
    return broken ? broken.until - now : null;
  }
}
