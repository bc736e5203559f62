import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { setCalendarDay } from '../../src/calendar/set-calendar-day.js';
import type { Delivery } from '../../src/delivery/delivery.model.js';
import { getMeeting } from '../../src/meetings/find-meetings.js';
import { meetingRenderers } from '../../src/meetings/meeting-messages.js';
import { postponeMeeting, type Postponement } from '../../src/meetings/postpone-meeting.js';
import type { Person } from '../../src/people/person.model.js';
import type { Message } from '../../src/texts/message.js';
import { previewSms } from '../../src/texts/sms/compose.js';
import { meetingOffice as office, openMeetingStory, type MeetingStory } from '../support/meeting-story.js';

let s: MeetingStory;
beforeEach(async () => {
  s = await openMeetingStory();
});
afterEach(() => s.close());

const move = (code: string, input: Omit<Postponement, 'code' | 'reason'> & { reason?: string }) => postponeMeeting(s.anew(), office, { code, reason: 'đông người dự', ...input });
/** A regular meeting on Wednesday at 09:00. */
const called = async () => (await s.call({ kind: 'regular', startsAt: new Date('2026-11-25T02:00:00Z'), place: 'phòng họp số 1' })).code;
const later = new Date('2026-11-26T07:00:00Z');

/** The last change as it was put into words for this person, with everything other channels take from it. */
async function changeFor(code: string, person: Person): Promise<Message> {
  const row = await s.ctx.db.Delivery.findOne({ meetingCode: code, personId: person._id, kind: 'meeting-postponed' }).sort({ _id: -1 }).orFail().lean<Delivery>();
  const rendered = await meetingRenderers['meeting-postponed']?.(s.ctx, row, person);
  if (!rendered || !('message' in rendered)) throw new Error(JSON.stringify(rendered));
  return rendered.message;
}

