import { afterEach, beforeEach, expect, test } from 'vitest';
import { openApiStory, smallProvince, type ApiStory } from '../support/api.js';

let story: ApiStory;
beforeEach(async () => void (story = await openApiStory()));
afterEach(() => story.close());

const agency = { code: 'SNV', name: 'Sở Nội vụ', type: 'department' };

test('an agency is entered once; its code cannot be given twice', async () => {
  expect(await story.post('/api/v1/agencies', agency)).toMatchObject({ status: 201, body: { code: 'SNV' } });
  expect(await story.post('/api/v1/agencies', { ...agency, name: 'Sở Nội vụ khác' })).toMatchObject({
    status: 409,
    body: { type: 'urn:nhac-viec:problem:agency-code-taken', title: 'Conflict', status: 409, code: 'agency-code-taken', path: 'code', detail: 'Mã cơ quan "SNV" đã được dùng.' },
  });
  expect(await story.ctx.db.Agency.find().lean()).toMatchObject([{ code: 'SNV', name: 'Sở Nội vụ', nameFold: 'so noi vu', remote: false, active: true }]);
});

test('an unknown parent, an unknown field, a wrong type, a wrong word and a missing field are each refused with their place', async () => {
  const refused = async (body: unknown) => {
    const { status, body: problem, headers } = await story.post('/api/v1/agencies', body);
    expect(headers['content-type']).toContain('application/problem+json');
    return [status, problem['code'], problem['path']];
  };
  expect(await refused({ ...agency, parentCode: 'XYZ' })).toEqual([404, 'agency-unknown', 'parentCode']);
  expect(await refused({ ...agency, colour: 'xanh' })).toEqual([400, 'input-invalid', 'colour']);
  expect(await refused({ ...agency, code: 7 })).toEqual([400, 'input-invalid', 'code']);
  expect(await refused({ ...agency, remote: 'true' })).toEqual([400, 'input-invalid', 'remote']);
  expect(await refused({ ...agency, type: 'ministry' })).toEqual([400, 'input-invalid', 'type']);
  expect(await refused({ code: 'SNV', type: 'department' })).toEqual([400, 'input-invalid', 'name']);
  expect(await refused({ ...agency, email: 'khong-phai-thu' })).toEqual([400, 'input-invalid', 'email']);
  expect(await refused([agency])).toEqual([400, 'input-invalid', undefined]);
  expect(await story.ctx.db.Agency.countDocuments()).toBe(0);
  expect(await story.ctx.db.AuditEntry.countDocuments()).toBe(0);
});

test('a person belongs to a known agency and keeps a phone number in one form', async () => {
  await story.make('/api/v1/agencies', agency);
  const person = { name: 'Lò Thị Phin', position: 'Chuyên viên', agencyCode: 'SNV', roles: ['officer'], phone: '0912 345 678', email: 'phin@laocai.invalid' };
  const { id } = await story.make('/api/v1/people', person);
  expect(await story.ctx.db.Person.findById(id).lean()).toMatchObject({ name: 'Lò Thị Phin', nameFold: 'lo thi phin', phone: '84912345678', roles: ['officer'] });

  expect(await story.post('/api/v1/people', { ...person, agencyCode: 'KHAC' })).toMatchObject({ status: 404, body: { code: 'agency-unknown', path: 'agencyCode' } });
  expect(await story.post('/api/v1/people', { ...person, phone: 'gọi sau' })).toMatchObject({ status: 400, body: { code: 'input-invalid', path: 'phone' } });
  expect(await story.post('/api/v1/people', { ...person, roles: ['officer', 'boss'] })).toMatchObject({ status: 400, body: { path: 'roles.1' } });
  expect(await story.post('/api/v1/people', { ...person, roles: [] })).toMatchObject({ status: 400, body: { path: 'roles' } });
  await story.ctx.db.Agency.updateOne({ code: 'SNV' }, { $set: { active: false } });
  expect(await story.post('/api/v1/people', person)).toMatchObject({ status: 422, body: { code: 'agency-inactive', path: 'agencyCode' } });
  expect(await story.ctx.db.Person.countDocuments()).toBe(1);
});

test('a link code comes with the ways to use it; only its hash is kept', async () => {
  await story.close();
  story = await openApiStory({ API_TOKEN: 'document-system-token-1', TELEGRAM_BOT_TOKEN: '123456:ABCDEFGHIJKL', ZALO_OA_SECRET_KEY: 'zalo-secret' });
  await story.ctx.db.State.create({ _id: 'telegram:bot', value: { username: 'NhacViecLaoCaiBot' }, updatedAt: story.clock.now() });
  const { officer } = await smallProvince(story);
  const { status, body } = await story.post(`/api/v1/people/${officer}/link-codes`);
  expect(status).toBe(201);
  expect(body).toEqual({
    code: expect.stringMatching(/^[2-9A-Z]{8}$/) as string,
    expiresAt: '2026-11-19T02:10:00.000Z',
    telegramUrl: `https://t.me/NhacViecLaoCaiBot?start=${String(body['code'])}`,
    zaloText: `/lienket ${String(body['code'])}`,
  });
  const kept = JSON.stringify(await story.ctx.db.LinkCode.find().lean());
  expect(kept).not.toContain(String(body['code']));

  for (const id of ['000000000000000000000000', 'khong-co']) {
    expect(await story.post(`/api/v1/people/${id}/link-codes`, {})).toMatchObject({ status: 404, body: { code: 'person-unknown', path: 'id' } });
  }
});

test('who did what is written down, once per request', async () => {
  await smallProvince(story);
  const entries = await story.ctx.db.AuditEntry.find({ entityKey: 'STC' }).lean();
  expect(entries).toMatchObject([{ action: 'agency.register', entity: 'agency', by: { name: 'Hệ thống quản lý văn bản', channel: 'api' }, before: null, after: { name: 'Sở Tài chính' } }]);
});
