import type { Ctx } from '../context.js';
import { DomainError } from '../kernel/errors.js';
import type { Actor } from '../people/actor.js';
import { can } from '../people/policy.js';
import { withOfficerNow } from '../people/receivers.js';
import { actsFor } from './acts-for.js';
import type { Stage, Task } from './task.model.js';

const closedStages: readonly Stage[] = ['completed', 'refused', 'revoked'];

/** True where nothing more can be done with a task. */
export const isClosed = (task: Pick<Task, 'stage'>): boolean => closedStages.includes(task.stage);

/** Throws task-closed. */
export function mustNotBeClosed(task: Pick<Task, 'code' | 'stage'>): void {
  if (isClosed(task)) throw new DomainError('task-closed', { code: task.code });
}

type Asked = 'task.read' | 'task.report';

/** The policy's answer on one task at this moment, with what the actor may do for people who are away. */
export async function mayConcern(ctx: Ctx, actor: Actor, action: Asked, task: Task): Promise<boolean> {
  if (can(actor, action, task)) return true;
  const absent = await actsFor(ctx, actor);
  const [told = task] = absent.length > 0 ? await withOfficerNow(ctx, [task]) : [];
  return can(actor, action, { ...told, actsFor: absent });
}

/** The same, as people of an agency understand it. Throws task-not-yours, task-given (whoever gave it does not report on it). */
export async function mustConcern(ctx: Ctx, actor: Actor, action: Asked, task: Task): Promise<void> {
  if (await mayConcern(ctx, actor, action, task)) return;
  const gave = action === 'task.report' && actor.kind === 'person' && task.leaderId?.toString() === actor.personId;
  if (!gave) throw new DomainError('task-not-yours', { code: task.code });
  const lead = await ctx.db.Agency.findOne({ code: task.leadAgencyCode }, { name: 1 }).lean();
  throw new DomainError('task-given', { code: task.code, lead: lead?.name ?? task.leadAgencyCode });
}
