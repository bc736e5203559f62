import { afterAll, beforeAll, expect, test } from 'vitest';
import { because } from '../../src/context.js';
import { createDirective } from '../../src/directives/create-directive.js';
import { relayIntents } from '../../src/delivery/relay-intents.js';
import { callMeeting } from '../../src/meetings/call-meeting.js';
import { openAdminHouse, type AdminHouse } from '../support/admin-house.js';

let house: AdminHouse;
let cookies: Record<'admin' | 'office' | 'leader' | 'stc', string>;
let codes: { stc: string; syt: string };

beforeAll(async () => {
  house = await openAdminHouse();
  const { ctx } = house;
  const { tasks } = await createDirective(because(ctx, 'seed'), { kind: 'system', name: 'Kiểm thử' }, {
    symbol: '5127/UBND-KT', kind: 'Công văn', issuedOn: '2026-11-02', signer: 'Nguyễn Văn An', summary: 'Giải ngân', urgency: 'urgent',
    tasks: [
      { content: 'Báo cáo tiến độ giải ngân', leadAgencyCode: 'STC', dueOn: '2026-11-24' },
      { content: 'Kiểm tra phòng dịch', leadAgencyCode: 'SYT', dueOn: '2026-11-13' },
    ],
  });
  codes = { stc: tasks[0]?.code ?? '', syt: tasks[1]?.code ?? '' };
  cookies = { admin: await house.signIn('admin@example.vn'), office: await house.signIn('office@example.vn'), leader: await house.signIn('leader@example.vn'), stc: await house.signIn('stc@example.vn') };
});
afterAll(() => house.close());

interface Listed {
  meta: { total: number };
  records: { id: string; params: Record<string, unknown>; recordActions: { name: string }[] }[];
}

const get = (who: keyof typeof cookies, url: string) => house.http.inject({ url: `/admin/api/${url}`, headers: { cookie: cookies[who] } });
const list = async (who: keyof typeof cookies, resource: string, query = ''): Promise<Listed> => (await get(who, `resources/${resource}/actions/list?${query}`)).json();
const codesIn = (listed: Listed) => listed.records.map(({ id }) => id);

test('an agency sees the tasks it leads or takes part in, and no others, whatever it asks', async () => {
  const own = [codes.stc];
  for (const query of ['', 'filters.agency=SYT', 'filters.agency=SYT&filters._id=zzz', 'filters.leadAgencyCode=SYT', 'filters.tag=overdue', 'filters.stage.$ne=x', 'filters.q=phong%20dich', 'filters.%24or=1', 'sortBy=causes&direction=asc', 'perPage=500']) {
    const listed = await list('stc', 'Task', query);
    expect(codesIn(listed).filter((code) => !own.includes(code)), query).toEqual([]);
    expect(listed.meta.total, query).toBe(listed.records.length);
  }
  expect(codesIn(await list('office', 'Task')).sort()).toEqual([codes.stc, codes.syt]);
  for (const url of [`resources/Task/records/${codes.syt}/show`, `office/tasks/${codes.syt}`]) {
    const answer = await get('stc', url);
    expect([403, 404]).toContain(answer.statusCode);
    expect(answer.body).not.toContain('phòng dịch');
  }
  expect((await get('stc', 'dashboard')).json().counts.find(({ tag }: { tag: string }) => tag === 'overdue').count).toBe(0);
});

test('an agency finds no people, accounts, deliveries or log, and gets no lists of people for forms', async () => {
  for (const resource of ['Person', 'Agency', 'Directive', 'Delivery', 'Inbound', 'CalendarDay', 'Account', 'AuditEntry']) expect((await get('stc', `resources/${resource}/actions/list`)).statusCode, resource).toBe(403);
  expect((await get('stc', 'office/lookups')).json()).toEqual({ agencies: [{ code: 'STC', name: 'Sở Tài chính', type: 'department' }], people: [] });
  const page = await house.http.inject({ url: '/admin', headers: { cookie: cookies.stc } });
  expect(page.body).not.toContain('Nguyễn Thị Lan');
});

test('a bulk deed reaches no row of others', async () => {
  const answer = await house.http.inject({ method: 'POST', url: `/admin/api/resources/Task/bulk/remindMany?recordIds=${codes.syt}`, headers: { cookie: cookies.stc }, payload: { nonce: 'a'.repeat(32) } });
  expect(answer.statusCode).toBe(404);
  expect(await house.ctx.db.AuditEntry.countDocuments({ action: 'task.remind' })).toBe(0);
});

test('AdminJS writes nothing itself, not even for the administrator', async () => {
  const before = JSON.stringify(await house.ctx.db.Person.find().lean());
  const post = (url: string, payload = {}) => house.http.inject({ method: 'POST', url: `/admin/api/resources/${url}`, headers: { cookie: cookies.admin }, payload });
  for (const url of ['Person/actions/new', `Person/records/${house.people.lan}/edit`, `Person/records/${house.people.lan}/delete`, `Person/bulk/bulkDelete?recordIds=${house.people.lan}`]) expect((await post(url, { name: 'X', roles: 'admin' })).statusCode, url).toBe(403);
  expect(JSON.stringify(await house.ctx.db.Person.find().lean())).toBe(before);
});

