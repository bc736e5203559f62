import { afterAll, beforeAll, expect, test } from 'vitest';
import { linkZalo, openOfficeApp, type OfficeApp } from '../support/office-app.js';

let office: OfficeApp;
let lan: string;
beforeAll(async () => {
  office = await openOfficeApp({ SMS_DRIVER: 'esms', SMS_PRICE: '850' });
  lan = await office.signIn('lan@example.vn');
});
afterAll(() => office.close());

let forms = 0;
const nonce = () => String(++forms).padStart(32, '0');
const post = async (url: string, payload: Record<string, unknown>, cookie = lan) => {
  const answer = await office.app.http.inject({ method: 'POST', url, headers: { cookie }, payload });
  return { status: answer.statusCode, body: answer.json() as { code?: string; notice?: { message: string; type: string }; errors?: Record<string, string>; redirectUrl?: string } };
};
const see = (cookie = lan) => office.app.http.inject({ url: '/admin/api/office/channels', headers: { cookie } });
const line = async (channel: string) => {
  const { channels } = (await see()).json() as { channels: { channel: string; state: string; missing: string[]; problem: string | null; rest: string | null; today: unknown; test: { words: string } | null; lastError: { words: string } | null; quotas: unknown[]; cost: string | null; setup: { office: string[]; server: string[] }; grant: { words: string } | null }[] };
  const found = channels.find((one) => one.channel === channel);
  if (!found) throw new Error(`no ${channel}`);
  return found;
};
const pressTest = (channel: string, form = { nonce: nonce() }, cookie = lan) => post(`/admin/api/office/channels/${channel}/test`, form, cookie);

test('administrators and the office see the channels, others do not; only administrators press', async () => {
  const cookies = { admin: lan, office: await office.signIn('office@example.vn'), leader: await office.signIn('leader@example.vn'), agency: await office.signIn('stc@example.vn') };
  for (const [role, cookie] of Object.entries(cookies)) {
    const mayRead = role === 'admin' || role === 'office';
    expect((await see(cookie)).statusCode, role).toBe(mayRead ? 200 : 403);
    expect((await office.app.http.inject({ url: '/admin/api/resources/ZbsTemplate/actions/list', headers: { cookie } })).statusCode, role).toBe(mayRead ? 200 : 403);
    if (role === 'admin') continue;
    expect((await pressTest('zalo', { nonce: nonce() }, cookie)).status, role).toBe(403);
    expect((await post('/admin/api/office/zalo-consent', {}, cookie)).status, role).toBe(403);
    expect((await post('/admin/api/resources/ZbsTemplate/actions/add', { nonce: nonce() }, cookie)).status, role).toBe(403);
  }
  expect((await see(cookies.office)).json()).toMatchObject({ may: { act: false } });
  expect((await office.app.http.inject('/admin/api/office/channels')).statusCode).toBe(401);
});

test('what is missing is told by the names of variables; no value and no secret stands anywhere', async () => {
  expect(await line('sms')).toMatchObject({ state: 'Thiếu cấu hình', missing: ['SMS_BRANDNAME', 'SMS_ESMS_API_KEY', 'SMS_ESMS_SECRET_KEY'] });
  expect(await line('telegram')).toMatchObject({ state: 'Chưa cấu hình', missing: ['TELEGRAM_BOT_TOKEN'], today: { sent: 0, delivered: 0, seen: 0, failed: 0 } });
  expect((await line('zalo')).setup.server.join(' ')).toContain('http://nhacviec.example/admin/zalo/callback');
  const { body } = await see();
  for (const secret of [office.zalo.appSecret, office.zalo.oaSecretKey, office.zalo.refreshToken]) expect(body).not.toContain(secret);
});

