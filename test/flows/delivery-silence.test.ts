import { afterEach, beforeEach, expect, test } from 'vitest';
import { seedCalendar } from '../../src/calendar/seed-calendar.js';
import type { Ctx } from '../../src/context.js';
import type { Delivery } from '../../src/delivery/delivery.model.js';
import { gatherDigests } from '../../src/delivery/digest/gather-digests.js';
import { enqueue } from '../../src/delivery/enqueue.js';
import type { Lane } from '../../src/delivery/intent.js';
import { followUp } from '../../src/delivery/receipts/follow-up.js';
import { markAcknowledged } from '../../src/delivery/receipts/mark-acknowledged.js';
import { recordReceipt } from '../../src/delivery/receipts/record-receipt.js';
import type { Renderers } from '../../src/delivery/renderer.js';
import type { Channel } from '../../src/kernel/channels.js';
import type { Person } from '../../src/people/person.model.js';
import { deliveryOf, drain, newPerson, plainRenderers, ScriptedSender } from '../support/delivery-world.js';
import { testCtx } from '../support/test-ctx.js';
import type { TestClock } from '../support/test-clock.js';

let ctx: Ctx;
let clock: TestClock;
let close: () => Promise<void>;
let lan: Person;
let zalo: ScriptedSender;
let telegram: ScriptedSender;
const line = async (_ctx: Ctx, delivery: Delivery) => ({ message: { text: `Tin ${String(delivery.data['n'] ?? '')}` } });
const renderers: Renderers = { ...plainRenderers, 'task-assigned': line, 'task-reminder': line, 'meeting-alert': line };

beforeEach(async () => {
  // Friday 20/11/2026, 08:00 in Vietnam.
  ({ ctx, clock, close } = await testCtx());
  await seedCalendar(ctx);
  lan = await newPerson(ctx, 'Lan', { chats: ['zalo', 'telegram'], phone: '84912345678' });
  zalo = new ScriptedSender('zalo');
  telegram = new ScriptedSender('telegram');
});
afterEach(() => close());

const both: Channel[] = ['zalo', 'telegram'];
const round = async (configured: Channel[] = both) => {
  for (let i = 0; i < 3; i++) {
    await followUp(ctx, configured, {});
    await drain(ctx, [zalo, telegram], { renderers });
  }
};
const plan = (key: string, lane: Lane, more: object = {}) => enqueue(ctx, { key, kind: 'note', lane, personId: String(lan._id), data: { n: 1 }, ...more });
const office = () => newPerson(ctx, 'Văn phòng', { chats: [], roles: ['office'] });
const told = async (kind: string) => (await ctx.db.Delivery.find({ kind }).lean<Delivery[]>()).map((row) => row.data);

test('urgent and nobody heard of it within three minutes: the next channel, said to be a further attempt; then the office is told whom to call', async () => {
  await office();
  await plan('a', 'urgent');
  await round();
  clock.advance({ minutes: 2, seconds: 59 });
  await round();
  expect([zalo.sent.length, telegram.sent.length]).toEqual([1, 0]);
  clock.advance({ seconds: 1 });
  await round();
  await round();
  expect(telegram.sent.map((s) => s.text)).toEqual(['Nhắc lại qua kênh khác: Tin 1']);
  expect(await deliveryOf(ctx, 'a>2')).toMatchObject({ follows: 'a', triedChannels: ['zalo'], channel: 'telegram' });
  expect(await told('silent')).toEqual([]);
  clock.advance({ minutes: 3 });
  await round();
  await round();
  expect(await told('silent')).toMatchObject([{ personId: String(lan._id) }]);
  expect([zalo.sent.length, telegram.sent.length]).toEqual([1, 1]);
});

test.each<[string, () => Promise<unknown>]>([
  ['a receipt', () => recordReceipt(ctx, { channel: 'zalo', providerId: 'zalo-1', what: 'delivered', at: clock.now() })],
  ['a confirmation', () => markAcknowledged(ctx, { taskCode: 'NV-2026-00001', personId: String(lan._id) })],
  ['a word in another chat', () => ctx.db.ChatLink.updateOne({ personId: lan._id, channel: 'telegram' }, { lastInboundAt: new Date(clock.now().getTime() + 1_000) })],
])('%s in time ends the waiting; just before the second call it does so too', async (_name, sign) => {
  await plan('a', 'urgent', { taskCode: 'NV-2026-00001' });
  await round();
  clock.advance({ minutes: 3 });
  await followUp(ctx, both, {});
  await sign();
  await round();
  expect(telegram.sent).toHaveLength(0);
  expect((await deliveryOf(ctx, 'a>2')).reason).toMatch(/^(arrived-meanwhile|acknowledged)$/);
  await plan('b', 'urgent', { taskCode: 'NV-2026-00002' });
  await round();
  clock.advance({ minutes: 1 });
  await recordReceipt(ctx, { channel: 'zalo', providerId: 'zalo-2', what: 'seen', at: clock.now() });
  clock.advance({ minutes: 5 });
  await round();
  expect(await ctx.db.Delivery.exists({ key: 'b>2' })).toBeNull();
});

