import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { because, type Ctx } from '../../src/context.js';
import { enqueue, type NewDelivery } from '../../src/delivery/enqueue.js';
import { holdSending, resumeSending, type HoldHands } from '../../src/delivery/hold/decide-hold.js';
import { keepEpoch } from '../../src/delivery/hold/epoch.js';
import { readHold, type HoldChoice } from '../../src/delivery/hold/hold.js';
import { keepUniqueIndexes } from '../../src/delivery/hold/unique-indexes.js';
import { previewHold } from '../../src/delivery/hold/what-waits.js';
import type { Actor } from '../../src/people/actor.js';
import type { Person } from '../../src/people/person.model.js';
import { deliveryOf, drain, newPerson, ScriptedSender } from '../support/delivery-world.js';
import type { TestClock } from '../support/test-clock.js';
import { testCtx } from '../support/test-ctx.js';

const OFFICE: Actor = { kind: 'account', accountId: 'a1', name: 'Nguyễn Thị Lan', role: 'office', agencyCode: 'VP', personId: null };
const AGENCY: Actor = { kind: 'account', accountId: 'a2', name: 'Sở', role: 'agency', agencyCode: 'STC', personId: null };

let ctx: Ctx;
let clock: TestClock;
let close: () => Promise<void>;
let dir: string;
let zalo: ScriptedSender;
let dat: Person;
let hands: HoldHands;
beforeEach(async () => {
  ({ ctx, clock, close } = await testCtx('2026-11-19T09:00:00Z')); // 16:00 on a working day
  dir = mkdtempSync(join(tmpdir(), 'nhac-viec-hold-'));
  zalo = new ScriptedSender('zalo');
  dat = await newPerson(ctx, 'Hoàng Văn Dật');
  hands = { dir, planAll: async () => {} };
});
afterEach(async () => {
  await close();
  rmSync(dir, { recursive: true, force: true });
});

const plan = (key: string, more: Partial<NewDelivery> = {}) => enqueue(ctx, { key, kind: 'note', lane: 'normal', personId: String(dat._id), data: { n: 1 }, asked: 'by-day', ...more });
const sent = () => zalo.sent.splice(0).map(({ key }) => key);
const work = async () => {
  const held = await keepEpoch(ctx, dir);
  await drain(ctx, [zalo], { policy: { quiet: null, perPerson: { max: 100, windowMs: 1 } } });
  return held;
};
const at = (time: string) => clock.set(`2026-11-20T${time}:00Z`);
const resume = async (choice: HoldChoice, actor = OFFICE) => resumeSending(because(ctx, 'admin:a1:press'), actor, { choice, since: (await readHold(ctx))?.since ?? clock.now() }, hands);

/** The state of the whole database as a backup keeps it. */
async function backup(): Promise<() => Promise<void>> {
  const models = [ctx.db.Delivery, ctx.db.State, ctx.db.Task, ctx.db.Meeting];
  const copies = await Promise.all(models.map((model) => model.collection.find().toArray()));
  return async () => {
    for (const [i, model] of models.entries()) {
      await model.collection.deleteMany({});
      if (copies[i]?.length) await model.collection.insertMany(copies[i]);
    }
  };
}

/** Backup at 16:00; at 17:00 and 08:00 next day messages leave; the restore at 08:30 forgets that. One is due at 08:20, when nothing ran. */
async function aDayForgotten(): Promise<void> {
  const due = (time: string) => new Date(`2026-11-20T${time}:00Z`);
  await plan('evening', { notBefore: new Date('2026-11-19T10:00:00Z') });
  await plan('morning', { notBefore: due('01:00') });
  await plan('while-down', { notBefore: due('01:20') });
  await plan('later', { notBefore: due('03:00') });
  expect(await work()).toBe(false);
  const restore = await backup();
  clock.set('2026-11-19T10:00:00Z');
  await work();
  at('01:00');
  await work();
  expect(sent()).toEqual(['evening', 'morning']);
  at('01:30');
  await restore();
}

test('yesterday is put back: nothing leaves but answers, the preview says what left already, and exactly the rest leaves', async () => {
  await aDayForgotten();
  expect(await work()).toBe(true);
  expect(sent()).toEqual([]);
  clock.advance({ minutes: 1 });
  await plan('answer', { kind: 'reply', data: { text: 'Đã ghi nhận.' }, chat: { channel: 'zalo', to: 'z1' }, lane: 'urgent', asked: 'now' });
  await work();
  expect(sent()).toEqual(['answer']);

  const preview = await previewHold(ctx, OFFICE);
  expect(preview).toMatchObject({ total: 3, leftBefore: 2, hold: { cause: 'restored', restoredTo: new Date('2026-11-19T09:00:00Z'), lastSentAt: new Date('2026-11-20T01:00:30Z') } });
  expect(preview.first.map(({ dueAt, leftBefore }) => [dueAt.toISOString().slice(11, 16), leftBefore])).toEqual([['10:00', true], ['01:00', true], ['01:20', false]]);

  expect(await resume('drop')).toEqual({ dropped: 2 });
  expect(await work()).toBe(false);
  expect(sent()).toEqual(['while-down']);
  expect(await deliveryOf(ctx, 'morning')).toMatchObject({ state: 'suppressed', reason: 'restored', unsealed: true });
  at('03:00');
  await work();
  expect(sent()).toEqual(['later']);
  expect(await ctx.db.AuditEntry.find({ entity: 'hold' }).lean()).toMatchObject([{ action: 'hold.end', by: { name: 'Nguyễn Thị Lan' }, after: { choice: 'drop', dropped: 2 } }]);
});

