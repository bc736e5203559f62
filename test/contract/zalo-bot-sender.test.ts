import { afterEach, beforeEach, expect, test } from 'vitest';
import { chosen, offer } from '../../bots/zalo/bot/choices.js';
import { botUse, countSent } from '../../bots/zalo/bot/quota.js';
import { readConfig } from '../../src/config.js';
import type { ChatLink } from '../../src/people/links/chat-link.model.js';
import { zaloBotBench } from '../support/zalo-bot.js';

const LAN = 'a6f0c2d94b1e87350f2d';
let bench: Awaited<ReturnType<typeof zaloBotBench>>;

beforeEach(async () => {
  bench = await zaloBotBench();
  await bench.bot.network.say(LAN, 'chào');
});
afterEach(() => bench.close());

const screen = () => bench.bot.network.messagesOf(LAN).filter((m) => m.from === 'bot').map((m) => m.text);

test('accepted, with the id of what the phone shows, and counted for the month', async () => {
  const outcome = await bench.send(LAN, { text: '🔔 Nhắc việc', buttons: [{ label: 'Cập nhật', command: '/capnhat NV-2026-00012' }] });
  expect(outcome).toEqual({ kind: 'accepted', providerId: bench.bot.network.messagesOf(LAN).at(-1)?.id });
  expect(screen()).toEqual(['🔔 Nhắc việc\nTrả lời số: 1. Cập nhật']);
  expect(await botUse(bench.ctx)).toMatchObject({ month: '2026-11', sent: 1, sentLimit: 3_000, userLimit: 50 });
});

test('every message numbers its choices from 1', async () => {
  const message = { text: 'Họp', buttons: [{ label: 'Đã nhận', command: '/xacnhan HOP-2026-00001' }] };
  const again = (key: string) => bench.channel.sender.send(LAN, message, { key, signal: AbortSignal.timeout(5_000) });
  for (const key of ['one', 'one', 'two']) await again(key);
  expect(screen().map((text) => text.split('\n')[1])).toEqual(['Trả lời số: 1. Đã nhận', 'Trả lời số: 1. Đã nhận', 'Trả lời số: 1. Đã nhận']);
});

test('while a report is awaited "1" is a percent until a newer list is shown; before, after and for a week it is what stood beside it', async () => {
  const update = { label: 'Cập nhật', command: '/capnhat NV-2026-00012' };
  await bench.send(LAN, { text: 'Nhắc việc', buttons: [update] });
  bench.clock.advance({ seconds: 10 });
  const now = bench.clock.now();
  const until = new Date(now.getTime() + 600_000);
  const link: Omit<ChatLink, '_id' | 'deadAt' | 'personId'> & { personId: string } = { channel: 'zalo-bot', chatId: LAN, senderId: LAN, personId: '64b000000000000000000001', linkedAt: now, linkedBy: 'code', lastInboundAt: now, awaiting: { kind: 'progress', taskCode: 'NV-2026-00012', until } };
  expect(await chosen(bench.ctx, LAN, '1')).toEqual({ command: '/capnhat NV-2026-00012' });
  await bench.ctx.db.ChatLink.create(link as never);
  expect(await chosen(bench.ctx, LAN, '1')).toBeUndefined();
  // Offered after the question and perhaps not seen yet: a percent, or this? From then on it is this.
  bench.clock.advance({ minutes: 1 });
  await bench.send(LAN, { text: 'Chưa rõ', buttons: [update] });
  expect(await chosen(bench.ctx, LAN, '1')).toEqual({ choices: [update, { label: 'Ghi 1% vào NV-12', command: '/capnhat NV-2026-00012 1%' }] });
  bench.clock.advance({ seconds: 10 });
  expect(await chosen(bench.ctx, LAN, '1')).toEqual({ command: '/capnhat NV-2026-00012' });
  bench.clock.advance({ minutes: 10 });
  expect(await chosen(bench.ctx, LAN, '1')).toEqual({ command: '/capnhat NV-2026-00012' });
  expect(await chosen(bench.ctx, 'somebody-else', '1')).toBeUndefined();
  bench.clock.advance({ days: 7 });
  expect(await chosen(bench.ctx, LAN, '1')).toBeUndefined();
});

