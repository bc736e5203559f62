import type { Ctx } from '../../context.js';
import type { Channel } from '../../kernel/channels.js';
import type { Attempt, AttemptOutcome, Delivery, DeliveryState } from '../delivery.model.js';
import { comesFrom, waitingState } from '../delivery-states.js';

/** A delivery in this worker's hand; the fence proves it. */
export type Held = Delivery;

type Fields = Partial<Omit<Delivery, '_id' | 'state' | 'attempts' | 'fence'>>;

/**
 * Every write of a worker goes through here: it matches only while the worker still holds the lease (same fence) and the
 * table allows the move. False: somebody else has the row, keep your hands off it.
 */
async function move(ctx: Ctx, held: Held, to: DeliveryState, fields: Fields, attempt?: Partial<Attempt>): Promise<boolean> {
  const last = held.attempts.length - 1;
  const written = Object.entries(attempt ?? {}).map(([name, value]) => [`attempts.${last}.${name}`, value] as const);
  const result = await ctx.db.Delivery.updateOne(
    { _id: held._id, fence: held.fence, state: comesFrom(to) },
    { $set: { state: to, ...fields, ...Object.fromEntries(written) } },
  );
  if (result.matchedCount === 1) Object.assign(held, { state: to, ...fields });
  return result.matchedCount === 1;
}

const freed = { claimedBy: null, claimedUntil: null } as const;

/** Written before the call, so that a crash in it leaves a trace. The lease starts anew: the call is shorter than it. */
export async function beginCall(ctx: Ctx, held: Held, call: { channel: Channel; to: string; repeat: boolean; leaseMs: number }): Promise<boolean> {
  const at = ctx.clock.now();
  const attempt: Attempt = { at, channel: call.channel, outcome: 'started', code: '', repeat: call.repeat };
  const result = await ctx.db.Delivery.updateOne(
    // A lease that ran out is lost even if nobody has taken the row yet; what was confirmed meanwhile is not sent.
    { _id: held._id, fence: held.fence, state: comesFrom('sending'), claimedUntil: { $gt: at }, acknowledgedAt: null },
    { $set: { state: 'sending', channel: call.channel, to: call.to, claimedUntil: new Date(at.getTime() + call.leaseMs) }, $push: { attempts: attempt } },
  );
  if (result.matchedCount === 1) Object.assign(held, { state: 'sending', channel: call.channel, to: call.to, attempts: [...held.attempts, attempt] });
  return result.matchedCount === 1;
}

/** The provider took it. A confirmation that came while the call was open counts at once. */
export async function settleAccepted(ctx: Ctx, held: Held, sent: { providerId: string; text: string }): Promise<boolean> {
  const acceptedAt = ctx.clock.now();
  const done = await move(ctx, held, 'accepted', { ...freed, ...sent, acceptedAt }, { outcome: 'accepted' });
  if (done) await ctx.db.Delivery.updateOne({ _id: held._id, state: 'accepted', acknowledgedAt: { $ne: null } }, { $set: { state: 'acknowledged' } });
  return done;
}

/** Back to the queue after a call; `tried` channels are not asked again for it. */
export function settleAgain(ctx: Ctx, held: Held, verdict: { outcome: AttemptOutcome; code: string; afterMs: number; tried: boolean }): Promise<boolean> {
  const triedChannels = verdict.tried && held.channel ? [...new Set([...held.triedChannels, held.channel])] : held.triedChannels;
  const fields = { ...freed, triedChannels, notBefore: later(ctx, verdict.afterMs) };
  const attempts = held.attempts.map((a, i) => (i === held.attempts.length - 1 ? { ...a, outcome: verdict.outcome } : a));
  return move(ctx, held, waitingState(attempts), fields, { outcome: verdict.outcome, code: verdict.code });
}

/** Nobody knows whether it was heard: a repeat later, or left so for good with the reason. */
export function settleUnknown(ctx: Ctx, held: Held, verdict: { code: string; afterMs: number; stop: string | null }): Promise<boolean> {
  const end = verdict.stop ? { reason: verdict.stop, finishedAt: ctx.clock.now() } : {};
  return move(ctx, held, 'unknown', { ...freed, ...end, notBefore: later(ctx, verdict.afterMs) }, { outcome: 'unknown', code: verdict.code });
}

/** Gives a claim back untouched: quiet hours, a resting channel, a full limit. */
export const giveBack = (ctx: Ctx, held: Held, until: Date, waitsFor: Channel | null = null): Promise<boolean> =>
  move(ctx, held, waitingState(held.attempts), { ...freed, notBefore: until, waitsFor });

/** A failure of ours before any channel was asked. */
export async function noteFailure(ctx: Ctx, held: Held, code: string, afterMs: number): Promise<void> {
  const attempt: Attempt = { at: ctx.clock.now(), channel: null, outcome: 'error', code, repeat: false };
  const fields = { ...freed, state: waitingState(held.attempts), notBefore: later(ctx, afterMs) };
  await ctx.db.Delivery.updateOne({ _id: held._id, fence: held.fence, state: 'claimed' }, { $set: fields, $push: { attempts: attempt } });
}

/** An end without a message: suppressed, expired, dead, or unknown for good; the reason is kept. */
export const finish = (ctx: Ctx, held: Held, state: 'suppressed' | 'expired' | 'dead' | 'unknown', reason: string): Promise<boolean> =>
  move(ctx, held, state, { ...freed, reason, finishedAt: ctx.clock.now() });

const later = (ctx: Ctx, ms: number): Date => new Date(ctx.clock.now().getTime() + ms);
