import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { EsmsStandIn } from '../../src/demo/providers/esms.js';
import { esmsBench } from '../support/esms.js';
import { CALLBACK_SECRET, esmsEnv, LAN, smsBench, type SmsBench } from '../support/sms.js';

let esms: EsmsStandIn;
let bench: SmsBench;
let close: () => Promise<void>;
beforeEach(async () => {
  ({ esms, bench, close } = await esmsBench());
});
afterEach(() => close());

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
