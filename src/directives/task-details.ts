import type { Ctx } from '../context.js';
import type { Actor } from '../people/actor.js';
import { personById } from '../people/receivers.js';
import { getTask } from './find-tasks.js';
import type { Task } from './task.model.js';

/** A task with the names behind its codes and ids, for people to read. */
export interface TaskDetails {
  task: Task;
  leadName: string;
  coordinatingNames: string[];
  officerName: string | null;
  monitorName: string | null;
  leaderName: string | null;
}

/** Throws task-unknown, task-not-yours. */
export async function taskDetails(ctx: Ctx, actor: Actor, code: string): Promise<TaskDetails> {
  const task = await getTask(ctx, actor, code);
  const codes = [task.leadAgencyCode, ...task.coordinatingAgencyCodes];
  const agencies = await ctx.db.Agency.find({ code: { $in: codes } }).lean();
  const nameOf = (agencyCode: string) => agencies.find((agency) => agency.code === agencyCode)?.name ?? agencyCode;
  const personName = async (id: Task['officerId']) => (id ? ((await personById(ctx, id))?.name ?? null) : null);
  return {
    task,
    leadName: nameOf(task.leadAgencyCode),
    coordinatingNames: task.coordinatingAgencyCodes.map(nameOf),
    officerName: await personName(task.officerId),
    monitorName: await personName(task.monitorId),
    leaderName: await personName(task.leaderId),
  };
}
