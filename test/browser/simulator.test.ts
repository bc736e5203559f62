import { fastify, type FastifyInstance } from 'fastify';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createZaloClient } from '../../bots/zalo/oa/client.js';
import { openConnections } from '../../src/ask/ask-json.js';
import { renderZalo } from '../../bots/zalo/oa/render.js';
import type { SmppStandIn } from '../../src/demo/providers/smpp.js';
import { openSmsPhones } from '../../src/demo/providers/smpp/phones.js';
import { startTelegramStandIn, type TelegramStandIn } from '../../src/demo/providers/telegram.js';
import { startZaloStandIn, type ZaloStandIn } from '../../src/demo/providers/zalo.js';
import { smsPhones } from '../../src/demo/simulator/networks.js';
import { registerSimulator } from '../../src/demo/simulator/register.js';
import { systemClock } from '../../src/kernel/clock.js';
import { Secret } from '../../src/kernel/secret.js';
import type { Message } from '../../src/texts/message.js';
import { browserOrSkip, openBrowser } from '../support/browser.js';
import { smppEnv, smsBench, startSmpp, type SmsBench } from '../support/sms.js';

const people = [
  { id: 'P12', name: 'Vàng Seo Dìn', position: 'Giám đốc Sở', group: 'Sở Nông nghiệp', phones: { zalo: '7011000000000000012', telegram: '5900000012', sms: '84000000012' } },
  { id: 'P07', name: 'Trần Thục Nhi', position: 'Chuyên viên', group: 'Văn phòng', phones: { zalo: '7011000000000000007', telegram: '5900000007' } },
];
const first = { left: { person: 'P12', channel: 'zalo' }, right: { person: 'P07', channel: 'telegram' } } as const;

