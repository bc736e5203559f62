import { afterEach, beforeEach, expect, test } from 'vitest';
import { readCommand } from '../../bots/commands/index.js';
import { because } from '../../src/context.js';
import { callMeeting } from '../../src/meetings/call-meeting.js';
import { cancelMeeting } from '../../src/meetings/cancel-meeting.js';
import type { Meeting } from '../../src/meetings/meeting.model.js';
import type { Person } from '../../src/people/person.model.js';
import { chatting, office, province } from '../support/task-story.js';

let p: Awaited<ReturnType<typeof province>>;
let meeting: Meeting;
beforeEach(async () => {
  p = await province();
  meeting = await callMeeting(because(p.ctx, 'admin:1'), office, {
    title: 'Họp giải ngân vốn đầu tư công', kind: 'regular', startsAt: new Date('2026-11-23T14:00:00+07:00'), place: 'phòng họp số 1', attendeeIds: [p.dat._id.toString()],
  });
});
afterEach(() => p.close());

let n = 0;
async function says(person: Person, typed: string) {
  const call = readCommand(typed);
  if (!call?.command) throw new Error(`no command in ${typed}`);
  return call.command.run(because(p.ctx, `telegram:${(n += 1)}`), chatting(person), { text: call.text, link: null });
}
const attendee = async () => (await p.ctx.db.Meeting.findOne({ code: meeting.code }).orFail().lean<Meeting>()).attendees[0];

test('"Đã nhận", then "Tham dự", then after all "Vắng" with the reason', async () => {
  const received = await says(p.dat, `/xacnhan ${meeting.code}`);
  expect(received.text).toContain('đồng chí đã nhận lịch họp');
  expect(received.buttons?.map((button) => button.label)).toEqual(['Tham dự', 'Vắng']);
  expect(await attendee()).toMatchObject({ acknowledgedAt: p.clock.now(), answer: null });
  expect((await says(p.dat, '/tham dự họp 1')).text).toBe(`✅ Đã ghi nhận ${meeting.code}: đồng chí sẽ tham dự.\nHọp giải ngân vốn đầu tư công: 14:00 thứ Hai 23/11/2026, phòng họp số 1.`);
  expect((await says(p.dat, '/vang hop1 đi công tác Hà Nội')).text).toContain('báo vắng — “đi công tác Hà Nội”');
  expect(await attendee()).toMatchObject({ answer: 'absent', answerNote: 'đi công tác Hà Nội' });
});

test('who is not invited, an unknown meeting, no code: told kindly', async () => {
  await expect(says(p.trieu, `/thamdu ${meeting.code}`)).rejects.toMatchObject({ code: 'not-invited' });
  await expect(says(p.dat, '/xacnhan HOP-99')).rejects.toMatchObject({ code: 'meeting-unknown' });
  expect((await says(p.dat, '/vắng')).text).toBe('Đề nghị gõ kèm mã: /vang HOP-1');
  expect((await says(p.trieu, '/vắng')).text).toContain('đồng chí không có lịch họp sắp tới');
});

test('"Tham dự" too late: says whether the meeting is over or was cancelled', async () => {
  const other = await callMeeting(because(p.ctx, 'admin:2'), office, { title: 'Giao ban', kind: 'regular', startsAt: new Date('2026-11-23T15:00:00+07:00'), place: 'phòng họp số 2', attendeeIds: [p.dat._id.toString()] });
  await cancelMeeting(because(p.ctx, 'admin:3'), office, { code: other.code, reason: 'trùng lịch' });
  await expect(says(p.dat, `/thamdu ${other.code}`)).rejects.toMatchObject({ message: `Cuộc họp ${other.code} đã hủy.` });
  p.clock.advance({ days: 7 });
  await expect(says(p.dat, `/thamdu ${meeting.code}`)).rejects.toMatchObject({ message: `Cuộc họp ${meeting.code} đã kết thúc.` });
});
