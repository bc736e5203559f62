import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { EsmsStandIn } from '../../src/demo/providers/esms.js';
import { saveZbsTemplate } from '../../src/delivery/zbs/save-zbs-template.js';
import { smsBalance } from '../../src/sms/balance.js';
import { CALLBACK_SECRET, esmsEnv, LAN, smsBench, startEsms, type SmsBench } from '../support/sms.js';
import { TestClock } from '../support/test-clock.js';

const REQUEST_ID = /^[0-9a-f]{32}$/;
let esms: EsmsStandIn;
let bench: SmsBench;

beforeEach(async () => {
  esms = await startEsms(new TestClock('2026-11-23T01:00:00Z'));
  bench = await smsBench({ ...esmsEnv(esms), PUBLIC_URL: 'http://127.0.0.1:9' });
});
afterEach(async () => {
  const told = JSON.stringify(bench.outcomes) + JSON.stringify(bench.channel.health()) + bench.logged();
  for (const secret of [esms.apiKey, esms.secretKey, CALLBACK_SECRET, LAN]) expect(told).not.toContain(secret);
  await bench.close();
  await esms.stop();
});

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

  test('5xx with HTML, reset, half an answer: nobody knows, and it is said so', async () => {
    esms.failNext({ kind: 'server-500' }, { kind: 'html-after' }, { kind: 'reset' }, { kind: 'cut' });
    expect(await bench.send({}, { key: 'a' })).toEqual({ kind: 'retry', code: 'http-502', maybeSent: true });
    expect(await bench.send({}, { key: 'b' })).toEqual({ kind: 'retry', code: 'http-502', maybeSent: true });
    expect(await bench.send({}, { key: 'c' })).toEqual({ kind: 'retry', code: 'connection-lost', maybeSent: true });
    expect(await bench.send({}, { key: 'd' })).toMatchObject({ kind: 'retry', maybeSent: true });
  });

  test('a gateway that hangs: the signal ends it', async () => {
    esms.failNext({ kind: 'hang' });
    expect(await bench.send({}, { signal: AbortSignal.timeout(100) })).toEqual({ kind: 'retry', code: 'timeout', maybeSent: true });
    expect(await bench.send({}, { signal: AbortSignal.abort() })).toEqual({ kind: 'retry', code: 'timeout', maybeSent: false });
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
    [`{"CodeResult":"1${'0'.repeat(300_000)}"}`, 200, { kind: 'retry', code: 'connection-lost', maybeSent: true }],
  ])('%s', async (body, status, outcome) => {
    http = Fastify();
    http.post('/*', async (_request, reply) => reply.code(status).type('application/json').send(body));
    const root = await http.listen({ host: '127.0.0.1', port: 0 });
    const other = await smsBench({ ...esmsEnv(esms), SMS_ESMS_ROOT: root });
    expect(await other.send()).toEqual(outcome);
    await other.close();
  });
});

