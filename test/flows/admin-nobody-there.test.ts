import { afterAll, beforeAll, expect, test } from 'vitest';
import { because } from '../../src/context.js';
import type { Actor } from '../../src/people/actor.js';
import { registerPerson } from '../../src/people/register-person.js';
import { openAdminHouse, type AdminHouse } from '../support/admin-house.js';

const OFFICE: Actor = { kind: 'system', name: 'Kiểm thử' };

let house: AdminHouse;
let office: string;
beforeAll(async () => {
  house = await openAdminHouse();
  office = await house.signIn('office@example.vn');
});
afterAll(() => house.close());

let forms = 0;
const press = async (path: string, form: Record<string, unknown> = {}) => {
  const answer = await house.http.inject({ method: 'POST', url: `/admin/api/resources/${path}`, headers: { cookie: office }, payload: { nonce: String(++forms).padStart(32, '0'), ...form } });
  return { status: answer.statusCode, ...(answer.json() as { notice: { message: string; type: string }; ask?: { question: string; field: string }; result?: { results: { ok: boolean; message: string }[] } }) };
};
const look = async <T>(path: string): Promise<T> => (await house.http.inject({ url: `/admin/api/office/${path}`, headers: { cookie: office } })).json();
const assign = (symbol: string, task: Record<string, unknown>) =>
  press('Task/actions/assign', { symbol, kind: 'Công văn', issuedOn: '2026-11-16', signer: 'Nguyễn Văn An', summary: 'Tiêm chủng', urgency: 'normal', secret: false, agencyCode: 'UBND', tasks: [{ content: 'Báo cáo tiêm chủng', leadAgencyCode: 'STC', coordinatingAgencyCodes: [], dueMode: 'day', dueOn: '2026-11-26', dueTime: '', ...task }] });
interface Detail {
  unreached: string;
  dueNote: string;
  nextReminder: string;
  originalDue: string;
  timeline: { what: string }[];
}
const NOBODY = 'Sở Y tế chưa có lãnh đạo, đầu mối hoặc hộp thư trong hệ thống';

test('a task for an agency with nobody in it: form, toast, page and "Nhắc ngay" say that nobody will get it', async () => {
  const { agencies } = await look<{ agencies: { code: string; reached: boolean }[] }>('lookups');
  expect(Object.fromEntries(agencies.map(({ code, reached }) => [code, reached]))).toMatchObject({ STC: true, SYT: false });
  expect((await assign('1/UBND', { leadAgencyCode: 'SYT' })).notice).toEqual({ type: 'success', message: `Đã ghi văn bản 1/UBND và giao 1 nhiệm vụ. ${NOBODY}: chưa báo được cho ai ở đó. Đề nghị bổ sung cán bộ hoặc hộp thư của cơ quan rồi bấm “Nhắc ngay”.` });
  expect((await look<Detail>('tasks/NV-2026-00001')).unreached).toContain(`${NOBODY}: chưa báo được cho ai`);
  const pressed = await press('Task/records/NV-2026-00001/remind');
  expect([pressed.status, pressed.notice.type]).toEqual([409, 'error']);
  expect(pressed.notice.message).toMatch(/^Chưa nhắc được ai về NV-2026-00001\. Sở Y tế chưa có/);
  expect(await house.ctx.db.AuditEntry.countDocuments({ action: 'task.remind' })).toBe(0);
  const many = await press('Task/bulk/remindMany?recordIds=NV-2026-00001');
  expect(many.result?.results).toEqual([{ key: 'NV-2026-00001', ok: false, message: expect.stringContaining(NOBODY) as string }]);
});

test('one who only takes part is named on the page; with people there all is as ever', async () => {
  expect((await assign('2/UBND', { coordinatingAgencyCodes: ['SYT'] })).notice.message).toBe('Đã ghi văn bản 2/UBND và giao 1 nhiệm vụ.');
  expect((await look<Detail>('tasks/NV-2026-00002')).unreached).toBe(`Cơ quan phối hợp ${NOBODY} nên không nhận được tin.`);
  await registerPerson(because(house.ctx, 'syt'), OFFICE, { name: 'Lê Thị Yến', position: 'Giám đốc Sở Y tế', agencyCode: 'SYT', roles: ['leader'] });
  expect((await look<Detail>('tasks/NV-2026-00002')).unreached).toBe('');
  expect((await look<Detail>('tasks/NV-2026-00001')).unreached).toBe('');
  expect((await press('Task/records/NV-2026-00001/remind')).notice.message).toBe('Đang gửi lời nhắc NV-2026-00001.');
});

test('a deadline tonight is counted in hours, and the reminder after it is called one of being overdue', async () => {
  await assign('3/UBND', { dueMode: 'hour', dueOn: '2026-11-21', dueTime: '02:00' });
  house.clock.set('2026-11-20T16:00:00Z');
  const { dueNote, nextReminder } = await look<Detail>('tasks/NV-2026-00003');
  expect(dueNote).toBe('còn 3 giờ');
  expect(nextReminder).toBe('23/11/2026 06:30 (nhắc quá hạn, nếu khi đó chưa xong)');
  expect((await look<Detail>('tasks/NV-2026-00002')).nextReminder).not.toContain('quá hạn');
});

test('"Gia hạn" to an earlier hour asks first, and the hours of both deadlines are kept', async () => {
  await assign('4/UBND', { dueMode: 'hour', dueOn: '2026-11-27', dueTime: '17:00' });
  const earlier = { dueMode: 'hour', dueOn: '2026-11-27', dueTime: '09:30', reason: 'họp sớm hơn' };
  const asked = await press('Task/records/NV-2026-00004/moveDeadline', earlier);
  expect([asked.status, asked.ask]).toEqual([409, { field: 'acceptEarlier', question: 'Hạn mới 27/11/2026 09:30 sớm hơn hạn hiện nay 27/11/2026 17:00. Vẫn đổi?', words: 'Vẫn đổi hạn' }]);
  expect((await house.ctx.db.Task.findOne({ code: 'NV-2026-00004' }).orFail().lean()).extensions).toHaveLength(0);
  expect((await press('Task/records/NV-2026-00004/moveDeadline', { ...earlier, acceptEarlier: true })).notice.message).toBe('Đã đổi hạn nhiệm vụ NV-2026-00004.');
  expect((await press('Task/records/NV-2026-00004/moveDeadline', { dueMode: 'day', dueOn: '2026-12-01', reason: 'chờ Bộ' })).notice.type).toBe('success');
  const { originalDue, timeline } = await look<Detail>('tasks/NV-2026-00004');
  expect(originalDue).toBe('27/11/2026 17:00');
  expect(timeline.filter(({ what }) => what.startsWith('Đổi hạn')).map(({ what }) => what)).toEqual(['Đổi hạn từ 27/11/2026 09:30 sang 01/12/2026', 'Đổi hạn từ 27/11/2026 17:00 sang 27/11/2026 09:30']);
});
