import { afterAll, beforeAll, expect, test } from 'vitest';
import { because, type Ctx } from '../../src/context.js';
import type { Actor } from '../../src/people/actor.js';
import { changeAgency, type AgencyChange } from '../../src/people/agencies/change-agency.js';
import { mailboxOf } from '../../src/people/mailbox.js';
import { createDirective } from '../../src/directives/create-directive.js';
import { openAdminHouse, type AdminHouse } from '../support/admin-house.js';
import { letter, office } from '../support/task-story.js';

let house: AdminHouse;
let ctx: Ctx;
let stc: string;
let n = 0;
const next = (): Ctx => because(ctx, `admin:${++n}`);
const codeOf = (work: Promise<unknown>): Promise<string> => work.then(() => 'fine', (error: { code?: string }) => error.code ?? String(error));
const agency = (code = 'STC') => ctx.db.Agency.findOne({ code }).orFail().lean();

beforeAll(async () => {
  house = await openAdminHouse();
  ctx = house.ctx;
  stc = String((await agency())._id);
});
afterAll(() => house.close());

test('name, mailbox, phone and place are changed; the record keeps what was before; what is left empty is taken away', async () => {
  const changed = await changeAgency(next(), office, { id: stc, rev: 0, changes: { name: ' Sở Tài  chính tỉnh ', shortName: 'Sở TC', email: 'stc@laocai.invalid', phone: '0214 3840 888', order: 3 } });
  expect(changed).toMatchObject({ code: 'STC', name: 'Sở Tài chính tỉnh', nameFold: 'so tai chinh tinh', shortName: 'Sở TC', phone: '0214 3840 888', order: 3, rev: 1, active: true });
  const entry = await ctx.db.AuditEntry.findOne({ action: 'agency.change' }).orFail().lean();
  expect(entry).toMatchObject({ entityKey: 'STC', before: { name: 'Sở Tài chính', email: null, order: null }, after: { name: 'Sở Tài chính tỉnh', email: 'stc@laocai.invalid', order: 3 }, by: { name: 'Trần Thục Nhi' } });
  expect(Object.keys(entry.before ?? {})).not.toContain('active');
  await changeAgency(next(), office, { id: stc, changes: { shortName: null, order: null } });
  expect(await agency()).not.toHaveProperty('order');
  expect(await agency()).not.toHaveProperty('shortName');
});

test('the same press twice changes once; a form that shows an old state overwrites nothing', async () => {
  const cause = next();
  const { rev = 0 } = await changeAgency(cause, office, { id: stc, rev: 2, changes: { phone: '113' } });
  await changeAgency(next(), office, { id: stc, rev, changes: { phone: '114' } });
  expect(await changeAgency(cause, office, { id: stc, rev: 2, changes: { phone: '113' } })).toMatchObject({ phone: '114' });
  expect(await codeOf(changeAgency(next(), office, { id: stc, rev, changes: { name: 'Khác' } }))).toBe('changed-meanwhile');
  expect(await ctx.db.AuditEntry.countDocuments({ action: 'agency.change' })).toBe(4);
});

test('several clerks at once: one writes, the others are told', async () => {
  const { rev = 0 } = await agency();
  // So that each has its connection at hand, and all read before any writes.
  await Promise.all(Array.from({ length: 12 }, () => agency()));
  const press = (phone: string) => codeOf(changeAgency(next(), office, { id: stc, rev, changes: { phone } }));
  const said = await Promise.all(['115', '116', '117', '118', '119', '120'].map(press));
  expect(said.sort()).toEqual([...Array<string>(5).fill('changed-meanwhile'), 'fine']);
  expect((await agency()).rev).toBe(rev + 1);
});

