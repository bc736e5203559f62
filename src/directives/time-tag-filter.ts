import type { QueryFilter } from 'mongoose';
import { addDays, endOfDay, localDateOf } from '../kernel/local-date.js';
import type { WorkingCalendar } from '../kernel/working-calendar.js';
import { openStages, type Task } from './task.model.js';
import { DUE_SOON_WORKING_DAYS, type TimeTag } from './time-tag.js';

type Filter = QueryFilter<Task>;

/** The question to the database that finds exactly the tasks to which time-tag.ts gives `tag` (a test holds them equal). */
export function timeTagFilter(tag: TimeTag, now: Date, calendar: WorkingCalendar): Filter {
  const open = { $in: [...openStages] };
  const soonEnds = endOfLastSoonDay(now, calendar);
  const filters: Record<TimeTag, Filter> = {
    paused: { stage: 'paused' },
    'no-deadline': { $or: [{ stage: { $in: ['refused', 'revoked'] } }, { stage: 'completed', $or: [{ originalDueAt: null }, { completedAt: null }] }, { stage: { $nin: ['paused', 'completed'] }, dueAt: null }] },
    overdue: { $or: [{ stage: open, dueAt: { $lt: now, $ne: null } }, { stage: 'submitted', dueAt: { $ne: null }, $expr: { $gt: ['$submittedAt', '$dueAt'] } }] },
    'due-soon': { stage: open, dueAt: { $gte: now, $lte: soonEnds } },
    'on-track': { $or: [{ stage: open, dueAt: { $gt: soonEnds } }, { stage: 'submitted', dueAt: { $ne: null }, $expr: { $lte: ['$submittedAt', '$dueAt'] } }] },
    'on-time': { stage: 'completed', originalDueAt: { $ne: null }, completedAt: { $ne: null }, $expr: { $lte: ['$completedAt', '$originalDueAt'] } },
    late: { stage: 'completed', originalDueAt: { $ne: null }, completedAt: { $ne: null }, $expr: { $gt: ['$completedAt', '$originalDueAt'] } },
  };
  return filters[tag];
}

/** End of the last day that still lies within the near working days: days off after them belong to them. */
function endOfLastSoonDay(now: Date, calendar: WorkingCalendar): Date {
  const firstBeyond = calendar.addWorkingDays(localDateOf(now), DUE_SOON_WORKING_DAYS + 1);
  return endOfDay(addDays(firstBeyond, -1));
}
