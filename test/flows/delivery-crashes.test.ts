import { afterEach, beforeEach, expect, test } from 'vitest';
import { gatherDigests } from '../../src/delivery/digest/gather-digests.js';
import type { Ctx } from '../../src/context.js';
import { claimBatch, takeBackLapsed } from '../../src/delivery/outbox/claim.js';
import { enqueue, enqueueAll } from '../../src/delivery/enqueue.js';
import { defaultPolicy } from '../../src/delivery/policy.js';
import { beginCall, settleAccepted, type Held } from '../../src/delivery/outbox/settle.js';
import type { Lane } from '../../src/delivery/intent.js';
import type { Person } from '../../src/people/person.model.js';
import { deliveryOf, drain, newPerson, noticesOf, ScriptedSender } from '../support/delivery-world.js';
import { testCtx } from '../support/test-ctx.js';
import type { TestClock } from '../support/test-clock.js';

let ctx: Ctx;
let clock: TestClock;
let close: () => Promise<void>;
let lan: Person;
let zalo: ScriptedSender;
beforeEach(async () => {
  ({ ctx, clock, close } = await testCtx());
  lan = await newPerson(ctx, 'Lan', { phone: '84912345678' });
  zalo = new ScriptedSender('zalo');
});
afterEach(() => close());

const note = (key: string, lane: Lane = 'normal') => enqueue(ctx, { key, kind: 'note', lane, personId: lan._id.toString(), data: { n: 1 } });

/** A worker that takes everything due and is never heard of again; with `calling`, it dies in the middle of its call. */
async function dies(calling: boolean): Promise<Held[]> {
  const held = await claimBatch(ctx, { instance: 'dead', limit: 100, leaseMs: defaultPolicy.leaseMs, rooms: new Map([['zalo', { urgent: 100, ordinary: 100 }]]), goRound: new Map() });
  for (const one of held) if (calling) await beginCall(ctx, one, { channel: 'zalo', to: 'x', repeat: false, leaseMs: defaultPolicy.leaseMs });
  return held;
}

test('a worker dies between claim and call: sent exactly once, within the lease’s 15 seconds', async () => {
  await note('a');
  await dies(false);
  expect(await drain(ctx, [zalo])).toBe(0);
  clock.advance({ seconds: 15 });
  expect(await drain(ctx, [zalo])).toBe(1);
  clock.advance({ hours: 1 });
  await drain(ctx, [zalo]);
  expect(zalo.sent.map((s) => s.text)).toEqual(['Tin 1']);
});

test('a worker dies in its call: one more copy, marked as a repeat, and never a third', async () => {
  await note('a', 'urgent');
  await dies(true);
  clock.advance({ seconds: 15 });
  zalo.answer({ kind: 'retry', code: 'timeout', maybeSent: true });
  await drain(ctx, [zalo]);
  clock.advance({ hours: 1 });
  await drain(ctx, [zalo]);
  expect(zalo.sent.map((s) => s.text)).toEqual([expect.stringMatching(/^Nhắc lại: Tin 1/)]);
  const delivery = await deliveryOf(ctx, 'a');
  expect(delivery).toMatchObject({ state: 'unknown', reason: 'unknown-twice' });
  expect(delivery.attempts).toMatchObject([{ outcome: 'unknown', code: 'lapsed', repeat: false }, { outcome: 'unknown', code: 'timeout', repeat: true }]);
});

test.each<[Lane, number]>([['urgent', 2], ['normal', 2], ['digest', 1]])('a time-out without a source of truth, lane %s: %i copies at most', async (lane, copies) => {
  await newPerson(ctx, 'Văn phòng', { chats: [], roles: ['office'] });
  zalo.answer(...Array.from({ length: 5 }, () => ({ kind: 'retry' as const, code: 'timeout', maybeSent: true })));
  await note('a', lane);
  await gatherDigests(ctx, {});
  for (let i = 0; i < 5; i++) {
    await drain(ctx, [zalo]);
    clock.advance({ minutes: 2 });
  }
  expect(zalo.sent).toHaveLength(copies);
  expect(await deliveryOf(ctx, 'a')).toMatchObject({ state: 'unknown', reason: copies === 2 ? 'unknown-twice' : 'not-repeated' });
  expect(await noticesOf(ctx)).toEqual([`delivery-dead ${copies === 2 ? 'unknown-twice' : 'not-repeated'}`]);
});

