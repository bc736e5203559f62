import type { QueryFilter } from 'mongoose';
import { loadCalendar } from '../calendar/load-calendar.js';
import type { Ctx } from '../context.js';
import type { Actor } from '../people/actor.js';
import { taskScope, type Absent } from '../people/policy.js';
import { withOfficerNow } from '../people/receivers.js';
import { loadTask } from './change-task.js';
import { absentOn, actsFor } from './acts-for.js';
import { mustConcern } from './task-rights.js';
import { openStages, type Stage, type Task } from './task.model.js';
import { timeTagFilter } from './time-tag-filter.js';
import type { TimeTag } from './time-tag.js';

export interface TaskQuery {
  /** Lead agency. */
  agencyCode?: string;
  stage?: Stage;
  timeTag?: TimeTag;
  /** From 1. */
  page?: number;
  /** At most 100; 20 if absent. */
  pageSize?: number;
}

export interface TaskPage {
  tasks: Task[];
  total: number;
  page: number;
  pageSize: number;
}

/** A task as this actor may see it. Throws task-unknown, task-not-yours. */
export async function getTask(ctx: Ctx, actor: Actor, code: string): Promise<Task> {
  const task = await loadTask(ctx, code);
  await mustConcern(ctx, actor, 'task.read', task);
  return task;
}

/** A task the reader has to look after; `behalf`: in the place of somebody who is away. */
export interface OpenTask {
  task: Task;
  behalf: Absent | null;
}

/** The tasks of openTasksWithMarks alone. */
export const openTasksOf = async (ctx: Ctx, actor: Actor): Promise<Task[]> => (await openTasksWithMarks(ctx, actor)).map(({ task }) => task);

/**
 * The tasks on which this actor's people still have to act or wait for the Office, nearest deadline first: those of the own
 * agency (an officer: only the own ones and those without a named officer), those the person monitors or assigned, and those
 * that people away would be told of for whom the person acts now.
 */
export async function openTasksWithMarks(ctx: Ctx, actor: Actor): Promise<OpenTask[]> {
  const absent = await actsFor(ctx, actor);
  const standIns = await standInsOf(ctx, [...('agencyCode' in actor && actor.agencyCode ? [actor.agencyCode] : []), ...absent.map(({ agencyCode }) => agencyCode)]);
  const any = [...mineOf(actor, standIns), ...absent.map((one) => theirsOf(one, standIns))];
  if (any.length === 0) return [];
  const filter: QueryFilter<Task> = { stage: { $in: acting }, $or: any };
  const tasks = await withOfficerNow(ctx, await ctx.db.Task.find(filter).lean<Task[]>());
  return tasks.sort((a, b) => rank(a) - rank(b) || a.code.localeCompare(b.code)).map((task) => ({ task, behalf: absentOn(actor, task, absent) }));
}

const acting: Stage[] = [...openStages, 'submitted'];

/** Officers named on an agency's tasks who answer for them no longer, by agency: who does now; null: all its officers. */
type StandIns = ReadonlyMap<string, readonly { officerId: unknown; officerNow: string | null }[]>;

async function standInsOf(ctx: Ctx, agencyCodes: readonly string[]): Promise<StandIns> {
  const found = await Promise.all([...new Set(agencyCodes)].map(async (leadAgencyCode) => {
    const named = await ctx.db.Task.distinct('officerId', { leadAgencyCode, stage: { $in: acting }, officerId: { $ne: null } });
    const told = await withOfficerNow(ctx, named.flatMap((officerId) => (officerId ? [{ leadAgencyCode, officerId }] : [])));
    return [leadAgencyCode, told.filter(({ officerId, officerNow }) => officerNow !== String(officerId))] as const;
  }));
  return new Map(found);
}

/** Officers named on tasks of this agency that are told to this person instead; `null`: those that name nobody. */
const insteadOf = (standIns: StandIns, agencyCode: string, personId: string): unknown[] =>
  [null, ...(standIns.get(agencyCode) ?? []).filter(({ officerNow }) => officerNow === null || officerNow === personId).map(({ officerId }) => officerId)];

/** Says the same as answersFor, within their agency. */
const theirsOf = ({ _id, agencyCode, roles }: Absent, standIns: StandIns): QueryFilter<Task> =>
  roles.includes('leader')
    ? { leadAgencyCode: agencyCode }
    : ({ leadAgencyCode: agencyCode, officerId: roles.includes('officer') ? { $in: [_id, ...insteadOf(standIns, agencyCode, String(_id))] } : _id } as QueryFilter<Task>);

const rank = (task: Task): number => task.dueAt?.getTime() ?? Number.MAX_SAFE_INTEGER;

function mineOf(actor: Actor, standIns: StandIns): QueryFilter<Task>[] {
  if (actor.kind !== 'person' && actor.kind !== 'account') return [];
  const { agencyCode, personId } = actor;
  const whole = actor.kind === 'account' || actor.roles.includes('leader');
  const ofAgency = !agencyCode ? [] : whole ? [{ leadAgencyCode: agencyCode }] : [{ leadAgencyCode: agencyCode, officerId: { $in: insteadOf(standIns, agencyCode, personId ?? '') } } as QueryFilter<Task>];
  return [...ofAgency, ...(personId ? [{ officerId: personId }, { monitorId: personId }, { leaderId: personId }] : [])];
}

/** Tasks this actor may read, a page at a time, nearest deadline first and tasks without one last. */
export async function listTasks(ctx: Ctx, actor: Actor, query: TaskQuery): Promise<TaskPage> {
  const page = Math.max(1, Math.trunc(query.page ?? 1));
  const pageSize = Math.min(100, Math.max(1, Math.trunc(query.pageSize ?? 20)));
  const scope = taskScope(actor);
  if (!scope) return { tasks: [], total: 0, page, pageSize };
  const filter = await filterOf(ctx, query, scope);
  const total = await ctx.db.Task.countDocuments(filter);
  const dated = await ctx.db.Task.countDocuments({ $and: [filter, { dueAt: { $ne: null } }] });
  const from = (page - 1) * pageSize;
  const first = await slice(ctx, { $and: [filter, { dueAt: { $ne: null } }] }, from, pageSize);
  const rest = first.length < pageSize ? await slice(ctx, { $and: [filter, { dueAt: null }] }, Math.max(0, from - dated), pageSize - first.length) : [];
  return { tasks: [...first, ...rest], total, page, pageSize };
}

async function filterOf(ctx: Ctx, { agencyCode, stage, timeTag }: TaskQuery, scope: QueryFilter<Task>): Promise<QueryFilter<Task>> {
  const parts: QueryFilter<Task>[] = [scope];
  if (agencyCode) parts.push({ leadAgencyCode: agencyCode });
  if (stage) parts.push({ stage });
  if (timeTag) parts.push(timeTagFilter(timeTag, ctx.clock.now(), await loadCalendar(ctx)));
  return { $and: parts };
}

const slice = (ctx: Ctx, filter: QueryFilter<Task>, skip: number, limit: number): Promise<Task[]> =>
  ctx.db.Task.find(filter).sort({ dueAt: 1, code: 1 }).skip(skip).limit(limit).lean<Task[]>().exec();
