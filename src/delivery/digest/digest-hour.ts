import { instantAt, localDateOf } from '../../kernel/local-date.js';
import type { WorkingCalendar } from '../../kernel/working-calendar.js';
import type { Agency } from '../../people/agency.model.js';
import type { Person } from '../../people/person.model.js';
import type { Delivery } from '../delivery.model.js';
import { quietApplies, quietUntil, theirQuiet } from '../outbox/quiet-hours.js';
import type { DeliveryPolicy } from '../policy.js';

interface Around {
  /** An agency's mailbox keeps the office's hours. */
  person: Pick<Person, '_id' | 'quiet' | 'digestAt'> | Pick<Agency, '_id'>;
  policy: Pick<DeliveryPolicy, 'quiet' | 'digest'>;
  calendar: WorkingCalendar;
}

/**
 * When what a person has waiting may leave together: not in their quiet time, and of the digest lane not before their hour
 * of the day. What comes after the hour leaves now. Null: now.
 */
export function gatheredAt(row: Pick<Delivery, 'lane' | 'chat' | 'asked' | 'data' | 'kind'>, now: Date, { person, policy, calendar }: Around): Date | null {
  const own = 'quiet' in person ? person : null;
  const quiet = quietApplies(row) ? theirQuiet(row, policy.quiet, own) : null;
  const opens = (quiet && quietUntil(now, quiet, calendar)) ?? now;
  if (row.lane !== 'digest') return opens > now ? opens : null;
  const hour = ('digestAt' in person ? person.digestAt : null) ?? policy.digest.at;
  const at = instantAt(dayOf(row, opens, calendar), hour);
  const ready = at > opens ? at : opens;
  // Only what had to wait is spread; what is late already leaves now.
  return ready > now ? new Date(ready.getTime() + spreadOf(person, policy.digest.spreadMs)) : null;
}

/** What the clock planned waits for a working day; a deadline by the hour does not. */
function dayOf(row: Pick<Delivery, 'asked'>, opens: Date, calendar: WorkingCalendar): string {
  const day = localDateOf(opens);
  return row.asked === 'by-day' ? day : calendar.rollForward(day);
}

/** The same moment after the hour for one person each day, so that all that is theirs comes due together. */
export function spreadOf(person: Pick<Person, '_id'>, spreadMs: number): number {
  const tail = Number.parseInt(String(person._id).slice(-8), 16);
  return spreadMs > 0 ? (Math.imul(tail, 2_654_435_761) >>> 0) % spreadMs : 0;
}
