import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { because } from '../../src/context.js';
import { enqueue } from '../../src/delivery/enqueue.js';
import { relayIntents } from '../../src/delivery/relay-intents.js';
import { createDirective } from '../../src/directives/create-directive.js';
import { callMeeting } from '../../src/meetings/call-meeting.js';
import { registerAgency } from '../../src/people/register-agency.js';
import { registerPerson } from '../../src/people/register-person.js';
import { openAdminHouse, PASSWORD, type AdminHouse } from '../support/admin-house.js';
import { browserOrSkip, openBrowser } from '../support/browser.js';
import { stumblingBlocks } from '../support/screen-check.js';
import { letter, office } from '../support/task-story.js';

const SIZES = { wide: { width: 1366, height: 768 }, phone: { width: 390, height: 844 } } as const;
const LONG = 'Ban Quản lý dự án đầu tư xây dựng các công trình giao thông, thủy lợi và hạ tầng kỹ thuật khu vực miền núi phía Bắc tỉnh Lào Cai';

const screens = [
  '', '/resources/Task', '/resources/Task/actions/assign', '/resources/Task/records/NV-2026-00001/show', '/resources/Task/records/NV-2026-00001/moveDeadline', '/resources/Task?filters.q=zzz',
  '/resources/Directive', '/resources/Meeting', '/resources/Meeting/actions/call', '/resources/Meeting/records/HOP-2026-00001/show',
  '/resources/Delivery', '/resources/Inbound', '/resources/ZbsTemplate', '/resources/ZbsTemplate/actions/add',
  '/resources/Agency', '/resources/Agency/actions/add', '/resources/Agency/records/:agency/show', '/resources/Agency/records/:agency/change',
  '/resources/Person', '/resources/Person/actions/add', '/resources/Person/records/:person/show', '/resources/Person/records/:person/change', '/resources/Person/records/:person/deactivate', '/resources/Person/records/:person/linkCode',
  '/resources/CalendarDay', '/resources/CalendarDay/actions/setDay', '/resources/CalendarDay/records/2026-11-24/changeDay', '/resources/CalendarDay/records/2026-11-24/removeDay',
  '/resources/Account', '/resources/Account/actions/add', '/resources/Account/records/:account/change', '/resources/Account/records/:account/disable', '/resources/Account/records/:account/resetPassword', '/resources/AuditEntry',
  '/pages/channels', '/pages/ledger', '/pages/ledger?q=NV-1', '/pages/hold', '/pages/sms-preview', '/pages/password',
  '/resources/KhongCo', '/pages/khong-co', '/resources/Task/records/NV-2026-99999/show',
];

