import type { Ctx } from '../context.js';
import type { Delivery } from '../delivery/delivery.model.js';
import { saidAt, type Matters, type Standing } from '../delivery/edits/matters.js';
import type { Person } from '../people/person.model.js';
import { personActor } from '../people/receivers.js';
import { newTaskButtons, taskButtons } from '../texts/common-texts.js';
import type { Button } from '../texts/message.js';
import { taskStanding as texts } from '../texts/standing-texts.js';
import { isOpen } from './reminder-times.js';
import { taskMessageKinds } from './task-intents.js';
import { isClosed, mayConcern } from './task-rights.js';
import type { Task } from './task.model.js';

/** How messages about tasks ought to look once something has happened. Secret tasks say nothing, so nothing is edited. */
export const taskMatters: Matters = {
  field: 'taskCode',
  changed: async (ctx, limit) => {
    const tasks = await ctx.db.Task.find({ unshown: true }, { code: 1, version: 1 }).limit(limit).lean<Task[]>();
    return tasks.map(({ code, version }) => ({ code, stamp: version }));
  },
  settled: async (ctx, { code, stamp }) => void (await ctx.db.Task.updateOne({ code, version: stamp }, { $unset: { unshown: '' } })),
  standings: async (ctx, code, deliveries) => {
    const task = await ctx.db.Task.findOne({ code }).lean<Task>();
    if (!task || task.secret) return new Map();
    const mayRead = await readersOf(ctx, task, deliveries);
    const followed = deliveries.filter((delivery) => hadButtons(delivery) && mayRead.has(String(delivery.personId)));
    return new Map(followed.map((delivery) => [delivery._id.toString(), standingOf(task, delivery)]));
  },
};

const hadButtons = ({ kind, data }: Delivery): boolean => (kind === 'reply' ? Boolean(data['buttons']) : (taskMessageKinds as readonly string[]).includes(kind));

/** Whoever the task does not concern any more learns nothing new of it. */
async function readersOf(ctx: Ctx, task: Task, deliveries: readonly Delivery[]): Promise<Set<string>> {
  const ids = [...new Set(deliveries.flatMap(({ personId }) => (personId ? [personId] : [])))];
  const people = await ctx.db.Person.find({ _id: { $in: ids }, active: true }).lean<Person[]>();
  const may = await Promise.all(people.map((person) => mayConcern(ctx, personActor(person, 'telegram'), 'task.read', task)));
  return new Set(people.filter((_, i) => may[i]).map(({ _id }) => _id.toString()));
}

/** The last thing that happened after the words were chosen, and the buttons that still do something. Pure. */
export function standingOf(task: Task, delivery: Pick<Delivery, 'kind' | 'data' | 'attempts' | 'acceptedAt' | 'createdAt'>): Standing {
  const line = eventsOf(task).filter(({ at }) => at > saidAt(delivery)).sort((a, b) => a.at.getTime() - b.at.getTime()).at(-1)?.line ?? null;
  if (line === null) return { line, buttons: sentButtons(task, delivery) };
  return { line, buttons: isOpen(task.stage) ? sentButtons(task, delivery) : [details(task.code)] };
}

/** Of a task that was revoked or refused no moment is kept; it is the last thing that happened to it. */
const END_OF_TIME = new Date(8.64e15);

const details = (code: string): Button => ({ label: 'Chi tiết', command: `/chitiet ${code}` });

/** As the message was sent; a notice to the Office and a result that is confirmed only offer the details. */
function sentButtons(task: Task, { kind, data }: Pick<Delivery, 'kind' | 'data'>): Button[] {
  if (kind === 'reply' && typeof data['buttons'] === 'string') return JSON.parse(data['buttons']) as Button[];
  if (kind === 'task-assigned' && task.stage === 'new') return newTaskButtons(task.code);
  return kind === 'task-coordinating' || kind === 'task-progress' || kind === 'task-confirmed' ? [details(task.code)] : taskButtons(task.code);
}

function eventsOf(task: Task): { at: Date; line: string }[] {
  const progress = task.progress.map(({ at, stage, percent }) => ({ at, line: stage === 'submitted' ? texts.submitted(at) : stage === 'returned' ? texts.returned(at) : texts.reported(percent, at) }));
  const moves = task.extensions.map(({ at, toDueAt }) => ({ at, line: texts.moved(toDueAt, at) }));
  if (task.confirmedAt) return [...progress, ...moves, { at: task.confirmedAt, line: texts.confirmed(task.confirmedAt) }];
  return isClosed(task) ? [...progress, ...moves, { at: END_OF_TIME, line: texts.closed() }] : [...progress, ...moves];
}
