import { afterAll, beforeAll, expect, test } from 'vitest';
import { enqueue } from '../../src/delivery/enqueue.js';
import { openOfficeApp, type OfficeApp } from '../support/office-app.js';

let office: OfficeApp;
let cookies: Record<'admin' | 'office' | 'leader' | 'agency', string>;
beforeAll(async () => {
  office = await openOfficeApp();
  cookies = { admin: await office.signIn('lan@example.vn'), office: await office.signIn('office@example.vn'), leader: await office.signIn('leader@example.vn'), agency: await office.signIn('stc@example.vn') };
});
afterAll(() => office.close());

let forms = 0;
const nonce = () => String(++forms).padStart(32, '0');
const get = async (url: string, cookie?: string) => {
  const answer = await office.app.http.inject({ url: `/admin/api/office/${url}`, ...(cookie ? { headers: { cookie } } : {}) });
  return { status: answer.statusCode, body: answer.json() as never };
};
const post = async (url: string, payload: Record<string, unknown>, cookie = cookies.office) => {
  const answer = await office.app.http.inject({ method: 'POST', url: `/admin/api/office/${url}`, headers: { cookie }, payload });
  return { status: answer.statusCode, body: answer.json() as { code?: string; notice?: { message: string } } };
};

test('who may see and decide: administrators and the office; leaders read the ledger; strangers and agencies nothing', async () => {
  for (const [role, cookie] of Object.entries(cookies)) {
    const may = role === 'admin' || role === 'office';
    expect((await get('hold', cookie)).status, role).toBe(may ? 200 : 403);
    expect((await get('standing', cookie)).status, role).toBe(may ? 200 : 403);
    expect((await get('ledger', cookie)).status, role).toBe(role === 'agency' ? 403 : 200);
    if (may) continue;
    expect((await post('hold', { nonce: nonce(), reason: 'x', urgentPasses: false }, cookie)).status, role).toBe(403);
    expect((await post('hold/end', { nonce: nonce(), choice: 'all', since: new Date(0).toISOString() }, cookie)).status, role).toBe(403);
  }
  for (const url of ['hold', 'standing', 'ledger', 'ledger/000000000000000000000001']) expect((await get(url)).status, url).toBe(401);
});

test('stop and go on from the page: a second press of the same button changes nothing, and all of it is in the audit', async () => {
  const press = { nonce: nonce(), reason: 'Giao nhầm', urgentPasses: false };
  expect((await post('hold', press)).body.notice?.message).toContain('Đã tạm dừng');
  expect((await post('hold', press)).body.code).toBe('hold-already');
  expect((await post('hold', { nonce: nonce(), reason: '' })).status).toBe(400);
  await enqueue(office.app.ctx, { key: 'waits', kind: 'channel-test', lane: 'normal', personId: office.lan });
  await office.app.settle();
  const { body } = await get('hold', cookies.office);
  expect(body).toMatchObject({ may: { decide: true }, total: 1, hold: { by: 'office@example.vn', reason: 'Giao nhầm', since: '20/11/2026 08:00' }, first: [{ person: 'Nguyễn Thị Lan', kind: 'Gửi thử' }] });
  expect((await get('standing', cookies.admin)).body).toMatchObject({ problems: [{ part: 'hold', detail: 'office@example.vn đã tạm dừng gửi tin.' }] });
  const { hold } = body as { hold: { key: string } };
  // More waits than was looked at: said, and nothing is decided.
  await enqueue(office.app.ctx, { key: 'came-later', kind: 'channel-test', lane: 'normal', personId: office.lan });
  const grown = await post('hold/end', { nonce: nonce(), choice: 'all', since: hold.key, seen: 1 });
  expect(grown).toMatchObject({ status: 409, body: { code: 'hold-grown', notice: { message: 'Từ lúc mở trang có thêm 1 tin, nay có 2 tin đang chờ. Đề nghị xem lại rồi quyết định.' } } });
  expect((await get('hold', cookies.office)).body).toMatchObject({ hold: { key: hold.key }, total: 2 });
  expect(await post('hold/end', { nonce: nonce(), choice: 'all', since: hold.key, seen: 2 })).toMatchObject({ status: 200, body: { notice: { message: 'Hệ thống đã gửi tiếp 2 tin.' } } });
  expect((await post('hold/end', { nonce: nonce(), choice: 'all', since: hold.key })).body.code).toBe('hold-changed');
  expect((await get('hold', cookies.office)).body).toMatchObject({ hold: null });
  const lines = await office.app.ctx.db.AuditEntry.find({ entity: 'hold' }).sort({ _id: 1 }).lean();
  expect(lines.map(({ action, by }) => `${action} ${by.name}`)).toEqual(['hold.begin office@example.vn', 'hold.end office@example.vn']);
});

