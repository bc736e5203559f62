import { inspect } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { StateRecord } from '../../src/db/state.model.js';
import { messageCalls, refreshCalls, zaloBench } from '../support/zalo.js';

const lan = '7011000000000000001';
let bench: Awaited<ReturnType<typeof zaloBench>>;

beforeEach(async () => {
  bench = await zaloBench();
  bench.zalo.follow(lan);
});
afterEach(() => bench.close());

const screen = () => bench.zalo.network.messagesOf(lan).map((m) => m.text);

test('accepted, with the provider id of what the phone shows', async () => {
  const outcome = await bench.send(lan, '🔔 Nhắc việc · NV-2026-00012');
  expect(outcome).toEqual({ kind: 'accepted', providerId: bench.zalo.network.messagesOf(lan)[0]?.id });
  expect(screen()).toEqual(['🔔 Nhắc việc · NV-2026-00012']);
});

test('too fast: the whole OA pauses', async () => {
  bench.zalo.network.misbehave('flood-429');
  expect(await bench.send(lan, 'x')).toEqual({ kind: 'retry', code: 'zalo:-32', afterMs: 60_000, maybeSent: false, pauseChannel: true });
});

test.each([
  [-213, 'unreachable'],
  [-230, 'unreachable'],
  [-224, 'rejected'],
  [-200, 'retry'],
])('200 with error %i inside -> %s', async (code, kind) => {
  bench.zalo.failNext({ kind: 'error', code });
  expect(await bench.send(lan, 'x')).toMatchObject({ kind, code: `zalo:${code}` });
});

test('a long text arrives whole, in order, buttons under the last part', async () => {
  const text = Array.from({ length: 60 }, (_, i) => `${i + 1}. NV-2026-${String(i).padStart(5, '0')} Rà soát, sơ tán các hộ trong vùng nguy cơ cao`).join('\n');
  const outcome = await bench.channel.sender.send(lan, { text, buttons: [{ label: 'Chi tiết', command: '/chitiet NV-2026-00001' }] }, { key: 'k', signal: AbortSignal.timeout(5_000) });
  const shown = bench.zalo.network.messagesOf(lan);
  expect(shown.length).toBeGreaterThan(1);
  expect(shown.map((m) => m.text).join('\n')).toBe(text);
  expect(shown.map((m) => m.buttons.length)).toEqual([...shown.slice(1).map(() => 0), 1]);
  expect(outcome).toEqual({ kind: 'accepted', providerId: shown.at(-1)?.id });
});

test('a failure after the first part is never called "not sent"', async () => {
  const text = 'từ '.repeat(900);
  const unbroken = bench.zalo.network.onChange(() => bench.zalo.network.misbehave('flood-429'));
  expect(await bench.send(lan, text)).toMatchObject({ kind: 'retry', code: 'zalo:-32', maybeSent: true });
  unbroken();
});

test('a stranger, and one who left', async () => {
  expect(await bench.send('7099999999999999999', 'x')).toMatchObject({ kind: 'unreachable', code: 'zalo:-201', dead: true });
  await bench.zalo.network.unfollow(lan);
  expect(await bench.send(lan, 'x')).toMatchObject({ kind: 'unreachable', code: 'zalo:-213', dead: true });
});

test('silent for more than seven days: known without a call', async () => {
  const now = bench.clock.now();
  await bench.ctx.db.ChatLink.create({ channel: 'zalo', chatId: lan, senderId: lan, personId: '64b000000000000000000001', linkedAt: now, linkedBy: 'code', lastInboundAt: now });
  bench.clock.advance({ days: 7 });
  expect(await bench.send(lan, 'vừa kịp')).toMatchObject({ kind: 'accepted' });
  bench.clock.advance({ ms: 1 });
  const before = bench.zalo.network.calls().length;
  expect(await bench.send(lan, 'trễ')).toEqual({ kind: 'unreachable', code: 'window-closed' });
  expect(bench.zalo.network.calls()).toHaveLength(before);
});

test('a state-agency OA: the older endpoint takes over after -235, for good and on all instances', async () => {
  bench.zalo.becomeStateAgency();
  expect(await bench.send(lan, 'một')).toMatchObject({ kind: 'accepted' });
  await bench.send(lan, 'hai');
  const other = bench.channelOn(bench.ctx);
  await other.sender.send(lan, { text: 'ba' }, { key: 'k', signal: AbortSignal.timeout(5_000) });
  await other.stop?.();
  expect(messageCalls(bench.zalo)).toEqual(['POST /v3.0/oa/message/cs', 'POST /v2.0/oa/message', 'POST /v2.0/oa/message', 'POST /v2.0/oa/message']);
  expect(screen()).toEqual(['một', 'hai', 'ba']);
});

test('no other error makes it try the other endpoint', async () => {
  bench.zalo.failNext(...[-200, -100, -201, -230].map((code) => ({ kind: 'error' as const, code, delivered: true })));
  for (let i = 0; i < 4; i++) await bench.send(lan, `${i}`);
  expect(messageCalls(bench.zalo)).toEqual(Array(4).fill('POST /v3.0/oa/message/cs'));
});

test('the token dies between two messages: one refresh, and both arrive', async () => {
  await bench.send(lan, 'trước');
  bench.zalo.expireToken();
  const sent = await Promise.all(['a', 'b', 'c'].map((text) => bench.send(lan, text)));
  expect(sent.map((o) => o.kind)).toEqual(['accepted', 'accepted', 'accepted']);
  expect(refreshCalls(bench.zalo)).toBe(2);
});

test('no token and no secret in any outcome, in health or in what was logged as a call', async () => {
  const outcomes: unknown[] = [await bench.send(lan, 'x')];
  const grant = (await bench.ctx.db.State.find().lean<StateRecord[]>()).map((s) => s.value as { accessToken?: string; refreshToken?: string }).find((v) => v.accessToken);
  bench.zalo.failNext({ kind: 'error', code: -777, message: `bad access_token ${grant?.accessToken}` }, { kind: 'server-500' }, { kind: 'reset' });
  for (let i = 0; i < 3; i++) outcomes.push(await bench.send(lan, 'x'));
  bench.zalo.revokeGrant();
  outcomes.push(await bench.send(lan, 'x'), bench.channel.health());
  const shown = inspect(outcomes, { depth: 9 }) + JSON.stringify(outcomes);
  for (const hidden of [grant?.accessToken, grant?.refreshToken, bench.zalo.appSecret, bench.zalo.refreshToken]) expect(shown).not.toContain(hidden);
});
