import { afterEach, beforeEach, expect, test } from 'vitest';
import { because } from '../../src/context.js';
import { reportProgress } from '../../src/directives/report-progress.js';
import { personActor, personById } from '../../src/people/receivers.js';
import { openApiStory, smallProvince, type ApiStory } from '../support/api.js';

let story: ApiStory;
let people: { leader: string; officer: string; monitor: string };
beforeEach(async () => {
  story = await openApiStory();
  people = await smallProvince(story);
});
afterEach(() => story.close());

const task = { content: 'Báo cáo tiến độ giải ngân từng dự án', leadAgencyCode: 'STC', dueOn: '2026-12-04' };
const directive = {
  symbol: '5127/UBND-KT', kind: 'Công văn', issuedOn: '2026-11-16', signer: 'Hà Minh Thụy',
  summary: 'Đẩy nhanh giải ngân vốn đầu tư công năm 2026', urgency: 'very-urgent', tasks: [task],
};
const post = (change: object, headers?: Record<string, string>) => story.post('/api/v1/directives', { ...directive, ...change }, headers);
const nothingWritten = async () => {
  expect([await story.ctx.db.Directive.countDocuments(), await story.ctx.db.Task.countDocuments()]).toEqual([0, 0]);
};

test('a document with two tasks: two codes, each task readable with its deadline and time tag', async () => {
  const answer = await post({ tasks: [{ ...task, officerId: people.officer, monitorId: people.monitor }, { content: 'Tổng hợp chung', leadAgencyCode: 'VP', coordinatingAgencyCodes: ['STC'] }] });
  expect(answer).toMatchObject({ status: 201, body: { tasks: [{ code: 'NV-2026-00001' }, { code: 'NV-2026-00002' }] } });
  expect(Object.keys(answer.body).sort()).toEqual(['id', 'tasks']);
  expect(await story.get('/api/v1/tasks/NV-2026-00001')).toMatchObject({
    status: 200,
    body: {
      code: 'NV-2026-00001', stage: 'new', timeTag: 'on-track', percent: 0, progress: [], urgency: 'very-urgent', secret: false, content: task.content,
      leadAgencyCode: 'STC', officerId: people.officer, dueOn: '2026-12-04', dueAt: '2026-12-04T16:59:59.999Z', originalDueOn: '2026-12-04',
      directive: { id: answer.body['id'], symbol: '5127/UBND-KT', kind: 'Công văn', issuedOn: '2026-11-16' },
    },
  });
  expect(await story.get('/api/v1/tasks/NV-2026-00002')).toMatchObject({ body: { timeTag: 'no-deadline', dueOn: null, dueAt: null, coordinatingAgencyCodes: ['STC'] } });
});

test('what an officer answers in chat is shown with author and channel', async () => {
  await post({});
  const officer = await personById(story.ctx, people.officer);
  if (!officer) throw new Error('no officer');
  await reportProgress(because(story.ctx, 'zalo:1'), personActor(officer, 'zalo'), { code: 'NV-2026-00001', percent: 70, note: 'đã họp với các chủ đầu tư' });
  expect((await story.get('/api/v1/tasks/NV-2026-00001')).body).toMatchObject({
    percent: 70, stage: 'in-progress',
    progress: [{ percent: 70, note: 'đã họp với các chủ đầu tư', author: 'Nguyễn Tố Quyên', authorId: people.officer, channel: 'zalo', at: '2026-11-19T02:00:00.000Z' }],
  });
});

test.each<[what: string, change: object, status: number, code: string, path: string | undefined]>([
  ['an unknown field of a task', { tasks: [{ ...task, color: 'đỏ' }] }, 400, 'input-invalid', 'tasks.0.color'],
  ['an unknown field of the document', { colour: 'đỏ' }, 400, 'input-invalid', 'colour'],
  ['a number for a text', { signer: 5 }, 400, 'input-invalid', 'signer'],
  ['a text for a truth', { secret: 'true' }, 400, 'input-invalid', 'secret'],
  ['a text for a list', { tasks: 'việc' }, 400, 'input-invalid', 'tasks'],
  ['no task at all', { tasks: [] }, 400, 'input-invalid', 'tasks'],
  ['a missing field', { tasks: [task, { leadAgencyCode: 'STC' }] }, 400, 'input-invalid', 'tasks.1.content'],
  ['blanks for a text', { summary: '   ' }, 400, 'input-invalid', 'summary'],
  ['a word not in the list', { urgency: 'hoả tốc' }, 400, 'input-invalid', 'urgency'],
  ['a day that does not exist', { issuedOn: '2026-02-30' }, 400, 'input-invalid', 'issuedOn'],
  ['a deadline that is no day', { tasks: [{ ...task, dueOn: '04/12/2026' }] }, 400, 'input-invalid', 'tasks.0.dueOn'],
  ['a year that is a slip of the finger', { issuedOn: '0202-11-16' }, 400, 'input-invalid', 'issuedOn'],
  ['a deadline nobody will live to see', { tasks: [{ ...task, dueOn: '9999-12-31' }] }, 422, 'due-invalid', 'tasks.0.dueOn'],
  ['an hour nobody will live to see', { tasks: [{ ...task, dueOn: undefined, dueAt: '9999-12-31T16:00:00+07:00' }] }, 422, 'due-invalid', 'tasks.0.dueAt'],
  ['a sign that cannot be printed', { tasks: [{ ...task, content: 'Báo cáo\u0000' }] }, 400, 'input-invalid', 'tasks.0.content'],
  ['a sign that cannot be printed in a code', { tasks: [{ ...task, leadAgencyCode: 'ST\u0000C' }] }, 400, 'input-invalid', 'tasks.0.leadAgencyCode'],
  ['two deadlines', { tasks: [{ ...task, dueAt: '2026-12-04T17:00:00+07:00' }] }, 422, 'due-invalid', 'tasks.0.dueAt'],
  ['an unknown lead agency', { tasks: [task, { ...task, leadAgencyCode: 'KHAC' }] }, 404, 'agency-unknown', 'tasks.1.leadAgencyCode'],
  ['an unknown coordinating agency', { tasks: [{ ...task, coordinatingAgencyCodes: ['VP', 'KHAC'] }] }, 404, 'agency-unknown', 'tasks.0.coordinatingAgencyCodes.1'],
  ['an unknown officer', { tasks: [{ ...task, officerId: '000000000000000000000000' }] }, 404, 'person-unknown', 'tasks.0.officerId'],
  ['an id that is none', { tasks: [{ ...task, monitorId: 'Nhi' }] }, 400, 'input-invalid', 'tasks.0.monitorId'],
])('%s is refused with its place and nothing is written', async (_what, change, status, code, path) => {
  const answer = await post(change);
  expect(answer).toMatchObject({ status, body: { status, code, path } });
  expect(answer.headers['content-type']).toContain('application/problem+json');
  await nothingWritten();
});

