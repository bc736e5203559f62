import { afterEach, beforeEach, expect, test } from 'vitest';
import { because } from '../../src/context.js';
import { confirmTask } from '../../src/directives/confirm-task.js';
import { moveDeadline } from '../../src/directives/move-deadline.js';
import { reportProgress } from '../../src/directives/report-progress.js';
import { returnTask } from '../../src/directives/return-task.js';
import { timeTag } from '../../src/directives/time-tag.js';
import { calendar2026 } from '../support/calendar.js';
import { assigned, chatting, current, office, province, saidTo } from '../support/task-story.js';

let p: Awaited<ReturnType<typeof province>>;
beforeEach(async () => void (p = await province()));
afterEach(() => p.close());

test('from the first answer to the confirmed result, each step told to those it concerns', async () => {
  const { ctx, clock, quyen, nhi, dat } = p;
  const task = await assigned(ctx, { dueOn: '2026-11-26', monitorId: nhi._id.toString() });
  const officer = chatting(quyen);
  const { entry } = await reportProgress(because(ctx, 'telegram:1'), officer, { code: task.code, percent: 70, note: '  đã họp với Sở '.normalize('NFD') });
  expect(entry).toMatchObject({ percent: 70, note: 'đã họp với Sở', stage: 'in-progress', by: { name: 'Nguyễn Tố Quyên', channel: 'telegram' } });
  expect((await current(ctx, task)).intents.at(-1)).toMatchObject({ key: 'progress:NV-2026-00001:v2', to: [{ office: true, monitorId: nhi._id.toString() }] });
  clock.advance({ days: 3 });
  await reportProgress(because(ctx, 'telegram:2'), officer, { code: task.code, percent: 100, note: '' });
  const submittedAt = clock.now();
  expect(await current(ctx, task)).toMatchObject({ stage: 'submitted', submittedAt, completedAt: null, nextReminderAt: null });
  clock.advance({ days: 10 });
  const done = await confirmTask(because(ctx, 'admin:1'), office, { code: task.code });
  expect(done).toMatchObject({ stage: 'completed', completedAt: submittedAt, confirmedAt: clock.now() });
  expect(timeTag(done, clock.now(), calendar2026)).toBe('on-time');
  expect(await saidTo(ctx, task, 'task-confirmed', dat)).toMatchObject({ message: { text: expect.stringContaining('đúng hạn') as string } });
  await expect(reportProgress(because(ctx, 'telegram:3'), officer, { code: task.code, percent: 50, note: 'x' })).rejects.toMatchObject({ code: 'task-closed' });
  const audit = await ctx.db.AuditEntry.find({ entityKey: task.code }).sort({ at: 1 }).lean();
  expect(audit.map((line) => line.action)).toEqual(['task.report', 'task.report', 'task.confirm']);
});

test('a message delivered twice is one answer, also at the same time', async () => {
  const { ctx, quyen } = p;
  const task = await assigned(ctx, { dueOn: '2026-11-26' });
  const answer = () => reportProgress(because(ctx, 'telegram:1'), chatting(quyen), { code: task.code, percent: 70, note: 'đã họp' });
  const both = await Promise.all([answer(), answer()]);
  await answer();
  expect(both[0]?.entry).toEqual(both[1]?.entry);
  const after = await current(ctx, task);
  expect(after.progress).toHaveLength(1);
  expect(after.intents.filter((intent) => intent.kind === 'task-progress')).toHaveLength(1);
});

test('two officers answer in the same moment: both answers stand', async () => {
  const { ctx, quyen, dat } = p;
  const task = await assigned(ctx, { dueOn: '2026-11-26' });
  await Promise.all([
    reportProgress(because(ctx, 'telegram:1'), chatting(quyen), { code: task.code, percent: 30, note: 'a' }),
    reportProgress(because(ctx, 'telegram:2'), chatting(dat), { code: task.code, percent: 30, note: 'b' }),
  ]);
  const after = await current(ctx, task);
  expect(after.progress.map((entry) => entry.note).sort()).toEqual(['a', 'b']);
  expect(after.version).toBe(3);
});

test('a lower percent needs a reason; a note alone keeps the percent; nonsense is refused', async () => {
  const { ctx, quyen } = p;
  const { code } = await assigned(ctx, { dueOn: '2026-11-26' });
  let n = 0;
  const report = (percent: number | undefined, note: string) => reportProgress(because(ctx, `telegram:${(n += 1)}`), chatting(quyen), { code, percent, note });
  await report(70, 'đã họp');
  await expect(report(50, '')).rejects.toMatchObject({ code: 'progress-needs-reason', params: { percent: 70 } });
  expect((await report(50, 'một dự án phải làm lại')).task).toMatchObject({ percent: 50 });
  expect((await report(undefined, 'đang chờ Bộ')).entry).toMatchObject({ percent: 50, note: 'đang chờ Bộ' });
  for (const percent of [-1, 101, 12.5, NaN]) await expect(report(percent, 'x')).rejects.toMatchObject({ code: 'input-invalid', params: { path: 'percent' } });
  await expect(report(60, 'x'.repeat(2_001))).rejects.toMatchObject({ code: 'progress-too-long', params: { path: 'note' } });
  await expect(report(undefined, '  ')).rejects.toMatchObject({ code: 'input-invalid', params: { path: 'note' } });
});