test('"Bỏ hết": asked with the number seen, drops what waits and nothing more, goes on holding, and stands in the audit', async () => {
  const { ctx } = office.app;
  await post('hold', { nonce: nonce(), reason: 'Giao nhầm cả tỉnh', urgentPasses: false });
  const wait = (key: string, more: object = {}) => enqueue(ctx, { key, kind: 'channel-test', lane: 'normal', personId: office.lan, ...more });
  await wait('wrong-1');
  await wait('wrong-2', { taskCode: 'NV-2026-00055' });
  await wait('reply:x', { kind: 'reply', chat: { channel: 'zalo', to: 'x' } });
  await wait('tomorrow', { notBefore: new Date(office.clock.now().getTime() + 86_400_000) });
  const { hold, total } = (await get('hold', cookies.office)).body as { hold: { key: string }; total: number };
  expect((await post('hold/drop-all', { nonce: nonce(), since: hold.key, seen: total - 1 })).body.code).toBe('hold-grown');
  expect((await post('hold/drop-all', { nonce: nonce(), since: new Date(0).toISOString(), seen: total })).body.code).toBe('hold-changed');
  expect((await post('hold/drop-all', { nonce: nonce(), since: hold.key, seen: total }, cookies.leader)).status).toBe(403);
  const press = { nonce: nonce(), since: hold.key, seen: total };
  expect((await post('hold/drop-all', press)).body.notice?.message).toMatch(/^Đã bỏ \d tin\. Vẫn tạm dừng gửi/);
  const dropped = await ctx.db.Delivery.countDocuments({ reason: 'dropped-by-office' });
  expect((await post('hold/drop-all', press)).body.notice?.message).toMatch(/^Đã bỏ 0 tin/);
  const states = async () => Object.fromEntries((await ctx.db.Delivery.find({ key: { $in: ['wrong-1', 'wrong-2', 'reply:x', 'tomorrow'] } }).lean()).map(({ key, state, reason }) => [key, `${state} ${reason ?? ''}`.trim()]));
  expect(await states()).toMatchObject({ 'wrong-1': 'suppressed dropped-by-office', 'wrong-2': 'suppressed dropped-by-office', tomorrow: 'planned' });
  expect((await states())['reply:x']).not.toContain('dropped');
  expect((await get('hold', cookies.office)).body).toMatchObject({ hold: { key: hold.key }, total: total - dropped });
  expect(await ctx.db.AuditEntry.find({ action: 'hold.drop' }).lean()).toMatchObject([{ entityKey: hold.key, after: { dropped }, by: { name: 'office@example.vn' } }]);
  expect((await post('hold/end', { nonce: nonce(), choice: 'all', since: hold.key, seen: total })).status).toBe(200);
  await office.app.settle();
  expect(await states()).toMatchObject({ 'wrong-1': 'suppressed dropped-by-office', 'wrong-2': 'suppressed dropped-by-office' });
});

