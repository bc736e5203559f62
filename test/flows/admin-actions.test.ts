import { afterAll, beforeAll, expect, test } from 'vitest';
import { openAdminHouse, type AdminHouse } from '../support/admin-house.js';

let house: AdminHouse;
let office: string;
beforeAll(async () => {
  house = await openAdminHouse();
  office = await house.signIn('office@example.vn');
});
afterAll(() => house.close());

let forms = 0;
const nonce = () => String(++forms).padStart(32, '0');
const press = async (path: string, form: Record<string, unknown>, cookie = office) => {
  const answer = await house.http.inject({ method: 'POST', url: `/admin/api/resources/${path}`, headers: { cookie }, payload: form });
  return { status: answer.statusCode, body: answer.json() as { notice: { message: string; type: string }; errors?: Record<string, string>; redirectUrl?: string; result?: Record<string, unknown> } };
};

const assignForm = (symbol: string) => ({
  symbol, kind: 'Công văn', issuedOn: '2026-11-16', signer: 'Nguyễn Văn An', summary: 'Đẩy nhanh giải ngân', urgency: 'urgent', secret: false, agencyCode: 'UBND',
  tasks: [{ content: 'Báo cáo tiến độ giải ngân', leadAgencyCode: 'STC', coordinatingAgencyCodes: ['SYT'], officerId: house.people.hoa, monitorId: house.people.lan, leaderId: '', dueMode: 'day', dueOn: '2026-11-24', dueTime: '' }],
});

test('"Giao nhiệm vụ" assigns; pressing twice with the same form assigns once', async () => {
  const form = { ...assignForm('5127/UBND-KT'), nonce: nonce() };
  const [first, second] = [await press('Task/actions/assign', form), await press('Task/actions/assign', form)];
  expect(first.body.notice).toEqual({ type: 'success', message: 'Đã ghi văn bản 5127/UBND-KT và giao 1 nhiệm vụ.' });
  expect(second.body.redirectUrl).toBe(first.body.redirectUrl);
  const tasks = await house.ctx.db.Task.find().lean();
  expect(tasks).toHaveLength(1);
  expect(tasks[0]).toMatchObject({ code: 'NV-2026-00001', leadAgencyCode: 'STC', dueOn: '2026-11-24', coordinatingAgencyCodes: ['SYT'] });
  const [audit] = await house.ctx.db.AuditEntry.find({ action: 'directive.create' }).lean();
  expect(audit).toMatchObject({ by: { name: 'Nguyễn Thị Lan', channel: 'web' }, cause: expect.stringMatching(/^admin:[0-9a-f]{24}:/) });
});

test('an hour is Vietnamese time; mistakes come back beside their fields and nothing is written', async () => {
  const [task] = assignForm('').tasks;
  const wrong = await press('Task/actions/assign', { ...assignForm('6/CĐ'), signer: ' ', tasks: [{ ...task, leadAgencyCode: '', dueMode: 'hour', dueTime: '' }], nonce: nonce() });
  expect(wrong.status).toBe(400);
  expect(wrong.body.errors).toEqual({ signer: 'cần nhập', 'tasks.0.leadAgencyCode': 'cần nhập', 'tasks.0.dueTime': 'cần nhập giờ' });
  const refused = await press('Task/actions/assign', { ...assignForm('6/CĐ'), tasks: [{ ...task, dueOn: '2026-11-01' }], nonce: nonce() });
  expect(refused.status).toBe(422);
  expect(Object.keys(refused.body.errors ?? {})).toEqual(['tasks.0.dueOn']);
  expect(await house.ctx.db.Directive.countDocuments({ symbol: '6/CĐ' })).toBe(0);
  const right = await press('Task/actions/assign', { ...assignForm('6/CĐ'), tasks: [{ ...task, dueMode: 'hour', dueOn: '2026-11-24', dueTime: '16:30' }], nonce: nonce() });
  expect(right.status).toBe(200);
  expect((await house.ctx.db.Task.findOne({ code: 'NV-2026-00002' }).lean())?.dueAt).toEqual(new Date('2026-11-24T09:30:00Z'));
});

test('"Thêm nhiệm vụ", "Nhắc ngay", "Gia hạn" go through their use cases', async () => {
  const directive = await house.ctx.db.Directive.findOne({ symbol: '5127/UBND-KT' }).orFail().lean();
  const [task] = assignForm('').tasks;
  expect((await press(`Directive/records/${String(directive._id)}/addTask`, { ...task, dueMode: 'none', nonce: nonce() })).body.notice.message).toBe('Đã giao nhiệm vụ NV-2026-00003.');
  expect((await press('Task/records/NV-2026-00001/remind', { nonce: nonce() })).body.notice.message).toBe('Đang gửi lời nhắc NV-2026-00001.');
  const moved = await press('Task/records/NV-2026-00001/moveDeadline', { dueMode: 'day', dueOn: '2026-12-01', dueTime: '', reason: 'chờ Bộ Tài chính', nonce: nonce() });
  expect(moved.body.notice.type).toBe('success');
  const after = await house.ctx.db.Task.findOne({ code: 'NV-2026-00001' }).orFail().lean();
  expect(after).toMatchObject({ dueOn: '2026-12-01', originalDueOn: '2026-11-24', extensions: [{ reason: 'chờ Bộ Tài chính' }] });
  expect((await press('Task/records/NV-2026-00001/confirm', { nonce: nonce() })).body.notice.type).toBe('error');
});

