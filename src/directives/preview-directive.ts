import { loadCalendar } from '../calendar/load-calendar.js';
import type { Ctx } from '../context.js';
import { DomainError } from '../kernel/errors.js';
import type { WorkingCalendar } from '../kernel/working-calendar.js';
import type { Actor } from '../people/actor.js';
import { mustBeAllowed } from '../people/policy.js';
import { checkDirective, identityOf, type CheckedDirective } from './check-directive.js';
import { objectId } from './directive.model.js';
import { newTask } from './new-task.js';
import { loadRoster, type Roster } from './roster.js';
import type { DirectiveInput } from './task-input.js';

/** What entering a document would set off. */
export interface Expected {
  tasks: number;
  /** Tasks whose deadline is over already: their agencies are urged every working day from now on. */
  pastDue: number;
  /** Messages planned at once, one for each person and each mailbox told. */
  messages: number;
}

/**
 * A dry run of createDirective: checks everything, writes nothing, sends nothing. Throws what createDirective throws, also
 * directive-exists.
 */
export async function previewDirective(ctx: Ctx, actor: Actor, input: DirectiveInput): Promise<Expected> {
  mustBeAllowed(actor, 'directive.write');
  const { symbol, agencyCode, year } = identityOf(input);
  if (await ctx.db.Directive.exists({ symbol, agencyCode, year })) throw new DomainError('directive-exists', { path: 'symbol', symbol, year });
  const calendar = await loadCalendar(ctx);
  const roster = await loadRoster(ctx, input.tasks, input.agencyCode);
  return expectedOf(ctx, checkDirective(input, { roster, calendar, now: ctx.clock.now() }), { calendar, roster });
}

/** The same for a document in hand, by building its tasks as they would be written. */
export function expectedOf(ctx: Ctx, checked: CheckedDirective, known: { calendar: WorkingCalendar; roster: Roster }): Expected {
  const now = ctx.clock.now();
  const id = '0'.repeat(24);
  const source = { ...checked, _id: objectId(id), symbol: '', issuedOn: '' };
  const tasks = checked.tasks.map((task) => newTask(ctx, source, task, { id, code: '', mark: '', ...known }));
  return {
    tasks: tasks.length,
    pastDue: tasks.filter(({ dueAt }) => dueAt && dueAt < now).length,
    messages: tasks.flatMap(({ intents }) => intents).reduce((sum, { to }) => sum + to.length, 0),
  };
}

/** Throws past-due-unconfirmed where deadlines are over: somebody has to say that these messages are meant. */
export function mustBeMeant({ pastDue, messages }: Expected): void {
  if (pastDue > 0) throw new DomainError('past-due-unconfirmed', { path: 'acceptPastDue', pastDue, messages });
}
