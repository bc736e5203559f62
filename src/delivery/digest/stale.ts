import { mailboxAgency, toMailboxes } from '../agency-copy.js';
import type { Delivery } from '../delivery.model.js';
import type { DeliveryPolicy } from '../policy.js';
import { DIGEST } from './digest-keys.js';

type Policy = Pick<DeliveryPolicy, 'digest'>;

const limit = (now: Date, { digest }: Policy): Date => new Date(now.getTime() - digest.staleMs);

/** Filter of what a standstill, or a channel that was shut for long, has held up and may leave as lines of one message. */
export const stale = (now: Date, policy: Policy) => ({
  state: 'planned' as const,
  lane: 'normal' as const,
  reason: null,
  digestKey: null,
  follows: null,
  $or: [{ chat: null, personId: { $ne: null } }, toMailboxes],
  kind: { $nin: ['reply', DIGEST] },
  asked: { $ne: 'now' as const },
  notBefore: { $lte: limit(now, policy) },
});

/** The same for a row in hand. A copy that may have arrived already goes on alone. */
export const isStale = (row: Delivery, now: Date, policy: Policy): boolean =>
  row.lane === 'normal' && (row.chat === null ? row.personId !== null : mailboxAgency(row) !== null) && row.follows === null && row.kind !== 'reply' && row.kind !== DIGEST
  && row.asked !== 'now' && row.notBefore <= limit(now, policy) && row.attempts.every((attempt) => attempt.outcome !== 'unknown');