test('"Gửi thử" says kindly what is missing, then reaches the own chat, once per press', async () => {
  const nobody = await pressTest('zalo', { nonce: nonce() }, await office.signIn('admin@example.vn'));
  expect([nobody.status, nobody.body.notice?.message]).toEqual([422, expect.stringContaining('chưa gắn với cán bộ nào')]);
  const their = (await see(await office.signIn('admin@example.vn'))).json() as { self: unknown };
  expect(their.self).toEqual({ linked: false, accountUrl: expect.stringMatching(/^\/admin\/resources\/Account\/records\/[0-9a-f]{24}\/change$/) });
  expect((await pressTest('zalo')).body.notice?.message).toContain('chưa có địa chỉ trên kênh Zalo');
  expect((await pressTest('telegram')).body.code).toBe('channel-off');
  expect((await pressTest('fax')).status).toBe(400);

  // Nobody to ask about yet: no figure, and no complaint.
  expect((await line('zalo')).quotas).toEqual([]);
  await linkZalo(office);
  office.clock.advance({ minutes: 10 });
  expect((await line('zalo')).quotas).toMatchObject([{ left: 1999, total: 2000 }]);
  await line('zalo');
  expect(office.zalo.network.calls().filter(({ method }) => method.endsWith('/quota/message'))).toHaveLength(1);
  const form = { nonce: nonce() };
  expect((await pressTest('zalo', form)).body.notice).toMatchObject({ type: 'success', message: expect.stringContaining('đồng chí Nguyễn Thị Lan') });
  await pressTest('zalo', form);
  await office.app.settle();
  const heard = office.zalo.network.messagesOf('1001').filter(({ from }) => from === 'bot');
  expect(heard.map(({ text }) => text)).toEqual([expect.stringMatching(/^✅ Tin gửi thử · kênh Zalo\n/)]);
  expect(await line('zalo')).toMatchObject({ state: 'Đang hoạt động', today: { sent: 1, delivered: 0, seen: 0, failed: 0 }, test: { words: '20/11/2026 08:10: đã gửi' }, lastError: null });
  expect(await office.app.ctx.db.AuditEntry.countDocuments({ action: 'channel.test' })).toBe(1);
});

test('a refusal of the provider stands there in words, with the rest it caused', async () => {
  office.zalo.failNext({ kind: 'error', code: -221 });
  await pressTest('zalo');
  await office.app.settle();
  expect(await line('zalo')).toMatchObject({ state: 'Có lỗi', rest: expect.stringMatching(/^Tạm nghỉ đến \d\d:\d\d/), lastError: { words: 'OA chưa được xác thực (mã zalo:-221)' } });
  office.clock.advance({ minutes: 5 });
  await office.app.settle();
  expect(await line('zalo')).toMatchObject({ state: 'Đang hoạt động', rest: null });
});

test('yesterday does not count today', async () => {
  office.clock.set('2026-11-20T17:00:00Z'); // midnight in Vietnam
  lan = await office.signIn('lan@example.vn');
  expect((await line('zalo')).today).toEqual({ sent: 0, delivered: 0, seen: 0, failed: 0 });
});

test('the catalogue of ZBS templates: added, changed, switched off; the same id is not overwritten unseen', async () => {
  const params = [{ name: 'ten', type: 'STRING', maxLength: '30', from: 'name' }];
  const form = { templateId: '123456', kind: 'task-reminder', params, sample: 'Kính gửi <ten>', enabled: true, nonce: nonce() };
  const add = (body: Record<string, unknown>) => post('/admin/api/resources/ZbsTemplate/actions/add', body);
  expect((await add({ ...form, params: [{ ...params[0], name: 'tên', maxLength: '0' }], nonce: nonce() })).body.errors).toEqual({ 'params.0.name': 'chữ không dấu, số và dấu gạch dưới', 'params.0.maxLength': 'từ 1 đến 1000' });
  expect((await add(form)).body.notice?.type).toBe('success');
  expect((await add(form)).body.notice?.type).toBe('success');
  expect((await add({ ...form, nonce: nonce() })).body.errors).toHaveProperty('templateId');
  const { _id } = await office.app.ctx.db.ZbsTemplate.findOne({ templateId: '123456' }).orFail().lean();
  const detail = await office.app.http.inject({ url: `/admin/api/office/zbs-templates/${String(_id)}`, headers: { cookie: lan } });
  expect(detail.json()).toEqual({ templateId: '123456', channel: 'zbs', byUid: false, fallbackMinutes: '', kind: 'task-reminder', sample: 'Kính gửi <ten>', enabled: true, params });
  const act = (action: string, body: Record<string, unknown> = {}) => post(`/admin/api/resources/ZbsTemplate/records/${String(_id)}/${action}`, { ...body, nonce: nonce() });
  expect((await act('change', { kind: 'meeting-alert', params: [], sample: '', enabled: true })).body.notice?.type).toBe('success');
  expect((await act('change', { kind: 'meeting-alert', params: [], sample: '', enabled: true, fallbackMinutes: '1' })).body.errors).toEqual({ fallbackMinutes: 'từ 2 đến 1440 phút, hoặc để trống' });
  expect((await act('change', { kind: 'meeting-alert', params: [], sample: '', enabled: true, fallbackMinutes: '45' })).body.notice?.type).toBe('success');
  expect((await act('disable')).body.notice?.message).toBe('Đã ngừng dùng mẫu tin 123456.');
  expect(await office.app.ctx.db.ZbsTemplate.find().lean()).toMatchObject([{ templateId: '123456', kind: 'meeting-alert', params: [], enabled: false, fallbackMinutes: 45 }]);
});

