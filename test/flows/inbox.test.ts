import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Ctx } from '../../src/context.js';
import { drainInbox } from '../../src/inbox/drain-inbox.js';
import { receive } from '../../src/inbox/receive.js';
import { testCtx } from '../support/test-ctx.js';
import type { TestClock } from '../support/test-clock.js';

let ctx: Ctx;
let clock: TestClock;
let close: () => Promise<void>;
beforeEach(async () => {
  ({ ctx, clock, close } = await testCtx());
});
afterEach(() => close());

const said = (chatId: string, messageId: string) => receive(ctx, { channel: 'telegram', messageId, chatId, senderId: chatId, kind: 'text', text: `tin ${messageId}` });

test('the same update twice, also at once, is kept once', async () => {
  expect(await Promise.all([said('a', '1'), said('a', '1')])).toEqual(expect.arrayContaining(['new', 'duplicate']));
  expect(await said('a', '1')).toBe('duplicate');
  expect(await ctx.db.Inbound.countDocuments()).toBe(1);
});

test('in order within a chat, whatever number of instances; each once; the cause names the message', async () => {
  for (let i = 0; i < 20; i++) await said(i % 2 ? 'a' : 'b', String(i));
  const seen: Record<string, number[]> = { a: [], b: [] };
  const causes = new Set<string>();
  const handle = async (work: Ctx, message: { chatId: string; messageId: string }) => {
    causes.add(work.cause);
    seen[message.chatId]?.push(Number(message.messageId));
  };
  const runs = await Promise.all(['one', 'two', 'three'].map((instance) => drainInbox(ctx, { handle, instance })));
  expect(runs.reduce((sum, n) => sum + n, 0)).toBe(20);
  expect(seen['a']).toEqual([1, 3, 5, 7, 9, 11, 13, 15, 17, 19]);
  expect(seen['b']).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18]);
  expect(causes.has('telegram:7')).toBe(true);
});

test('a message that keeps failing is parked after five attempts with the error’s name only; its chat waits, others do not', async () => {
  await said('a', '1');
  await said('a', '2');
  await said('b', '3');
  const done: string[] = [];
  const handle = async (_work: Ctx, message: { messageId: string }) => {
    if (message.messageId === '1') throw new TypeError('không đọc được 0912345678');
    done.push(message.messageId);
  };
  await drainInbox(ctx, { handle, instance: 'one' });
  expect(done).toEqual(['3']);
  for (let i = 0; i < 4; i++) {
    clock.advance({ seconds: 10 });
    await drainInbox(ctx, { handle, instance: 'one' });
  }
  expect(done).toEqual(['3', '2']);
  expect(await ctx.db.Inbound.findOne({ messageId: '1' }).lean()).toMatchObject({ state: 'parked', attempts: 5, lastError: 'TypeError' });
});

test('a worker that dies, or sleeps over its lease: another goes on, and the sleeper’s end writes nothing', async () => {
  await said('a', '1');
  await said('a', '2');
  const done: string[] = [];
  let wakeUp = (): void => {};
  const sleeper = drainInbox(ctx, { instance: 'one', handle: async () => new Promise((resolve) => { wakeUp = resolve; }) });
  for (let claimed = 0; claimed === 0; ) claimed = await ctx.db.Inbound.countDocuments({ state: 'claimed' });
  const handle = async (_work: Ctx, message: { messageId: string }) => void done.push(message.messageId);
  expect(await drainInbox(ctx, { handle, instance: 'two' })).toBe(0);
  clock.advance({ seconds: 30 });
  expect(await drainInbox(ctx, { handle, instance: 'two' })).toBe(2);
  const before = await ctx.db.Inbound.find().sort({ _id: 1 }).lean();
  wakeUp();
  await sleeper;
  expect(done).toEqual(['1', '2']);
  expect(await ctx.db.Inbound.find().sort({ _id: 1 }).lean()).toEqual(before);
});