test('"Nhắc ngay" on several rows says how each went', async () => {
  const { body } = await press('Task/bulk/remindMany?recordIds=NV-2026-00001,NV-2026-00002,NV-2026-09999', { nonce: nonce() });
  expect(body.notice.message).toMatch(/^Đã thực hiện \d\/2 dòng\.$/);
  expect(body.result?.['results']).toHaveLength(2);
});

test('a link never does anything, and neither does a form without its nonce', async () => {
  const before = await house.ctx.db.AuditEntry.countDocuments({});
  for (const path of ['Task/records/NV-2026-00001/remind', 'Task/records/NV-2026-00001/moveDeadline?dueMode=day&dueOn=2026-12-31&reason=x', 'Task/bulk/remindMany?recordIds=NV-2026-00001', `Person/records/${house.people.lan}/linkCode`])
    expect((await house.http.inject({ url: `/admin/api/resources/${path}`, headers: { cookie: office } })).statusCode).toBe(200);
  expect((await press('Task/records/NV-2026-00001/remind', {})).status).toBe(400);
  expect((await press('Task/records/NV-2026-00001/remind', { nonce: null, x: null })).status).toBe(400);
  expect(await house.ctx.db.AuditEntry.countDocuments({})).toBe(before);
});

test('buttons are closed to those the policy does not name', async () => {
  const leader = await house.signIn('leader@example.vn');
  for (const path of ['Task/records/NV-2026-00001/remind', 'Task/actions/assign', 'Meeting/actions/call', 'Person/actions/add', 'Account/actions/add', 'CalendarDay/actions/setDay']) expect((await press(path, { nonce: nonce() }, leader)).status, path).toBe(403);
  expect((await press('Account/actions/add', { nonce: nonce() })).status).toBe(403);
});

test('"Triệu tập họp", "Hoãn họp", "Hủy họp"; the board shows who has not confirmed, with phones', async () => {
  const { people } = house;
  const form = { title: 'Ứng phó mưa lớn', kind: 'urgent', startsOn: '2026-11-20', startsTime: '16:00', place: 'Phòng họp tầng 3', chair: '', attendeeIds: [people.dat, people.hoa], nonce: nonce() };
  expect((await press('Meeting/actions/call', { ...form, attendeeIds: [], nonce: nonce() })).body.errors).toEqual({ attendeeIds: 'cần chọn ít nhất một người dự' });
  const called = await press('Meeting/actions/call', form);
  expect(called.body.redirectUrl).toBe('/admin/resources/Meeting/records/HOP-2026-00001/show');
  expect((await press('Meeting/actions/call', form)).body.redirectUrl).toBe(called.body.redirectUrl);
  expect(await house.ctx.db.Meeting.countDocuments({})).toBe(1);
  const board = (await house.http.inject({ url: '/admin/api/office/meetings/HOP-2026-00001', headers: { cookie: office } })).json();
  expect(board).toMatchObject({ startsAt: 'thứ Sáu 20/11/2026, 16:00', confirmed: 0, board: [{ name: 'Hoàng Văn Dật', phone: '0912 345 002', answer: 'Chưa xác nhận' }, { name: 'Trần Thị Hòa' }] });
  expect((await press('Meeting/records/HOP-2026-00001/postpone', { startsOn: '2026-11-21', startsTime: '08:00', place: '', reason: 'bão đổi hướng', acceptDayOff: true, nonce: nonce() })).body.notice.type).toBe('success');
  expect((await press('Meeting/records/HOP-2026-00001/cancel', { reason: 'bão tan', nonce: nonce() })).body.notice.type).toBe('success');
  expect((await house.ctx.db.Meeting.findOne({ code: 'HOP-2026-00001' }).lean())?.status).toBe('cancelled');
});

test('people, agencies, accounts and calendar days are entered; a link code is told once', async () => {
  const admin = await house.signIn('admin@example.vn');
  expect((await press('Agency/actions/add', { code: 'SXD', name: 'Sở Xây dựng', type: 'department', parentCode: 'UBND', symbol: '', email: '', remote: false, nonce: nonce() })).body.notice.message).toBe('Đã thêm Sở Xây dựng.');
  const added = await press('Person/actions/add', { name: 'Lý A Páo', position: 'Giám đốc Sở Xây dựng', agencyCode: 'SXD', roles: ['leader'], phone: '0912 345 678', email: '', nonce: nonce() });
  expect(added.body.notice.message).toBe('Đã thêm đồng chí Lý A Páo.');
  expect((await press('Person/actions/add', { name: 'X', position: 'Y', agencyCode: 'SXD', roles: ['leader'], phone: '12', email: '', nonce: nonce() })).body.errors).toHaveProperty('phone');
  expect((await press('Account/actions/add', { email: 'sxd@example.vn', name: 'Sở Xây dựng', role: 'agency', agencyCode: 'SXD', personId: '', password: 'mat-khau-rieng', nonce: nonce() }, admin)).body.notice.type).toBe('success');
  expect((await press('CalendarDay/actions/setDay', { on: '2026-12-31', kind: 'off', note: 'Nghỉ bù', provisional: true, nonce: nonce() })).body.notice.message).toBe('Đã ghi ngày 31/12/2026.');
  expect((await press('CalendarDay/records/2026-12-31/removeDay', { nonce: nonce() })).body.notice.type).toBe('success');
  const issued = await press(`Person/records/${house.people.hoa}/linkCode`, { nonce: nonce() });
  expect(issued.body.result).toMatchObject({ code: expect.stringMatching(/^[2-9A-Z]{8}$/), expires: '08:10' });
  expect(JSON.stringify(await house.ctx.db.LinkCode.find().lean())).not.toContain(String(issued.body.result?.['code']));
});
