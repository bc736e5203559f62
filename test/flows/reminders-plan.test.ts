import { afterEach, beforeEach, expect, test } from 'vitest';
import { because } from '../../src/context.js';
import { confirmTask } from '../../src/directives/confirm-task.js';
import { moveDeadline } from '../../src/directives/move-deadline.js';
import { planReminders } from '../../src/directives/plan-reminders.js';
import { remindNow } from '../../src/directives/remind-now.js';
import { reportProgress } from '../../src/directives/report-progress.js';
import { returnTask } from '../../src/directives/return-task.js';
import { setCalendarDay } from '../../src/calendar/set-calendar-day.js';
import { assigned, chatting, current, office, province, saidTo } from '../support/task-story.js';

let p: Awaited<ReturnType<typeof province>>;
beforeEach(async () => void (p = await province('2026-11-10T02:00:00Z')));
afterEach(() => p.close());

const reminders = async (task: { code: string }) =>
  (await current(p.ctx, task)).intents.filter((intent) => intent.kind === 'task-reminder').map((intent) => intent.key);
const at = (on: string, time: string) => p.clock.set(`${on}T${time}:00+07:00`);

test('one reminder per slot, in time, by whichever instance comes first', async () => {
  const { ctx } = p;
  const task = await assigned(ctx, { dueOn: '2026-11-20' }, { issuedOn: '2026-11-09' });
  at('2026-11-11', '06:29');
  expect(await planReminders(ctx)).toBe(0);
  at('2026-11-11', '06:30');
  const counts = await Promise.all([planReminders(ctx), planReminders(ctx), planReminders(ctx)]);
  expect(counts.reduce((a, b) => a + b)).toBe(1);
  expect(await planReminders(ctx)).toBe(0);
  expect(await reminders(task)).toEqual(['remind:NV-2026-00001:v1:T-7']);
  expect(await current(ctx, task)).toMatchObject({ nextReminderSlot: 'T-3', version: 1 });
});

test('after three days of standstill one reminder goes out, not three', async () => {
  const { ctx, dat } = p;
  const task = await assigned(ctx, { dueOn: '2026-11-11' }, { issuedOn: '2026-11-09' });
  at('2026-11-16', '09:30');
  expect(await planReminders(ctx)).toBe(1);
  expect(await reminders(task)).toEqual(['remind:NV-2026-00001:v1:T+3']);
  expect(await saidTo(ctx, task, 'task-reminder', dat)).toMatchObject({ message: { text: expect.stringContaining('quá hạn 5 ngày') as string } });
  expect((await current(ctx, task)).nextReminderAt).toEqual(new Date('2026-11-17T06:30:00+07:00'));
});

test('up again shortly before the next one: that one is enough', async () => {
  const { ctx } = p;
  const task = await assigned(ctx, { dueOn: '2026-11-11' }, { issuedOn: '2026-11-09' });
  at('2026-11-16', '06:00');
  expect(await planReminders(ctx)).toBe(0);
  at('2026-11-16', '06:30');
  expect(await planReminders(ctx)).toBe(1);
  expect(await reminders(task)).toEqual(['remind:NV-2026-00001:v1:T+3']);
});

test('moving the deadline moves its reminders; the one on its way falls silent', async () => {
  const { ctx, dat } = p;
  const task = await assigned(ctx, { dueOn: '2026-11-13' }, { issuedOn: '2026-11-09' });
  at('2026-11-12', '06:30');
  await planReminders(ctx);
  await moveDeadline(because(ctx, 'admin:1'), office, { code: task.code, dueOn: '2026-11-27', reason: 'chờ ý kiến Bộ' });
  expect(await saidTo(ctx, task, 'task-reminder', dat)).toEqual({ suppress: 'superseded' });
  expect(await current(ctx, task)).toMatchObject({ nextReminderSlot: 'T-7', version: 2, dueOn: '2026-11-27', originalDueOn: '2026-11-13', extensions: [{ toDueOn: '2026-11-27', reason: 'chờ ý kiến Bộ' }] });
  at('2026-11-17', '06:30');
  await planReminders(ctx);
  expect(await reminders(task)).toEqual(['remind:NV-2026-00001:v1:T-1', 'remind:NV-2026-00001:v2:T-7']);
});

