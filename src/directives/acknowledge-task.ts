import { recordAudit } from '../audit/record-audit.js';
import { loadCalendar } from '../calendar/load-calendar.js';
import type { Ctx } from '../context.js';
import { markAcknowledged } from '../delivery/receipts/mark-acknowledged.js';
import type { WorkingCalendar } from '../kernel/working-calendar.js';
import type { Actor } from '../people/actor.js';
import { byOn } from './acts-for.js';
import { changeTask } from './change-task.js';
import { nextReminder } from './reminder-times.js';
import { mustConcern, mustNotBeClosed } from './task-rights.js';
import type { Acknowledgement, Task } from './task.model.js';

/**
 * "Đã nhận": somebody of the lead agency has taken note of a task (NĐ 30/2020 wants it the same day). The first of them
 * moves a new task on; each is kept once, and what told them counts as confirmed. Repeating it changes nothing.
 * Throws task-unknown, task-not-yours, task-closed, changed-meanwhile.
 */
export async function acknowledgeTask(ctx: Ctx, actor: Actor, input: { code: string }): Promise<Task> {
  const personId = actor.kind === 'person' || actor.kind === 'account' ? actor.personId : null;
  const calendar = await loadCalendar(ctx);
  const { task, before } = await changeTask(ctx, 'acknowledge', input.code, async (current) => {
    await mustConcern(ctx, actor, 'task.report', current);
    mustNotBeClosed(current);
    const by = await byOn(ctx, actor, current);
    const known = current.acknowledgements?.some((one) => one.by.name === by.name && one.by.personId === by.personId);
    if (known) return null;
    const acknowledgement = { by, at: ctx.clock.now(), cause: ctx.cause };
    return { ...(current.stage === 'new' ? { set: taken(current, acknowledgement, calendar) } : {}), acknowledgement, intents: [] };
  });
  if (personId) await markAcknowledged(ctx, { taskCode: task.code, personId, kinds: ['task-assigned'] });
  if (before) await recordAudit(ctx, actor, { action: 'task.acknowledge', entity: 'task', entityKey: task.code, before: { stage: before.stage }, after: { stage: task.stage } });
  return task;
}

/** Reminders of the deadline stay; where they are far off, or there is no deadline, silence after the confirmation is reminded of. */
function taken(task: Task, acknowledgement: Acknowledgement, calendar: WorkingCalendar): Partial<Task> {
  const stage = 'acknowledged' as const;
  const next = nextReminder({ ...task, stage, acknowledgements: [acknowledgement] }, acknowledgement.at, calendar);
  // One that is due in this very moment is not lost.
  const sooner = next && (!task.nextReminderAt || next.at < task.nextReminderAt);
  return sooner ? { stage, nextReminderAt: next.at, nextReminderSlot: next.slot } : { stage };
}
