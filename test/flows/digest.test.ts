import { afterEach, beforeEach, expect, test } from 'vitest';
import { seedCalendar } from '../../src/calendar/seed-calendar.js';
import type { Ctx } from '../../src/context.js';
import { gatherDigests } from '../../src/delivery/digest/gather-digests.js';
import type { Delivery } from '../../src/delivery/delivery.model.js';
import { enqueue } from '../../src/delivery/enqueue.js';
import type { Lane } from '../../src/delivery/intent.js';
import type { Renderers } from '../../src/delivery/renderer.js';
import type { SendOutcome } from '../../src/delivery/sender.js';
import { auditOutbox } from '../../src/watch/auditor.js';
import type { Person } from '../../src/people/person.model.js';
import { deliveryOf, drain, newPerson, noticesOf, plainRenderers, ScriptedSender } from '../support/delivery-world.js';
import { testCtx } from '../support/test-ctx.js';
import type { TestClock } from '../support/test-clock.js';

let ctx: Ctx;
let clock: TestClock;
let close: () => Promise<void>;
let lan: Person;
let zalo: ScriptedSender;
const over = new Set<number>();
const renderers: Renderers = {
  ...plainRenderers,
  'task-reminder': async (_ctx, { data, taskCode }) => (over.has(Number(data['n']))
    ? { suppress: 'task-finished' }
    : { message: { text: `Nhắc việc ${String(data['n'])}`, summary: `NV-${String(data['n'])} · việc ${String(data['n'])}`, group: Number(data['n']) % 2 ? 'overdue' as const : 'soon' as const, buttons: [{ label: 'Cập nhật', command: `/capnhat ${taskCode}` }] }, secret: false }),
};

beforeEach(async () => {
  // Friday 20/11/2026, 06:30 in Vietnam.
  ({ ctx, clock, close } = await testCtx('2026-11-19T23:30:00Z'));
  await seedCalendar(ctx);
  over.clear();
  lan = await newPerson(ctx, 'Lan');
  zalo = new ScriptedSender('zalo');
});
afterEach(() => close());

const code = (n: number): string => `NV-2026-${String(n).padStart(5, '0')}`;
const reminder = (n: number, person = lan, more: object = {}, lane: Lane = 'digest') =>
  enqueue(ctx, { key: `remind:${n}:${String(person._id)}`, kind: 'task-reminder', lane, personId: String(person._id), data: { n, taskCode: code(n) }, ...more });
const row = (n: number, person = lan) => deliveryOf(ctx, `remind:${n}:${String(person._id)}`);
const round = async () => {
  for (let i = 0; i < 4; i++) {
    await gatherDigests(ctx, {});
    await drain(ctx, [zalo], { renderers });
  }
};
const at = (time: string) => clock.set(`2026-11-20T${time}:00+07:00`);
const digests = () => ctx.db.Delivery.find({ kind: 'digest' }).lean<Delivery[]>();

test('sixty due tasks are one message at the person’s hour, with twenty lines and three answers at most; urgent ones stay single', async () => {
  for (let n = 1; n <= 60; n++) await reminder(n);
  await reminder(99, lan, {}, 'urgent');
  await round();
  expect(zalo.sent.map((s) => s.text)).toEqual(['Nhắc việc 99']);
  expect((await row(1)).notBefore.getTime()).toBeGreaterThanOrEqual(new Date('2026-11-20T07:30:00+07:00').getTime());
  at('07:29');
  await round();
  expect(zalo.sent).toHaveLength(1);
  at('07:35');
  await round();
  expect(zalo.sent).toHaveLength(2);
  const text = zalo.sent[1]?.text ?? '';
  expect(text).toContain('Nhắc việc thứ Sáu 20/11/2026 · 60 nhiệm vụ');
  expect(text).toContain('QUÁ HẠN (30)');
  expect(text.split('\n').filter((line) => line.startsWith('- '))).toHaveLength(20);
  expect(text).toContain('và 40 nhiệm vụ khác');
  expect(await ctx.db.Delivery.countDocuments({ state: 'suppressed', reason: 'in-digest' })).toBe(60);
  await round();
  expect(zalo.sent).toHaveLength(2);
});

