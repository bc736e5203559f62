import type { Intent, Lane, Recipient } from '../delivery/intent.js';
import type { Ctx } from '../context.js';
import type { Agency } from '../people/agency.model.js';
import { mailboxOf } from '../people/mailbox.js';
import { taskReceiverIds } from '../people/receivers.js';
import { urgentReminderAt } from './reminder-times.js';
import type { Task } from './task.model.js';

export const taskMessageKinds = ['task-assigned', 'task-coordinating', 'task-reminder', 'task-progress', 'task-deadline-moved', 'task-confirmed', 'task-returned'] as const;
export type TaskMessageKind = (typeof taskMessageKinds)[number];

type Facts = Pick<Task, 'code' | 'urgency' | 'dueAt'>;

/** Hỏa tốc overtakes everything and passes quiet hours; the rest waits its turn. */
const laneOf = (task: Pick<Task, 'urgency'>): Lane => (task.urgency === 'express' ? 'urgent' : 'normal');

/** People who carry a task out, the lead agency's leaders and its officer; and the agency's mailbox. */
export async function receiversOf(ctx: Ctx, task: Pick<Task, 'leadAgencyCode' | 'officerId'>): Promise<Recipient[]> {
  const people = (await taskReceiverIds(ctx, task)).map((personId) => ({ personId }));
  return [...people, ...mailboxOf(await ctx.db.Agency.findOne({ code: task.leadAgencyCode }).lean<Agency>())];
}

/** The Office: the monitoring officer if one is named, else all its staff. */
export const theOffice = (task: Pick<Task, 'monitorId'>): Recipient[] => [
  task.monitorId ? { office: true, monitorId: task.monitorId.toString() } : { office: true },
];

/** What follows from a fact of a task. `version` is the task's version once the fact is written. */
function intentOf(task: Facts, kind: TaskMessageKind, key: string, more: { to: Recipient[]; version: number; asked: Intent['asked'] | null; data?: Intent['data'] }): Intent {
  const data = { taskCode: task.code, version: more.version, dueAt: task.dueAt?.toISOString() ?? null, ...more.data };
  return { key, kind, to: more.to, lane: laneOf(task), data, ...(more.asked ? { asked: more.asked } : {}) };
}

export const tellAssigned = (task: Facts, to: Recipient[]): Intent =>
  intentOf(task, 'task-assigned', `assign:${task.code}`, { to, version: 1, asked: 'by-day' });

/** Once, for information: reminders go to the lead agency only. */
export const tellCoordinating = (task: Facts, to: Recipient[]): Intent =>
  intentOf(task, 'task-coordinating', `coordinate:${task.code}`, { to, version: 1, asked: 'by-day' });

/**
 * `at`: when the reminder was due; a newer one makes it stale. A deadline by the hour does not wait for a working day. Those of
 * the day travel in each person's digest; what is due within hours, and hỏa tốc, goes alone.
 */
export function remind(task: Facts & Pick<Task, 'version' | 'dueByHour'>, to: Recipient[], slot: string, at: Date): Intent {
  const data = { slot, at: at.toISOString() };
  const intent = intentOf(task, 'task-reminder', `remind:${task.code}:v${task.version}:${slot}`, { to, version: task.version, asked: task.dueByHour ? 'by-day' : null, data });
  if (slot.endsWith('h')) return intent;
  return intent.lane === 'urgent' ? { ...intent, notBefore: urgentReminderAt(at) } : { ...intent, lane: 'digest' };
}

/** A reminder somebody asked for; one per cause. */
export const remindAtOnce = (task: Facts, to: Recipient[], version: number, asked: { cause: string; at: Date }): Intent =>
  intentOf(task, 'task-reminder', `remind-now:${task.code}:${asked.cause}`, { to, version, asked: 'now', data: { slot: 'now', at: asked.at.toISOString() } });

/** `cause` finds the entry again. */
export const tellProgress = (task: Facts & Pick<Task, 'monitorId'>, version: number, cause: string): Intent =>
  intentOf(task, 'task-progress', `progress:${task.code}:v${version}`, { to: theOffice(task), version, asked: 'by-day', data: { cause } });

export const tellDeadlineMoved = (task: Facts, to: Recipient[], version: number): Intent =>
  intentOf(task, 'task-deadline-moved', `due:${task.code}:v${version}`, { to, version, asked: 'by-day' });

export const tellConfirmed = (task: Facts, to: Recipient[], version: number): Intent =>
  intentOf(task, 'task-confirmed', `confirm:${task.code}:v${version}`, { to, version, asked: 'by-day' });

export const tellReturned = (task: Facts, to: Recipient[], version: number): Intent =>
  intentOf(task, 'task-returned', `return:${task.code}:v${version}`, { to, version, asked: 'by-day' });
