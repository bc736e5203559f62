import { afterEach, beforeEach, expect, test } from 'vitest';
import { MongoBackend } from '@agendajs/mongo-backend';
import { allWorks, forEachWork, type Ctx, type Work } from '../../src/context.js';
import { complainer, startJobs, type Works } from '../../src/jobs/start-jobs.js';
import { WorkRunner } from '../../src/jobs/work-runner.js';
import mongoose from 'mongoose';
import { TestClock } from '../support/test-clock.js';
import { testCtx } from '../support/test-ctx.js';

let ctx: Ctx;
let close: () => Promise<void>;
beforeEach(async () => {
  ({ ctx, close } = await testCtx());
});
afterEach(() => close());

const works = (some: Partial<Works>): Works => {
  const nothing = async (): Promise<void> => {};
  return { ...forEachWork(() => nothing), ...some };
};

test('woken many times during a run: never two at once, and once more afterwards', async () => {
  let [running, runs, most] = [0, 0, 0];
  let finish = (): void => {};
  const second = new Promise<void>((resolve) => { finish = resolve; });
  const runner = new WorkRunner(works({
    outbox: async () => {
      runs++;
      most = Math.max(most, ++running);
      if (runs === 1) for (let i = 0; i < 10; i++) runner.wake('outbox');
      await new Promise(setImmediate);
      running--;
      if (runs === 2) finish();
    },
  }), ctx.log);
  runner.wake('outbox');
  await second;
  expect(await runner.stop(1_000)).toBe(true);
  expect([runs, most]).toEqual([2, 1]);
  runner.wake('outbox');
  expect(runs).toBe(2);
});

test('a run that fails does not stop the next; stopping does not wait for a run that hangs', async () => {
  let runs = 0;
  let done = (): void => {};
  const again = new Promise<void>((resolve) => { done = resolve; });
  const runner = new WorkRunner(works({
    inbox: async () => {
      if (++runs === 1) {
        runner.wake('inbox');
        throw new Error('down');
      }
      done();
      await new Promise(() => {});
    },
  }), ctx.log);
  runner.wake('inbox');
  await again;
  expect(await runner.stop(20)).toBe(false);
});

test('the timetable ticks every work on its own, leaves a former version’s jobs alone, and stops cleanly', async () => {
  const { db } = ctx.db.conn;
  const backend = new MongoBackend({ mongo: db as never });
  await backend.connect();
  await db?.collection('agendaJobs').insertOne({ name: 'tick:of-last-year', type: 'single', nextRunAt: new Date(), repeatInterval: 1_000, priority: 0 });
  const ticked = new Set<Work>();
  let all = (): void => {};
  const everything = new Promise<void>((resolve) => { all = resolve; });
  const seen = (work: Work) => async (): Promise<void> => {
    ticked.add(work);
    if (ticked.size === allWorks.length) all();
  };
  const jobs = await startJobs(ctx, forEachWork(seen));
  await everything;
  await jobs.stop(4_000);
  expect(Object.values(jobs.lastTickAt()).every((at) => at instanceof Date)).toBe(true);
  expect(await db?.collection('agendaJobs').countDocuments({ name: 'tick:of-last-year' })).toBe(1);
});

test('while the database is gone one line a minute says so; another error is told whole', () => {
  const lines: Record<string, unknown>[] = [];
  const clock = new TestClock('2026-11-20T01:00:00Z');
  const complain = complainer({ clock, log: { error: (line: Record<string, unknown>) => void lines.push(line) } as never });
  const gone = new mongoose.mongo.MongoServerSelectionError('connect ECONNREFUSED', {} as never);
  for (let second = 0; second < 90; second++) {
    complain('agenda.error', gone);
    clock.advance({ seconds: 1 });
  }
  expect(lines).toEqual([{ event: 'agenda.error', reason: 'database-gone', error: 'MongoServerSelectionError' }, { event: 'agenda.error', reason: 'database-gone', error: 'MongoServerSelectionError', alsoSince: 59 }]);
  const bug = new Error('a bug');
  complain('agenda.failed', bug);
  expect(lines.at(-1)).toEqual({ event: 'agenda.failed', err: bug });
});