test('a new task unheard for a day goes by the next channel; reminders, digests and answers never do', async () => {
  await office();
  await plan('new', 'normal', { kind: 'task-assigned', asked: 'by-day' });
  await plan('other', 'normal');
  await enqueue(ctx, { key: 'reply', kind: 'reply', lane: 'urgent', personId: String(lan._id), chat: { channel: 'zalo', to: 'c' }, data: { text: 'Đã ghi' } });
  await plan('remind', 'digest', { kind: 'task-reminder' });
  await gatherDigests(ctx, {});
  await round();
  expect(zalo.sent).toHaveLength(4);
  clock.advance({ hours: 23 });
  await round();
  expect(telegram.sent).toHaveLength(0);
  clock.advance({ hours: 2 });
  await round();
  expect(telegram.sent.map((s) => s.key)).toEqual(['new>2']);
  clock.advance({ hours: 48 });
  await round();
  expect(await told('silent')).toEqual([]);
  expect(telegram.sent).toHaveLength(1);
});

test('a meeting’s own steps take over: no second channel once the next step has written; its office hears it from the meeting', async () => {
  await office();
  await ctx.db.Meeting.collection.insertOne({ code: 'HOP-2026-00001', kind: 'urgent' } as never);
  await plan('step0', 'urgent', { kind: 'meeting-alert', meetingCode: 'HOP-2026-00001' });
  await round();
  clock.advance({ minutes: 2, seconds: 30 });
  await plan('step1', 'urgent', { kind: 'meeting-alert', meetingCode: 'HOP-2026-00001' });
  await round();
  clock.advance({ minutes: 1 });
  await round();
  expect(telegram.sent).toHaveLength(0);
  clock.advance({ minutes: 3 });
  await round();
  await round();
  expect(telegram.sent.map((s) => s.key)).toEqual(['step1>2']);
  clock.advance({ minutes: 10 });
  await round();
  expect(await told('silent')).toEqual([]);
});

test('the provider took it and could not deliver it: the next channel at once; all of them failed: the office is told once', async () => {
  await office();
  await plan('a', 'normal');
  await round();
  const bounced = () => recordReceipt(ctx, { channel: 'zalo', providerId: 'zalo-1', what: 'failed', at: clock.now(), code: 'esms-dead-number' });
  await bounced();
  await bounced();
  expect(await deliveryOf(ctx, 'a')).toMatchObject({ state: 'dead', reason: 'undelivered' });
  expect((await deliveryOf(ctx, 'a')).attempts.at(-1)).toMatchObject({ code: 'esms-dead-number' });
  await round();
  expect(telegram.sent.map((s) => s.text)).toEqual(['Nhắc lại qua kênh khác: Tin 1']);
  // Late and out of order: only the time is filled in.
  await recordReceipt(ctx, { channel: 'zalo', providerId: 'zalo-1', what: 'delivered', at: clock.now() });
  expect(await deliveryOf(ctx, 'a')).toMatchObject({ state: 'dead', deliveredAt: clock.now() });
  await recordReceipt(ctx, { channel: 'telegram', providerId: 'telegram-1', what: 'failed', at: clock.now() });
  await round();
  expect(await deliveryOf(ctx, 'a>2')).toMatchObject({ state: 'dead', reason: 'undelivered' });
  expect(await told('delivery-dead')).toMatchObject([{ reason: 'undelivered', personId: String(lan._id) }]);
});

test('a reminder that bounced goes by the next channel at once; it waits for no company', async () => {
  await plan('r', 'digest', { kind: 'task-reminder' });
  await gatherDigests(ctx, {});
  await round();
  await recordReceipt(ctx, { channel: 'zalo', providerId: 'zalo-1', what: 'failed', at: clock.now() });
  await round();
  expect(telegram.sent.map((s) => s.key)).toEqual(['r>2']);
});

test('a failure that overtakes our own record is kept, and what has arrived does not die', async () => {
  await recordReceipt(ctx, { channel: 'zalo', providerId: 'zalo-1', what: 'failed', at: clock.now(), code: '9' });
  await plan('a', 'normal');
  await drain(ctx, [zalo], { renderers });
  await drain(ctx, [zalo], { renderers });
  expect(await deliveryOf(ctx, 'a')).toMatchObject({ state: 'dead', reason: 'undelivered' });
  await plan('b', 'normal');
  await drain(ctx, [zalo], { renderers });
  await recordReceipt(ctx, { channel: 'zalo', providerId: 'zalo-2', what: 'delivered', at: clock.now() });
  await recordReceipt(ctx, { channel: 'zalo', providerId: 'zalo-2', what: 'failed', at: clock.now() });
  expect((await deliveryOf(ctx, 'b')).state).toBe('delivered');
});

test('a digest that bounced is said again by the next channel, with the same lines', async () => {
  for (const n of [1, 2]) await plan(`r${n}`, 'digest', { kind: 'task-reminder', data: { n } });
  await gatherDigests(ctx, {});
  await round();
  const [digest] = zalo.sent;
  expect(digest?.text).toContain('- Tin 2');
  await recordReceipt(ctx, { channel: 'zalo', providerId: 'zalo-1', what: 'failed', at: clock.now() });
  await gatherDigests(ctx, {});
  await round();
  expect(telegram.sent.map((s) => s.text)).toEqual([`Nhắc lại qua kênh khác: ${digest?.text}`]);
  expect(await ctx.db.Delivery.countDocuments({ reason: 'in-digest' })).toBe(2);
});
