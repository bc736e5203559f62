import { afterEach, beforeEach, expect, test } from 'vitest';
import { openWorld, type StoryPerson, type World } from '../support/world.js';

const MORNING = '2026-11-19T02:00:00Z'; // Thursday, 09:00 in Vietnam
let world: World;
let director: StoryPerson;
let officer: StoryPerson;
beforeEach(async () => {
  world = await openWorld(MORNING);
  await world.agency('STC', 'Sở Tài chính');
  director = await world.person({ name: 'Hoàng Văn Dật', position: 'Giám đốc Sở Tài chính', agencyCode: 'STC', roles: ['leader'] });
  officer = await world.person({ name: 'Nguyễn Tố Quyên', position: 'Chuyên viên Sở Tài chính', agencyCode: 'STC', roles: ['officer'] });
});
afterEach(() => world.close());

/** An old document of the paper register: 300 tasks whose deadline is over, and one that runs. */
const old = (more: object = {}) => ({
  symbol: '118/UBND-KT', kind: 'Công văn', issuedOn: '2026-03-02', signer: 'Hà Minh Thụy', summary: 'Nạp dữ liệu cũ', urgency: 'normal',
  tasks: [...Array.from({ length: 300 }, (_, i) => ({ content: `Việc cũ số ${i + 1}`, leadAgencyCode: 'STC', dueOn: '2026-04-15' })), { content: 'Việc còn hạn', leadAgencyCode: 'STC', dueOn: '2026-12-04' }],
  ...more,
});
const written = async () => [await world.app.ctx.db.Directive.countDocuments(), await world.app.ctx.db.Task.countDocuments(), await world.app.ctx.db.Delivery.countDocuments({ kind: { $ne: 'reply' } })];
const post = async (path: string, body: object, headers?: Record<string, string>) => {
  const answer = await world.api('POST', path, body, headers);
  return { status: answer.status, body: answer.body as Record<string, unknown> };
};

test('hundreds of tasks long overdue are handed in: the dry run says how many messages would go; without consent nothing is written and nothing leaves', async () => {
  const { acceptPastDue: _none, ...plain } = { acceptPastDue: undefined, ...old() };
  expect(await post('/api/v1/directives/dry-run', plain)).toEqual({ status: 200, body: { tasks: 301, pastDue: 300, messages: 602 } });
  const key = { 'idempotency-key': 'nap-cu-118' };
  const refused = await post('/api/v1/directives', old(), key);
  expect(refused).toMatchObject({ status: 422, body: { code: 'past-due-unconfirmed', path: 'acceptPastDue' } });
  expect(JSON.stringify(refused.body)).toContain('Có 300 nhiệm vụ đã quá hạn; vào sổ thì 602 tin được gửi ngay.');
  expect(await post('/api/v1/directives', old({ acceptPastDue: false }))).toMatchObject({ status: 422, body: { code: 'past-due-unconfirmed' } });
  await world.settle();
  world.clock.advance({ days: 1 });
  await world.settle();
  expect(await written()).toEqual([0, 0, 0]);
  world.expectSilence();
});

test('with consent it is written once, and not one number was used up by asking; the same again changes nothing', async () => {
  await post('/api/v1/directives', old());
  const consent = old({ acceptPastDue: true, tasks: old().tasks.slice(0, 3) });
  const key = { 'idempotency-key': 'nap-cu-118' };
  const first = await post('/api/v1/directives', consent, key);
  expect(first).toMatchObject({ status: 201, body: { tasks: [{ code: 'NV-2026-00001' }, { code: 'NV-2026-00002' }, { code: 'NV-2026-00003' }] } });
  expect((await post('/api/v1/directives', consent, key)).body).toEqual(first.body);
  await world.settle();
  // As many as the dry run would have said: each of the two hears of each task.
  expect(await world.app.ctx.db.Delivery.countDocuments({ kind: 'task-assigned' })).toBe(6);
  expect([world.heard(director).length, world.heard(officer).length].every((count) => count > 0)).toBe(true);
  expect(await post('/api/v1/directives/dry-run', { ...old(), tasks: old().tasks.slice(0, 1) })).toMatchObject({ status: 409, body: { code: 'directive-exists' } });
});

test('deadlines that lie ahead, or none at all, need no consent', async () => {
  expect(await post('/api/v1/directives', old({ tasks: old().tasks.slice(300) }))).toMatchObject({ status: 201 });
  await world.settle();
  expect(await world.app.ctx.db.Delivery.countDocuments({ kind: 'task-assigned' })).toBe(2);
});
