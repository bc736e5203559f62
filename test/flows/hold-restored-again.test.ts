import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { because, type Ctx } from '../../src/context.js';
import { enqueue } from '../../src/delivery/enqueue.js';
import { holdSending, resumeSending, type HoldHands } from '../../src/delivery/hold/decide-hold.js';
import { keepEpoch } from '../../src/delivery/hold/epoch.js';
import { readHold, type HoldChoice } from '../../src/delivery/hold/hold.js';
import { previewHold } from '../../src/delivery/hold/what-waits.js';
import type { Actor } from '../../src/people/actor.js';
import type { Person } from '../../src/people/person.model.js';
import { drain, newPerson, ScriptedSender } from '../support/delivery-world.js';
import type { TestClock } from '../support/test-clock.js';
import { testCtx } from '../support/test-ctx.js';

const OFFICE: Actor = { kind: 'account', accountId: 'a1', name: 'Nguyễn Thị Lan', role: 'office', agencyCode: 'VP', personId: null };

let ctx: Ctx;
let clock: TestClock;
let close: () => Promise<void>;
let dir: string;
let zalo: ScriptedSender;
let dat: Person;
let hands: HoldHands;
let press: number;
beforeEach(async () => {
  ({ ctx, clock, close } = await testCtx('2026-11-19T09:00:00Z'));
  dir = mkdtempSync(join(tmpdir(), 'nhac-viec-hold-'));
  zalo = new ScriptedSender('zalo');
  dat = await newPerson(ctx, 'Hoàng Văn Dật');
  hands = { dir, planAll: async () => {} };
  press = 0;
});
afterEach(async () => {
  await close();
  rmSync(dir, { recursive: true, force: true });
});

const plan = (key: string, notBefore = clock.now()) => enqueue(ctx, { key, kind: 'note', lane: 'normal', personId: String(dat._id), data: { n: 1 }, asked: 'by-day', notBefore });
const sent = () => zalo.sent.splice(0).map(({ key }) => key);
const send = () => drain(ctx, [zalo], { policy: { quiet: null, perPerson: { max: 100, windowMs: 1 } } });
const look = () => keepEpoch(ctx, dir);
const next = (): Ctx => because(ctx, `admin:a1:${++press}`);
const stop = () => holdSending(next(), OFFICE, { reason: 'Gửi nhầm danh sách', urgentPasses: false });
const resume = async (choice: HoldChoice, here = next(), how = hands) => resumeSending(here, OFFICE, { choice, since: (await readHold(ctx))?.since ?? new Date(0) }, how);
const outcome = (work: Promise<unknown>) => work.then(() => 'done', (error: Error & { code?: string }) => error.code ?? error.message);

/** The whole database as a backup keeps it, and how it is put back. */
async function backup(): Promise<() => Promise<void>> {
  const models = [ctx.db.Delivery, ctx.db.State, ctx.db.AuditEntry];
  const copies = await Promise.all(models.map((model) => model.collection.find().toArray()));
  return async () => {
    for (const [i, model] of models.entries()) {
      await model.collection.deleteMany({});
      if (copies[i]?.length) await model.collection.insertMany(copies[i].map((row) => ({ ...row })));
    }
  };
}

/** The process dies in the middle of ending a hold: the decision stands, the audit does not. */
const dying = (here: Ctx): Ctx => {
  const AuditEntry = new Proxy(ctx.db.AuditEntry, { get: (target, name, self) => (name === 'create' ? () => { throw new Error('died'); } : Reflect.get(target, name, self) as unknown) });
  return { ...here, db: { ...here.db, AuditEntry } };
};

/** A day of work after the backup; everything due has left. */
async function aDayOn(): Promise<void> {
  clock.advance({ hours: 24 });
  await look();
  await send();
}

async function heldBecause(cause: 'by-hand' | 'restored'): Promise<void> {
  await look();
  if (cause === 'by-hand') return stop();
  const yesterday = await backup();
  clock.advance({ minutes: 10 });
  await look();
  await yesterday();
  expect(await look()).toBe(true);
}