describe('how a message went', () => {
  let http: FastifyInstance;
  let house: SmsBench;
  /** What the timetable does every minute. */
  const askAround = () => house.channel.poll?.();
  beforeEach(async () => {
    http = Fastify();
    const root = await http.listen({ host: '127.0.0.1', port: 0 });
    await http.close();
    http = Fastify();
    house = await smsBench({ ...esmsEnv(esms), PUBLIC_URL: root });
    await house.channel.routes?.(http);
    await http.listen({ host: '127.0.0.1', port: Number(new URL(root).port) });
  });
  afterEach(async () => {
    expect(house.logged()).not.toContain(CALLBACK_SECRET);
    await http.close();
    await house.close();
  });
  const sent = () => {
    const message = esms.messagesOf(LAN).at(-1);
    if (!message) throw new Error('nothing was sent');
    return message;
  };

  test('accepted is not delivered: only the callback says so', async () => {
    const outcome = await house.send();
    expect(house.receipts).toEqual([]);
    await esms.deliver(sent());
    expect(esms.callbacks.attempts()).toEqual([{ requestId: sent().requestId, status: 200, retry: 0 }]);
    expect(house.receipts).toEqual([{ providerId: outcome.kind === 'accepted' && outcome.providerId, what: 'delivered' }]);
  });

  test.each([['failed', 'esms-undelivered'], ['refused', 'esms-refused']] as const)('%s is told with its code, so that another channel takes over; logged without the number', async (how, code) => {
    await house.send();
    await esms.fail(sent(), how);
    expect(house.receipts).toEqual([{ providerId: sent().requestId, what: 'failed', code }]);
    expect(house.logged()).toContain('sms.undelivered');
    expect(house.logged()).not.toContain(LAN);
  });

  test('the callback about a failure is lost: asked, and told once', async () => {
    await house.send();
    esms.failSilently(sent());
    house.clock.advance({ seconds: 61 });
    await askAround();
    house.clock.advance({ hours: 1 });
    await askAround();
    expect(house.receipts).toEqual([{ providerId: sent().requestId, what: 'failed', code: 'esms-undelivered' }]);
  });

  test('a wrong path is answered as if there were nothing; nonsense is taken and ignored', async () => {
    await house.send();
    const query = `?SMSID=x&SendStatus=5&SendSuccess=1&RequestId=${sent().requestId}`;
    expect((await http.inject(`/webhooks/sms/${CALLBACK_SECRET.slice(1)}${query}`)).statusCode).toBe(404);
    for (const nonsense of ['', '?RequestId=../../x&SendStatus=5&SendSuccess=1', '?RequestId=a&RequestId=b&SendStatus=5', `?SMSID=${'9'.repeat(500)}&SendStatus=5&SendSuccess=1`, '?SMSID[$ne]=1&SendStatus=5&SendSuccess=1'])
      expect((await http.inject(`/webhooks/sms/${CALLBACK_SECRET}${nonsense}`)).statusCode).toBe(200);
    expect((await http.inject(`/webhooks/sms/${CALLBACK_SECRET}?SMSID=x&SendStatus=1&RequestId=${sent().requestId}`)).statusCode).toBe(200);
    expect(house.receipts).toEqual([]);
  });

  test('their id is enough where they leave ours out', async () => {
    await house.send();
    await http.inject(`/webhooks/sms/${CALLBACK_SECRET}?SMSID=${sent().smsId}&SendStatus=5&SendSuccess=1&SendFailed=0&RequestId=`);
    expect(house.receipts).toEqual([{ providerId: sent().requestId, what: 'delivered' }]);
  });

  test('no callback: after a minute eSMS is asked, then ever less often, and not once more when the end is known', async () => {
    await house.send();
    const asked = () => esms.calls().filter((call) => call.method === 'status').length;
    await askAround();
    house.clock.advance({ seconds: 61 });
    await Promise.all([askAround(), askAround()]);
    expect([asked(), house.receipts]).toEqual([1, []]);
    esms.deliverSilently(sent());
    house.clock.advance({ seconds: 61 });
    await askAround();
    house.clock.advance({ hours: 1 });
    await askAround();
    expect([asked(), house.receipts]).toEqual([2, [{ providerId: sent().requestId, what: 'delivered' }]]);
  });
});

