import { MongoBackend } from '@agendajs/mongo-backend';
import { Agenda } from 'agenda';
import { allWorks, forEachWork, type Ctx, type Work } from '../context.js';
import { isDatabaseGone } from '../db/is-database-gone.js';
import { WorkRunner, type Works } from './work-runner.js';

export type { Run, Works } from './work-runner.js';
export type Log = Pick<Ctx['log'], 'error' | 'warn' | 'info'>;

export interface Jobs {
  /** For `ctx.wake`: runs the work at once in this process, never twice at the same time. */
  wake(work: Work): void;
  /** Nothing new starts; waits for what runs, at most so long. */
  stop(timeoutMs: number): Promise<void>;
  /** When the timetable last called each work here, for /readyz. */
  lastTickAt(): Record<Work, Date | null>;
}

/** How often each work is asked for at least; most runs are woken earlier by what happens in this process. Milliseconds. */
export const timetable: Readonly<Record<Work, number>> = { inbox: 2_000, intents: 2_000, outbox: 2_000, ledger: 5_000, alerts: 5_000, followups: 10_000, digests: 15_000, reminders: 30_000, channels: 60_000 };

const PROCESS_EVERY_MS = 1_000;
/** Handlers return at once, so a lock this old belongs to a dead process. */
const LOCK_MS = 10_000;

/** Stable names; jobs that a former version left in the collection are never looked at, since only defined names are. */
const jobName = (work: Work): string => `tick:${work}`;

/**
 * Starts the timetable. Agenda is only the alarm clock, shared by all instances: its handlers wake the work in this process
 * and return, so no handler outlives its lock, and a tick that comes twice or late does no harm.
 */
export async function startJobs(ctx: Ctx, works: Works): Promise<Jobs> {
  const runner = new WorkRunner(works, ctx.log);
  const ticks = forEachWork<Date | null>(() => null);
  const agenda = newAgenda(ctx);
  for (const work of allWorks) {
    const tick = async (): Promise<void> => {
      ticks[work] = ctx.clock.now();
      runner.wake(work);
    };
    agenda.define(jobName(work), tick, { lockLifetime: LOCK_MS, concurrency: 1 });
  }
  await agenda.start();
  for (const [work, ms] of Object.entries(timetable) as [Work, number][]) await agenda.every(ms, jobName(work));
  return {
    wake: (work) => runner.wake(work),
    lastTickAt: () => ({ ...ticks }),
    stop: async (timeoutMs) => {
      await agenda.drain({ timeout: Math.min(1_000, timeoutMs), closeConnection: false });
      if (!(await runner.stop(Math.max(0, timeoutMs - 500)))) ctx.log.warn({ event: 'jobs.stopped-early' });
    },
  };
}

function newAgenda(ctx: Ctx): Agenda {
  const { db } = ctx.db.conn;
  if (!db) throw new Error('the database connection is not open');
  const backend = new MongoBackend({ mongo: db as never, collection: 'agendaJobs' });
  const agenda = new Agenda({ backend, name: `nhac-viec-${process.pid}`, processEvery: PROCESS_EVERY_MS, defaultLockLifetime: LOCK_MS });
  // Without a listener an 'error' event ends the process.
  const complain = complainer(ctx);
  agenda.on('error', (error: Error) => complain('agenda.error', error));
  agenda.on('fail', (error: Error | string) => complain('agenda.failed', error));
  return agenda;
}

const QUIET_MS = 60_000;

/** While the database is gone every scan of every job fails, several a second: one line a minute says so, without the stack; other errors are told whole. */
export function complainer(ctx: Pick<Ctx, 'clock' | 'log'>): (event: string, error: Error | string) => void {
  let toldAt = -Infinity;
  let kept = 0;
  return (event, error) => {
    if (!isDatabaseGone(error)) return ctx.log.error({ event, err: error });
    const now = ctx.clock.now().getTime();
    if (now - toldAt < QUIET_MS) return void (kept += 1);
    ctx.log.error({ event, reason: 'database-gone', error: error instanceof Error ? error.name : 'Error', ...(kept > 0 ? { alsoSince: kept } : {}) });
    toldAt = now;
    kept = 0;
  };
}