test('an urgent repeat tries another channel where there is one', async () => {
  const telegram = new ScriptedSender('telegram');
  const minh = await newPerson(ctx, 'Minh', { chats: ['zalo', 'telegram'] });
  zalo.answer({ kind: 'retry', code: 'timeout', maybeSent: true });
  await enqueue(ctx, { key: 'a', kind: 'note', lane: 'urgent', personId: minh._id.toString(), data: { n: 1 } });
  await drain(ctx, [zalo, telegram]);
  clock.advance({ seconds: 2 });
  await drain(ctx, [zalo, telegram]);
  expect([zalo.sent.length, telegram.sent.length]).toEqual([1, 1]);
});

test('a sender that knows repeated request ids is simply asked again, and nothing is marked', async () => {
  const sms = new ScriptedSender('sms', 'request-id').answer({ kind: 'retry', code: 'timeout', maybeSent: true });
  await note('a');
  await drain(ctx, [sms]);
  clock.advance({ minutes: 1 });
  await drain(ctx, [sms]);
  expect(sms.sent).toMatchObject([{ text: 'Tin 1', key: 'a' }, { text: 'Tin 1', key: 'a' }]);
  expect((await deliveryOf(ctx, 'a')).state).toBe('accepted');
});

test('a worker that wakes after its lease writes nothing and calls nobody', async () => {
  await note('a');
  const [sleeper] = await dies(false);
  if (!sleeper) throw new Error('nothing claimed');
  clock.advance({ seconds: 15 });
  expect(await beginCall(ctx, sleeper, { channel: 'zalo', to: 'x', repeat: false, leaseMs: 15_000 })).toBe(false);
  await drain(ctx, [zalo]);
  expect(await settleAccepted(ctx, sleeper, { providerId: 'late', text: '' })).toBe(false);
  expect(await deliveryOf(ctx, 'a')).toMatchObject({ state: 'accepted', providerId: 'zalo-1' });
});

test('a row that kills its workers is parked and the office told', async () => {
  await newPerson(ctx, 'Văn phòng', { chats: [], roles: ['office'] });
  await note('a');
  for (let i = 0; i < defaultPolicy.maxLapses; i++) {
    await dies(false);
    clock.advance({ seconds: 15 });
    await takeBackLapsed(ctx);
  }
  await drain(ctx, [zalo]);
  expect(await deliveryOf(ctx, 'a')).toMatchObject({ state: 'dead', reason: 'workers-died' });
  expect(zalo.sent).toHaveLength(0);
});

test('two instances race for 500 deliveries: each is sent once, by either', async () => {
  const people = await Promise.all(Array.from({ length: 100 }, (_, i) => newPerson(ctx, `P${i}`)));
  await enqueueAll(ctx, Array.from({ length: 500 }, (_, n) => ({ key: `k${n}`, kind: 'note', lane: 'normal' as const, personId: String(people[n % 100]?._id), data: { n } })));
  const free = { max: 100_000, windowMs: 1_000, urgentShare: 0 };
  const policy = { perPerson: { max: 100, windowMs: 1_000 }, limits: { ...defaultPolicy.limits, zalo: free } };
  const other = new ScriptedSender('zalo');
  await Promise.all([drain(ctx, [zalo], { policy, instance: 'one' }), drain(ctx, [other], { policy, instance: 'two' })]);
  const keys = [...zalo.sent, ...other.sent].map((s) => s.key);
  expect(keys).toHaveLength(500);
  expect(new Set(keys).size).toBe(500);
  expect(Math.min(zalo.sent.length, other.sent.length)).toBeGreaterThan(0);
  expect(await ctx.db.Delivery.countDocuments({ state: 'accepted' })).toBe(500);
});
