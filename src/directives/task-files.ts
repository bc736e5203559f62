import type { Ctx } from '../context.js';
import type { StoredFile } from '../files/file.model.js';
import { filesOf } from '../files/read-file.js';
import { DomainError } from '../kernel/errors.js';
import type { Actor } from '../people/actor.js';
import { can } from '../people/policy.js';
import { getTask } from './find-tasks.js';
import { objectId } from './directive.model.js';
import type { Task } from './task.model.js';

/** The files of a task's document and of the reports on it, oldest first. */
export async function taskFiles(ctx: Ctx, task: Pick<Task, 'code' | 'directiveId'>): Promise<StoredFile[]> {
  const [given, reported] = await Promise.all([filesOf(ctx, 'directive', [task.directiveId.toString()]), filesOf(ctx, 'progress', [task.code])]);
  return [...given, ...reported];
}

/** Throws unless this actor may read what the file belongs to: task-unknown, task-not-yours, forbidden. */
export async function mustReadTaskFile(ctx: Ctx, actor: Actor, { owner }: StoredFile): Promise<void> {
  if (owner.kind === 'progress') return void (await getTask(ctx, actor, owner.code));
  const tasks = await ctx.db.Task.find({ directiveId: objectId(owner.code) }).lean<Task[]>();
  if (!can(actor, 'task.read') && !tasks.some((task) => can(actor, 'task.read', task))) throw new DomainError('forbidden', { action: 'task.read' });
}