describe('what changed is said, old and new', () => {
  test('the place alone: "Đổi địa điểm" and not a word of postponing; the meeting is no postponed one', async () => {
    const code = await called();
    await s.settle();
    const meeting = await move(code, { place: 'hội trường tầng 5' });
    expect(meeting).toMatchObject({ status: 'called', version: 2 });
    expect(await s.settle()).toEqual([`Lan: 📅 Đổi địa điểm họp ${code}`, `Minh: 📅 Đổi địa điểm họp ${code}`]);
    expect(s.textTo(s.lan).split('\n').slice(1, 3)).toEqual([
      'Họp lúc 09:00 thứ Tư 25/11/2026, tại hội trường tầng 5. Chủ trì: Chủ tịch UBND tỉnh.',
      'Đổi địa điểm: từ phòng họp số 1 sang hội trường tầng 5. Thời gian giữ nguyên. Lý do: đông người dự.',
    ]);
    expect(s.textTo(s.lan)).not.toMatch(/hoãn/i);
    expect(await s.ctx.db.AuditEntry.findOne({ action: 'meeting.relocate' }).lean()).toMatchObject({ before: { place: 'phòng họp số 1' }, after: { place: 'hội trường tầng 5' } });
  });

  test('time and place at once: both, each old and new; the calendar is replaced, template and SMS say the same', async () => {
    const code = await called();
    await s.settle();
    await move(code, { startsAt: later, place: 'hội trường tầng 5' });
    await s.settle();
    expect(s.textTo(s.lan)).toContain('Hoãn: từ 09:00 thứ Tư 25/11/2026 sang 14:00 thứ Năm 26/11/2026. Đổi địa điểm: từ phòng họp số 1 sang hội trường tầng 5.');
    const message = await changeFor(code, s.lan);
    expect(message.calendar).toMatchObject({ method: 'REQUEST', sequence: 2, startsAt: later, place: 'hội trường tầng 5' });
    expect(message.params).toMatchObject({ change: 'Hoãn: từ 09:00 25/11/2026 sang 14:00 26/11/2026. Đổi địa điểm: từ phòng họp số 1 sang hội trường tầng 5' });
    expect(previewSms(message, { unicode: false, maxParts: 5 }).text).toContain('Hoan: tu 09:00 thu Tu 25/11/2026 sang 14:00 thu Nam 26/11/2026. Doi dia diem: tu phong hop so 1 sang hoi truong tang 5');
  });

  test('an earlier time is no postponement', async () => {
    const code = await called();
    await s.settle();
    await move(code, { startsAt: new Date('2026-11-25T01:00:00Z') });
    await s.settle();
    expect(s.textTo(s.minh)).toContain('Đổi giờ sớm hơn: từ 09:00 thứ Tư 25/11/2026 sang 08:00 thứ Tư 25/11/2026.');
  });

  test('two changes, the first never reached Minh: he reads what differs from what he knows, Lan from what she knows', async () => {
    const code = await called();
    await s.settle();
    const fails = (to: string) => (to.includes('Minh') ? ({ kind: 'retry', code: '503', maybeSent: false, afterMs: 600_000 } as const) : ({ kind: 'accepted', providerId: 'x' } as const));
    s.zalo.answer(fails, fails);
    await move(code, { place: 'hội trường tầng 5' });
    await s.settle();
    await move(code, { startsAt: later });
    s.clock.advance({ minutes: 11 });
    await s.settle();
    expect(s.textTo(s.minh).split('\n')[2]).toContain('Hoãn: từ 09:00 thứ Tư 25/11/2026 sang 14:00 thứ Năm 26/11/2026. Đổi địa điểm: từ phòng họp số 1 sang hội trường tầng 5.');
    expect(s.textTo(s.lan).split('\n')[2]).toBe('Hoãn: từ 09:00 thứ Tư 25/11/2026 sang 14:00 thứ Năm 26/11/2026. Lý do: đông người dự.');
  });

  test('there and back before it was told: nothing differs, and it says so', async () => {
    const code = await called();
    await s.settle();
    await move(code, { place: 'hội trường tầng 5' });
    await move(code, { place: 'phòng họp số 1' });
    expect(await s.settle()).toEqual([`Lan: 📅 Thay đổi lịch họp ${code}`, `Minh: 📅 Thay đổi lịch họp ${code}`]);
    expect(s.textTo(s.lan)).toContain('Thời gian, địa điểm giữ nguyên như đã báo đồng chí.');
  });

  test('no change at all is refused', async () => {
    const code = await called();
    await expect(move(code, { startsAt: new Date('2026-11-25T02:00:00Z'), place: 'phòng họp số 1' })).rejects.toMatchObject({ code: 'input-invalid' });
    await expect(move(code, {})).rejects.toMatchObject({ code: 'input-invalid' });
  });
});

describe('a day off is asked about, not forbidden', () => {
  const holiday = new Date('2026-11-24T02:00:00Z');
  beforeEach(() => setCalendarDay(s.anew(), { kind: 'system', name: 'Lịch' }, { on: '2026-11-24', kind: 'off', note: 'Ngày Văn hóa Việt Nam' }));

  test('called to a holiday: asked first, and nothing is written; with consent it is called', async () => {
    await expect(s.call({ startsAt: holiday, askIfDayOff: true })).rejects.toMatchObject({ code: 'meeting-day-off', message: 'Cuộc họp rơi vào ngày nghỉ: thứ Ba 24/11/2026 (Ngày Văn hóa Việt Nam).' });
    await expect(s.call({ startsAt: new Date('2026-11-28T02:00:00Z'), askIfDayOff: true })).rejects.toMatchObject({ params: { note: 'cuối tuần' } });
    expect(await s.ctx.db.Meeting.countDocuments()).toBe(0);
    expect((await s.call({ startsAt: holiday })).startsAt).toEqual(holiday);
  });

  test('postponed to a holiday: asked; a change on the day agreed to before is not asked about', async () => {
    const code = await called();
    await expect(move(code, { startsAt: holiday, askIfDayOff: true })).rejects.toMatchObject({ code: 'meeting-day-off' });
    await move(code, { startsAt: holiday });
    expect((await move(code, { startsAt: new Date('2026-11-24T03:00:00Z'), askIfDayOff: true })).version).toBe(3);
  });
});

