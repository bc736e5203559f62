import type { Ctx } from '../context.js';
import type { Intent } from '../delivery/intent.js';
import { fold } from '../kernel/fold.js';
import type { WorkingCalendar } from '../kernel/working-calendar.js';
import { mailboxOf } from '../people/mailbox.js';
import { checkPeople } from './check-people.js';
import { mustBeText } from './clean-text.js';
import { objectId, type Directive } from './directive.model.js';
import { mustFollow, mustLieAhead, readDue, type Due } from './due.js';
import { nextReminder } from './reminder-times.js';
import type { Roster } from './roster.js';
import { tellAssigned, tellCoordinating } from './task-intents.js';
import type { TaskInput } from './task-input.js';
import type { Task } from './task.model.js';

/** A task input whose every field has been checked. */
export interface CheckedTask {
  input: TaskInput;
  content: string;
  due: Due;
}

/** Checks one task of a document issued on `issuedOn`. Throws DomainErrors whose path begins with `path`; writes nothing. */
export function checkTask(input: TaskInput, at: { issuedOn: string; calendar: WorkingCalendar; roster: Roster; now: Date; path: string; askIfPast: boolean }): CheckedTask {
  const content = mustBeText(input.content, `${at.path}content`, 10_000);
  const due = readDue(input, at.calendar, at.path);
  mustFollow(due, at.issuedOn, at.path);
  if (at.askIfPast) mustLieAhead(due, at.now, at.path);
  checkPeople(at.roster, input, at.path);
  return { input, content, due };
}

type Source = Pick<Directive, '_id' | 'symbol' | 'kind' | 'issuedOn' | 'summary' | 'urgency' | 'secret'>;

/** A new task as it will stand in the database, carrying the message of its assignment. `id`: 24 hex digits derived from the cause. */
export function newTask(ctx: Ctx, directive: Source, checked: CheckedTask, is: { id: string; code: string; mark: string; calendar: WorkingCalendar; roster: Roster }): Task {
  const { input, content, due } = checked;
  const now = ctx.clock.now();
  const { symbol, kind, issuedOn, summary, urgency, secret } = directive;
  const reminder = nextReminder({ stage: 'new', ...due }, now, is.calendar);
  const task: Task = {
    _id: objectId(is.id), code: is.code, directiveId: directive._id, directive: { symbol, kind, issuedOn, summary },
    content, contentFold: fold(content), urgency, secret, leadAgencyCode: input.leadAgencyCode,
    coordinatingAgencyCodes: [...new Set(input.coordinatingAgencyCodes ?? [])],
    officerId: idOf(input.officerId), monitorId: idOf(input.monitorId), leaderId: idOf(input.leaderId),
    ...due, originalDueOn: due.dueOn, originalDueAt: due.dueAt,
    stage: 'new', percent: 0, assignedAt: now, submittedAt: null, completedAt: null, confirmedAt: null, version: 1, progress: [], extensions: [],
    nextReminderAt: reminder?.at ?? null, nextReminderSlot: reminder?.slot ?? null, causes: [is.mark], intents: [],
  };
  return { ...task, intents: intentsOf(task, is.roster) };
}

/** The lead agency is told to act, the coordinating ones are told once for information. */
function intentsOf(task: Task, roster: Roster): Intent[] {
  const lead = roster.receiversOf(task.leadAgencyCode, task.officerId?.toString());
  const others = [...new Set(task.coordinatingAgencyCodes.flatMap((code) => roster.receiversOf(code)))].filter((id) => !lead.includes(id));
  const toLead = [...lead.map(asRecipient), ...mailboxOf(roster.agency(task.leadAgencyCode))];
  const toOthers = [...others.map(asRecipient), ...task.coordinatingAgencyCodes.flatMap((code) => mailboxOf(roster.agency(code)))];
  return [tellAssigned(task, toLead), ...(toOthers.length > 0 ? [tellCoordinating(task, toOthers)] : [])];
}

const asRecipient = (personId: string) => ({ personId });

const idOf = (id: string | undefined): Task['officerId'] => (id ? objectId(id) : null);
