import { afterEach, beforeEach, expect, test } from 'vitest';
import { because } from '../../src/context.js';
import { answerMeeting } from '../../src/meetings/answer-meeting.js';
import type { Meeting } from '../../src/meetings/meeting.model.js';
import { personActor, personById } from '../../src/people/receivers.js';
import { openAdminHouse, type AdminHouse } from '../support/admin-house.js';

/** What the screens read of a meeting. */
interface Page {
  edition: number;
  chair: string;
  chairId: string;
  status: string;
  board: { name: string; answer: string }[];
  history: { what: string; note: string; by: string }[];
  answers: { name: string; answer: string; way: string; note: string; counts: boolean }[];
}

let house: AdminHouse;
let office: string;
beforeEach(async () => {
  // Friday 20/11/2026, 08:00 in Vietnam.
  house = await openAdminHouse();
  office = await house.signIn('office@example.vn');
});
afterEach(() => house.close());

let forms = 0;
const nonce = () => String(++forms).padStart(32, '0');
const press = async (path: string, form: Record<string, unknown>, cookie = office) => {
  const answer = await house.http.inject({ method: 'POST', url: `/admin/api/resources/Meeting/${path}`, headers: { cookie }, payload: { nonce: nonce(), ...form } });
  return { status: answer.statusCode, body: answer.json() as { notice: { message: string; type: string }; errors?: Record<string, string>; ask?: { field: string; question: string } } };
};
const CODE = 'HOP-2026-00001';
const look = async () => (await house.http.inject({ url: `/admin/api/office/meetings/${CODE}`, headers: { cookie: office } })).json<Page>();
const form = (more: object = {}) => ({ title: 'Giao ban', kind: 'regular', startsOn: '2026-11-25', startsTime: '09:00', place: 'Phòng họp số 1', chair: '', chairId: '', attendeeIds: [house.people.dat], ...more });
const call = (more: object = {}) => press('actions/call', form(more));

test('people are added and taken off on one screen; it says who; the record keeps names', async () => {
  const { dat, hoa, lan } = house.people;
  await call({ attendeeIds: [dat, hoa] });
  const { edition } = await look();
  const done = await press(`records/${CODE}/people`, { attendeeIds: [dat, lan], chair: '', chairId: '', reason: 'thu gọn', edition });
  expect(done.body.notice).toEqual({ type: 'success', message: `Đã thay đổi thành phần cuộc họp ${CODE} và báo những người liên quan.` });
  const page = await look();
  expect(page.board.map(({ name }) => name)).toEqual(['Hoàng Văn Dật', 'Nguyễn Thị Lan']);
  expect(page.history[0]).toMatchObject({ what: 'Thay đổi thành phần', by: 'Nguyễn Thị Lan · Trang quản lý', note: 'Mời thêm: Nguyễn Thị Lan. Không phải dự: Trần Thị Hòa. Lý do: thu gọn' });
  expect(await house.ctx.db.AuditEntry.findOne({ action: 'meeting.change-attendees' }).lean()).toMatchObject({ after: { added: 'Nguyễn Thị Lan', removed: 'Trần Thị Hòa', reason: 'thu gọn' } });
});

test('two clerks opened the same list: the second one is told, and nothing of theirs is written', async () => {
  const { dat, hoa, lan } = house.people;
  await call();
  const { edition } = await look();
  expect((await press(`records/${CODE}/people`, { attendeeIds: [dat, hoa], edition })).status).toBe(200);
  const late = await press(`records/${CODE}/people`, { attendeeIds: [dat, lan], edition });
  expect([late.status, late.body.notice.message]).toEqual([409, 'Nội dung vừa được người khác thay đổi, đề nghị xem lại rồi thực hiện lại.']);
  expect((await press(`records/${CODE}/postpone`, { startsOn: '2026-11-25', startsTime: '10:00', place: '', reason: 'x', edition })).status).toBe(409);
  expect((await look()).board.map(({ name }) => name)).toEqual(['Hoàng Văn Dật', 'Trần Thị Hòa']);
});

test('nobody left, no change, a stranger: refused beside the field; a leader may not', async () => {
  await call();
  expect((await press(`records/${CODE}/people`, { attendeeIds: [] })).body.errors).toEqual({ attendeeIds: 'cần chọn ít nhất một người dự' });
  expect((await press(`records/${CODE}/people`, { attendeeIds: [house.people.dat] })).body.errors).toEqual({ attendeeIds: 'chưa đúng: chưa có thay đổi nào' });
  expect((await press(`records/${CODE}/people`, { attendeeIds: ['6500000000000000000000ab'] })).status).toBe(404);
  expect((await press(`records/${CODE}/people`, { attendeeIds: [house.people.hoa] }, await house.signIn('leader@example.vn'))).status).toBe(403);
});

