import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SmppStandIn } from '../../src/demo/providers/smpp.js';
import { LAN, smppEnv, smsBench, startSmpp, type SmsBench } from '../support/sms.js';
import { TestClock } from '../support/test-clock.js';

/** Real time, for a peer that is silent. */
const quick = { answerMs: 1_000, connectMs: 1_000, againMs: 5, enquireMs: 60_000 };
let smsc: SmppStandIn;
let bench: SmsBench;
const open = async (limits = {}, ...options: Parameters<typeof startSmpp>[1][]) => {
  smsc = await startSmpp(new TestClock('2026-11-23T01:00:00Z'), options[0]);
  bench = await smsBench(smppEnv(smsc), { ...quick, ...limits });
  await smsc.bound();
};
/** The link notices by itself; asked until it has. */
const eventually = <T>(look: () => T) => expect.poll(look, { timeout: 10_000, interval: 10 });
const sentAtLast = async (key: string) => eventually(() => bench.send({}, { key })).toMatchObject({ kind: 'accepted' });
const text = (i = 0) => {
  const found = smsc.messagesOf(LAN)[i];
  if (!found) throw new Error(`no text ${i}`);
  return found;
};

afterEach(async () => {
  const told = JSON.stringify(bench.outcomes) + JSON.stringify(bench.channel.health()) + bench.logged();
  for (const secret of [smsc.password, encodeURIComponent(smsc.password), LAN]) expect(told).not.toContain(secret);
  await bench.close();
  await smsc.stop();
});

describe('the SMPP sender over a real socket', () => {
  beforeEach(() => open());

  test('accepted: the phone gets plain text, the id finds it again', async () => {
    const outcome = await bench.send({ text: '🔔 Nhắc việc · NV-2026-00012 @ $ {x}', buttons: [{ label: 'Cập nhật', command: '/capnhat NV-2026-00012' }] });
    expect(text()).toMatchObject({ text: 'Nhac viec - NV-2026-00012 @ $ (x)\nChi tiet: mo Zalo hoac he thong.', unicode: false, parts: 1 });
    expect(outcome).toEqual({ kind: 'accepted', providerId: text().id });
    expect(bench.channel.sender.truth).toBe('none');
    expect(bench.channel.health()).toEqual({ state: 'ok' });
  });

  test('a long text arrives whole in three parts, a longer one is cut on a word', async () => {
    await bench.send({ text: 'Báo cáo tiến độ giải ngân từng dự án. '.repeat(11) }, { key: 'a' });
    await bench.send({ text: `👩‍👩‍👧 \ud83d ${'tiến độ '.repeat(200)}` }, { key: 'b' });
    expect(text(0)).toMatchObject({ text: 'Bao cao tien do giai ngan tung du an. '.repeat(11).trim(), parts: 3 });
    expect(text(1).text).toMatch(/^tien do [\s\S]*(tien|do)\.\.\. \(xem du tren he thong\)$/);
  });

  test('what a phone wrote is acknowledged at any length the protocol allows, and so is the next', async () => {
    for (const length of [17_000, 65_000]) expect(await smsc.deliver({ source_addr: LAN, destination_addr: 'X', data_coding: 0, short_message: '', message_payload: Buffer.from('x'.repeat(length)) })).toBe(0);
    expect(await smsc.deliver({ source_addr: LAN, destination_addr: 'X', data_coding: 0, short_message: '1' })).toBe(0);
  });

  test.each([
    [0x58, { kind: 'retry', code: 'throttled', afterMs: 5_000, maybeSent: false, pauseChannel: true }],
    [0x14, { kind: 'retry', code: 'throttled', afterMs: 15_000, maybeSent: false, pauseChannel: true }],
    [0x0a, { kind: 'rejected', code: 'smpp-0x0a' }],
    [0x0b, { kind: 'unreachable', code: 'smpp-0x0b' }],
    [0x0f, { kind: 'rejected', code: 'smpp-0x0f' }],
    [0x01, { kind: 'unreachable', code: 'smpp-0x01' }],
    [0x08, { kind: 'retry', code: 'smpp-0x08', maybeSent: false }],
    [0x45, { kind: 'retry', code: 'smpp-0x45', maybeSent: false }],
    [0x66, { kind: 'unreachable', code: 'smpp-0x66' }],
    [0x4ff, { kind: 'retry', code: 'smpp-0x4ff', maybeSent: false }],
  ])('command_status %i', async (status, outcome) => {
    smsc.failNext({ status });
    expect(await bench.send()).toEqual(outcome);
    expect(await bench.send()).toMatchObject({ kind: 'accepted' });
  });

  test.each(['drop', 'drop-after', 'garbage'] as const)('the connection ends (%s): nobody knows; it comes back by itself', async (fault) => {
    smsc.failNext(fault);
    expect(await bench.send()).toEqual({ kind: 'retry', code: 'connection-lost', maybeSent: true });
    await sentAtLast('again');
    expect(smsc.messagesOf(LAN)).toHaveLength(fault === 'drop-after' ? 2 : 1);
    expect(smsc.calls().filter((call) => call === 'bind_transceiver')).toHaveLength(2);
  });

  test('throttled half-way through a long text: the repeat completes it on the phone', async () => {
    const long = { text: 'Báo cáo tiến độ giải ngân từng dự án. '.repeat(8) };
    const { kind } = await bench.send(long, { key: 'whole' });
    const release = smsc.hold();
    const sending = bench.send(long, { key: 'torn' });
    await eventually(() => smsc.calls().filter((call) => call === 'submit_sm').length).toBe(3);
    release();
    smsc.failNext({ status: 0x58 });
    expect(await sending).toMatchObject({ kind: 'retry', maybeSent: false, pauseChannel: true });
    expect([kind, smsc.incomplete(LAN)]).toEqual(['accepted', 1]);
    expect(await bench.send(long, { key: 'torn' })).toMatchObject({ kind: 'accepted' });
    expect([smsc.messagesOf(LAN).length, smsc.incomplete(LAN), text(1).text]).toEqual([2, 0, text(0).text]);
  });

  test('both sides ask for signs of life', async () => {
    expect(await smsc.enquire()).toBe(0);
    expect(await smsc.deliver({ source_addr: LAN, destination_addr: 'X', short_message: 'toi khong phai Lan', data_coding: 0 })).toBe(0);
    expect(bench.receipts).toEqual([]);
  });

  test('the operator unbinds: goodbye, and back again', async () => {
    expect(await smsc.unbindAll()).toBe(0);
    await sentAtLast('again');
  });

  test('a clean stop: what is open is answered first, then unbind', async () => {
    const release = smsc.hold();
    const sending = bench.send();
    await eventually(() => smsc.calls().at(-1)).toBe('submit_sm');
    const stopped = bench.channel.stop?.();
    release();
    expect(await sending).toMatchObject({ kind: 'accepted' });
    await stopped;
    expect(smsc.calls().at(-1)).toBe('unbind');
    expect(await bench.send()).toMatchObject({ kind: 'retry', maybeSent: false });
  });
});

