import { afterAll, beforeAll, expect, test } from 'vitest';
import { openApiStory, smallProvince, type ApiStory } from '../support/api.js';

let story: ApiStory;
let people: Awaited<ReturnType<typeof smallProvince>>;
beforeAll(async () => {
  story = await openApiStory();
  people = await smallProvince(story);
});
afterAll(() => story.close());

test('a person is read, changed, sent on leave; null takes away, what is not named stays', async () => {
  const changed = await story.post(`/api/v1/people/${people.officer}/change`, { rev: 0, phone: '0912345678', deputyId: people.leader, leave: { from: '2026-11-23T00:00:00+07:00', until: '2026-11-30T00:00:00+07:00' }, digestAt: '07:00', channelOrder: ['zalo'] });
  expect(changed.status).toBe(200);
  expect(changed.body).toMatchObject({ rev: 1, name: 'Nguyễn Tố Quyên', phone: '84912345678', phoneVerifiedAt: null, deputyId: people.leader, leave: { from: '2026-11-22T17:00:00.000Z' }, digestAt: '07:00', active: true });
  expect((await story.post(`/api/v1/people/${people.officer}/change`, { leave: null, digestAt: null })).body).toMatchObject({ rev: 2, leave: null, digestAt: null, phone: '84912345678' });
  expect((await story.get(`/api/v1/people/${people.officer}`)).body).toMatchObject({ rev: 2, channelOrder: ['zalo'] });
});

test('what cannot be is refused with its code and its place', async () => {
  const change = async (body: object, id = people.officer) => {
    const { status, body: said } = await story.post(`/api/v1/people/${id}/change`, body);
    return [status, said['code'], said['path']];
  };
  expect(await change({ rev: 0, name: 'X' })).toEqual([409, 'changed-meanwhile', undefined]);
  expect(await change({ agencyCode: 'KHAC' })).toEqual([404, 'agency-unknown', 'agencyCode']);
  expect(await change({ phone: '12' })).toEqual([422, 'input-invalid', 'phone'].map((one, i) => (i === 0 ? 400 : one)));
  expect((await change({ digestAt: '7 giờ' })).slice(0, 2)).toEqual([400, 'input-invalid']);
  expect((await change({ nickname: 'X' })).slice(0, 2)).toEqual([400, 'input-invalid']);
  expect((await change({ name: 'X' }, '0'.repeat(24))).slice(0, 2)).toEqual([404, 'person-unknown']);
});

test('an agency is read and changed: hours of its mailbox, kind, shown code; its code stays', async () => {
  const change = (body: object, code = 'STC') => story.post(`/api/v1/agencies/${code}/change`, body);
  const { body: before } = await story.get('/api/v1/agencies/STC');
  expect(before).toMatchObject({ code: 'STC', type: 'department', quiet: null, digestAt: null, active: true });
  const hours = { quiet: { from: '17:30', to: '07:00' }, digestAt: '08:00' };
  expect((await change({ ...hours, rev: before['rev'], abbreviation: 'TC' })).body).toMatchObject({ ...hours, code: 'STC', abbreviation: 'TC' });
  expect(await change({ rev: before['rev'], name: 'X' })).toMatchObject({ status: 409, body: { code: 'changed-meanwhile' } });
  expect(await change({ digestAt: '8 giờ' })).toMatchObject({ status: 400, body: { code: 'input-invalid' } });
  expect(await change({ code: 'KHAC' })).toMatchObject({ status: 400, body: { code: 'input-invalid' } });
  expect(await change({ parentCode: 'KHAC' })).toMatchObject({ status: 404, body: { code: 'agency-unknown' } });
  expect(await change({ name: 'X' }, 'KHAC')).toMatchObject({ status: 404, body: { code: 'agency-unknown' } });
  expect((await change({ quiet: null, digestAt: null, abbreviation: null })).body).toMatchObject({ quiet: null, digestAt: null, abbreviation: null, name: before['name'] });
});

test('somebody leaves and comes back; the same key does it once', async () => {
  const key = { 'idempotency-key': 'leave-1' };
  const left = await story.post(`/api/v1/people/${people.officer}/deactivate`, { successorId: people.leader }, key);
  expect(left.body).toMatchObject({ active: false, deputyId: people.leader, leftAt: story.clock.now().toISOString() });
  expect((await story.post(`/api/v1/people/${people.officer}/deactivate`, { successorId: people.leader }, key)).headers['idempotency-replayed']).toBe('true');
  expect((await story.post(`/api/v1/people/${people.officer}/change`, { name: 'X' })).body).toMatchObject({ code: 'person-has-left' });
  expect((await story.post(`/api/v1/people/${people.officer}/reactivate`, {})).body).toMatchObject({ active: true, leftAt: null });
});

test('every route of the document speaks Vietnamese and names its errors', async () => {
  const { body } = await story.get('/api/v1/openapi.json');
  const routes = Object.entries(body['paths'] as Record<string, Record<string, { summary?: string; description?: string }>>).flatMap(([path, methods]) => Object.entries(methods).map(([method, route]) => ({ at: `${method} ${path}`, ...route })));
  expect(routes.length).toBeGreaterThan(12);
  for (const { at, summary = '', description = '' } of routes.filter((route) => !route.at.includes('/files'))) {
    expect(summary, at).toMatch(/[À-ỹ]/u);
    expect(description, at).toMatch(/Lỗi: [a-z-]+/);
  }
});

test('five hundred tasks cost as many looks at agencies and people as one', async () => {
  const looks = async (tasks: number): Promise<number> => {
    let asked = 0;
    const { conn } = story.ctx.db;
    conn.set('debug', (collection: string) => void (['agencies', 'people'].includes(collection) && (asked += 1)));
    await story.make('/api/v1/directives', { symbol: `${tasks}/UBND`, kind: 'Công văn', issuedOn: '2026-11-16', signer: 'A', summary: 'B', urgency: 'normal', tasks: Array.from({ length: tasks }, (_, i) => ({ content: `Việc ${i}`, leadAgencyCode: 'STC', coordinatingAgencyCodes: ['VP'], officerId: people.officer, dueOn: '2026-12-15' })) });
    conn.set('debug', false);
    return asked;
  };
  const one = await looks(1);
  expect(one).toBeGreaterThan(0);
  expect(await looks(60)).toBe(one);
});
