import { addDays, formatTime, instantAt, localDateOf } from '../../kernel/local-date.js';
import type { WorkingCalendar } from '../../kernel/working-calendar.js';
import type { OwnHours } from '../../people/own-hours.js';
import { mailboxAgency } from '../agency-copy.js';
import type { Delivery } from '../delivery.model.js';
import type { DeliveryPolicy } from '../policy.js';

type Quiet = NonNullable<DeliveryPolicy['quiet']>;

/** Quiet hours hold back ordinary notices only, to people and to agencies' mailboxes: urgent matters pass, and so do answers to somebody who has just written. */
export const quietApplies = (delivery: Pick<Delivery, 'lane' | 'chat' | 'asked' | 'data' | 'kind'>): boolean =>
  delivery.lane !== 'urgent' && (delivery.chat === null || mailboxAgency(delivery) !== null) && delivery.asked !== 'now';

/** What a person did just now need not wait for a working day, only for the morning. */
export const quietFor = (delivery: Pick<Delivery, 'asked'>, quiet: Quiet): Quiet => (delivery.asked === 'by-day' ? { ...quiet, daysOff: false } : quiet);

/** What waited for the end of somebody's own quiet hours is spread like this where the office has none. */
const OWN = { daysOff: false, spreadMs: 10 * 60_000 } as const;

/** The quiet time that holds for one delivery: the person's own hours, or the agency's for its mailbox, where they have any; else the office's. Null: never quiet. */
export function theirQuiet(delivery: Pick<Delivery, 'asked'>, office: Quiet | null, receiver: Pick<OwnHours, 'quiet'> | null): Quiet | null {
  const own = receiver?.quiet;
  if (!own) return office && quietFor(delivery, office);
  return quietFor(delivery, { ...(office ?? OWN), from: own.from, to: own.to });
}

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
