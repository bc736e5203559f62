import { loadCalendar } from '../calendar/load-calendar.js';
import type { Ctx } from '../context.js';
import type { Intent } from '../delivery/intent.js';
import { localDateOf } from '../kernel/local-date.js';
import type { WorkingCalendar } from '../kernel/working-calendar.js';
import { latestReminder, nextReminder, type Reminder } from './reminder-times.js';
import { replanIfCalendarChanged } from './replan-reminders.js';
import { receiversOf, remind } from './task-intents.js';
import type { Task } from './task.model.js';

const BATCH = 200;

/**
 * Tick: asks the database which reminders are due, and for each task writes the reminder and the next slot in one update
 * that only one instance can win. Of several missed ones only the latest goes out. Returns how many reminders were written.
 */
export async function planReminders(ctx: Ctx): Promise<number> {
  const calendar = await loadCalendar(ctx);
  const now = ctx.clock.now();
  await replanIfCalendarChanged(ctx, calendar);
  let written = 0;
  for (;;) {
    const due = await ctx.db.Task.find({ nextReminderAt: { $lte: now, $ne: null } }).sort({ nextReminderAt: 1 }).limit(BATCH).lean<Task[]>();
    for (const task of due) written += await planOne(ctx, task, now, calendar);
    if (due.length < BATCH) break;
  }
  if (written > 0) ctx.wake('intents');
  return written;
}

async function planOne(ctx: Ctx, task: Task, now: Date, calendar: WorkingCalendar): Promise<number> {
  const next = nextReminder(task, now, calendar);
  const missed = worthSending(task, next, now, calendar);
  const intents: Intent[] = missed ? [remind(task, await receiversOf(ctx, task), missed.slot, missed.at)] : [];
  const result = await ctx.db.Task.updateOne(
    { _id: task._id, nextReminderAt: task.nextReminderAt, version: task.version },
    { $set: { nextReminderAt: next?.at ?? null, nextReminderSlot: next?.slot ?? null }, ...(intents.length > 0 ? { $push: { intents: { $each: intents } } } : {}) },
  );
  return result.modifiedCount === 1 && missed ? 1 : 0;
}

/**
 * The latest reminder due by now. None where the calendar has changed so that the planned one is void, or where it is from an
 * earlier day and another follows later today anyway.
 */
function worthSending(task: Task, next: Reminder | null, now: Date, calendar: WorkingCalendar): Reminder | null {
  const latest = latestReminder(task, now, calendar);
  if (!latest || (task.nextReminderAt && latest.at < task.nextReminderAt)) return null;
  const today = localDateOf(now);
  return next && localDateOf(latest.at) < today && localDateOf(next.at) === today ? null : latest;
}
