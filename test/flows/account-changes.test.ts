import { afterAll, beforeAll, expect, test } from 'vitest';
import { openAdminHouse, PASSWORD, type AdminHouse } from '../support/admin-house.js';

let house: AdminHouse;
let admin: string;
beforeAll(async () => {
  house = await openAdminHouse();
  admin = await house.signIn('admin@example.vn');
});
afterAll(() => house.close());

let forms = 0;
const nonce = () => String(++forms).padStart(32, '0');
const press = async (path: string, form: Record<string, unknown> = {}, cookie = admin) => {
  const url = path.startsWith('/') ? path : `/admin/api/resources/${path}`;
  const answer = await house.http.inject({ method: 'POST', url, headers: { cookie }, payload: { nonce: nonce(), ...form } });
  return { status: answer.statusCode, cookies: answer.cookies, body: answer.json() as { notice: { message: string; type: string }; errors?: Record<string, string>; result?: Record<string, unknown> } };
};
const see = async (cookie: string) => (await house.http.inject({ url: '/admin/api/office/lookups', headers: { cookie } })).statusCode;
const idOf = async (email: string) => String((await house.ctx.db.Account.findOne({ email }).orFail().lean())._id);
/** Until an own password is chosen nothing else answers, for a page or a program; afterwards the same session works. */
async function mustChooseFirst(entered: Awaited<ReturnType<typeof login>>, given: string): Promise<void> {
  const { name, value } = entered.cookies.find((one) => one.name === 'nhacviec') ?? { name: '', value: '' };
  const cookie = `${name}=${encodeURIComponent(value)}`;
  const ask = (url: string) => house.http.inject({ url, headers: { cookie } });
  for (const url of ['/admin', '/admin/resources/Task', '/admin/pages/channels', '/admin/pages/password2', '/admin/resources/Task?x=/admin/pages/password']) {
    const answer = await ask(url);
    expect([answer.statusCode, answer.headers.location], url).toEqual([303, '/admin/pages/password']);
  }
  for (const url of ['/admin/api/resources/Task/actions/list', '/admin/api/office/lookups', '/admin/api/dashboard', '/admin/api/office/standing?x=/admin/api/office/password']) expect((await ask(url)).statusCode, url).toBe(403);
  expect((await press('Task/records/NV-2026-00001/report', { percent: '5', note: 'x' }, cookie)).status).toBe(403);
  const page = await ask('/admin/pages/password');
  expect(page.statusCode).toBe(200);
  for (const [, src = ''] of page.body.matchAll(/(?:src|href)="(\/admin\/[^"]+\.(?:js|css|svg))"/g)) expect((await ask(src)).statusCode, src).toBe(200);
  expect((await press('/admin/api/office/password', { current: given, next: 'mat-khau-rieng-1', again: 'mat-khau-rieng-1' }, cookie)).body.notice.type).toBe('success');
  expect(await see(cookie)).toBe(200);
}
const login = (email: string, password: string) => house.http.inject({ method: 'POST', url: '/admin/login', payload: { email, password } });

test('an account is tied to a person afterwards and its role counts from the next click', async () => {
  const leader = await house.signIn('leader@example.vn');
  const id = await idOf('leader@example.vn');
  expect((await press(`Account/records/${id}/change`, { name: 'Hoàng Văn Dật', role: 'agency', agencyCode: '', personId: '' })).body.errors).toHaveProperty('agencyCode');
  const done = await press(`Account/records/${id}/change`, { name: 'Hoàng Văn Dật', role: 'agency', agencyCode: 'STC', personId: house.people.dat });
  expect(done.body.notice).toEqual({ type: 'success', message: 'Đã ghi tài khoản leader@example.vn.' });
  expect(await house.ctx.db.Account.findById(id).lean()).toMatchObject({ role: 'agency', agencyCode: 'STC', name: 'Hoàng Văn Dật' });
  expect((await house.http.inject({ url: '/admin/api/resources/Person/actions/list', headers: { cookie: leader } })).json()).not.toHaveProperty('records.0');
  const entry = await house.ctx.db.AuditEntry.findOne({ action: 'account.change' }).orFail().lean();
  expect([entry.before, entry.after]).toMatchObject([{ role: 'leader', personId: null }, { role: 'agency', personId: house.people.dat }]);
});

test('a locked account is out at once and comes back when opened', async () => {
  const office = await house.signIn('office@example.vn');
  const id = await idOf('office@example.vn');
  expect(await see(office)).toBe(200);
  expect((await press(`Account/records/${id}/disable`)).body.notice.message).toBe('Đã khóa tài khoản office@example.vn. Các phiên đang mở kết thúc ngay.');
  expect(await see(office)).toBe(401);
  expect((await login('office@example.vn', PASSWORD)).statusCode).toBe(401);
  await press(`Account/records/${id}/enable`);
  // The old session stays ended: whoever had it has to know the password.
  expect(await see(office)).toBe(401);
  expect((await login('office@example.vn', PASSWORD)).statusCode).toBe(303);
});

test('nobody locks themselves out, and the last administrator stays', async () => {
  const own = await idOf('admin@example.vn');
  expect((await press(`Account/records/${own}/disable`)).status).toBe(409);
  expect((await press(`Account/records/${own}/change`, { name: 'Quản trị', role: 'office', agencyCode: '', personId: '' })).status).toBe(409);
  const office = await house.signIn('office@example.vn');
  for (const deed of ['disable', 'resetPassword', 'change']) expect((await press(`Account/records/${own}/${deed}`, {}, office)).status, deed).toBe(404);
});

