import { Agent, request } from 'node:http';
import { fastify, type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PhoneMessage } from '../../src/demo/providers/phone-network.js';
import { openSmsPhones } from '../../src/demo/providers/smpp/phones.js';
import { startTelegramStandIn, type TelegramStandIn } from '../../src/demo/providers/telegram.js';
import { startZaloStandIn, type ZaloStandIn } from '../../src/demo/providers/zalo.js';
import { startZaloBotStandIn } from '../../src/demo/providers/zalo-bot.js';
import { smsPhones } from '../../src/demo/simulator/networks.js';
import { registerSimulator } from '../../src/demo/simulator/register.js';
import { smppEnv, startSmpp } from '../support/sms.js';
import { TestClock } from '../support/test-clock.js';
import { openWorld } from '../support/world.js';

const lan = { id: 'P12', name: 'Lan', position: 'Giám đốc', group: 'Sở', phones: { zalo: '7011000000000000012', telegram: '5900000012' } };
const first = { left: { person: 'P12', channel: 'zalo' }, right: { person: 'P12', channel: 'telegram' } } as const;
let http: FastifyInstance;
let zalo: ZaloStandIn;
let telegram: TelegramStandIn;

beforeEach(async () => {
  const clock = new TestClock('2026-11-20T01:00:00Z');
  [zalo, telegram] = await Promise.all([startZaloStandIn({ clock, later: () => {} }), startTelegramStandIn({ clock })]);
  http = fastify();
  await registerSimulator(http, [zalo.network, telegram.network], () => ({ people: [lan], first }));
});
afterEach(async () => {
  await http.close();
  await Promise.all([zalo.stop(), telegram.stop()]);
});

const post = (path: string, body?: object) => http.inject({ method: 'POST', url: `/simulator/phones/${path}`, ...(body ? { payload: body } : {}) });
const screen = async (phone: string) => (await http.inject(`/simulator/phones/${phone}`)).json<PhoneMessage[]>();

