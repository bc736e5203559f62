import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openAdminHouse, PASSWORD, type AdminHouse } from '../support/admin-house.js';
import { browserOrSkip, openBrowser } from '../support/browser.js';

const SIZES = { wide: { width: 1366, height: 768 }, phone: { width: 390, height: 844 } } as const;

describe.skipIf(!browserOrSkip())('a meeting from its call to its last change, in the back office', () => {
  let house: AdminHouse;
  let browser: Browser;
  let page: Page;
  const shots = mkdtempSync(join(tmpdir(), 'nhac-viec-meetings-'));
  const problems: string[] = [];
  const meeting = (path = 'show') => `${house.url}/admin/resources/Meeting/records/HOP-2026-00001/${path}`;

  beforeAll(async () => {
    house = await openAdminHouse();
    browser = await openBrowser();
    page = await signedIn();
  });
  afterAll(async () => {
    process.stdout.write(`Screens of meetings: ${shots}\n`);
    await browser.close();
    await house.close();
  });

  async function signedIn(): Promise<Page> {
    const opened = await (await browser.newContext({ viewport: SIZES.wide, reducedMotion: 'reduce' })).newPage();
    opened.on('pageerror', (error) => void problems.push(error.message));
    await opened.goto(`${house.url}/admin`);
    await opened.fill('#email', 'office@example.vn');
    await opened.fill('#password', PASSWORD);
    await opened.click('button:has-text("Đăng nhập")');
    await opened.waitForSelector('.nv-head h1');
    return opened;
  }
  /** Both sizes are kept to be looked at; neither may scroll sideways. */
  async function shoot(name: string) {
    for (const size of ['wide', 'phone'] as const) {
      await page.setViewportSize(SIZES[size]);
      await page.screenshot({ path: join(shots, `${name}-${size}.png`), fullPage: true });
      expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth), `${name} ${size} scrolls sideways`).toBeLessThanOrEqual(0);
    }
    await page.setViewportSize(SIZES.wide);
  }
  const tick = (name: string) => page.locator('.nv-picker li', { hasText: name }).locator('input').click();

  test('called to a Saturday: the day says that it is one, the chair is picked from the people, and consent is asked', async () => {
    await page.goto(`${house.url}/admin/resources/Meeting/actions/call`);
    await page.fill('[name=title]', 'Ứng phó mưa lớn, nguy cơ lũ quét');
    await page.fill('[name=startsOn]', '28/11/2026');
    await page.getByText('thứ Bảy 28/11/2026 là ngày nghỉ (cuối tuần).').waitFor();
    await page.fill('[name=startsTime]', '09:00');
    await page.fill('[name=place]', 'Phòng họp tầng 3');
    await tick('Trần Thị Hòa');
    // Words nobody answers to are said to invite nobody, and are sent only when that is ticked.
    await page.fill('[name=chair]', 'ha minh');
    await page.getByText('“ha minh” không có trong danh sách cán bộ: chỉ ghi bằng lời, không gửi giấy mời.').waitFor();
    await shoot('chu-tri-khong-co');
    await page.click('button[type=submit]:has-text("Triệu tập họp")');
    await page.locator('#field-chair-error').getByText('Cần chọn tên trong danh sách, hoặc đánh dấu').waitFor();
    await page.getByText('Có mục chưa đúng, đề nghị xem lại.').waitFor();
    // Typed without diacritics the name is found; what was wrong is over with it.
    await page.fill('[name=chair]', 'hoang dat');
    expect(await page.getByText('Có mục chưa đúng').count()).toBe(0);
    await page.getByText('Có 1 đồng chí khớp, đề nghị chọn.').waitFor();
    await shoot('chu-tri-goi-y');
    await page.click('.nv-picks button:has-text("Hoàng Văn Dật")');
    expect(await page.inputValue('[name=chair]')).toBe('Hoàng Văn Dật, Giám đốc Sở Tài chính');
    await page.getByText('Đồng chí Hoàng Văn Dật được mời chủ trì, nhận giấy mời như mọi người dự.').waitFor();
    await page.click('button[type=submit]:has-text("Triệu tập họp")');
    await page.getByText('Cuộc họp rơi vào ngày nghỉ: thứ Bảy 28/11/2026 (cuối tuần). Vẫn họp vào ngày này?').waitFor();
    await shoot('trieu-tap-ngay-nghi');
    expect(await house.ctx.db.Meeting.countDocuments()).toBe(0);
    await page.click('button:has-text("Vẫn họp ngày này")');
    await page.getByText('Đã xác nhận 0/2').waitFor();
    expect(await page.locator('[data-testid=board] tbody tr').allTextContents()).toEqual([expect.stringContaining('Hoàng Văn Dật'), expect.stringContaining('Trần Thị Hòa')]);
  });

  test('another place: the form says what people will hear, the page says "Đổi địa điểm" and the meeting is not postponed', async () => {
    await page.goto(meeting('postpone'));
    await page.getByText('Chưa có thay đổi: đề nghị sửa giờ họp hoặc địa điểm.').waitFor();
    await page.fill('[name=place]', 'Hội trường tầng 5');
    await page.getByText('Người dự sẽ được báo: đổi địa điểm. Mọi người phải xác nhận lại.').waitFor();
    await page.fill('[name=reason]', 'đông người dự');
    await shoot('doi-dia-diem');
    await page.click('.nv-submit button[type=submit]');
    await page.getByText('Địa điểm: từ Phòng họp tầng 3 sang Hội trường tầng 5. Lý do: đông người dự').waitFor();
    expect(await page.locator('.nv-facts').textContent()).toContain('Đã triệu tập');
  });

  test('the list changes; whoever opened it before is told that somebody was quicker', async () => {
    const other = await signedIn();
    await other.goto(meeting('people'));
    await other.getByText('Chưa thêm, bớt ai.').waitFor();
    await page.goto(meeting('people'));
    await page.locator('[data-testid=list-changes]').waitFor();
    await tick('Trần Thị Hòa');
    await tick('Nguyễn Thị Lan');
    const said = page.locator('[data-testid=list-changes]');
    await said.getByText('Mời thêm: Nguyễn Thị Lan').waitFor();
    await said.getByText('Không phải dự nữa: Trần Thị Hòa').waitFor();
    await page.fill('[name=reason]', 'thu gọn thành phần');
    await shoot('thanh-phan');
    await page.click('.nv-submit button[type=submit]');
    await page.getByText('Mời thêm: Nguyễn Thị Lan. Không phải dự: Trần Thị Hòa. Lý do: thu gọn thành phần').waitFor();
    await other.locator('.nv-picker li', { hasText: 'Nguyễn Thị Lan' }).locator('input').click();
    await other.click('.nv-submit button[type=submit]');
    await other.getByText('Nội dung vừa được người khác thay đổi').first().waitFor();
    await other.close();
  });

  test('all answers stand on the page with who gave them and how', async () => {
    await page.goto(meeting());
    const line = page.locator('[data-testid=board] tr', { hasText: 'Hoàng Văn Dật' });
    for (const [button, answer, note] of [['Đã xác nhận qua điện thoại', 'absent', 'đi công tác'], ['Ghi trả lời khác', 'attending', 'về kịp']] as const) {
      await line.locator(`button:has-text("${button}")`).click();
      await line.locator('select').selectOption(answer);
      await line.locator('input').fill(note);
      await line.locator('button:has-text("Ghi")').click();
      await page.locator('[data-testid=answers]').getByText(note).waitFor();
    }
    const answers = page.locator('[data-testid=answers] li');
    expect(await answers.count()).toBe(2);
    expect(await answers.first().textContent()).toContain('Điện thoại, Nguyễn Thị Lan ghi');
    expect(await answers.first().textContent()).not.toContain('không còn tính');
    expect(await answers.last().textContent()).toContain('Vắng (không còn tính)đi công tác');
    await shoot('cac-lan-tra-loi');
    expect(problems).toEqual([]);
  });
});
