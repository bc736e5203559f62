import { afterAll, beforeAll, expect, test } from 'vitest';
import { because } from '../../src/context.js';
import { changeAgency } from '../../src/people/agencies/change-agency.js';
import { registerAgency } from '../../src/people/register-agency.js';
import { registerPerson } from '../../src/people/register-person.js';
import { openAdminHouse, type AdminHouse } from '../support/admin-house.js';

const OFFICE = { kind: 'system', name: 'Kiểm thử' } as const;
let house: AdminHouse;
let cookie: string;
beforeAll(async () => {
  house = await openAdminHouse();
  cookie = await house.signIn('office@example.vn');
});
afterAll(() => house.close());

let forms = 0;
const press = async (path: string, form: Record<string, unknown>) => {
  const answer = await house.http.inject({ method: 'POST', url: `/admin/api/resources/${path}`, headers: { cookie }, payload: { nonce: String(++forms).padStart(32, '0'), ...form } });
  return answer.json() as { notice: { message: string; type: string }; errors?: Record<string, string> };
};
const look = async <T>(path: string): Promise<T> => (await house.http.inject({ url: `/admin/api/${path}`, headers: { cookie } })).json() as T;
const meeting = (more: object = {}) => ({ title: 'Giao ban', kind: 'urgent', startsOn: '2026-11-25', startsTime: '09:00', place: 'Phòng họp số 1', chair: '', chairId: '', attendeeIds: [house.people.dat], ...more });

test('a chair in words is written only where it is ticked that the words invite nobody', async () => {
  const refused = await press('Meeting/actions/call', meeting({ chair: 'ha minh' }));
  expect(refused.errors).toEqual({ chair: 'cần chọn tên trong danh sách, hoặc đánh dấu chỉ ghi bằng lời, không gửi giấy mời' });
  expect(await house.ctx.db.Meeting.countDocuments()).toBe(0);
  expect((await press('Meeting/actions/call', meeting({ chair: 'ha minh', chairInWords: true }))).notice.type).toBe('success');
  expect(await house.ctx.db.Meeting.findOne().lean()).toMatchObject({ chair: 'ha minh', attendees: [{}] });
  const people = { attendeeIds: [house.people.dat], chair: 'thu ha', chairId: '' };
  expect(Object.keys((await press('Meeting/records/HOP-2026-00001/people', people)).errors ?? {})).toEqual(['chair']);
  expect((await press('Meeting/records/HOP-2026-00001/people', { ...people, chairInWords: true })).notice.type).toBe('success');
});

test('a day that is not there is asked for; one that does not exist is said to be none', async () => {
  expect((await press('Meeting/actions/call', meeting({ startsOn: '' }))).errors).toEqual({ startsOn: 'cần nhập ngày' });
  expect((await press('Meeting/actions/call', meeting({ startsOn: ' ' }))).errors).toEqual({ startsOn: 'cần nhập ngày' });
  expect((await press('Meeting/actions/call', meeting({ startsOn: '2026-02-30' }))).errors).toEqual({ startsOn: 'không phải ngày có thật' });
});

test('a meeting that was moved reads so, on its page and in the list', async () => {
  await press('Meeting/records/HOP-2026-00001/postpone', { startsOn: '2026-11-26', startsTime: '09:00', place: '', reason: 'bão' });
  expect(await look('office/meetings/HOP-2026-00001')).toMatchObject({ startsAt: 'thứ Năm 26/11/2026, 09:00', status: 'Đã đổi lịch' });
  const list = await look<{ records: { params: Record<string, unknown> }[] }>('resources/Meeting/actions/list');
  expect(list.records[0]?.params).toMatchObject({ status: 'Đã đổi lịch' });
});

test('people to invite: the province and its Office first, in each body the head before deputies and officers', async () => {
  const at = (cause: string) => because(house.ctx, `order:${cause}`);
  await registerAgency(at('xa'), OFFICE, { code: 'AAA', name: 'UBND xã A Mú Sung', type: 'commune', parentCode: 'UBND' });
  const person = (name: string, position: string, agencyCode: string, role: 'leader' | 'officer') => registerPerson(at(name), OFFICE, { name, position, agencyCode, roles: [role] });
  await person('An', 'Chủ tịch UBND xã', 'AAA', 'leader');
  await person('Bình', 'Phó Chủ tịch UBND tỉnh', 'UBND', 'leader');
  await person('Yên', 'Chủ tịch UBND tỉnh', 'UBND', 'leader');
  await person('Ánh', 'Phó Giám đốc Sở Tài chính', 'STC', 'leader');
  await person('Bảo', 'Chuyên viên', 'STC', 'officer');
  const { people } = await look<{ people: { name: string }[] }>('office/lookups');
  expect(people.map(({ name }) => name)).toEqual(['Yên', 'Bình', 'Nguyễn Thị Lan', 'Hoàng Văn Dật', 'Ánh', 'Trần Thị Hòa', 'Bảo', 'An']);
});

test('the history of an agency: only what changed, agencies by name', async () => {
  const stc = await house.ctx.db.Agency.findOne({ code: 'STC' }).orFail().lean();
  await changeAgency(because(house.ctx, 'history'), OFFICE, { id: String(stc._id), changes: { phone: '0214 3840 888' } });
  const { history } = await look<{ history: { what: string; before: string; after: string }[] }>(`office/agencies/${String(stc._id)}`);
  expect(history.map(({ before, after }) => [before, after])).toEqual([
    ['', expect.stringMatching(/^điện thoại: [\d ]+$/)],
    ['', expect.stringContaining('trực thuộc: UBND tỉnh Lào Cai')],
  ]);
  const admin = await house.signIn('admin@example.vn');
  const audit = (await house.http.inject({ url: '/admin/api/resources/AuditEntry/actions/list?filters.q=SYT', headers: { cookie: admin } })).body;
  expect(audit).toContain('trực thuộc: UBND tỉnh Lào Cai');
});
