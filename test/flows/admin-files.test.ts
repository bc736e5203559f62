import { afterAll, beforeAll, expect, test } from 'vitest';
import { because } from '../../src/context.js';
import { createDirective } from '../../src/directives/create-directive.js';
import { keepFile } from '../../src/files/keep-file.js';
import { callMeeting } from '../../src/meetings/call-meeting.js';
import { openAdminHouse, type AdminHouse } from '../support/admin-house.js';
import { html, jpeg, pdf } from '../support/sample-files.js';
import { letter, office } from '../support/task-story.js';

let house: AdminHouse;
let cookies: Record<'office' | 'stc' | 'syt', string>;
let code: string;
let directiveId: string;
let meeting: string;

beforeAll(async () => {
  house = await openAdminHouse();
  cookies = { office: await house.signIn('office@example.vn'), stc: await house.signIn('stc@example.vn'), syt: await house.signIn('syt@example.vn') };
  const { directive, tasks } = await createDirective(because(house.ctx, 'd1'), office, letter([{ dueOn: '2026-12-04' }]));
  [directiveId, code] = [directive._id.toString(), tasks[0]?.code ?? ''];
  meeting = (await callMeeting(because(house.ctx, 'm1'), office, { title: 'Giao ban', kind: 'regular', startsAt: new Date('2026-11-27T01:00:00Z'), place: 'tầng 3', attendeeIds: [house.people.lan] })).code;
});
afterAll(() => house.close());

const get = (url: string, cookie?: string) => house.http.inject({ url, ...(cookie ? { headers: { cookie } } : {}) });
const post = (url: string, cookie: string, name: string, bytes: Uint8Array, nonce = 'a'.repeat(32)) =>
  house.http.inject({ method: 'POST', url, headers: { cookie }, payload: { name, content: Buffer.from(bytes).toString('base64'), nonce } });

test('the office adds a file, a second press of the same button adds none, and those concerned may save it', async () => {
  const url = `/admin/api/office/files/directive/${directiveId}`;
  for (const _ of [1, 2]) expect((await post(url, cookies.office, 'Công văn.pdf', pdf(2_000_000))).statusCode).toBe(200);
  // The leader and the officer of the agency that leads.
  expect((await get(url, cookies.office)).json()).toMatchObject({ receivers: 2, mayAdd: true });
  expect((await get(`/admin/api/office/files/meeting/${meeting}`, cookies.office)).json()).toMatchObject({ receivers: 1 });
  expect((await get('/admin/api/office/files/directive/zzz', cookies.office)).json()).toMatchObject({ receivers: 0 });
  const { files } = (await get(`/admin/api/office/files/task/${code}`, cookies.stc)).json<{ files: { id: string; name: string; size: string }[] }>();
  expect(files).toMatchObject([{ name: 'Công văn.pdf', size: '2,0 MB' }]);
  const saved = await get(`/admin/files/${files[0]?.id}`, cookies.stc);
  expect(saved.statusCode).toBe(200);
  expect(saved.headers).toMatchObject({ 'content-type': 'application/pdf', 'x-content-type-options': 'nosniff' });
  expect(saved.headers['content-disposition']).toBe(`attachment; filename="Cong van.pdf"; filename*=UTF-8''${encodeURIComponent('Công văn.pdf')}`);
  expect(saved.rawPayload.byteLength).toBe(2_000_000);
});

test('strangers, other agencies and people who may not add anything', async () => {
  const file = await keepFile(because(house.ctx, 'k'), { key: 'k', name: 'anh.jpg', bytes: jpeg(), owner: { kind: 'progress', code, cause: 'c' }, by: 'Dật', rule: 'incoming' });
  const url = `/admin/files/${file._id.toString()}`;
  expect((await get(url)).statusCode).toBe(303);
  expect((await get(url, cookies.syt)).statusCode).toBe(403);
  expect((await get(url, cookies.stc)).statusCode).toBe(200);
  expect((await post(`/admin/api/office/files/meeting/${meeting}`, cookies.stc, 'a.pdf', pdf())).statusCode).toBe(403);
  expect((await get('/admin/files/64b000000000000000000001', cookies.office)).statusCode).toBe(404);
  expect((await get('/admin/files/nonsense', cookies.office)).statusCode).toBe(404);
});

test('a page that calls itself a PDF, and a body without a file', async () => {
  const url = `/admin/api/office/files/meeting/${meeting}`;
  expect((await post(url, cookies.office, 'a.pdf', html(), 'b'.repeat(32))).json()).toMatchObject({ code: 'file-type-unsupported' });
  expect((await house.http.inject({ method: 'POST', url, headers: { cookie: cookies.office }, payload: {} })).json()).toMatchObject({ code: 'input-invalid' });
  expect((await post(url, cookies.office, 'Tài liệu.pdf', pdf(), 'c'.repeat(32))).statusCode).toBe(200);
  expect((await get(url, cookies.office)).json()).toMatchObject({ files: [{ name: 'Tài liệu.pdf' }], mayAdd: true });
});
