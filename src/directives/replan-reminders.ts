import { createHash } from 'node:crypto';
import { calendarDays } from '../calendar/load-calendar.js';
import type { Ctx } from '../context.js';
import type { WorkingCalendar } from '../kernel/working-calendar.js';
import { nextReminder } from './reminder-times.js';
import { openStages, type Task } from './task.model.js';

const MARK = 'reminders:calendar';

/**
 * A day declared off or worked moves reminders planned around it. Noticed by the calendar's fingerprint, so that it happens
 * whoever changed the calendar and survives a crash: the mark is set last. A slot already sent keeps its key and stays sent.
 */
export async function replanIfCalendarChanged(ctx: Ctx, calendar: WorkingCalendar): Promise<void> {
  const days = (await calendarDays(ctx)).map(({ on, kind }) => `${on} ${kind}`);
  const fingerprint = createHash('sha256').update(days.join('\n')).digest('hex');
  const seen = await ctx.db.State.findById(MARK).lean();
  if (seen?.value === fingerprint) return;
  await replanAll(ctx, calendar);
  await ctx.db.State.updateOne({ _id: MARK }, { $set: { value: fingerprint, updatedAt: ctx.clock.now() } }, { upsert: true });
}

async function replanAll(ctx: Ctx, calendar: WorkingCalendar): Promise<void> {
  const now = ctx.clock.now();
  const ahead = { stage: { $in: [...openStages] }, nextReminderAt: { $gt: now } };
  const tasks = await ctx.db.Task.find(ahead).select({ stage: 1, dueAt: 1, dueByHour: 1, acknowledgements: 1, nextReminderAt: 1, version: 1 }).lean<Task[]>();
  for (const { _id, version, nextReminderAt, ...facts } of tasks) {
    const next = nextReminder(facts, now, calendar);
    if (next?.at.getTime() === nextReminderAt?.getTime()) continue;
    await ctx.db.Task.updateOne({ _id, version, nextReminderAt }, { $set: { nextReminderAt: next?.at ?? null, nextReminderSlot: next?.slot ?? null } });
  }
}
