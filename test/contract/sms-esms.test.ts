import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { EsmsStandIn } from '../../src/demo/providers/esms.js';
import { smsBalance } from '../../src/sms/balance.js';
import { esmsBench } from '../support/esms.js';
import { CALLBACK_SECRET, esmsEnv, LAN, smsBench, type SmsBench } from '../support/sms.js';

const REQUEST_ID = /^[0-9a-f]{32}$/;
let esms: EsmsStandIn;
let bench: SmsBench;
let close: () => Promise<void>;
beforeEach(async () => {
  ({ esms, bench, close } = await esmsBench());
});
afterEach(() => close());

describe('the eSMS sender over real HTTP', () => {
  test('accepted: the phone gets plain text, the request id finds it again', async () => {
    const outcome = await bench.send({ text: '🔔 Nhắc việc\nHạn: thứ Ba 24/11/2026', buttons: [{ label: 'Cập nhật', command: '/capnhat NV-2026-00012' }] });
    const [sms] = esms.messagesOf('0912 345 678'.replaceAll(' ', ''));
    expect(outcome).toEqual({ kind: 'accepted', providerId: sms?.requestId });
    expect(sms).toMatchObject({ text: 'Nhac viec\nHan: thu Ba 24/11/2026\nChi tiet: mo Zalo hoac he thong.', unicode: false, requestId: expect.stringMatching(REQUEST_ID) });
    expect(sms?.callbackUrl).toBe(`http://127.0.0.1:9/webhooks/sms/${CALLBACK_SECRET}`);
    expect(bench.channel.health()).toEqual({ state: 'ok' });
  });

  test('however the number is written, 84… goes out; other numbers are refused here', async () => {
    for (const to of ['0912 345 678', '+84 (0)912345678', '0084912345678']) expect(await bench.send({}, { to, key: to })).toMatchObject({ kind: 'accepted' });
    expect(esms.calls().map((call) => call.body['Phone'])).toEqual([LAN, LAN, LAN]);
    for (const to of ['', '12345', '+1 202 555 0100', '02143 840 034', 'lan@laocai.invalid']) expect(await bench.send({}, { to })).toEqual({ kind: 'unreachable', code: 'phone-invalid' });
    expect(esms.calls()).toHaveLength(3);
  });

  test('too long, emoji, combining marks: arrives within three parts, cut on a word', async () => {
    expect(await bench.send({ text: `👩‍👩‍👧 ${'ế'.normalize('NFD')} \ud83d ${'tiến độ '.repeat(200)}` })).toMatchObject({ kind: 'accepted' });
    expect(esms.messagesOf(LAN)[0]?.text).toMatch(/^e tien do [\s\S]*(tien|do)\.\.\. \(xem du tren he thong\)$/);
    expect(await bench.send({ text: '🔔' })).toEqual({ kind: 'unreachable', code: 'empty-text' });
  });

  test('the answer is lost: the same delivery again is recognised, one SMS in all', async () => {
    esms.failNext({ kind: 'reset-after' }, { kind: 'cut' });
    expect(await bench.send()).toEqual({ kind: 'retry', code: 'connection-lost', maybeSent: true });
    expect(await bench.send()).toMatchObject({ kind: 'retry', maybeSent: true });
    expect(await bench.send()).toEqual({ kind: 'accepted', providerId: esms.messagesOf(LAN)[0]?.requestId });
    expect(esms.messagesOf(LAN)).toHaveLength(1);
    expect(bench.channel.sender.truth).toBe('request-id');
  });

  test('refused, then repaired: the repeat has a new id, or a duplicate would pass for sent', async () => {
    esms.setBalance(0);
    expect(await bench.send()).toEqual({ kind: 'rejected', code: 'esms-103' });
    expect(bench.channel.health()).toMatchObject({ state: 'failing', problem: expect.stringContaining('không đủ số dư') });
    esms.setBalance(5);
    const outcome = await bench.send();
    expect(outcome).toEqual({ kind: 'accepted', providerId: expect.stringMatching(/^[0-9a-f]{32}-1$/) });
    expect(await bench.send()).toEqual(outcome);
    expect(esms.messagesOf(LAN)).toHaveLength(1);
  });

  test.each([
    ['99', { kind: 'unreachable', code: 'esms-99' }],
    ['101', { kind: 'rejected', code: 'esms-101' }],
    ['102', { kind: 'rejected', code: 'esms-102' }],
    ['104', { kind: 'rejected', code: 'esms-104' }],
    ['108', { kind: 'unreachable', code: 'esms-108' }],
    ['110', { kind: 'unreachable', code: 'esms-110' }],
    ['124', { kind: 'accepted', providerId: expect.stringMatching(REQUEST_ID) }],
    ['140', { kind: 'rejected', code: 'esms-140' }],
    ['146', { kind: 'unreachable', code: 'esms-146' }],
    ['177', { kind: 'unreachable', code: 'esms-177' }],
    ['199', { kind: 'retry', code: 'esms-199', afterMs: 30_000, maybeSent: true }],
    ['4711', { kind: 'retry', code: 'esms-4711', afterMs: 30_000, maybeSent: true }],
  ])('HTTP 200 with CodeResult %s inside', async (code, outcome) => {
    esms.failNext({ kind: 'code', code });
    expect(await bench.send()).toEqual(outcome);
  });

  test('refusals of the stand-in itself: key, brandname, blocked number, template', async () => {
    const other = await smsBench({ ...esmsEnv(esms), SMS_ESMS_SECRET_KEY: 'mot-khoa-khac', SMS_BRANDNAME: 'KHAC' });
    expect(await other.send()).toEqual({ kind: 'rejected', code: 'esms-101' });
    await other.close();
    esms.block(LAN);
    expect(await bench.send()).toEqual({ kind: 'unreachable', code: 'esms-99' });
    esms.register(/^Thong bao: /);
    expect(await bench.send({}, { to: '0987654321' })).toEqual({ kind: 'unreachable', code: 'esms-146' });
    expect(await bench.send({ text: 'Thông báo: họp 16:00' }, { to: '0987654321' })).toMatchObject({ kind: 'accepted' });
  });

  test('too fast: the channel pauses for as long as is said', async () => {
    esms.failNext({ kind: 'flood-429', retryAfterS: 17 });
    expect(await bench.send()).toEqual({ kind: 'retry', code: 'throttled', afterMs: 17_000, maybeSent: false, pauseChannel: true });
    expect(bench.channel.health()).toMatchObject({ state: 'failing' });
    expect(await bench.send()).toMatchObject({ kind: 'accepted' });
    expect(bench.channel.health()).toEqual({ state: 'ok' });
  });

  test('nobody listening: surely not sent', async () => {
    await esms.stop();
    expect(await bench.send()).toEqual({ kind: 'retry', code: 'no-connection', maybeSent: false });
    expect(bench.channel.health()).toMatchObject({ state: 'failing', problem: expect.stringContaining('không kết nối được') });
  });

  test('with diacritics where the office wants them; sandbox sends nothing', async () => {
    const marked = await smsBench({ ...esmsEnv(esms), SMS_UNICODE: 'true' });
    await marked.send({ text: '🔔 Nhắc việc' });
    expect(esms.messagesOf(LAN)).toMatchObject([{ text: 'Nhắc việc', unicode: true, callbackUrl: '' }]);
    await marked.close();
    const sandbox = await smsBench({ ...esmsEnv(esms), SMS_ESMS_SANDBOX: 'true' });
    expect(await sandbox.send({}, { key: 'thử' })).toMatchObject({ kind: 'accepted' });
    expect(esms.messagesOf(LAN)).toHaveLength(1);
    await sandbox.close();
  });
});