describe('after an unknown outcome eSMS is asked what it sent', () => {
  const at = () => new Date('2026-11-23T01:00:00Z');
  const find = (key = 'task-reminder:1', to = LAN) => bench.channel.sender.find?.({ key, to, at: at(), signal: AbortSignal.timeout(5_000) });

  test('taken over before the answer was lost: sent, under the id its callback will name', async () => {
    esms.failNext({ kind: 'reset-after' });
    await bench.send({ text: 'Nhắc việc 1' });
    expect(await find()).toEqual({ kind: 'sent', providerId: esms.messagesOf(LAN)[0]?.requestId });
    expect(await find()).toEqual({ kind: 'sent', providerId: esms.messagesOf(LAN)[0]?.requestId });
    expect(esms.calls().filter((call) => call.method === 'list')).toHaveLength(1);
  });

  test('the answer was noted and the process died: sent, without a call', async () => {
    const outcome = await bench.send();
    expect(await find()).toEqual({ kind: 'sent', providerId: outcome.kind === 'accepted' && outcome.providerId });
    expect(esms.calls().map((call) => call.method)).toEqual(['send']);
  });

  test('never arrived there: not sent, but only once the list may be trusted', async () => {
    esms.failNext({ kind: 'reset' });
    await bench.send({ text: 'Nhắc việc 1' });
    await bench.send({ text: 'Một tin khác' }, { key: 'task-reminder:2' });
    expect(await find()).toEqual({ kind: 'unknown' });
    bench.clock.advance({ seconds: 61 });
    expect(await find()).toEqual({ kind: 'not-sent' });
    expect(await find('task-reminder:2')).toMatchObject({ kind: 'sent' });
  });

  test('a key nobody sent, a gateway that is gone, one that does not know us: unknown', async () => {
    expect(await find('task-reminder:9')).toEqual({ kind: 'unknown' });
    esms.failNext({ kind: 'reset' });
    await bench.send();
    bench.clock.advance({ minutes: 2 });
    const other = await smsBench({ ...esmsEnv(esms), SMS_ESMS_SECRET_KEY: 'mot-khoa-khac' });
    esms.failNext({ kind: 'reset' });
    await other.send();
    other.clock.advance({ minutes: 2 });
    expect(await other.channel.sender.find?.({ key: 'task-reminder:1', to: LAN, at: at(), signal: AbortSignal.timeout(5_000) })).toEqual({ kind: 'unknown' });
    await other.close();
    await esms.stop();
    expect(await find()).toEqual({ kind: 'unknown' });
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

describe('texts registered with the operators', () => {
  const register = (more: Partial<Parameters<typeof saveZbsTemplate>[2]> = {}) => saveZbsTemplate(bench.ctx, { kind: 'system', name: 'test' }, {
    channel: 'sms', templateId: '458', kind: 'task-reminder', sample: 'Nhắc việc {P1,20}: {P2,12}, hạn {P3,10}.', enabled: true,
    params: [{ name: 'P1', type: 'STRING', maxLength: 20, from: 'code' }, { name: 'P2', type: 'STRING', maxLength: 12, from: 'content' }, { name: 'P3', type: 'STRING', maxLength: 10, from: 'dueOn' }], ...more,
  });
  const reminder = { kind: 'task-reminder', text: 'Nhắc việc tự do', params: { code: 'NV-2026-00012', content: 'Báo cáo tiến độ\ngiải ngân', dueOn: '24/11/2026' } };

  test('the registered text goes out, its blanks filled and short enough, letter by letter as the operator knows it', async () => {
    await register();
    esms.register(/^Nhac viec .{0,20}: .{0,12}, han .{0,10}\.$/);
    expect(await bench.send(reminder)).toMatchObject({ kind: 'accepted' });
    expect(esms.messagesOf(LAN)[0]?.text).toBe('Nhac viec NV-2026-00012: Bao cao tien, han 24/11/2026.');
  });

  test('a text that would not be recognised is refused here, with the reason, and without a call', async () => {
    await register({ sample: `Nhắc việc {P1,20}. ${'Đề nghị triển khai. '.repeat(40)}`, params: [{ name: 'P1', type: 'STRING', maxLength: 20, from: 'code' }] });
    expect(await bench.send(reminder)).toEqual({ kind: 'unreachable', code: 'sms-template-mismatch' });
    expect(esms.calls()).toEqual([]);
    expect(bench.channel.health()).toMatchObject({ state: 'ok', problem: expect.stringContaining('không khớp mẫu') });
  });

  test('kinds without a template: free text, unless only registered texts may go', async () => {
    await register();
    expect(await bench.send({ text: 'Tin khác', kind: 'task-returned' })).toMatchObject({ kind: 'accepted' });
    const strict = await smsBench({ ...esmsEnv(esms), SMS_TEMPLATES_ONLY: 'true' });
    expect(await strict.send({ text: 'Tin khác', kind: 'task-returned' })).toEqual({ kind: 'unreachable', code: 'sms-no-template' });
    expect(strict.channel.health()).toMatchObject({ problem: expect.stringContaining('chưa có mẫu') });
    await strict.close();
    expect(esms.calls()).toHaveLength(1);
  });

  test('a template of Zalo\'s is none for SMS', async () => {
    await register({ channel: 'zbs', sample: 'Nhắc việc <ma>' });
    await bench.send(reminder);
    expect(esms.messagesOf(LAN)[0]?.text).toBe('Nhac viec tu do');
  });
});
