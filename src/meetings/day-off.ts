import { calendarDays } from '../calendar/load-calendar.js';
import type { Ctx } from '../context.js';
import { DomainError } from '../kernel/errors.js';
import { formatWeekday, localDateOf, weekdayOf } from '../kernel/local-date.js';
import { workingCalendar } from '../kernel/working-calendar.js';

/** Why nobody works on this day ("YYYY-MM-DD" in Vietnam): the office's own note, or that it is a weekend; null for working days. */
export async function dayOffNote(ctx: Ctx, on: string): Promise<string | null> {
  const days = await calendarDays(ctx);
  if (workingCalendar(days).isWorkingDay(on)) return null;
  return days.find((day) => day.on === on)?.note.trim() || (weekdayOf(on) > 5 ? 'cuối tuần' : 'theo lịch làm việc');
}

/** A meeting on a day off is not forbidden, but whoever enters it is asked whether that is meant. Throws meeting-day-off. */
export async function askAboutDayOff(ctx: Ctx, startsAt: Date): Promise<void> {
  const on = localDateOf(startsAt);
  const note = await dayOffNote(ctx, on);
  if (note !== null) throw new DomainError('meeting-day-off', { day: formatWeekday(on), note });
}
