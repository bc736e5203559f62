import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Ctx } from '../../src/context.js';
import type { ChannelHealth } from '../../src/delivery/channel-module.js';
import { enqueue } from '../../src/delivery/enqueue.js';
import { sealLedger } from '../../src/delivery/ledger/seal-ledger.js';
import type { Delivery } from '../../src/delivery/delivery.model.js';
import { followUp } from '../../src/delivery/receipts/follow-up.js';
import type { SendOutcome } from '../../src/delivery/sender.js';
import { createAlarmMail } from '../../src/mail/send-alarm.js';
import type { Person } from '../../src/people/person.model.js';
import { createWatch, type Watch } from '../../src/watch/watch.js';
import { openAlarmPost, type AlarmPost } from '../support/alarm-post.js';
import { drain, newPerson, ScriptedSender } from '../support/delivery-world.js';
import { testCtx } from '../support/test-ctx.js';
import type { TestClock } from '../support/test-clock.js';

const DOWN: SendOutcome = { kind: 'retry', code: 'http-503', maybeSent: false };

/** A sender whose provider may be gone. */
class Failing extends ScriptedSender {
  down = false;
  override async send(...args: Parameters<ScriptedSender['send']>): Promise<SendOutcome> {
    if (this.down) return DOWN;
    left.push({ at: clock.now(), text: args[1].text.replace(/^Nhắc lại(?: qua kênh khác)?: /, '').split('\n')[0] ?? '' });
    return super.send(...args);
  }
}

/** What reached a provider, in its order over all channels. */
let left: { at: Date; text: string }[];
let ctx: Ctx;
let clock: TestClock;
let close: () => Promise<void>;
let post: AlarmPost;
let watch: Watch;
let zalo: Failing;
let telegram: Failing;
let person: Person;
beforeEach(async () => {
  post = await openAlarmPost();
  ({ ctx, clock, close } = await testCtx('2026-11-20T01:00:00Z', post.env));
  left = [];
  [zalo, telegram] = [new Failing('zalo'), new Failing('telegram')];
  const health = (): Record<string, ChannelHealth> => Object.fromEntries([zalo, telegram].map(({ channel, down }) => [channel, down ? { state: 'failing', problem: `${channel} không trả lời.` } : { state: 'ok' }]));
  watch = createWatch(ctx, { channels: health, lastTickAt: () => ({}), dir: null, sendAlarm: createAlarmMail(ctx.config), heartbeat: null });
  person = await newPerson(ctx, 'Lan', { chats: ['zalo', 'telegram'] });
});
afterEach(async () => {
  await close();
  await post.stop();
});

const note = (key: string, more: Partial<Parameters<typeof enqueue>[1]> = {}) => enqueue(ctx, { key, kind: 'note', lane: 'normal', personId: String(person._id), data: { n: key }, ...more });
const pass = async (minutes: number) => {
  for (let half = 0; half < minutes * 2; half++) {
    clock.advance({ seconds: 30 });
    await drain(ctx, [zalo, telegram]);
    await followUp(ctx, ['zalo', 'telegram'], {});
    await sealLedger(ctx);
    await watch.look();
  }
};
const alarms = () => post.mails().map(({ subject, text }) => `${subject}\n${text}`);

test('every provider is gone at once: an operator knows within two minutes by mail, what can wait is kept, what is stale is dropped, and on return everything else leaves', async () => {
  [zalo.down, telegram.down] = [true, true];
  for (let i = 0; i < 5; i++) await note(`thường ${i}`);
  await note('khẩn', { lane: 'urgent' });
  await note('đã muộn', { expiresAt: new Date(clock.now().getTime() + 5 * 60_000) });
  await pass(2);
  const told = alarms().join('\n');
  for (const words of ['Cảnh báo', 'zalo không trả lời.', 'telegram không trả lời.']) expect(told).toContain(words);

  await pass(10);
  expect(left).toEqual([]);
  const states = await ctx.db.Delivery.find({ kind: 'note' }, { key: 1, state: 1, reason: 1 }).sort({ key: 1 }).lean<Delivery[]>();
  expect(states.find(({ key }) => key === 'đã muộn')).toMatchObject({ state: 'expired', reason: 'stale' });
  // Nothing that still has a use was given up.
  expect(states.filter(({ key }) => key.startsWith('thường')).map(({ state }) => state)).toEqual(Array(5).fill('planned'));

  [zalo.down, telegram.down] = [false, false];
  await pass(6);
  // An urgent one that nobody answers goes to the second channel too, as ever; nothing else is said twice.
  expect([...new Set(left.map(({ text }) => text))].sort()).toEqual(['Tin khẩn', ...Array.from({ length: 5 }, (_, i) => `Tin thường ${i}`)]);
  expect(left.filter(({ text }) => text !== 'Tin khẩn')).toHaveLength(5);
  const back = left[0]?.at.getTime() ?? 0;
  // Urgent means now: not after the pause that followed its last failure.
  expect(left.find(({ text }) => text === 'Tin khẩn')?.at.getTime()).toBeLessThanOrEqual(back + 30_000);
  expect(alarms().at(-1)).toContain('hoạt động bình thường trở lại');
}, 240_000);

test('the first message that gets through calls in the urgent one, however long its pause after so many failures still is', async () => {
  [zalo.down, telegram.down] = [true, true];
  await note('khẩn', { lane: 'urgent' });
  for (let i = 0; i < 5; i++) await note(`thường ${i}`);
  await pass(5);
  await ctx.db.Delivery.updateOne({ key: /khẩn/, state: 'planned' }, { $set: { notBefore: new Date(clock.now().getTime() + 15 * 60_000) } });

  [zalo.down, telegram.down] = [false, false];
  await pass(4);
  const urgent = left.find(({ text }) => text === 'Tin khẩn');
  expect(urgent?.at.getTime()).toBeLessThanOrEqual((left[0]?.at.getTime() ?? 0) + 30_000);
}, 240_000);