test('two instances writing to one chat at once lose no offer; what surely never left is none', async () => {
  const choices = (i: number) => [{ label: 'Chi tiết', command: `/chitiet ${i}` }];
  await Promise.all(Array.from({ length: 8 }, (_, i) => offer(bench.ctx, LAN, { key: `k${i}`, choices: choices(i) })));
  bench.clock.advance({ minutes: 1 });
  // Nobody knows yet which of them the phone shows.
  expect(await chosen(bench.ctx, LAN, '1')).toMatchObject({ choices: { length: 8 } });
  await bench.send(LAN, { text: 'Họp', buttons: [{ label: 'Đã nhận', command: '/xacnhan HOP-2026-00001' }] });
  bench.bot.network.misbehave('flood-429', 1);
  await bench.send(LAN, { text: 'x', buttons: choices(9) });
  bench.clock.advance({ minutes: 1 });
  expect(await chosen(bench.ctx, LAN, '1')).toEqual({ command: '/xacnhan HOP-2026-00001' });
});

test('429: the channel pauses; lasting or with the month used up, the person is sought elsewhere', async () => {
  bench.bot.network.misbehave('flood-429', 2);
  expect(await bench.send(LAN, 'x')).toEqual({ kind: 'retry', code: 'zalo-bot:429', afterMs: 60_000, maybeSent: false, pauseChannel: true });
  bench.clock.advance({ minutes: 10 });
  expect(await bench.send(LAN, 'x')).toEqual({ kind: 'unreachable', code: 'zalo-bot:quota' });
  expect(await bench.send(LAN, 'x')).toMatchObject({ kind: 'accepted' });
  await bench.ctx.db.State.updateOne({ _id: 'zalo-bot:month:2026-11' }, { $set: { 'value.sent': 3_000 } });
  bench.bot.setSent(3_000);
  expect(await bench.send(LAN, 'x')).toEqual({ kind: 'unreachable', code: 'zalo-bot:quota' });
  expect(bench.channel.health()).toMatchObject({ state: 'failing' });
});

test.each([
  [400, 'Bad Request: invalid chat_id', { kind: 'unreachable', dead: true }],
  [400, 'Bad Request: parse_mode', { kind: 'unreachable' }],
  [403, 'Internal server error', { kind: 'retry', maybeSent: true }],
  [408, 'Request timeout', { kind: 'retry', maybeSent: true }],
  [500, 'Oops', { kind: 'retry', maybeSent: true }],
])('200 with error %i (%s) inside', async (code, description, outcome) => {
  bench.bot.failNext({ kind: 'error', code, description });
  expect(await bench.send(LAN, 'x')).toMatchObject({ ...outcome, code: `zalo-bot:${code}` });
});

test('somebody who never wrote to the bot', async () => {
  expect(await bench.send('b7f0c2d94b1e87350f2d', 'x')).toEqual({ kind: 'unreachable', code: 'zalo-bot:400', dead: true });
});

test('too long, emoji, combining marks: arrives, cut on a word, choices kept', async () => {
  await bench.send(LAN, { text: 'từ '.repeat(1_500), buttons: [{ label: 'Chi tiết', command: '/chitiet NV-2026-00001' }] });
  await bench.send(LAN, `👨‍👩‍👧 ${'Tiếng Việt'.normalize('NFD')} 🏳️‍🌈\ud800`);
  expect(screen()[0]?.length).toBeLessThanOrEqual(2_000);
  expect(screen()[0]).toMatch(/từ\n… \(tin dài, đã rút gọn[^\n]*\)\nTrả lời số: 1\. Chi tiết$/);
  expect(screen()[1]).toBe('👨‍👩‍👧 Tiếng Việt 🏳️‍🌈\ufffd');
});

test('a wrong token stops the channel', async () => {
  const config = readConfig({ ZALO_BOT_TOKEN: '1:another-secret', ZALO_BOT_API_ROOT: bench.bot.apiRoot });
  const channel = bench.channelWith({ config });
  expect(await channel.sender.send(LAN, { text: 'x' }, { key: 'k', signal: AbortSignal.timeout(5_000) })).toEqual({ kind: 'rejected', code: 'zalo-bot:401' });
  await channel.stop?.();
});

test('a month begins at midnight in Vietnam', async () => {
  bench.clock.set('2026-11-30T16:59:59Z');
  await countSent(bench.ctx);
  bench.clock.set('2026-11-30T17:00:00Z');
  await countSent(bench.ctx);
  expect(await botUse(bench.ctx)).toMatchObject({ month: '2026-12', sent: 1 });
});

