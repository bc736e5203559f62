import { instantAt, localDateOf } from '../../kernel/local-date.js';
import type { WorkingCalendar } from '../../kernel/working-calendar.js';
import type { OwnHours } from '../../people/own-hours.js';
import type { Delivery } from '../delivery.model.js';
import { quietApplies, quietUntil, theirQuiet } from '../outbox/quiet-hours.js';
import type { DeliveryPolicy } from '../policy.js';

type Receiver = OwnHours & { _id: unknown };

interface Around {
  /** A person, or the agency whose mailbox it is. */
  receiver: Receiver;
  policy: Pick<DeliveryPolicy, 'quiet' | 'digest'>;
  calendar: WorkingCalendar;
}

/**
 * When what a person, or an agency's mailbox, has waiting may leave together: not in their quiet time, and of the digest lane not before their hour
 * of the day. What comes after the hour leaves now. Null: now.
 */
export function gatheredAt(row: Pick<Delivery, 'lane' | 'chat' | 'asked' | 'data' | 'kind'>, now: Date, { receiver, policy, calendar }: Around): Date | null {
  const quiet = quietApplies(row) ? theirQuiet(row, policy.quiet, receiver) : null;
  const opens = (quiet && quietUntil(now, quiet, calendar)) ?? now;
  if (row.lane !== 'digest') return opens > now ? opens : null;
  const at = instantAt(dayOf(row, opens, calendar), receiver.digestAt ?? policy.digest.at);
  const ready = at > opens ? at : opens;
  // Only what had to wait is spread; what is late already leaves now.
  return ready > now ? new Date(ready.getTime() + spreadOf(receiver, policy.digest.spreadMs)) : null;
}

/** What the clock planned waits for a working day; a deadline by the hour does not. */
function dayOf(row: Pick<Delivery, 'asked'>, opens: Date, calendar: WorkingCalendar): string {
  const day = localDateOf(opens);
  return row.asked === 'by-day' ? day : calendar.rollForward(day);
}

/** The same moment after the hour for one receiver each day, so that all that is theirs comes due together. */
export function spreadOf(receiver: Pick<Receiver, '_id'>, spreadMs: number): number {
  const tail = Number.parseInt(String(receiver._id).slice(-8), 16);
  return spreadMs > 0 ? (Math.imul(tail, 2_654_435_761) >>> 0) % spreadMs : 0;
}