describe('what servers that are no eSMS answer', () => {
  let http: FastifyInstance;
  afterEach(() => http.close());
  test.each([
    ['null', 200, { kind: 'retry', code: 'bad-json', maybeSent: true }],
    ['[]', 200, { kind: 'retry', code: 'bad-json', maybeSent: true }],
    ['{}', 200, { kind: 'retry', code: 'no-code', maybeSent: true }],
    ['{"CodeResult":{"a":1}}', 200, { kind: 'retry', code: 'no-code', maybeSent: true }],
    ['{"Message":"no"}', 500, { kind: 'retry', code: 'http-500', maybeSent: true }],
    ['<html>Đăng nhập</html>', 200, { kind: 'retry', code: 'bad-json', maybeSent: true }],
    ['', 204, { kind: 'retry', code: 'http-204', maybeSent: true }],
    ['{"CodeResult":100,"SMSID":7}', 200, { kind: 'accepted', providerId: expect.stringMatching(REQUEST_ID) }],
  ])('%s', async (body, status, outcome) => {
    http = Fastify();
    http.post('/*', async (_request, reply) => reply.code(status).type('application/json').send(body));
    const root = await http.listen({ host: '127.0.0.1', port: 0 });
    const other = await smsBench({ ...esmsEnv(esms), SMS_ESMS_ROOT: root });
    expect(await other.send()).toEqual(outcome);
    await other.close();
  });
});

test('the balance is asked for every ten minutes and kept for the back office', async () => {
  await bench.channel.poll?.();
  expect(await smsBalance(bench.ctx)).toMatchObject({ left: 850_000_000 });
  esms.setBalance(3);
  await bench.channel.poll?.();
  expect(await smsBalance(bench.ctx)).toMatchObject({ left: 850_000_000 });
  bench.clock.advance({ minutes: 10 });
  await bench.channel.poll?.();
  expect(await smsBalance(bench.ctx)).toMatchObject({ left: 2_550 });
});
