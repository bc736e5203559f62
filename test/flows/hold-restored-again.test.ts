import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { because, type Ctx } from '../../src/context.js';
import { enqueue } from '../../src/delivery/enqueue.js';
import { holdSending, resumeSending, type HoldHands } from '../../src/delivery/hold/decide-hold.js';
import { keepEpoch } from '../../src/delivery/hold/epoch.js';
import { readHold, type HoldChoice } from '../../src/delivery/hold/hold.js';
import { readEpoch } from '../../src/delivery/hold/marks.js';
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

/** Another instance on the same database, with a folder of its own. */
const instance = (folder: string): House => {
  const here: Ctx = { ...ctx, db: { ...ctx.db, State: new Proxy(ctx.db.State, {}) } };
  return {
    ctx: here,
    dir: join(dir, folder),
    look: () => keepEpoch(here, join(dir, folder)),
    send: () => drain(here, [zalo], { policy: { quiet: null, perPerson: { max: 100, windowMs: 1 } } }),
    mirror: () => (existsSync(join(dir, folder, 'last-sent.json')) ? readFileSync(join(dir, folder, 'last-sent.json'), 'utf8') : ''),
  };
};
interface House {
  ctx: Ctx;
  dir: string;
  look(): Promise<boolean>;
  send(): Promise<unknown>;
  mirror(): string;
}

/** `a` was at work until the end, `b` stopped early; the backup is from in between. */
async function aAheadOfB(): Promise<{ a: House; b: House; back: () => Promise<void> }> {
  const [a, b] = [instance('a'), instance('b')];
  await b.look();
  const beats = async (n: number) => {
    for (; n > 0; n--) {
      clock.advance({ seconds: 30 });
      await a.look();
    }
  };
  await beats(5);
  await plan('forgotten');
  const back = await backup();
  await a.send();
  await beats(5);
  expect(sent()).toEqual(['forgotten']);
  return { a, b, back };
}

test('the instance whose own mark is old starts first, and lifts the number beyond the others: who knows better still notices', async () => {
  const { a, b, back } = await aAheadOfB();
  await back();
  for (let n = 0; n < 12; n++) {
    clock.advance({ seconds: 5 });
    expect(await b.look(), 'it cannot know').toBe(false);
  }
  await a.send();
  expect(sent(), 'not even before it has looked').toEqual([]);
  expect(await readHold(ctx)).toMatchObject({ cause: 'restored' });
  clock.advance({ seconds: 5 });
  expect([await a.look(), await b.look()]).toEqual([true, true]);
  await b.send();
  expect(sent()).toEqual([]);
  await resume('all', next(), { dir: b.dir, planAll: async () => {} });
  expect([await a.look(), await b.look(), await a.look(), await b.look()]).toEqual([false, false, false, false]);
});

test('a process started anew notices it as well, and one that was away during all of it does not ask a second time', async () => {
  const { a, b, back } = await aAheadOfB();
  await back();
  for (let n = 0; n < 12; n++) await b.look();
  const anew = instance('a');
  expect(await anew.look()).toBe(true);
  await resume('all', next(), { dir: anew.dir, planAll: async () => {} });
  expect([await anew.look(), await b.look(), await a.look()]).toEqual([false, false, false]);
  // The same once more, after the marks have jumped.
  const again = await backup();
  clock.advance({ minutes: 1 });
  await a.look();
  await again();
  for (let n = 0; n < 5; n++) await b.look();
  expect(await a.look()).toBe(true);
});

test('while one consents another one is away, with marks of messages that were forgotten: its return asks nobody anew', async () => {
  const { a, b, back } = await aAheadOfB();
  await b.look();
  clock.advance({ minutes: 1 });
  await a.look();
  await back();
  expect(await a.look()).toBe(true);
  await resume('drop', next(), { dir: a.dir, planAll: async () => {} });
  clock.advance({ minutes: 1 });
  expect([await a.look(), await b.look(), await a.look()]).toEqual([false, false, false]);
});

test('the put-back comes between comparing and renewing, and another one has lifted the number to the same: it is noticed', async () => {
  const { a, b, back } = await aAheadOfB();
  const number = async () => (await readEpoch(ctx))?.n ?? 0;
  const was = await number();
  const State = new Proxy(ctx.db.State, { get: (target, name, self) => (name === 'findOneAndUpdate' ? (...args: unknown[]) => ({ lean: async () => {
    await back();
    while ((await number()) < was) await b.look();
    return (Reflect.get(target, name, self) as (...all: unknown[]) => { lean(): unknown }).call(target, ...args).lean();
  } }) : Reflect.get(target, name, self) as unknown) });
  const before = a.mirror();
  expect(await keepEpoch({ ...ctx, db: { ...ctx.db, State } }, a.dir)).toBe(true);
  expect(a.mirror()).toBe(before);
});

