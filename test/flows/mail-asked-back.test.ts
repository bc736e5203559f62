import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { because } from '../../src/context.js';
import { callMeeting } from '../../src/meetings/call-meeting.js';
import type { Meeting } from '../../src/meetings/meeting.model.js';
import { answerTo, mailHouse } from '../support/mail-house.js';
import { assigned, current, office } from '../support/task-story.js';

const DAT = 'dat@stc.laocai.example';
let house: Awaited<ReturnType<typeof mailHouse>>;
beforeEach(async () => {
  house = await mailHouse();
  await house.ctx.db.Person.updateOne({ _id: house.dat._id }, { $set: { email: DAT } });
  await house.ctx.db.Person.updateOne({ _id: house.quyen._id }, { $set: { active: false } });
});
afterEach(() => house.close());

const lastLetter = async () => (await house.letters()).findLast(({ envelopeTo }) => envelopeTo === DAT);
async function task() {
  const { code } = await assigned(house.ctx, { dueOn: '2026-11-27' });
  await house.settle();
  return { code, to: answerTo(await lastLetter()) };
}
async function meeting() {
  const { code } = await callMeeting(because(house.ctx, 'm1'), office, { title: 'Ứng phó mưa lớn', kind: 'regular', startsAt: new Date('2026-11-23T09:00:00Z'), place: 'Phòng 1', attendeeIds: [String(house.dat._id)] });
  await house.settle();
  const letter = await lastLetter();
  const ics = String(letter?.attachments.find(({ contentType }) => contentType === 'text/calendar')?.content ?? '').replace(/\r\n[ \t]/g, '');
  const seat = async () => (await house.ctx.db.Meeting.findOne({ code }).orFail().lean<Meeting>()).attendees[0];
  return { code, to: answerTo(letter), uid: /^UID:(.*)$/m.exec(ics)?.[1] ?? '', seat };
}
const reports = async (code: string) => (await current(house.ctx, { code })).progress.filter(({ by }) => by.channel === 'email').map(({ percent, note }) => ({ percent, note }));
async function answered(to: string, body: string): Promise<string> {
  await house.write({ from: DAT, to, body });
  return (await lastLetter())?.text ?? '';
}

describe('a report by letter that is asked back', () => {
  test.each([['xã đã làm được 40% rồi ạ', 40], ['em làm được khoảng 65 phần trăm ạ', 65]] as const)('"%s": the sentence to answer with has that number and no command', async (words, percent) => {
    const { code, to } = await task();
    const said = (await answered(to, words)).split('\n-- ')[0] ?? '';
    expect(said).toContain(`có phải ${code} đạt ${percent}%?`);
    expect(said).toContain(`Nếu đúng, đề nghị trả lời thư này: “${percent}%”`);
    expect(said).not.toMatch(/\/capnhat|70%|phần trăm nào/);
    expect(await reports(code)).toEqual([]);
    await answered(to, `${percent}%`);
    expect(await reports(code)).toEqual([{ percent, note: '' }]);
  });

  test('"các xã đã làm xong ạ" is asked back with "xong"; what says nothing clear gets the form of the footer', async () => {
    const { code, to } = await task();
    expect(await answered(to, 'các xã đã làm xong ạ')).toContain('đề nghị trả lời thư này: “xong”');
    expect(await answered(to, 'xong, còn chờ ký')).toMatch(/ví dụ: “70% đã họp với các đơn vị”, hoặc “xong” khi đã hoàn thành toàn bộ/);
    expect(await reports(code)).toEqual([]);
    await answered(to, 'xong');
    expect(await current(house.ctx, { code })).toMatchObject({ percent: 100, stage: 'submitted' });
  });

  test('a numbered list is no 1 %', async () => {
    const { code, to } = await task();
    await answered(to, '60% đã họp');
    await answered(to, '1. Đã sơ tán 20 hộ\n2. Còn 5 hộ chưa di dời\n3. Đề nghị hỗ trợ lương thực\n\nTrân trọng.');
    expect((await current(house.ctx, { code })).percent).toBe(60);
  });

  test.each(['Dạ em xin lùi thêm 3 hôm ạ', 'Kính gửi Văn phòng,\n\nĐơn vị xin gia hạn đến 30/11.\n\nTrân trọng.'])('"%s" asks for more time: whom to call; it is no report, and the Office sees the words', async (words) => {
    const { code, to } = await task();
    expect(await answered(to, words)).toContain(`Gia hạn ${code} do Văn phòng UBND tỉnh xem xét`);
    expect(await reports(code)).toEqual([]);
    expect(await house.ctx.db.UnreadWords.find({ matter: code }).lean()).toHaveLength(1);
  });
});

