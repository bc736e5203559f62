import { addDays, formatTime, instantAt, localDateOf } from '../../kernel/local-date.js';
import type { WorkingCalendar } from '../../kernel/working-calendar.js';
import type { Delivery } from '../delivery.model.js';
import type { DeliveryPolicy } from '../policy.js';

type Quiet = NonNullable<DeliveryPolicy['quiet']>;

/** Quiet hours hold back ordinary notices only: urgent matters pass, and so do answers to somebody who has just written. */
export const quietApplies = (delivery: Pick<Delivery, 'lane' | 'chat' | 'asked'>): boolean =>
  delivery.lane !== 'urgent' && delivery.chat === null && delivery.asked !== 'now';

/** What a person did just now need not wait for a working day, only for the morning. */
export const quietFor = (delivery: Pick<Delivery, 'asked'>, quiet: Quiet): Quiet => (delivery.asked === 'by-day' ? { ...quiet, daysOff: false } : quiet);

/** When the quiet time that covers `now` ends; null where it is not quiet. Exact to the millisecond: 21:00:00.000 is quiet, 06:30:00.000 is not. */
export function quietUntil(now: Date, quiet: Quiet, calendar: WorkingCalendar): Date | null {
  const today = localDateOf(now);
  const dayOff = quiet.daysOff && !calendar.isWorkingDay(today);
  if (!dayOff && !inHours(formatTime(now), quiet)) return null;
  let day = instantAt(today, quiet.to) > now ? today : addDays(today, 1);
  if (quiet.daysOff) day = calendar.rollForward(day);
  return instantAt(day, quiet.to);
}

const inHours = (time: string, { from, to }: Quiet): boolean => (from <= to ? time >= from && time < to : time >= from || time < to);
