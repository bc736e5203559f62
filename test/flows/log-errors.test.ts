import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { drainInbox } from '../../src/inbox/drain-inbox.js';
import { receive } from '../../src/inbox/receive.js';
import { createLog } from '../../src/log.js';
import { testCtx } from '../support/test-ctx.js';

const PHONE = '84912345678';
const WORDS = 'Noi dung rieng cua nguoi nhan';

/** A house whose log is read. */
async function loggedHouse() {
  const { ctx, close } = await testCtx('2026-11-19T03:00:00Z');
  const lines: string[] = [];
  const log = createLog('info', new Writable({ write: (chunk: Buffer, _encoding, done) => (lines.push(chunk.toString()), done()) }));
  return { ctx: { ...ctx, log }, close, logged: () => lines.join('') };
}

test('the database refuses an answer: the log says so without the answer, the number and what was sent in', async () => {
  const { ctx, close, logged } = await loggedHouse();
  await receive(ctx, { channel: 'sms', messageId: 'm1', chatId: PHONE, senderId: PHONE, kind: 'text', text: 'cau hoi rieng' });
  const answer = (key: string) => ({ key, kind: 'reply', chat: { channel: 'sms', to: PHONE }, data: { text: WORDS } });
  await ctx.db.Delivery.collection.insertOne(answer('k'));
  await drainInbox(ctx, { instance: 'test', handle: async ({ db }) => void (await db.Delivery.collection.insertMany([answer('k')])) });
  expect(logged()).toContain('"event":"inbox.failed"');
  expect(logged()).toContain('"code":11000');
  for (const kept of [WORDS, PHONE, 'cau hoi rieng']) expect(logged()).not.toContain(kept);
  await close();
});

test('a value of the wrong kind: the log names the field, not what stood there', async () => {
  const { ctx, close, logged } = await loggedHouse();
  const error: unknown = await ctx.db.Person.findById(WORDS).exec().catch((thrown: unknown) => thrown);
  ctx.log.error({ event: 'probe', err: error });
  expect(logged()).toContain('"message":"_id"');
  expect(logged()).not.toContain(WORDS);
  expect(logged()).toMatch(/"stack":"at /);
  await close();
});