test('one reminder alone goes as it is; a day off waits for the next working day', async () => {
  clock.set('2026-11-21T08:00:00+07:00'); // Saturday
  await reminder(1);
  await round();
  clock.set('2026-11-23T07:29:00+07:00');
  await round();
  expect(zalo.sent).toHaveLength(0);
  clock.set('2026-11-23T07:35:00+07:00');
  await round();
  expect(zalo.sent.map((s) => s.text)).toEqual(['Nhắc việc 1']);
  expect((await digests())).toHaveLength(0);
});

test('people have hours of their own, and do not all get theirs in one second', async () => {
  const others = await Promise.all(Array.from({ length: 12 }, (_, i) => newPerson(ctx, `Người ${i}`)));
  await ctx.db.Person.updateOne({ _id: lan._id }, { digestAt: '09:00' });
  for (const person of [lan, ...others]) for (const n of [1, 2]) await reminder(n, person);
  await round();
  const moments = await Promise.all(others.map(async (person) => (await row(1, person)).notBefore.getTime()));
  expect(new Set(moments).size).toBeGreaterThan(6);
  expect(Math.max(...moments)).toBeLessThan(new Date('2026-11-20T07:35:00+07:00').getTime());
  at('08:59');
  await round();
  expect(zalo.sent).toHaveLength(12);
  at('09:05');
  await round();
  expect(zalo.sent).toHaveLength(13);
});

test('what is over just before the call is not a line; with one left it speaks for itself, with none nothing leaves', async () => {
  for (const n of [1, 2, 3]) await reminder(n);
  await gatherDigests(ctx, {});
  at('07:40');
  await gatherDigests(ctx, {});
  over.add(2).add(3);
  await drain(ctx, [zalo], { renderers });
  expect(zalo.sent.map((s) => s.text)).toEqual(['Nhắc việc 1']);
  expect([await row(1), await row(2)].map((r) => r.reason)).toEqual(['in-digest', 'task-finished']);
  for (const n of [4, 5]) await reminder(n);
  over.add(4).add(5);
  await round();
  expect(zalo.sent).toHaveLength(1);
  expect((await row(5)).reason).toBe('task-finished');
  expect((await digests()).map((d) => d.reason).sort()).toEqual(['digest-empty', null]);
});

test('a crash between marking and planning is made up for, and nothing is told twice or lost', async () => {
  at('07:40');
  for (const n of [1, 2, 3]) await reminder(n);
  // Died after the marks: the digest itself is missing.
  await ctx.db.Delivery.updateMany({ kind: 'task-reminder' }, { digestKey: 'digest:2026-11-20:x:1' });
  await round();
  expect(zalo.sent).toHaveLength(1);
  // Died after the call: members are still open while the digest was taken.
  await ctx.db.Delivery.updateMany({ kind: 'task-reminder' }, { state: 'planned', reason: null, finishedAt: null });
  // A late mark onto a digest that has left without it goes on alone.
  await reminder(4);
  await ctx.db.Delivery.updateOne({ 'data.n': 4 }, { digestKey: 'digest:2026-11-20:x:1' });
  await round();
  expect(await ctx.db.Delivery.countDocuments({ reason: 'in-digest' })).toBe(3);
  expect(zalo.sent.map((s) => s.text).slice(1)).toEqual(['Nhắc việc 4']);
});

