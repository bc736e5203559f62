import { createServer, type AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openConnections } from '../../bots/zalo/oa/http.js';
import type { TokenAnswer, ZaloTokens } from '../../bots/zalo/oa/tokens.js';
import { zbsChannel } from '../../bots/zalo/zbs/index.js';
import { zbsQuota } from '../../bots/zalo/zbs/quota.js';
import { pollStatus } from '../../bots/zalo/zbs/receipts.js';
import { createZaloClient } from '../../bots/zalo/oa/client.js';
import type { ChannelModule } from '../../src/delivery/channel-module.js';
import { saveZbsTemplate } from '../../src/delivery/zbs/save-zbs-template.js';
import { startZbsStandIn, type ZbsStandIn } from '../../src/demo/providers/zbs.js';
import { Secret } from '../../src/kernel/secret.js';
import type { Message } from '../../src/texts/message.js';
import { testCtx } from '../support/test-ctx.js';

const LAN = '84912345678';
const OLD = 'zbs-token-that-died';
const TOKEN = 'zbs-token-that-lives';
const reminder: Message = { text: '🔔 Nhắc việc', kind: 'task-reminder', params: { name: 'Lan', content: 'Báo cáo tiến độ giải ngân từng dự án, nêu rõ dự án dưới 60%', dueOn: '24/11/2026' } };

let bench: Awaited<ReturnType<typeof testCtx>>;
let zbs: ZbsStandIn;
let channel: ChannelModule;
let tokens: ZaloTokens & { renewals: number; have: string };
const lines: string[] = [];

beforeEach(async () => {
  bench = await testCtx('2026-11-20T01:00:00Z');
  zbs = await startZbsStandIn({ clock: bench.clock, isToken: (token) => token === TOKEN });
  zbs.introduce(LAN);
  zbs.approve('1001', { params: { ten: { type: 'STRING', maxLength: 30 }, viec: { type: 'STRING', maxLength: 30 }, han: { type: 'DATE', maxLength: 20 } } });
  tokens = {
    renewals: 0,
    have: TOKEN,
    current: async (): Promise<TokenAnswer> => ({ kind: 'token', token: new Secret(tokens.have) }),
    renew: async () => {
      tokens.renewals++;
      tokens.have = TOKEN;
      return { kind: 'token', token: new Secret(TOKEN) };
    },
    grant: () => Promise.reject(new Error('not asked for')),
  };
  lines.length = 0;
  channel = channelAt(zbs.apiRoot);
  await saveZbsTemplate(bench.ctx, { kind: 'system', name: 'test' }, {
    templateId: '1001', kind: 'task-reminder', sample: 'Đồng chí <ten>: <viec>, hạn <han>.', enabled: true,
    params: [{ name: 'ten', type: 'STRING', maxLength: 30, from: 'name' }, { name: 'viec', type: 'STRING', maxLength: 30, from: 'content' }, { name: 'han', type: 'DATE', maxLength: 20, from: 'dueOn' }],
  });
});
afterEach(async () => {
  await channel.stop?.();
  await zbs.stop();
  await bench.close();
});

function channelAt(apiRoot: string, mode: 'live' | 'development' = 'live'): ChannelModule {
  const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
  const config = { ...bench.ctx.config, ZALO_ZBS_MODE: mode, ZALO_ZBS_API_ROOT: apiRoot };
  return zbsChannel({ ...bench.ctx, log, config }, { receive: async () => {}, receipt: async () => {} }, { tokens, agent: openConnections() });
}
const send = (message: Message = reminder, to = LAN, signal = AbortSignal.timeout(5_000)) => channel.sender.send(to, message, { key: 'remind:NV-2026-00012:T-1:64b0', signal });

test('accepted: the approved blanks are filled and short enough, the tracking id is ours, the quota is kept', async () => {
  const outcome = await send();
  const [shown] = zbs.messagesOf(LAN);
  expect(outcome).toEqual({ kind: 'accepted', providerId: shown?.msgId });
  expect(shown).toMatchObject({ templateId: '1001', data: { ten: 'Lan', viec: 'Báo cáo tiến độ giải ngân…', han: '24/11/2026' }, trackingId: expect.stringMatching(/^nv[0-9a-f]{40}$/) });
  expect(await zbsQuota(bench.ctx)).toMatchObject({ daily: 20_000, remaining: 19_999 });
});

