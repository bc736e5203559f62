import { recordAudit } from '../audit/record-audit.js';
import type { Ctx } from '../context.js';
import { markAcknowledged } from '../delivery/receipts/mark-acknowledged.js';
import type { Actor } from '../people/actor.js';
import { byOn } from './acts-for.js';
import { changeTask } from './change-task.js';
import { mustConcern, mustNotBeClosed } from './task-rights.js';
import type { Task } from './task.model.js';

/**
 * "Đã nhận": somebody of the lead agency has taken note of a task (NĐ 30/2020 wants it the same day). The first of them
 * moves a new task on; each is kept once, and what told them counts as confirmed. Repeating it changes nothing.
 * Throws task-unknown, task-not-yours, task-closed, changed-meanwhile.
 */
export async function acknowledgeTask(ctx: Ctx, actor: Actor, input: { code: string }): Promise<Task> {
  const personId = actor.kind === 'person' || actor.kind === 'account' ? actor.personId : null;
  const { task, before } = await changeTask(ctx, 'acknowledge', input.code, async (current) => {
    await mustConcern(ctx, actor, 'task.report', current);
    mustNotBeClosed(current);
    const by = await byOn(ctx, actor, current);
    const known = current.acknowledgements?.some((one) => one.by.name === by.name && one.by.personId === by.personId);
    if (known) return null;
    const acknowledgement = { by, at: ctx.clock.now(), cause: ctx.cause };
    return { ...(current.stage === 'new' ? { set: { stage: 'acknowledged' } } : {}), acknowledgement, intents: [] };
  });
  if (personId) await markAcknowledged(ctx, { taskCode: task.code, personId, kinds: ['task-assigned'] });
  if (before) await recordAudit(ctx, actor, { action: 'task.acknowledge', entity: 'task', entityKey: task.code, before: { stage: before.stage }, after: { stage: task.stage } });
  return task;
}