describe.skipIf(!browserOrSkip())('every screen of the back office, wide and on a phone', () => {
  let house: AdminHouse;
  let browser: Browser;
  let page: Page;
  const ids: Record<string, string> = {};
  const shots = mkdtempSync(join(tmpdir(), 'nhac-viec-screens-'));
  const problems: string[] = [];
  let at = 0;
  const next = () => because(house.ctx, `story:${++at}`);

  beforeAll(async () => {
    house = await openAdminHouse({ demo: true });
    // Names as long as the real ones get: no table may break on them.
    const agency = await registerAgency(next(), office, { code: 'BQLDA', name: LONG, type: 'service-unit', parentCode: 'UBND', email: 'van.thu.ban.quan.ly.du.an.dau.tu.xay.dung@mot-ten-mien-rat-dai.laocai.invalid', phone: '0214 3840 888' });
    const person = await registerPerson(next(), office, { name: 'Nguyễn Hoàng Phương Thảo Nguyên', position: `Phó Giám đốc phụ trách ${LONG}`, agencyCode: 'BQLDA', roles: ['leader', 'officer'], phone: '0912345999' });
    await createDirective(next(), office, letter([{ content: `${'Rà soát toàn bộ hồ sơ, thủ tục. '.repeat(12)}https://example.vn/${'a'.repeat(120)}`, leadAgencyCode: 'BQLDA', dueOn: '2026-11-18' }, { content: 'Báo cáo', leadAgencyCode: 'STC', dueOn: '2026-11-23' }, { content: 'Lập dự toán', leadAgencyCode: 'SYT' }]));
    await callMeeting(next(), office, { title: `Họp về ${LONG}`, kind: 'urgent', startsAt: new Date('2026-11-20T09:00:00Z'), place: `Trụ sở ${LONG}`, attendeeIds: [person._id.toString(), house.people.dat] });
    await relayIntents(house.ctx);
    await enqueue(next(), { key: 'mailbox', kind: 'task-reminder', lane: 'normal', chat: { channel: 'email', to: 'a@b.invalid' }, taskCode: 'NV-2026-00001', data: { agencyCode: 'BQLDA' } });
    const account = await house.ctx.db.Account.findOne({ email: 'syt@example.vn' }).orFail().lean();
    Object.assign(ids, { agency: String(agency._id), person: String(person._id), account: String(account._id) });
    browser = await openBrowser();
    page = await signedIn('admin@example.vn');
  }, 60_000);
  afterAll(async () => {
    process.stdout.write(`Every screen: ${shots}\n`);
    await browser.close();
    await house.close();
  });

  async function signedIn(email: string): Promise<Page> {
    const opened = await (await browser.newContext({ viewport: SIZES.wide, reducedMotion: 'reduce' })).newPage();
    opened.on('pageerror', (error) => void problems.push(error.message));
    await opened.goto(`${house.url}/admin`);
    await opened.fill('#email', email);
    await opened.fill('#password', PASSWORD);
    await opened.click('button:has-text("Đăng nhập")');
    await opened.waitForSelector('.nv-head h1');
    return opened;
  }

  async function blocksOn(path: string, on = page): Promise<string[]> {
    const answer = await on.goto(`${house.url}/admin${path.replace(/:(\w+)/g, (_all, name: string) => ids[name] ?? '')}`);
    await on.waitForSelector('.nv-head h1');
    await on.waitForFunction(() => !/Đang tải…|Đang tính/.test(document.body.innerText));
    // A browser left to guess the encoding guesses wrong on some pages only.
    const all: string[] = answer?.headers()['content-type'] === 'text/html; charset=utf-8' ? [] : ['the encoding is not said'];
    for (const size of ['wide', 'phone'] as const) {
      await on.setViewportSize(SIZES[size]);
      await on.waitForFunction(() => window.innerWidth > 800 || (document.querySelector('.nv-sidebar')?.getBoundingClientRect().right ?? 0) <= 0);
      await on.screenshot({ path: join(shots, `${path.replace(/\W+/g, '-').slice(1) || 'tong-quan'}-${size}.png`), fullPage: true });
      all.push(...(await stumblingBlocks(on)).map((one) => `${size}: ${one}`));
    }
    await on.setViewportSize(SIZES.wide);
    return all;
  }

  test.each(screens)('/admin%s', async (path) => {
    expect(await blocksOn(path)).toEqual([]);
  });

  test('two tasks and two blanks on one form: each field has its own label', async () => {
    await page.goto(`${house.url}/admin/resources/Task/actions/assign`);
    await page.click('button:has-text("Thêm nhiệm vụ của văn bản này")');
    await page.locator('fieldset:has-text("Nhiệm vụ 2") label:has-text("Nội dung nhiệm vụ")').click();
    await page.keyboard.type('Việc thứ hai');
    expect(await page.locator('[name=content]').nth(1).inputValue()).toBe('Việc thứ hai');
    expect(await stumblingBlocks(page)).toEqual([]);
  });

  test('what a leader and an agency see', async () => {
    for (const email of ['leader@example.vn', 'stc@example.vn']) {
      const theirs = await signedIn(email);
      for (const path of ['', '/resources/Task', '/resources/Task/records/NV-2026-00002/show', '/pages/hold']) expect(await blocksOn(path, theirs), `${email} ${path}`).toEqual([]);
      await theirs.context().close();
    }
  });

  test('no script failed', () => {
    expect(problems).toEqual([]);
  });
});
