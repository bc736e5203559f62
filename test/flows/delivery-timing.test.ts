import { afterEach, beforeEach, expect, test } from 'vitest';
import { gatherDigests } from '../../src/delivery/digest/gather-digests.js';
import { forEachWork, type Ctx } from '../../src/context.js';
import { auditOutbox } from '../../src/watch/auditor.js';
import { enqueue } from '../../src/delivery/enqueue.js';
import { markAcknowledged } from '../../src/delivery/receipts/mark-acknowledged.js';
import { recordReceipt } from '../../src/delivery/receipts/record-receipt.js';
import { defaultPolicy } from '../../src/delivery/policy.js';
import type { Lane } from '../../src/delivery/intent.js';
import { WorkRunner } from '../../src/jobs/work-runner.js';
import type { Person } from '../../src/people/person.model.js';
import { deliveryOf, drain, newPerson, plainRenderers, ScriptedSender } from '../support/delivery-world.js';
import { testCtx } from '../support/test-ctx.js';
import type { TestClock } from '../support/test-clock.js';

let ctx: Ctx;
let clock: TestClock;
let close: () => Promise<void>;
let lan: Person;
let zalo: ScriptedSender;
beforeEach(async () => {
  // Friday 20/11/2026, 08:00 in Vietnam.
  ({ ctx, clock, close } = await testCtx());
  lan = await newPerson(ctx, 'Lan');
  zalo = new ScriptedSender('zalo');
});
afterEach(() => close());

const note = (key: string, lane: Lane = 'normal', more: object = {}) =>
  enqueue(ctx, { key, kind: 'note', lane, personId: lan._id.toString(), data: { n: 1 }, ...more });

test('quiet hours: ordinary notices wait for 06:30 of the next working day and leave spread out; urgent ones and answers pass', async () => {
  clock.set('2026-11-20T14:00:00Z'); // Friday 21:00
  for (let i = 0; i < 20; i++) await note(`n${i}`);
  await note('urgent', 'urgent');
  await enqueue(ctx, { key: 'reply', kind: 'reply', lane: 'normal', personId: lan._id.toString(), chat: { channel: 'zalo', to: 'c' }, data: { text: 'Đã ghi nhận' } });
  await drain(ctx, [zalo]);
  expect(zalo.sent.map((s) => s.key)).toEqual(['urgent', 'reply']);
  const opens = new Date('2026-11-22T23:30:00Z').getTime(); // Monday 06:30
  const starts = (await ctx.db.Delivery.find({ state: 'planned' })).map((d) => d.notBefore.getTime() - opens);
  expect(starts).toHaveLength(20);
  expect(Math.min(...starts)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...starts)).toBeLessThan(10 * 60_000);
  expect(new Set(starts).size).toBeGreaterThan(10);
  expect((await auditOutbox(ctx)).overdue).toBe(0);
});

test('urgent overtakes what waits; then normal, then digest', async () => {
  await note('digest', 'digest');
  await note('normal');
  await note('urgent', 'urgent');
  await gatherDigests(ctx, {});
  await drain(ctx, [zalo]);
  expect(zalo.sent.map((s) => s.key)).toEqual(['urgent', 'normal', 'digest']);
});

test('the channel’s limit holds over all instances and keeps room for urgent matters', async () => {
  const policy = { perPerson: { max: 100, windowMs: 1_000 }, limits: { ...defaultPolicy.limits, zalo: { max: 10, windowMs: 1_000, urgentShare: 0.2 } } };
  for (let i = 0; i < 30; i++) await note(`n${i}`);
  await Promise.all([drain(ctx, [zalo], { policy }), drain(ctx, [zalo], { policy, instance: 'two' })]);
  expect(zalo.sent).toHaveLength(8);
  for (let i = 0; i < 5; i++) await note(`u${i}`, 'urgent');
  await drain(ctx, [zalo], { policy });
  expect(zalo.sent.slice(8).map((s) => s.key[0])).toEqual(['u', 'u']);
  clock.advance({ seconds: 1 });
  await drain(ctx, [zalo], { policy });
  expect(zalo.sent).toHaveLength(18);
});

