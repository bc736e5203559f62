import { recordAudit } from '../audit/record-audit.js';
import type { Ctx } from '../context.js';
import { DomainError } from '../kernel/errors.js';
import type { Actor } from '../people/actor.js';
import { mustBeAllowed } from '../people/policy.js';
import { changeTask } from './change-task.js';
import { receiversOf, remindAtOnce } from './task-intents.js';
import { mustNotBeClosed } from './task-rights.js';
import type { Task } from './task.model.js';

/**
 * "Nhắc ngay": one reminder outside of the plan, which stands. Throws forbidden, task-unknown, task-closed,
 * task-awaits-confirmation, task-paused, changed-meanwhile.
 */
export async function remindNow(ctx: Ctx, actor: Actor, input: { code: string }): Promise<Task> {
  const { task } = await changeTask(ctx, 'remind', input.code, async (current, version) => {
    mustBeAllowed(actor, 'task.remind', current);
    mustNeedReminding(current);
    const to = await receiversOf(ctx, current);
    return { intents: [remindAtOnce(current, to, version, { cause: ctx.cause, at: ctx.clock.now() })] };
  });
  await recordAudit(ctx, actor, { action: 'task.remind', entity: 'task', entityKey: task.code, after: { stage: task.stage, dueAt: task.dueAt } });
  return task;
}

function mustNeedReminding(task: Task): void {
  mustNotBeClosed(task);
  if (task.stage === 'submitted') throw new DomainError('task-awaits-confirmation', { code: task.code });
  if (task.stage === 'paused') throw new DomainError('task-paused', { code: task.code });
}