test('number and symbol are unique per agency and year', async () => {
  await post({});
  expect(await post({ summary: 'Văn bản khác' })).toMatchObject({ status: 409, body: { code: 'directive-exists', path: 'symbol' } });
  expect(await post({ issuedOn: '2025-11-16' })).toMatchObject({ status: 201 });
  expect(await story.ctx.db.Task.countDocuments()).toBe(2);
});

test('a document that names no issuing agency does not need one called UBND', async () => {
  await story.ctx.db.Agency.deleteOne({ code: 'UBND' });
  expect(await post({})).toMatchObject({ status: 201 });
});

test('an hour is taken with its offset, and without one as Vietnamese time', async () => {
  await post({ tasks: [{ ...task, dueOn: undefined, dueAt: '2026-12-04T17:00' }, { ...task, dueOn: undefined, dueAt: '2026-12-04T17:00:00+07:00' }, { ...task, dueOn: undefined, dueAt: '2026-12-04T10:00:00Z' }] });
  for (const code of ['NV-2026-00001', 'NV-2026-00002', 'NV-2026-00003']) expect((await story.get(`/api/v1/tasks/${code}`)).body).toMatchObject({ dueAt: '2026-12-04T10:00:00.000Z', dueOn: '2026-12-04' });
});

test('the list is filtered by agency, stage and time tag and comes in pages', async () => {
  await post({ acceptPastDue: true, tasks: [task, { ...task, dueOn: '2026-11-18' }, { ...task, leadAgencyCode: 'VP', dueOn: undefined }] });
  const codes = async (query: string) => ((await story.get(`/api/v1/tasks${query}`)).body['tasks'] as { code: string }[]).map(({ code }) => code);
  expect(await codes('')).toEqual(['NV-2026-00002', 'NV-2026-00001', 'NV-2026-00003']);
  expect(await codes('?agencyCode=STC&timeTag=overdue')).toEqual(['NV-2026-00002']);
  expect(await codes('?timeTag=no-deadline&stage=new&page=1')).toEqual(['NV-2026-00003']);
  expect(await codes('?page=2')).toEqual([]);
  expect((await story.get('/api/v1/tasks')).body).toMatchObject({ total: 3, page: 1, pageSize: 50 });
  for (const [query, status, path] of [['?agencyCode=KHAC', 404, 'agencyCode'], ['?stage=late', 400, 'stage'], ['?timeTag=x', 400, 'timeTag'], ['?page=0', 400, 'page'], ['?trang=2', 400, 'trang']] as const) {
    expect(await story.get(`/api/v1/tasks${query}`)).toMatchObject({ status, body: { path } });
  }
  expect(await story.get('/api/v1/tasks/NV-2026-09999')).toMatchObject({ status: 404, body: { code: 'task-unknown', path: 'code' } });
});

test('the same document handed in twice with one key is entered once', async () => {
  const key = { 'idempotency-key': 'vb-5127' };
  const [first, second] = [await post({}, key), await post({}, key)];
  expect(second).toMatchObject({ status: 201, body: first.body });
  expect(await story.ctx.db.Task.countDocuments()).toBe(1);
});

test('the ledger of a task: deliveries without addresses', async () => {
  await post({});
  const row = { key: 'k', kind: 'task-assigned', lane: 'normal', personId: people.officer, taskCode: 'NV-2026-00001', state: 'accepted', channel: 'zalo', to: '5551234', providerId: 'z-1', text: 'Giao việc', cause: 't' } as const;
  await story.ctx.db.Delivery.create({ ...row, notBefore: story.clock.now(), createdAt: story.clock.now(), acceptedAt: story.clock.now(), attempts: [{ at: story.clock.now(), channel: 'zalo', outcome: 'accepted', code: '', repeat: false }] });
  const { body } = await story.get('/api/v1/deliveries?taskCode=NV-2026-00001');
  expect(body).toMatchObject({ total: 1, page: 1, deliveries: [{ kind: 'task-assigned', taskCode: 'NV-2026-00001', personId: people.officer, channel: 'zalo', state: 'accepted', text: 'Giao việc', deliveredAt: null, attempts: [{ outcome: 'accepted' }] }] });
  expect(JSON.stringify(body)).not.toMatch(/5551234|z-1/);
  expect(await story.get('/api/v1/deliveries?taskCode=NV-2026-00009')).toMatchObject({ status: 404, body: { code: 'task-unknown', path: 'taskCode' } });
  expect((await story.get('/api/v1/deliveries')).body).toMatchObject({ total: 1 });
});
