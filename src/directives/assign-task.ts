import { recordAudit } from '../audit/record-audit.js';
import { loadCalendar } from '../calendar/load-calendar.js';
import type { Ctx } from '../context.js';
import { isDuplicateKey } from '../db/counters.js';
import { DomainError } from '../kernel/errors.js';
import type { Actor } from '../people/actor.js';
import { factId } from '../people/fact-id.js';
import { mustBeAllowed } from '../people/policy.js';
import { markOf } from './change-task.js';
import type { Directive } from './directive.model.js';
import { checkTask, newTask } from './new-task.js';
import { loadRoster } from './roster.js';
import { takeTaskCodes } from './task-codes.js';
import type { TaskInput } from './task-input.js';
import type { Task } from './task.model.js';

export type AssignInput = TaskInput & { directiveId: string; askIfPast?: boolean };

/**
 * One more task on a document already entered. One insert holds the task, its first reminder and the message of its
 * assignment. The same cause again gives the same task. Throws forbidden, directive-unknown and what new-task.ts throws.
 */
export async function assignTask(ctx: Ctx, actor: Actor, input: AssignInput): Promise<Task> {
  mustBeAllowed(actor, 'task.assign');
  const id = factId(ctx.cause, 'task', input.directiveId);
  const task = (await ctx.db.Task.findById(id).lean<Task>()) ?? (await insert(ctx, id, input));
  const { code, content, leadAgencyCode, coordinatingAgencyCodes, dueOn, dueAt, directive } = task;
  const after = { document: directive.symbol, content: task.secret ? null : content, leadAgencyCode, coordinatingAgencyCodes, dueOn, dueAt };
  await recordAudit(ctx, actor, { action: 'task.assign', entity: 'task', entityKey: code, after });
  ctx.wake('intents');
  return task;
}

async function insert(ctx: Ctx, id: string, input: AssignInput): Promise<Task> {
  const directive = /^[0-9a-f]{24}$/i.test(input.directiveId) ? await ctx.db.Directive.findById(input.directiveId).lean<Directive>() : null;
  if (!directive) throw new DomainError('directive-unknown', { path: 'directiveId' });
  const calendar = await loadCalendar(ctx);
  const roster = await loadRoster(ctx, [input]);
  const checked = checkTask(input, { issuedOn: directive.issuedOn, calendar, roster, now: ctx.clock.now(), path: '', askIfPast: input.askIfPast ?? false });
  const [code = ''] = await takeTaskCodes(ctx, 1);
  try {
    await ctx.db.Task.create(newTask(ctx, directive, checked, { id, code, mark: markOf('assign', ctx.cause), calendar, roster }));
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
  }
  return ctx.db.Task.findById(id).orFail().lean<Task>();
}
