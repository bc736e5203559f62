import type { Ctx } from '../../context.js';
import type { Channel } from '../../kernel/channels.js';
import type { Attempt, AttemptOutcome, Delivery, DeliveryState } from '../delivery.model.js';
import { comesFrom, waitingState } from '../delivery-states.js';
import type { Found } from '../sender.js';
import { GATHER } from '../digest/digest-keys.js';
import { writerOf } from './batch-writer.js';

/** A delivery in this worker's hand; the fence proves it. */
export type Held = Delivery;

type Fields = Partial<Omit<Delivery, '_id' | 'state' | 'attempts' | 'fence' | 'rev' | 'unsealed'>>;

interface Move {
  to: DeliveryState;
  fields: Fields;
  /** Said of one attempt; the last one where no place is given. */
  attempt?: Partial<Attempt>;
  place?: number;
  /** More that has to be so. */
  only?: Record<string, unknown>;
  /** A claim given back leaves nothing for the ledger's chain. */
  unkept?: boolean;
}

/** For the ledger's chain: this revision is not in it yet. */
const kept = { $inc: { rev: 1 } } as const;

/**
 * Every write of a worker goes through here: it matches only while the worker still holds the lease (same fence) and the
 * table allows the move. False: somebody else has the row, keep your hands off it.
 */
async function move(ctx: Ctx, held: Held, { to, fields, attempt, place, only, unkept }: Move): Promise<boolean> {
  const $set: Record<string, unknown> = { state: to, ...fields };
  for (const [name, value] of Object.entries(attempt ?? {})) $set[`attempts.${place ?? held.attempts.length - 1}.${name}`] = value;
  if (!unkept) $set['unsealed'] = true;
  const took = await writerOf(ctx).write({
    filter: { _id: held._id, fence: held.fence, state: comesFrom(to), ...only },
    update: unkept ? { $set } : { $set, ...kept },
  });
  if (took) Object.assign(held, { state: to, ...fields });
  return took;
}

const freed = { claimedBy: null, claimedUntil: null } as const;

/** Written before the call, so that a crash in it leaves a trace. The lease starts anew: the call is shorter than it. */
export async function beginCall(ctx: Ctx, held: Held, call: { channel: Channel; to: string; repeat: boolean; leaseMs: number }): Promise<boolean> {
  const at = ctx.clock.now();
  const attempt: Attempt = { at, channel: call.channel, outcome: 'started', code: '', repeat: call.repeat };
  const took = await writerOf(ctx).write({
    // A lease that ran out is lost even if nobody has taken the row yet; what was confirmed meanwhile is not sent.
    filter: { _id: held._id, fence: held.fence, state: comesFrom('sending'), claimedUntil: { $gt: at }, acknowledgedAt: null },
    update: {
      $set: { state: 'sending', channel: call.channel, to: call.to, claimedUntil: new Date(at.getTime() + call.leaseMs), unsealed: true },
      $push: { attempts: attempt },
      ...kept,
    },
  });
  if (took) Object.assign(held, { state: 'sending', channel: call.channel, to: call.to, attempts: [...held.attempts, attempt] });
  return took;
}

/** The provider took it. A confirmation that came while the call was open counts at once. */
export const settleAccepted = (ctx: Ctx, held: Held, sent: { providerId: string; text: string; silentAt?: Date | null }): Promise<boolean> =>
  accept(ctx, held, { fields: { ...freed, ...sent, acceptedAt: ctx.clock.now() }, attempt: { outcome: 'accepted' } });

async function accept(ctx: Ctx, held: Held, how: Pick<Move, 'fields' | 'attempt' | 'place'>): Promise<boolean> {
  // Nearly always nobody has confirmed yet, and one write says it all.
  if (await move(ctx, held, { ...how, to: 'accepted', only: { acknowledgedAt: null } })) return true;
  if (!(await move(ctx, held, { ...how, to: 'accepted' }))) return false;
  await ctx.db.Delivery.updateOne({ _id: held._id, state: 'accepted', acknowledgedAt: { $ne: null } }, { $set: { state: 'acknowledged', unsealed: true }, ...kept });
  return true;
}

/** Back to the queue after a call; `tried` channels are not asked again for it. */
export function settleAgain(ctx: Ctx, held: Held, verdict: { outcome: AttemptOutcome; code: string; afterMs: number; tried: boolean }): Promise<boolean> {
  const triedChannels = verdict.tried && held.channel ? [...new Set([...held.triedChannels, held.channel])] : held.triedChannels;
  const fields = { ...freed, triedChannels, ...later(ctx, held, verdict.afterMs) };
  const attempts = held.attempts.map((a, i) => (i === held.attempts.length - 1 ? { ...a, outcome: verdict.outcome } : a));
  return move(ctx, held, { to: waitingState(attempts), fields, attempt: { outcome: verdict.outcome, code: verdict.code } });
}

