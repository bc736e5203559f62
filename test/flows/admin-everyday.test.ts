import { afterAll, beforeAll, expect, test } from 'vitest';
import { relayIntents } from '../../src/delivery/relay-intents.js';
import type { Task } from '../../src/directives/task.model.js';
import type { Meeting } from '../../src/meetings/meeting.model.js';
import { shortDueText } from '../../src/texts/when-texts.js';
import { openAdminHouse, type AdminHouse } from '../support/admin-house.js';

let house: AdminHouse;
let office: string;
let stc: string;
beforeAll(async () => {
  house = await openAdminHouse();
  [office, stc] = [await house.signIn('office@example.vn'), await house.signIn('stc@example.vn')];
});
afterAll(() => house.close());

let forms = 0;
const nonce = () => String(++forms).padStart(32, '0');
interface Pressed {
  notice: { message: string; type: string };
  errors?: Record<string, string>;
  ask?: { field: string; question: string };
  redirectUrl?: string;
}
const press = async (path: string, form: Record<string, unknown> = {}, cookie = office) => {
  const answer = await house.http.inject({ method: 'POST', url: `/admin/api/resources/${path}`, headers: { cookie }, payload: { nonce: nonce(), ...form } });
  return { status: answer.statusCode, body: answer.json() as Pressed };
};
const look = async <T>(url: string, cookie = office): Promise<T> => (await house.http.inject({ url: `/admin/api/${url}`, headers: { cookie } })).json();
const assign = (symbol: string, task: Record<string, unknown>, more: Record<string, unknown> = {}) =>
  press('Task/actions/assign', { symbol, kind: 'Công văn', issuedOn: '2026-11-16', signer: 'Nguyễn Văn An', summary: 'Đẩy nhanh giải ngân', urgency: 'normal', secret: false, agencyCode: 'UBND', ...more, tasks: [{ content: 'Báo cáo tiến độ', leadAgencyCode: 'STC', coordinatingAgencyCodes: [], dueMode: 'day', dueOn: '2026-11-26', dueTime: '', ...task }] });
interface Detail {
  stage: string;
  percent: number;
  timeline: { what: string; by: string; note: string; pending: boolean; told: { person: string; state: string }[] }[];
}
const detail = (code: string, cookie = office) => look<Detail>(`office/tasks/${code}`, cookie);

test('a deadline that is over is asked about, and given only when that is confirmed', async () => {
  const form = { dueOn: '2026-11-18' };
  const asked = await assign('1/UBND', form);
  expect(asked.status).toBe(422);
  expect(asked.body.ask).toEqual({ field: 'acceptPast', question: 'Hạn này đã qua (thứ Tư 18/11/2026). Vẫn giao?', words: 'Vẫn giao' });
  expect(Object.keys(asked.body.errors ?? {})).toEqual(['tasks.0.dueOn']);
  expect(await house.ctx.db.Directive.countDocuments()).toBe(0);
  expect((await assign('1/UBND', form, { acceptPast: true })).body.notice.type).toBe('success');
  expect(await house.ctx.db.Task.findOne({ code: 'NV-2026-00001' }).lean()).toMatchObject({ dueOn: '2026-11-18' });
});

test('what a day means as a deadline is said while it is typed', async () => {
  expect(await look('office/due?on=2026-11-24')).toEqual({ words: 'thứ Ba 24/11/2026.' });
  expect(await look('office/due?on=2026-11-21')).toEqual({ words: 'thứ Bảy 21/11/2026 là ngày nghỉ: hạn tính đến hết thứ Hai 23/11/2026.' });
  expect(await look('office/due?on=2026-11-21&byHour=true')).toEqual({ words: 'thứ Bảy 21/11/2026 là ngày nghỉ; hạn theo giờ vẫn tính đúng giờ đó.' });
  expect(await look('office/due?on=2026-11-13')).toEqual({ words: 'thứ Sáu 13/11/2026. Hạn này đã qua.' });
  expect(await look('office/due?on=hom-nay')).toEqual({ words: '' });
});

