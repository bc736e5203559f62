import { localDateOf } from '../kernel/local-date.js';
import type { WorkingCalendar } from '../kernel/working-calendar.js';
import type { Task } from './task.model.js';

export const timeTags = ['on-track', 'due-soon', 'overdue', 'no-deadline', 'on-time', 'late', 'paused'] as const;
export type TimeTag = (typeof timeTags)[number];

/** A deadline is near from this many working days before its last day, that day itself included. */
export const DUE_SOON_WORKING_DAYS = 3;

export type TimeFacts = Pick<Task, 'stage' | 'dueAt' | 'originalDueAt' | 'completedAt' | 'submittedAt'>;

/**
 * The time side of a task, derived and never stored. Completed tasks are measured against the ORIGINAL deadline, so that an
 * extension does not turn late into on time; a result waiting for the Office stands where it stood when it was submitted.
 * The last day itself is still in time. Refused and revoked tasks count nowhere.
 */
export function timeTag(task: TimeFacts, now: Date, calendar: WorkingCalendar): TimeTag {
  if (task.stage === 'paused') return 'paused';
  if (task.stage === 'completed') return completionTag(task);
  if (!task.dueAt || task.stage === 'refused' || task.stage === 'revoked') return 'no-deadline';
  if (task.stage === 'submitted') return (task.submittedAt ?? now) > task.dueAt ? 'overdue' : 'on-track';
  if (now > task.dueAt) return 'overdue';
  const left = calendar.workingDaysBetween(localDateOf(now), localDateOf(task.dueAt));
  return left <= DUE_SOON_WORKING_DAYS ? 'due-soon' : 'on-track';
}

function completionTag(task: TimeFacts): TimeTag {
  if (!task.originalDueAt || !task.completedAt) return 'no-deadline';
  return task.completedAt <= task.originalDueAt ? 'on-time' : 'late';
}