test('a kind without an enabled template, a landline, a piece that is missing: known without a call', async () => {
  expect(await send({ ...reminder, kind: 'reply' })).toEqual({ kind: 'unreachable', code: 'no-template' });
  expect(await send({ text: 'x' })).toEqual({ kind: 'unreachable', code: 'no-template' });
  expect(await send(reminder, '842143840888')).toEqual({ kind: 'unreachable', code: 'zbs:no-mobile' });
  expect(await send({ ...reminder, params: {} })).toEqual({ kind: 'unreachable', code: 'zbs:no-pieces' });
  expect(channel.health()).toEqual({ state: 'ok' });
  expect(await send({ ...reminder, params: { content: 'x' } })).toEqual({ kind: 'unreachable', code: 'zbs:param-ten' });
  expect(channel.health()).toMatchObject({ state: 'failing', problem: expect.stringContaining('danh mục mẫu') });
  await bench.ctx.db.ZbsTemplate.updateOne({ templateId: '1001' }, { $set: { enabled: false } });
  expect(await send()).toEqual({ kind: 'unreachable', code: 'no-template' });
  expect(zbs.calls()).toEqual([]);
});

test('a number as people write it reaches the same phone', async () => {
  expect(await send(reminder, '0912 345 678')).toMatchObject({ kind: 'accepted' });
  expect(zbs.messagesOf(LAN)).toHaveLength(1);
});

test('no Zalo on that number; only administrators in development mode', async () => {
  expect(await send(reminder, '84987654321')).toEqual({ kind: 'unreachable', code: 'zbs:-118' });
  channel = channelAt(zbs.apiRoot, 'development');
  expect(await send()).toEqual({ kind: 'unreachable', code: 'zbs:-127' });
});

test.each([
  [-32, { kind: 'retry', maybeSent: false, pauseChannel: true }],
  [-100, { kind: 'retry', maybeSent: true }],
  [-115, { kind: 'rejected' }],
  [-139, { kind: 'unreachable' }],
  [-133, { kind: 'unreachable' }],
  [-131, { kind: 'unreachable' }],
  [-105, { kind: 'rejected' }],
])('200 with error %i inside', async (code, outcome) => {
  zbs.failNext({ kind: 'error', code });
  expect(await send()).toMatchObject({ ...outcome, code: `zbs:${code}` });
});

test('the quota of the day is used up: the channel stops and says why in words', async () => {
  zbs.setQuota(0);
  expect(await send()).toEqual({ kind: 'rejected', code: 'zbs:-144' });
  expect(channel.health()).toMatchObject({ state: 'failing', problem: expect.stringContaining('hết hạn mức') });
  zbs.setQuota(5);
  expect(await send()).toMatchObject({ kind: 'accepted' });
  expect(channel.health()).toEqual({ state: 'ok' });
});

test('the token died: renewed once, and the message goes out; a lost grant stops the channel', async () => {
  tokens.have = OLD;
  expect(await send()).toMatchObject({ kind: 'accepted' });
  expect(tokens.renewals).toBe(1);
  tokens.current = async () => ({ kind: 'lost', code: 'grant-lost:-14012' });
  expect(await send()).toEqual({ kind: 'rejected', code: 'zbs:grant-lost:-14012' });
  tokens.current = async () => ({ kind: 'later', code: 'token-being-refreshed', afterMs: 1_000 });
  expect(await send()).toEqual({ kind: 'retry', code: 'zbs:token-being-refreshed', afterMs: 1_000, maybeSent: false });
});

