import { z } from 'zod';
import type { Ctx } from '../../src/context.js';
import { acknowledgeTask } from '../../src/directives/acknowledge-task.js';
import { assignTask } from '../../src/directives/assign-task.js';
import { confirmTask } from '../../src/directives/confirm-task.js';
import { createDirective } from '../../src/directives/create-directive.js';
import { urgencies, type Urgency } from '../../src/directives/directive.model.js';
import { getTask } from '../../src/directives/find-tasks.js';
import type { Task } from '../../src/directives/task.model.js';
import { readDue, type DueInput } from '../../src/directives/due.js';
import { moveDeadline } from '../../src/directives/move-deadline.js';
import { remindNow } from '../../src/directives/remind-now.js';
import { reportProgress } from '../../src/directives/report-progress.js';
import { returnTask } from '../../src/directives/return-task.js';
import type { Actor } from '../../src/people/actor.js';
import { loadCalendar } from '../../src/calendar/load-calendar.js';
import { formerDue } from '../resources/due-in-words.js';
import { isHeld, orHeld } from '../held.js';
import { unreachedWords } from '../unreached.js';
import { choice, day, deadlineForm, optionalText, taskForm, text, tick } from './fields.js';
import { AskFirst, NotDone, officeAction, officeBulkAction } from './office-action.js';

const taskPage = (code: string) => `/admin/resources/Task/records/${code}/show`;
const directivePage = (id: unknown) => `/admin/resources/Directive/records/${String(id)}/show`;
const nothing = z.object({});

const isExpress = ({ urgency }: { urgency: Urgency }): boolean => urgency === 'express';

/** "Đã …" as a sentence, and where sending is held that nobody has been told yet. */
const told = (ctx: Ctx, noted: string, about: { urgency: Urgency }): Promise<string> => orHeld(ctx, { sent: `${noted}.`, noted, urgent: isExpress(about) });

/** With whom nothing of it reaches. */
async function butUnreached(ctx: Ctx, done: string, tasks: readonly Task[]): Promise<string> {
  return `${done} ${await unreachedWords(ctx, tasks)}`.trim();
}

/** Reminds; where nobody would hear it says so instead. */
async function remindSomebody(ctx: Ctx, actor: Actor, code: string): Promise<Task> {
  const task = await getTask(ctx, actor, code);
  const unreached = await unreachedWords(ctx, [task]);
  if (unreached) throw new NotDone(`Chưa nhắc được ai về ${task.code}. ${unreached}`);
  return remindNow(ctx, actor, { code });
}

const directiveForm = z.object({
  symbol: text(60),
  agencyCode: optionalText(40),
  kind: text(60),
  issuedOn: day,
  signer: text(120),
  summary: text(1000),
  urgency: choice(urgencies),
  secret: tick,
  tasks: z.array(taskForm).min(1, 'cần ít nhất một nhiệm vụ').max(50, 'tối đa 50 nhiệm vụ'),
  acceptPast: tick,
});

/** "Giao nhiệm vụ": a document with its tasks. */
export const assignAction = (ctx: Ctx) =>
  officeAction(ctx, directiveForm, async (ctx, actor, { acceptPast, ...form }) => {
    const { directive, tasks } = await createDirective(ctx, actor, { ...form, askIfPast: !acceptPast });
    const done = await told(ctx, `Đã ghi văn bản ${directive.symbol} và giao ${tasks.length} nhiệm vụ`, directive);
    return { message: await butUnreached(ctx, done, tasks), redirectUrl: directivePage(directive._id) };
  });

/** "Thêm nhiệm vụ" to a document already entered. */
export const addTaskAction = (ctx: Ctx) =>
  officeAction(ctx, z.intersection(taskForm, z.object({ acceptPast: tick })), async (ctx, actor, { acceptPast, ...form }, directiveId) => {
    const task = await assignTask(ctx, actor, { directiveId, ...form, askIfPast: !acceptPast });
    return { message: await butUnreached(ctx, await told(ctx, `Đã giao nhiệm vụ ${task.code}`, task), [task]), redirectUrl: directivePage(directiveId) };
  });