test('the ledger answers by code, by name and by state; signs in a name mean themselves', async () => {
  const { ctx } = office.app;
  await enqueue(ctx, { key: 't', kind: 'task-reminder', lane: 'normal', personId: office.lan, taskCode: 'NV-2026-00012' });
  await office.app.settle();
  expect((await get('ledger?q=nv-2026-00012', cookies.leader)).body).toMatchObject({ total: 2, receivers: [{ person: 'Nguyễn Thị Lan', messages: 2 }], rows: expect.arrayContaining([expect.objectContaining({ about: 'NV-2026-00012', kind: 'Nhắc việc', reason: 'Người nhận chưa liên kết kênh nào đang dùng được' }), expect.objectContaining({ kind: 'Báo không gửi được' })]) });
  expect((await get('ledger?q=Lan', cookies.leader)).body).toMatchObject({ people: [], rows: expect.arrayContaining([expect.objectContaining({ about: 'NV-2026-00012' })]) });
  expect((await get(`ledger?q=${encodeURIComponent('.*(')}`, cookies.leader)).body).toMatchObject({ people: [], rows: [], total: 0 });
  expect((await get('ledger?q=%00', cookies.leader)).status).toBe(200);
  expect((await get('ledger?q=Lan%00', cookies.leader)).body).toMatchObject({ people: [], rows: expect.arrayContaining([expect.objectContaining({ about: 'NV-2026-00012' })]) });
  expect((await get('ledger?state=seen', cookies.leader)).body).toMatchObject({ total: 0 });
  expect((await get('ledger/zzz', cookies.leader)).status).toBe(404);
  const row = await ctx.db.Delivery.findOne({ key: 't' }).lean();
  const { body } = await get(`ledger/${String(row?._id)}`, cookies.leader);
  expect(body).toMatchObject({ entries: [{ rev: expect.any(Number), seq: expect.any(Number) }], waiting: false });
  expect(JSON.stringify((await get('ledger', cookies.leader)).body)).not.toContain('0912345001');
});

test('the ledger knows short codes, of the year there was last word of, and says why nothing is found', async () => {
  const { ctx } = office.app;
  const told = (key: string, about: { taskCode: string } | { meetingCode: string }) => enqueue(ctx, { key, kind: 'channel-test', lane: 'normal', personId: office.lan, ...about });
  await told('old', { taskCode: 'NV-2025-00041' });
  await told('meeting', { meetingCode: 'HOP-2026-00031' });
  const found = async (q: string) => (await get(`ledger?q=${encodeURIComponent(q)}`, cookies.leader)).body as { about: string; total: number; none?: string };
  for (const q of ['NV-12', 'nv12', 'Nv 12', 'nv 2026-12', 'NV-2026-00012']) expect((await found(q)).about, q).toBe('NV-2026-00012');
  for (const q of ['hop 31', 'HOP-31', 'hop-2026-00031']) expect((await found(q)).about, q).toBe('HOP-2026-00031');
  expect((await found('nv 41')).about).toBe('NV-2025-00041');
  office.clock.advance({ minutes: 1 });
  await told('new', { taskCode: 'NV-2026-00041' });
  expect((await found('nv 41')).about).toBe('NV-2026-00041');
  expect((await found('nv 2025-41')).about).toBe('NV-2025-00041');
  expect(await found('nv 999')).toMatchObject({ about: '', total: 0, none: 'Chưa có tin nào về NV 999. Gõ mã như NV-12, HOP-3 hoặc đủ năm NV-2026-00012.' });
  expect((await found('nv')).none).toContain('Chưa có tin nào về NV');
  expect((await found('không có ai')).none).toContain('Không có cán bộ nào tên “không có ai”');
  expect((await found('NGUYEN thi lan')).total).toBeGreaterThan(2);
});

test('a message to an agency\'s mailbox is told by the agency\'s name, one line for each mailbox', async () => {
  const { ctx } = office.app;
  for (const agencyCode of ['STC', 'VP']) await enqueue(ctx, { key: `box:${agencyCode}`, kind: 'task-reminder', lane: 'normal', chat: { channel: 'email', to: 'a@b.invalid' }, taskCode: 'NV-2026-00077', data: { agencyCode } });
  await enqueue(ctx, { key: 'box:lan', kind: 'task-reminder', lane: 'normal', personId: office.lan, taskCode: 'NV-2026-00077' });
  const { body } = await get('ledger?q=nv77', cookies.leader);
  const { receivers, rows } = body as Record<'receivers' | 'rows', { person: string; personNote: string; messages?: number }[]>;
  const names = await ctx.db.Agency.find({ code: { $in: ['STC', 'VP'] } }).sort({ code: 1 }).lean();
  for (const list of [receivers, rows]) expect(list.filter(({ personNote }) => personNote === 'Hộp thư cơ quan').map(({ person }) => person).sort()).toEqual(names.map(({ name }) => name).sort());
  expect(receivers.length).toBe(3);
});
