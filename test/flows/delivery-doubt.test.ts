import { afterEach, beforeEach, expect, test } from 'vitest';
import { gatherDigests } from '../../src/delivery/digest/gather-digests.js';
import type { Ctx } from '../../src/context.js';
import { enqueue } from '../../src/delivery/enqueue.js';
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
let sms: ScriptedSender;
beforeEach(async () => {
  ({ ctx, clock, close } = await testCtx());
  lan = await newPerson(ctx, 'Lan', { chats: ['zalo', 'telegram'], phone: '84912345678', channelOrder: ['sms', 'zalo', 'telegram'] });
  zalo = new ScriptedSender('zalo');
  sms = new ScriptedSender('sms', 'request-id');
});
afterEach(() => close());

const timeout = { kind: 'retry' as const, code: 'timeout', maybeSent: true };
const note = (lane: Lane = 'normal') => enqueue(ctx, { key: 'a', kind: 'note', lane, personId: lan._id.toString(), data: { n: 1 } });

/** Drains until nothing happens any more, however long that takes. */
async function drainAll(...senders: ScriptedSender[]): Promise<void> {
  for (let i = 0; i < 20; i++) {
    await drain(ctx, senders);
    clock.advance({ minutes: 16 });
  }
}

test('SMS leaves us in doubt and then refuses the number: the copy by Zalo says that it may be a repeat', async () => {
  sms.answer(timeout, { kind: 'unreachable', code: '-230' });
  await note();
  await drainAll(sms, zalo);
  expect(sms.sent).toHaveLength(2);
  expect(zalo.sent.map((s) => s.text)).toEqual([expect.stringMatching(/^Nhắc lại: Tin 1/)]);
  expect((await deliveryOf(ctx, 'a')).attempts).toMatchObject([{ outcome: 'unknown' }, { outcome: 'unreachable' }, { outcome: 'accepted', repeat: true }]);
});

test('asked again under the same request id, SMS takes it: one message, nothing marked', async () => {
  sms.answer(timeout, timeout);
  await note();
  await drainAll(sms, zalo);
  expect(sms.sent.map((s) => s.text)).toEqual(['Tin 1', 'Tin 1', 'Tin 1']);
  expect(zalo.sent).toHaveLength(0);
});

test('doubt at SMS and doubt at Zalo: no third way is tried, the office is told', async () => {
  const telegram = new ScriptedSender('telegram');
  await newPerson(ctx, 'Văn phòng', { chats: [], roles: ['office'] });
  sms.answer(timeout, { kind: 'unreachable', code: '-230' });
  zalo.answer(timeout);
  await note();
  await drainAll(sms, zalo, telegram);
  expect([sms.sent.length, zalo.sent.length, telegram.sent.length]).toEqual([2, 1, 0]);
  expect(await deliveryOf(ctx, 'a')).toMatchObject({ state: 'unknown', reason: 'unknown-twice' });
  expect(await noticesOf(ctx)).toEqual(['delivery-dead unknown-twice']);
});

test('a digest in doubt at SMS does not go out by another channel', async () => {
  sms.answer(timeout, { kind: 'unreachable', code: '-230' });
  await note('digest');
  await gatherDigests(ctx, {});
  await drainAll(sms, zalo);
  expect(zalo.sent).toHaveLength(0);
  expect(await deliveryOf(ctx, 'a')).toMatchObject({ state: 'unknown', reason: 'not-repeated' });
});

test('a process that stood still between its line in the ledger and the call does not call any more', async () => {
  const { Delivery } = ctx.db;
  let still = true;
  /** The answer to "sending" is seen only twelve seconds later, for the first time. */
  const bulkWrite = async (...given: Parameters<typeof Delivery.bulkWrite>) => {
    const result = await Delivery.bulkWrite(...given);
    if (still && JSON.stringify(given[0]).includes('"state":"sending"')) {
      still = false;
      clock.advance({ seconds: 12 });
    }
    return result;
  };
  const slow = new Proxy(Delivery, { get: (target, name) => (name === 'bulkWrite' ? bulkWrite : (Reflect.get(target, name, target) as unknown)) });
  await note();
  const paused: Ctx = { ...ctx, db: { ...ctx.db, Delivery: slow } };
  await drain(paused, [sms]);
  expect((await deliveryOf(ctx, 'a')).attempts).toMatchObject([{ outcome: 'paused', code: 'too-late' }, { outcome: 'accepted', repeat: false }]);
  expect(sms.sent.map((s) => s.text)).toEqual(['Tin 1']);
});
