import { createServer, type AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { fastify } from 'fastify';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openConnections } from '../../bots/zalo/oa/http.js';
import type { TokenAnswer, ZaloTokens } from '../../bots/zalo/oa/tokens.js';
import { zbsChannel } from '../../bots/zalo/zbs/index.js';
import { zbsQuota } from '../../bots/zalo/zbs/quota.js';
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
const receipts: [string, string, string, string | undefined][] = [];

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
  receipts.length = 0;
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
  const config = { ...bench.ctx.config, ZALO_ZBS_MODE: mode, ZALO_ZBS_API_ROOT: apiRoot, ZALO_API_ROOT: apiRoot };
  return zbsChannel({ ...bench.ctx, log, config }, { receive: async () => {}, receipt: async (id, what, at, code) => void receipts.push([id, what, at.toISOString(), code]) }, { tokens, agent: openConnections() });
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

test('429 of the gateway: surely not sent, and the channel rests', async () => {
  zbs.failNext({ kind: 'flood-429' });
  expect(await send()).toEqual({ kind: 'retry', code: 'zbs:http-429', afterMs: 60_000, maybeSent: false, pauseChannel: true });
  expect(await send()).toMatchObject({ kind: 'accepted' });
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

/** A message on its way, as the ledger knows it; returns its id at Zalo. */
async function onItsWay(): Promise<string> {
  const outcome = await send();
  const providerId = outcome.kind === 'accepted' ? outcome.providerId : '';
  const now = bench.clock.now();
  await bench.ctx.db.Delivery.create({ key: 'k', kind: 'task-reminder', lane: 'normal', state: 'accepted', channel: 'zbs', to: LAN, providerId, acceptedAt: now, notBefore: now, createdAt: now, cause: 'test' });
  return providerId;
}
const asked = () => zbs.calls().filter(({ method }) => method === 'GET /message/status').length;
/** What the timetable does, so many times with a minute between. */
async function minutes(n: number): Promise<void> {
  for (let i = 0; i < n; i++) {
    bench.clock.advance({ minutes: 1 });
    await channel.poll?.();
  }
}

test('without a receipt Zalo is asked every minute, later every ten, and given up after two days', async () => {
  const providerId = await onItsWay();
  await channel.poll?.();
  expect(asked()).toBe(0);
  await minutes(3);
  expect([asked(), receipts]).toEqual([3, []]);
  bench.clock.advance({ hours: 1 });
  await minutes(20);
  expect(asked()).toBeLessThanOrEqual(3 + 3);
  await zbs.deliver(providerId, { silently: true });
  await minutes(10);
  expect(receipts).toEqual([[providerId, 'delivered', '2026-11-20T02:23:00.000Z', undefined]]);
  const before = asked();
  bench.clock.advance({ days: 2 });
  await minutes(1);
  expect(asked()).toBe(before);
});

test('Zalo took it and does not know it any more: failed, but not in the first minutes', async () => {
  const providerId = await onItsWay();
  zbs.lose(providerId);
  await minutes(9);
  expect(receipts).toEqual([]);
  await minutes(1);
  expect(receipts).toEqual([[providerId, 'failed', '2026-11-20T01:10:00.000Z', 'zbs:not-known']]);
});

test('two instances ask once a minute together', async () => {
  await onItsWay();
  bench.clock.advance({ minutes: 1 });
  const other = channelAt(zbs.apiRoot);
  await Promise.all([channel.poll?.(), other.poll?.()]);
  expect(asked()).toBe(1);
  await other.stop?.();
});

test('the quota is known before the first message of the day', async () => {
  zbs.setQuota(77);
  await channel.poll?.();
  expect(await zbsQuota(bench.ctx)).toMatchObject({ daily: 20_000, remaining: 77 });
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

describe('by the user id of a follower', () => {
  const UID = '7011000000000000012';
  const byUid = (enabled: boolean) => bench.ctx.db.ZbsTemplate.updateOne({ templateId: '1001' }, { $set: { byUid: enabled } });
  /** Lan with an OA chat and, perhaps, a number she has confirmed. */
  const lan = async (phone: { phone?: string; phoneVerifiedAt?: Date }) => {
    const at = bench.clock.now();
    const person = await bench.ctx.db.Person.create({ name: 'Lan', nameFold: 'lan', position: 'Giám đốc', agencyCode: 'STC', roles: ['leader'], createdAt: at, ...phone });
    await bench.ctx.db.ChatLink.create({ channel: 'zalo', chatId: UID, senderId: UID, personId: person._id, linkedAt: at, linkedBy: 'code', lastInboundAt: at });
  };
  const verified = () => ({ phone: LAN, phoneVerifiedAt: bench.clock.now() });
  beforeEach(async () => {
    zbs.approve('1001', { byUid: true, params: { ten: { type: 'STRING', maxLength: 30 }, viec: { type: 'STRING', maxLength: 30 }, han: { type: 'DATE', maxLength: 20 } } });
    zbs.follow(UID);
    await byUid(true);
  });
  const sendToUid = () => send(reminder, `uid:${UID}`);

  test('a template approved for it goes that way, without the number; the receipt finds it by its id', async () => {
    await lan(verified());
    const outcome = await sendToUid();
    expect(outcome).toEqual({ kind: 'accepted', providerId: zbs.messagesOf(UID)[0]?.msgId });
    expect(zbs.messagesOf(LAN)).toEqual([]);
  });

  test.each([
    ['a template not marked so', async () => byUid(false), 1],
    ['one Zalo did not approve for it (-249)', async () => zbs.approve('1001', { params: { ten: { type: 'STRING', maxLength: 30 }, viec: { type: 'STRING', maxLength: 30 }, han: { type: 'DATE', maxLength: 20 } } }), 2],
    ['the OA\'s user does not take it (-244)', async () => zbs.failNext({ kind: 'error', code: -244 }), 2],
  ])('%s: by the confirmed number', async (_name, prepare, calls) => {
    await lan(verified());
    await prepare();
    expect(await sendToUid()).toMatchObject({ kind: 'accepted' });
    expect(zbs.messagesOf(LAN)).toHaveLength(1);
    expect(zbs.calls()).toHaveLength(calls);
  });

  test('nobody knows what came of it: not sent a second way', async () => {
    await lan(verified());
    zbs.failNext({ kind: 'reset', delivered: true });
    expect(await sendToUid()).toEqual({ kind: 'retry', code: 'zbs:connection-lost', maybeSent: true });
    expect(zbs.messagesOf(LAN)).toEqual([]);
  });

  test('a number nobody has confirmed is not used instead', async () => {
    await lan({ phone: LAN });
    await byUid(false);
    expect(await sendToUid()).toEqual({ kind: 'unreachable', code: 'zbs:phone-not-verified' });
    await byUid(true);
    zbs.failNext({ kind: 'error', code: -213 });
    expect(await sendToUid()).toEqual({ kind: 'unreachable', code: 'zbs:-213' });
    expect(zbs.messagesOf(LAN)).toEqual([]);
  });

  test('a dead token is renewed here too', async () => {
    await lan(verified());
    tokens.have = OLD;
    expect(await sendToUid()).toMatchObject({ kind: 'accepted' });
    expect(tokens.renewals).toBe(1);
  });
});

test('a template Zalo takes no more: the office is told once, the catalogue shows it, until it goes out again', async () => {
  const at = bench.clock.now();
  await bench.ctx.db.Person.create({ name: 'Nhi', nameFold: 'nhi', position: 'Chuyên viên', agencyCode: 'VP', roles: ['office'], createdAt: at });
  const params = { ten: { type: 'STRING' as const, maxLength: 30 }, viec: { type: 'STRING' as const, maxLength: 30 }, han: { type: 'DATE' as const, maxLength: 20 } };
  const shown = async () => (await bench.ctx.db.ZbsTemplate.findOne({ templateId: '1001' }).lean())?.refusedCode;
  zbs.approve('1001', { status: 'DISABLE', params });
  for (let i = 0; i < 3; i++) expect(await send()).toEqual({ kind: 'unreachable', code: 'zbs:-146' });
  expect(await shown()).toBe('zbs:-146');
  expect(await bench.ctx.db.Delivery.find({ kind: 'template-refused' }).lean()).toMatchObject([{ data: { templateId: '1001', kind: 'task-reminder', code: 'zbs:-146' } }]);
  zbs.approve('1001', { params });
  await send();
  expect(await shown()).toBeNull();
});

describe('what servers that are no Zalo answer', () => {
  test.each([
    ['null', 200, { kind: 'retry', code: 'zbs:bad-json', maybeSent: true }],
    ['[]', 200, { kind: 'retry', code: 'zbs:bad-json', maybeSent: true }],
    ['', 200, { kind: 'retry', code: 'zbs:bad-json', maybeSent: true }],
    ['{}', 200, { kind: 'retry', code: 'zbs:no-error-field', maybeSent: true }],
    ['{"error":0}', 200, { kind: 'retry', code: 'zbs:no-message-id', maybeSent: true }],
    ['{"error":"0","data":{"msg_id":"m1"}}', 200, { kind: 'accepted', providerId: 'm1' }],
    ['{"error":"-118"}', 200, { kind: 'unreachable', code: 'zbs:-118' }],
    ['{"error":-9999,"message":"?"}', 200, { kind: 'retry', code: 'zbs:-9999', maybeSent: true }],
    ['<html>Đăng nhập</html>', 200, { kind: 'retry', code: 'zbs:bad-json', maybeSent: true }],
  ])('%s', async (body, status, outcome) => {
    const server = fastify();
    server.post('/*', async (_request, reply) => reply.code(status).type('application/json').send(body));
    const other = channelAt(await server.listen({ host: '127.0.0.1', port: 0 }));
    expect(await other.sender.send(LAN, reminder, { key: 'k', signal: AbortSignal.timeout(5_000) })).toMatchObject(outcome);
    await other.stop?.();
    await server.close();
  });

  test('after the signal nothing is asked', async () => {
    expect(await send(reminder, LAN, AbortSignal.abort())).toMatchObject({ kind: 'retry', maybeSent: false });
    expect(zbs.calls()).toEqual([]);
  });
});
