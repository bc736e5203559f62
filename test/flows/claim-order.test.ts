import { afterEach, beforeEach, expect, test } from 'vitest';
import { because, type Ctx } from '../../src/context.js';
import { enqueueAll, type NewDelivery } from '../../src/delivery/enqueue.js';
import { holdSending } from '../../src/delivery/hold/decide-hold.js';
import { claimBatch, takeBackLapsed, type ClaimRequest } from '../../src/delivery/outbox/claim.js';
import { defaultPolicy } from '../../src/delivery/policy.js';
import type { Actor } from '../../src/people/actor.js';
import { deliveryOf, drain, newPerson, ScriptedSender } from '../support/delivery-world.js';
import { testCtx } from '../support/test-ctx.js';
import type { TestClock } from '../support/test-clock.js';

const OFFICE: Actor = { kind: 'account', accountId: 'a1', name: 'Nguyễn Thị Lan', role: 'office', agencyCode: 'VP', personId: null };

let ctx: Ctx;
let clock: TestClock;
let close: () => Promise<void>;
beforeEach(async () => {
  ({ ctx, clock, close } = await testCtx('2026-11-19T03:00:00Z'));
});
afterEach(() => close());

const note = (key: string, personId: string, more: Partial<NewDelivery> = {}): NewDelivery => ({ key, kind: 'note', lane: 'normal', personId, data: { n: 1 }, ...more });
const rooms = (ordinary: number): ClaimRequest['rooms'] => new Map([['telegram', { urgent: ordinary, ordinary }]]);
const claim = (by: Ctx, instance: string, room: number) => claimBatch(by, { instance, limit: 50, leaseMs: 15_000, rooms: rooms(room), goRound: new Map() });

/** Between this worker's first look and its claim, `meanwhile` happens. */
function overtaken(meanwhile: () => Promise<unknown>): Ctx {
  let first = true;
  const { Delivery } = ctx.db;
  const slow = new Proxy(Delivery, {
    get: (target, name) =>
      name !== 'updateMany' || !first
        ? (Reflect.get(target, name, target) as unknown)
        : async (...given: Parameters<typeof Delivery.updateMany>) => {
            first = false;
            await meanwhile();
            return target.updateMany(...given);
          },
  });
  return { ...ctx, db: { ...ctx.db, Delivery: slow } };
}

test('two instances look at the same moment: the slower one takes the very next in turn, and passes over nobody', async () => {
  const lan = await newPerson(ctx, 'Lan', { chats: ['telegram'] });
  for (let n = 0; n < 120; n++) {
    await enqueueAll(ctx, [note(`k${n}`, String(lan._id))]);
    clock.advance({ ms: 10 });
  }
  // All of them were looked at before and wait behind the channel.
  await ctx.db.Delivery.updateMany({}, { $set: { waitsFor: 'telegram' } });
  const slow = overtaken(() => claim(ctx, 'quick', 5));
  expect((await claim(slow, 'slow', 5)).map(({ key }) => key)).toEqual(['k5', 'k6', 'k7', 'k8', 'k9']);
});

test('calls are granted ahead and urgent matters fill the channel: no ordinary row is taken past the urgent ones behind them', async () => {
  const lan = await newPerson(ctx, 'Lan', { chats: ['telegram'] });
  await enqueueAll(ctx, Array.from({ length: 12 }, (_, n) => note(`ordinary:${n}`, String(lan._id))));
  clock.advance({ seconds: 1 });
  await enqueueAll(ctx, Array.from({ length: 6 }, (_, n) => note(`urgent:${n}`, String(lan._id), { lane: 'urgent' })));
  await ctx.db.Delivery.updateMany({ key: { $in: ['urgent:0', 'urgent:1'] } }, { $set: { waitsFor: 'telegram' } });
  // Two places now, and for ordinary ones seven within the next moments.
  const rooms: ClaimRequest['rooms'] = new Map([['telegram', { urgent: 2, ordinary: 7 }]]);
  const taken = await claimBatch(ctx, { instance: 'one', limit: 6, leaseMs: 15_000, rooms, goRound: new Map() });
  expect(taken.map(({ key }) => key)).toEqual(['urgent:0', 'urgent:1']);
});

test('what a dead worker held is next again, although others wait behind the channel and fill it', async () => {
  const lan = await newPerson(ctx, 'Lan', { chats: ['telegram'] });
  await enqueueAll(ctx, [note('held by a dead one', String(lan._id))]);
  await claim(ctx, 'dead', 1);
  clock.advance({ seconds: 5 });
  await enqueueAll(ctx, Array.from({ length: 6 }, (_, n) => note(`k${n}`, String(lan._id))));
  await ctx.db.Delivery.updateMany({ state: 'planned' }, { $set: { waitsFor: 'telegram' } });
  clock.advance({ seconds: 15 });
  await takeBackLapsed(ctx);
  expect((await claim(ctx, 'alive', 2))[0]?.key).toBe('held by a dead one');
});

test('sending is held and the channel is full: answers wait for room without being taken and given back again and again', async () => {
  await holdSending(because(ctx, 'admin:a1:stop'), OFFICE, { reason: 'chờ lãnh đạo', urgentPasses: false });
  clock.advance({ seconds: 1 });
  const answers = Array.from({ length: 12 }, (_, n): NewDelivery => ({ key: `reply:zalo:m${n}`, kind: 'reply', lane: 'normal', chat: { channel: 'zalo', to: 'z-1' }, data: { text: `Đã ghi nhận ${n}` } }));
  await enqueueAll(ctx, answers);
  const zalo = new ScriptedSender('zalo');
  const policy = { limits: { ...defaultPolicy.limits, zalo: { max: 5, windowMs: 60_000, urgentShare: 0.4 } } };
  await drain(ctx, [zalo], { policy });
  expect(zalo.sent).toHaveLength(3);
  for (let second = 0; second < 5; second++) {
    clock.advance({ seconds: 1 });
    await drain(ctx, [zalo], { policy });
  }
  expect(zalo.sent).toHaveLength(3);
  for (const { key } of answers.slice(3)) expect((await deliveryOf(ctx, key)).fence).toBeLessThan(3);
  for (let minute = 0; minute < 4; minute++) {
    clock.advance({ minutes: 1 });
    await drain(ctx, [zalo], { policy });
  }
  expect(zalo.sent).toHaveLength(12);
});
