import { afterAll, beforeAll, expect, test } from 'vitest';
import { drainInbox } from '../../src/inbox/drain-inbox.js';
import { receive } from '../../src/inbox/receive.js';
import { because } from '../../src/context.js';
import { retryInbound } from '../../src/inbox/retry-inbound.js';
import { linkZalo, openOfficeApp, type OfficeApp } from '../support/office-app.js';

let office: OfficeApp;
let cookies: Record<'admin' | 'office' | 'leader' | 'agency', string>;
beforeAll(async () => {
  office = await openOfficeApp();
  await linkZalo(office);
  await office.app.settle();
  cookies = { admin: await office.signIn('lan@example.vn'), office: await office.signIn('office@example.vn'), leader: await office.signIn('leader@example.vn'), agency: await office.signIn('stc@example.vn') };
});
afterAll(() => office.close());

let forms = 0;
const nonce = () => String(++forms).padStart(32, '0');
const press = async (id: string, cookie: string, form = { nonce: nonce() }) => {
  const answer = await office.app.http.inject({ method: 'POST', url: `/admin/api/resources/Inbound/records/${id}/retry`, headers: { cookie }, payload: form });
  return { status: answer.statusCode, body: answer.json() as { notice?: { message: string; type: string }; redirectUrl?: string } };
};
const stuckRows = async (cookie: string) => {
  const answer = await office.app.http.inject({ url: '/admin/api/resources/Inbound/actions/list', headers: { cookie } });
  return { status: answer.statusCode, text: answer.body, rows: (answer.json() as { records?: { id: string; params: Record<string, unknown>; recordActions: { name: string }[] }[] }).records ?? [] };
};

/** Lan writes, and every worker fails on it until it is parked; returns its id. */
async function stuck(messageId: string, text: string, chatId = '1001'): Promise<string> {
  const { ctx } = office.app;
  await receive(ctx, { channel: 'zalo', messageId, chatId, senderId: chatId, kind: 'text', text });
  for (let i = 0; i < 5; i++) {
    await drainInbox(ctx, { instance: 'one', handle: () => Promise.reject(new TypeError(`không đọc được ${text}`)) });
    office.clock.advance({ seconds: 60 });
  }
  const row = await ctx.db.Inbound.findOne({ messageId }).orFail().lean();
  expect(row).toMatchObject({ state: 'parked', attempts: 5 });
  return String(row._id);
}
const auditOf = (id: string) => office.app.ctx.db.AuditEntry.find({ action: 'inbox.retry', entityKey: id }).lean();

test('a message that got stuck stands in the back office with its sender and without its words; only administrators get the button', async () => {
  const id = await stuck('m1', '/nhiemvu rất riêng tư');
  await stuck('m2', 'ai đó', '9999');
  for (const [role, cookie] of Object.entries(cookies)) {
    const { status, text, rows } = await stuckRows(cookie);
    if (role === 'agency') {
      expect([status, rows.length], role).toEqual([403, 0]);
      continue;
    }
    const mine = rows.find((row) => row.id === id);
    expect(mine?.params, role).toMatchObject({ sender: expect.stringContaining('Nguyễn Thị Lan'), state: 'Treo lại, cần xem', attempts: 5, lastError: 'Hệ thống gặp lỗi khi xử lý (TypeError)' });
    expect(rows.map(({ params }) => params['sender'])).toContain('Chưa liên kết với cán bộ nào');
    expect(text).not.toContain('riêng tư');
    expect(mine?.recordActions.some(({ name }) => name === 'retry'), role).toBe(role === 'admin');
    if (role !== 'admin') expect((await press(id, cookie)).status, role).toBe(403);
  }
  expect(await office.app.ctx.db.Inbound.findById(id).lean()).toMatchObject({ state: 'parked' });
  expect(await auditOf(id)).toEqual([]);
});

test('"Xử lý lại": worked on as if it had just come in, answered once, and in the audit once, however often the form is sent', async () => {
  const id = await stuck('m3', '/trogiup');
  const answers = () => office.app.ctx.db.Delivery.countDocuments({ kind: 'reply', 'chat.to': '1001', state: 'accepted' });
  const heard = await answers();
  const form = { nonce: nonce() };
  expect((await press(id, cookies.admin, form)).body).toMatchObject({ notice: { type: 'success', message: expect.stringContaining('Đã đưa tin vào xử lý lại') }, redirectUrl: '/admin/resources/Inbound' });
  await press(id, cookies.admin, form);
  await office.app.settle();
  await press(id, cookies.admin, form);
  await office.app.settle();
  expect(await office.app.ctx.db.Inbound.findById(id).lean()).toMatchObject({ state: 'done', attempts: 1 });
  expect((await answers()) - heard).toBe(1);
  expect((await stuckRows(cookies.admin)).rows.map((row) => row.id)).not.toContain(id);
  expect(await auditOf(id)).toMatchObject([{ by: { name: 'lan@example.vn' }, before: { channel: 'zalo', lastError: 'TypeError' } }]);
});

test('one that is worked on, or unknown, is refused in words; it fails again: parked again, and pressed again', async () => {
  const { ctx } = office.app;
  const id = await stuck('m4', 'lại hỏng');
  const admin = { kind: 'account', accountId: 'a', name: 'Q', role: 'admin', agencyCode: null, personId: null } as const;
  await retryInbound(because(ctx, 'admin:1'), admin, { id });
  await expect(retryInbound(because(ctx, 'admin:2'), admin, { id })).rejects.toMatchObject({ code: 'inbound-not-parked' });
  for (let i = 0; i < 5; i++) {
    await drainInbox(ctx, { instance: 'one', handle: () => Promise.reject(new TypeError('x')) });
    office.clock.advance({ seconds: 60 });
  }
  expect(await ctx.db.Inbound.findById(id).lean()).toMatchObject({ state: 'parked', attempts: 5 });
  // The same press sent again is not a new wish.
  await retryInbound(because(ctx, 'admin:1'), admin, { id });
  expect(await ctx.db.Inbound.findById(id).lean()).toMatchObject({ state: 'parked' });
  await retryInbound(because(ctx, 'admin:3'), admin, { id });
  expect(await ctx.db.Inbound.findById(id).lean()).toMatchObject({ state: 'new', attempts: 0 });
  await expect(retryInbound(because(ctx, 'admin:4'), admin, { id: 'zzz' })).rejects.toMatchObject({ code: 'inbound-unknown' });
  await expect(retryInbound(because(ctx, 'admin:5'), { ...admin, role: 'office' }, { id })).rejects.toMatchObject({ code: 'forbidden' });
});