describe('a chair picked from the people of the house', () => {
  test('is invited like everyone, and asked to preside', async () => {
    const { code, chair, attendees } = await s.call({ chair: '', chairId: String(s.ha._id) });
    expect([chair, attendees.length]).toEqual(['Hà, Giám đốc Sở Tài chính', 3]);
    expect(await s.settle()).toHaveLength(3);
    expect(s.textTo(s.ha)).toContain('Kính mời đồng chí chủ trì cuộc họp. Đề nghị xác nhận đã nhận.');
    expect(s.textTo(s.lan)).toContain('Chủ trì: Hà, Giám đốc Sở Tài chính.');
    expect(s.textTo(s.lan)).not.toContain('Kính mời');
    await move(code, { startsAt: later });
    await s.settle();
    expect(s.textTo(s.ha)).toContain('Kính mời đồng chí chủ trì cuộc họp. Đề nghị xác nhận lại theo lịch mới.');
  });

  test('another one presides: both are invited anew, the others hear who it is now; the chair cannot be left out', async () => {
    const { code } = await s.call({ chairId: String(s.ha._id) });
    await s.settle();
    await expect(s.change(code, { remove: [s.ha] })).rejects.toMatchObject({ code: 'input-invalid', params: { path: 'remove' } });
    const changed = await s.change(code, { chairId: String(s.minh._id), reason: 'đồng chí Hà đi công tác' });
    expect(changed).toMatchObject({ chair: 'Minh, Giám đốc Sở Tài chính' });
    expect(await s.settle()).toEqual([`Hà: 🔴 HỎA TỐC · Đổi người chủ trì họp ${code}`, `Lan: 🔴 HỎA TỐC · Đổi người chủ trì họp ${code}`, `Minh: 🔴 HỎA TỐC · Họp ${code}`]);
    expect(s.textTo(s.minh)).toContain('Kính mời đồng chí chủ trì cuộc họp.');
    expect(s.textTo(s.ha)).toContain('Đồng chí không phải chủ trì cuộc họp này nữa; người chủ trì nay là Minh, Giám đốc Sở Tài chính. Lý do: đồng chí Hà đi công tác.');
    expect(s.textTo(s.ha)).not.toContain('Kính mời');
    expect(s.textTo(s.lan)).not.toContain('đi công tác');
    s.clock.advance({ minutes: 5 });
    await s.settle();
    expect(s.textTo(s.ha)).toMatch(/Nhắc họp(?![^]*không phải chủ trì)/);
    await s.change(code, { remove: [s.ha], chair: 'Chủ tịch UBND tỉnh' });
    expect(await s.ctx.db.Meeting.findOne({ code }).lean()).toMatchObject({ chair: 'Chủ tịch UBND tỉnh', chairId: null });
  });

  test('free words invite nobody; somebody who has left cannot be picked', async () => {
    expect((await s.call({ chair: 'Phó Chủ tịch Thường trực' })).attendees).toHaveLength(2);
    await s.ctx.db.Person.updateOne({ _id: s.ha._id }, { active: false });
    await expect(s.call({ chairId: String(s.ha._id) })).rejects.toMatchObject({ code: 'attendee-unknown' });
  });
});

test('the last answer counts, "received" takes none back, and another place asks anew', async () => {
  const code = await called();
  await s.settle();
  await s.answer(s.minh, code, 'attending');
  await s.answer(s.minh, code, 'absent', 'đi công tác');
  await s.answer(s.minh, code, 'received');
  expect((await getMeeting(s.ctx, office, code)).confirmations[1]).toMatchObject({ answer: 'absent', note: 'đi công tác' });
  await move(code, { place: 'hội trường tầng 5' });
  await s.settle();
  expect((await getMeeting(s.ctx, office, code)).confirmations[1]).toMatchObject({ answer: null });
});