describe('an answer from a calendar', () => {
  const reply = (uid: string, who = DAT): string => ['BEGIN:VCALENDAR', 'METHOD:REPLY', 'BEGIN:VEVENT', `UID:${uid}`, 'SEQUENCE:99', `ATTENDEE;PARTSTAT=ACCEPTED:mailto:${who}`, 'END:VEVENT', 'END:VCALENDAR'].join('\r\n');

  test('what was typed beside "accept" goes with it; what the program writes does not', async () => {
    const { to, uid, seat } = await meeting();
    const words = Buffer.from('Accepted: Ứng phó mưa lớn\nTôi chỉ dự được buổi sáng, buổi chiều cử đồng chí Nam dự thay.').toString('base64');
    const body = ['--b', 'Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: base64', '', words, '--b', 'Content-Type: text/calendar; charset=utf-8; method=REPLY', '', reply(uid), '--b--', ''].join('\r\n');
    await house.write({ from: DAT, to, body, headers: ['Subject: Accepted: x', 'Content-Type: multipart/alternative; boundary=b'] });
    expect(await seat()).toMatchObject({ answer: 'attending', answerNote: 'Tôi chỉ dự được buổi sáng, buổi chiều cử đồng chí Nam dự thay.' });
  });

  test.each(['Lịch của tôi trùng buổi chiều', 'Tôi dự kiến đến muộn 10 phút'])('"%s" is a person\'s word too', async (words) => {
    const { to, uid, seat } = await meeting();
    const body = ['--b', 'Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: base64', '', Buffer.from(`Đã chấp nhận: Ứng phó mưa lớn\nNguyễn Đạt đã chấp nhận lời mời này.\n${words}`).toString('base64'), '--b', 'Content-Type: text/calendar; charset=utf-8; method=REPLY', '', reply(uid), '--b--', ''].join('\r\n');
    await house.write({ from: DAT, to, body, headers: ['Content-Type: multipart/alternative; boundary=b'] });
    expect(await seat()).toMatchObject({ answer: 'attending', answerNote: words });
  });

  test('a plain "accept" has no note', async () => {
    const { to, uid, seat } = await meeting();
    await house.write({ from: DAT, to, body: reply(uid), headers: ['Content-Type: text/calendar; charset=utf-8; method=REPLY'] });
    expect(await seat()).toMatchObject({ answer: 'attending' });
    expect((await seat())?.answerNote ?? '').toBe('');
  });
});

describe('a letter sent on', () => {
  test.each([
    '---------- Forwarded message ---------\nTừ: Lê Văn A <a@b.example>\nDate: Th 6, 20 thg 11, 2026\nSubject: Re: họp\nTo: Dat <dat@stc.laocai.example>\n\n> Anh có dự không?\n\nTôi sẽ tham dự',
    '-------- Original Message --------\nFrom: A <a@b.example>\nTo: Dat\nSubject: x\n\nXin vắng: bận công tác',
    'Từ: Lê Văn A <a@b.example>\nĐã gửi: 20/11/2026\nĐến: Dat\nChủ đề: x\n\n> hỏi\nTôi sẽ tham dự',
    'Bắt đầu tin nhắn được chuyển tiếp:\n\nTừ: Lê Văn A <a@b.example>\nChủ đề: x\nNgày: 20/11\nĐến: Dat\n\nXin vắng',
    'Anh Nam viết:\nTôi sẽ tham dự',
    'Em nói: "Xin vắng"',
    '“Tôi sẽ tham dự”\n\n(lời anh Nam)',
  ])("somebody else's words are nobody's answer: %#", async (body) => {
    const { to, seat } = await meeting();
    await house.write({ from: DAT, to, body });
    expect((await seat())?.answer ?? null).toBeNull();
  });

  test('an answer below the quotation of our own letter still counts', async () => {
    const { to, seat } = await meeting();
    await house.write({ from: DAT, to, body: `Vào Th 2, 23 thg 11, 2026 lúc 09:00 Nhắc Việc <${to}> đã viết:\n\n> Kính mời họp\n\nTôi sẽ tham dự` });
    expect((await seat())?.answer).toBe('attending');
  });
});

test('a file in the thread of a meeting is not put on the task reported a minute before', async () => {
  const pdf = Buffer.from('%PDF-1.4\nhello').toString('base64');
  const withFile = ['--b', 'Content-Type: text/plain', '', '', '--b', 'Content-Type: application/pdf; name="Danh sach.pdf"', 'Content-Disposition: attachment; filename="Danh sach.pdf"', 'Content-Transfer-Encoding: base64', '', pdf, '--b--', ''].join('\r\n');
  const mine = await task();
  const invitation = await meeting();
  await answered(mine.to, '60% đã họp');
  house.clock.advance({ minutes: 2 });
  await house.write({ from: DAT, to: invitation.to, body: withFile, headers: ['Content-Type: multipart/mixed; boundary=b'] });
  expect(await house.ctx.db.StoredFile.find({ 'owner.code': mine.code }).lean()).toEqual([]);
  await house.write({ from: DAT, to: mine.to, body: withFile, headers: ['Content-Type: multipart/mixed; boundary=b'] });
  expect(await house.ctx.db.StoredFile.find({ 'owner.code': mine.code }).lean()).toHaveLength(1);
});