/** "Nhắc ngay" on one task. */
export const remindAction = (ctx: Ctx) =>
  officeAction(ctx, nothing, async (ctx, actor, _form, code) => {
    const task = await remindSomebody(ctx, actor, code);
    return { message: await orHeld(ctx, { sent: `Đang gửi lời nhắc ${code}.`, noted: `Đã ghi lời nhắc ${code}`, urgent: isExpress(task) }) };
  });

/** "Nhắc ngay" on the tasks ticked in a list. */
export const remindManyAction = (ctx: Ctx) => officeBulkAction(ctx, (ctx, actor, code) => remindSomebody(ctx, actor, code), async () => ((await isHeld(ctx)) ? 'Tin chờ vì đang tạm dừng gửi.' : ''));

/** "Gia hạn". */
export const moveDeadlineAction = (ctx: Ctx) =>
  officeAction(ctx, deadlineForm, async (ctx, actor, { reason, acceptEarlier, due }, code) => {
    if (!acceptEarlier) await askIfEarlier(ctx, actor, code, due);
    const task = await moveDeadline(ctx, actor, { code, reason, ...due });
    return { message: await told(ctx, `Đã đổi hạn nhiệm vụ ${code}`, task), redirectUrl: taskPage(code) };
  });

/** "Gia hạn" means later: an earlier deadline is asked about. Throws AskFirst; what is wrong with it the deed says itself. */
async function askIfEarlier(ctx: Ctx, actor: Actor, code: string, due: DueInput): Promise<void> {
  const [{ dueAt, dueOn }, next] = [await getTask(ctx, actor, code), readDue(due, await loadCalendar(ctx))];
  if (!dueAt || !next.dueAt || next.dueAt >= dueAt || next.dueAt <= ctx.clock.now()) return;
  throw new AskFirst({ field: 'acceptEarlier', question: `Hạn mới ${formerDue(next.dueAt, next.dueOn ?? undefined)} sớm hơn hạn hiện nay ${formerDue(dueAt, dueOn ?? undefined)}. Vẫn đổi?`, words: 'Vẫn đổi hạn' });
}

/** "Xác nhận hoàn thành". */
export const confirmAction = (ctx: Ctx) =>
  officeAction(ctx, nothing, async (ctx, actor, _form, code) => {
    const task = await confirmTask(ctx, actor, { code });
    return { message: await told(ctx, `Đã xác nhận hoàn thành nhiệm vụ ${code}`, task), redirectUrl: taskPage(code) };
  });

/** "Trả lại", with the reason the agency reads. */
export const returnAction = (ctx: Ctx) =>
  officeAction(ctx, z.object({ reason: text(500) }), async (ctx, actor, { reason }, code) => {
    const task = await returnTask(ctx, actor, { code, reason });
    return { message: await told(ctx, `Đã trả lại nhiệm vụ ${code}`, task), redirectUrl: taskPage(code) };
  });

const reportForm = z.object({
  percent: z.preprocess((value) => (typeof value === 'string' && value.trim() !== '' ? Number(value.replace('%', '').trim()) : value), z.number('cần nhập số từ 0 đến 100').int('cần nhập số nguyên từ 0 đến 100').min(0, 'từ 0 đến 100').max(100, 'từ 0 đến 100')),
  note: optionalText(2000),
});

/** "Báo cáo tiến độ" of the agency that leads; secret tasks too, since no chat may carry them. */
export const reportAction = (ctx: Ctx) =>
  officeAction(ctx, reportForm, async (ctx, actor, { percent, note }, code) => {
    const { task, entry } = await reportProgress(ctx, actor, { code, percent, note: note ?? '' });
    const noted = `Đã ghi nhận ${code}: ${entry.percent}%`;
    const message = entry.stage === 'submitted' ? `Đã báo cáo hoàn thành ${code}, chờ Văn phòng UBND tỉnh xác nhận.` : await orHeld(ctx, { sent: `${noted}. Văn phòng UBND tỉnh đã được báo.`, noted, urgent: isExpress(task) });
    return { message, redirectUrl: taskPage(code) };
  });

/** "Đã nhận" of the agency that leads. */
export const acknowledgeAction = (ctx: Ctx) =>
  officeAction(ctx, nothing, async (ctx, actor, _form, code) => {
    await acknowledgeTask(ctx, actor, { code });
    return { message: `Đã ghi nhận: cơ quan đã nhận nhiệm vụ ${code}.` };
  });
