import type { Ctx } from '../../context.js';
import { isDuplicateKey } from '../../db/counters.js';
import type { Actor } from '../../people/actor.js';

/** Why nothing leaves. "restored": the database is older than what was sent; "no-index": copies could go out twice. */
export type HoldCause = 'restored' | 'by-hand' | 'no-index';

/** "drop": what probably left before the restore is not sent again. "all": everything that is due leaves. */
export type HoldChoice = 'drop' | 'all';

/** What was decided, kept with the hold until it is carried out, so that a crash cannot change it. */
export interface HoldDecision {
  choice: HoldChoice;
  actor: Actor;
  /** Of the press that decided; the audit is written because of it. */
  cause: string;
  at: Date;
}

/** The office holds back everything but answers, until somebody decides. One for the whole house. */
export interface Hold {
  since: Date;
  cause: HoldCause;
  /** Who, and why, in their words; empty where the house itself noticed. */
  by: string;
  reason: string;
  /** The moment the restored database is from; null: unknown, or nothing was restored. */
  restoredTo: Date | null;
  /** Until then messages were sent before the restore; null: unknown. */
  lastSentAt: Date | null;
  /** Urgent matters leave all the same; only where somebody chose so. */
  urgentPasses: boolean;
  /** Missing or null: nobody has decided yet. */
  decision?: HoldDecision | null;
}

const ID = 'hold';
/** So long one process may not know that another one began to hold. */
const REMEMBERED_MS = 1_000;

const remembered = new WeakMap<object, { at: number; hold: Hold | null }>();

export async function readHold(ctx: Pick<Ctx, 'db'>): Promise<Hold | null> {
  const found = await ctx.db.State.findById(ID).lean();
  return (found?.value as Hold | undefined) ?? null;
}

/** For the outbox, which asks before every claim: at most one second old. */
export async function holdNow(ctx: Pick<Ctx, 'db' | 'clock'>): Promise<Hold | null> {
  const now = ctx.clock.now().getTime();
  const known = remembered.get(ctx.db.State);
  if (known && now >= known.at && now - known.at < REMEMBERED_MS) return known.hold;
  const hold = await readHold(ctx);
  remembered.set(ctx.db.State, { at: now, hold });
  return hold;
}

/** Begins to hold. False: it is held already, and stays as it was. */
export async function beginHold(ctx: Pick<Ctx, 'db' | 'clock'>, hold: Omit<Hold, 'since' | 'decision'>): Promise<boolean> {
  const now = ctx.clock.now();
  remembered.delete(ctx.db.State);
  try {
    await ctx.db.State.create({ _id: ID, value: { ...hold, since: now, decision: null }, updatedAt: now });
    return true;
  } catch (error) {
    if (isDuplicateKey(error)) return false;
    throw error;
  }
}

/** Takes the decision on exactly this hold, in one write; returns the hold as decided. Null: it is another hold, none, or decided already. */
export async function decideHold(ctx: Pick<Ctx, 'db' | 'clock'>, since: Date, decision: HoldDecision): Promise<Hold | null> {
  const undecided = { _id: ID, 'value.since': since, 'value.decision': null };
  const taken = await ctx.db.State.findOneAndUpdate(undecided, { $set: { 'value.decision': decision, updatedAt: ctx.clock.now() } }, { returnDocument: 'after' }).lean();
  return (taken?.value as Hold | undefined) ?? null;
}

/** Ends exactly this hold. False: somebody else ended it. */
export async function endHold(ctx: Pick<Ctx, 'db'>, hold: Hold): Promise<boolean> {
  remembered.delete(ctx.db.State);
  const { deletedCount } = await ctx.db.State.deleteOne({ _id: ID, 'value.since': hold.since });
  return deletedCount === 1;
}

/**
 * What may leave while held: answers to what somebody wrote or pressed after it began, in the chat they did it in; and
 * urgent matters where that was chosen. A filter on deliveries.
 */
export const passesHold = ({ since, urgentPasses }: Hold): Record<string, unknown> => {
  const answer = { chat: { $ne: null }, createdAt: { $gte: since } };
  return urgentPasses ? { $or: [answer, { lane: 'urgent' }] } : answer;
};
