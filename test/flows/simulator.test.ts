import { fastify, type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PhoneMessage } from '../../src/demo/providers/phone-network.js';
import { startTelegramStandIn, type TelegramStandIn } from '../../src/demo/providers/telegram.js';
import { startZaloStandIn, type ZaloStandIn } from '../../src/demo/providers/zalo.js';
import { registerSimulator } from '../../src/demo/simulator/register.js';
import { TestClock } from '../support/test-clock.js';

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
