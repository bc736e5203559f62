import { recordAudit } from '../audit/record-audit.js';
import { loadCalendar } from '../calendar/load-calendar.js';
import type { Ctx } from '../context.js';
import { DomainError } from '../kernel/errors.js';
import type { WorkingCalendar } from '../kernel/working-calendar.js';
import { byOf, type Actor } from '../people/actor.js';
import { mustBeAllowed } from '../people/policy.js';
import { changeTask, type TaskChange } from './change-task.js';
import { mustBeText } from './clean-text.js';
import { mustFollow, readDue, type Due, type DueInput } from './due.js';
import { nextReminder } from './reminder-times.js';
import { receiversOf, tellDeadlineMoved } from './task-intents.js';
import { mustNotBeClosed } from './task-rights.js';
import type { Extension, Task } from './task.model.js';

export interface MoveDeadlineInput {
  code: string;
  dueOn?: string;
  dueAt?: string | Date;
  reason: string;
}

/**
 * "Gia hạn": a new deadline with its reason, ahead of now. The original one is kept for the on-time ratio, the old reminders
 * become void and new ones are planned. A task without a deadline gets its original one.
 * Throws forbidden, task-unknown, task-closed, due-invalid, input-invalid, changed-meanwhile.
 */
export async function moveDeadline(ctx: Ctx, actor: Actor, input: MoveDeadlineInput): Promise<Task> {
  const reason = mustBeText(input.reason, 'reason', 2_000);
  const calendar = await loadCalendar(ctx);
  const { task, before } = await changeTask(ctx, 'move-deadline', input.code, async (current, version) => {
    mustBeAllowed(actor, 'task.move-deadline', current);
    mustNotBeClosed(current);
    const due = newDue(ctx, input, current, calendar);
    const extension: Extension = { fromDueAt: current.dueAt, toDueAt: due.dueAt, toDueOn: due.dueOn, reason, by: byOf(actor), at: ctx.clock.now(), cause: ctx.cause };
    const to = await receiversOf(ctx, current);
    return { ...redated(current, due, ctx.clock.now(), calendar), extension, intents: [tellDeadlineMoved({ ...current, ...due }, to, version)] };
  });
  await recordAudit(ctx, actor, {
    action: 'task.move-deadline', entity: 'task', entityKey: task.code,
    before: before ? { dueOn: before.dueOn, dueAt: before.dueAt } : null,
    after: { dueOn: task.dueOn, dueAt: task.dueAt, reason: task.secret ? null : reason },
  });
  return task;
}

type SetDue = Due & { dueOn: string; dueAt: Date };

function newDue(ctx: Ctx, input: DueInput, task: Task, calendar: WorkingCalendar): SetDue {
  const due = readDue(input, calendar);
  const path = due.dueByHour ? 'dueAt' : 'dueOn';
  const { dueOn, dueAt } = due;
  if (!dueOn || !dueAt) throw new DomainError('due-invalid', { path, why: 'cần ngày hoặc giờ của hạn mới' });
  mustFollow(due, task.directive.issuedOn);
  if (dueAt <= ctx.clock.now()) throw new DomainError('due-invalid', { path, why: 'hạn mới đã qua' });
  if (dueAt.getTime() === task.dueAt?.getTime()) throw new DomainError('due-invalid', { path, why: 'trùng với hạn hiện tại' });
  return { ...due, dueOn, dueAt };
}

function redated(task: Task, due: SetDue, now: Date, calendar: WorkingCalendar): Pick<TaskChange, 'set'> {
  const reminder = nextReminder({ ...task, ...due }, now, calendar);
  const original = task.originalDueAt ? {} : { originalDueOn: due.dueOn, originalDueAt: due.dueAt };
  return { set: { ...due, ...original, nextReminderAt: reminder?.at ?? null, nextReminderSlot: reminder?.slot ?? null } };
}
