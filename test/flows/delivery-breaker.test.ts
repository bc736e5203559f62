import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Ctx } from '../../src/context.js';
import { enqueue } from '../../src/delivery/enqueue.js';
import type { Lane } from '../../src/delivery/intent.js';
import { followUp } from '../../src/delivery/receipts/follow-up.js';
import { drain, newPerson, ScriptedSender } from '../support/delivery-world.js';
import { testCtx } from '../support/test-ctx.js';
import type { TestClock } from '../support/test-clock.js';

let ctx: Ctx;
let clock: TestClock;
let close: () => Promise<void>;
beforeEach(async () => {
  ({ ctx, clock, close } = await testCtx());
});
afterEach(() => close());

const policy = { quiet: null, digest: { at: '07:30', spreadMs: 0, staleMs: 24 * 3_600_000, graceMs: 0 } };

test('Zalo is down for ten minutes: five calls notice, then one a minute; urgent ones leave by Telegram at once; the others wait and come back without a flood', async () => {
  const people = await Promise.all(Array.from({ length: 30 }, (_, i) => newPerson(ctx, `P${i}`, { chats: ['zalo', 'telegram'] })));
  const note = (n: number, lane: Lane) => enqueue(ctx, { key: `${lane}${n}`, kind: 'note', lane, personId: String(people[n % people.length]?._id), data: { n } });
  let down = true;
  const calls: number[] = [];
  const zalo = new ScriptedSender('zalo');
  zalo.send = async (to, { text }, { key }) => {
    calls.push(clock.now().getTime());
    if (down) return { kind: 'retry', code: 'ECONNREFUSED', maybeSent: false };
    zalo.sent.push({ to, text, key });
    return { kind: 'accepted', providerId: `z${zalo.sent.length}` };
  };
  const telegram = new ScriptedSender('telegram');
  for (let n = 0; n < 30; n++) await note(n, 'normal');
  await drain(ctx, [zalo, telegram], { policy });
  const noticed = calls.length;
  await note(1, 'urgent');
  await drain(ctx, [zalo, telegram], { policy, instance: 'two' });
  expect(telegram.sent.map(({ key }) => key)).toEqual(['urgent1']);
  expect(calls).toHaveLength(noticed);
  for (let second = 0; second < 600; second += 5) {
    clock.advance({ seconds: 5 });
    await Promise.all([drain(ctx, [zalo, telegram], { policy }), drain(ctx, [zalo, telegram], { policy, instance: 'two' })]);
  }
  expect(calls.length - noticed).toBeGreaterThanOrEqual(8);
  expect(calls.length - noticed).toBeLessThanOrEqual(10);
  expect(telegram.sent.filter(({ key }) => key.startsWith('normal'))).toEqual([]);
  down = false;
  for (let second = 0; second < 600 && zalo.sent.length < 30; second += 5) {
    clock.advance({ seconds: 5 });
    await drain(ctx, [zalo, telegram], { policy });
  }
  expect(new Set(zalo.sent.map(({ key }) => key)).size).toBe(30);
}, 120_000);

/** So many half minutes, with a look after each. */
const halfMinutes = async (count: number, senders: readonly ScriptedSender[]) => {
  for (let i = 0; i < count; i++) {
    clock.advance({ seconds: 30 });
    await drain(ctx, senders, { policy });
    await followUp(ctx, senders.map(({ channel }) => channel), {});
  }
};

test('every way to a person is down for half a day: the message is kept, the Office is told once whom to call, and it leaves when a way is back', async () => {
  const lan = await newPerson(ctx, 'Lan', { chats: ['zalo', 'telegram'] });
  await newPerson(ctx, 'Thu', { chats: ['zalo-bot'], roles: ['office'] });
  const [zalo, telegram, office] = [new ScriptedSender('zalo'), new ScriptedSender('telegram'), new ScriptedSender('zalo-bot')];
  let down = true;
  const calls: string[] = [];
  for (const sender of [zalo, telegram]) {
    const send = sender.send.bind(sender);
    sender.send = async (to, message, call) => {
      calls.push(call.key);
      return down ? { kind: 'retry', code: 'http-503', maybeSent: false } : send(to, message, call);
    };
  }
  await enqueue(ctx, { key: 'urgent', kind: 'note', lane: 'urgent', personId: String(lan._id), data: { n: 1 } });
  await enqueue(ctx, { key: 'ordinary', kind: 'note', lane: 'normal', personId: String(lan._id), data: { n: 2 } });
  await halfMinutes(12 * 120, [zalo, telegram, office]);
  expect(await ctx.db.Delivery.countDocuments({ key: { $in: ['urgent', 'ordinary'] }, state: 'planned' })).toBe(2);
  // Once a minute and way at most, and the urgent one does not keep the ordinary one from its turn.
  expect(calls.length).toBeLessThan(12 * 120 + 20);
  expect(calls.filter((key) => key === 'ordinary').length).toBeGreaterThan(20);
  const told = office.sent.filter(({ text }) => text.includes('các kênh của người nhận đang gián đoạn'));
  expect(told).toHaveLength(1);

  down = false;
  await halfMinutes(6, [zalo, telegram, office]);
  expect([...zalo.sent, ...telegram.sent].map(({ key }) => key).filter((key, i, all) => all.indexOf(key) === i).sort()).toEqual(['ordinary', 'urgent']);
}, 240_000);

test('one message that is itself the trouble does not shut the channel for the others, and is given up', async () => {
  const lan = await newPerson(ctx, 'Lan', { chats: ['zalo'] });
  await newPerson(ctx, 'Thu', { chats: ['zalo-bot'], roles: ['office'], phone: '84912345678' });
  const [zalo, office] = [new ScriptedSender('zalo'), new ScriptedSender('zalo-bot')];
  const send = zalo.send.bind(zalo);
  zalo.send = async (to, message, call) => (call.key === 'poison' ? { kind: 'retry', code: 'http-500', maybeSent: false } : send(to, message, call));
  await enqueue(ctx, { key: 'poison', kind: 'note', lane: 'urgent', personId: String(lan._id), data: { n: 0 } });
  await halfMinutes(20, [zalo, office]);
  for (let n = 1; n <= 12; n++) {
    await enqueue(ctx, { key: `ordinary${n}`, kind: 'note', lane: 'normal', personId: String(lan._id), data: { n } });
    await halfMinutes(8, [zalo, office]);
    expect(zalo.sent.map(({ key }) => key)).toContain(`ordinary${n}`);
  }
  expect(await ctx.db.Delivery.findOne({ key: 'poison' })).toMatchObject({ state: 'dead', reason: 'attempts-exhausted' });
  expect(office.sent).toHaveLength(1);
}, 240_000);
