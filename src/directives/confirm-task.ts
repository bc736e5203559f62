import { recordAudit } from '../audit/record-audit.js';
import type { Ctx } from '../context.js';
import { DomainError } from '../kernel/errors.js';
import type { Actor } from '../people/actor.js';
import { mustBeAllowed } from '../people/policy.js';
import { changeTask } from './change-task.js';
import { receiversOf, tellConfirmed } from './task-intents.js';
import { mustNotBeClosed } from './task-rights.js';
import type { Task } from './task.model.js';

/**
 * The Office confirms a result: the only way to "completed". The date that counts is that of the last submission, not of
 * the confirmation. Throws forbidden, task-unknown, task-closed, task-not-submitted, changed-meanwhile.
 */
export async function confirmTask(ctx: Ctx, actor: Actor, input: { code: string }): Promise<Task> {
  const { task, before } = await changeTask(ctx, 'confirm', input.code, async (current, version) => {
    mustBeAllowed(actor, 'task.confirm', current);
    mustNotBeClosed(current);
    if (current.stage !== 'submitted') throw new DomainError('task-not-submitted', { code: current.code });
    const now = ctx.clock.now();
    return {
      set: { stage: 'completed', completedAt: current.submittedAt ?? now, confirmedAt: now, nextReminderAt: null, nextReminderSlot: null },
      intents: [tellConfirmed(current, await receiversOf(ctx, current), version)],
    };
  });
  await recordAudit(ctx, actor, {
    action: 'task.confirm', entity: 'task', entityKey: task.code,
    before: before ? { stage: before.stage } : null,
    after: { stage: task.stage, completedAt: task.completedAt },
  });
  return task;
}
