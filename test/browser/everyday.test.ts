import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { because } from '../../src/context.js';
import { relayIntents } from '../../src/delivery/relay-intents.js';
import { createDirective } from '../../src/directives/create-directive.js';
import { reportProgress } from '../../src/directives/report-progress.js';
import { callMeeting } from '../../src/meetings/call-meeting.js';
import { openAdminHouse, PASSWORD, type AdminHouse } from '../support/admin-house.js';
import { browserOrSkip, openBrowser } from '../support/browser.js';
import { pdf } from '../support/sample-files.js';
import { letter, office } from '../support/task-story.js';

const SIZES = { wide: { width: 1366, height: 768 }, phone: { width: 390, height: 844 } } as const;

describe.skipIf(!browserOrSkip())('everyday work in the back office', () => {
  let house: AdminHouse;
  let browser: Browser;
  let page: Page;
  const shots = mkdtempSync(join(tmpdir(), 'nhac-viec-everyday-'));
  const problems: string[] = [];

  beforeAll(async () => {
    house = await openAdminHouse({ demo: true });
    browser = await openBrowser();
    page = await signedIn('office@example.vn');
    await furnish();
  });
  afterAll(async () => {
    process.stdout.write(`Screens of everyday work: ${shots}\n`);
    await browser.close();
    await house.close();
  });

  async function furnish() {
    const at = (cause: string) => because(house.ctx, cause);
    const task = (content: string, leadAgencyCode: string, dueOn: string) => ({ content, leadAgencyCode, dueOn });
    await createDirective(at('story:1'), office, letter([task('Báo cáo tiến độ giải ngân từng dự án', 'STC', '2026-11-18'), task('Rà soát trang thiết bị y tế', 'SYT', '2026-11-24'), task('Lập dự toán năm 2027', 'STC', '2026-12-15')]));
    await createDirective(at('story:2'), office, letter([task('Việc mật của Sở Tài chính', 'STC', '2026-11-27')], { symbol: '12/UBND-M', secret: true }));
    await reportProgress(at('story:3'), { kind: 'account', accountId: 'x', name: 'Sở Tài chính', role: 'agency', agencyCode: 'STC', personId: null }, { code: 'NV-2026-00003', percent: 100, note: 'đã trình' });
    const { dat, hoa } = house.people;
    await callMeeting(at('story:4'), office, { title: 'Ứng phó mưa lớn, nguy cơ lũ quét', kind: 'urgent', startsAt: new Date('2026-11-20T09:00:00Z'), place: 'Phòng họp tầng 3', attendeeIds: [dat, hoa] });
    await relayIntents(house.ctx);
  }

  async function signedIn(email: string, size: keyof typeof SIZES = 'wide', password = PASSWORD): Promise<Page> {
    const opened = await (await browser.newContext({ viewport: SIZES[size], reducedMotion: 'reduce' })).newPage();
    opened.on('pageerror', (error) => void problems.push(error.message));
    await opened.goto(`${house.url}/admin`);
    await opened.fill('#email', email);
    await opened.fill('#password', password);
    await opened.click('button:has-text("Đăng nhập")');
    await opened.waitForSelector('.nv-head h1');
    return opened;
  }
  /** Both sizes are kept to be looked at; neither may scroll sideways. */
  async function shoot(on: Page, name: string) {
    for (const size of ['wide', 'phone'] as const) {
      await on.setViewportSize(SIZES[size]);
      await on.screenshot({ path: join(shots, `${name}-${size}.png`), fullPage: true });
      expect(await on.evaluate(() => document.documentElement.scrollWidth - window.innerWidth), `${name} ${size} scrolls sideways`).toBeLessThanOrEqual(0);
    }
    await on.setViewportSize(SIZES.wide);
  }
  const notice = (on: Page, words: string) => on.getByText(words).first().waitFor();

  test('the overview counts what waits for the Office and leads there; each agency has its bar', async () => {
    await page.goto(`${house.url}/admin`);
    await page.getByText('Nhiệm vụ đang mở theo cơ quan chủ trì').waitFor();
    await shoot(page, 'tong-quan');
    await page.click('.nv-tile:has-text("chờ xác nhận")');
    await page.waitForSelector('tr[data-id="NV-2026-00003"]');
    expect(await page.locator('tbody tr').count()).toBe(1);
    await page.goto(`${house.url}/admin`);
    await page.click('.nv-tile:has-text("cuộc họp hôm nay")');
    await page.waitForURL(/Meeting\?filters\.day=\d{4}-\d{2}-\d{2}/);
    await page.getByLabel('Ngày họp', { exact: true }).waitFor();
    await page.setViewportSize(SIZES.phone);
    await page.getByRole('link', { name: 'Đổi mật khẩu', exact: true }).last().waitFor();
    await page.setViewportSize(SIZES.wide);
  });

  test('a list follows what is typed, without Enter, and the field keeps the focus', async () => {
    await page.goto(`${house.url}/admin/resources/Task`);
    await page.waitForSelector('tr[data-id="NV-2026-00001"]');
    await page.locator('input[type=search]').pressSequentially('y te', { delay: 30 });
    await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 1);
    expect(await page.getAttribute('tbody tr', 'data-id')).toBe('NV-2026-00002');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('type'))).toBe('search');
    await page.locator('input[type=search]').pressSequentially('zz', { delay: 30 });
    await page.getByText('Không có dòng nào đúng với điều kiện đang lọc.').waitFor();
    expect(await page.inputValue('input[type=search]')).toBe('y tezz');
    await page.click('button:has-text("Bỏ lọc")');
    await page.waitForSelector('tr[data-id="NV-2026-00001"]');
    expect(await page.inputValue('input[type=search]')).toBe('');
  });

  test('a deadline on a day off is explained, one that is over is asked about, and an error goes with its correction', async () => {
    await page.goto(`${house.url}/admin/resources/Task/actions/assign`);
    await page.click('button:has-text("Giao nhiệm vụ")');
    const error = page.locator('#field-signer-error');
    await error.getByText('Cần nhập').waitFor();
    await page.fill('[name=signer]', 'Nguyễn Văn An');
    expect(await error.textContent()).toBe('');
    await page.fill('[name=symbol]', '77/UBND-KT');
    await page.fill('[name=issuedOn]', '10/11/2026');
    await page.fill('[name=summary]', 'Kiểm tra công vụ');
    await page.fill('[name=content]', 'Báo cáo kết quả kiểm tra');
    await page.selectOption('[name=leadAgencyCode]', { label: 'Sở Y tế' });
    await page.fill('[name=dueOn]', '21/11/2026');
    await page.getByText('thứ Bảy 21/11/2026 là ngày nghỉ: hạn tính đến hết thứ Hai 23/11/2026.').waitFor();
    await shoot(page, 'giao-ngay-nghi');
    await page.fill('[name=dueOn]', '13/11/2026');
    await page.getByText('Hạn này đã qua.').waitFor();
    await page.click('button:has-text("Giao nhiệm vụ")');
    await page.getByText('Hạn này đã qua (thứ Sáu 13/11/2026). Vẫn giao?').waitFor();
    await shoot(page, 'giao-han-da-qua');
    await page.click('button:has-text("Vẫn giao")');
    await notice(page, 'Đã ghi văn bản 77/UBND-KT và giao 1 nhiệm vụ.');
  });

  test('"Nhắc ngay" stands in the timeline and says that it is being sent', async () => {
    await page.goto(`${house.url}/admin/resources/Task/records/NV-2026-00001/show`);
    await page.click('button:has-text("Nhắc ngay")');
    await notice(page, 'Đang gửi lời nhắc NV-2026-00001.');
    await page.locator('.nv-timeline li', { hasText: 'Nhắc ngay' }).getByText('Đang gửi…', { exact: true }).waitFor();
    await shoot(page, 'mot-nhiem-vu');
  });

  test('an agency reports on the web, also on a secret task', async () => {
    const stc = await signedIn('stc@example.vn');
    await stc.goto(`${house.url}/admin/resources/Task/records/NV-2026-00004/show`);
    await stc.click('button:has-text("Đã nhận")');
    await notice(stc, 'cơ quan đã nhận nhiệm vụ NV-2026-00004');
    await stc.click('a:has-text("Báo cáo tiến độ")');
    await stc.fill('[name=percent]', '100');
    await stc.getByText('Báo cáo hoàn thành: chuyển Văn phòng').waitFor();
    await stc.fill('[name=note]', 'đã gửi báo cáo giấy');
    await shoot(stc, 'bao-cao');
    await stc.click('button:has-text("Gửi báo cáo")');
    await notice(stc, 'Đã báo cáo hoàn thành NV-2026-00004');
    await shoot(stc, 'nhiem-vu-co-quan');
  });

  test('an answer by phone is written down on the line of the board', async () => {
    await page.goto(`${house.url}/admin/resources/Meeting/records/HOP-2026-00001/show`);
    const line = page.locator('[data-testid=board] tr', { hasText: 'Hoàng Văn Dật' });
    await line.getByText('Đã xác nhận qua điện thoại').click();
    await line.locator('select').selectOption('absent');
    await line.locator('input').fill('cử đồng chí Phó Giám đốc dự thay');
    await shoot(page, 'xac-nhan-dien-thoai');
    await line.getByRole('button', { name: 'Ghi' }).click();
    await line.getByText('qua điện thoại, Nguyễn Thị Lan ghi').waitFor();
    await page.locator('[data-testid=board] tr', { hasText: 'Trần Thị Hòa' }).getByText('Nhắc lại').click();
    await notice(page, 'Đang gửi lời nhắc.');
    await shoot(page, 'cuoc-hop');
  });

  test('choosing a file sends nothing; the press that names the receivers does', async () => {
    await page.goto(`${house.url}/admin/resources/Meeting/records/HOP-2026-00001/show`);
    await page.getByRole('button', { name: 'Chọn tệp' }).waitFor();
    expect(await page.locator('input[type=file]').isVisible()).toBe(false);
    const choose = () => page.setInputFiles('input[type=file]', { name: 'Tài liệu họp.pdf', mimeType: 'application/pdf', buffer: Buffer.from(pdf(3_000)) });
    await choose();
    await page.getByTestId('file-chosen').getByText('Tài liệu họp.pdf').waitFor();
    expect(await page.getByTestId('file-chosen').textContent()).toMatch(/3 KB.*Gửi tệp cho 2 người nhận.*Bỏ/);
    await shoot(page, 'chon-tep');
    await page.getByRole('button', { name: 'Bỏ', exact: true }).click();
    await page.getByRole('button', { name: 'Chọn tệp' }).waitFor();
    expect(await house.ctx.db.AuditEntry.countDocuments({ action: 'meeting.attach' })).toBe(0);
    await choose();
    await page.getByRole('button', { name: 'Gửi tệp cho 2 người nhận' }).click();
    await notice(page, 'Đã đính kèm Tài liệu họp.pdf');
    await page.locator('.nv-files a', { hasText: 'Tài liệu họp.pdf' }).waitFor();
    expect(await house.ctx.db.AuditEntry.countDocuments({ action: 'meeting.attach' })).toBe(1);
  });

  test('while sending is held every page says so and leads to where it is ended', async () => {
    await house.ctx.db.State.create({ _id: 'hold', value: { since: house.clock.now(), cause: 'by-hand', by: 'Nguyễn Thị Lan', reason: 'Giao nhầm', restoredTo: null, lastSentAt: null, urgentPasses: false }, updatedAt: house.clock.now() });
    for (const path of ['', '/resources/Person', '/resources/Task/actions/assign', '/resources/Task/records/NV-2026-00001/show']) {
      await page.goto(`${house.url}/admin${path}`);
      await page.locator('[data-held]').getByText('đã tạm dừng gửi tin').waitFor();
      expect(await page.locator('[data-held]').count(), path).toBe(1);
    }
    await page.click('button:has-text("Nhắc ngay")');
    await notice(page, 'Đã ghi lời nhắc NV-2026-00001; tin chờ vì đang tạm dừng gửi.');
    await page.locator('.nv-timeline').getByText('chờ (đang tạm dừng gửi)').first().waitFor();
    await shoot(page, 'tam-dung-gui');
    await page.click('[data-held] a');
    await page.waitForURL('**/admin/pages/hold');
    await house.ctx.db.State.deleteOne({ _id: 'hold' });
    await page.goto(`${house.url}/admin/resources/Task`);
    await page.waitForSelector('tr[data-id="NV-2026-00001"]');
    expect(await page.locator('[data-held]').count()).toBe(0);
  });

  test('leave without a deputy is warned of, and every mistake of a form is beside its field at once', async () => {
    await page.goto(`${house.url}/admin/resources/Person/records/${house.people.dat}/change`);
    await page.fill('[name=leaveFrom]', '23/11/2026');
    await page.getByText('Đi vắng mà chưa có người thay').waitFor();
    await page.fill('[name=leaveUntil]', '20/11/2026');
    await page.fill('[name=phone]', '12ab');
    await page.click('button:has-text("Ghi")');
    await page.locator('#field-phone-error').getByText('Không phải số điện thoại Việt Nam').waitFor();
    await page.locator('#field-leaveUntil-error').getByText('Ngày cuối không trước ngày đầu').waitFor();
    await shoot(page, 'sua-can-bo-sai');
  });

  test('a person is edited and leaves', async () => {
    await page.goto(`${house.url}/admin/resources/Person/records/${house.people.hoa}/show`);
    await page.getByText('Kênh đã liên kết').waitFor();
    await shoot(page, 'can-bo');
    await page.click('a:has-text("Sửa thông tin")');
    await page.fill('[name=position]', 'Phó Giám đốc Sở Tài chính');
    await page.selectOption('[name=deputyId]', { label: 'Hoàng Văn Dật, Giám đốc Sở Tài chính' });
    await page.fill('[name=leaveFrom]', '23/11/2026');
    await page.fill('[name=leaveUntil]', '27/11/2026');
    await page.selectOption('[name=channelOrder-0]', 'zalo');
    await page.selectOption('[name=channelOrder-1]', 'sms');
    await page.fill('[name=digestAt]', '7h15');
    await page.locator('[name=digestAt]').blur();
    await shoot(page, 'sua-can-bo');
    await page.click('button:has-text("Ghi")');
    await notice(page, 'từ 23/11/2026 đến hết 27/11/2026');
    expect(await page.locator('.nv-facts').textContent()).toMatch(/Phó Giám đốc Sở Tài chính.*Zalo, rồi Tin nhắn SMS.*07:15/);
    await page.click('a:has-text("Nghỉ việc, chuyển công tác")');
    await page.getByText('Người nhận việc thay', { exact: true }).waitFor();
    await shoot(page, 'nghi-viec');
    await page.click('button:has-text("Ghi không còn công tác")');
    await page.locator('h1').getByText('Không còn công tác').waitFor();
    await page.click('button:has-text("Cho công tác lại")');
    await page.locator('a:has-text("Sửa thông tin")').waitFor();
  });

  test('a login gets a new password, is edited, and its owner chooses an own one', async () => {
    const admin = await signedIn('admin@example.vn');
    const id = String((await house.ctx.db.Account.findOne({ email: 'syt@example.vn' }).orFail().lean())._id);
    await admin.goto(`${house.url}/admin/resources/Account/records/${id}/show`);
    await admin.click('a:has-text("Sửa tài khoản")');
    await admin.fill('[name=name]', 'Sở Y tế tỉnh');
    await shoot(admin, 'sua-tai-khoan');
    await admin.click('button:has-text("Ghi")');
    await notice(admin, 'Đã ghi tài khoản syt@example.vn.');
    await shoot(admin, 'tai-khoan');
    await admin.click('a:has-text("Cấp lại mật khẩu")');
    await admin.click('button:has-text("Cấp lại mật khẩu")');
    const given = (await admin.locator('[data-testid=new-password]').textContent()) ?? '';
    await shoot(admin, 'cap-lai-mat-khau');
    const owner = await signedIn('syt@example.vn', 'phone', given);
    expect(new URL(owner.url()).pathname).toBe('/admin/pages/password');
    await owner.fill('[name=current]', given);
    await owner.fill('[name=next]', 'mat-khau-rieng-cua-so');
    await owner.fill('[name=again]', 'mat-khau-rieng-cua-so');
    await shoot(owner, 'doi-mat-khau');
    await owner.click('button:has-text("Đổi mật khẩu")');
    await owner.getByText('Tổng quan').first().waitFor();
  });

  test('no script failed', () => {
    expect(problems).toEqual([]);
  });
});