test.each(['by-hand', 'restored'] as const)('a backup from the middle of ending a hold (%s) is put back a day later: the old decision is no consent', async (cause) => {
  await heldBecause(cause);
  await plan('waiting');
  expect(await outcome(resume('all', dying(next())))).toBe('died');
  const halfWay = await backup();
  clock.advance({ seconds: 31 });
  await look();
  expect(await readHold(ctx)).toBeNull();
  await send();
  expect(sent()).toEqual(['waiting']);
  await aDayOn();

  await halfWay();
  clock.advance({ minutes: 1 });
  await send();
  expect(sent(), 'before anybody has looked').toEqual([]);
  expect(await look()).toBe(true);
  clock.advance({ minutes: 5 });
  expect(await look()).toBe(true);
  await send();
  expect(sent()).toEqual([]);
  expect((await previewHold(ctx, OFFICE)).first).toMatchObject([{ leftBefore: true }]);
  expect(await readHold(ctx)).toMatchObject({ cause: 'restored', decision: null });
  expect(await resume('drop')).toEqual({ dropped: 1 });
  await send();
  expect(sent()).toEqual([]);
  expect(await look()).toBe(false);
});

test.each(['by-hand', 'restored'] as const)('a backup from the middle (%s) is put back while the house is down: a process started anew asks as well', async (cause) => {
  await heldBecause(cause);
  await plan('waiting');
  expect(await outcome(resume('all', dying(next())))).toBe('died');
  const halfWay = await backup();
  clock.advance({ minutes: 1 });
  await look();
  await send();
  expect(sent()).toEqual(['waiting']);
  await aDayOn();
  await halfWay();
  const anew: Ctx = { ...ctx, db: { ...ctx.db, State: new Proxy(ctx.db.State, {}) } };
  expect(await keepEpoch(anew, dir)).toBe(true);
  await drain(anew, [zalo], {});
  expect(sent()).toEqual([]);
});

test('a crash in the middle and no backup: the decision is still carried out, also where the marks had gone on already', async () => {
  await look();
  await stop();
  await plan('a');
  expect(await outcome(resume('all', dying(next())))).toBe('died');
  clock.advance({ minutes: 20 });
  expect(await look()).toBe(false);
  await send();
  expect(sent()).toEqual(['a']);
});

test('a hold by hand is ended right after a restore: the restore is noticed first, and nothing leaves', async () => {
  await plan('a');
  await look();
  await stop();
  const back = await backup();
  expect(await resume('all')).toEqual({ dropped: 0 });
  await send();
  expect(sent()).toEqual(['a']);
  clock.advance({ minutes: 10 });
  await look();
  await back();
  // Nobody has looked since; the office sees its own hold and ends it.
  expect(await outcome(resume('all'))).toBe('hold-changed');
  await send();
  expect(sent()).toEqual([]);
  expect(await readHold(ctx)).toMatchObject({ cause: 'restored', decision: null, reason: 'Gửi nhầm danh sách' });
});

test.each(['while it is decided', 'after it was decided'] as const)('the database is put back %s: the decision does not hold for the older messages', async (when) => {
  await plan('a');
  await look();
  await stop();
  const back = await backup();
  clock.advance({ minutes: 2 });
  await look();
  if (when === 'while it is decided') expect(await outcome(resume('all', next(), { dir, planAll: back }))).toBe('hold-changed');
  else {
    const AuditEntry = new Proxy(ctx.db.AuditEntry, { get: (target, name, self) => (name === 'create' ? async (...rows: unknown[]) => { await back(); return (Reflect.get(target, name, self) as (...all: unknown[]) => unknown).call(target, ...rows); } : Reflect.get(target, name, self) as unknown) });
    const here = next();
    await resume('all', { ...here, db: { ...here.db, AuditEntry } });
  }
  await send();
  expect(sent()).toEqual([]);
  clock.advance({ minutes: 5 });
  expect(await look()).toBe(true);
  await send();
  expect(sent()).toEqual([]);
});

test('a restored hold is being ended, and the database is put back once more: the marks do not go on from there', async () => {
  await plan('a');
  await look();
  const yesterday = await backup();
  clock.advance({ minutes: 10 });
  await look();
  await yesterday();
  expect(await look()).toBe(true);
  const AuditEntry = new Proxy(ctx.db.AuditEntry, { get: (target, name, self) => (name === 'create' ? async (...rows: unknown[]) => { await yesterday(); return (Reflect.get(target, name, self) as (...all: unknown[]) => unknown).call(target, ...rows); } : Reflect.get(target, name, self) as unknown) });
  const here = next();
  await resume('all', { ...here, db: { ...here.db, AuditEntry } });
  clock.advance({ minutes: 5 });
  expect(await look()).toBe(true);
  await send();
  expect(sent()).toEqual([]);
});

