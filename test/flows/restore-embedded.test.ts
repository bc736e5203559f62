import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createApp, type App } from '../../src/app.js';
import { readConfig } from '../../src/config.js';
import { because } from '../../src/context.js';
import { enqueue } from '../../src/delivery/enqueue.js';
import { resumeSending } from '../../src/delivery/hold/decide-hold.js';
import { readHold } from '../../src/delivery/hold/hold.js';
import { headInWords } from '../../src/delivery/ledger/entry.js';
import { headOf } from '../../src/delivery/ledger/seal-ledger.js';
import { startZaloStandIn, type ZaloStandIn } from '../../src/demo/providers/zalo.js';
import { copyDatabase } from '../../src/embedded-mongo/index.js';
import { registerAgency } from '../../src/people/register-agency.js';
import { registerPerson } from '../../src/people/register-person.js';
import { startProcess } from '../support/process.js';
import { chanceOfTest } from '../support/chance.js';
import { TestClock } from '../support/test-clock.js';
import { zaloEnv } from '../support/zalo.js';
import { linkZalo, type OfficeApp } from '../support/office-app.js';

const SYSTEM = { kind: 'system', name: 'Kiểm thử' } as const;

let dir: string;
let clock: TestClock;
let zalo: ZaloStandIn;
let app: App | undefined;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'nhac-viec-restore-'));
  clock = new TestClock('2026-11-19T02:00:00Z');
  zalo = await startZaloStandIn({ clock, later: () => {} });
});
afterEach(async () => {
  await app?.close();
  await zalo.stop();
  rmSync(dir, { recursive: true, force: true });
});

/** The house on the embedded database in `dir`; the story does what its timers would. */
async function start(): Promise<App> {
  const config = readConfig({ NODE_ENV: 'test', LOG_LEVEL: 'silent', PORT: '0', DATA_DIR: dir, ADMIN_EMAIL: 'admin@example.vn', ADMIN_PASSWORD: 'mat-khau-thu-123', QUIET_HOURS: 'off', ...zaloEnv(zalo) });
  app = await createApp(config, { clock, random: chanceOfTest(), log: pino({ level: 'silent' }), background: false, admin: false });
  await app.watch.begin();
  return app;
}

const cli = async (file: string, args: string[]) => {
  const { ended, output } = startProcess(file, args, { NODE_ENV: 'test', DATA_DIR: dir });
  return { code: (await ended).code, output: output() };
};
const heard = () => zalo.network.messagesOf('1001').filter(({ from }) => from === 'bot').length;

test('a backup is put back with the command: nothing leaves before the office has consented, then exactly what had not left', { timeout: 180_000 }, async () => {
  let house = await start();
  const at = (cause: string) => because(house.ctx, `story:${cause}`);
  await registerAgency(at('vp'), SYSTEM, { code: 'VP', name: 'Văn phòng UBND tỉnh', type: 'office' });
  const lan = String((await registerPerson(at('lan'), SYSTEM, { name: 'Nguyễn Thị Lan', position: 'Chuyên viên', agencyCode: 'VP', roles: ['office'] }))._id);
  await linkZalo({ app: house, zalo, lan } as OfficeApp);
  const plan = (key: string, time: string) => enqueue(at(key), { key, kind: 'channel-test', lane: 'normal', personId: lan, asked: 'now', notBefore: new Date(`2026-11-19T${time}:00Z`) });
  // Zalo's token is taken before the backup: a refresh token that was used since is lost with a restore.
  await plan('first', '02:00');
  await plan('soon', '02:30');
  await plan('late', '06:00');
  await house.settle();
  await house.watch.look();
  await copyDatabase(join(dir, 'db'), join(dir, 'backup'));

  clock.set('2026-11-19T02:30:00Z');
  await house.settle();
  clock.set('2026-11-19T03:00:00Z');
  await house.watch.look();
  expect(heard()).toBe(2);
  await house.close();

  renameSync(join(dir, 'db'), join(dir, 'old'));
  expect(await cli('src/cli/restore.ts', ['--from', join(dir, 'backup'), '--data', join(dir, 'db')])).toMatchObject({ code: 0, output: expect.stringContaining('TẠM DỪNG GỬI TIN') });

  clock.set('2026-11-19T06:30:00Z');
  house = await start();
  await house.settle();
  expect(heard()).toBe(2);
  const hold = await readHold(house.ctx);
  expect(hold).toMatchObject({ cause: 'restored', restoredTo: new Date('2026-11-19T02:00:00Z'), lastSentAt: new Date('2026-11-19T03:00:30Z') });

  await resumeSending(at('decide'), SYSTEM, { choice: 'drop', since: hold?.since ?? clock.now() }, { dir, planAll: async () => {} });
  await house.settle();
  expect(heard()).toBe(3);
  expect(await house.ctx.db.Delivery.find({}, { key: 1, state: 1 }).sort({ key: 1 }).lean()).toMatchObject([{ key: 'first', state: 'accepted' }, { key: 'late', state: 'accepted' }, { key: 'soon', state: 'suppressed' }]);
  await house.watch.look();
  expect(await readHold(house.ctx)).toBeNull();
});

test('a copy of the folder put back behind our back is noticed at the next start', { timeout: 120_000 }, async () => {
  const house = await start();
  await house.watch.look();
  await copyDatabase(join(dir, 'db'), join(dir, 'backup'));
  clock.advance({ minutes: 1 });
  await house.watch.look();
  await house.close();
  renameSync(join(dir, 'db'), join(dir, 'old'));
  renameSync(join(dir, 'backup'), join(dir, 'db'));
  clock.advance({ hours: 1 });
  const again = await start();
  expect(await readHold(again.ctx)).toMatchObject({ cause: 'restored' });
  expect((await again.http.inject('/readyz')).json()).toMatchObject({ status: 'not-ready', problems: [{ part: 'hold' }] });
});

test('the ledger is verified from the command line while the house runs; a harmed copy is told with its place', { timeout: 180_000 }, async () => {
  const house = await start();
  await enqueue(house.ctx, { key: 'a', kind: 'channel-test', lane: 'normal', personId: '000000000000000000000001' });
  await house.settle();
  const head = headInWords(await headOf(house.ctx));
  expect(await cli('src/cli/ledger-verify.ts', ['--head', head])).toMatchObject({ code: 0, output: expect.stringContaining('OK: sổ nguyên vẹn và nối tiếp') });
  await house.ctx.db.LedgerEntry.updateOne({ key: 'a' }, { $set: { 'snapshot.state': 'seen' } });
  const harmed = await cli('src/cli/ledger-verify.ts', ['--head', head]);
  expect(harmed.code).toBe(1);
  expect(harmed.output).toMatch(/SỔ KHÔNG NGUYÊN VẸN\. Chỗ đầu tiên: \d+: nội dung mục đã bị sửa/);
  expect((await cli('src/cli/ledger-verify.ts', ['--head', 'nonsense'])).code).toBe(2);
});