test('a day off is asked about before anything is written; with consent it is done, once', async () => {
  const same = { nonce: nonce(), startsOn: '2026-11-28' };
  const asked = await call(same);
  expect([asked.status, asked.body.ask]).toEqual([422, { field: 'acceptDayOff', question: 'Cuộc họp rơi vào ngày nghỉ: thứ Bảy 28/11/2026 (cuối tuần). Vẫn họp vào ngày này?', words: 'Vẫn họp ngày này' }]);
  expect(await house.ctx.db.Meeting.countDocuments()).toBe(0);
  expect((await call({ ...same, acceptDayOff: true })).status).toBe(200);
  expect((await press(`records/${CODE}/postpone`, { startsOn: '2026-11-29', startsTime: '09:00', place: '', reason: 'bận' })).body.ask?.field).toBe('acceptDayOff');
  expect((await press(`records/${CODE}/postpone`, { startsOn: '2026-11-28', startsTime: '15:00', place: '', reason: 'bận' })).status).toBe(200);
  const words = (on: string) => house.http.inject({ url: `/admin/api/office/meeting-day?on=${on}`, headers: { cookie: office } }).then((answer) => answer.json<{ words: string }>().words);
  expect(await words('2026-11-28')).toBe('thứ Bảy 28/11/2026 là ngày nghỉ (cuối tuần).');
  // Entered without a word of why, by whatever way.
  await house.ctx.db.CalendarDay.collection.insertMany([{ on: '2026-12-05', kind: 'off', note: ' ' }, { on: '2026-12-07', kind: 'off', note: '' }]);
  expect([await words('2026-12-05'), await words('2026-12-07')]).toEqual(['thứ Bảy 05/12/2026 là ngày nghỉ (cuối tuần).', 'thứ Hai 07/12/2026 là ngày nghỉ (theo lịch làm việc).']);
  expect(await words('2026-11-26')).toBe('thứ Năm 26/11/2026.');
});

test('a picked chair is invited; the history tells a change of place from a postponement', async () => {
  await call({ chair: 'Trần Thị Hòa, Trưởng phòng Ngân sách, Sở Tài chính', chairId: house.people.hoa });
  expect(await look()).toMatchObject({ chairId: house.people.hoa, board: [{ name: 'Trần Thị Hòa' }, { name: 'Hoàng Văn Dật' }] });
  const move = (more: object) => press(`records/${CODE}/postpone`, { startsOn: '2026-11-25', startsTime: '09:00', place: 'Phòng họp số 1', reason: 'đông người', ...more });
  expect((await move({ place: 'Hội trường' })).body.notice.message).toBe(`Đã đổi địa điểm cuộc họp ${CODE} và báo người dự.`);
  expect((await look()).status).toBe('Đã triệu tập');
  expect((await move({ startsTime: '14:00', place: 'Phòng họp số 2' })).body.notice.message).toBe(`Đã đổi lịch cuộc họp ${CODE} và báo người dự.`);
  await move({ startsTime: '08:00', place: '' });
  expect((await look()).history.map(({ what, note }) => [what, note])).toEqual([
    ['Đổi giờ sớm hơn', 'Từ thứ Tư 25/11/2026, 14:00 sang thứ Tư 25/11/2026, 08:00. Lý do: đông người'],
    ['Hoãn, đổi địa điểm', 'Từ thứ Tư 25/11/2026, 09:00 sang thứ Tư 25/11/2026, 14:00. Địa điểm: từ Hội trường sang Phòng họp số 2. Lý do: đông người'],
    ['Đổi địa điểm', 'Địa điểm: từ Phòng họp số 1 sang Hội trường. Lý do: đông người'],
    ['Triệu tập', ''],
  ]);
});

test('every answer stays, with its way: chat, in somebody’s place, by phone and who wrote it down; the last one counts', async () => {
  const { dat, hoa } = house.people;
  await house.ctx.db.Person.updateOne({ _id: dat }, { deputyId: hoa });
  await call();
  const said = async (id: string, channel: 'telegram' | 'email', answer: 'received' | 'attending' | 'absent', note = '') => {
    const person = await personById(house.ctx, id);
    if (!person) throw new Error('nobody');
    await answerMeeting(because(house.ctx, `${channel}:${nonce()}`), personActor(person, channel), { code: CODE, answer, note });
    house.clock.advance({ minutes: 1 });
  };
  await said(dat, 'telegram', 'attending');
  await said(hoa, 'email', 'absent', 'Giám đốc đi công tác');
  await press(`records/${CODE}/phoneConfirm`, { personId: dat, answer: 'attending', note: 'đến muộn 10 phút' });
  house.clock.advance({ minutes: 1 });
  await said(dat, 'telegram', 'received');
  expect((await look()).answers).toEqual([
    { at: '20/11/2026 08:03', name: 'Hoàng Văn Dật', answer: 'Đã nhận', note: '', way: 'Telegram', counts: false },
    { at: '20/11/2026 08:02', name: 'Hoàng Văn Dật', answer: 'Tham dự', note: 'đến muộn 10 phút', way: 'Điện thoại, Nguyễn Thị Lan ghi', counts: true },
    { at: '20/11/2026 08:01', name: 'Hoàng Văn Dật', answer: 'Vắng', note: 'Giám đốc đi công tác', way: 'Thư điện tử, đồng chí Trần Thị Hòa trả lời thay', counts: false },
    { at: '20/11/2026 08:00', name: 'Hoàng Văn Dật', answer: 'Tham dự', note: '', way: 'Telegram', counts: false },
  ]);
  expect((await look()).board).toMatchObject([{ answer: 'Tham dự' }]);
  await press(`records/${CODE}/postpone`, { startsOn: '2026-11-26', startsTime: '09:00', place: '', reason: 'bận' });
  expect((await look()).answers.map(({ counts }) => counts)).toEqual([false, false, false, false]);
  expect((await house.ctx.db.Meeting.findOne({ code: CODE }).orFail().lean<Meeting>()).history).toHaveLength(6);
});