test('a registered SMS text: its blanks and the list of parameters have to agree', async () => {
  const add = (more: Record<string, unknown>) => post('/admin/api/resources/ZbsTemplate/actions/add', { channel: 'sms', templateId: '458', kind: 'task-reminder', sample: 'Nhac viec {P1,20}, han {P2,10}', params: [{ name: 'P1', type: 'STRING', maxLength: '20', from: 'code' }, { name: 'P2', type: 'STRING', maxLength: '10', from: 'dueOn' }], enabled: true, nonce: nonce(), ...more });
  expect((await add({ params: [{ name: 'P1', type: 'STRING', maxLength: '20', from: 'code' }] })).body.errors?.['params']).toContain('thiếu tham số cho chỗ trống {P2');
  expect((await add({ sample: 'Nhac viec {P1,20}' })).body.errors?.['params']).toContain('không có chỗ trống {P2');
  expect((await add({ sample: ' ' })).body.errors).toHaveProperty('sample');
  expect((await add({})).body.notice?.type).toBe('success');
  expect(await office.app.ctx.db.ZbsTemplate.findOne({ templateId: '458' }).lean()).toMatchObject({ channel: 'sms', byUid: false });
});

test('an SMS before it is sent: characters, parts, price; only for those who may write', async () => {
  const ask = async (body: Record<string, unknown>, cookie = lan) => {
    const answer = await office.app.http.inject({ method: 'POST', url: '/admin/api/office/sms-preview', headers: { cookie }, payload: body });
    return { status: answer.statusCode, ...(answer.json() as { text: string; units: number; room: number; parts: number; encoding: string; cut: boolean; price: number | null }) };
  };
  expect(await ask({ about: 'text', text: 'Đề nghị họp lúc 16:00' })).toMatchObject({ text: 'De nghi hop luc 16:00', encoding: 'gsm7', units: 21, room: 160, parts: 1, cut: false, price: 850 });
  expect(await ask({ about: 'text', text: 'tiến độ '.repeat(40) })).toMatchObject({ parts: 3, room: 459, price: 2550 });
  expect(await ask({ about: 'text', text: 'tiến độ '.repeat(400) })).toMatchObject({ parts: 3, cut: true });
  // As the outbox would send it.
  const meeting = await ask({ about: 'meeting', title: 'Ứng phó bão số 9', kind: 'urgent', startsOn: '2026-11-23', startsTime: '16:00', place: 'Phòng họp số 1', chair: '', attendeeIds: ['x'] });
  expect(meeting).toMatchObject({ parts: 2, text: expect.stringContaining('Noi dung: Ung pho bao so 9') });
  expect((await ask({ about: 'text', text: 'x' }, await office.signIn('leader@example.vn'))).status).toBe(403);
  expect((await ask({ about: 'text', text: 'x'.repeat(6_000) })).status).toBe(400);
});
