import type { Logger } from 'pino';
import type { Config } from './config.js';
import type { Clock } from './kernel/clock.js';
import type { Random } from './kernel/random.js';
import type { Db } from './models.js';

/** Kinds of background work that can be woken early instead of waiting for their next tick. */
export const allWorks = ['inbox', 'intents', 'reminders', 'alerts', 'digests', 'outbox', 'followups', 'ledger', 'channels'] as const;
export type Work = (typeof allWorks)[number];

/** One entry per work. */
export const forEachWork = <T>(make: (work: Work) => T): Record<Work, T> => Object.fromEntries(allWorks.map((work) => [work, make(work)])) as Record<Work, T>;

/** What every use case gets as its first argument. */
export interface Ctx {
  db: Db;
  clock: Clock;
  random: Random;
  log: Logger;
  config: Config;
  /** Why we run: "telegram:5531", "admin:<request id>", "api:<key>", "tick:reminders". Keys of facts derive from it. */
  cause: string;
  /** Asks for a kind of work soon. A hint only: the tick finds the work anyway. */
  wake(work: Work): void;
}

/** The same context, running because of something else. */
export const because = (ctx: Ctx, cause: string): Ctx => ({ ...ctx, cause, log: ctx.log.child({ cause }) });