describe.skipIf(!browserOrSkip())('the simulator in a browser', () => {
  let http: FastifyInstance;
  let zalo: ZaloStandIn;
  let telegram: TelegramStandIn;
  let smsc: SmppStandIn;
  let house: SmsBench;
  let browser: Browser;
  let page: Page;
  let address: string;
  const agent = openConnections();
  const foreign: string[] = [];
  const problems: string[] = [];

  beforeAll(async () => {
    [zalo, telegram, smsc, browser] = await Promise.all([startZaloStandIn({ clock: systemClock }), startTelegramStandIn({ clock: systemClock }), startSmpp(systemClock), openBrowser()]);
    house = await smsBench({ ...smppEnv(smsc), SMS_REPLY_NUMBER: '0000000999' });
    await smsc.bound();
    for (const { phones } of people) zalo.follow(phones.zalo);
    http = fastify();
    await registerSimulator(http, [zalo.network, telegram.network, smsPhones(smsc, openSmsPhones(smsc, { number: '0000000999', clock: systemClock }))], () => ({ people, first }));
    address = await http.listen({ host: '127.0.0.1', port: 0 });
    page = await (await browser.newContext({ viewport: { width: 1366, height: 768 } })).newPage();
    page.on('request', (request) => void (!request.url().startsWith(address) && !request.url().startsWith('data:') && foreign.push(request.url())));
    page.on('pageerror', (error) => void problems.push(error.message));
    await page.goto(`${address}/simulator`);
  });
  afterAll(async () => {
    await browser.close();
    await http.close();
    await house.close();
    await Promise.all([zalo.stop(), telegram.stop(), smsc.stop(), agent.close()]);
  });

  const left = () => page.getByRole('region', { name: 'Điện thoại bên trái' });
  let token: Promise<Secret> | null = null;
  const grant = async (): Promise<Secret> => {
    const body = new URLSearchParams({ app_id: zalo.appId, refresh_token: zalo.refreshToken, grant_type: 'refresh_token' });
    const answer = await fetch(`${zalo.oauthRoot}/v4/oa/access_token`, { method: 'POST', body, headers: { secret_key: zalo.appSecret } });
    return new Secret(((await answer.json()) as { access_token: string }).access_token);
  };
  const write = async (message: Message): Promise<void> => {
    token ??= grant();
    const call = { token: await token, signal: AbortSignal.timeout(5_000) };
    const answer = await createZaloClient(zalo.apiRoot, agent).post('/v3.0/oa/message/cs', { recipient: { user_id: people[0]?.phones.zalo }, message: renderZalo(message)[0] }, call);
    expect(answer.kind).toBe('ok');
  };

  test('a message arrives on the open page, with its time and buttons, and counts as seen', async () => {
    await page.getByText('DỮ LIỆU MINH HỌA').waitFor();
    await write({ text: '🔔 Nhắc việc · NV-2026-00012\nHạn: thứ Ba 24/11/2026', buttons: [{ label: 'Cập nhật', command: '/capnhat NV-2026-00012' }] });
    await left().getByText('Hạn: thứ Ba 24/11/2026').waitFor();
    expect(await left().locator('time').textContent()).toMatch(/^\d\d:\d\d$/);
    await expect.poll(() => zalo.network.messagesOf('7011000000000000012')).toHaveLength(1);
  });

  test('tapping a button acts without words; Enter sends; a tapped message is answered', async () => {
    await left().getByRole('button', { name: 'Cập nhật' }).click();
    await left().getByRole('button', { name: /Nhắc việc/ }).click();
    await left().getByLabel('Nhập tin nhắn').fill('70% đã họp với các chủ đầu tư');
    await page.keyboard.press('Enter');
    await left().getByText('70% đã họp với các chủ đầu tư').waitFor();
    expect(zalo.network.messagesOf('7011000000000000012').filter((m) => m.from === 'user').map((m) => m.text)).toEqual(['70% đã họp với các chủ đầu tư']);
  });

  test('"/capnhat" is prepared for the newest task on the screen, not sent', async () => {
    await left().getByRole('button', { name: '/capnhat', exact: true }).click();
    expect(await left().getByLabel('Nhập tin nhắn').inputValue()).toBe('/capnhat NV-2026-00012 70% ');
  });

  test('a picture goes out; any person and channel can be picked up, also by address', async () => {
    await left().getByLabel('Gửi tệp hoặc ảnh').setInputFiles({ name: 'hien-truong.png', mimeType: 'image/png', buffer: Buffer.from('png') });
    await left().getByText('hien-truong.png').waitFor();
    await left().getByRole('combobox').selectOption('P07');
    await left().getByText('Chưa có tin trên kênh này').waitFor();
    // Channels this person has no phone on are not offered.
    expect(await left().getByRole('button', { name: 'SMS' }).isVisible()).toBe(false);
    await left().getByRole('button', { name: 'Telegram' }).click();
    expect(new URL(page.url()).searchParams.get('trai')).toBe('P07.telegram');
    await page.reload();
    expect(await left().getByRole('combobox').inputValue()).toBe('P07');
  });

  test('a file that is too large is refused in words, until the next thing leaves; a file the product itself would refuse goes through to it', async () => {
    await left().getByRole('combobox').selectOption('P12');
    const file = (name: string, bytes: number) => ({ name, mimeType: 'application/pdf', buffer: Buffer.alloc(bytes) });
    await left().getByLabel('Gửi tệp hoặc ảnh').setInputFiles(file('ban-do-21MB.pdf', 21_000_000));
    await left().getByRole('alert').getByText('Chưa gửi được: tệp quá lớn.').waitFor();
    expect(await left().getByText('ban-do-21MB.pdf').count()).toBe(0);
    await left().getByLabel('Gửi tệp hoặc ảnh').setInputFiles(file('ban-do-12MB.pdf', 12_000_000));
    await left().getByText('ban-do-12MB.pdf').waitFor();
    await expect.poll(() => left().getByRole('alert').isVisible()).toBe(false);
    // By whoever does not ask the page first.
    expect((await fetch(`${address}/simulator/phones/zalo/P12/attach`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ name: 'x.pdf', type: 'application/pdf', data: 'A'.repeat(28_100_000) }) }).then(({ status }) => status, () => 413))).toBe(413);
  });

  test('SMS: words only; what the newest text says to type is offered, and what is typed goes out and stays on the screen', async () => {
    await left().getByRole('combobox').selectOption('P12');
    await left().getByRole('button', { name: 'SMS' }).click();
    await house.send({ text: 'Họp hỏa tốc', buttons: [{ label: 'Dự', command: '/thamdu HOP-2026-00007' }] }, { to: '84000000012' });
    await left().getByText('gui 0000000999').waitFor();
    expect(await left().getByLabel('Gửi tệp hoặc ảnh').isVisible()).toBe(false);
    await left().getByRole('button', { name: 'VANG HOP-7 …' }).click();
    expect(await left().getByLabel('Nhập tin nhắn').inputValue()).toBe('VANG HOP-7 ');
    await page.keyboard.type('đi kiểm tra đê');
    await page.keyboard.press('Enter');
    await left().getByText('VANG HOP-7 đi kiểm tra đê').waitFor();
    await left().getByRole('button', { name: 'CO HOP-7', exact: true }).click();
    await left().getByRole('log').getByText(/^CO HOP-7/).waitFor();
    expect(await left().getByText('Chưa gửi được').count()).toBe(0);
  });

  test('on a small screen the phones stand one above the other and nothing is cut off', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    const tops = await page.locator('.phone').evaluateAll((phones) => phones.map((phone) => phone.getBoundingClientRect().top));
    expect((tops[1] ?? 0) - (tops[0] ?? 0)).toBeGreaterThan(500);
    const compose = await left().locator('.compose').boundingBox();
    expect((compose?.y ?? 844) + (compose?.height ?? 0)).toBeLessThanOrEqual(844);
    expect({ foreign, problems }).toEqual({ foreign: [], problems: [] });
  });
});
