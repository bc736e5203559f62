import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { because } from '../../src/context.js';
import { enqueue } from '../../src/delivery/enqueue.js';
import { beginHold } from '../../src/delivery/hold/hold.js';
import { browserOrSkip, openBrowser } from '../support/browser.js';
import { stumblingBlocks } from '../support/screen-check.js';
import { linkZalo, openOfficeApp, PASSWORD, type OfficeApp } from '../support/office-app.js';

describe.skipIf(!browserOrSkip())('"Tạm dừng gửi" and "Sổ gửi tin" in a browser', () => {
  let office: OfficeApp;
  let browser: Browser;
  let page: Page;
  let url: string;
  const shots = mkdtempSync(join(tmpdir(), 'nhac-viec-hold-'));
  const shot = async (name: string) => {
    for (const [size, width, height] of [['wide', 1366, 768], ['phone', 390, 844]] as const) {
      await page.setViewportSize({ width, height });
      // The menu slides out of the way.
      await page.waitForFunction(() => window.innerWidth > 800 || (document.querySelector('.nv-sidebar')?.getBoundingClientRect().right ?? 0) <= 0);
      await page.screenshot({ path: join(shots, `${name}-${size}.png`) });
      expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth), `${name} ${size}`).toBeLessThanOrEqual(0);
    }
    await page.setViewportSize({ width: 1366, height: 768 });
  };
  const note = (key: string, minutesAgo: number, kind: string, code: string) =>
    enqueue(because(office.app.ctx, `story:${key}`), { key, kind, lane: kind.startsWith('meeting') ? 'urgent' : 'normal', personId: office.lan, notBefore: new Date(office.clock.now().getTime() - minutesAgo * 60_000), ...(kind.startsWith('meeting') ? { meetingCode: code } : { taskCode: code }) });

  beforeAll(async () => {
    office = await openOfficeApp({ PUBLIC_URL: '' });
    url = await office.app.listen();
    await linkZalo(office);
    const { ctx } = office.app;
    await enqueue(ctx, { key: 'told', kind: 'channel-test', lane: 'urgent', personId: office.lan, chat: { channel: 'zalo', to: '1001' }, taskCode: 'NV-2026-00007' });
    await office.app.settle();
    await beginHold(ctx, { cause: 'restored', by: '', reason: '', restoredTo: new Date('2026-11-19T10:00:00Z'), lastSentAt: new Date('2026-11-20T00:45:00Z'), urgentPasses: false });
    await note('a', 120, 'task-reminder', 'NV-2026-00007');
    await note('b', 60, 'meeting-alert', 'HOP-2026-00002');
    await note('c', 5, 'task-assigned', 'NV-2026-00009');
    browser = await openBrowser();
    page = await (await browser.newContext({ viewport: { width: 1366, height: 768 } })).newPage();
    await page.goto(`${url}/admin`);
    await page.fill('#email', 'lan@example.vn');
    await page.fill('#password', PASSWORD);
    await page.click('button:has-text("Đăng nhập")');
    await page.waitForSelector('.nv-sidebar');
  });
  afterAll(async () => {
    await browser.close();
    await office.close();
    process.stdout.write(`Screens: ${shots}\n`);
  });

  test('the first page says in words that sending is held, and leads there', async () => {
    await page.waitForSelector('[data-standing]');
    expect(await page.textContent('[data-standing]')).toContain('khôi phục từ bản sao lưu cũ');
    await shot('dashboard');
    await page.click('text=Mở trang Tạm dừng gửi');
    await page.waitForSelector('[data-row]');
    expect(await page.locator('[data-row]').count()).toBe(3);
    expect(await page.locator('tr:has-text("Có thể đã gửi")').count()).toBeGreaterThanOrEqual(2);
    await shot('held');
  });

  test('the office consents: what had left is dropped, the rest leaves, the red box goes', async () => {
    await page.click('button:has-text("Bỏ 2 tin đến giờ trước")');
    await page.getByText('Tin đang được gửi bình thường.').waitFor();
    const { Delivery } = office.app.ctx.db;
    expect((await Delivery.find({ reason: 'restored' }, { key: 1 }).sort({ key: 1 }).lean()).map(({ key }) => key)).toEqual(['a', 'b']);
    await shot('free');
    await page.fill('#hold-reason', 'Giao nhầm cho các xã');
    await page.click('button:has-text("Tạm dừng gửi tin")');
    await page.getByText('Hệ thống đang tạm dừng gửi tin.').waitFor();
    await shot('by-hand');
    await office.app.settle();
    await note('d', 0, 'task-assigned', 'NV-2026-00011');
    await note('e', 0, 'task-reminder', 'NV-2026-00012');
    await page.click('button:has-text("Tải lại")');
    // One matter taken back, on a phone too; "Thôi" changes nothing.
    const matter = page.locator('[data-matter="NV-2026-00011"]');
    await matter.getByText('Bỏ tin…').click();
    await shot('sure');
    expect(await stumblingBlocks(page)).toEqual([]);
    await matter.getByRole('button', { name: 'Thôi' }).click();
    await matter.getByText('Bỏ tin…').click();
    await matter.getByRole('button', { name: 'Đúng, bỏ mọi tin về NV-2026-00011' }).click();
    await page.getByText('Đã bỏ 1 tin về NV-2026-00011. Các tin khác vẫn chờ.').waitFor();
    await matter.waitFor({ state: 'detached' });
    expect(await Delivery.find({ reason: 'dropped-by-office' }, { key: 1 }).lean()).toMatchObject([{ key: 'd' }]);
    await page.locator('[data-matter="NV-2026-00012"] [data-row]').waitFor();
    // Asked once with the number that was looked at; "Thôi" changes nothing, and what came meanwhile is said before it leaves.
    await page.click('button:has-text("Gửi tiếp 2 tin")');
    await page.getByText('Gửi tiếp 2 tin đang chờ?').waitFor();
    await shot('asked');
    await page.click('.nv-ask button:has-text("Thôi")');
    await note('f', 0, 'task-reminder', 'NV-2026-00013');
    await page.click('button:has-text("Gửi tiếp 2 tin")');
    await page.click('button:has-text("Đúng, gửi tiếp 2 tin")');
    await page.getByText('Từ lúc mở trang có thêm 1 tin, nay có 3 tin đang chờ.').waitFor();
    await page.click('button:has-text("Gửi tiếp 3 tin")');
    await page.getByText('Gửi tiếp 3 tin đang chờ?').waitFor();
    await page.click('button:has-text("Đúng, gửi tiếp 3 tin")');
    await page.getByText('Hệ thống đã gửi tiếp 3 tin.').waitFor();
    await page.getByText('Tin đang được gửi bình thường.').waitFor();
    await office.app.settle();
    // All of it taken back: asked first, with the number; the sending stays held.
    await page.fill('#hold-reason', 'Nhập nhầm cả sổ');
    await page.click('button:has-text("Tạm dừng gửi tin")');
    await page.getByText('Hệ thống đang tạm dừng gửi tin.').waitFor();
    await note('g', 0, 'task-reminder', 'NV-2026-00014');
    await page.click('button:has-text("Tải lại")');
    await page.click('button:has-text("Bỏ hết 1 tin…")');
    await page.getByText('Bỏ hết 1 tin đang chờ? Người nhận sẽ không nhận được các tin này; không lấy lại được.').waitFor();
    await shot('drop-all');
    expect(await stumblingBlocks(page)).toEqual([]);
    await page.click('button:has-text("Đúng, bỏ hết 1 tin")');
    await page.getByText('Đã bỏ 1 tin. Vẫn tạm dừng gửi').waitFor();
    await page.getByText('Chưa có tin nào phải chờ.').waitFor();
    await page.click('button:has-text("Gửi tiếp")');
    await page.click('button:has-text("Đúng, gửi tiếp")');
    await page.getByText('Tin đang được gửi bình thường.').waitFor();
  });

  test('the ledger answers by code and by name, shows what the chain holds and its end', async () => {
    await office.app.settle();
    await page.click('.nv-sidebar a:has-text("Sổ gửi tin")');
    // Short code, no Enter; the field keeps the focus.
    await page.locator('#ledger-q').pressSequentially('nv 7', { delay: 20 });
    await page.getByText('Các tin về NV-2026-00007').waitFor();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('ledger-q');
    await page.getByText('Từng người: tin mới nhất đã gửi tới 0 trên 1 người').waitFor();
    await page.locator('tr:has-text("Gửi thử") button:has-text("Diễn biến")').click();
    await page.waitForSelector('[data-history] li');
    expect(await page.textContent('[data-history]')).toContain('Đã gửi');
    expect(await page.textContent('[data-chain]')).toMatch(/\d+:[0-9a-f]{64}/);
    await shot('ledger');
    await page.fill('#ledger-q', 'nguyen thi lan');
    await page.locator('[data-row]').nth(3).waitFor();
    await page.fill('#ledger-q', 'không có ai');
    await page.getByText('Không có cán bộ nào tên “không có ai”.').waitFor();
    await page.fill('#ledger-q', 'hop 88');
    await page.getByText('Chưa có tin nào về HOP 88.').waitFor();
    await shot('ledger-none');
    await page.click('button:has-text("Bỏ lọc")');
    await page.locator('[data-row]').nth(3).waitFor();
    expect(await page.inputValue('#ledger-q')).toBe('');
  });
});
