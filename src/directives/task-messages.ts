import { loadCalendar } from '../calendar/load-calendar.js';
import type { Ctx } from '../context.js';
import type { Delivery } from '../delivery/delivery.model.js';
import type { Rendered, Renderer, Renderers } from '../delivery/renderer.js';
import type { Person } from '../people/person.model.js';
import { agencyReader, type AgencyReader } from '../people/mailbox.js';
import { answersFor, withOfficerNow } from '../people/receivers.js';
import type { Message } from '../texts/message.js';
import { taskParams } from '../texts/template-params.js';
import * as texts from '../texts/task-texts.js';
import { isOpen, latestReminder } from './reminder-times.js';
import { isClosed } from './task-rights.js';
import type { TaskMessageKind } from './task-intents.js';
import type { Task } from './task.model.js';

/** A delivery with the facts it speaks of, as they are now. */
interface Facts extends texts.Moment {
  task: Task;
  /** Who reads: a person, or an agency through its mailbox. */
  reader: Reader;
  delivery: Delivery;
}

type Reader = AgencyReader | (Pick<Person, 'name' | 'position' | 'agencyCode'> & { person: Person });

/** What one kind of message says now, or why it says nothing any more. */
type Say = (ctx: Ctx, facts: Facts) => Message | string | Promise<Message | string>;

/** Says messages about tasks from the facts just before the call; each reason for silence is a fixed word for the ledger. */
export const taskRenderers: Renderers = {
  'task-assigned': toReceiver((_ctx, { task, reader, ...moment }) => (isClosed(task) ? 'task-finished' : texts.taskAssigned(task, reader, moment))),
  'task-coordinating': speaking(async (ctx, { task, reader, ...moment }) => {
    if (isClosed(task)) return 'task-finished';
    return task.coordinatingAgencyCodes.includes(reader.agencyCode) ? texts.taskCoordinating(task, reader, await agencyName(ctx, task.leadAgencyCode), moment) : 'reassigned';
  }),
  'task-reminder': toReceiver((_ctx, facts) => whyNoReminder(facts) ?? texts.taskReminder(facts.task, facts)),
  'task-deadline-moved': toReceiver((_ctx, { task, delivery, ...moment }) => {
    const extension = task.extensions.at(-1);
    if (isClosed(task)) return 'task-finished';
    return extension && sameDeadline(task, delivery) ? texts.taskDeadlineMoved(task, extension, moment) : 'superseded';
  }),
  'task-confirmed': toReceiver((_ctx, { task }) => (task.stage === 'completed' ? texts.taskConfirmed(task) : 'superseded')),
  'task-returned': toReceiver((_ctx, { task, ...moment }) => {
    const returned = task.progress.findLast((entry) => entry.stage === 'returned');
    return task.stage === 'returned' && returned ? texts.taskReturned(task, returned.note, moment) : 'superseded';
  }),
  'task-progress': speaking(async (ctx, { task, delivery, ...moment }) => {
    const entry = task.progress.find((one) => one.cause === delivery.data['cause']);
    return entry ? texts.taskProgress(task, entry, await agencyName(ctx, task.leadAgencyCode), moment) : 'superseded';
  }),
} satisfies Record<TaskMessageKind, Renderer>;

/** Finds the facts; a secret task says the same neutral sentence whatever happened. */
function speaking(say: Say): Renderer {
  return async (ctx, delivery, person): Promise<Rendered> => {
    const reader: Reader | null = person?.active ? { name: person.name, position: person.position, agencyCode: person.agencyCode, person } : await agencyReader(ctx, delivery.data);
    if (!reader) return { suppress: 'person-inactive' };
    const task = await ctx.db.Task.findOne({ code: String(delivery.data['taskCode']) }).lean<Task>();
    if (!task) return { suppress: 'task-unknown' };
    const moment = { now: ctx.clock.now(), calendar: await loadCalendar(ctx) };
    const said = await say(ctx, { task, reader, delivery, ...moment });
    if (typeof said === 'string') return { suppress: said };
    return { message: task.secret ? texts.secretNotice() : { ...said, thread: task.code, ...(person ? { params: taskParams(task, person, moment) } : {}) }, secret: task.secret };
  };
}

/** For the people who carry a task out, and their agency's mailbox: whoever is no longer one of them hears nothing. */
function toReceiver(say: Say): Renderer {
  return speaking(async (ctx, facts) => {
    const { task, reader } = facts;
    const [told = task] = await withOfficerNow(ctx, [task]);
    const concerned = reader.person ? answersFor(told, reader.person) : reader.agencyCode === task.leadAgencyCode;
    return concerned ? say(ctx, facts) : 'reassigned';
  });
}

/** Finished or waiting for the Office; re-dated since; or a later reminder has come due meanwhile. */
function whyNoReminder({ task, delivery, now, calendar }: Facts): string | undefined {
  if (!isOpen(task.stage)) return task.stage === 'paused' ? 'task-paused' : 'task-finished';
  if (!sameDeadline(task, delivery)) return 'superseded';
  const latest = latestReminder(task, now, calendar);
  const planned = new Date(String(delivery.data['at']));
  return latest && latest.at > planned ? 'stale' : undefined;
}

const sameDeadline = (task: Task, delivery: Delivery): boolean => (task.dueAt?.toISOString() ?? null) === (delivery.data['dueAt'] ?? null);

async function agencyName(ctx: Ctx, code: string): Promise<string> {
  const agency = await ctx.db.Agency.findOne({ code }).lean();
  return agency?.name ?? code;
}
