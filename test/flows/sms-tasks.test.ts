import { afterEach, expect, test } from 'vitest';
import { loadCalendar } from '../../src/calendar/load-calendar.js';
import { because } from '../../src/context.js';
import { createDirective } from '../../src/directives/create-directive.js';
import { moveDeadline } from '../../src/directives/move-deadline.js';
import type { ProgressEntry, Task } from '../../src/directives/task.model.js';
import { unreadAbout } from '../../src/inbox/keep-unread.js';
import { taskProgress } from '../../src/texts/task-texts.js';
import { LAN } from '../support/sms.js';
import { openSmsStory, type SmsStory } from '../support/sms-story.js';
import { letter, office } from '../support/task-story.js';

let story: SmsStory;
afterEach(() => story.close());

const CONTENT = 'Tổng rà soát, lập danh sách các hộ dân sống trong khu vực có nguy cơ sạt lở, tổ chức tiêm phòng rét cho đàn gia súc và báo cáo kết quả trước ngày 24/11';

async function assign(task: object = {}, directive: object = {}): Promise<void> {
  const made = await story.world.api('POST', '/api/v1/directives', {
    symbol: `${Math.round(story.world.clock.now().getTime() / 1000) % 100_000}/UBND-KT`, kind: 'Công văn', issuedOn: '2026-11-18', signer: 'Hà Minh Thụy', summary: 'Phòng, chống rét', urgency: 'normal', ...directive,
    tasks: [{ content: CONTENT, leadAgencyCode: 'STC', dueOn: '2026-11-23', ...task }],
  });
  expect(made.status).toBeLessThan(300);
  await story.world.settle();
  story.world.clock.advance({ seconds: 61 });
}

/** Secret ones are entered in the back office only. */
async function assignSecret(): Promise<void> {
  await createDirective(because(story.world.app.ctx, 'secret'), office, letter([{ content: CONTENT, dueOn: '2026-11-23' }], { secret: true }));
  await story.world.settle();
  story.world.clock.advance({ seconds: 61 });
}

const texts = (): string[] => story.smsc.messagesOf(LAN).map(({ text }) => text);
const task = () => story.world.app.ctx.db.Task.findOne().sort({ _id: 1 }).orFail().lean<Task>();
const noted = async () => (await unreadAbout(story.world.app.ctx, (await task()).code)).map(({ text }) => text);

test('a task by SMS tells what it is: new, reminder, overdue, moved deadline; two parts at most, and how to answer', async () => {
  story = await openSmsStory();
  await assign();
  expect(texts()[0]).toBe(
    'Nhiem vu moi - NV-2026-00001\nHan: thu Hai 23/11/2026 (con 2 ngay lam viec).\nNoi dung: Tong ra soat, lap danh sach cac ho dan song trong khu vuc co nguy co sat lo, to chuc tiem phong...\nTra loi: soan DA NHAN NV-1 hoac NV-1 70 noi dung, gui 0888123456.',
  );
  const { ctx } = story.world.app;
  await moveDeadline(because(ctx, 'move'), office, { code: 'NV-2026-00001', dueOn: '2026-11-24', reason: 'Mưa lớn kéo dài, đường vào các thôn bị chia cắt' });
  await story.world.settle();
  for (let day = 0; day < 8; day++) {
    story.world.clock.advance({ hours: 24 });
    await story.world.settle();
  }
  const heard = texts();
  for (const kind of ['Nhiem vu moi', 'Gia han', 'Nhac viec', 'Qua han']) expect(heard.filter((text) => text.startsWith(kind)), kind).not.toEqual([]);
  for (const text of heard.filter((one) => /^(?:Nhiem vu moi|Gia han|Nhac viec|Qua han)/.test(one))) {
    expect(text).toContain('\nNoi dung: Tong ra soat, lap danh sach cac ho dan');
    expect(text).toMatch(/Tra loi: soan .*, gui 0888123456\.$/);
    expect(text.length).toBeLessThanOrEqual(306);
  }
});

test('so is the note to an agency that takes part, hoa toc as well; a secret task stays the neutral sentence, and the setting 0 the code alone', async () => {
  story = await openSmsStory();
  await story.world.agency('SYT', 'Sở Y tế');
  await assign({ leadAgencyCode: 'SYT', coordinatingAgencyCodes: ['STC'] }, { urgency: 'express' });
  expect(texts()[0]).toMatch(/^HOA TOC - Phoi hop thuc hien NV-2026-00001\nCo quan chu tri: So Y te\. Han: .*\nNoi dung: Tong ra soat, lap danh sach/);
  await assignSecret();
  expect(texts().at(-1)).toMatch(/^Kinh gui dong chi: co viec moi, de nghi dong chi dang nhap he thong Nhac Viec de xem\.(?:\nhttp:\/\/127[\d.:]+)?$/);
  await story.close();

  story = await openSmsStory({ SMS_TASK_EXCERPT: '0' });
  await assign();
  expect(texts()[0]).toBe('Nhiem vu moi - NV-2026-00001\nHan: thu Hai 23/11/2026 (con 2 ngay lam viec).\nTra loi: soan DA NHAN NV-1 hoac NV-1 70 noi dung, gui 0888123456.');
  expect(await story.write('NV-1')).toEqual([expect.stringMatching(/^Noi dung NV-1: xem tren he thong\. Han: thu Hai 23\/11\/2026/)]);
});