test('what leaves the house is what the list shows: no hash, no intents, no ids of chats', async () => {
  await house.ctx.db.ChatLink.create({ channel: 'zalo', chatId: 'secret-chat-77', senderId: 'secret-chat-77', personId: house.people.lan, linkedAt: house.clock.now(), linkedBy: 'code', lastInboundAt: house.clock.now() });
  const bodies = await Promise.all(['Account', 'Person', 'Task', 'Agency', 'Directive', 'AuditEntry', 'Delivery', 'Meeting', 'Inbound', 'CalendarDay'].map(async (resource) => (await get('admin', `resources/${resource}/actions/list`)).body));
  for (const secret of ['argon2', 'passwordHash', 'intents', 'causes', 'secret-chat-77', 'codeHash']) expect(bodies.join('\n'), secret).not.toContain(secret);
  expect((await list('admin', 'Account', 'filters.passwordHash=%24argon2id')).meta.total).toBe((await list('admin', 'Account')).meta.total);
  expect((await get('admin', 'resources/Account/actions/search/a?searchProperty=passwordHash')).statusCode).toBe(403);
});

test('search ignores diacritics, case and how the letters were composed; filters mean what they say', async () => {
  for (const typed of ['phong dich', 'PHÒNG DỊCH', 'phòng dịch'.normalize('NFD')]) expect(codesIn(await list('office', 'Task', `filters.q=${encodeURIComponent(typed)}`)), typed).toEqual([codes.syt]);
  // The document's summary counts for all tasks of it.
  expect(codesIn(await list('office', 'Task', 'filters.q=giai%20ngan')).sort()).toEqual([codes.stc, codes.syt].sort());
  expect(codesIn(await list('office', 'Task', 'filters.tag=overdue'))).toEqual([codes.syt]);
  expect(codesIn(await list('office', 'Task', 'filters.tag=nonsense'))).toEqual([]);
  expect(codesIn(await list('office', 'Task', 'sortBy=due&direction=asc'))).toEqual([codes.syt, codes.stc]);
  expect(codesIn(await list('office', 'Task', 'filters.q=.*'))).toEqual([]);
});

test('people, documents and codes are found as people type them', async () => {
  const names = async (resource: string, typed: string) => (await list('office', resource, `filters.q=${encodeURIComponent(typed)}`)).records.map(({ params }) => params['name'] ?? params['symbol'] ?? params['code']);
  expect(await names('Directive', 'giai ngan')).toEqual(['5127/UBND-KT']);
  expect(await names('Directive', '5127/ubnd')).toEqual(['5127/UBND-KT']);
  expect(await names('Directive', '.*')).toEqual([]);
  expect(await names('Person', 'giam doc so tai')).toEqual(['Hoàng Văn Dật']);
  expect((await names('Person', 'so tai chinh')).sort()).toEqual(['Hoàng Văn Dật', 'Trần Thị Hòa']);
  for (const typed of ['nv-1', 'NV 1', 'nv 2026-1', 'nv-2026-00001']) expect(await names('Task', typed), typed).toEqual(['NV-2026-00001']);
  await callMeeting(because(house.ctx, 'm'), { kind: 'system', name: 'Kiểm thử' }, { title: 'Ứng phó mưa lũ', kind: 'regular', startsAt: new Date('2026-11-27T01:00:00Z'), place: 'tầng 3', attendeeIds: [house.people.lan] });
  for (const typed of ['HOP-1', 'họp 1', 'ung pho mua lu']) expect(await names('Meeting', typed), typed).toEqual(['HOP-2026-00001']);
  await relayIntents(house.ctx);
  expect((await list('office', 'Delivery', 'filters.q=nv%201')).records.map(({ params }) => params['about'])).toContain('NV-2026-00001');
  expect((await list('office', 'Delivery', 'filters.q=nv%2099')).records).toEqual([]);
});

test('a leader sees all and has no buttons; the office has them', async () => {
  const buttons = async (who: 'leader' | 'office') => (await list(who, 'Task')).records[0]?.recordActions.map(({ name }) => name).sort();
  expect(await buttons('leader')).toEqual(['show']);
  expect(await buttons('office')).toEqual(['moveDeadline', 'remind', 'show']);
});

test('missing records and unknown names are "not found", never an error or an empty form', async () => {
  for (const url of ['resources/Task/records/NV-2026-09999/show', 'resources/Person/records/zzz/show', 'resources/Nope/actions/list', 'resources/Task/actions/nope', 'resources/Task/records/x/constructor', 'office/directives/zzz', 'office/tasks/zzz']) expect((await get('office', url)).statusCode, url).toBe(404);
});

test('questions that make no sense find nothing and break nothing', async () => {
  for (const resource of ['Task', 'Directive', 'Meeting', 'Delivery', 'Agency', 'Person', 'Account', 'AuditEntry']) {
    for (const query of ['filters.q=%00', 'filters.day=9999-12-31', 'filters.day=2026-02-31', 'page=-1', 'page=0', 'perPage=-5', 'sortBy=__proto__']) {
      expect((await get('admin', `resources/${resource}/actions/list?${query}`)).statusCode, `${resource} ${query}`).toBe(200);
    }
  }
});