test('"send all" sends all; a process started anew finds the hold and asks again only after another restore', async () => {
  await aDayForgotten();
  await work();
  const again = await backup();
  await resume('all');
  await work();
  expect(sent()).toEqual(['evening', 'morning', 'while-down']);
  clock.advance({ minutes: 5 });
  expect(await work()).toBe(false);
  clock.advance({ minutes: 5 });
  await again();
  expect(await work()).toBe(true);
});

test('reminders and alert steps that the ticks plan anew after the restore count as left before where they were due before', async () => {
  await aDayForgotten();
  await work();
  const tick = because(ctx, 'tick:intents');
  const base = { kind: 'task-reminder', lane: 'normal' as const, personId: String(dat._id) };
  await enqueue(tick, { ...base, key: 'slot-before', data: { at: '2026-11-20T01:00:00.000Z' } });
  await enqueue(tick, { ...base, key: 'slot-after', data: { at: '2026-11-20T01:10:00.000Z' } });
  await enqueue(tick, { ...base, key: 'step', kind: 'meeting-alert', lane: 'urgent', data: {} });
  clock.advance({ minutes: 10 });
  await enqueue(tick, { ...base, key: 'step-now', kind: 'meeting-alert', lane: 'urgent', data: {} });
  await resume('drop');
  const dropped = await ctx.db.Delivery.find({ reason: 'restored' }, { key: 1 }).sort({ key: 1 }).lean();
  expect(dropped.map(({ key }) => key)).toEqual(['evening', 'morning', 'slot-before', 'step']);
});

test('who may not, may not; two who decide at once decide once; an unknown hold is not ended', async () => {
  await aDayForgotten();
  await work();
  await expect(previewHold(ctx, AGENCY)).rejects.toMatchObject({ code: 'forbidden' });
  await expect(resume('all', AGENCY)).rejects.toMatchObject({ code: 'forbidden' });
  await expect(resumeSending(ctx, OFFICE, { choice: 'all', since: new Date(0) }, hands)).rejects.toMatchObject({ code: 'hold-changed' });
  await resume('drop');
  await expect(resume('all')).rejects.toMatchObject({ code: 'hold-changed' });
});

test.each([['all', 'drop'], ['drop', 'all']] as const)('two who choose "%s" and "%s" at once: one decides, the other one has dropped nothing, and one line is in the audit', async (...choices) => {
  await aDayForgotten();
  await work();
  const since = (await readHold(ctx))?.since ?? clock.now();
  // Both have looked before either decides.
  const met = meeting(2);
  const presses = choices.map((choice, n) => resumeSending(because(ctx, `admin:a${n}:press`), OFFICE, { choice, since }, { dir, planAll: met }));
  const answers = await Promise.allSettled(presses);
  const won = answers.findIndex(({ status }) => status === 'fulfilled');
  expect(answers[1 - won]).toMatchObject({ status: 'rejected', reason: { code: 'hold-changed' } });
  const choice = choices[won];
  expect(answers[won]).toMatchObject({ value: { dropped: choice === 'drop' ? 2 : 0 } });
  expect(await ctx.db.Delivery.countDocuments({ reason: 'restored' })).toBe(choice === 'drop' ? 2 : 0);
  expect(await ctx.db.AuditEntry.find({ action: 'hold.end' }).lean()).toMatchObject([{ cause: `admin:a${won}:press`, after: { choice } }]);
  await work();
  expect(sent()).toEqual(choice === 'drop' ? ['while-down'] : ['evening', 'morning', 'while-down']);
});

/** Resolves for everybody once `n` have come. */
function meeting(n: number): () => Promise<void> {
  let come: () => void = () => {};
  const all = new Promise<void>((resolve) => (come = resolve));
  return () => {
    if (--n === 0) come();
    return all;
  };
}

const dying = (model: 'Delivery' | 'AuditEntry', method: string): Ctx => {
  const dead = new Proxy(ctx.db[model], { get: (target, name, self) => (name === method ? () => { throw new Error('died'); } : Reflect.get(target, name, self) as unknown) });
  return { ...ctx, db: { ...ctx.db, [model]: dead } };
};
const outlive = { before: dying.bind(null, 'Delivery', 'updateMany'), after: dying.bind(null, 'AuditEntry', 'create') };