test.each(['NV-1', 'nv 1', 'NV-1 la viec gi', 'nv 1 la viec gi?', 'noi dung NV-1', 'NV-1 han bao gio', 'cho em hoi NV-1 la viec gi a', 'nhiem vu 1 noi dung gi'])('"%s" is answered with what the task is, and nothing is recorded', async (words) => {
  story = await openSmsStory();
  await assign();
  const [answer = '', more] = await story.write(words);
  expect(answer).toBe(
    'Noi dung NV-1: Tong ra soat, lap danh sach cac ho dan song trong khu vuc co nguy co sat lo, to chuc tiem phong ret cho dan gia suc va bao cao ket qua truoc ngay 24/11. Han: thu Hai 23/11/2026 (con 2 ngay lam viec). Moi giao 0%. Tra loi: soan DA NHAN NV-1 hoac NV-1 70 noi dung.',
  );
  expect(answer.length).toBeLessThanOrEqual(306);
  expect(more).toBeUndefined();
  expect(await task()).toMatchObject({ stage: 'new', percent: 0, progress: [] });
  expect(await noted()).toEqual([]);
});

test.each(['NV-1 bao cao gui cho ai', 'NV-1 lam sao de tiem cho het dan', 'NV-1 70 dung khong?', 'NV-1 can van ban gi nua khong'])('"%s" is a question and never a report: kept for the Office, with whom to call', async (words) => {
  story = await openSmsStory();
  await assign();
  expect(await story.write(words)).toEqual([expect.stringMatching(/^Noi dung NV-1: .*Tin tren chua ghi la bao cao; hoi them: goi 0214 3840 034\.$/)]);
  expect(await task()).toMatchObject({ stage: 'new', percent: 0, progress: [] });
  expect(await noted()).toEqual([words]);
});

test('asking about a secret task, another agency’s and none: the neutral sentence, the rule’s no', async () => {
  story = await openSmsStory();
  await story.world.agency('SYT', 'Sở Y tế');
  await assignSecret();
  await assign({ leadAgencyCode: 'SYT' });
  expect(await story.write('NV-1 la viec gi')).toEqual(['Viec nay chi xem va cap nhat tren he thong, moi dong chi dang nhap.']);
  for (const words of ['NV-2', 'NV-9 la viec gi']) expect(await story.write(words)).toEqual([expect.stringMatching(/^Chua ghi\. /)]);
  expect(texts().join('\n')).not.toContain('sat lo');
  expect(await story.write('DA NHAN NV-1')).toEqual([expect.stringContaining('Chua ghi.')]);
});

test('"NV-1 da nhan" is the receipt as "DA NHAN NV-1" is', async () => {
  story = await openSmsStory();
  await assign();
  expect(await story.write('nv 1 da nhan')).toEqual(['Da ghi NV-1: dong chi da nhan nhiem vu.']);
  expect(await task()).toMatchObject({ stage: 'acknowledged' });
});

test('the Office hears in words that a report came by SMS', async () => {
  story = await openSmsStory();
  await assign();
  await story.write('NV-1 35 da tiem 35 phan tram');
  expect(await task()).toMatchObject({ percent: 35, progress: [{ note: 'da tiem 35 phan tram' }] });
  const { ctx } = story.world.app;
  const told = taskProgress(await task(), (await task()).progress[0] as ProgressEntry, 'Sở Tài chính', { now: ctx.clock.now(), calendar: await loadCalendar(ctx) });
  expect(told.text).toContain('qua tin nhắn SMS');
});

test.each(['xin lui them 3 hom', 'NV-1 xin lui them 3 hom', 'em xin gia han NV-1 den 30/11 a'])('"%s" is a request for more time: whom to call, kept for the Office, no report', async (words) => {
  story = await openSmsStory();
  await assign();
  expect(await story.write(words)).toEqual(['Chua ghi. Gia han NV-1 do Van phong xem xet, khong ghi qua tin nhan: de nghi goi 0214 3840 034. Noi dung tin da luu de Van phong doc.']);
  expect(await task()).toMatchObject({ stage: 'new', progress: [] });
  expect(await noted()).toEqual([words]);
});

test('more time for one of two tasks that is not named: which, and whom to call', async () => {
  story = await openSmsStory();
  await assign();
  await assign();
  expect(await story.write('xin gia han them may ngay')).toEqual(['Chua ghi. Gia han do Van phong xem xet, khong ghi qua tin nhan: de nghi goi 0214 3840 034 hoac soan kem ma (NV-1, NV-2).']);
});

