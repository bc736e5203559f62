import type { UpdateQuery } from 'mongoose';
import type { Ctx } from '../context.js';
import type { Intent } from '../delivery/intent.js';
import { DomainError } from '../kernel/errors.js';
import type { Acknowledgement, Extension, ProgressEntry, Task } from './task.model.js';

/** What a use case wants to change, with what follows from it: written together or not at all. */
export interface TaskChange {
  set?: Partial<Task>;
  progress?: ProgressEntry;
  extension?: Extension;
  acknowledgement?: Acknowledgement;
  intents: Intent[];
}

/** The task after the change; `before` is absent where nothing was changed: this cause had already been applied, or there was nothing to do. */
export interface Changed {
  task: Task;
  before?: Task;
}

const TRIES = 6;

/**
 * One change of one task in one atomic write, against the version it was decided on; a concurrent change makes it decide
 * again. A repeated (use case, cause) changes nothing, and neither does null. `decide` may throw a DomainError and then nothing is written.
 * Throws task-unknown, changed-meanwhile.
 */
export async function changeTask(ctx: Ctx, useCase: string, code: string, decide: (task: Task, version: number) => Promise<TaskChange | null> | TaskChange | null): Promise<Changed> {
  const mark = markOf(useCase, ctx.cause);
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const before = await loadTask(ctx, code);
    if (before.causes.includes(mark)) return { task: before };
    const change = await decide(before, before.version + 1);
    if (!change) return { task: before };
    const task = await ctx.db.Task.findOneAndUpdate(
      { _id: before._id, version: before.version, causes: { $ne: mark } },
      updateOf(change, before.version + 1, mark),
      { returnDocument: 'after' },
    ).lean<Task>();
    if (task) {
      ctx.wake('intents');
      return { task, before };
    }
  }
  throw new DomainError('changed-meanwhile', { code });
}

/** How a task remembers what was applied to it. */
export const markOf = (useCase: string, cause: string): string => `${useCase}:${cause}`;

/** A task by its official code. Throws task-unknown. */
export async function loadTask(ctx: Ctx, code: string): Promise<Task> {
  const task = await ctx.db.Task.findOne({ code }).lean<Task>();
  if (!task) throw new DomainError('task-unknown', { code });
  return task;
}

const updateOf = (change: TaskChange, version: number, mark: string): UpdateQuery<Task> => ({
  $set: { ...change.set, version, unshown: true },
  $push: {
    causes: mark,
    intents: { $each: change.intents },
    ...(change.progress ? { progress: change.progress } : {}),
    ...(change.extension ? { extensions: change.extension } : {}),
    ...(change.acknowledgement ? { acknowledgements: change.acknowledgement } : {}),
  },
});
