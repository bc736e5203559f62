import { afterAll, beforeAll, expect, test } from 'vitest';
import { assignTask } from '../../src/directives/assign-task.js';
import { createDirective } from '../../src/directives/create-directive.js';
import { because, type Ctx } from '../../src/context.js';
import { changeAgency, type AgencyChange } from '../../src/people/agencies/change-agency.js';
import type { Agency } from '../../src/people/agency.model.js';
import { registerAgency } from '../../src/people/register-agency.js';
import { openAdminHouse, type AdminHouse } from '../support/admin-house.js';
import { letter, office } from '../support/task-story.js';

let house: AdminHouse;
let ctx: Ctx;
let n = 0;
const next = (): Ctx => because(ctx, `admin:${++n}`);
const codeOf = (work: Promise<unknown>): Promise<string> => work.then(() => 'fine', (error: { code?: string }) => error.code ?? String(error));
const agency = (code: string) => ctx.db.Agency.findOne({ code }).orFail().lean<Agency>();
const change = async (code: string, changes: AgencyChange['changes']) => changeAgency(next(), office, { id: String((await agency(code))._id), changes });
const enter = (code: string, parentCode: string) => registerAgency(next(), office, { code, name: `Đơn vị ${code}`, type: 'service-unit', parentCode });

beforeAll(async () => {
  house = await openAdminHouse();
  ctx = house.ctx;
  for (const [code, parent] of [['A', 'STC'], ['B', 'A'], ['C', 'B'], ['D', 'UBND'], ['E', 'UBND'], ['F', 'UBND']] as const) await enter(code, parent);
});
afterAll(() => house.close());

test('an agency gets another kind and another superior; the record keeps the old ones, its tasks and people stay its own', async () => {
  const { tasks } = await createDirective(next(), office, letter([{ content: 'Báo cáo', leadAgencyCode: 'STC', coordinatingAgencyCodes: ['SYT'], dueOn: '2026-12-15' }]));
  await change('SYT', { type: 'inspectorate', parentCode: 'VP', abbreviation: 'YT' });
  expect(await agency('SYT')).toMatchObject({ type: 'inspectorate', parentCode: 'VP', abbreviation: 'YT', code: 'SYT' });
  const entry = await ctx.db.AuditEntry.findOne({ action: 'agency.change', entityKey: 'SYT' }).orFail().lean();
  expect(entry).toMatchObject({ before: { type: 'department', parentCode: 'UBND', abbreviation: null }, after: { type: 'inspectorate', parentCode: 'VP', abbreviation: 'YT' } });
  expect(await ctx.db.Task.findOne({ code: tasks[0]?.code }).lean()).toMatchObject({ coordinatingAgencyCodes: ['SYT'] });
  const page = (await house.http.inject({ url: `/admin/api/office/agencies/${String((await agency('SYT'))._id)}`, headers: { cookie: await house.signIn('office@example.vn') } })).json() as { parent: string; typeWords: string; history: { before: string; after: string }[] };
  expect(page).toMatchObject({ parent: 'Văn phòng UBND tỉnh', typeWords: 'Thanh tra' });
  expect(page.history[0]).toMatchObject({ before: 'loại: Sở · trực thuộc: UBND tỉnh Lào Cai' });
  expect(page.history[0]?.after).toBe('mã hiển thị: YT · loại: Thanh tra · trực thuộc: Văn phòng UBND tỉnh');
});

test('nobody stands under itself, or under what stands under it; superiors must exist and work', async () => {
  for (const [code, parentCode, wanted] of [['A', 'A', 'input-invalid'], ['A', 'C', 'input-invalid'], ['STC', 'C', 'input-invalid'], ['A', 'KHONG-CO', 'agency-unknown'], ['C', 'STC', 'fine'], ['B', 'C', 'fine'], ['C', 'B', 'input-invalid']] as const) {
    if (code === 'B') await change('C', { parentCode: 'STC' });
    expect(await codeOf(change(code, { parentCode })), `${code} under ${parentCode}`).toBe(wanted);
  }
  await change('F', { active: false });
  expect(await codeOf(change('D', { parentCode: 'F' }))).toBe('agency-inactive');
  await change('D', { parentCode: null });
  expect(await agency('D')).not.toHaveProperty('parentCode');
});

test('two clerks at once put two agencies under each other: one of them is told, and there is no circle', async () => {
  for (let round = 0; round < 5; round++) {
    await change('D', { parentCode: 'UBND' });
    await change('E', { parentCode: 'UBND' });
    const said = await Promise.all([codeOf(change('D', { parentCode: 'E' })), codeOf(change('E', { parentCode: 'D' }))]);
    expect(said.filter((one) => one === 'fine').length, said.join()).toBeLessThan(2);
    const [d, e] = [await agency('D'), await agency('E')];
    expect([d.parentCode, e.parentCode]).not.toEqual(['E', 'D']);
  }
});

test('looking up from below takes no revision of those above: their open forms stay good', async () => {
  const { rev } = await agency('STC');
  await change('D', { parentCode: 'STC' });
  expect((await agency('STC')).rev).toBe(rev);
});

test('the province and its Office keep their kind, and nobody else takes it', async () => {
  for (const [code, type] of [['UBND', 'department'], ['VP', 'board'], ['A', 'province'], ['A', 'office']] as const) expect(await codeOf(change(code, { type })), `${code} as ${type}`).toBe('input-invalid');
  expect(await codeOf(change('VP', { type: 'office', name: 'Văn phòng UBND tỉnh' }))).toBe('fine');
});

test('an abbreviation is nobody else\'s code or abbreviation, in whatever letters, and a new agency cannot take it as its code', async () => {
  await change('A', { abbreviation: 'Ban QLDA' });
  for (const abbreviation of ['stc', 'BAN QLDA', 'ban qlđa']) expect(await codeOf(change('B', { abbreviation })), abbreviation).toBe('agency-code-taken');
  expect(await codeOf(change('A', { abbreviation: 'BAN QLDA' }))).toBe('fine');
  expect(await codeOf(registerAgency(next(), office, { code: 'ban qlda', name: 'Ban', type: 'board' }))).toBe('agency-code-taken');
  await change('A', { abbreviation: null });
  expect(await codeOf(change('B', { abbreviation: 'Ban QLDA' }))).toBe('fine');
  await Promise.all(['D', 'E', 'A', 'C'].map((code) => codeOf(change(code, { abbreviation: 'CHUNG' }))));
  expect(await ctx.db.Agency.countDocuments({ abbreviation: 'CHUNG' })).toBe(1);
});

test('a list of agencies shows the abbreviation and is searched by it; a new task finds the agency by its code as before', async () => {
  const list = (await house.http.inject({ url: '/admin/api/resources/Agency/actions/list?filters.q=ban%20qlda', headers: { cookie: await house.signIn('office@example.vn') } })).json() as { records: { params: Record<string, string> }[] };
  expect(list.records.map(({ params }) => [params['code'], params['codeNote']])).toEqual([['Ban QLDA', 'B']]);
  const { directive } = await createDirective(next(), office, letter([{ content: 'Việc', leadAgencyCode: 'STC', dueOn: '2026-12-15' }], { symbol: '77/UBND' }));
  expect(await codeOf(assignTask(next(), office, { directiveId: String(directive._id), content: 'Việc', leadAgencyCode: 'SYT', dueOn: '2026-12-15' }))).toBe('fine');
});
