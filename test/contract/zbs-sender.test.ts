import { fastify } from 'fastify';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { zbsQuota } from '../../bots/zalo/zbs/quota.js';
import { saveZbsTemplate } from '../../src/delivery/zbs/save-zbs-template.js';
import { blanks, LAN, OLD, reminder, zbsBench, type ZbsBench } from '../support/zbs.js';

let bench: ZbsBench;
beforeEach(async () => {
  bench = await zbsBench();
});
afterEach(() => bench.close());

test('accepted: the approved blanks are filled and short enough, the tracking id is ours, the quota is kept', async () => {
  const outcome = await bench.send();
  const [shown] = bench.zbs.messagesOf(LAN);
  expect(outcome).toEqual({ kind: 'accepted', providerId: shown?.msgId });
  expect(shown).toMatchObject({ templateId: '1001', data: { ten: 'Lan', viec: 'Báo cáo tiến độ giải ngân…', han: '24/11/2026' }, trackingId: expect.stringMatching(/^nv[0-9a-f]{40}$/) });
  expect(await zbsQuota(bench.ctx)).toMatchObject({ daily: 20_000, remaining: 19_999 });
});

test('a kind without an enabled template, a landline, a piece that is missing: known without a call', async () => {
  expect(await bench.send({ ...reminder, kind: 'reply' })).toEqual({ kind: 'unreachable', code: 'no-template' });
  expect(await bench.send({ text: 'x' })).toEqual({ kind: 'unreachable', code: 'no-template' });
  expect(await bench.send(reminder, '842143840888')).toEqual({ kind: 'unreachable', code: 'zbs:no-mobile' });
  expect(await bench.send({ ...reminder, params: {} })).toEqual({ kind: 'unreachable', code: 'zbs:no-pieces' });
  expect(bench.channel.health()).toEqual({ state: 'ok' });
  expect(await bench.send({ ...reminder, params: { content: 'x' } })).toEqual({ kind: 'unreachable', code: 'zbs:param-ten' });
  expect(bench.channel.health()).toMatchObject({ state: 'failing', problem: expect.stringContaining('danh mục mẫu') });
  await bench.ctx.db.ZbsTemplate.updateOne({ templateId: '1001' }, { $set: { enabled: false } });
  expect(await bench.send()).toEqual({ kind: 'unreachable', code: 'no-template' });
  expect(bench.zbs.calls()).toEqual([]);
});

test('a number as people write it reaches the same phone', async () => {
  expect(await bench.send(reminder, '0912 345 678')).toMatchObject({ kind: 'accepted' });
  expect(bench.zbs.messagesOf(LAN)).toHaveLength(1);
});

test('no Zalo on that number; only administrators in development mode', async () => {
  expect(await bench.send(reminder, '84987654321')).toEqual({ kind: 'unreachable', code: 'zbs:-118' });
  const trial = bench.channelAt(bench.zbs.apiRoot, 'development');
  expect(await trial.sender.send(LAN, reminder, { key: 'k', signal: AbortSignal.timeout(5_000) })).toEqual({ kind: 'unreachable', code: 'zbs:-127' });
  await trial.stop?.();
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
  bench.zbs.failNext({ kind: 'error', code });
  expect(await bench.send()).toMatchObject({ ...outcome, code: `zbs:${code}` });
});

test('the quota of the day is used up: the channel stops and says why in words', async () => {
  bench.zbs.setQuota(0);
  expect(await bench.send()).toEqual({ kind: 'rejected', code: 'zbs:-144' });
  expect(bench.channel.health()).toMatchObject({ state: 'failing', problem: expect.stringContaining('hết hạn mức') });
  bench.zbs.setQuota(5);
  expect(await bench.send()).toMatchObject({ kind: 'accepted' });
  expect(bench.channel.health()).toEqual({ state: 'ok' });
});

test('the token died: renewed once, and the message goes out; a lost grant stops the channel', async () => {
  bench.tokens.have = OLD;
  expect(await bench.send()).toMatchObject({ kind: 'accepted' });
  expect(bench.tokens.renewals).toBe(1);
  bench.tokens.current = async () => ({ kind: 'lost', code: 'grant-lost:-14012' });
  expect(await bench.send()).toEqual({ kind: 'rejected', code: 'zbs:grant-lost:-14012' });
  bench.tokens.current = async () => ({ kind: 'later', code: 'token-being-refreshed', afterMs: 1_000 });
  expect(await bench.send()).toEqual({ kind: 'retry', code: 'zbs:token-being-refreshed', afterMs: 1_000, maybeSent: false });
});

test('emoji, combining marks and line breaks arrive composed, within one line', async () => {
  await bench.send({ ...reminder, params: { name: '👨‍👩‍👧 Lan', content: `${'Tiếng Việt'.normalize('NFD')}\nhai dòng`, dueOn: '24/11/2026' } });
  expect(bench.zbs.messagesOf(LAN)[0]?.data).toMatchObject({ ten: '👨‍👩‍👧 Lan', viec: 'Tiếng Việt hai dòng' });
});