test('the agency takes note and reports on its task page, also of a secret document; no other agency does', async () => {
  await assign('2/UBND', { content: 'Việc mật' }, { secret: true });
  const code = 'NV-2026-00002';
  const buttons = (await look<{ record: { recordActions: { name: string }[] } }>(`resources/Task/records/${code}/show`, stc)).record.recordActions.map(({ name }) => name);
  expect(buttons).toEqual(expect.arrayContaining(['report', 'acknowledge']));
  expect((await look<{ record: { recordActions: { name: string }[] } }>(`resources/Task/records/${code}/show`)).record.recordActions.map(({ name }) => name)).not.toContain('report');
  expect((await press(`Task/records/${code}/acknowledge`, {}, stc)).body.notice.message).toContain('cơ quan đã nhận');
  expect((await press(`Task/records/${code}/report`, { percent: 'bảy mươi', note: '' }, stc)).body.errors).toHaveProperty('percent');
  expect((await press(`Task/records/${code}/report`, { percent: '70%', note: 'đã trình ký' }, stc)).body.notice.message).toBe('Đã ghi nhận NV-2026-00002: 70%. Văn phòng UBND tỉnh đã được báo.');
  expect((await press(`Task/records/${code}/report`, { percent: '100', note: '' }, stc)).body.notice.message).toContain('chờ Văn phòng UBND tỉnh xác nhận');
  const other = await house.signIn('syt@example.vn');
  expect((await press(`Task/records/${code}/report`, { percent: '10', note: '' }, other)).status).toBe(404);
  expect((await press(`Task/records/${code}/report`, { percent: '10', note: '' })).status).toBe(403);
  expect(await detail(code)).toMatchObject({ percent: 100, stage: 'Chờ xác nhận' });
});

test('a result that comes back keeps the percent last reported', async () => {
  await press('Task/records/NV-2026-00002/giveBack', { reason: 'thiếu phụ lục' });
  expect(await detail('NV-2026-00002')).toMatchObject({ percent: 70, stage: 'Trả lại, làm tiếp' });
  await assign('3/UBND', {});
  await press('Task/records/NV-2026-00003/report', { percent: '100', note: '' }, stc);
  await press('Task/records/NV-2026-00003/giveBack', { reason: 'chưa đạt' });
  expect((await detail('NV-2026-00003')).percent).toBe(100);
  expect((await press('Task/records/NV-2026-00003/report', { percent: '60', note: '' }, stc)).body.notice.type).toBe('success');
});

test('coordinating agencies are told once, reminders go to the lead only; the page shows who was told and what became of it', async () => {
  await assign('4/UBND', { leadAgencyCode: 'SYT', coordinatingAgencyCodes: ['STC'] });
  const code = 'NV-2026-00004';
  await relayIntents(house.ctx);
  const told = await house.ctx.db.Delivery.find({ taskCode: code }).sort({ _id: 1 }).lean();
  expect(told.filter(({ kind }) => kind === 'task-coordinating').map(({ personId }) => String(personId)).sort()).toEqual([house.people.dat, house.people.hoa].sort());
  await assign('5/UBND', { coordinatingAgencyCodes: [] });
  expect((await press('Task/records/NV-2026-00005/remind')).body.notice.message).toBe('Đang gửi lời nhắc NV-2026-00005.');
  expect((await detail('NV-2026-00005')).timeline[0]).toMatchObject({ what: 'Nhắc ngay', by: 'Nguyễn Thị Lan · Trang quản lý', note: 'Đang gửi…', pending: true });
  await relayIntents(house.ctx);
  await house.ctx.db.Delivery.updateOne({ taskCode: 'NV-2026-00005', kind: 'task-reminder', personId: house.people.dat }, { $set: { state: 'delivered', channel: 'zalo', acceptedAt: house.clock.now(), deliveredAt: house.clock.now() } });
  const reminded = (await detail('NV-2026-00005')).timeline.find(({ what }) => what === 'Nhắc ngay');
  expect(reminded).toMatchObject({ by: 'Nguyễn Thị Lan · Trang quản lý', pending: true });
  expect([...(reminded?.told ?? [])].map(({ person, state }) => `${person}: ${state}`).sort()).toEqual(['Hoàng Văn Dật: Zalo, đã đến máy 08:00', 'Trần Thị Hòa: đang gửi…']);
});