test('only the lead agency answers, only the Office decides', async () => {
  const { ctx, trieu, quyen, nhi } = p;
  const { code } = await assigned(ctx, { dueOn: '2026-11-26', coordinatingAgencyCodes: ['SXD'] });
  const answer = { code, percent: 10, note: '' };
  await expect(reportProgress(ctx, chatting(trieu), answer)).rejects.toMatchObject({ code: 'task-not-yours' });
  await expect(reportProgress(ctx, chatting(nhi), answer)).rejects.toMatchObject({ code: 'task-not-yours' });
  await expect(reportProgress(ctx, chatting(quyen), { ...answer, code: 'NV-2026-99999' })).rejects.toMatchObject({ code: 'task-unknown' });
  await expect(confirmTask(ctx, chatting(quyen), { code })).rejects.toMatchObject({ code: 'forbidden' });
  await expect(confirmTask(ctx, office, { code })).rejects.toMatchObject({ code: 'task-not-submitted' });
  await expect(returnTask(ctx, office, { code, reason: 'x' })).rejects.toMatchObject({ code: 'task-not-submitted' });
  await expect(moveDeadline(ctx, chatting(quyen), { code, dueOn: '2026-12-30', reason: 'x' })).rejects.toMatchObject({ code: 'forbidden' });
  expect(await current(ctx, { code })).toMatchObject({ version: 1, progress: [] });
});

test('an extended deadline does not make a late result punctual, and each extension is kept', async () => {
  const { ctx, clock, quyen, dat } = p;
  const task = await assigned(ctx, { dueOn: '2026-11-23' });
  const move = (cause: string, dueOn: string) => moveDeadline(because(ctx, cause), office, { code: task.code, dueOn, reason: 'chờ ý kiến Bộ' });
  await move('admin:1', '2026-11-28');
  await move('admin:1', '2026-11-28');
  expect(await saidTo(ctx, task, 'task-deadline-moved', dat)).toMatchObject({
    message: { text: expect.stringContaining('Hạn mới: thứ Bảy 28/11/2026 (ngày nghỉ, tính đến hết thứ Hai 30/11/2026; còn 5 ngày làm việc); hạn trước: 23/11/2026.') as string },
  });
  await expect(move('admin:2', '2026-11-30')).rejects.toMatchObject({ code: 'due-invalid' });
  await expect(move('admin:3', '2026-11-19')).rejects.toMatchObject({ code: 'due-invalid', params: { path: 'dueOn' } });
  clock.set('2026-11-27T09:00:00+07:00');
  await reportProgress(because(ctx, 'telegram:1'), chatting(quyen), { code: task.code, percent: 100, note: '' });
  const done = await confirmTask(because(ctx, 'admin:4'), office, { code: task.code });
  expect(done.extensions).toHaveLength(1);
  expect(timeTag(done, clock.now(), calendar2026)).toBe('late');
});

test('a task without a deadline gets its original one from the first that is set', async () => {
  const { ctx } = p;
  const task = await assigned(ctx, {});
  const dated = await moveDeadline(because(ctx, 'admin:1'), office, { code: task.code, dueAt: '2026-11-27T16:00', reason: 'ấn định hạn' });
  expect(dated).toMatchObject({ dueByHour: true, originalDueOn: '2026-11-27', originalDueAt: new Date('2026-11-27T09:00:00Z'), nextReminderSlot: 'T-3' });
});

test('nothing of a secret document is said in a chat', async () => {
  const { ctx, dat, quyen, nhi } = p;
  const task = await assigned(ctx, { dueOn: '2026-11-26', content: 'Nội dung mật' }, { secret: true });
  await reportProgress(because(ctx, 'web:1'), chatting(quyen), { code: task.code, percent: 10, note: 'ghi chú mật' });
  const notices = [await saidTo(ctx, task, 'task-assigned', dat), await saidTo(ctx, task, 'task-progress', nhi)];
  for (const notice of notices) expect(notice).toEqual({ secret: true, message: { text: '🔔 Kính gửi đồng chí: có việc mới, đề nghị đồng chí đăng nhập hệ thống Nhắc Việc để xem.', subject: 'Có việc mới', onlyInSystem: true } });
  const audit = JSON.stringify(await ctx.db.AuditEntry.find({ entityKey: task.code }).lean());
  expect(audit).not.toContain('mật');
});