/** Written before the provider is asked about a call in doubt, with a lease that outlasts the question. */
export async function beginLookUp(ctx: Ctx, held: Held, leaseMs: number): Promise<boolean> {
  const at = ctx.clock.now();
  return move(ctx, held, { to: 'sending', fields: { claimedUntil: new Date(at.getTime() + leaseMs) }, only: { claimedUntil: { $gt: at } }, unkept: true });
}

/** What the provider says of the call at `place`. Not heard or unknown: back to the queue, due at once. */
export function settleFound(ctx: Ctx, held: Held, place: number, found: Found): Promise<boolean> {
  if (found.kind === 'sent') {
    return accept(ctx, held, { fields: { ...freed, providerId: found.providerId, acceptedAt: ctx.clock.now() }, attempt: { outcome: 'accepted' }, place });
  }
  const said: Partial<Attempt> = found.kind === 'not-sent' ? { outcome: 'retry', asked: true } : { asked: true };
  const attempts = held.attempts.map((a, i) => (i === place ? { ...a, ...said } : a));
  return move(ctx, held, { to: waitingState(attempts), fields: { ...freed, ...later(ctx, held, 0) }, attempt: said, place });
}

/** The provider has not heard of a call whose worker vanished; it may still be on its way. Asked again after that. */
export const settleNotYet = (ctx: Ctx, held: Held, place: number, afterMs: number): Promise<boolean> =>
  move(ctx, held, { to: 'unknown', fields: { ...freed, ...later(ctx, held, afterMs) }, attempt: { notHeard: true }, place });

/** Nobody knows whether it was heard: a repeat later, or left so for good with the reason. The text is kept: it may be what the person reads. */
export function settleUnknown(ctx: Ctx, held: Held, verdict: { code: string; afterMs: number; stop: string | null; text?: string }): Promise<boolean> {
  const end = verdict.stop ? { reason: verdict.stop, finishedAt: ctx.clock.now() } : {};
  const text = verdict.text === undefined ? {} : { text: verdict.text };
  return move(ctx, held, { to: 'unknown', fields: { ...freed, ...end, ...text, ...later(ctx, held, verdict.afterMs) }, attempt: { outcome: 'unknown', code: verdict.code } });
}

/** Gives a claim back untouched: quiet hours, a resting channel, a full limit. It keeps its turn among those due. */
export const giveBack = (ctx: Ctx, held: Held, until: Date, waitsFor: Channel | null = null): Promise<boolean> =>
  move(ctx, held, { to: waitingState(held.attempts), fields: { ...freed, notBefore: until, order: turnAt(held, until), waitsFor }, unkept: true });

/** Leaves with others of its person: the digests' tick gathers it. */
export const giveTogether = (ctx: Ctx, held: Held): Promise<boolean> => move(ctx, held, { to: waitingState(held.attempts), fields: { ...freed, digestKey: GATHER }, unkept: true });

/** A failure of ours before any channel was asked. */
export async function noteFailure(ctx: Ctx, held: Held, code: string, afterMs: number): Promise<void> {
  const attempt: Attempt = { at: ctx.clock.now(), channel: null, outcome: 'error', code, repeat: false };
  await writerOf(ctx).write({
    filter: { _id: held._id, fence: held.fence, state: { $in: ['claimed'] } },
    update: { $set: { ...freed, state: waitingState(held.attempts), ...later(ctx, held, afterMs), unsealed: true }, $push: { attempts: attempt }, ...kept },
  });
}

/** An end without a message: suppressed, expired, dead, or unknown for good; the reason is kept. */
export const finish = (ctx: Ctx, held: Held, state: 'suppressed' | 'expired' | 'dead' | 'unknown', reason: string): Promise<boolean> =>
  move(ctx, held, { to: state, fields: { ...freed, reason, finishedAt: ctx.clock.now() } });

/** Its place among those due never comes before it is due, and waiting does not cost it. */
const turnAt = (held: Pick<Held, 'order'>, notBefore: Date): Date => (held.order && held.order > notBefore ? held.order : notBefore);

function later(ctx: Ctx, held: Held, ms: number): { notBefore: Date; order: Date } {
  const notBefore = new Date(ctx.clock.now().getTime() + ms);
  return { notBefore, order: turnAt(held, notBefore) };
}
