import { afterEach, beforeEach, expect, test } from 'vitest';
import { calendarDays, loadCalendar } from '../../src/calendar/load-calendar.js';
import { seedCalendar } from '../../src/calendar/seed-calendar.js';
import { removeCalendarDay, setCalendarDay } from '../../src/calendar/set-calendar-day.js';
import { because, type Ctx } from '../../src/context.js';
import type { Actor } from '../../src/people/actor.js';
import { testCtx } from '../support/test-ctx.js';

const office: Actor = { kind: 'account', accountId: 'a', name: 'Văn phòng', role: 'office', agencyCode: null, personId: null };
const leader: Actor = { ...office, role: 'leader' };
let ctx: Ctx;
let close: () => Promise<void>;

beforeEach(async () => {
  ({ ctx, close } = await testCtx());
  await seedCalendar(ctx);
});
afterEach(() => close());

test('the known days are there from the start; 2027 is marked provisional', async () => {
  const calendar = await loadCalendar(ctx);
  expect([calendar.isWorkingDay('2026-11-24'), calendar.isWorkingDay('2026-08-22'), calendar.isWorkingDay('2027-02-08')]).toEqual([false, true, false]);
  expect((await calendarDays(ctx, 2026)).every((day) => !day.provisional)).toBe(true);
  expect((await calendarDays(ctx, 2027)).every((day) => day.provisional)).toBe(true);
});

test('what the office changed or removed survives the next start', async () => {
  const before = await ctx.db.CalendarDay.countDocuments();
  await setCalendarDay(because(ctx, 'a1'), office, { on: '2027-09-03', kind: 'worked', note: 'Theo thông báo' });
  await removeCalendarDay(because(ctx, 'a2'), office, { on: '2027-02-11' });
  await seedCalendar(ctx);
  const calendar = await loadCalendar(ctx);
  expect([calendar.isWorkingDay('2027-09-03'), calendar.isWorkingDay('2027-02-11')]).toEqual([true, true]);
  expect(await ctx.db.CalendarDay.countDocuments()).toBe(before - 1);
});

test('every change is in the book with what was there before, once per cause', async () => {
  const own = because(ctx, 'a3');
  for (let run = 0; run < 2; run++) await setCalendarDay(own, office, { on: '2026-11-23', kind: 'off', note: 'Nghỉ hoán đổi' });
  await setCalendarDay(because(ctx, 'a4'), office, { on: '2026-11-23', kind: 'off', note: 'Nghỉ hoán đổi, Công văn mới' });
  const lines = await ctx.db.AuditEntry.find({ entityKey: '2026-11-23' }).sort({ at: 1, _id: 1 }).lean();
  expect(lines).toMatchObject([
    { cause: 'a3', by: { name: 'Văn phòng', channel: 'web' }, before: null, after: { kind: 'off', note: 'Nghỉ hoán đổi' } },
    { cause: 'a4', before: { note: 'Nghỉ hoán đổi' }, after: { note: 'Nghỉ hoán đổi, Công văn mới' } },
  ]);
});

test('only real days, and only by those who keep the calendar', async () => {
  await expect(setCalendarDay(ctx, office, { on: '2026-02-30', kind: 'off', note: 'x' })).rejects.toMatchObject({ code: 'input-invalid', params: { path: 'on' } });
  await expect(setCalendarDay(ctx, leader, { on: '2026-11-23', kind: 'off', note: 'x' })).rejects.toMatchObject({ code: 'forbidden' });
  await expect(removeCalendarDay(ctx, leader, { on: '2026-11-24' })).rejects.toMatchObject({ code: 'forbidden' });
});