describe('the link', () => {
  test('no more than the window stays unanswered; the rest waits for its turn or its signal', async () => {
    await open({ window: 4, answerMs: 5_000 });
    const release = smsc.hold();
    const sending = Array.from({ length: 10 }, (_, i) => bench.send({}, { key: `k${i}` }));
    await eventually(() => smsc.calls().filter((call) => call === 'submit_sm').length).toBe(4);
    const impatient = bench.send({}, { key: 'late', signal: AbortSignal.timeout(50) });
    expect(await impatient).toEqual({ kind: 'retry', code: 'window-full', maybeSent: false });
    release();
    expect((await Promise.all(sending)).map((outcome) => outcome.kind)).toEqual(Array(10).fill('accepted'));
    expect(smsc.mostOpen()).toBe(4);
  });

  test('a peer that answers no enquire_link is left, and found again', async () => {
    await open({ enquireMs: 20, answerMs: 60 });
    smsc.answerEnquiries(false);
    await eventually(() => smsc.calls().filter((call) => call === 'bind_transceiver').length).toBeGreaterThan(1);
    smsc.answerEnquiries(true);
    await sentAtLast('again');
  });

  test('a refused password stops the channel and says so; later it binds', async () => {
    await open();
    smsc.refuseBinds(0x0e, 8);
    smsc.dropAll();
    await eventually(() => bench.channel.health()).toMatchObject({ state: 'failing', problem: expect.stringContaining('mật khẩu SMPP') });
    await eventually(() => bench.send()).toEqual({ kind: 'rejected', code: 'smpp-bind-refused' });
    await sentAtLast('again');
  });

  test('nobody listening: surely not sent', async () => {
    await open();
    await smsc.stop();
    await eventually(() => bench.send()).toEqual({ kind: 'retry', code: 'no-connection', maybeSent: false });
    smsc = await startSmpp(new TestClock('2026-11-23T01:00:00Z'), { port: Number(new URL(smsc.url).port) });
    await sentAtLast('again');
  });
});