test('what cannot be is refused, and nobody but the office may', async () => {
  const before = await agency();
  const tries: [changes: AgencyChange['changes'], code: string][] = [
    [{ name: ' ' }, 'input-invalid'], [{ name: 'x'.repeat(201) }, 'input-invalid'], [{ email: 'khong-phai' }, 'input-invalid'], [{ phone: 'gọi sau' }, 'input-invalid'],
    [{ order: 0 }, 'input-invalid'], [{ order: 1.5 }, 'input-invalid'], [{ order: 1000 }, 'input-invalid'], [{ name: 'Sở\u202eTài' }, 'input-invalid'],
    [{ digestAt: '25:00' }, 'input-invalid'], [{ quiet: { from: '22:00', to: '22:00' } }, 'input-invalid'], [{ type: 'ministry' as never }, 'input-invalid'], [{ abbreviation: 'x'.repeat(21) }, 'input-invalid'],
  ];
  for (const [changes, code] of tries) expect(await codeOf(changeAgency(next(), office, { id: stc, changes })), JSON.stringify(changes)).toBe(code);
  for (const role of ['leader', 'agency'] as const) {
    const actor: Actor = { kind: 'account', accountId: 'x', name: 'X', role, agencyCode: 'STC', personId: null };
    expect(await codeOf(changeAgency(next(), actor, { id: stc, changes: { phone: '1' } }))).toBe('forbidden');
  }
  expect(await codeOf(changeAgency(next(), office, { id: '0'.repeat(24), changes: {} }))).toBe('agency-unknown');
  for (const code of ['UBND', 'VP']) expect(await codeOf(changeAgency(next(), office, { id: String((await agency(code))._id), changes: { active: false } }))).toBe('input-invalid');
  expect(await agency()).toEqual(before);
});

test('an agency that stopped gets no mail and no new task; started again it does', async () => {
  const task = (symbol: string) => createDirective(next(), office, letter([{ content: 'Báo cáo', leadAgencyCode: 'STC', dueOn: '2026-12-15' }], { symbol }));
  expect(mailboxOf(await agency())).toEqual([{ agencyCode: 'STC' }]);
  await changeAgency(next(), office, { id: stc, changes: { active: false } });
  expect(mailboxOf(await agency())).toEqual([]);
  expect(await codeOf(task('91/UBND'))).toBe('agency-inactive');
  await changeAgency(next(), office, { id: stc, changes: { active: true } });
  expect(await codeOf(task('92/UBND'))).toBe('fine');
});

test('the page of the back office: the form keeps what it does not show, and says beside the field what is wrong', async () => {
  const cookie = await house.signIn('office@example.vn');
  const post = async (form: Record<string, unknown>, who = cookie) => {
    const answer = await house.http.inject({ method: 'POST', url: `/admin/api/resources/Agency/records/${stc}/change`, headers: { cookie: who }, payload: { nonce: String(++n).padStart(32, '0'), ...form } });
    return { status: answer.statusCode, body: answer.json() as { errors?: Record<string, string>; notice?: { message: string } } };
  };
  const look = async (who: string) => (await house.http.inject({ url: `/admin/api/office/agencies/${stc}`, headers: { cookie: who } })).json() as { rev: number; openTasks: number; people: { name: string }[]; history: unknown[] };
  const { rev, openTasks, people, history } = await look(cookie);
  expect(openTasks).toBe(1);
  expect(people.map(({ name }) => name)).toEqual(['Hoàng Văn Dật', 'Trần Thị Hòa']);
  expect(history.length).toBeGreaterThan(3);
  const form = { rev, name: 'Sở Tài chính', type: 'department', parentCode: 'UBND', shortName: '', symbol: 'STC', email: '', phone: '0214 3840 111', order: '2', remote: false, active: true };
  expect((await post({ ...form, email: 'sai' })).body.errors).toEqual({ email: 'không phải địa chỉ thư điện tử' });
  expect((await post({ ...form, order: 'ba' })).body.errors).toHaveProperty('order');
  expect((await post({ ...form, quietFrom: '22:00' })).body.errors).toEqual({ quietTo: 'cần nhập cả giờ đầu và giờ cuối' });
  expect((await post({ ...form, quietFrom: '22:00', quietTo: '22:00' })).body.errors).toEqual({ quietTo: 'giờ đầu và giờ cuối phải khác nhau' });
  expect((await post({ ...form, phone: 'gọi sau' })).body.errors).toHaveProperty('phone');
  expect((await post(form, await house.signIn('leader@example.vn'))).status).toBe(403);
  expect((await post(form)).body.notice?.message).toBe('Đã ghi thông tin Sở Tài chính.');
  expect(await agency()).toMatchObject({ symbol: 'STC', order: 2, type: 'department', parentCode: 'UBND' });
  expect(await agency()).not.toHaveProperty('email');
  expect((await post(form)).status).toBe(409);
  expect((await look(await house.signIn('leader@example.vn'))).history.length).toBeGreaterThan(3);
  expect((await house.http.inject({ url: `/admin/api/office/agencies/${stc}`, headers: { cookie: await house.signIn('stc@example.vn') } })).statusCode).toBe(403);
});