test('the catalogue refuses what Zalo would never have approved, and strangers', async () => {
  const input = { templateId: '1002', kind: 'meeting-alert', params: [], sample: '', enabled: true };
  await expect(saveZbsTemplate(bench.ctx, { kind: 'api', name: 'API' }, input)).rejects.toMatchObject({ code: 'forbidden' });
  for (const wrong of [{ templateId: 'abc' }, { kind: 'Meeting' }, { params: [{ name: 'a', type: 'STRING' as const, maxLength: 0, from: 'x' }] }])
    await expect(saveZbsTemplate(bench.ctx, { kind: 'system', name: 'test' }, { ...input, ...wrong })).rejects.toMatchObject({ code: 'input-invalid' });
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
    bench.zbs.approve('1001', { byUid: true, params: blanks });
    bench.zbs.follow(UID);
    await byUid(true);
  });
  const sendToUid = () => bench.send(reminder, `uid:${UID}`);

  test('a template approved for it goes that way, without the number; the receipt finds it by its id', async () => {
    await lan(verified());
    const outcome = await sendToUid();
    expect(outcome).toEqual({ kind: 'accepted', providerId: bench.zbs.messagesOf(UID)[0]?.msgId });
    expect(bench.zbs.messagesOf(LAN)).toEqual([]);
  });

  test.each([
    ['a template not marked so', async () => byUid(false), 1],
    ['one Zalo did not approve for it (-249)', async () => bench.zbs.approve('1001', { params: blanks }), 2],
    ['the OA\'s user does not take it (-244)', async () => bench.zbs.failNext({ kind: 'error', code: -244 }), 2],
  ])('%s: by the confirmed number', async (_name, prepare, calls) => {
    await lan(verified());
    await prepare();
    expect(await sendToUid()).toMatchObject({ kind: 'accepted' });
    expect(bench.zbs.messagesOf(LAN)).toHaveLength(1);
    expect(bench.zbs.calls()).toHaveLength(calls);
  });

  test('nobody knows what came of it: not sent a second way', async () => {
    await lan(verified());
    bench.zbs.failNext({ kind: 'reset', delivered: true });
    expect(await sendToUid()).toEqual({ kind: 'retry', code: 'zbs:connection-lost', maybeSent: true });
    expect(bench.zbs.messagesOf(LAN)).toEqual([]);
  });

  test('a number nobody has confirmed is not used instead', async () => {
    await lan({ phone: LAN });
    await byUid(false);
    expect(await sendToUid()).toEqual({ kind: 'unreachable', code: 'zbs:phone-not-verified' });
    await byUid(true);
    bench.zbs.failNext({ kind: 'error', code: -213 });
    expect(await sendToUid()).toEqual({ kind: 'unreachable', code: 'zbs:-213' });
    expect(bench.zbs.messagesOf(LAN)).toEqual([]);
  });

  test('a dead token is renewed here too', async () => {
    await lan(verified());
    bench.tokens.have = OLD;
    expect(await sendToUid()).toMatchObject({ kind: 'accepted' });
    expect(bench.tokens.renewals).toBe(1);
  });
});

test('a template Zalo takes no more: the office is told once, the catalogue shows it, until it goes out again', async () => {
  const at = bench.clock.now();
  await bench.ctx.db.Person.create({ name: 'Nhi', nameFold: 'nhi', position: 'Chuyên viên', agencyCode: 'VP', roles: ['office'], createdAt: at });
  const shown = async () => (await bench.ctx.db.ZbsTemplate.findOne({ templateId: '1001' }).lean())?.refusedCode;
  bench.zbs.approve('1001', { status: 'DISABLE', params: blanks });
  for (let i = 0; i < 3; i++) expect(await bench.send()).toEqual({ kind: 'unreachable', code: 'zbs:-146' });
  expect(await shown()).toBe('zbs:-146');
  expect(await bench.ctx.db.Delivery.find({ kind: 'template-refused' }).lean()).toMatchObject([{ data: { templateId: '1001', kind: 'task-reminder', code: 'zbs:-146' } }]);
  bench.zbs.approve('1001', { params: blanks });
  await bench.send();
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
    const other = bench.channelAt(await server.listen({ host: '127.0.0.1', port: 0 }));
    expect(await other.sender.send(LAN, reminder, { key: 'k', signal: AbortSignal.timeout(5_000) })).toMatchObject(outcome);
    await other.stop?.();
    await server.close();
  });

  test('after the signal nothing is asked', async () => {
    expect(await bench.send(reminder, LAN, AbortSignal.abort())).toMatchObject({ kind: 'retry', maybeSent: false });
    expect(bench.zbs.calls()).toEqual([]);
  });
});
