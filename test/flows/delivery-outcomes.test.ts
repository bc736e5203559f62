import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Ctx } from '../../src/context.js';
import { enqueue } from '../../src/delivery/enqueue.js';
import type { Person } from '../../src/people/person.model.js';
import { deliveryOf, drain, newPerson, noticesOf, ScriptedSender } from '../support/delivery-world.js';
import { testCtx } from '../support/test-ctx.js';
import type { TestClock } from '../support/test-clock.js';

let ctx: Ctx;
let clock: TestClock;
let close: () => Promise<void>;
let lan: Person;
beforeEach(async () => {
  ({ ctx, clock, close } = await testCtx());
  lan = await newPerson(ctx, 'Lan', { chats: ['zalo', 'telegram'], phone: '84912345678' });
  await newPerson(ctx, 'Văn phòng', { chats: ['telegram'], roles: ['office'] });
});
afterEach(() => close());

const note = (key: string, lane: 'urgent' | 'normal' | 'digest' = 'normal') =>
  enqueue(ctx, { key, kind: 'note', lane, personId: lan._id.toString(), data: { n: 1 } });

test('accepted: the ledger knows channel, address, text and the provider’s id', async () => {
  const zalo = new ScriptedSender('zalo');
  await note('a');
  await note('a');
  expect(await drain(ctx, [zalo])).toBe(1);
  expect(zalo.sent).toHaveLength(1);
  const delivery = await deliveryOf(ctx, 'a');
  expect(delivery).toMatchObject({ state: 'accepted', channel: 'zalo', to: zalo.sent[0]?.to, text: 'Tin 1', providerId: 'zalo-1', claimedBy: null });
  expect(delivery.attempts).toMatchObject([{ channel: 'zalo', outcome: 'accepted', repeat: false }]);
});

test('a failure that was not heard is tried again with growing pauses; then the office is told whom to call', async () => {
  await ctx.db.ChatLink.deleteOne({ personId: lan._id, channel: 'telegram' });
  const failing = new ScriptedSender('zalo');
  const send = failing.send.bind(failing);
  const calls: string[] = [];
  // The channel works for others: it is this message's own failure.
  failing.send = async (to, message, call) => {
    calls.push(call.key);
    return call.key === 'a' ? { kind: 'retry', code: '503', maybeSent: false } : send(to, message, call);
  };
  const telegram = new ScriptedSender('telegram');
  const own = () => calls.filter((key) => key === 'a').length;
  await note('a');
  for (let i = 0; i < 8; i++) {
    await drain(ctx, [failing, telegram]);
    expect(own()).toBe(i + 1);
    await note(`other ${i}`);
    await drain(ctx, [failing, telegram]);
    if (i < 7) expect(own()).toBe(i + 1);
    clock.advance({ minutes: 16 });
  }
  const delivery = await deliveryOf(ctx, 'a');
  expect(delivery).toMatchObject({ state: 'dead', reason: 'attempts-exhausted', triedChannels: ['zalo'] });
  expect(delivery.attempts).toHaveLength(8);
  expect(telegram.sent.map((s) => s.text)).toEqual([expect.stringContaining('0912 345 678')]);
});

test('429 rests the channel for every instance; nothing is called before, nobody’s attempts are used up', async () => {
  const zalo = new ScriptedSender('zalo').answer({ kind: 'retry', code: '429', afterMs: 2_000, maybeSent: false, pauseChannel: true });
  await note('a');
  await drain(ctx, [zalo]);
  await note('b');
  clock.advance({ ms: 1_999 });
  expect(await drain(ctx, [zalo], { instance: 'two' })).toBe(0);
  clock.advance({ ms: 1 });
  await drain(ctx, [zalo], { instance: 'two' });
  expect(zalo.sent).toHaveLength(3);
  expect(await deliveryOf(ctx, 'a')).toMatchObject({ state: 'accepted', triedChannels: [] });
});

test('an urgent message goes round a channel that rests long, an ordinary one waits for it', async () => {
  const zalo = new ScriptedSender('zalo').answer({ kind: 'retry', code: '429', afterMs: 60_000, maybeSent: false, pauseChannel: true });
  const telegram = new ScriptedSender('telegram');
  await note('urgent', 'urgent');
  await note('ordinary');
  await drain(ctx, [zalo, telegram]);
  expect(telegram.sent.map((s) => s.key)).toEqual(['urgent']);
  clock.advance({ minutes: 1 });
  await drain(ctx, [zalo, telegram]);
  expect(zalo.sent.map((s) => s.key).slice(1)).toContain('ordinary');
});

test('unreachable: the next channel at once; a dead chat is marked and the office hears of it once', async () => {
  const zalo = new ScriptedSender('zalo').answer({ kind: 'unreachable', code: '-213', dead: true });
  const telegram = new ScriptedSender('telegram');
  await note('a');
  await drain(ctx, [zalo, telegram]);
  await note('b');
  await drain(ctx, [zalo, telegram]);
  expect(zalo.sent).toHaveLength(1);
  expect(telegram.sent.filter((s) => s.key === 'a' || s.key === 'b')).toHaveLength(2);
  expect(await noticesOf(ctx)).toEqual(['chat-dead zalo']);
  expect((await ctx.db.ChatLink.findOne({ personId: lan._id, channel: 'zalo' }))?.deadAt).toEqual(clock.now());
});

test('no channel left: dead with the reason, one notice, and no notice about a notice', async () => {
  const zalo = new ScriptedSender('zalo').answer({ kind: 'unreachable', code: '-213' });
  await note('a');
  await drain(ctx, [zalo]);
  expect(await deliveryOf(ctx, 'a')).toMatchObject({ state: 'dead', reason: 'no-channel' });
  // The office has only Telegram, which is not configured here: its notice dies quietly.
  await drain(ctx, [zalo]);
  expect(await noticesOf(ctx)).toEqual(['delivery-dead no-channel']);
});

test('rejected: the channel rests, others take over, the office is told once an hour', async () => {
  const refuse = { kind: 'rejected' as const, code: '401' };
  const zalo = new ScriptedSender('zalo').answer(refuse, refuse);
  const telegram = new ScriptedSender('telegram');
  await note('a');
  await drain(ctx, [zalo, telegram]);
  expect([zalo.sent.length, telegram.sent.filter((s) => s.key === 'a').length]).toEqual([1, 1]);
  clock.advance({ minutes: 2 });
  await note('b');
  await drain(ctx, [zalo, telegram]);
  expect(zalo.sent).toHaveLength(2);
  expect(await noticesOf(ctx)).toEqual(['channel-stopped zalo']);
});

test('a renderer that fails is our bug: tried again, then parked and shown, others go on', async () => {
  const zalo = new ScriptedSender('zalo');
  await enqueue(ctx, { key: 'bad', kind: 'nobody-knows-this', lane: 'normal', personId: lan._id.toString() });
  for (let i = 0; i < 9; i++) {
    await drain(ctx, [zalo]);
    clock.advance({ minutes: 16 });
  }
  expect(await deliveryOf(ctx, 'bad')).toMatchObject({ state: 'dead', reason: 'not-renderable' });
  expect(zalo.sent).toHaveLength(0);
});
