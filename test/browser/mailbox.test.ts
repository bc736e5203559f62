import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { because } from '../../src/context.js';
import { createDirective } from '../../src/directives/create-directive.js';
import { addDays, localDateOf } from '../../src/kernel/local-date.js';
import { browserOrSkip, openBrowser } from '../support/browser.js';
import { openDemo } from '../support/demo.js';
import { office } from '../support/task-story.js';

/** A visitor of the demo: a task is assigned, its letter read and answered, and the Office sees the progress. */
describe.skipIf(!browserOrSkip())('the mailbox of the simulator in a browser', () => {
  let demo: Awaited<ReturnType<typeof openDemo>>;
  let browser: Browser;
  let page: Page;
  let code: string;
  const foreign: string[] = [];
  const problems: string[] = [];

  beforeAll(async () => {
    [demo, browser] = await Promise.all([openDemo(), openBrowser()]);
    page = await open({ width: 1366, height: 768 });
    await page.goto(`${demo.address}/simulator/mail?hop=P39`);
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await demo.close();
  });

  async function open(viewport: { width: number; height: number }): Promise<Page> {
    const opened = await (await browser.newContext({ viewport })).newPage();
    opened.on('request', (request) => void (!/^data:|^blob:/.test(request.url()) && !request.url().startsWith(demo.address) && foreign.push(request.url())));
    opened.on('pageerror', (error) => void problems.push(error.message));
    opened.setDefaultTimeout(30_000);
    return opened;
  }
  const list = (on = page) => on.getByRole('region', { name: 'Danh sách thư' });
  const letter = (on = page) => on.getByRole('article', { name: 'Thư đang mở' });
  const sideways = (on: Page) => on.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

  test('a task is assigned: its letter comes into the open list, unread, and shows the page as sent and its text', { timeout: 90_000 }, async () => {
    await list().getByText('Nhiệm vụ mới').first().waitFor();
    const { app } = demo;
    const officer = await app.ctx.db.Person.findOne({ email: 'demo39@laocai.invalid' }).orFail().lean();
    const { tasks } = await createDirective(because(app.ctx, 'story:assign'), office, {
      symbol: '5401/UBND-KT', kind: 'Công văn', issuedOn: localDateOf(app.ctx.clock.now()), signer: 'Hà Minh Thụy', summary: 'Rà soát hạ tầng số cấp xã', urgency: 'normal',
      tasks: [{ content: 'Báo cáo hiện trạng hạ tầng số của 99 xã, phường', leadAgencyCode: 'SKHCN', officerId: officer._id.toString(), dueOn: addDays(localDateOf(app.ctx.clock.now()), 20) }],
    });
    app.ctx.wake('intents');
    code = tasks[0]?.code ?? '';
    const line = list().getByRole('button', { name: new RegExp(`\\[${code}\\] Nhiệm vụ mới`) });
    await line.waitFor();
    expect(await line.getAttribute('class')).toBe('fresh-letter');
    await line.click();
    const sheet = page.frameLocator('iframe.page');
    await sheet.getByText('Báo cáo hiện trạng hạ tầng số của 99 xã, phường').waitFor();
    expect(await page.locator('iframe.page').getAttribute('sandbox')).toBe('allow-same-origin');
    await letter().getByRole('button', { name: 'Văn bản thuần' }).click();
    await letter().getByText('Kính gửi đồng chí Trần Hạo Nhiên').waitFor();
    await letter().getByRole('button', { name: 'Thư trình bày' }).click();
    await expect.poll(() => line.getAttribute('class')).toBe('');
    expect(await sideways(page)).toBeLessThanOrEqual(0);
  });

  test('its button begins the answer; sent, it comes back confirmed and stands in the back office', { timeout: 120_000 }, async () => {
    await page.frameLocator('iframe.page').getByRole('link', { name: 'Cập nhật' }).click();
    const words = letter().getByRole('textbox');
    await expect.poll(() => words.inputValue()).toBe('% ');
    await page.keyboard.type('45');
    await page.keyboard.press('End');
    await page.keyboard.type('đã có số liệu 60 xã');
    expect(await words.inputValue()).toBe('45% đã có số liệu 60 xã');
    await letter().getByRole('button', { name: 'Trả lời' }).click();
    await letter().getByText('Thư trả lời đã gửi tới Văn phòng').waitFor();
    await list().getByText('45% đã có số liệu 60 xã').waitFor();
    await list().getByText(/Đã ghi nhận: 45%/).waitFor();
    const office = await open({ width: 1366, height: 768 });
    await office.goto(`${demo.address}/admin/resources/Task/records/${code}/show`);
    await office.fill('#email', 'vanphong@demo.invalid');
    await office.fill('#password', demo.login.password);
    await office.click('button:has-text("Đăng nhập")');
    await office.getByText('đã có số liệu 60 xã').first().waitFor();
    expect(await office.textContent('.nv-timeline')).toContain('Trần Hạo Nhiên');
  });

  test('on a phone: an invitation is opened, accepted from the calendar, and the list is one tap away', { timeout: 90_000 }, async () => {
    const phone = await open({ width: 390, height: 844 });
    await phone.goto(`${demo.address}/simulator/mail?hop=P21`);
    await list(phone).getByRole('button', { name: /Mời họp/ }).first().click();
    await letter(phone).getByRole('group', { name: 'Lời mời họp' }).getByText('Phiên họp UBND tỉnh thường kỳ tháng 11').waitFor();
    expect([await list(phone).isVisible(), await sideways(phone)]).toEqual([false, 0]);
    await letter(phone).getByRole('button', { name: 'Nhận lời' }).click();
    await letter(phone).getByText('Lịch đã trả lời “Nhận lời”').waitFor();
    await letter(phone).getByRole('button', { name: 'Danh sách thư' }).click();
    await list(phone).getByText(/Re: \[HOP-\d{4}-\d{5}\] Mời họp/).first().waitFor();
    const due = await demo.app.ctx.db.Person.findOne({ email: 'demo21@laocai.invalid' }).orFail().lean();
    await expect.poll(async () => (await demo.app.ctx.db.Meeting.findOne({ title: /thường kỳ/ }).orFail().lean()).attendees.find(({ personId }) => personId.equals(due._id)), { timeout: 30_000 }).toMatchObject({ answer: 'attending', via: 'email' });
  });

  test('an agency\'s mailbox is opened from the list of mailboxes; its files can be opened; nothing came from elsewhere', { timeout: 60_000 }, async () => {
    await page.getByLabel('Hộp thư của').selectOption('SKHCN');
    await list().getByRole('button', { name: /Tài liệu kèm nhiệm vụ/ }).click();
    const link = letter().getByRole('link', { name: /Thông báo kết luận 371-TB-UBND\.pdf/ });
    const answer = await page.request.get(new URL((await link.getAttribute('href')) ?? '', demo.address).href);
    expect([answer.headers()['content-type'], (await answer.body()).subarray(0, 5).toString()]).toEqual(['application/pdf', '%PDF-']);
    expect(new URL(page.url()).searchParams.get('hop')).toBe('SKHCN');
    expect({ foreign, problems }).toEqual({ foreign: [], problems: [] });
  });
});
