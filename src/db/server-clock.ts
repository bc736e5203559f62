import type { Connection } from 'mongoose';
import type { Logger } from 'pino';
import { monotonicMs, systemClock, type Clock } from '../kernel/clock.js';

/** Looked at again after so long. */
const OLD_MS = 10_000;
/** A slow answer says little about the time: of several looks the quickest counts. What is known wears off by so much per millisecond. */
const DRIFT = 0.001;
/** A look that may be wrong by more is repeated soon: the process stood still meanwhile, or the answer was slow. */
const SURE_MS = 250;
const UNSURE_MS = 1_000;
/** Looks at most at the start; after these the best one has to do. */
const FIRST_LOOKS = 5;

/** Asks the database server what time it is. */
type Ask = () => Promise<unknown>;

interface Look {
  /** What has to be added to the monotonic milliseconds. */
  offset: number;
  /** How wrong it may be: half the round trip. */
  error: number;
  at: number;
}

/**
 * The database server's time, the one clock all instances share: leases, claims and due times are compared by it, so a wrong
 * clock of one machine lets no lease end early and no message leave early. Between two looks the machine's monotonic clock
 * counts on. A server that does not tell its time leaves us with the machine's clock, and a warning.
 */
export class ServerClock implements Clock {
  readonly #ask: Ask;
  readonly #log: Pick<Logger, 'warn'>;
  readonly #machine: Clock;
  #best: Look | null = null;
  #lookedAt = -Infinity;
  #looking: Promise<void> | null = null;
  readonly #elapsed: () => number;
  #deaf = false;
  /** The server answers, but does not tell its time. */
  #mute = false;

  constructor(ask: Ask, log: Pick<Logger, 'warn'>, machine: Clock = systemClock, elapsed: () => number = monotonicMs) {
    this.#ask = ask;
    this.#elapsed = elapsed;
    this.#log = log;
    this.#machine = machine;
  }

  now(): Date {
    if (!this.#best) return this.#machine.now();
    if (this.#isOld()) void this.#look();
    return new Date(Math.round(this.#elapsed() + this.#best.offset));
  }

  /** Looks again where the last look is old; never rejects. */
  async sync(): Promise<void> {
    if (this.#isOld()) await this.#look();
  }

  /** The first looks, until one of them is good enough; never rejects. */
  async begin(): Promise<void> {
    for (let looks = 0; looks < FIRST_LOOKS && !this.#isSure() && !this.#mute; looks++) await this.#look();
  }

  /** The server has been heard; if not, the machine's clock is used. */
  get heard(): boolean {
    return this.#best !== null;
  }

  #isSure(): boolean {
    return this.#best !== null && this.#best.error <= SURE_MS;
  }

  #isOld(): boolean {
    return this.#elapsed() - this.#lookedAt > (this.#isSure() || this.#mute ? OLD_MS : UNSURE_MS);
  }

  /** One look at a time; whoever asks meanwhile waits for it. */
  #look(): Promise<void> {
    return (this.#looking ??= this.#measure().finally(() => (this.#looking = null)));
  }

  async #measure(): Promise<void> {
    const before = this.#elapsed();
    this.#lookedAt = before;
    try {
      const { localTime } = (await this.#ask()) as { localTime?: unknown };
      const after = this.#elapsed();
      this.#mute = !(localTime instanceof Date);
      if (!(localTime instanceof Date)) return this.#unheard('no localTime');
      const look = { offset: localTime.getTime() - (before + after) / 2, error: (after - before) / 2, at: after };
      if (this.#isBetter(look)) this.#best = look;
    } catch (error) {
      this.#unheard(error instanceof Error ? error.name : 'unknown');
    }
  }

  /** Better than what is left of the last one, or so far from it that the server's clock itself was set. */
  #isBetter(look: Look): boolean {
    const best = this.#best;
    if (!best) return true;
    const worn = best.error + (look.at - best.at) * DRIFT;
    return look.error <= worn || Math.abs(look.offset - best.offset) > look.error + worn + 50;
  }

  #unheard(why: string): void {
    // Once is enough; an outage of the database is reported by everybody else.
    if (!this.#best && !this.#deaf) this.#log.warn({ event: 'clock.machine', why }, "the database server does not tell its time: this machine's clock is used");
    this.#deaf = true;
  }
}

/** The clock of the server behind a connection, set before it is returned. */
export async function serverClock(conn: Connection, log: Pick<Logger, 'warn'>, machine?: Clock, elapsed?: () => number): Promise<ServerClock> {
  const clock = new ServerClock(() => conn.db?.admin().command({ hello: 1 }) ?? Promise.resolve({}), log, machine, elapsed);
  await clock.begin();
  return clock;
}