describe('receipts', () => {
  test.each([
    ['tlv', 'hex', 'decimal'],
    ['text', 'hex', 'decimal'],
    ['text', 'decimal', 'hex'],
    ['tlv', 'decimal', 'decimal'],
    ['text', 'hex', 'hex'],
  ] as const)('as %s, ids %s in the answer and %s in the receipt', async (receipts, response, receipt) => {
    await open({}, { receipts, ids: { response, receipt } });
    await bench.send({}, { key: 'a' });
    await bench.send({}, { key: 'b', to: '84987654321' });
    const second = smsc.messagesOf('84987654321')[0];
    expect(await smsc.receipt(text(), 'ACCEPTD')).toBe(0);
    expect(bench.receipts).toEqual([]);
    expect(second && (await smsc.receipt(second))).toBe(0);
    expect(await smsc.receipt(text())).toBe(0);
    expect(bench.receipts).toEqual([{ providerId: second?.id, what: 'delivered' }, { providerId: text().id, what: 'delivered' }]);
  });

  test.each((['tlv', 'text'] as const).flatMap((receipts) => (['UNDELIV', 'EXPIRED', 'REJECTD', 'DELETED'] as const).map((state) => [state, receipts] as const)))('%s (%s) is told as failed with its code, so that another channel takes over', async (state, receipts) => {
    await open({}, { receipts });
    await bench.send();
    expect(await smsc.receipt(text(), state)).toBe(0);
    expect(bench.receipts).toEqual([{ providerId: text().id, what: 'failed', code: `smpp-${state.toLowerCase()}` }]);
    expect(bench.logged()).toContain('sms.undelivered');
  });

  test('an SMSC that does not know, or is still trying, has not failed', async () => {
    await open();
    await bench.send();
    for (const state of ['UNKNOWN', 'ENROUTE', 'ACCEPTD'] as const) expect(await smsc.receipt(text(), state)).toBe(0);
    expect(bench.receipts).toEqual([]);
  });

  test('after a restart the ledger knows the id; "10" may be ten or sixteen, the number decides', async () => {
    await open({}, { ids: { response: 'decimal', receipt: 'decimal' } });
    const base = { kind: 'note', lane: 'normal', channel: 'sms', state: 'accepted', notBefore: bench.clock.now(), createdAt: bench.clock.now(), cause: 't' } as const;
    await bench.ctx.db.Delivery.create([{ ...base, key: 'a', to: '0987654321', providerId: '16' }, { ...base, key: 'b', to: LAN, providerId: '0000000A' }]);
    const receipt = (from: string, id: string) => smsc.deliver({ esm_class: 4, source_addr: from, destination_addr: 'X', short_message: `id:${id} stat:DELIVRD err:000`, data_coding: 0 });
    await receipt('84987654321', '10');
    await receipt(LAN, '10');
    await receipt(LAN, 'chua-biet-1');
    expect(bench.receipts.map((r) => r.providerId)).toEqual(['16', '0000000A', 'chua-biet-1']);
  });

  test('a receipt that could not be stored is kept by the SMSC', async () => {
    await open();
    await bench.send();
    bench.receipts.push = () => {
      throw new Error('database gone');
    };
    expect(await smsc.receipt(text())).toBe(0x64);
  });
});

describe('a peer that is no SMSC', () => {
  let server: Server;
  afterEach(() => server.close());
  test.each([
    ['an HTTP server', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    ['noise', '\u0000\u0000\u0000\u0010\u0080\u0000\u0000\u0009\u00ff\u00ff\u00ff\u00ff\u0000\u0000\u0000\u0000'],
    ['silence', ''],
  ])('%s', async (_name, greeting) => {
    await open();
    const sockets: Socket[] = [];
    server = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => socket.destroy());
      if (greeting) socket.write(Buffer.from(greeting, 'latin1'));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const other = await smsBench({ ...smppEnv(smsc), SMS_SMPP_URL: `smpp://ten:mat-khau@127.0.0.1:${(server.address() as AddressInfo).port}` }, quick);
    await eventually(() => other.send({}, { signal: AbortSignal.timeout(400) })).toMatchObject({ kind: 'retry', code: 'no-connection', maybeSent: false });
    await other.close();
    sockets.forEach((socket) => socket.destroy());
  });
});