test.each([
  ['NV-1 khoang 35 phan tram', 'Chua ghi. Co phai NV-1 dat 35%? Dung thi soan: NV-1 35 va noi dung neu co; chua dung, de nghi soan lai so dung.'],
  ['NV-1 35 ho da tiem', 'Chua ghi. Co phai NV-1 dat 35%? Dung thi soan: NV-1 35 va noi dung neu co; chua dung, de nghi soan lai so dung.'],
  ['NV-1 xong, con cho ky', 'Chua ghi. Da hoan thanh toan bo NV-1 thi soan: NV-1 100. Chua xong het thi soan: NV-1, so phan tram, noi dung.'],
])('"%s" is asked back with the number that was typed', async (words, answer) => {
  story = await openSmsStory();
  await assign();
  expect(await story.write(words)).toEqual([answer]);
  expect(await task()).toMatchObject({ progress: [] });
});

test('words that speak of progress are never hung on a meeting: asked back about the only task, or which', async () => {
  story = await openSmsStory();
  const meeting = await story.call();
  await assign();
  const words = 'em lam duoc khoang 35 phan tram a';
  expect(await story.write(words)).toEqual(['Chua ghi. Co phai NV-1 dat 35%? Dung thi soan: NV-1 35 va noi dung neu co.']);
  expect(await unreadAbout(story.world.app.ctx, meeting)).toEqual([]);
  expect(await noted()).toEqual([words]);
  await assign();
  expect(await story.write(words)).toEqual(['Chua ghi: chua ro bao cao viec nao (NV-1, NV-2). De nghi soan kem ma, vi du: NV-1 35 noi dung.']);
  expect(await unreadAbout(story.world.app.ctx, meeting)).toEqual([]);
  // Words about coming stay with the meeting.
  await story.write('den muon khoang 35 phut a');
  expect(await unreadAbout(story.world.app.ctx, meeting)).toHaveLength(1);
});

test('a changed meeting says how to answer, however much there is to say', async () => {
  story = await openSmsStory();
  const code = await story.call({ title: 'Họp rà soát tiến độ giải ngân vốn đầu tư công và tháo gỡ vướng mắc mặt bằng các dự án trọng điểm trên địa bàn tỉnh', place: 'Phòng họp tầng 3, trụ sở UBND tỉnh, đường Trần Hưng Đạo', chair: 'Nông Thị Bích Hạ, Phó Chủ tịch UBND tỉnh' });
  await story.world.api('POST', `/api/v1/meetings/${code}/postpone`, { startsAt: '2026-11-20T08:00:00+07:00', place: 'Hội trường tầng 5, Trung tâm Hội nghị tỉnh', reason: 'Đồng chí Phó Chủ tịch đi kiểm tra công tác ứng phó mưa lũ tại các xã vùng cao, chưa về kịp' });
  await story.world.settle();
  const changed = texts().at(-1) ?? '';
  expect(changed).toMatch(/^HOA TOC - Thay doi lich hop HOP-2026-00001\nHop luc 08:00 ngay mai, thu Sau 20\/11\/2026, tai Hoi truong tang 5/);
  expect(changed).toMatch(/\nTra loi: soan CO HOP-1 hoac VANG HOP-1 ly do, gui 0888123456\.$/);
  expect(changed.length).toBeLessThanOrEqual(459);
  expect(await story.write('CO HOP-1')).toEqual([expect.stringContaining('Da ghi HOP-1')]);
});

test('a clumsy officer hears whom to call before the silence, and is heard anew once something was understood; two machines are not', async () => {
  story = await openSmsStory();
  await story.call();
  const clumsy = async (n: number): Promise<string[]> => {
    const heard: string[] = [];
    for (let i = 0; i < n; i++) heard.push(...(await story.write(`chua ro viec nay the nao ${'x'.repeat(i + 1)}`, {}, 5)));
    return heard.filter((text) => text.startsWith('Chua ghi'));
  };
  const first = await clumsy(7);
  expect(first).toHaveLength(5);
  expect(first.at(-1)).toMatch(/Trong 1 gio toi chi tin ghi duoc moi co tra loi "Da ghi"\. Can ho tro: goi 0214 3840 034\.$/);
  expect(await story.write('CO HOP-1', {}, 5)).toEqual([expect.stringContaining('Da ghi')]);
  expect(await clumsy(7)).toHaveLength(5);
  expect(await story.write('VANG HOP-1 om', {}, 5)).toEqual([expect.stringContaining('Da ghi')]);
  expect(await clumsy(3)).toHaveLength(0);
});

test('what is recorded never counts, and a program that asks about a task again and again hears ten answers an hour', async () => {
  story = await openSmsStory();
  await assign();
  for (let i = 1; i <= 8; i++) expect(await story.write(`NV-1 ${i * 10} da tiem them`, {}, 5)).toEqual([expect.stringContaining('Da ghi NV-1')]);
  expect(await story.write('chua hieu', {}, 5)).toEqual([expect.stringContaining('Chua ghi')]);
  const asked: string[] = [];
  for (let i = 0; i < 12; i++) asked.push(...(await story.write(`NV-1 la viec gi ${'?'.repeat(i + 1)}`, {}, 5)));
  expect(asked.filter((text) => text.startsWith('Noi dung NV-1'))).toHaveLength(10);
});
