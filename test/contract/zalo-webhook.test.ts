import { createHash } from 'node:crypto';
import { fastify, type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, test } from 'vitest';
import fc from 'fast-check';
import { zaloBench } from '../support/zalo.js';

const lan = '7011000000000000001';
let bench: Awaited<ReturnType<typeof zaloBench>>;
let http: FastifyInstance;

beforeEach(async () => {
  bench = await zaloBench();
  http = fastify();
  await bench.channel.routes?.(http);
  const address = await http.listen({ host: '127.0.0.1', port: 0 });
  await bench.zalo.setWebhook(`${address}/webhooks/zalo`);
});
afterEach(async () => {
  await http.close();
  await bench.close();
});

const post = (body: string, headers: Record<string, string> = {}) => http.inject({ method: 'POST', url: '/webhooks/zalo', payload: body, headers: { 'content-type': 'application/json', ...headers } });
const sign = (body: string, timestamp: string) => `mac=${createHash('sha256').update(bench.zalo.appId + body + timestamp + bench.zalo.oaSecretKey).digest('hex')}`;
const bodyAt = (timestamp: string, rest: Record<string, unknown> = {}) => JSON.stringify({ app_id: bench.zalo.appId, event_name: 'user_send_text', timestamp, sender: { id: lan }, message: { msg_id: 'm1', text: '/nhiemvu' }, ...rest });
const signed = (timestamp: string, rest?: Record<string, unknown>) => post(bodyAt(timestamp, rest), { 'x-zevent-signature': sign(bodyAt(timestamp, rest), timestamp) });

test('saving the address in the console worked, and its probes left nothing behind', () => {
  expect(bench.inbox).toEqual([]);
});

test('what people do arrives once, in order, composed: follow, text, tap, picture', async () => {
  const { network } = bench.zalo;
  await network.say(lan, '/nhiemvu');
  await bench.channel.sender.send(lan, { text: 'Các nhiệm vụ', buttons: [{ label: 'Cập nhật', command: '/capnhat NV-2026-00001' }] }, { key: 'k', signal: AbortSignal.timeout(5_000) });
  await bench.zalo.settled();
  await network.tap(lan, network.messagesOf(lan)[1]?.id ?? '', 0);
  await network.attach(lan, { name: 'hien-truong.jpg', type: 'image/jpeg', bytes: new Uint8Array(10), caption: 'sạt lở' });
  expect(bench.inbox.map((m) => [m.kind, m.text])).toEqual([
    ['follow', undefined],
    ['text', '/nhiemvu'],
    ['text', '#capnhat NV-2026-00001'],
    ['attachment', 'sạt lở'],
  ]);
  expect(new Set(bench.inbox.map((m) => m.messageId)).size).toBe(4);
});

test('receipts come through, our own echoes do not', async () => {
  bench.zalo.follow(lan);
  const outcome = await bench.send(lan, 'Họp lúc 16:00');
  await bench.zalo.settled();
  await bench.zalo.network.look(lan);
  const providerId = outcome.kind === 'accepted' ? outcome.providerId : '';
  expect(bench.receipts).toEqual([
    { providerId, what: 'delivered' },
    { providerId, what: 'seen' },
  ]);
  expect(bench.inbox).toEqual([]);
  expect(bench.zalo.webhook.attempts().map((a) => [a.event, a.status])).toEqual([['oa_send_text', 200], ['user_received_message', 200], ['user_seen_message', 200]]);
});

test('wrong signature 401; unsigned, other apps, stale and unknown bodies 200; nothing is stored', async () => {
  const now = String(bench.clock.now().getTime());
  expect((await post(bodyAt(now), { 'x-zevent-signature': `mac=${'0'.repeat(64)}` })).statusCode).toBe(401);
  expect((await post(bodyAt(now), { 'x-zevent-signature': sign(bodyAt(now), '1') })).statusCode).toBe(401);
  expect((await post('{}')).statusCode).toBe(200);
  expect((await post('')).statusCode).toBe(200);
  expect((await signed(now, { app_id: '42' })).statusCode).toBe(200);
  expect((await signed(now, { event_name: 'change_oa_daily_quota' })).statusCode).toBe(200);
  expect((await signed(String(bench.clock.now().getTime() - 7 * 3_600_000))).statusCode).toBe(200);
  expect(bench.inbox).toEqual([]);
  expect((await signed(now)).statusCode).toBe(200);
  expect(bench.inbox).toHaveLength(1);
});

test('a retry after two hours still counts', async () => {
  expect((await signed(String(bench.clock.now().getTime() - 2 * 3_600_000))).statusCode).toBe(200);
  expect(bench.inbox).toHaveLength(1);
});

test('where storing fails Zalo is asked to come again', async () => {
  const failing = fastify();
  const { createZaloOa } = await import('../../bots/zalo/oa/index.js');
  const channel = createZaloOa(bench.ctx, { receive: () => Promise.reject(new Error('database down')), receipt: async () => {} });
  await channel.routes?.(failing);
  const now = String(bench.clock.now().getTime());
  const answer = await failing.inject({ method: 'POST', url: '/webhooks/zalo', payload: bodyAt(now), headers: { 'content-type': 'application/json', 'x-zevent-signature': sign(bodyAt(now), now) } });
  expect([answer.statusCode, answer.body]).toEqual([503, '{"error":"unavailable"}']);
  await failing.close();
  await channel.stop?.();
});

test('2,000 random and mutated bodies: no crash, nothing stored without a signature', async () => {
  const base = bodyAt(String(bench.clock.now().getTime()));
  const mutated = fc.tuple(fc.nat(base.length - 1), fc.string({ unit: 'binary', maxLength: 3 })).map(([at, by]) => base.slice(0, at) + by + base.slice(at + 1));
  const header = fc.option(fc.oneof(fc.stringMatching(/^mac=[0-9a-f]{64}$/), fc.stringMatching(/^[ -~]{0,80}$/)), { nil: undefined });
  await fc.assert(
    fc.asyncProperty(fc.oneof(mutated, fc.json(), fc.string({ unit: 'binary' })), header, async (body, mac) => {
      const { statusCode } = await post(body, mac?.trim() ? { 'x-zevent-signature': mac } : {});
      return statusCode === 200 || statusCode === 401;
    }),
    { numRuns: 2_000 },
  );
  expect(bench.inbox).toEqual([]);
});
