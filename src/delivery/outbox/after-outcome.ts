import type { Channel } from '../../kernel/channels.js';
import type { Random } from '../../kernel/random.js';
import type { Attempt, AttemptOutcome, Delivery } from '../delivery.model.js';
import type { DeliveryPolicy } from '../policy.js';
import type { SendOutcome, Sender } from '../sender.js';

/** What a call's outcome means for the delivery. */
export type Verdict =
  | { next: 'accepted'; providerId: string }
  /** Goes back to the queue; `tried`: this channel is not asked again for it. */
  | { next: 'again'; outcome: AttemptOutcome; code: string; afterMs: number; tried: boolean }
  /** A copy may have arrived. Repeated once after `afterMs`, or left so for good with the reason. */
  | { next: 'unknown'; code: string; afterMs: number; stop: string | null };

interface Call {
  /** Attempts before this one. */
  delivery: Pick<Delivery, 'lane' | 'attempts'>;
  /** Copies before this one of which nobody knows whether they arrived. */
  copies: number;
  channel: Channel;
  truth: Sender['truth'];
  outcome: SendOutcome;
  /** The channel was down for everybody before this call: it only tried whether it is back. */
  broken?: boolean;
  /** Refusals of the channel in a row before this call. */
  strikes?: number;
  /** Other urgent matters that try in turn whether a broken channel is back. */
  rivals?: number;
  /** Another way to the person is open now. */
  elsewhere?: boolean;
  /** How long ago the message was first tried. */
  ageMs?: number;
}

/** Reads an outcome by the policy. Pure but for the jitter. */
export function afterOutcome(call: Call, policy: DeliveryPolicy, random: Random): Verdict {
  const { outcome } = call;
  switch (outcome.kind) {
    case 'accepted':
      return { next: 'accepted', providerId: outcome.providerId };
    case 'unreachable':
      return { next: 'again', outcome: 'unreachable', code: outcome.code, afterMs: 0, tried: true };
    case 'rejected':
      return refused(call, outcome.code, policy);
    case 'retry':
      return outcome.maybeSent && call.truth !== 'request-id' ? doubtful(call, outcome.code, policy) : failed(call, outcome, policy, random);
  }
}

/**
 * Refused again and again: it may be this message and not the channel, so this message stops shutting it. Where others have been
 * refused since the channel last worked, it is the channel, which uses nothing up for a day; the pause leaves the next trial to them.
 */
function refused(call: Call, code: string, policy: DeliveryPolicy): Verdict {
  const own = failuresOn(call, 'rejected');
  const others = (call.strikes ?? 0) > own && (call.ageMs ?? 0) < policy.downMs;
  return { next: 'again', outcome: 'rejected', code, afterMs: own === 0 ? 0 : BETWEEN_TRIALS_MS, tried: own >= 2 && !others };
}

/**
 * May a copy be sent again after `unknown` ones? Null: yes, once and marked. Else the reason why not.
 * Senders that recognise a repeated request id make no second copy, so theirs are not counted as unknown.
 */
export function stopAfterUnknown(delivery: Pick<Delivery, 'lane'>, copies: number, policy: DeliveryPolicy): string | null {
  if (copies >= 2) return 'unknown-twice';
  return policy.repeat[delivery.lane].again ? null : 'not-repeated';
}

/** Exponential with jitter: half to one and a half times 2, 4, 8 … seconds, never above the maximum. */
export const backoffMs = (failures: number, policy: Pick<DeliveryPolicy, 'backoff'>, random: Random): number =>
  Math.round(Math.min(policy.backoff.maxMs, policy.backoff.firstMs * 2 ** Math.min(failures, 30)) * (0.5 + random.next()));

function failed(call: Call, outcome: Extract<SendOutcome, { kind: 'retry' }>, policy: DeliveryPolicy, random: Random): Verdict {
  // A limit of the whole channel is nobody's failure; the channel's rest decides who waits and who goes round it.
  if (outcome.pauseChannel) return { next: 'again', outcome: 'paused', code: outcome.code, afterMs: 0, tried: false };
  // In doubt as well, if the provider knows request ids: asked again it makes no second copy, but another way would.
  const failures = failuresOn(call, 'retry') + (call.truth === 'request-id' ? failuresOn(call, 'unknown') : 0);
  if (call.broken && (call.ageMs ?? 0) < policy.downMs) return { next: 'again', outcome: outcome.maybeSent ? 'unknown' : 'down', code: outcome.code, afterMs: afterDownMs(call, policy, random), tried: false };
  const wished = Math.min(outcome.afterMs ?? backoffMs(failures, policy, random), MAX_PAUSE_MS);
  // An urgent matter that would have to wait long looks for another way first (choose-channel.ts).
  const afterMs = call.delivery.lane === 'urgent' && failures === 0 && wished > policy.urgentPatienceMs ? 0 : wished;
  const tried = failures + 1 >= policy.maxFailures;
  return { next: 'again', outcome: outcome.maybeSent ? 'unknown' : 'retry', code: outcome.code, afterMs: tried ? 0 : afterMs, tried };
}

/**
 * A channel that is down is not this message's failure, and uses nothing up. Another way is taken at once; where there is
 * none, the pauses leave the next trial to others, so that one message that is itself the trouble does not keep them from it.
 */
function afterDownMs(call: Call, policy: DeliveryPolicy, random: Random): number {
  const downs = failuresOn(call, 'down') + failuresOn(call, 'unknown');
  if (downs === 0 && call.elsewhere) return 0;
  // All urgent matters together leave some of the trials to the others, for they may themselves be the trouble.
  const steadyMs = Math.min(LONGEST_BETWEEN_MS, Math.round((BETWEEN_TRIALS_MS + random.next() * 60_000) * (1 + 1.5 * (call.rivals ?? 0))));
  return call.delivery.lane === 'urgent' ? steadyMs : Math.max(steadyMs, backoffMs(downs, policy, random));
}

/** A little more than the rest of a channel that is down, see PROBE_EVERY_MS. */
const BETWEEN_TRIALS_MS = 70_000;
/** Nobody looks less often: another way may have opened meanwhile. */
const LONGEST_BETWEEN_MS = 30 * 60_000;
/** No provider's wish is longer than this; the next call hears it again. */
export const MAX_PAUSE_MS = 3_600_000;

function doubtful(call: Call, code: string, policy: DeliveryPolicy): Verdict {
  const stop = stopAfterUnknown(call.delivery, call.copies + 1, policy);
  return { next: 'unknown', code, afterMs: policy.repeat[call.delivery.lane].afterMs, stop };
}

const failuresOn = (call: Call, outcome: Attempt['outcome']): number =>
  call.delivery.attempts.filter((a) => a.channel === call.channel && a.outcome === outcome).length;