test('a password given by the administrator is shown once, ends the sessions, and leads to choosing an own one', async () => {
  const stc = await house.signIn('stc@example.vn');
  const id = await idOf('stc@example.vn');
  const one = nonce();
  const given = String((await press(`Account/records/${id}/resetPassword`, { nonce: one })).body.result?.['password']);
  expect(given).toMatch(/^[2-9A-Z]{12}$/);
  const again = await press(`Account/records/${id}/resetPassword`, { nonce: one });
  expect(again.body.result).toBeUndefined();
  expect(again.body.notice.message).toContain('đã được cấp lại ở lần bấm trước');
  expect(await see(stc)).toBe(401);
  expect((await login('stc@example.vn', PASSWORD)).statusCode).toBe(401);
  const entered = await login('stc@example.vn', given);
  expect(entered.headers.location).toBe('/admin/pages/password');
  await mustChooseFirst(entered, given);
  expect(JSON.stringify(await house.ctx.db.AuditEntry.find().lean())).not.toContain(given);
});

test('an administrator does not get a new password for the own login without knowing the old one', async () => {
  const own = await idOf('admin@example.vn');
  const tried = await press(`Account/records/${own}/resetPassword`);
  expect(tried.status).toBe(409);
  expect(tried.body.result).toBeUndefined();
  expect(await see(admin)).toBe(200);
  expect((await login('admin@example.vn', PASSWORD)).headers.location).toBe('/admin');
});

test('the own password: the old one is asked for, the new one counts, other sessions end and this one goes on', async () => {
  const [here, elsewhere] = [await house.signIn('syt@example.vn'), await house.signIn('syt@example.vn')];
  const change = (form: Record<string, string>) => press('/admin/api/office/password', form, here);
  expect((await change({ current: 'sai', next: 'mat-khau-moi-1', again: 'mat-khau-moi-1' })).body.errors).toHaveProperty('current');
  expect((await change({ current: PASSWORD, next: 'ngan', again: 'ngan' })).body.errors).toHaveProperty('next');
  expect((await change({ current: PASSWORD, next: 'mat-khau-moi-1', again: 'khac' })).body.errors).toHaveProperty('again');
  expect((await change({ current: PASSWORD, next: PASSWORD, again: PASSWORD })).body.errors).toHaveProperty('next');
  expect((await change({ current: PASSWORD, next: 'mat-khau-moi-1', again: 'mat-khau-moi-1' })).body.notice.type).toBe('success');
  expect(await see(here)).toBe(200);
  expect(await see(elsewhere)).toBe(401);
  expect((await login('syt@example.vn', 'mat-khau-moi-1')).headers.location).toBe('/admin');
});

test('a person is edited, leaves and comes back from the back office; the page tells how they are reached', async () => {
  const office = await house.signIn('office@example.vn');
  const form = { rev: 0, name: 'Trần Thị Hòa', position: 'Phó Giám đốc Sở Tài chính', agencyCode: 'STC', roles: ['leader', 'officer'], phone: '0912345003', email: '', deputyId: house.people.dat, leaveFrom: '2026-11-23', leaveUntil: '2026-11-27', digestAt: '7:5', quietFrom: '22:00', quietTo: '', channelOrder: ['zalo', 'sms'] };
  const path = `Person/records/${house.people.hoa}`;
  expect((await press(`${path}/change`, form, office)).body.errors).toEqual({ digestAt: 'cần nhập giờ, ví dụ 14:00', quietTo: 'cần nhập cả giờ đầu và giờ cuối' });
  expect((await press(`${path}/change`, { ...form, digestAt: '07:05', quietTo: '05:30' }, office)).body.notice.message).toBe('Đã ghi thông tin đồng chí Trần Thị Hòa. Khi đồng chí nghỉ, tin chuyển đến đồng chí Hoàng Văn Dật; cả hai được báo.');
  const detail = (await house.http.inject({ url: `/admin/api/office/people/${house.people.hoa}`, headers: { cookie: office } })).json();
  expect(detail).toMatchObject({ rev: 1, deputy: 'Hoàng Văn Dật, Giám đốc Sở Tài chính', leave: 'từ 23/11/2026 đến hết 27/11/2026', leaveFrom: '2026-11-23', leaveUntil: '2026-11-27', phoneVerified: 'chưa xác minh', channels: 'Zalo, rồi Tin nhắn SMS', quiet: '22:00 đến 05:30', chats: [], awayNow: false });
  expect((await press(`${path}/change`, { ...form, digestAt: '', quietFrom: '', quietTo: '' }, office)).status).toBe(409);
  expect((await press(`${path}/deactivate`, { successorId: house.people.dat }, office)).body.notice.type).toBe('success');
  expect((await house.http.inject({ url: `/admin/api/office/people/${house.people.hoa}`, headers: { cookie: office } })).json()).toMatchObject({ active: false, leave: '' });
  expect((await press(`${path}/reactivate`, {}, office)).body.notice.type).toBe('success');
  const audit = (await house.http.inject({ url: '/admin/api/resources/AuditEntry/actions/list', headers: { cookie: admin } })).json() as { records: { params: { action: string; after: string } }[] };
  expect(audit.records.find(({ params }) => params.action === 'Sửa thông tin cán bộ')?.params.after).toContain('người thay: Hoàng Văn Dật');
});
