import type { Ctx } from '../../src/context.js';
import { openTasksOf } from '../../src/directives/find-tasks.js';
import type { Task } from '../../src/directives/task.model.js';
import { numbered } from '../../src/kernel/ids.js';
import { yearOf } from '../../src/kernel/local-date.js';
import type { Actor } from '../../src/people/actor.js';
import type { TaskRef } from './task-code.js';

/** An official code as people would name it. */
export function refOf(code: string): TaskRef | undefined {
  const parts = /^NV-(\d{4})-0*(\d+)$/.exec(code);
  return parts ? { number: Number(parts[2]), year: Number(parts[1]) } : undefined;
}

/**
 * The official code people mean by "NV-12": the person's own open task of that number, whatever its year; else this year's.
 * Several tasks where more than one year has such a task open.
 */
export async function resolveRef(ctx: Ctx, actor: Actor, ref: TaskRef): Promise<{ code: string } | { several: Task[] }> {
  if (ref.year) return { code: numbered('NV', ref.year, ref.number) };
  const own = (await openTasksOf(ctx, actor)).filter((task) => refOf(task.code)?.number === ref.number);
  const [only] = own;
  if (own.length > 1) return { several: own };
  return { code: only?.code ?? numbered('NV', yearOf(ctx.clock.now()), ref.number) };
}
