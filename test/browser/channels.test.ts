import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browserOrSkip, openBrowser } from '../support/browser.js';
import { linkZalo, openOfficeApp, PASSWORD, type OfficeApp } from '../support/office-app.js';

describe.skipIf(!browserOrSkip())('the page "Kênh" in a browser', () => {
  let office: OfficeApp;
  let browser: Browser;
  let page: Page;
  let url: string;
  const shots = mkdtempSync(join(tmpdir(), 'nhac-viec-channels-'));

  beforeAll(async () => {
    // The callback leads to PUBLIC_URL, which is this very server.
    office = await openOfficeApp({ PUBLIC_URL: '', SMS_DRIVER: 'esms' });
    url = await office.app.listen();
    const { port } = new URL(url);
    await office.close();
    office = await openOfficeApp({ PUBLIC_URL: `http://127.0.0.1:${port}`, PORT: port, SMS_DRIVER: 'esms' });
    office.zalo.registerCallback(`http://127.0.0.1:${port}/admin/zalo/callback`);
    url = await office.app.listen();
    await linkZalo(office);
    browser = await openBrowser();
    page = await (await browser.newContext({ viewport: { width: 1366, height: 768 } })).newPage();
    await page.goto(`${url}/admin/pages/channels`);
    await page.fill('#email', 'lan@example.vn');
    await page.fill('#password', PASSWORD);
    await page.click('button:has-text("Đăng nhập")');
    await page.waitForSelector('[data-channel=zalo]');
  });
  afterAll(async () => {
    await browser.close();
    await office.close();
  });

  const zalo = () => page.locator('[data-channel=zalo]');

  test('the menu leads there; each channel says how it is; the steps unfold', async () => {
    expect(await page.getAttribute('.nv-sidebar a:has-text("Kênh")', 'aria-current')).toBe('page');
    expect(await page.locator('[data-channel]').count()).toBe(6);
    expect(await page.textContent('[data-channel=sms]')).toContain('SMS_BRANDNAME');
    expect(await zalo().locator('ol').first().isVisible()).toBe(false);
    await zalo().getByText('Các bước thiết lập').click();
    expect(await zalo().locator('ol').first().textContent()).toContain('/lienket');
    // Names of settings are for whoever keeps the server, and folded away.
    expect(await page.locator('[data-channel=sms] code').first().isVisible()).toBe(false);
    await zalo().getByText('Dành cho quản trị máy chủ').click();
    expect(await zalo().locator('ol').last().textContent()).toContain('/admin/zalo/callback');
    await page.screenshot({ path: join(shots, 'steps.png'), fullPage: true });
  });

  test('"Gửi thử" reaches the own phone and the page shows it', async () => {
    await zalo().locator('button:has-text("Gửi thử")').click();
    await page.getByText('Đã lập tin gửi thử qua Zalo').first().waitFor();
    await office.app.settle();
    await page.click('button:has-text("Tải lại")');
    await zalo().getByText('Đã gửi 1').waitFor();
    await zalo().getByText(/: còn [\d.]+ trên [\d.]+/).waitFor();
    expect(office.zalo.network.messagesOf('1001').filter(({ from }) => from === 'bot')).toHaveLength(1);
  });

  test('"Cấp quyền lại" leads to Zalo, back, and says how it went', async () => {
    await zalo().locator('button:has-text("Cấp quyền lại")').click();
    await page.waitForURL(`${office.zalo.oauthRoot}/**`);
    await page.click('button:has-text("Cho phép")');
    await page.getByText('Đã cấp quyền Zalo OA').first().waitFor();
    await page.screenshot({ path: join(shots, 'consent.png') });
    await page.click('a:has-text("Về trang Kênh")');
    await page.waitForSelector('[data-channel=zalo]');
  });

  test('an SMS is shown as it would arrive, with its length, while it is being written', async () => {
    await page.click('a:has-text("Xem trước SMS")');
    await page.fill('#field-text', 'Đề nghị đồng chí báo cáo tiến độ giải ngân trước 16:00 hôm nay.');
    const preview = page.getByTestId('sms-preview');
    await preview.getByText('63/160 ký tự, 1 tin').waitFor();
    expect(await preview.locator('pre').textContent()).toBe('De nghi dong chi bao cao tien do giai ngan truoc 16:00 hom nay.');
    await page.screenshot({ path: join(shots, 'sms.png') });
    await page.goto(`${url}/admin/resources/Meeting/actions/call`);
    await page.fill('[name=title]', 'Họp khẩn ứng phó bão số 9');
    await preview.getByText(/\d+\/306 ký tự, 2 tin/).waitFor();
    await page.screenshot({ path: join(shots, 'meeting.png'), fullPage: true });
    await page.goto(`${url}/admin/pages/channels`);
    await page.waitForSelector('[data-channel=zalo]');
  });

  test('a number nobody has confirmed is marked, and confirmed on a page of its own', async () => {
    await office.app.ctx.db.Person.updateOne({ phone: { $ne: null } }, { $set: { phoneVerifiedAt: null } });
    const person = await office.app.ctx.db.Person.findOne({ phone: { $ne: null } }).orFail().lean();
    await page.goto(`${url}/admin/resources/Person/records/${String(person._id)}/show`);
    await page.getByText('Xác minh số điện thoại').first().click();
    await page.getByText('Gửi mã qua SMS').click();
    await page.getByText('Kênh SMS chưa được cấu hình').first().waitFor();
    await page.fill('[name=code]', '123456');
    await page.click('button:has-text("Xác nhận")');
    await page.getByText('Không có mã xác minh nào đang chờ').first().waitFor();
    await page.screenshot({ path: join(shots, 'phone-code.png') });
    await page.goto(`${url}/admin/pages/channels`);
    await page.waitForSelector('[data-channel=zalo]');
  });

  test.each([['office@example.vn', 'Chỉ quản trị hệ thống gửi thử được.', 0], ['admin@example.vn', 'chưa gắn với cán bộ nào', 1]] as const)('"Gửi thử" says why it cannot be pressed: %s', async (email, why, links) => {
    const other = await (await browser.newContext({ viewport: { width: 1366, height: 768 } })).newPage();
    await other.goto(`${url}/admin/pages/channels`);
    await other.fill('#email', email);
    await other.fill('#password', PASSWORD);
    await other.click('button:has-text("Đăng nhập")');
    const card = other.locator('[data-channel=zalo]');
    await other.locator('#no-test').getByText(why).waitFor();
    expect(await card.getByRole('button', { name: 'Gửi thử' }).isDisabled()).toBe(true);
    expect(await other.getByText('Chọn cán bộ cho tài khoản này').count()).toBe(links);
    await other.screenshot({ path: join(shots, `no-test-${links}.png`) });
    await other.context().close();
  });

  test.each([['wide', 1366, 768], ['phone', 390, 844]] as const)('it fits: %s', async (name, width, height) => {
    await page.setViewportSize({ width, height });
    await page.reload();
    await page.waitForSelector('[data-channel=email]');
    await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });
    await page.evaluate(() => document.querySelector('[data-css=app-content]')?.scrollTo(0, 0));
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
    expect(await page.evaluate(() => Array.from(document.querySelectorAll('.nv-card')).filter((card) => card.scrollWidth > card.clientWidth + 1).length)).toBe(0);
    process.stdout.write(`Screens of "Kênh": ${shots}\n`);
  });
});