test('an answer by phone is written down with who took it; the person is left in peace; the record keeps it', async () => {
  const { people } = house;
  await press('Meeting/actions/call', { title: 'Ứng phó mưa lớn', kind: 'urgent', startsOn: '2026-11-20', startsTime: '16:00', place: 'Phòng họp tầng 3', chair: '', attendeeIds: [people.dat, people.hoa] });
  const code = 'HOP-2026-00001';
  expect((await press(`Meeting/records/${code}/remindAttendee`, { personId: people.dat })).body.notice.message).toBe('Đang gửi lời nhắc.');
  const meeting = () => house.ctx.db.Meeting.findOne({ code }).orFail().lean<Meeting>();
  expect((await meeting()).intents).toMatchObject([{ kind: 'meeting-alert', to: [{ personId: people.dat }], lane: 'urgent', asked: 'now' }]);
  const said = { personId: people.dat, answer: 'absent', note: 'cử đồng chí Phó Giám đốc dự thay' };
  const one = nonce();
  expect((await press(`Meeting/records/${code}/phoneConfirm`, { ...said, nonce: one })).body.notice.message).toBe('Đã ghi xác nhận qua điện thoại.');
  await press(`Meeting/records/${code}/phoneConfirm`, { ...said, nonce: one });
  expect((await meeting()).attendees[0]).toMatchObject({ answer: 'absent', answerNote: said.note, via: 'phone', recordedBy: 'Nguyễn Thị Lan', nextStepAt: null });
  expect((await meeting()).history.filter(({ action }) => action === 'answered')).toMatchObject([{ by: { name: 'Nguyễn Thị Lan', channel: 'phone' } }]);
  const board = await look<{ board: { name: string; answer: string; via: string }[]; may: object }>(`office/meetings/${code}`);
  expect(board.board.at(-1)).toMatchObject({ name: 'Hoàng Văn Dật', answer: 'Vắng', via: 'qua điện thoại, Nguyễn Thị Lan ghi' });
  expect(board.may).toEqual({ remind: true, confirm: true });
  expect((await press(`Meeting/records/${code}/remindAttendee`, { personId: people.dat })).status).toBe(409);
  expect((await press(`Meeting/records/${code}/phoneConfirm`, { ...said, personId: people.lan })).status).toBe(404);
  expect(await house.ctx.db.AuditEntry.findOne({ action: 'meeting.confirm-by-phone' }).lean()).toMatchObject({ by: { name: 'Nguyễn Thị Lan' }, before: { answer: null }, after: { name: 'Hoàng Văn Dật', answer: 'absent', channel: 'phone' } });
  const leader = await house.signIn('leader@example.vn');
  expect((await press(`Meeting/records/${code}/phoneConfirm`, said, leader)).status).toBe(403);
  const seen = await look<{ board: { phone: string }[]; may: object }>(`office/meetings/${code}`, leader);
  expect(seen.may).toEqual({ remind: false, confirm: false });
  expect(seen.board.map(({ phone }) => phone)).toContain('0912 345 002');
});

test('the overview counts what waits for the Office and shows each agency; agencies stand in the official order', async () => {
  await press('Task/records/NV-2026-00005/report', { percent: '100', note: '' }, stc);
  const board = await look<{ submitted: number; agencies: { code: string; overdue: number }[] }>('dashboard');
  expect(board.submitted).toBe(1);
  expect(board.agencies.map(({ code }) => code)).toEqual(['STC', 'SYT']);
  expect(board.agencies[0]).toMatchObject({ code: 'STC', name: 'Sở Tài chính', overdue: 1 });
  expect((await look<{ agencies: { code: string }[] }>('office/lookups')).agencies.map(({ code }) => code)).toEqual(['UBND', 'VP', 'STC', 'SYT']);
});

test('while sending is held every page may say so, and no deed claims to be sending', async () => {
  const held = { since: house.clock.now(), cause: 'by-hand', by: 'Nguyễn Thị Lan', reason: 'Giao nhầm', restoredTo: null, lastSentAt: null, urgentPasses: true };
  await assign('9/UBND', { content: 'Việc trong lúc tạm dừng' });
  const code = (await house.ctx.db.Task.findOne({ content: 'Việc trong lúc tạm dừng' }).orFail().lean()).code;
  expect(await look('office/held')).toEqual({ held: null });
  await house.ctx.db.State.create({ _id: 'hold', value: held, updatedAt: house.clock.now() });
  expect(await look('office/held')).toMatchObject({ held: { words: 'Nguyễn Thị Lan đã tạm dừng gửi tin.', urgentPasses: true, mayOpen: true } });
  expect(await look('office/held', await house.signIn('leader@example.vn'))).toMatchObject({ held: { mayOpen: false } });
  expect(await look('office/held', stc)).toEqual({ held: null });
  expect((await press(`Task/records/${code}/remind`)).body.notice.message).toBe(`Đã ghi lời nhắc ${code}; tin chờ vì đang tạm dừng gửi.`);
  expect((await detail(code)).timeline[0]).toMatchObject({ what: 'Nhắc ngay', note: 'chờ (đang tạm dừng gửi)', pending: true });
  await relayIntents(house.ctx);
  expect((await detail(code)).timeline[0]?.told.map(({ state }) => state)).toContain('chờ (đang tạm dừng gửi)');
  expect((await assign('10/UBND', {})).body.notice.message).toBe('Đã ghi văn bản 10/UBND và giao 1 nhiệm vụ; tin chờ vì đang tạm dừng gửi.');
  // Urgent matters were let through.
  expect((await assign('11/UBND', {}, { urgency: 'express' })).body.notice.message).toBe('Đã ghi văn bản 11/UBND và giao 1 nhiệm vụ.');
  await house.ctx.db.State.deleteOne({ _id: 'hold' });
});