test('one person is not flooded: the sixth notice waits a second, an answer does not', async () => {
  for (let i = 0; i < 7; i++) await note(`n${i}`);
  await drain(ctx, [zalo]);
  expect(zalo.sent).toHaveLength(5);
  await enqueue(ctx, { key: 'reply', kind: 'reply', lane: 'normal', chat: { channel: 'zalo', to: zalo.sent[0]?.to ?? '' }, data: { text: 'Đã ghi nhận' } });
  await drain(ctx, [zalo]);
  expect(zalo.sent).toHaveLength(6);
  clock.advance({ seconds: 6 });
  await drain(ctx, [zalo]);
  expect(zalo.sent).toHaveLength(8);
});

test('what has become stale, pointless or undecided just before the call does not leave', async () => {
  let holds = true;
  const renderers = { ...plainRenderers, note: async () => (holds ? { laterMs: 2_000 } : { suppress: 'task-finished' }) };
  await note('a');
  await note('late', 'normal', { expiresAt: new Date('2026-11-20T01:00:01Z') });
  await drain(ctx, [zalo], { renderers });
  expect((await deliveryOf(ctx, 'a')).state).toBe('planned');
  holds = false;
  clock.advance({ seconds: 2 });
  await drain(ctx, [zalo], { renderers });
  expect(await deliveryOf(ctx, 'a')).toMatchObject({ state: 'suppressed', reason: 'task-finished' });
  expect(await deliveryOf(ctx, 'late')).toMatchObject({ state: 'expired', reason: 'stale' });
  await ctx.db.Person.updateOne({ _id: lan._id }, { active: false });
  await note('left');
  await drain(ctx, [zalo]);
  expect(await deliveryOf(ctx, 'left')).toMatchObject({ state: 'suppressed', reason: 'person-inactive' });
  expect(zalo.sent).toHaveLength(0);
});

test('receipts in any order, twice, or before our own record: nothing moves backwards and none is lost', async () => {
  const at = clock.now();
  const receipt = (what: 'delivered' | 'seen') => recordReceipt(ctx, { channel: 'zalo', providerId: 'zalo-1', what, at });
  await receipt('seen');
  await note('a');
  await drain(ctx, [zalo]);
  expect((await deliveryOf(ctx, 'a')).state).toBe('accepted');
  await drain(ctx, [zalo]);
  expect((await deliveryOf(ctx, 'a')).state).toBe('seen');
  await receipt('delivered');
  await receipt('delivered');
  expect(await deliveryOf(ctx, 'a')).toMatchObject({ state: 'seen', seenAt: at, deliveredAt: at });
  expect(await ctx.db.State.countDocuments({ _id: /^receipt:/ })).toBe(0);
});

test('a confirmation stops what waits and closes what was sent, also when it comes during the call', async () => {
  await note('sent', 'normal', { meetingCode: 'HOP-1' });
  zalo.answer(async () => {
    await markAcknowledged(ctx, { meetingCode: 'HOP-1', personId: lan._id.toString() });
    return { kind: 'accepted', providerId: 'p' };
  });
  await drain(ctx, [zalo]);
  expect((await deliveryOf(ctx, 'sent')).state).toBe('acknowledged');
  await note('waits', 'normal', { meetingCode: 'HOP-1' });
  await markAcknowledged(ctx, { meetingCode: 'HOP-1', personId: lan._id.toString() });
  await drain(ctx, [zalo]);
  expect(await deliveryOf(ctx, 'waits')).toMatchObject({ state: 'suppressed', reason: 'acknowledged' });
  expect(zalo.sent).toHaveLength(1);
});

test('a slow provider holds up nobody else: an urgent message leaves by another channel while a call hangs', async () => {
  const minh = await newPerson(ctx, 'Minh', { chats: ['telegram'] });
  const telegram = new ScriptedSender('telegram');
  let release = (): void => {};
  const hang = new Promise<void>((resolve) => { release = resolve; });
  zalo.answer(async () => {
    await enqueue(woken, { key: 'm', kind: 'note', lane: 'urgent', personId: minh._id.toString(), data: { n: 2 } });
    await hang;
    return { kind: 'accepted', providerId: 'p' };
  });
  telegram.answer(() => {
    release();
    return { kind: 'accepted', providerId: 't' };
  });
  const nothing = async (): Promise<void> => {};
  const runner = new WorkRunner({ ...forEachWork(() => nothing), outbox: (run) => drain(ctx, [zalo, telegram], run) }, ctx.log);
  const woken = { ...ctx, wake: runner.wake.bind(runner) };
  await note('a');
  runner.wake('outbox');
  await hang;
  expect(await runner.stop(5_000)).toBe(true);
  expect((await deliveryOf(ctx, 'a')).state).toBe('accepted');
});
