import { recordAudit } from '../audit/record-audit.js';
import { loadCalendar } from '../calendar/load-calendar.js';
import type { Ctx } from '../context.js';
import { isDuplicateKey } from '../db/counters.js';
import { DomainError } from '../kernel/errors.js';
import type { WorkingCalendar } from '../kernel/working-calendar.js';
import type { Actor } from '../people/actor.js';
import { factId } from '../people/fact-id.js';
import { mustBeAllowed } from '../people/policy.js';
import { markOf } from './change-task.js';
import { checkDirective, identityOf, type CheckedDirective, type DirectiveIdentity } from './check-directive.js';
import { objectId, type Directive } from './directive.model.js';
import { materialize } from './materialize-tasks.js';
import { newTask } from './new-task.js';
import { expectedOf, mustBeMeant } from './preview-directive.js';
import { loadRoster, type Roster } from './roster.js';
import type { DirectiveInput } from './task-input.js';
import { takeTaskCodes } from './task-codes.js';
import type { Task } from './task.model.js';

/**
 * Enters a document with its tasks, all or nothing: the one insert of the document holds every task, numbered and ready;
 * they are copied to their own collection right after, or by the tick `materializeTasks` if this process stops.
 * The same cause again gives the same result. Throws forbidden, directive-exists, past-due-unconfirmed (`countIfPast`) and what check-directive.ts throws.
 */
export async function createDirective(ctx: Ctx, actor: Actor, input: DirectiveInput): Promise<{ directive: Directive; tasks: Task[] }> {
  mustBeAllowed(actor, 'directive.write');
  const identity = identityOf(input);
  const directive = (await existing(ctx, identity)) ?? (await insert(ctx, identity, input));
  if (directive.cause !== ctx.cause) throw new DomainError('directive-exists', { path: 'symbol', symbol: identity.symbol, year: identity.year });
  await materialize(ctx, directive);
  const tasks = await ctx.db.Task.find({ directiveId: directive._id, causes: markOf('create-directive', ctx.cause) }).sort({ code: 1 }).lean<Task[]>();
  const { symbol, agencyCode, issuedOn, kind, urgency, secret } = directive;
  const after = { symbol, agencyCode, issuedOn, kind, urgency, secret, tasks: tasks.map((task) => task.code) };
  await recordAudit(ctx, actor, { action: 'directive.create', entity: 'directive', entityKey: directive._id.toString(), after });
  return { directive: { ...directive, drafts: [] }, tasks };
}

const existing = (ctx: Ctx, { symbol, agencyCode, year }: DirectiveIdentity): Promise<Directive | null> =>
  ctx.db.Directive.findOne({ symbol, agencyCode, year }).lean<Directive>().exec();

async function insert(ctx: Ctx, identity: DirectiveIdentity, input: DirectiveInput): Promise<Directive> {
  const calendar = await loadCalendar(ctx);
  const roster = await loadRoster(ctx, input.tasks, input.agencyCode);
  const checked = checkDirective(input, { roster, calendar, now: ctx.clock.now() });
  if (input.countIfPast) mustBeMeant(expectedOf(ctx, checked, { calendar, roster }));
  const _id = objectId(factId(ctx.cause, 'directive', identity.agencyCode, identity.symbol, String(identity.year)));
  const { tasks: _tasks, ...facts } = checked;
  const bare: Directive = { _id, ...identity, ...facts, drafts: [], createdAt: ctx.clock.now(), cause: ctx.cause };
  const drafts = await draftsOf(ctx, bare, checked, { calendar, roster });
  try {
    await ctx.db.Directive.create({ ...bare, drafts });
  } catch (error) {
    // Somebody entered the same document in the same moment: the caller sees whose cause it was.
    if (!isDuplicateKey(error)) throw error;
  }
  return ctx.db.Directive.findOne({ symbol: identity.symbol, agencyCode: identity.agencyCode, year: identity.year }).orFail().lean<Directive>();
}

async function draftsOf(ctx: Ctx, directive: Directive, checked: CheckedDirective, known: { calendar: WorkingCalendar; roster: Roster }): Promise<Task[]> {
  const codes = await takeTaskCodes(ctx, checked.tasks.length);
  const mark = markOf('create-directive', ctx.cause);
  return checked.tasks.map((task, i) => newTask(ctx, directive, task, { id: factId(directive._id.toString(), 'task', String(i)), code: codes[i] ?? '', mark, ...known }));
}
