import { afterEach, beforeEach, expect, test } from 'vitest';
import { openApiStory, smallProvince, type ApiStory } from '../support/api.js';

let story: ApiStory;
beforeEach(async () => void (story = await openApiStory()));
afterEach(() => story.close());

const agency = { code: 'SNV', name: 'Sở Nội vụ', type: 'department' };
const once = { 'idempotency-key': 'so-den-2026-118' };

test('the same request again gets the same answer and writes nothing', async () => {
  const { officer } = await smallProvince(story);
  const address = `/api/v1/people/${officer}/link-codes`;
  const first = await story.post(address, {}, once);
  const second = await story.post(address, {}, once);
  expect(second).toMatchObject({ status: 201, body: first.body, headers: { 'idempotency-replayed': 'true' } });
  expect(first.headers['idempotency-replayed']).toBeUndefined();
  expect(await story.ctx.db.LinkCode.countDocuments()).toBe(1);
});

test('the order of fields makes no other request; another value, another address or another key does', async () => {
  await story.post('/api/v1/agencies', agency, once);
  expect(await story.post('/api/v1/agencies', { type: 'department', name: 'Sở Nội vụ', code: 'SNV' }, once)).toMatchObject({ status: 201, body: { code: 'SNV' } });
  expect(await story.post('/api/v1/agencies', { ...agency, code: 'STC' }, once)).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } });
  expect(await story.post('/api/v1/people', { name: 'A', position: 'B', agencyCode: 'SNV', roles: ['officer'] }, once)).toMatchObject({ status: 422 });
  expect(await story.post('/api/v1/agencies', agency, { 'idempotency-key': 'khac' })).toMatchObject({ status: 409, body: { code: 'agency-code-taken' } });
  expect(await story.ctx.db.Agency.countDocuments()).toBe(1);
});

test('ten at the same time: one is done, the others get its answer or are asked to come back', async () => {
  const answers = await Promise.all(Array.from({ length: 10 }, () => story.post('/api/v1/agencies', agency, once)));
  expect(answers.filter(({ status }) => status === 201).length).toBeGreaterThan(0);
  for (const { status, body, headers } of answers.filter((answer) => answer.status !== 201)) {
    expect([status, body['code'], headers['retry-after']]).toEqual([409, 'request-in-progress', '1']);
  }
  expect(await story.ctx.db.Agency.countDocuments()).toBe(1);
  expect(await story.ctx.db.AuditEntry.countDocuments()).toBe(1);
});

test('a process that dies half-way: the retry waits for its claim to end, then finds what was written', async () => {
  const create = story.ctx.db.AuditEntry.create;
  story.ctx.db.AuditEntry.create = (() => Promise.reject(new Error('power cut'))) as never;
  const { deleteOne } = story.ctx.db.AnsweredRequest;
  story.ctx.db.AnsweredRequest.deleteOne = (() => Promise.reject(new Error('power cut'))) as never;
  expect(await story.post('/api/v1/agencies', agency, once)).toMatchObject({ status: 500 });
  story.ctx.db.AuditEntry.create = create;
  story.ctx.db.AnsweredRequest.deleteOne = deleteOne;

  expect(await story.post('/api/v1/agencies', agency, once)).toMatchObject({ status: 409, body: { code: 'request-in-progress' } });
  story.clock.advance({ seconds: 121 });
  expect(await story.post('/api/v1/agencies', agency, once)).toMatchObject({ status: 201, body: { code: 'SNV' } });
  expect(await story.ctx.db.Agency.countDocuments()).toBe(1);
  expect(await story.ctx.db.AuditEntry.countDocuments()).toBe(1);
});

test('an error is not kept: the same key works once the mistake is mended, also with another body', async () => {
  expect(await story.post('/api/v1/agencies', { ...agency, parentCode: 'UBND' }, once)).toMatchObject({ status: 404 });
  await story.make('/api/v1/agencies', { code: 'UBND', name: 'UBND tỉnh', type: 'province' });
  expect(await story.post('/api/v1/agencies', { ...agency, parentCode: 'UBND' }, once)).toMatchObject({ status: 201 });
  expect(await story.post('/api/v1/agencies', { ...agency, parentCode: 'UBND' }, once)).toMatchObject({ status: 201 });
});

test('after a day the key counts as new, yet the same request still changes nothing', async () => {
  await story.post('/api/v1/agencies', agency, once);
  story.clock.advance({ hours: 24 });
  const later = await story.post('/api/v1/agencies', agency, once);
  expect([later.status, later.headers['idempotency-replayed']]).toEqual([201, undefined]);
  expect(await story.post('/api/v1/agencies', { ...agency, code: 'STC' }, { 'idempotency-key': 'x'.repeat(201) })).toMatchObject({ status: 400, body: { path: 'Idempotency-Key' } });
  expect(await story.ctx.db.Agency.countDocuments()).toBe(1);
});

test('what is kept for the replay cannot be read in the database', async () => {
  const { officer } = await smallProvince(story);
  const { body } = await story.post(`/api/v1/people/${officer}/link-codes`, {}, once);
  const kept = JSON.stringify(await story.ctx.db.AnsweredRequest.find().lean());
  expect(kept).not.toContain(String(body['code']));
  expect(kept).not.toContain('so-den-2026-118');
});
