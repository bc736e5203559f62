import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Ctx } from '../../src/context.js';
import { enqueue } from '../../src/delivery/enqueue.js';
import { claimBatch } from '../../src/delivery/outbox/claim.js';
import { beginCall } from '../../src/delivery/outbox/settle.js';
import { defaultPolicy } from '../../src/delivery/policy.js';
import type { Found, Sender } from '../../src/delivery/sender.js';
import type { Person } from '../../src/people/person.model.js';
import { deliveryOf, drain, newPerson, noticesOf, ScriptedSender } from '../support/delivery-world.js';
import { testCtx } from '../support/test-ctx.js';
import type { TestClock } from '../support/test-clock.js';

let ctx: Ctx;
let clock: TestClock;
let close: () => Promise<void>;
let lan: Person;
let zalo: ScriptedSender;
let telegram: ScriptedSender;
beforeEach(async () => {
  ({ ctx, clock, close } = await testCtx());
  lan = await newPerson(ctx, 'Lan', { chats: ['zalo', 'telegram'] });
  zalo = new ScriptedSender('zalo');
  telegram = new ScriptedSender('telegram');
});
afterEach(() => close());

const timeout = { kind: 'retry' as const, code: 'timeout', maybeSent: true };
const note = () => enqueue(ctx, { key: 'a', kind: 'note', lane: 'urgent', personId: String(lan._id), data: { n: 1 } });

/** Zalo, whose provider can be asked and answers so; questions are kept. */
function askable(...answers: (Found | 'hangs' | 'throws')[]): { sender: Sender; questions: string[] } {
  const questions: string[] = [];
  const find: Sender['find'] = async ({ key, to }) => {
    questions.push(`${key} ${to}`);
    const answer = answers.shift() ?? { kind: 'unknown' };
    if (answer === 'throws') throw new TypeError('terminated');
    return answer === 'hangs' ? new Promise(() => {}) : answer;
  };
  return { sender: { channel: 'zalo', truth: 'none', send: zalo.send.bind(zalo), find }, questions };
}

async function drainAll(...senders: Sender[]): Promise<void> {
  for (let i = 0; i < 5; i++) {
    await drain(ctx, senders);
    clock.advance({ seconds: 30 });
  }
}

test('the provider has it: accepted under its id, nobody gets a second copy', async () => {
  zalo.answer(timeout);
  const { sender, questions } = askable({ kind: 'sent', providerId: 'z-77' });
  await note();
  await drainAll(sender, telegram);
  expect([zalo.sent.length, telegram.sent.length]).toEqual([1, 0]);
  expect(questions).toEqual([`a ${String(zalo.sent[0]?.to)}`]);
  expect(await deliveryOf(ctx, 'a')).toMatchObject({ state: 'accepted', channel: 'zalo', providerId: 'z-77', text: 'Tin 1', attempts: [{ outcome: 'accepted' }] });
});

test('the provider never heard of it: sent again, unmarked, and it counts as no copy', async () => {
  zalo.answer(timeout, timeout);
  const { sender } = askable({ kind: 'not-sent' }, { kind: 'not-sent' });
  await note();
  await drainAll(sender, telegram);
  expect([...zalo.sent, ...telegram.sent].map(({ text }) => text)).toEqual(['Tin 1', 'Tin 1', 'Tin 1']);
  expect(await deliveryOf(ctx, 'a')).toMatchObject({ state: 'accepted' });
});

test('the provider does not know either: asked once, then one marked repeat by another way', async () => {
  zalo.answer(timeout);
  const { sender, questions } = askable({ kind: 'unknown' });
  await note();
  await drainAll(sender, telegram);
  expect(questions).toHaveLength(1);
  expect(telegram.sent.map(({ text }) => text)).toEqual([expect.stringMatching(/^Nhắc lại: Tin 1/)]);
});

test('a second doubt is asked about before anything is given up: not sent, and it goes on; unknown, and the office is told', async () => {
  await newPerson(ctx, 'Văn phòng', { chats: [], roles: ['office'] });
  zalo.answer(timeout);
  telegram.answer(timeout);
  const { sender } = askable({ kind: 'unknown' });
  const other: Sender = { channel: 'telegram', truth: 'none', send: telegram.send.bind(telegram), find: async () => ({ kind: 'not-sent' }) };
  await note();
  await drainAll(sender, other);
  expect([zalo.sent.length, telegram.sent.length]).toEqual([1, 2]);
  expect(await noticesOf(ctx)).toEqual([]);
  zalo.answer(timeout, timeout);
  telegram.answer(timeout, timeout);
  await enqueue(ctx, { key: 'b', kind: 'note', lane: 'urgent', personId: String(lan._id), data: { n: 2 } });
  const neither = askable({ kind: 'unknown' }, 'throws');
  await drainAll(neither.sender, { ...other, find: async () => ({ kind: 'unknown' }) });
  expect(await deliveryOf(ctx, 'b')).toMatchObject({ state: 'unknown', reason: 'unknown-twice' });
  expect(await noticesOf(ctx)).toEqual(['delivery-dead unknown-twice']);
});

test('the process dies while it asks: the next one asks again, and nothing is sent meanwhile', async () => {
  zalo.answer(timeout);
  await note();
  await drain(ctx, [zalo, telegram]);
  clock.advance({ seconds: 3 });
  // Held for the question, and never heard of again.
  await ctx.db.Delivery.updateOne({ key: 'a' }, { $set: { state: 'sending', claimedBy: 'dead#1', claimedUntil: new Date(clock.now().getTime() + 15_000) }, $inc: { fence: 1 } });
  const { sender, questions } = askable({ kind: 'sent', providerId: 'z-1' });
  await drain(ctx, [sender, telegram]);
  expect(questions).toHaveLength(0);
  clock.advance({ seconds: 15 });
  await drainAll(sender, telegram);
  expect([questions.length, zalo.sent.length, telegram.sent.length]).toEqual([1, 1, 0]);
  expect(await deliveryOf(ctx, 'a')).toMatchObject({ state: 'accepted', providerId: 'z-1' });
});

test('a worker vanished in its call: "never heard of it" counts when it is said twice, a call’s length apart, since the call may still be on its way', async () => {
  const { sender, questions } = askable({ kind: 'not-sent' }, { kind: 'sent', providerId: 'z-late' });
  await note();
  const rooms = new Map([['zalo', { urgent: 10, ordinary: 10 }]] as const);
  const [held] = await claimBatch(ctx, { instance: 'other', limit: 10, leaseMs: defaultPolicy.leaseMs, rooms, goRound: new Map() });
  if (!held) return expect.unreachable('nothing was due');
  await beginCall(ctx, held, { channel: 'zalo', to: 'z1', repeat: false, leaseMs: defaultPolicy.leaseMs });
  // The database's clock is set forward: the call is only a moment old.
  clock.advance({ seconds: 47 });
  await drain(ctx, [sender, telegram]);
  await drain(ctx, [sender, telegram]);
  expect([questions.length, zalo.sent.length, telegram.sent.length]).toEqual([1, 0, 0]);
  clock.advance({ ms: defaultPolicy.callTimeoutMs + 1_000 });
  await drain(ctx, [sender, telegram]);
  expect([questions.length, zalo.sent.length, telegram.sent.length]).toEqual([2, 0, 0]);
  expect(await deliveryOf(ctx, 'a')).toMatchObject({ state: 'accepted', providerId: 'z-late' });
});