test('every part of the page comes from this machine', async () => {
  const page = (await http.inject('/simulator')).body;
  const style = (await http.inject('/simulator/simulator.css')).body;
  expect(page).toContain('DỮ LIỆU MINH HỌA');
  const linked = [...page.matchAll(/(?:src|href)="(\/simulator[^"]*)"/g), ...style.matchAll(/url\(([^)]+)\)/g)].map((m) => m[1] ?? '');
  expect(linked.length).toBeGreaterThan(6);
  for (const path of linked) expect((await http.inject(path)).statusCode, path).toBe(200);
  expect(page + style).not.toMatch(/https?:\/\//);
});

test('what is typed, tapped and attached on a phone goes to the provider and shows on the screen', async () => {
  await post('zalo/P12/say', { text: '/nhiemvu' });
  await post('zalo/P12/attach', { name: 'hien-truong.jpg', type: 'image/jpeg', data: Buffer.from('abc').toString('base64') });
  expect(await screen('zalo/P12')).toMatchObject([{ from: 'user', text: '/nhiemvu' }, { from: 'user', attachment: { name: 'hien-truong.jpg', size: 3 } }]);
  expect(await screen('telegram/P12')).toEqual([]);
});

test('strangers, unknown channels and vanished messages get an answer, not a crash', async () => {
  expect((await post('zalo/P99/say', { text: 'x' })).statusCode).toBe(404);
  expect((await post('sms/P12/say', { text: 'x' })).statusCode).toBe(404);
  expect((await post('zalo/P12/tap', { messageId: 'gone', index: 0 })).statusCode).toBe(409);
  expect((await post('zalo/P12/say', { text: '' })).statusCode).toBe(400);
});

test('an open page hears at once that a phone has changed, and closing the server does not wait for it', async () => {
  const address = await http.listen({ host: '127.0.0.1', port: 0 });
  const stream = (await fetch(`${address}/simulator/events`)).body?.getReader();
  const heard: string[] = [];
  const reading = (async () => {
    for (;;) {
      const piece = await stream?.read();
      if (!piece || piece.done) return;
      heard.push(Buffer.from(piece.value).toString());
    }
  })();
  await post('telegram/P12/say', { text: 'xin chào' });
  await expect.poll(() => heard.join('')).toContain('data: {"person":"P12","channel":"telegram"}');
  await http.close();
  await reading;
});

test('an SMS on the simulator says how to answer; what is typed there reaches the house over SMPP and is answered by SMS, long texts with marks too', async () => {
  const MORNING = '2026-11-19T02:00:00Z'; // Thursday, 09:00 in Vietnam
  const clock = new TestClock(MORNING);
  const smsc = await startSmpp(clock, { deliverAtOnce: true });
  const world = await openWorld(MORNING, { ...smppEnv(smsc), SMS_REPLY_NUMBER: '0000000999' });
  const desk = fastify();
  const su = { ...lan, id: 'P17', phones: { sms: '84000000017' } };
  await registerSimulator(desk, [smsPhones(smsc, openSmsPhones(smsc, { number: '0000000999', clock }))], () => ({ people: [su], first }));
  try {
    await smsc.bound();
    await world.agency('02701', 'UBND xã Y Tý');
    const { body } = await world.api('POST', '/api/v1/people', { name: 'Tẩn Láo Sử', position: 'Chủ tịch UBND xã', agencyCode: '02701', roles: ['leader'], phone: '0000000017' });
    const { id } = body as { id: string };
    await world.app.ctx.db.Person.updateOne({ _id: id }, { $set: { phoneVerifiedAt: world.clock.now() } });
    await world.api('POST', '/api/v1/meetings', { title: 'Họp ứng phó mưa lũ', kind: 'urgent', startsAt: '2026-11-19T16:00:00+07:00', place: 'Phòng họp tầng 3', attendeeIds: [id] });
    await world.settle();
    const shown = async () => (await desk.inject('/simulator/phones/sms/P17')).json<PhoneMessage[]>();
    const say = async (text: string) => {
      clock.advance({ minutes: 1 });
      world.clock.advance({ minutes: 1 });
      const { statusCode } = await desk.inject({ method: 'POST', url: '/simulator/phones/sms/P17/say', payload: { text } });
      await world.settle();
      return { statusCode, last: (await shown()).slice(-2) };
    };
    expect(await shown()).toMatchObject([{ from: 'bot', text: expect.stringContaining('soan CO HOP-1 hoac VANG HOP-1 ly do, gui 0000000999'), note: expect.stringMatching(/^\d+ ký tự không dấu · tính \d tin$/) }]);
    expect(await say('Vắng: đi kiểm tra đê')).toMatchObject({ statusCode: 200, last: [{ from: 'user', text: 'Vắng: đi kiểm tra đê' }, { from: 'bot', text: expect.stringContaining('dong chi vang') }] });
    expect((await world.app.ctx.db.Meeting.findOne().orFail().lean()).attendees).toMatchObject([{ answer: 'absent', answerNote: 'đi kiểm tra đê', via: 'sms' }]);
    expect((await say(`CO HOP-1 ${'đồng chí '.repeat(20)}`)).last).toMatchObject([{ from: 'user' }, { from: 'bot', text: expect.stringContaining('tin qua dai') }]);
  } finally {
    await desk.close();
    await world.close();
    await smsc.stop();
  }
});

test('an SMS that no operator takes says so on the phone that wrote it', async () => {
  const clock = new TestClock('2026-11-20T01:00:00Z');
  const smsc = await startSmpp(clock);
  const phones = smsPhones(smsc, openSmsPhones(smsc, { number: '0000000999', clock }));
  await phones.say?.('84000000017', '1');
  await smsc.stop();
  expect(phones.messagesOf('84000000017')).toMatchObject([{ from: 'user', text: '1', note: 'Chưa gửi được, đề nghị gửi lại' }]);
});

test('a bot that asks for updates over one connection for hours leaves no listeners behind', async () => {
  const bot = await startZaloBotStandIn({ clock: new TestClock('2026-11-20T01:00:00Z') });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const warnings: string[] = [];
  const warned = (warning: Error): void => void warnings.push(warning.message);
  process.on('warning', warned);
  const ask = () => new Promise<number>((resolve, reject) => request(`${bot.apiRoot}/bot${bot.token}/getMe`, { method: 'POST', agent }, (answer) => answer.resume().once('end', () => resolve(answer.statusCode ?? 0))).once('error', reject).end());
  for (let i = 0; i < 15; i++) expect(await ask()).toBe(200);
  process.off('warning', warned);
  agent.destroy();
  await bot.stop();
  expect(warnings).toEqual([]);
});