test('a form about a person tells all that is wrong at once, each beside its field, in the form\'s own words', async () => {
  const { body } = await press(`Person/records/${house.people.hoa}/change`, { rev: 0, name: ' ', position: 'Trưởng phòng', agencyCode: 'STC', roles: ['officer'], phone: '12ab', email: 'khong', leaveFrom: '2026-12-05', leaveUntil: '2026-12-01' });
  expect(Object.keys(body.errors ?? {}).sort()).toEqual(['email', 'leaveUntil', 'name', 'phone']);
  expect(body.errors?.['phone']).toBe('không phải số điện thoại Việt Nam, ví dụ 0912 345 678');
  expect(body.notice.message).not.toContain('phone');
});

test('the page of a task says who gave it, with its document or alone, and who confirmed its result', async () => {
  const { _id } = await house.ctx.db.Directive.findOne({ symbol: '3/UBND' }).orFail().lean();
  const admin = await house.signIn('admin@example.vn');
  await press(`Directive/records/${String(_id)}/addTask`, { content: 'Việc giao thêm', leadAgencyCode: 'STC', coordinatingAgencyCodes: [], dueMode: 'none', dueOn: '', dueTime: '' }, admin);
  const { code } = await house.ctx.db.Task.findOne({ content: 'Việc giao thêm' }).orFail().lean();
  const line = async (task: string, what: string, cookie = office) => (await detail(task, cookie)).timeline.find((one) => one.what === what)?.by;
  expect(await line('NV-2026-00003', 'Giao nhiệm vụ')).toBe('Nguyễn Thị Lan · Trang quản lý');
  expect(await line(code, 'Giao nhiệm vụ', stc)).toBe('Quản trị hệ thống · Trang quản lý');
  await press(`Task/records/${code}/report`, { percent: '100', note: '' }, stc);
  await press(`Task/records/${code}/confirm`, {}, office);
  expect(await line(code, 'Văn phòng xác nhận hoàn thành')).toBe('Nguyễn Thị Lan · Trang quản lý');
});

test('a deadline on a day off: list, page, chat and Nhật ký say the day and until when it counts', async () => {
  await assign('77/UBND', { dueOn: '2026-11-21', leadAgencyCode: 'SYT' });
  const { code } = await house.ctx.db.Task.findOne({ 'directive.symbol': '77/UBND' }).orFail().lean();
  const note = 'ngày nghỉ, tính đến hết 23/11/2026; còn 1 ngày làm việc';
  expect(await look(`office/tasks/${code}`)).toMatchObject({ due: '21/11/2026', dueNote: note });
  const list = await look<{ records: { params: { due: string; dueNote: string } }[] }>(`resources/Task/actions/list?filters.q=${code}`);
  expect(list.records.map(({ params }) => [params.due, params.dueNote])).toEqual([['21/11/2026', note]]);
  const task = await house.ctx.db.Task.findOne({ code }).orFail().lean<Task>();
  expect(shortDueText(task)).toBe('21/11 (ngày nghỉ, tính đến hết 23/11)');
  await press(`Task/records/${code}/moveDeadline`, { dueMode: 'day', dueOn: '2026-11-28', dueTime: '', reason: 'chờ Bộ' });
  const audit = await look<{ records: { params: { before: string; after: string } }[] }>(`resources/AuditEntry/actions/list?filters.q=${code}`, await house.signIn('admin@example.vn'));
  expect(audit.records[0]?.params).toMatchObject({ before: 'hạn: 21/11/2026 (ngày nghỉ, tính đến hết 23/11/2026)', after: 'hạn: 28/11/2026 (ngày nghỉ, tính đến hết 30/11/2026) · lý do: chờ Bộ' });
  expect((await look<{ originalDue: string }>(`office/tasks/${code}`)).originalDue).toBe('21/11/2026 (ngày nghỉ, tính đến hết 23/11/2026)');
});
