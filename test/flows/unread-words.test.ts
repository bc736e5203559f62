import { afterEach, expect, test } from 'vitest';
import { meetingDetail } from '../../admin/details/meeting-detail.js';
import { taskTimeline } from '../../admin/details/task-timeline.js';
import { because } from '../../src/context.js';
import { holdSending } from '../../src/delivery/hold/decide-hold.js';
import { createDirective } from '../../src/directives/create-directive.js';
import type { Task } from '../../src/directives/task.model.js';
import { KEPT_UNREAD, keepUnread, unreadAbout } from '../../src/inbox/keep-unread.js';
import { callMeeting } from '../../src/meetings/call-meeting.js';
import { answerTo, mailHouse } from '../support/mail-house.js';
import { linkedChat } from '../support/chat-story.js';
import { OFFICE } from '../support/hold-story.js';
import { openSmsStory } from '../support/sms-story.js';
import { letter, office, province } from '../support/task-story.js';

const QUYEN = 'quyen@stc.laocai.example';
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function invitedByMail() {
  const house = await mailHouse();
  closing.push(() => house.close());
  const { ctx, quyen, at } = house;
  await ctx.db.Person.updateOne({ _id: quyen._id }, { $set: { email: QUYEN } });
  const { code } = await callMeeting(at('call'), office, { title: 'Ứng phó mưa lớn', kind: 'regular', startsAt: new Date('2026-11-20T09:00:00Z'), place: 'Phòng họp tầng 3', attendeeIds: [String(quyen._id)] });
  await house.settle();
  const invitation = (await house.letters()).find(({ envelopeTo }) => envelopeTo === QUYEN);
  const line = async () => (await meetingDetail(ctx, office, code)).board[0];
  return { ...house, code, line, writes: (body: string) => house.write({ from: QUYEN, to: answerTo(invitation), body }) };
}

test('a polite letter counts: "Kính gửi Văn phòng, tôi tham dự. Trân trọng."', async () => {
  const { writes, line } = await invitedByMail();
  await writes('Kính gửi Văn phòng, tôi tham dự. Trân trọng.');
  expect(await line()).toMatchObject({ confirmed: true, answer: 'Tham dự', wrote: [] });
});

test('a letter that is not understood: the person is told how, the Office reads it at their line until they answer', async () => {
  const { writes, line, letters, clock } = await invitedByMail();
  await writes('Kính gửi Văn phòng, chiều nay tôi có thể đến muộn, đồng chí Nam sẽ vào trước. Trân trọng.');
  const [told] = await letters();
  expect(told?.text).toContain('Văn phòng vẫn xem được nội dung này.');
  expect(told?.text).toContain('“Đã nhận”, “Tham dự” hoặc “Vắng: lý do”');
  expect(told?.text).not.toContain('/vang');
  expect(await line()).toMatchObject({ confirmed: false, answer: 'Chưa xác nhận', wrote: [expect.stringMatching(/^viết: “Kính gửi Văn phòng, chiều nay tôi có thể đến muộn.*”, chưa tính \(.*[Tt]hư.*, 20\/11\/2026 08:00\)$/)] });
  clock.advance({ minutes: 1 });
  await writes('Vắng');
  expect((await letters())[0]?.text).toContain('trả lời thư này “Vắng: lý do”');
  expect(await line()).toMatchObject({ answer: 'Vắng', wrote: [] });
});

test('by SMS too, at the meeting named or at the open invitation; by the same words again nothing is added', async () => {
  const story = await openSmsStory();
  closing.push(() => story.close());
  const [first, second] = [await story.call(), await story.call({ startsAt: '2026-11-19T17:30:00+07:00' })];
  const wrote = async (code: string) => (await story.detail(code)).board[0]?.wrote;
  await story.write('HOP-2 de toi xem lai lich');
  expect([await wrote(first), await wrote(second)]).toEqual([[], ['viết: “HOP-2 de toi xem lai lich”, chưa tính (Tin nhắn SMS, 19/11/2026 09:00)']]);
  await story.write('toi se goi lai');
  expect((await wrote(first))?.[0]).toContain('toi se goi lai');
  await story.write('CO HOP-2');
  expect(await wrote(second)).toEqual([]);
  expect((await wrote(first))?.[0]).toContain('toi se goi lai');
});

