import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { because } from '../../src/context.js';
import { changeAgency } from '../../src/people/agencies/change-agency.js';
import { openAdminHouse, PASSWORD, type AdminHouse } from '../support/admin-house.js';
import { browserOrSkip, openBrowser } from '../support/browser.js';
import { coveredControls, stumblingBlocks } from '../support/screen-check.js';
import { office } from '../support/task-story.js';

describe.skipIf(!browserOrSkip())('agencies in the back office', () => {
  let house: AdminHouse;
  let browser: Browser;
  let page: Page;
  let stc: string;
  const shots = mkdtempSync(join(tmpdir(), 'nhac-viec-agencies-'));
  const shot = async (name: string) => {
    for (const [size, width, height] of [['wide', 1366, 768], ['phone', 390, 844]] as const) {
      await page.setViewportSize({ width, height });
      await page.screenshot({ path: join(shots, `${name}-${size}.png`) });
    }
    await page.setViewportSize({ width: 1366, height: 768 });
  };

  beforeAll(async () => {
    house = await openAdminHouse();
    stc = String((await house.ctx.db.Agency.findOne({ code: 'STC' }).orFail().lean())._id);
    browser = await openBrowser();
    page = await (await browser.newContext({ viewport: { width: 1366, height: 768 }, reducedMotion: 'reduce' })).newPage();
    await page.goto(`${house.url}/admin`);
    await page.fill('#email', 'office@example.vn');
    await page.fill('#password', PASSWORD);
    await page.click('button:has-text("Đăng nhập")');
    await page.waitForSelector('.nv-head h1');
  });
  afterAll(async () => {
    process.stdout.write(`Agencies: ${shots}\n`);
    await browser.close();
    await house.close();
  });

  test('found without diacritics, opened, edited; the mistake is shown and in focus, and goes when it is mended', async () => {
    await page.click('.nv-sidebar a:has-text("Cơ quan, đơn vị")');
    await page.locator('#filter-q').pressSequentially('tai chinh', { delay: 20 });
    await page.waitForFunction(() => document.querySelectorAll('tr[data-id]').length === 1);
    await page.click('tr[data-id] a');
    await page.click('a:has-text("Sửa thông tin")');
    await page.fill('[name=shortName]', 'Sở TC');
    await page.fill('[name=email]', 'van-thu-so-tai-chinh');
    await page.fill('[name=phone]', '0214 3840 888');
    await page.click('button:has-text("Ghi")');
    await page.locator('#field-email-error').getByText('Không phải địa chỉ thư điện tử').waitFor();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('field-email');
    await shot('sai');
    await page.fill('[name=email]', 'stc@laocai.invalid');
    expect(await page.locator('#field-email-error').textContent()).toBe('');
    await page.click('button:has-text("Ghi")');
    await page.getByText('Đã ghi thông tin Sở Tài chính.').waitFor();
    for (const [width, height] of [[1366, 768], [390, 844]] as const) {
      await page.setViewportSize({ width, height });
      expect(await coveredControls(page), `below the message at ${width}`).toEqual([]);
    }
    await shot('da-ghi');
    expect(await page.locator('.nv-facts').textContent()).toMatch(/Sở TC.*stc@laocai\.invalid.*0214 3840 888/);
    await page.getByTestId('agency-history').getByText('Sửa thông tin cơ quan').waitFor();
    expect(await page.getByTestId('agency-history').textContent()).toContain('Nguyễn Thị Lan');
    await shot('co-quan');
  });

  test('the way back leads to the list as it was left, filter and all', async () => {
    await page.click('.nv-crumbs a');
    await page.waitForFunction(() => document.querySelectorAll('tr[data-id]').length === 1);
    expect(await page.inputValue('#filter-q')).toBe('tai chinh');
    await page.click('tr[data-id] a');
    await page.click('a:has-text("Sửa thông tin")');
    await page.waitForSelector('[name=name]');
    await page.goBack();
    await page.goBack();
    expect(await page.inputValue('#filter-q')).toBe('tai chinh');
  });

  test('hours of its own for its mailbox, another kind, another superior, another abbreviation: written, shown, in the record; no circle', async () => {
    await page.goto(`${house.url}/admin/resources/Agency/records/${stc}/change`);
    await page.waitForFunction(() => document.querySelectorAll('[name=parentCode] option').length > 2);
    expect(await page.locator('[name=type] option').allTextContents()).not.toContain('UBND tỉnh');
    expect(await page.locator('[name=parentCode] option').allTextContents()).not.toContain('Sở Tài chính');
    await page.fill('[name=quietFrom]', '17h');
    await page.click('button:has-text("Ghi")');
    await page.locator('#field-quietTo-error').getByText('Cần nhập cả giờ đầu và giờ cuối').waitFor();
    await page.fill('[name=quietTo]', '8h');
    await page.fill('[name=digestAt]', '8h15');
    await page.selectOption('[name=type]', 'board');
    await page.selectOption('[name=parentCode]', 'VP');
    await page.fill('[name=abbreviation]', 'syt');
    await page.locator('[name=abbreviation]').blur();
    for (const [name, width, height] of [['wide', 1366, 768], ['phone', 390, 844]] as const) {
      await page.setViewportSize({ width, height });
      expect(await stumblingBlocks(page), name).toEqual([]);
      await page.screenshot({ path: join(shots, `gio-rieng-${name}.png`), fullPage: true });
      await page.locator('legend').scrollIntoViewIfNeeded();
      await page.screenshot({ path: join(shots, `gio-rieng-duoi-${name}.png`) });
    }
    await page.setViewportSize({ width: 1366, height: 768 });
    await page.click('button:has-text("Ghi")');
    await page.locator('#field-abbreviation-error').getByText('đã được dùng').waitFor();
    await page.fill('[name=abbreviation]', 'TC');
    await page.click('button:has-text("Ghi")');
    await page.getByText('Đã ghi thông tin Sở Tài chính.').waitFor();
    expect(await page.locator('.nv-facts').first().textContent()).toMatch(/TC mã gốc STC.*Ban.*Văn phòng UBND tỉnh.*08:15.*17:00 đến 08:00/);
    expect(await page.getByTestId('agency-history').textContent()).toMatch(/giờ yên tĩnh: 17:00 – 08:00/);
    await shot('co-quan-gio-rieng');
    const vp = String((await house.ctx.db.Agency.findOne({ code: 'VP' }).orFail().lean())._id);
    await page.goto(`${house.url}/admin/resources/Agency/records/${vp}/change`);
    await page.waitForFunction(() => document.querySelectorAll('[name=parentCode] option').length > 2);
    await page.selectOption('[name=parentCode]', 'STC');
    await page.click('button:has-text("Ghi")');
    await page.locator('#field-parentCode-error').getByText('đang trực thuộc chính cơ quan được sửa').waitFor();
    await page.goto(`${house.url}/admin/resources/Agency?filters.q=TC`);
    await page.waitForSelector('tr[data-id]');
    await shot('danh-sach');
  });

  test('an agency that stops: what it leaves is said first; two clerks at once do not overwrite each other', async () => {
    await page.goto(`${house.url}/admin/resources/Agency/records/${stc}/change`);
    await page.uncheck('[name=active]');
    await page.getByText('Cơ quan còn 2 cán bộ đang công tác').waitFor();
    await shot('ngung');
    await changeAgency(because(house.ctx, 'other-clerk'), office, { id: stc, changes: { phone: '0214 3840 999' } });
    await page.click('button:has-text("Ghi")');
    await page.getByText('Nội dung vừa được người khác thay đổi').waitFor();
    expect(await house.ctx.db.Agency.findById(stc).lean()).toMatchObject({ active: true, phone: '0214 3840 999' });
    await page.reload();
    await page.uncheck('[name=active]');
    await page.click('button:has-text("Ghi")');
    await page.locator('h1').getByText('Đã ngừng hoạt động').waitFor();
    await page.goto(`${house.url}/admin/resources/Person/actions/add`);
    await page.waitForFunction(() => document.querySelectorAll('[name=agencyCode] option').length > 1);
    expect(await page.locator('[name=agencyCode] option').allTextContents()).not.toContain('Sở Tài chính');
  });
});
