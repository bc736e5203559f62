import { afterAll, beforeAll, expect, test } from 'vitest';
import { because } from '../../src/context.js';
import { registerAgency } from '../../src/people/register-agency.js';
import type { Actor } from '../../src/people/actor.js';
import { openAdminHouse, type AdminHouse } from '../support/admin-house.js';

const OFFICE: Actor = { kind: 'system', name: 'Kiểm thử' };
let house: AdminHouse;
let office: string;
let stc: string;
beforeAll(async () => {
  house = await openAdminHouse();
  [office, stc] = [await house.signIn('office@example.vn'), await house.signIn('stc@example.vn')];
});
afterAll(() => house.close());

let forms = 0;
const press = async (path: string, form: Record<string, unknown>, cookie = office) => {
  const answer = await house.http.inject({ method: 'POST', url: `/admin/api/resources/${path}`, headers: { cookie }, payload: { nonce: String(++forms).padStart(32, '0'), ...form } });
  return { status: answer.statusCode, ...(answer.json() as { notice: { message: string; type: string }; stale?: boolean }) };
};
const look = async <T>(url: string): Promise<T> => (await house.http.inject({ url: `/admin/api/${url}`, headers: { cookie: office } })).json();
interface Listed {
  records: { id: string; params: Record<string, string> }[];
  meta: { total: number };
}
const meeting = async (title: string, startsOn: string, startsTime = '08:00') => press('Meeting/actions/call', { title, kind: 'regular', startsOn, startsTime, place: 'Phòng họp 1', chair: '', chairId: '', chairInWords: false, attendeeIds: [house.people.dat], acceptDayOff: true });
const postpone = (code: string, form: Record<string, unknown>) => press(`Meeting/records/${code}/postpone`, { startsOn: '2026-11-27', startsTime: '08:00', place: 'Phòng họp 1', reason: 'đổi', acceptDayOff: true, ...form });

test('meetings: the nearest ahead first, what is over last; a changed place is marked; turning pages loses and repeats none', async () => {
  for (const [title, on] of [['xa', '2026-12-20'], ['gần', '2026-11-23'], ['giữa', '2026-11-27'], ['hôm nay', '2026-11-20']] as const) await meeting(title, on, on === '2026-11-20' ? '10:00' : '08:00');
  await postpone('HOP-2026-00003', { place: 'Hội trường tầng 5' });
  house.clock.set('2026-11-22T01:00:00Z');
  const all = await look<Listed>('resources/Meeting/actions/list');
  expect(all.records.map(({ params }) => params['title'])).toEqual(['gần', 'giữa', 'xa', 'hôm nay']);
  expect(all.records.find(({ params }) => params['title'] === 'giữa')?.params).toMatchObject({ place: 'Hội trường tầng 5', placeNote: 'Đã đổi địa điểm, trước là Phòng họp 1' });
  expect(all.records.filter(({ params }) => params['placeNote'])).toHaveLength(1);
  const pages = [1, 2].flatMap((page) => look<Listed>(`resources/Meeting/actions/list?perPage=3&page=${page}`));
  expect((await Promise.all(pages)).flatMap(({ records }) => records.map(({ params }) => params['title']))).toEqual(['gần', 'giữa', 'xa', 'hôm nay']);
  const byColumn = await look<Listed>('resources/Meeting/actions/list?sortBy=startsAt&direction=asc');
  expect(byColumn.records.map(({ params }) => params['title'])).toEqual(['hôm nay', 'gần', 'giữa', 'xa']);
});

test('a form opened before somebody else\'s change is told to load the page again', async () => {
  const { edition } = await look<{ edition: number }>('office/meetings/HOP-2026-00002');
  expect((await postpone('HOP-2026-00002', { edition, startsOn: '2026-11-24' })).notice.type).toBe('success');
  expect(await postpone('HOP-2026-00002', { edition, startsOn: '2026-11-25' })).toMatchObject({ status: 409, stale: true });
  expect(await look('office/meetings/HOP-2026-00002')).toMatchObject({ startsOn: '2026-11-24' });
});