test('a report by SMS that is not understood is kept with its task', async () => {
  const story = await openSmsStory();
  closing.push(() => story.close());
  const task = await story.assign();
  expect(await story.write('NV-1 xong, con cho ky')).toEqual([expect.stringContaining('Da hoan thanh toan bo NV-1 thi soan: NV-1 100')]);
  expect(await unreadAbout(story.world.app.ctx, task)).toMatchObject([{ channel: 'sms', text: 'NV-1 xong, con cho ky' }]);
});

test('by chat too: words asked back about an invitation stand at the line until they are answered; of a report, in the course of the task', async () => {
  const p = await province('2026-11-20T01:00:00Z');
  closing.push(() => p.close());
  const { ctx, quyen } = p;
  const chat = await linkedChat(ctx, quyen, '55');
  const { code } = await callMeeting(because(ctx, 'call'), office, { title: 'Ứng phó mưa lớn', kind: 'regular', startsAt: new Date('2026-11-20T09:00:00Z'), place: 'Phòng họp tầng 3', attendeeIds: [String(quyen._id)] });
  const wrote = async () => (await meetingDetail(ctx, office, code)).board[0]?.wrote;
  expect(await chat.say('Tôi không tham dự được vì đi công tác')).toContain(code);
  expect(await wrote()).toEqual(['viết: “Tôi không tham dự được vì đi công tác”, chưa tính (Telegram, 20/11/2026 08:00)']);
  p.clock.advance({ minutes: 1 });
  await chat.say(`/vang ${code} đi công tác`);
  expect(await wrote()).toEqual([]);

  const { tasks } = await createDirective(because(ctx, 'doc'), office, letter([{ officerId: String(quyen._id) }]));
  const timeline = async () => (await taskTimeline(ctx, office, (await ctx.db.Task.findById(tasks[0]?._id).orFail().lean<Task>()))).filter(({ what }) => what.startsWith('Viết'));
  await chat.say('/capnhat NV-1 120% đã họp');
  expect(await timeline()).toMatchObject([{ what: 'Viết, chưa tính là báo cáo', note: expect.stringContaining('120% đã họp'), by: 'Nguyễn Tố Quyên · Telegram' }]);
  p.clock.advance({ minutes: 1 });
  await chat.say('/capnhat NV-1 20% đã họp');
  expect(await timeline()).toEqual([]);
});

test('while sending is held, an answer in a chat does not say that the Office has been told', async () => {
  const p = await province('2026-11-20T01:00:00Z');
  closing.push(() => p.close());
  const { ctx, quyen } = p;
  const chat = await linkedChat(ctx, quyen, '55');
  await createDirective(because(ctx, 'doc'), office, letter([{ officerId: String(quyen._id) }]));
  expect(await chat.say('/capnhat NV-1 20% đã họp')).toContain('Văn phòng UBND tỉnh đã được báo.');
  await holdSending(because(ctx, 'admin:a1:1'), OFFICE, { reason: 'Gửi nhầm', urgentPasses: false });
  const held = [await chat.say('/capnhat NV-1 30% đã họp thêm'), await chat.say('/capnhat NV-1 đã có báo cáo')];
  for (const answer of held) {
    expect(answer).toContain('Văn phòng UBND tỉnh sẽ được báo khi mở lại việc gửi.');
    expect(answer).not.toContain('đã được báo');
  }
});

test('however much somebody writes, the newest few are kept, each message once', async () => {
  const { ctx, quyen, at, code, clock } = await invitedByMail();
  const personId = String(quyen._id);
  for (let i = 0; i < KEPT_UNREAD + 4; i++) {
    clock.advance({ minutes: 1 });
    for (let twice = 0; twice < 2; twice++) await keepUnread(at(`zalo:${i}`), { matter: code, personId, channel: 'zalo', text: `câu ${i}` });
  }
  expect((await unreadAbout(ctx, code)).map(({ text }) => text)).toEqual(Array.from({ length: KEPT_UNREAD }, (_, i) => `câu ${i + 4}`));
});
