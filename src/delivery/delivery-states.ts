import type { Attempt, Delivery, DeliveryState } from './delivery.model.js';

/**
 * The one table of a delivery's life: for each state, the states it may be entered from. Every write carries these
 * sources and the fence in its filter, so an illegal move matches no row.
 *
 * planned, claimed, sending and unknown form a loop (a claim is given back, a call was provably not heard, a repeat is
 * due); from "accepted" on, what the person may have noticed only grows. suppressed, expired and dead are ends.
 */
export const entersFrom = {
  planned: ['claimed', 'sending'],
  claimed: ['planned', 'unknown'],
  sending: ['claimed'],
  unknown: ['sending', 'claimed'],
  accepted: ['sending'],
  delivered: ['accepted'],
  seen: ['accepted', 'delivered'],
  // Somebody may confirm by another way while nobody knows whether our copy arrived.
  acknowledged: ['accepted', 'delivered', 'seen', 'unknown'],
  suppressed: ['planned', 'claimed', 'unknown'],
  expired: ['planned', 'claimed', 'unknown'],
  // "accepted": the provider took it and says later that it could not deliver it; what somebody has received cannot die.
  // "planned": what travels in a digest never leaves by itself and ends as its digest does.
  dead: ['planned', 'claimed', 'sending', 'unknown', 'accepted'],
} as const satisfies Record<DeliveryState, readonly DeliveryState[]>;

/** How far a message got in the eyes of the person; never falls. The states before it left count as nothing. */
export const rank: Readonly<Record<DeliveryState, number>> = {
  planned: 0, claimed: 0, sending: 0, unknown: 0, suppressed: 0, expired: 0, dead: 0, accepted: 1, delivered: 2, seen: 3, acknowledged: 4,
};

/** True where the table allows the move. */
export const mayMove = (from: DeliveryState, to: DeliveryState): boolean => (entersFrom[to] as readonly DeliveryState[]).includes(from);

/** For filters: `{ state: comesFrom('accepted') }`. */
export const comesFrom = (to: DeliveryState): { $in: DeliveryState[] } => ({ $in: [...entersFrom[to]] });

/** Times a copy may have arrived although nobody knows. */
export const unknownCopies = (attempts: readonly Attempt[]): number => attempts.filter((a) => a.outcome === 'unknown').length;

/** Where a delivery waits that is given back: "unknown" as long as a copy may have arrived, so that the ledger does not deny it. */
export const waitingState = (attempts: readonly Attempt[]): 'planned' | 'unknown' => (unknownCopies(attempts) > 0 ? 'unknown' : 'planned');

/** Reason of a delivery that was told as a line of a digest. */
export const IN_DIGEST = 'in-digest';

/** Reason of a delivery that had probably left before the database was put back. */
export const RESTORED = 'restored';

/** True where the person has, or may have, a copy: what was told has to be corrected. */
export const mayHaveArrived = (delivery: Pick<Delivery, 'state' | 'attempts'> & { reason?: string | null }): boolean =>
  rank[delivery.state] > 0 || delivery.state === 'sending' || delivery.reason === IN_DIGEST || delivery.reason === RESTORED || delivery.attempts.some((a) => a.outcome === 'unknown' || a.outcome === 'accepted');
