import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTelegramStandIn, type TelegramStandIn } from '../../src/demo/providers/telegram.js';
import { systemClock } from '../../src/kernel/clock.js';
import { startProcess, type HouseProcess } from '../support/process.js';

const TOKEN = 'office-document-system-token';
const OFFICER_CHAT = '7001';

let telegram: TelegramStandIn;
let dir: string;
let house: HouseProcess;
let address: URL;
const open: Socket[] = [];

beforeEach(async () => {
  telegram = await startTelegramStandIn({ clock: systemClock });
  dir = mkdtempSync(join(tmpdir(), 'nhac-viec-stop-'));
  house = startProcess('src/main.ts', [], {
    NODE_ENV: 'test', LOG_LEVEL: 'info', QUIET_HOURS: 'off', PORT: '0', DATA_DIR: dir, ADMIN_EMAIL: 'qt@x.invalid', ADMIN_PASSWORD: 'mat-khau-dai', API_TOKEN: TOKEN,
    TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_ROOT: telegram.url,
  });
  await house.until(/"event":"listening"/);
  address = new URL(/"address":"([^"]+)"/.exec(house.output())?.[1] ?? '');
});

afterEach(async () => {
  open.splice(0).forEach((socket) => socket.destroy());
  house.child.kill('SIGKILL');
  await house.ended;
  await telegram.stop();
  rmSync(dir, { recursive: true, force: true });
});

async function post(path: string, body: object): Promise<{ id: string; code: string }> {
  const answer = await fetch(new URL(`/api/v1/${path}`, address), { method: 'POST', headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' }, body: JSON.stringify(body) });
  return (await answer.json()) as { id: string; code: string };
}

/** A connection that says this and then nothing more. */
function hold(words: string): void {
  const socket = connect(Number(address.port), address.hostname, () => socket.write(words.replaceAll('\n', '\r\n')));
  socket.on('error', () => {});
  open.push(socket);
}

test('told to stop while Telegram hangs, a request is half sent and connections are kept alive: in time and in order', { timeout: 120_000 }, async () => {
  await post('agencies', { code: 'UBND', name: 'UBND tỉnh', type: 'province' });
  await post('agencies', { code: 'STC', name: 'Sở Tài chính', type: 'department' });
  const { id } = await post('people', { name: 'Nguyễn Tố Quyên', position: 'Chuyên viên', agencyCode: 'STC', roles: ['officer'] });
  const { code } = await post(`people/${id}/link-codes`, {});
  await telegram.network.say(OFFICER_CHAT, `/start ${code}`);
  const sent = () => telegram.network.calls().filter(({ method }) => method === 'sendMessage').length;
  await expect.poll(sent, { timeout: 30_000 }).toBe(1);

  telegram.misbehaveOn('sendMessage', 'hang', 5);
  await post('directives', {
    symbol: '1/UBND', kind: 'Công văn', issuedOn: '2026-11-16', signer: 'Hà Minh Thụy', summary: 'Giải ngân', urgency: 'normal',
    tasks: Array.from({ length: 3 }, (_, i) => ({ content: `Việc ${i}`, leadAgencyCode: 'STC', officerId: id })),
  });
  await expect.poll(sent, { timeout: 30_000 }).toBeGreaterThan(1);
  hold(`POST /api/v1/agencies HTTP/1.1\nhost: x\nauthorization: Bearer ${TOKEN}\ncontent-type: application/json\ncontent-length: 500\n\n{"code"`);
  for (let i = 0; i < 10; i++) hold('GET /healthz HTTP/1.1\nhost: x\nconnection: keep-alive\n\n');

  house.child.kill('SIGTERM');
  // After five seconds the process ends itself with 1.
  expect(await house.ended, house.output()).toEqual({ code: 0, signal: null });
});
