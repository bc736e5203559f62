import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openAdminHouse, PASSWORD, type AdminHouse } from '../support/admin-house.js';
import { browserOrSkip, openBrowser } from '../support/browser.js';

const SIZES = { wide: { width: 1366, height: 768 }, phone: { width: 390, height: 844 } } as const;
/** English words a Vietnamese office should never meet; names of channels are names. */
const ENGLISH = /\b(Select|Search|Loading|Save|Cancel|Submit|Filter|Create|Delete|Edit|Show|List|Login|Log ?out|Record|Error|Dashboard|Navigation|undefined|null|NaN|Invalid)\b/;

describe.skipIf(!browserOrSkip())('the back office in a browser', () => {
  let house: AdminHouse;
  let browser: Browser;
  let page: Page;
  const shots = mkdtempSync(join(tmpdir(), 'nhac-viec-screens-'));
  const foreign: string[] = [];
  const problems: string[] = [];

  beforeAll(async () => {
    house = await openAdminHouse({ demo: true });
    browser = await openBrowser();
    page = await open('wide');
  });
  afterAll(async () => {
    await browser.close();
    await house.close();
  });

  async function open(size: keyof typeof SIZES): Promise<Page> {
    const opened = await (await browser.newContext({ viewport: SIZES[size] })).newPage();
    opened.on('request', (request) => void (!request.url().startsWith(house.url) && foreign.push(request.url())));
    opened.on('pageerror', (error) => void problems.push(error.message));
    return opened;
  }

  const signIn = async (on: Page, email = 'office@example.vn', path = '/admin') => {
    await on.goto(house.url + path);
    await on.fill('#email', email);
    await on.fill('#password', PASSWORD);
    await on.click('button:has-text("Đăng nhập")');
    await on.waitForSelector('.nv-head h1');
  };
  const notice = (words: string) => page.getByText(words).first().waitFor();

  test('signing in leads to the page asked for, under the banner of the demonstration', async () => {
    await signIn(page, 'office@example.vn', '/admin/resources/Task');
    expect(new URL(page.url()).pathname).toBe('/admin/resources/Task');
    expect(await page.textContent('.nv-demo')).toBe('DỮ LIỆU MINH HỌA');
  });

  test('a task is assigned, seen in the list, reminded, and its deadline moved', async () => {
    await page.click('a:has-text("Giao nhiệm vụ")');
    await page.click('button:has-text("Giao nhiệm vụ")');
    await page.getByText('Cần nhập').first().waitFor();
    await page.fill('[name=symbol]', '5127/UBND-KT');
    await page.fill('[name=issuedOn]', '16/11/2026');
    await page.fill('[name=summary]', 'Đẩy nhanh tiến độ giải ngân');
    await page.fill('[name=signer]', 'Nguyễn Văn An, Phó Chủ tịch');
    await page.fill('[name=content]', 'Báo cáo tiến độ giải ngân từng dự án');
    await page.selectOption('[name=leadAgencyCode]', { label: 'Sở Tài chính' });
    await page.selectOption('[name=officerId]', { label: 'Trần Thị Hòa, Trưởng phòng Ngân sách, Sở Tài chính' });
    await page.fill('[name=dueOn]', '24/11/2026');
    await page.getByText('thứ Ba 24/11/2026').waitFor();
    await page.click('button:has-text("Giao nhiệm vụ")');
    await notice('Đã ghi văn bản 5127/UBND-KT và giao 1 nhiệm vụ.');
    await page.click('a:has-text("NV-2026-00001")');
    await page.click('button:has-text("Nhắc ngay")');
    await notice('Đang gửi lời nhắc NV-2026-00001.');
    await page.click('a:has-text("Gia hạn")');
    await page.fill('[name=dueOn]', '01/12/2026');
    await page.fill('[name=reason]', 'chờ hướng dẫn của Bộ Tài chính');
    await page.click('button:has-text("Gia hạn")');
    await notice('Đã đổi hạn nhiệm vụ NV-2026-00001.');
    await page.getByText('Hạn ban đầu: 24/11/2026').waitFor();
    expect(await page.textContent('.nv-timeline')).toContain('chờ hướng dẫn của Bộ Tài chính');
    await page.goto(`${house.url}/admin/resources/Task?filters.q=giai%20ngan`);
    const row = page.locator('tr[data-id="NV-2026-00001"]');
    await row.waitFor();
    expect(await row.textContent()).toMatch(/Sở Tài chính.*01\/12\/2026.*Trong hạn/);
  });

  test('several tasks are reminded at once from the list', async () => {
    await page.click('tr[data-id="NV-2026-00001"] input[type=checkbox]');
    await page.click('.nv-bulk button:has-text("Nhắc ngay")');
    await page.getByText(/Đã thực hiện \d\/1 dòng/).waitFor();
  });

  test('a meeting is called and its board shows who has confirmed', async () => {
    await page.goto(`${house.url}/admin/resources/Meeting/actions/call`);
    await page.fill('[name=title]', 'Ứng phó mưa lớn, nguy cơ lũ quét');
    await page.selectOption('[name=kind]', 'urgent');
    await page.fill('[name=startsOn]', '20/11/2026');
    await page.fill('[name=startsTime]', '16h');
    await page.fill('[name=place]', 'Phòng họp tầng 3');
    for (const name of ['hoang van dat', 'Trần Thị Hòa']) {
      await page.fill('[data-testid=picker-attendeeIds] input[type=search]', name);
      await page.click('[data-testid=picker-attendeeIds] li label');
    }
    await page.click('button:has-text("Triệu tập họp")');
    const board = page.locator('[data-testid=board]');
    await board.waitFor();
    expect(await board.textContent()).toMatch(/Đã xác nhận 0\/2.*Hoàng Văn Dật.*Chưa xác nhận.*0912 345 002/);
    await house.ctx.db.Meeting.updateOne({ code: 'HOP-2026-00001' }, { $set: { 'attendees.0.acknowledgedAt': house.clock.now(), 'attendees.0.via': 'zalo' } });
    await page.reload();
    await board.getByText('Đã xác nhận 1/2').waitFor();
  });

  test('a link code is shown once', async () => {
    await page.goto(`${house.url}/admin/resources/Person/records/${house.people.hoa}/linkCode`);
    await page.click('button:has-text("Cấp mã")');
    await page.waitForSelector('[data-testid=link-code]');
    expect(await page.textContent('[data-testid=link-code]')).toMatch(/^[2-9A-Z]{8}$/);
    await page.reload();
    await page.waitForSelector('button:has-text("Cấp mã")');
    expect(await page.locator('[data-testid=link-code]').count()).toBe(0);
  });

  test('every page reads Vietnamese and fits, on a desk and on a phone', { timeout: 120_000 }, async () => {
    const resources = ['Task', 'Directive', 'Meeting', 'Delivery', 'Inbound', 'Agency', 'Person', 'CalendarDay', 'Account', 'AuditEntry'];
    const paths = ['/admin', ...resources.map((one) => `/admin/resources/${one}`), '/admin/pages/channels', '/admin/resources/ZbsTemplate', '/admin/resources/ZbsTemplate/actions/add', '/admin/resources/Task/actions/assign', '/admin/resources/Meeting/actions/call', '/admin/resources/Task/records/NV-2026-00001/show', '/admin/resources/Meeting/records/HOP-2026-00001/show', '/admin/resources/Task/records/NV-2026-09999/show', '/admin/resources/Nope'];
    for (const size of ['wide', 'phone'] as const) {
      const on = await open(size);
      await signIn(on, 'admin@example.vn');
      for (const path of paths) {
        await on.goto(house.url + path);
        await on.waitForFunction(() => document.querySelector('.nv-page') !== null && !document.body.innerText.includes('Đang tải'));
        await on.screenshot({ path: join(shots, `${size}${path.replaceAll('/', '-')}.png`) });
        const text = await on.evaluate(() => document.body.innerText);
        expect(ENGLISH.exec(text)?.[0], `${size} ${path}`).toBeUndefined();
        expect(await on.evaluate(() => document.documentElement.scrollWidth - window.innerWidth), `${size} ${path} scrolls sideways`).toBeLessThanOrEqual(0);
        expect(await on.evaluate(() => getComputedStyle(document.querySelector('.nv-page') ?? document.body).fontFamily)).toContain('Be Vietnam Pro');
      }
    }
    process.stdout.write(`Screens of the back office: ${shots}\n`);
  });

  test('signed out elsewhere: the next click leads to the login', async () => {
    await house.ctx.db.Account.updateOne({ email: 'office@example.vn' }, { $set: { disabledAt: house.clock.now() } });
    await page.goto(`${house.url}/admin/resources/Task`);
    await page.waitForSelector('#email');
  });

  test('nothing was asked of another host and no script failed', () => {
    expect(foreign).toEqual([]);
    expect(problems).toEqual([]);
  });
});
