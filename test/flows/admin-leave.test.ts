import { afterAll, beforeAll, expect, test } from 'vitest';
import { because } from '../../src/context.js';
import { enqueue } from '../../src/delivery/enqueue.js';
import { callMeeting } from '../../src/meetings/call-meeting.js';
import { changePerson } from '../../src/people/persons/change-person.js';
import { openAdminHouse, type AdminHouse } from '../support/admin-house.js';

const OFFICE = { kind: 'system', name: 'Văn phòng' } as const;
let house: AdminHouse;
let office: string;
let admin: string;
beforeAll(async () => {
  house = await openAdminHouse();
  [office, admin] = [await house.signIn('office@example.vn'), await house.signIn('admin@example.vn')];
  // From today to the end of 25/11/2026.
  const leave = { from: new Date('2026-11-20T00:00:00+07:00'), until: new Date('2026-11-26T00:00:00+07:00') };
  await changePerson(because(house.ctx, 'leave'), OFFICE, { id: house.people.dat, changes: { leave, deputyId: house.people.hoa } });
});
afterAll(() => house.close());

const look = async <T>(url: string, cookie = office): Promise<T> => (await house.http.inject({ url: `/admin/api/${url}`, headers: { cookie } })).json();

test('on the page of a meeting whoever is on leave is marked, with who stands in', async () => {
  const { code } = await callMeeting(because(house.ctx, 'call'), OFFICE, { title: 'Rà soát tiến độ', kind: 'regular', startsAt: new Date('2026-11-24T02:00:00Z'), place: 'phòng họp', chair: '', attendeeIds: [house.people.dat, house.people.lan] });
  const { board } = await look<{ board: { personId: string; away: string }[] }>(`office/meetings/${code}`);
  expect(Object.fromEntries(board.map(({ personId, away }) => [personId, away]))).toEqual({
    [house.people.dat]: 'Nghỉ từ 20/11/2026 đến hết 25/11/2026, đồng chí Trần Thị Hòa nhận thay',
    [house.people.lan]: '',
  });
  const later = await callMeeting(because(house.ctx, 'call-2'), OFFICE, { title: 'Sau ngày nghỉ', kind: 'regular', startsAt: new Date('2026-11-27T02:00:00Z'), place: 'phòng họp', chair: '', attendeeIds: [house.people.dat] });
  expect((await look<{ board: { away: string }[] }>(`office/meetings/${later.code}`)).board[0]?.away).toContain('nhận thay');
});

test('the list of what waits names who will get it', async () => {
  await house.http.inject({ method: 'POST', url: '/admin/api/office/hold', headers: { cookie: office }, payload: { nonce: '1'.padStart(32, '0'), reason: 'Giao nhầm', urgentPasses: false } });
  for (const personId of [house.people.dat, house.people.lan]) await enqueue(house.ctx, { key: `waits:${personId}`, kind: 'channel-test', lane: 'normal', personId });
  const { first } = await look<{ first: { person: string; personNote: string; kind: string }[] }>('office/hold');
  expect(first.filter(({ kind }) => kind === 'Gửi thử').map(({ person, personNote }) => `${person}: ${personNote}`)).toEqual(['Trần Thị Hòa: nhận thay đồng chí Hoàng Văn Dật', expect.stringMatching(/^Nguyễn Thị Lan: (?!nhận thay)/) as string]);
  // Word of the own leave goes to the one on leave.
  expect(first.filter(({ kind }) => kind === 'Báo lịch nghỉ, người nhận thay').map(({ person }) => person)).not.toContain('Nguyễn Thị Lan');
});

test('Nhật ký shows a leave as it was entered', async () => {
  const { records } = await look<{ records: { params: { after: string } }[] }>('resources/AuditEntry/actions/list?filters.q=V%C4%83n%20ph%C3%B2ng', admin);
  expect(records.map(({ params }) => params.after)).toContainEqual(expect.stringContaining('nghỉ: 20/11/2026 - hết 25/11/2026') as string);
});