test('the chart counts every open task of an agency once, those that wait for the Office and those without a deadline too, as the list behind it does', async () => {
  const assign = (symbol: string, task: Record<string, unknown>) =>
    press('Task/actions/assign', { symbol, kind: 'Công văn', issuedOn: '2026-11-16', signer: 'Nguyễn Văn An', summary: 'Giải ngân', urgency: 'normal', secret: false, agencyCode: 'UBND', acceptPast: true, tasks: [{ content: 'Báo cáo tiến độ', leadAgencyCode: 'STC', coordinatingAgencyCodes: [], dueMode: 'day', dueOn: '2026-12-26', dueTime: '', ...task }] });
  await assign('1/UBND', {});
  await assign('2/UBND', { dueOn: '2026-11-18' });
  await assign('3/UBND', { dueMode: 'none', dueOn: '' });
  await assign('4/UBND', {});
  await press('Task/records/NV-2026-00004/report', { percent: '100', note: '' }, stc);
  await assign('5/UBND', { leadAgencyCode: 'SYT', coordinatingAgencyCodes: ['STC'] });
  await assign('6/UBND', {});
  await press('Task/records/NV-2026-00006/report', { percent: '100', note: '' }, stc);
  await press('Task/records/NV-2026-00006/confirm', {});
  const { agencies } = await look<{ agencies: Record<string, number | string>[] }>('dashboard');
  expect(agencies.find(({ code }) => code === 'STC')).toMatchObject({ overdue: 1, 'due-soon': 0, 'on-track': 1, 'no-deadline': 1, submitted: 1 });
  const behind = await look<Listed>('resources/Task/actions/list?filters.agency=STC&filters.stage=open');
  expect(behind.records.map(({ id }) => id)).toEqual(['NV-2026-00004', 'NV-2026-00003', 'NV-2026-00002', 'NV-2026-00001']);
  expect((await look<Listed>('resources/Task/actions/list?filters.coordinating=STC')).records.map(({ id }) => id)).toEqual(['NV-2026-00005']);
});

test('no agency is left out of the chart, however many there are', async () => {
  for (let n = 1; n <= 15; n++) {
    await registerAgency(because(house.ctx, `xa:${n}`), OFFICE, { code: `X${n}`, name: `UBND xã ${n}`, type: 'commune' });
    await press('Task/actions/assign', { symbol: `${100 + n}/UBND`, kind: 'Công văn', issuedOn: '2026-11-16', signer: 'Nguyễn Văn An', summary: 'Giải ngân', urgency: 'normal', secret: false, agencyCode: 'UBND', tasks: [{ content: 'Báo cáo', leadAgencyCode: `X${n}`, coordinatingAgencyCodes: [], dueMode: 'day', dueOn: '2026-12-26', dueTime: '' }] });
  }
  expect((await look<{ agencies: unknown[] }>('dashboard')).agencies).toHaveLength(17);
});

test('the tile of today\'s meetings knows the day; a word of the document\'s summary finds its tasks, with or without marks', async () => {
  expect(await look<{ todayOn: string }>('dashboard')).toMatchObject({ todayOn: '2026-11-22' });
  await press('Task/actions/assign', { symbol: '8/KH-UBND', kind: 'Kế hoạch', issuedOn: '2026-11-16', signer: 'Nguyễn Văn An', summary: 'Phòng, chống đói, rét cho học sinh bán trú', urgency: 'normal', secret: false, agencyCode: 'UBND', tasks: [{ content: 'Bổ sung chăn ấm', leadAgencyCode: 'SYT', coordinatingAgencyCodes: [], dueMode: 'day', dueOn: '2026-12-26', dueTime: '' }] });
  const find = async (words: string) => (await look<Listed>(`resources/Task/actions/list?filters.q=${encodeURIComponent(words)}`)).records.map(({ params }) => params['content']);
  expect([await find('rét'), await find('ban tru'), await find('chăn ấm'), await find('khô hạn')]).toEqual([['Bổ sung chăn ấm'], ['Bổ sung chăn ấm'], ['Bổ sung chăn ấm'], []]);
});