test.each(['before', 'after'] as const)('a crash %s the drop: nothing leaves, and the next look of the house finishes what was decided', async (when) => {
  await aDayForgotten();
  await work();
  const since = (await readHold(ctx))?.since ?? clock.now();
  await expect(resumeSending(because(outlive[when](), 'admin:a1:press'), OFFICE, { choice: 'drop', since }, hands)).rejects.toThrow('died');
  expect(await work()).toBe(true);
  expect(sent()).toEqual([]);
  clock.advance({ seconds: 31 });
  expect(await work()).toBe(false);
  expect(sent()).toEqual(['while-down']);
  expect(await ctx.db.AuditEntry.find({ action: 'hold.end' }).lean()).toMatchObject([{ cause: 'admin:a1:press', by: { name: 'Nguyễn Thị Lan' }, after: { choice: 'drop', dropped: 2 } }]);
});

test('after a crash the same press ends well; another one, with another choice, finishes what was decided and is told so', async () => {
  for (const who of ['same', 'other'] as const) {
    await ctx.db.Delivery.deleteMany({});
    clock.set('2026-11-19T09:00:00Z');
    await ctx.db.State.deleteMany({});
    rmSync(dir, { recursive: true, force: true });
    await aDayForgotten();
    await work();
    const since = (await readHold(ctx))?.since ?? clock.now();
    const press = (cause: string, choice: HoldChoice) => resumeSending(because(ctx, cause), OFFICE, { choice, since }, hands);
    await expect(resumeSending(because(outlive.before(), `first:${who}`), OFFICE, { choice: 'drop', since }, hands)).rejects.toThrow('died');
    if (who === 'same') expect(await press('first:same', 'drop')).toEqual({ dropped: 2 });
    else await expect(press('second', 'all')).rejects.toMatchObject({ code: 'hold-changed' });
    await work();
    expect(sent(), who).toEqual(['while-down']);
  }
  expect(await ctx.db.AuditEntry.find({ cause: 'second' }).lean()).toEqual([]);
});

test('a database of another house, a new one and a lost mirror hold nothing', async () => {
  await plan('a');
  await work();
  const mirror = join(dir, 'last-sent.json');
  const written = JSON.parse(readFileSync(mirror, 'utf8')) as { n: number; at: string };
  writeFileSync(mirror, JSON.stringify({ ...written, database: 'another', n: 999, at: '2030-01-01T00:00:00Z' }));
  expect(await work()).toBe(false);
  rmSync(mirror);
  expect(await work()).toBe(false);
  writeFileSync(mirror, '{"torn');
  expect(await work()).toBe(false);
  expect(sent()).toEqual(['a']);
});

test('stopped by hand: nothing leaves, urgent matters only where that was chosen; what waited leaves afterwards', async () => {
  await expect(holdSending(ctx, OFFICE, { reason: ' ', urgentPasses: false })).rejects.toMatchObject({ code: 'input-invalid' });
  await holdSending(ctx, OFFICE, { reason: 'Gửi nhầm danh sách', urgentPasses: true });
  await expect(holdSending(ctx, OFFICE, { reason: 'Lần hai', urgentPasses: false })).rejects.toMatchObject({ code: 'hold-already' });
  await plan('plain');
  await plan('urgent', { lane: 'urgent' });
  // About to leave, so not held back.
  expect((await previewHold(ctx, OFFICE)).counts).toEqual([{ kind: 'note', lane: 'normal', n: 1, leftBefore: 0 }]);
  await work();
  expect(sent()).toEqual(['urgent']);
  expect((await previewHold(ctx, OFFICE)).counts).toEqual([{ kind: 'note', lane: 'normal', n: 1, leftBefore: 0 }]);
  expect(await resume('drop')).toEqual({ dropped: 0 });
  await work();
  expect(sent()).toEqual(['plain']);
});

test('a unique key taken away by a restore: built anew, or nothing is sent until it stands again', async () => {
  await plan('a');
  await ctx.db.Delivery.collection.dropIndex('key_1');
  expect(await keepUniqueIndexes(ctx)).toEqual([]);
  await ctx.db.Delivery.collection.dropIndex('key_1');
  const copy = await ctx.db.Delivery.collection.findOne({ key: 'a' });
  await ctx.db.Delivery.collection.insertOne({ ...copy, _id: new ctx.db.Delivery.base.Types.ObjectId() } as never);
  expect(await keepUniqueIndexes(ctx)).toEqual(['deliveries']);
  await work();
  expect(sent()).toEqual([]);
  await ctx.db.Delivery.deleteOne({ key: 'a' });
  expect(await keepUniqueIndexes(ctx)).toEqual([]);
  await work();
  expect(sent()).toEqual(['a']);
});
