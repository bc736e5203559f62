import type { Ctx } from '../context.js';
import { workingCalendar, type WorkingCalendar } from '../kernel/working-calendar.js';
import type { CalendarDayRecord } from './calendar-day.model.js';

/** The office's working calendar as its table stands now. */
export async function loadCalendar(ctx: Ctx): Promise<WorkingCalendar> {
  return workingCalendar(await calendarDays(ctx));
}

/** The exceptions to Monday-to-Friday, oldest first; of one year, or all. */
export const calendarDays = (ctx: Ctx, year?: number): Promise<CalendarDayRecord[]> =>
  ctx.db.CalendarDay.find(year ? { on: { $gte: `${year}-01-01`, $lte: `${year}-12-31` } } : {})
    .sort({ on: 1 })
    .lean<CalendarDayRecord[]>()
    .exec();
