import { afterAll, beforeAll, expect, test } from 'vitest';
import { linkZalo, openOfficeApp, type OfficeApp } from '../support/office-app.js';

let office: OfficeApp;
let lan: string;
beforeAll(async () => {
  office = await openOfficeApp({ SMS_DRIVER: 'esms' });
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
  const { channels } = (await see()).json() as { channels: { channel: string; state: string; missing: string[]; problem: string | null; rest: string | null; today: unknown; test: { words: string } | null; lastError: { words: string } | null; quotas: unknown[]; steps: string[]; grant: { words: string } | null }[] };
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
  expect((await line('zalo')).steps.join(' ')).toContain('http://nhacviec.example/admin/zalo/callback');
  const { body } = await see();
  for (const secret of [office.zalo.appSecret, office.zalo.oaSecretKey, office.zalo.refreshToken]) expect(body).not.toContain(secret);
});

test('"Gửi thử" says kindly what is missing, then reaches the own chat, once per press', async () => {
  const nobody = await pressTest('zalo', { nonce: nonce() }, await office.signIn('admin@example.vn'));
  expect([nobody.status, nobody.body.notice?.message]).toEqual([422, expect.stringContaining('chưa gắn với cán bộ nào')]);
  expect((await pressTest('zalo')).body.notice?.message).toContain('chưa có địa chỉ trên kênh Zalo');
  expect((await pressTest('telegram')).body.code).toBe('channel-off');
  expect((await pressTest('fax')).status).toBe(400);

  await linkZalo(office);
  const form = { nonce: nonce() };
  expect((await pressTest('zalo', form)).body.notice).toMatchObject({ type: 'success', message: expect.stringContaining('đồng chí Nguyễn Thị Lan') });
  await pressTest('zalo', form);
  await office.app.settle();
  const heard = office.zalo.network.messagesOf('1001').filter(({ from }) => from === 'bot');
  expect(heard.map(({ text }) => text)).toEqual([expect.stringMatching(/^✅ Tin gửi thử · kênh Zalo\n/)]);
  expect(await line('zalo')).toMatchObject({ state: 'Đang hoạt động', today: { sent: 1, delivered: 0, seen: 0, failed: 0 }, test: { words: '20/11/2026 08:00: đã gửi' }, lastError: null });
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
  expect(detail.json()).toEqual({ templateId: '123456', kind: 'task-reminder', sample: 'Kính gửi <ten>', enabled: true, params });
  const act = (action: string, body: Record<string, unknown> = {}) => post(`/admin/api/resources/ZbsTemplate/records/${String(_id)}/${action}`, { ...body, nonce: nonce() });
  expect((await act('change', { kind: 'meeting-alert', params: [], sample: '', enabled: true })).body.notice?.type).toBe('success');
  expect((await act('disable')).body.notice?.message).toBe('Đã ngừng dùng mẫu tin 123456.');
  expect(await office.app.ctx.db.ZbsTemplate.find().lean()).toMatchObject([{ templateId: '123456', kind: 'meeting-alert', params: [], enabled: false }]);
});
