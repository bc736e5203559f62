import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createApp } from '../../src/app.js';
import { readConfig } from '../../src/config.js';
import { startTelegramStandIn, type TelegramStandIn } from '../../src/demo/providers/telegram.js';
import { systemClock } from '../../src/kernel/clock.js';
import { linkChat } from '../../src/people/links/link-chat.js';
import { issueLinkCode } from '../../src/people/links/issue-link-code.js';
import { registerAgency } from '../../src/people/register-agency.js';
import { registerPerson } from '../../src/people/register-person.js';
import { startProcess } from '../support/process.js';

/** Real processes, the embedded database on a real disk, a Telegram stand-in that outlives them all. */
const OFFICER_CHAT = '7001';
const office = { kind: 'system', name: 'Văn phòng' } as const;

let telegram: TelegramStandIn;
let dir: string;
let env: Record<string, string>;
let officerId: string;

const told = () => telegram.network.messagesOf(OFFICER_CHAT).filter((message) => message.from === 'bot' && message.text.includes('NV-'));

const untilTold = () =>
  new Promise<void>((resolve) => {
    const stop = telegram.network.onChange(() => {
      if (told().length === 0) return;
      stop();
      resolve();
    });
  });

beforeEach(async () => {
  telegram = await startTelegramStandIn({ clock: systemClock });
  dir = mkdtempSync(join(tmpdir(), 'nhac-viec-kill-'));
  env = { NODE_ENV: 'test', LOG_LEVEL: 'info', QUIET_HOURS: 'off', PORT: '0', DATA_DIR: dir, ADMIN_EMAIL: 'qt@x.invalid', ADMIN_PASSWORD: 'mat-khau-dai', TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_ROOT: telegram.url };
  await telegram.network.say(OFFICER_CHAT, '/start');
  officerId = await furnish();
});

afterEach(async () => {
  await telegram.stop();
  rmSync(dir, { recursive: true, force: true });
});

/** An agency and a linked officer, on the disk. */
async function furnish(): Promise<string> {
  const app = await createApp(readConfig({ ...env, LOG_LEVEL: 'silent' }), { background: false, admin: false });
  const { ctx } = app;
  await registerAgency({ ...ctx, cause: 'a1' }, office, { code: 'UBND', name: 'UBND tỉnh', type: 'province' });
  await registerAgency({ ...ctx, cause: 'a2' }, office, { code: 'STC', name: 'Sở Tài chính', type: 'department' });
  const person = await registerPerson({ ...ctx, cause: 'p1' }, office, { name: 'Nguyễn Tố Quyên', position: 'Chuyên viên', agencyCode: 'STC', roles: ['officer'] });
  const { code } = await issueLinkCode({ ...ctx, cause: 'c1' }, office, { personId: person._id.toString() });
  await linkChat({ ...ctx, cause: 'l1' }, { channel: 'telegram', chatId: OFFICER_CHAT, senderId: OFFICER_CHAT, code });
  await app.close();
  return person._id.toString();
}

test('kill -9 between the fact and the send: after the restart the message goes out, once', { timeout: 120_000 }, async () => {
  const writer = startProcess('test/support/fact-then-die.ts', [officerId], env);
  expect(await writer.ended, writer.output()).toMatchObject({ signal: 'SIGKILL' });
  expect(told()).toEqual([]);

  const arrived = untilTold();
  const house = startProcess('src/main.ts', [], env);
  await Promise.race([arrived, house.ended.then(() => Promise.reject(new Error(house.output())))]);
  house.child.kill('SIGTERM');
  expect(await house.ended, house.output()).toEqual({ code: 0, signal: null });

  // A second start finds nothing left to say.
  const again = startProcess('src/main.ts', [], env);
  await again.until(/"event":"listening"/);
  again.child.kill('SIGTERM');
  expect(await again.ended, again.output()).toEqual({ code: 0, signal: null });
  expect(told()).toHaveLength(1);
  expect(told()[0]?.text).toContain('Rà soát các hộ trong vùng nguy cơ cao');
});
