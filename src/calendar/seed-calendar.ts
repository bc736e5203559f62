import type { Ctx } from '../context.js';
import type { CalendarDay } from '../kernel/working-calendar.js';
import { days2026, days2027 } from './known-days.js';

/**
 * Enters the days off known to this version, once per year of the calendar. Idempotent, and it never undoes the office's work:
 * a row they changed stays, a row they removed does not come back.
 */
export async function seedCalendar(ctx: Ctx): Promise<void> {
  await seedYear(ctx, 2026, { days: days2026, provisional: false });
  await seedYear(ctx, 2027, { days: days2027, provisional: true });
}

async function seedYear(ctx: Ctx, year: number, { days, provisional }: { days: readonly CalendarDay[]; provisional: boolean }): Promise<void> {
  const mark = `calendar-seed:${year}`;
  if (await ctx.db.State.exists({ _id: mark })) return;
  for (const { on, kind, note } of days) {
    await ctx.db.CalendarDay.updateOne({ on }, { $setOnInsert: { kind, note, provisional } }, { upsert: true });
  }
  await ctx.db.State.updateOne({ _id: mark }, { $set: { value: days.length, updatedAt: ctx.clock.now() } }, { upsert: true });
}