test('marks of an older version, which kept a number only, go on and hold nothing; from then on they are told apart', async () => {
  const { a, b } = await aAheadOfB();
  for (const { dir: folder, mirror } of [a, b]) writeFileSync(join(folder, 'last-sent.json'), JSON.stringify({ ...(JSON.parse(mirror()) as object), folder: undefined }));
  await ctx.db.State.updateOne({ _id: 'delivery-epoch' }, { $unset: { 'value.folders': 1, 'value.floor': 1, 'value.beat': 1 } });
  expect([await b.look(), await a.look(), await b.look(), await a.look()]).toEqual([false, false, false, false]);
  const back = await backup();
  await a.look();
  await back();
  for (let n = 0; n < 5; n++) await b.look();
  expect(await a.look()).toBe(true);
});

type Step = 'work' | 'backup' | 'put-back' | 'stop' | 'resume' | 'resume-and-die' | 'look';
type Turn = readonly [Step, 0 | 1];
const turn: fc.Arbitrary<Turn> = fc.tuple(fc.constantFrom<Step>('work', 'work', 'look', 'look', 'look', 'backup', 'put-back', 'stop', 'resume', 'resume-and-die'), fc.constantFrom(0 as const, 1 as const));

test('whatever is stopped, ended, saved and put back in whatever order, by two with folders of their own: nothing that has left leaves again without consent', { timeout: 300_000 }, async () => {
  await fc.assert(fc.asyncProperty(fc.array(turn, { minLength: 4, maxLength: 18 }), async (list) => {
    for (const model of [ctx.db.Delivery, ctx.db.State, ctx.db.AuditEntry]) await model.collection.deleteMany({});
    rmSync(dir, { recursive: true, force: true });
    sent();
    const houses = [instance('a'), instance('b')] as const;
    let n = 0;
    let saved: { back: () => Promise<void>; mirrors: string[] } | null = null;
    let everPutBack = false;
    /** Who knows of something that the database has forgotten, and the office has not been asked since. */
    let forgotten = [false, false];
    /** One of them has had the chance to notice. */
    let noticed = false;
    const sends = async (who: 0 | 1) => {
      await houses[who].send();
      noticed ||= forgotten[who] === true;
      if (noticed) expect(sent(), list.join(' ')).toEqual([]);
      sent();
    };
    for (const house of houses) await house.look();
    for (const [step, who] of list) {
      clock.advance({ seconds: 40 });
      const house = houses[who];
      if (step === 'work') {
        await plan(`m${++n}-${clock.now().getTime()}`);
        await sends(who);
      } else if (step === 'look') {
        await house.look();
        noticed ||= forgotten[who] === true;
      } else if (step === 'backup') {
        await house.look();
        noticed ||= forgotten[who] === true;
        saved = { back: await backup(), mirrors: houses.map(({ mirror }) => mirror()) };
      } else if (step === 'put-back' && saved) {
        // Who has renewed its mark since the backup was taken knows of what is forgotten now.
        const { back, mirrors } = saved;
        await back();
        everPutBack = true;
        forgotten = houses.map(({ mirror }, i) => mirror() !== mirrors[i]);
        noticed = false;
      } else if (step === 'stop') await outcome(holdSending(because(house.ctx, `admin:a1:${++press}`), OFFICE, { reason: 'Gửi nhầm danh sách', urgentPasses: false }));
      else if (step === 'resume' || step === 'resume-and-die') {
        const before = await readHold(ctx);
        const here = { ...house.ctx, cause: `admin:a1:${++press}` };
        const { AuditEntry } = dying(here).db;
        const said = await outcome(resume('all', step === 'resume' ? here : { ...here, db: { ...here.db, AuditEntry } }, { dir: house.dir, planAll: async () => {} }));
        if (forgotten[who]) noticed = true;
        // Consent is given by whoever saw the hold that the restore began.
        if (before?.cause === 'restored' && before.decision === null && (said === 'done' || said === 'died')) [forgotten, noticed] = [[false, false], false];
      }
      if (!everPutBack) expect((await readHold(ctx))?.cause, `held for nothing: ${list.join(' ')}`).not.toBe('restored');
    }
    for (const who of [0, 1] as const) {
      if (!forgotten[who]) continue;
      clock.advance({ minutes: 2 });
      await houses[who].look();
      noticed = true;
    }
    for (const who of [0, 1] as const) await sends(who);
  }), { numRuns: 100 });
});
