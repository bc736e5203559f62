import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { because } from '../../src/context.js';
import { createDirective } from '../../src/directives/create-directive.js';
import { reportProgress } from '../../src/directives/report-progress.js';
import type { Actor } from '../../src/people/actor.js';
import { registerAgency } from '../../src/people/register-agency.js';
import { openAdminHouse, PASSWORD, type AdminHouse } from '../support/admin-house.js';
import { browserOrSkip, openBrowser } from '../support/browser.js';
import { stumblingBlocks } from '../support/screen-check.js';

const SIZES = { wide: { width: 1366, height: 768 }, phone: { width: 390, height: 844 } } as const;
const OFFICE: Actor = { kind: 'system', name: 'Kiểm thử' };

describe.skipIf(!browserOrSkip())('what a new user of the back office stumbled over', () => {
  let house: AdminHouse;
  let browser: Browser;
  let page: Page;
  const folder = mkdtempSync(join(tmpdir(), 'nhac-viec-second-look-'));
  const problems: string[] = [];
  const at = (path: string) => `${house.url}/admin${path ? `/${path}` : ''}`;
  const agencyTask = (n: number, leadAgencyCode: string) => createDirective(because(house.ctx, `story:${n}`), OFFICE, { symbol: `${n}/UBND-KT`, kind: 'Công văn', issuedOn: '2026-11-16', signer: 'Hà Minh Thụy', summary: 'Đẩy nhanh giải ngân', urgency: 'normal', tasks: [{ content: 'Báo cáo tiến độ giải ngân từng dự án', leadAgencyCode, dueOn: '2026-12-10' }] });

  beforeAll(async () => {
    house = await openAdminHouse();
    for (let n = 1; n <= 13; n++) {
      await registerAgency(because(house.ctx, `xa:${n}`), OFFICE, { code: `X${n}`, name: `UBND xã ${n}`, type: 'commune' });
      await agencyTask(n, `X${n}`);
    }
    await agencyTask(14, 'STC');
    await reportProgress(because(house.ctx, 'done'), { kind: 'person', personId: house.people.dat, name: 'Hoàng Văn Dật', agencyCode: 'STC', roles: ['leader'], channel: 'zalo' }, { code: 'NV-2026-00014', percent: 100, note: 'đã xong' });
    browser = await openBrowser();
    page = await signedIn();
  });
  afterAll(async () => {
    process.stdout.write(`Screens of a second look: ${folder}\n`);
    await browser.close();
    await house.close();
  });

  async function signedIn(): Promise<Page> {
    const opened = await (await browser.newContext({ viewport: SIZES.wide, reducedMotion: 'reduce' })).newPage();
    opened.on('pageerror', (error) => void problems.push(error.message));
    await opened.goto(at(''));
    await opened.fill('#email', 'office@example.vn');
    await opened.fill('#password', PASSWORD);
    await opened.click('button:has-text("Đăng nhập")');
    await opened.waitForSelector('.nv-head h1');
    return opened;
  }
  async function shoot(name: string) {
    for (const size of ['wide', 'phone'] as const) {
      await page.setViewportSize(SIZES[size]);
      await page.waitForFunction(() => window.innerWidth > 800 || (document.querySelector('.nv-sidebar')?.getBoundingClientRect().right ?? 0) <= 0);
      await page.screenshot({ path: join(folder, `${name}-${size}.png`), fullPage: true });
      expect(await stumblingBlocks(page), `${name} ${size}`).toEqual([]);
    }
    await page.setViewportSize(SIZES.wide);
  }
  const tick = (name: string) => page.locator('.nv-picker li', { hasText: name }).locator('input').click();
  const call = async (title: string, on: string) => {
    await page.goto(at('resources/Meeting/actions/call'));
    await page.fill('[name=title]', title);
    await page.fill('[name=startsOn]', on);
    await page.fill('[name=startsTime]', '09:00');
    await page.fill('[name=place]', 'Phòng họp tầng 3');
    await tick('Hoàng Văn Dật');
    await page.click('.nv-submit button[type=submit]');
    await page.getByText('Đã xác nhận 0/1').waitFor();
  };

  test('the chart shows twelve agencies, says of how many, and opens to all; what waits for the Office is on it', async () => {
    await page.goto(at(''));
    const chart = page.getByTestId('agency-bars');
    await chart.getByText('Đang hiện 12 trên 14 cơ quan').waitFor();
    expect(await chart.getByText('Chờ xác nhận').count()).toBe(1);
    await shoot('bieu-do');
    await chart.getByRole('button', { name: 'Xem cả 14 cơ quan' }).click();
    expect(await chart.locator('.nv-bars a').count()).toBe(14);
    await chart.locator('a', { hasText: 'Sở Tài chính' }).click();
    await page.locator('tr[data-id="NV-2026-00014"]').waitFor();
    expect(await page.locator('tr[data-id]').count()).toBe(1);
  });

  test('an agency with nobody in it: said in the form, on the page and by "Nhắc ngay"', async () => {
    await page.goto(at('resources/Task/actions/assign'));
    await page.selectOption('[name=leadAgencyCode]', 'X1');
    await page.getByTestId('unreached').getByText('UBND xã 1 chưa có lãnh đạo, đầu mối hoặc hộp thư trong hệ thống').waitFor();
    await shoot('giao-khong-nguoi-nhan');
    await page.selectOption('[name=leadAgencyCode]', 'STC');
    await page.getByTestId('unreached').waitFor({ state: 'detached' });
    await page.goto(at('resources/Task/records/NV-2026-00001/show'));
    await page.getByTestId('unreached').getByText('chưa báo được cho ai ở đó').waitFor();
    await page.click('button:has-text("Nhắc ngay")');
    await page.locator('.nv-notice').getByText('Chưa nhắc được ai về NV-2026-00001.').waitFor();
    await page.click('button:has-text("Nhắc ngay")');
    await page.getByRole('button', { name: 'Nhắc ngay' }).waitFor();
    expect(await page.locator('.nv-notice').count()).toBe(1);
    await shoot('nhiem-vu-khong-nguoi-nhan');
  });

  test('"Trả lại" says what goes back', async () => {
    await page.goto(at('resources/Task/records/NV-2026-00014/giveBack'));
    await page.getByTestId('about').getByText('Báo cáo tiến độ giải ngân từng dự án').waitFor();
    await page.getByTestId('about').getByText('100%, chờ xác nhận').waitFor();
    await shoot('tra-lai');
  });

  test('"Gia hạn" to an earlier day asks first', async () => {
    await page.goto(at('resources/Task/records/NV-2026-00002/moveDeadline'));
    await page.fill('[name=dueOn]', '01/12/2026');
    await page.fill('[name=reason]', 'họp sớm hơn');
    await page.click('.nv-submit button[type=submit]');
    await page.getByText('Hạn mới 01/12/2026 sớm hơn hạn hiện nay 10/12/2026. Vẫn đổi?').waitFor();
    await shoot('han-som-hon');
    await page.click('button:has-text("Vẫn đổi hạn")');
    await page.getByText('Hạn ban đầu: 10/12/2026').waitFor();
  });

  test('on the phone nothing is chosen beforehand', async () => {
    await call('Ứng phó mưa lớn', '27/11/2026');
    await page.click('button:has-text("Đã xác nhận qua điện thoại")');
    const form = page.locator('.nv-row-form');
    expect(await form.locator('select').inputValue()).toBe('');
    expect(await form.getByRole('button', { name: 'Ghi' }).isDisabled()).toBe(true);
    await shoot('qua-dien-thoai');
    await form.locator('select').selectOption('absent');
    await form.getByRole('button', { name: 'Ghi' }).click();
    await page.getByText('Đã xác nhận 1/1').waitFor();
  });

  test('a second tab is told to load again, and the button shows the new values', async () => {
    const other = await signedIn();
    await other.goto(at('resources/Meeting/records/HOP-2026-00001/postpone'));
    await other.getByText('Lịch hiện nay').waitFor();
    await page.goto(at('resources/Meeting/records/HOP-2026-00001/postpone'));
    await page.fill('[name=place]', 'Hội trường tầng 5');
    await page.fill('[name=reason]', 'đông người');
    await page.click('.nv-submit button[type=submit]');
    await page.getByText('Địa điểm: từ Phòng họp tầng 3 sang Hội trường tầng 5').waitFor();
    await other.fill('[name=place]', 'Phòng họp tầng 2');
    await other.fill('[name=reason]', 'nhầm');
    await other.click('.nv-submit button[type=submit]');
    await other.getByTestId('stale').getByText('đề nghị tải lại trang').waitFor();
    expect(await other.locator('.nv-submit button[type=submit]').isDisabled()).toBe(true);
    expect(await other.locator('.nv-notice').count()).toBe(0);
    const mine = page;
    page = other;
    await shoot('hai-the');
    page = mine;
    await other.getByRole('button', { name: 'Tải lại trang' }).click();
    await other.getByText('Hội trường tầng 5').first().waitFor();
    expect(await other.inputValue('[name=place]')).toBe('Hội trường tầng 5');
    await other.close();
  });

  test('meetings: the nearest first, a changed place marked', async () => {
    await call('Giao ban xa', '21/12/2026');
    await call('Giao ban gần', '23/11/2026');
    await page.goto(at('resources/Meeting'));
    await page.locator('tr[data-id]').first().waitFor();
    expect(await page.locator('tr[data-id]').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-id')))).toEqual(['HOP-2026-00003', 'HOP-2026-00001', 'HOP-2026-00002']);
    await page.getByText('Đã đổi địa điểm, trước là Phòng họp tầng 3').waitFor();
    await shoot('cuoc-hop');
  });

  test('"Hủy họp" says what is cancelled, and the way back leads to no page that is not there', async () => {
    await page.goto(at('resources/Meeting'));
    await page.locator('tr[data-id="HOP-2026-00002"] a').first().click();
    await page.locator('a:has-text("Hủy họp")').click();
    await page.getByTestId('about').getByText('Giao ban xa').waitFor();
    await page.getByTestId('about').getByText('1 người, 0 đã xác nhận').waitFor();
    await shoot('huy-hop');
    await page.fill('[name=reason]', 'trùng lịch');
    await page.click('.nv-submit button[type=submit]');
    await page.locator('.nv-facts').getByText('Đã hủy').waitFor();
    await page.goBack();
    await page.locator('.nv-head h1', { hasText: 'HOP-2026-00002' }).waitFor();
    expect(await page.getByText('Không có trang này').count()).toBe(0);
  });

  test('a file that cannot go along is refused when it is chosen, in words that fit', async () => {
    await page.goto(at('resources/Meeting/records/HOP-2026-00001/show'));
    const choose = async (name: string, content: string) => {
      const path = join(folder, name);
      writeFileSync(path, content, 'latin1');
      await page.setInputFiles('input[type=file]', path);
    };
    await page.getByRole('button', { name: 'Chọn tệp' }).waitFor();
    await choose('chuong-trinh.exe', 'MZ\x90');
    await page.getByText('Chỉ nhận tệp PDF, JPG, PNG; chuong-trinh.exe không thuộc loại này. Tệp chưa được đính kèm.').waitFor();
    await choose('gia.pdf', 'MZ\x90');
    await page.getByText('Tệp gia.pdf có đuôi đúng nhưng nội dung không phải PDF, JPG hay PNG').waitFor();
    expect(await page.getByTestId('file-chosen').count()).toBe(0);
    await shoot('tep-khong-nhan');
    await choose('that.pdf', '%PDF-1.7\n');
    await page.getByTestId('file-chosen').getByText('that.pdf').waitFor();
    expect(problems).toEqual([]);
  });
});
