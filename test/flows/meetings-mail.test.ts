import { afterEach, beforeEach, expect, test } from 'vitest';
import { unreadAbout } from '../../src/inbox/keep-unread.js';
import { callMeeting } from '../../src/meetings/call-meeting.js';
import { cancelMeeting } from '../../src/meetings/cancel-meeting.js';
import { changeAttendees } from '../../src/meetings/change-attendees.js';
import { postponeMeeting } from '../../src/meetings/postpone-meeting.js';
import { answerTo, mailHouse, type Received } from '../support/mail-house.js';
import { office } from '../support/task-story.js';

const STC = 'vanthu@stc.laocai.example';
const QUYEN = 'quyen@stc.laocai.example';
let house: Awaited<ReturnType<typeof mailHouse>>;
let code: string;
beforeEach(async () => {
  house = await mailHouse();
  const { ctx, quyen, at } = house;
  await ctx.db.Agency.updateOne({ code: 'STC' }, { $set: { email: STC } });
  await ctx.db.Person.updateOne({ _id: quyen._id }, { $set: { email: QUYEN } });
  ({ code } = await callMeeting(at('call'), office, { title: 'Ứng phó mưa lớn', kind: 'regular', startsAt: new Date('2026-11-20T09:00:00Z'), place: 'Phòng họp tầng 3', attendeeIds: [String(quyen._id)] }));
  await house.settle();
});
afterEach(() => house.close());

const lettersTo = async (address: string) => (await house.letters()).filter(({ envelopeTo }) => envelopeTo === address);
/** The calendar inside a letter, its lines unfolded. */
const calendarOf = (letter: Received | undefined): string => String(letter?.attachments.find(({ contentType }) => contentType === 'text/calendar')?.content ?? '').replace(/\r\n[ \t]/g, '');
const uidOf = (calendar: string): string | undefined => /^UID:(.*)$/m.exec(calendar)?.[1];

test('another place by mail: the letter names both, and the entry in the calendar is replaced', async () => {
  const [invitation] = await lettersTo(QUYEN);
  await postponeMeeting(house.at('move'), office, { code, place: 'Hội trường tầng 5', reason: 'đông người' });
  await house.settle();
  const [letter] = await lettersTo(QUYEN);
  expect(letter?.subject).toBe(`[${code}] Đổi địa điểm họp: Ứng phó mưa lớn`);
  expect(letter?.text).toContain('Đổi địa điểm: từ Phòng họp tầng 3 sang Hội trường tầng 5. Thời gian giữ nguyên.');
  const [before, after] = [calendarOf(invitation), calendarOf(letter)];
  expect(after).toMatch(/METHOD:REQUEST[\s\S]*SEQUENCE:2[\s\S]*LOCATION:Hội trường tầng 5/);
  expect(uidOf(after)).toBe(uidOf(before));
});

test('taken off by mail: the entry in the calendar goes away; the agency reads who of it is invited by now', async () => {
  const [invitation] = await lettersTo(QUYEN);
  await house.letters();
  await changeAttendees(house.at('list:1'), office, { code, add: [String(house.dat._id)] });
  await house.settle();
  const [longer] = await lettersTo(STC);
  expect(longer?.text).toContain('nay gồm: đồng chí Hoàng Văn Dật, Giám đốc Sở Tài chính; đồng chí Nguyễn Tố Quyên');
  await changeAttendees(house.at('list:2'), office, { code, remove: [String(house.quyen._id)] });
  await house.settle();
  const letters = await house.letters();
  const off = letters.find(({ envelopeTo }) => envelopeTo === QUYEN);
  expect(off?.subject).toBe(`[${code}] Không phải dự họp: Ứng phó mưa lớn`);
  expect(calendarOf(off)).toMatch(/METHOD:CANCEL[\s\S]*STATUS:CANCELLED/);
  expect(uidOf(calendarOf(off))).toBe(uidOf(calendarOf(invitation)));
  expect(letters.find(({ envelopeTo }) => envelopeTo === STC)?.text).not.toContain('Quyên');
});

test('nobody of the agency is invited any more: it hears that once, and nothing of what follows', async () => {
  await house.letters();
  await changeAttendees(house.at('list'), office, { code, add: [String(house.trieu._id)], remove: [String(house.quyen._id)] });
  await house.settle();
  const [letter] = await lettersTo(STC);
  expect(letter?.text).toContain('Cơ quan không còn ai trong thành phần họp');
  expect(calendarOf(letter)).toContain('METHOD:CANCEL');
  await postponeMeeting(house.at('move'), office, { code, place: 'Hội trường tầng 5', reason: 'đông người' });
  await house.settle();
  await cancelMeeting(house.at('cancel'), office, { code, reason: 'hoãn' });
  await house.settle();
  expect(await lettersTo(STC)).toEqual([]);
});