test('a database put back under a running house, and nothing held: no claim follows, not even in the first second', async () => {
  await look();
  await plan('a');
  const back = await backup();
  await send();
  expect(sent()).toEqual(['a']);
  clock.advance({ minutes: 1 });
  await look();
  await send();
  await back();
  await send();
  expect(sent()).toEqual([]);
  expect(await readHold(ctx)).toMatchObject({ cause: 'restored', lastSentAt: new Date('2026-11-19T09:01:30Z') });
});

test('the mark is renewed in the very moment after a restore: the mirror outside is not taken back with it', async () => {
  await look();
  const back = await backup();
  clock.advance({ minutes: 1 });
  await look();
  clock.advance({ minutes: 1 });
  await look();
  const before = readFileSync(join(dir, 'last-sent.json'), 'utf8');
  const State = new Proxy(ctx.db.State, { get: (target, name, self) => (name === 'findOneAndUpdate' ? (...args: unknown[]) => ({ lean: async () => { await back(); return (Reflect.get(target, name, self) as (...all: unknown[]) => { lean(): unknown }).call(target, ...args).lean(); } }) : Reflect.get(target, name, self) as unknown) });
  expect(await keepEpoch({ ...ctx, db: { ...ctx.db, State } }, dir)).toBe(true);
  expect(readFileSync(join(dir, 'last-sent.json'), 'utf8')).toBe(before);
  expect(await readHold(ctx)).toMatchObject({ cause: 'restored', restoredTo: null });
});

test('two machines: the marks of the second one belong to the same restore, and its consent stands', async () => {
  const second = mkdtempSync(join(tmpdir(), 'nhac-viec-hold-'));
  await look();
  const back = await backup();
  clock.advance({ minutes: 1 });
  await look();
  await keepEpoch(ctx, second);
  await back();
  expect(await look()).toBe(true);
  const since = (await readHold(ctx))?.since;
  clock.advance({ seconds: 20 });
  expect(await keepEpoch(ctx, second)).toBe(true);
  expect((await readHold(ctx))?.since).toEqual(since);
  await resume('all', next(), { dir: second, planAll: async () => {} });
  expect([await look(), await keepEpoch(ctx, second), await look()]).toEqual([false, false, false]);
  rmSync(second, { recursive: true, force: true });
});

type Step = 'work' | 'backup' | 'put-back' | 'stop' | 'resume' | 'resume-and-die' | 'look';
const steps = fc.array(fc.constantFrom<Step>('work', 'work', 'look', 'look', 'backup', 'put-back', 'stop', 'resume', 'resume-and-die'), { minLength: 4, maxLength: 14 });

test('whatever is stopped, ended, saved and put back in whatever order: nothing that has left leaves again without consent', { timeout: 120_000 }, async () => {
  await fc.assert(fc.asyncProperty(steps, async (list) => {
    for (const model of [ctx.db.Delivery, ctx.db.State, ctx.db.AuditEntry]) await model.collection.deleteMany({});
    rmSync(dir, { recursive: true, force: true });
    sent();
    let n = 0;
    let saved: (() => Promise<void>) | null = null;
    /** Put back, and the office has not been asked since. */
    let open = false;
    await look();
    for (const step of list) {
      clock.advance({ seconds: 40 });
      if (step === 'work') {
        await plan(`m${++n}-${clock.now().getTime()}`);
        await send();
        if (open) expect(sent(), list.join()).toEqual([]);
        sent();
      } else if (step === 'look') await look();
      else if (step === 'backup') {
        await look();
        saved = await backup();
      } else if (step === 'put-back' && saved) {
        // Somebody has worked since the backup was taken: what left then is forgotten now.
        await look();
        await saved();
        open = true;
      } else if (step === 'stop') await outcome(stop());
      else if (step === 'resume' || step === 'resume-and-die') {
        const before = await readHold(ctx);
        const said = await outcome(resume('all', step === 'resume' ? next() : dying(next())));
        // Consent is given by whoever saw the hold that the restore began.
        if (before?.cause === 'restored' && before.decision === null && (said === 'done' || said === 'died')) open = false;
      }
    }
    if (open) {
      clock.advance({ minutes: 2 });
      await look();
      await send();
      expect(sent(), list.join()).toEqual([]);
    }
  }), { numRuns: 60 });
});