test('a gateway page, a cut answer, a lost connection: nobody knows, so nobody says it failed', async () => {
  zbs.failNext({ kind: 'server-500' }, { kind: 'broken-json', delivered: true }, { kind: 'reset' }, { kind: 'reset', delivered: true });
  const outcomes = [];
  for (let i = 0; i < 4; i++) outcomes.push(await send());
  expect(outcomes).toEqual(['http-502', 'bad-json', 'connection-lost', 'connection-lost'].map((code) => ({ kind: 'retry', code: `zbs:${code}`, maybeSent: true })));
  expect(zbs.messagesOf(LAN)).toHaveLength(2);
});

test('a server that hangs is left when the signal says so; nobody there is certainly not sent', async () => {
  zbs.failNext({ kind: 'hang' });
  expect(await send(reminder, LAN, AbortSignal.timeout(100))).toEqual({ kind: 'retry', code: 'zbs:timeout', maybeSent: true });
  const closed = await new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
  await channel.stop?.();
  channel = channelAt(`http://127.0.0.1:${closed}`);
  expect(await send()).toEqual({ kind: 'retry', code: 'zbs:no-connection', maybeSent: false });
});

test('emoji, combining marks and line breaks arrive composed, within one line', async () => {
  await send({ ...reminder, params: { name: '👨‍👩‍👧 Lan', content: `${'Tiếng Việt'.normalize('NFD')}\nhai dòng`, dueOn: '24/11/2026' } });
  expect(zbs.messagesOf(LAN)[0]?.data).toMatchObject({ ten: '👨‍👩‍👧 Lan', viec: 'Tiếng Việt hai dòng' });
});

test('without a receipt Zalo is asked: delivered where it says so, asked again where not, given up after two days', async () => {
  const receipts: [string, string, string][] = [];
  const client = createZaloClient(zbs.apiRoot, openConnections());
  const ask = () => pollStatus(bench.ctx, { client, tokens, receipt: async (id, what, at) => void receipts.push([id, what, at.toISOString()]) });
  const outcome = await send();
  const providerId = outcome.kind === 'accepted' ? outcome.providerId : '';
  const now = bench.clock.now();
  await bench.ctx.db.Delivery.create({ key: 'k', kind: 'task-reminder', lane: 'normal', state: 'accepted', channel: 'zbs', to: LAN, providerId, acceptedAt: now, notBefore: now, createdAt: now, cause: 'test' });
  expect(await ask()).toBe(0);
  bench.clock.advance({ minutes: 10 });
  expect(await ask()).toBe(0);
  await zbs.deliver(providerId, { silently: true });
  bench.clock.advance({ minutes: 10 });
  expect(await ask()).toBe(1);
  expect(receipts).toEqual([[providerId, 'delivered', '2026-11-20T01:10:00.000Z']]);
  const before = zbs.calls().length;
  bench.clock.advance({ days: 2 });
  expect(await ask()).toBe(0);
  expect(zbs.calls()).toHaveLength(before);
});

test('the catalogue refuses what Zalo would never have approved, and strangers', async () => {
  const input = { templateId: '1002', kind: 'meeting-alert', params: [], sample: '', enabled: true };
  await expect(saveZbsTemplate(bench.ctx, { kind: 'api', name: 'API' }, input)).rejects.toMatchObject({ code: 'forbidden' });
  for (const wrong of [{ templateId: 'abc' }, { kind: 'Meeting' }, { params: [{ name: 'a', type: 'STRING' as const, maxLength: 0, from: 'x' }] }])
    await expect(saveZbsTemplate(bench.ctx, { kind: 'system', name: 'test' }, { ...input, ...wrong })).rejects.toMatchObject({ code: 'input-invalid' });
});

test('the token is in no outcome, no log line and not in health', async () => {
  zbs.failNext({ kind: 'error', code: -777, message: `bad access_token ${TOKEN}` }, { kind: 'server-500' }, { kind: 'reset' }, { kind: 'broken-json' });
  const outcomes: unknown[] = [];
  for (let i = 0; i < 5; i++) outcomes.push(await send(), channel.health());
  await zbs.stop();
  outcomes.push(await send());
  expect(inspect(outcomes, { depth: 9 }) + JSON.stringify(outcomes) + lines.join('')).not.toContain(TOKEN);
});