test('another presides, by mail: the entry in the calendar is replaced, people and agency read it once, and an answer to the former entry still counts', async () => {
  const [invitation] = await lettersTo(QUYEN);
  await house.letters();
  const before = calendarOf(invitation);
  await changeAttendees(house.at('chair'), office, { code, chair: 'Phó Chủ tịch Thường trực' });
  await house.settle();
  const letters = await house.letters();
  expect(letters.map(({ envelopeTo, subject }) => [envelopeTo, subject]).sort()).toEqual([[QUYEN, `[${code}] Đổi người chủ trì họp: Ứng phó mưa lớn`], [STC, `[${code}] Đổi người chủ trì họp: Ứng phó mưa lớn`]].sort());
  for (const letter of letters) {
    const after = calendarOf(letter);
    expect(after).toMatch(/METHOD:REQUEST[\s\S]*SEQUENCE:2[\s\S]*DESCRIPTION:[^\r]*Chủ trì: Phó Chủ tịch Thường trực/);
    if (letter.envelopeTo === QUYEN) expect(uidOf(after)).toBe(uidOf(before));
  }
  const says = (sequence: number) => ['BEGIN:VCALENDAR', 'METHOD:REPLY', 'BEGIN:VEVENT', `UID:${uidOf(before)}`, `SEQUENCE:${sequence}`, `ATTENDEE;PARTSTAT=ACCEPTED:mailto:${QUYEN}`, 'END:VEVENT', 'END:VCALENDAR'].join('\r\n');
  const reply = (sequence: number) => house.write({ from: QUYEN, to: answerTo(invitation), headers: ['Content-Type: text/calendar; charset=utf-8; method=REPLY'], body: says(sequence) });
  const answer = async () => (await house.ctx.db.Meeting.findOne({ code }).orFail().lean()).attendees[0]?.answer;
  await reply(1);
  expect(await answer()).toBe('attending');
  await postponeMeeting(house.at('move'), office, { code, place: 'Hội trường tầng 5', reason: 'đông người' });
  await house.settle();
  await reply(2);
  expect(await answer()).toBeNull();
  await reply(3);
  expect(await answer()).toBe('attending');
});

test('a calendar that answers in the name of another address does not count for the sender: asked back, and the Office reads it at the line', async () => {
  const [invitation] = await lettersTo(QUYEN);
  await house.letters();
  const says = (attendee: string) => ['BEGIN:VCALENDAR', 'METHOD:REPLY', 'BEGIN:VEVENT', `UID:${uidOf(calendarOf(invitation))}`, 'SEQUENCE:1', `ATTENDEE;PARTSTAT=ACCEPTED${attendee}`, 'END:VEVENT', 'END:VCALENDAR'].join('\r\n');
  const reply = (attendee: string) => house.write({ from: QUYEN, to: answerTo(invitation), headers: ['Content-Type: text/calendar; charset=utf-8; method=REPLY'], body: says(attendee) });
  const seat = async () => (await house.ctx.db.Meeting.findOne({ code }).orFail().lean()).attendees[0];
  for (const attendee of [':mailto:giamdoc@stc.laocai.example', `;SENT-BY="mailto:${QUYEN}":mailto:giamdoc@stc.laocai.example`, ':invalid:nomail']) await reply(attendee);
  expect(await seat()).toMatchObject({ answer: null, acknowledgedAt: null });
  expect((await unreadAbout(house.ctx, code)).map(({ text }) => text)).toEqual(['lịch trả lời thay giamdoc@stc.laocai.example: tham dự', 'lịch trả lời thay giamdoc@stc.laocai.example: tham dự', 'lịch trả lời thay địa chỉ không rõ: tham dự']);
  const [asked] = await lettersTo(QUYEN);
  expect(asked?.text).toContain(`Chưa ghi trả lời lịch họp ${code}: phần trả lời trong lịch mang địa chỉ giamdoc@stc.laocai.example`);
  await reply(`:MAILTO:${QUYEN.toUpperCase()}`);
  expect(await seat()).toMatchObject({ answer: 'attending' });
});