test('a report does not repeat a reminder, and a submitted result silences them until it is returned', async () => {
  const { ctx, quyen, dat } = p;
  const task = await assigned(ctx, { dueOn: '2026-11-13' }, { issuedOn: '2026-11-09' });
  at('2026-11-12', '06:30');
  await planReminders(ctx);
  await reportProgress(because(ctx, 'telegram:1'), chatting(quyen), { code: task.code, percent: 40, note: 'đã họp' });
  expect(await planReminders(ctx)).toBe(0);
  expect(await saidTo(ctx, task, 'task-reminder', dat)).toMatchObject({ message: {} });
  await reportProgress(because(ctx, 'telegram:2'), chatting(quyen), { code: task.code, percent: 100, note: 'đã gửi báo cáo' });
  expect(await saidTo(ctx, task, 'task-reminder', dat)).toEqual({ suppress: 'task-finished' });
  at('2026-11-13', '09:00');
  expect(await planReminders(ctx)).toBe(0);
  await returnTask(because(ctx, 'admin:2'), office, { code: task.code, reason: 'thiếu số liệu' });
  expect(await current(ctx, task)).toMatchObject({ stage: 'returned', percent: 40, nextReminderSlot: 'T+1' });
  at('2026-11-16', '06:30');
  expect(await planReminders(ctx)).toBe(1);
});

test('who is no longer responsible or no longer there hears nothing; an old reminder gives way to a newer one', async () => {
  const { ctx, dat, trieu, quyen } = p;
  const task = await assigned(ctx, { dueOn: '2026-11-13' }, { issuedOn: '2026-11-09' });
  at('2026-11-12', '06:30');
  await planReminders(ctx);
  expect(await saidTo(ctx, task, 'task-reminder', trieu)).toEqual({ suppress: 'reassigned' });
  await ctx.db.Person.updateOne({ _id: quyen._id }, { $set: { active: false } });
  expect(await saidTo(ctx, task, 'task-reminder', quyen)).toEqual({ suppress: 'person-inactive' });
  at('2026-11-13', '06:30');
  expect(await saidTo(ctx, task, 'task-reminder', dat)).toEqual({ suppress: 'stale' });
});

test('"Nhắc ngay" reminds once per click and leaves the plan alone; nothing that is over is urged', async () => {
  const { ctx, quyen, dat } = p;
  const task = await assigned(ctx, { dueOn: '2026-11-20' }, { issuedOn: '2026-11-09', urgency: 'express' });
  await remindNow(because(ctx, 'admin:1'), office, { code: task.code });
  await remindNow(because(ctx, 'admin:1'), office, { code: task.code });
  expect(await reminders(task)).toEqual(['remind-now:NV-2026-00001:admin:1']);
  expect((await current(ctx, task)).intents.at(-1)).toMatchObject({ lane: 'urgent' });
  expect(await saidTo(ctx, task, 'task-reminder', dat)).toMatchObject({ message: { text: expect.stringContaining('🔴 HỎA TỐC · Nhắc việc NV-2026-00001') as string } });
  await expect(remindNow(because(ctx, 'x:1'), chatting(quyen), { code: task.code })).rejects.toMatchObject({ code: 'forbidden' });
  await reportProgress(because(ctx, 'telegram:1'), chatting(quyen), { code: task.code, percent: 100, note: '' });
  await expect(remindNow(because(ctx, 'admin:2'), office, { code: task.code })).rejects.toMatchObject({ code: 'task-awaits-confirmation' });
  await confirmTask(because(ctx, 'admin:3'), office, { code: task.code });
  await expect(remindNow(because(ctx, 'admin:4'), office, { code: task.code })).rejects.toMatchObject({ code: 'task-closed' });
});

test('a day declared off after planning: its reminder moves to the working day before, and nobody is told twice', async () => {
  const { ctx } = p;
  const task = await assigned(ctx, { dueOn: '2026-11-20' }, { issuedOn: '2026-11-09' });
  at('2026-11-17', '06:30');
  expect(await planReminders(ctx)).toBe(1);
  await setCalendarDay(because(ctx, 'admin:1'), office, { on: '2026-11-19', kind: 'off', note: 'nghỉ đột xuất' });
  await planReminders(ctx);
  expect(await current(ctx, task)).toMatchObject({ nextReminderSlot: 'T-1', nextReminderAt: new Date('2026-11-18T06:30:00+07:00') });
  at('2026-11-18', '06:30');
  expect(await planReminders(ctx)).toBe(1);
  at('2026-11-19', '06:30');
  expect(await planReminders(ctx)).toBe(0);
  at('2026-11-20', '06:30');
  expect(await planReminders(ctx)).toBe(1);
  expect(await reminders(task)).toEqual(['T-3', 'T-1', 'T-0'].map((slot) => `remind:NV-2026-00001:v1:${slot}`));
});

test('a planned day off found out only on that day: no reminder, and the next one comes', async () => {
  const { ctx } = p;
  const task = await assigned(ctx, { dueOn: '2026-11-20' }, { issuedOn: '2026-11-09' });
  at('2026-11-17', '06:30');
  await planReminders(ctx);
  await setCalendarDay(because(ctx, 'admin:1'), office, { on: '2026-11-19', kind: 'off', note: 'nghỉ đột xuất' });
  at('2026-11-19', '06:30');
  await planReminders(ctx);
  at('2026-11-20', '06:30');
  await planReminders(ctx);
  expect((await reminders(task)).at(-1)).toBe('remind:NV-2026-00001:v1:T-0');
});
