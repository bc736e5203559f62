import { DomainError } from '../kernel/errors.js';
import type { Actor } from '../people/actor.js';
import { can } from '../people/policy.js';
import type { Stage, Task } from './task.model.js';

const closedStages: readonly Stage[] = ['completed', 'refused', 'revoked'];

/** True where nothing more can be done with a task. */
export const isClosed = (task: Pick<Task, 'stage'>): boolean => closedStages.includes(task.stage);

/** Throws task-closed. */
export function mustNotBeClosed(task: Pick<Task, 'code' | 'stage'>): void {
  if (isClosed(task)) throw new DomainError('task-closed', { code: task.code });
}

/** The policy's answer on one task, as people of an agency understand it. Throws task-not-yours. */
export function mustConcern(actor: Actor, action: 'task.read' | 'task.report', task: Task): void {
  if (!can(actor, action, task)) throw new DomainError('task-not-yours', { code: task.code });
}