test('two instances gather at once: each reminder is told once', async () => {
  at('07:40');
  for (let n = 1; n <= 30; n++) await reminder(n);
  await Promise.all([gatherDigests(ctx, {}), gatherDigests(ctx, {}), gatherDigests(ctx, {})]);
  await round();
  const members = (await digests()).filter((d) => d.state === 'accepted').flatMap((d) => String(d.data['members']).split(','));
  const alone = zalo.sent.filter((s) => s.key.startsWith('remind:'));
  expect(members.length + alone.length).toBe(30);
  expect(new Set(members).size).toBe(members.length);
  expect(await ctx.db.Delivery.countDocuments({ kind: 'task-reminder', state: 'planned' })).toBe(0);
});

test('a digest that reaches nobody is told to the office once, and its members end with it', async () => {
  await newPerson(ctx, 'Văn phòng', { chats: [], roles: ['office'] });
  at('07:40');
  for (const n of [1, 2, 3]) await reminder(n);
  zalo.answer(...Array.from({ length: 3 }, (): SendOutcome => ({ kind: 'unreachable', code: '-230' })));
  await round();
  expect((await digests())[0]).toMatchObject({ state: 'dead', reason: 'no-channel' });
  expect(await row(2)).toMatchObject({ state: 'dead', reason: 'digest-dead' });
  expect(await noticesOf(ctx)).toEqual(['delivery-dead no-channel']);
});

test('nobody knows whether it arrived: a digest of reminders is not repeated, and its members do not leave one by one', async () => {
  at('07:40');
  for (const n of [1, 2]) await reminder(n);
  zalo.answer({ kind: 'retry', code: 'timeout', maybeSent: true });
  await round();
  clock.advance({ minutes: 5 });
  await round();
  expect(zalo.sent).toHaveLength(1);
  expect((await digests())[0]).toMatchObject({ state: 'unknown', reason: 'not-repeated' });
  expect(await row(1)).toMatchObject({ state: 'suppressed', reason: 'in-digest' });
});

test('after a standstill: one message for all that waited, of whatever kind; answers and what was asked for now go alone', async () => {
  const minh = await newPerson(ctx, 'Minh');
  at('08:00');
  for (const n of [1, 2]) await enqueue(ctx, { key: `n${n}`, kind: 'note', lane: 'normal', personId: String(lan._id), data: { n } });
  await reminder(3);
  await enqueue(ctx, { key: 'm', kind: 'note', lane: 'normal', personId: String(minh._id), data: { n: 7 } });
  await enqueue(ctx, { key: 'now', kind: 'note', lane: 'normal', asked: 'now', personId: String(lan._id), data: { n: 8 } });
  at('14:00');
  await round();
  clock.advance({ minutes: 1 });
  await round();
  const texts = zalo.sent.map((s) => s.text);
  expect(texts).toHaveLength(3);
  expect(texts).toEqual(expect.arrayContaining(['Tin 8', 'Tin 7']));
  const together = texts.find((text) => text.includes('gián đoạn')) ?? '';
  expect(together).toContain('- Tin 1');
  expect(together).toContain('- Tin 2');
  expect(together).toContain('việc 3');
  expect(await deliveryOf(ctx, 'n1')).toMatchObject({ state: 'suppressed', reason: 'in-digest' });
});

test('a standstill of the gathering itself does not stay unseen', async () => {
  at('07:40');
  for (const n of [1, 2]) await reminder(n);
  clock.advance({ minutes: 2 });
  expect((await auditOutbox(ctx)).overdue).toBe(2);
  await gatherDigests(ctx, {});
  expect((await auditOutbox(ctx)).overdue).toBe(0);
});

test('the drain comes first after a standstill: it sends nothing one by one either', async () => {
  at('08:00');
  for (const n of [1, 2, 3]) await enqueue(ctx, { key: `n${n}`, kind: 'note', lane: 'normal', personId: String(lan._id), data: { n } });
  at('14:00');
  await drain(ctx, [zalo], { renderers });
  expect(zalo.sent).toHaveLength(0);
  await round();
  clock.advance({ minutes: 1 });
  await round();
  expect(zalo.sent).toHaveLength(1);
});
