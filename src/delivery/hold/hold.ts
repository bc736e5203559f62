import type { Ctx } from '../../context.js';
import { isDuplicateKey, leaveGap } from '../../db/counters.js';
import type { Actor } from '../../people/actor.js';
import { answers } from '../agency-copy.js';

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
  /** How far the marks outside the database had come, as far as this hold knows of them (marks.ts); missing: not looked at yet. */
  mark?: { n: number; at: Date };
}

const ID = 'hold';
/** So long one process may not know that another one began to hold. */
const REMEMBERED_MS = 1_000;

const remembered = new WeakMap<object, { at: number; hold: Hold | null }>();

export async function readHold(ctx: Pick<Ctx, 'db'>): Promise<Hold | null> {
  const found = await ctx.db.State.findById(ID).lean();
  return (found?.value as Hold | undefined) ?? null;
}

/** The hold as it was at most one second ago; who is about to send asks holdNow (notice-restore.ts). */
export async function recentHold(ctx: Pick<Ctx, 'db' | 'clock'>): Promise<Hold | null> {
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
  // Before the hold is there for all to see: nobody takes a number that was given already.
  if (hold.cause === 'restored' && !(await readHold(ctx))) await leaveGap(ctx);
  try {
    await ctx.db.State.create({ _id: ID, value: { ...hold, since: now, decision: null }, updatedAt: now });
    return true;
  } catch (error) {
    if (isDuplicateKey(error)) return false;
    throw error;
  }
}

/** In place of the hold that was seen, decided or not: the database was put back, so what was decided there holds no longer. Changes nothing where it is another one by now. */
export async function holdAnew(ctx: Pick<Ctx, 'db' | 'clock'>, seen: Hold | null, hold: Omit<Hold, 'since' | 'decision'>): Promise<void> {
  if (!seen) return void (await beginHold(ctx, hold));
  if (hold.cause === 'restored') await leaveGap(ctx);
  const now = ctx.clock.now();
  remembered.delete(ctx.db.State);
  // Never the same name: who looked at the former hold has not seen this one.
  const since = new Date(Math.max(now.getTime(), seen.since.getTime() + 1));
  await ctx.db.State.updateOne({ _id: ID, 'value.since': seen.since }, { $set: { value: { ...hold, since, decision: null }, updatedAt: now } });
}

/**
 * Takes the decision on exactly this hold, in one write; returns the hold as decided. `known`: the marks outside, which the same
 * write compares with the hold's: a hold that came back with a backup does not know of them. Null: it is another hold, none, older, or decided already.
 */
export async function decideHold(ctx: Pick<Ctx, 'db' | 'clock'>, since: Date, decision: HoldDecision, known: { n: number } | null = null): Promise<Hold | null> {
  const undecided = { _id: ID, 'value.since': since, 'value.decision': null, ...(known ? { 'value.mark.n': { $gte: known.n } } : {}) };
  const taken = await ctx.db.State.findOneAndUpdate(undecided, { $set: { 'value.decision': decision, updatedAt: ctx.clock.now() } }, { returnDocument: 'after' }).lean();
  return (taken?.value as Hold | undefined) ?? null;
}

/** Ends exactly this hold, decided as it is. False: somebody else ended it, or it is another one. */
export async function endHold(ctx: Pick<Ctx, 'db'>, hold: Hold): Promise<boolean> {
  remembered.delete(ctx.db.State);
  const { deletedCount } = await ctx.db.State.deleteOne({ _id: ID, 'value.since': hold.since, ...(hold.decision ? { 'value.decision.cause': hold.decision.cause } : { 'value.decision': null }) });
  return deletedCount === 1;
}

/**
 * What may leave while held: answers to what somebody wrote or pressed after it began, in the chat they did it in; and
 * urgent matters where that was chosen. A filter on deliveries.
 */
export const passesHold = ({ since, urgentPasses }: Hold): Record<string, unknown> => {
  const answer = { ...answers, createdAt: { $gte: since } };
  return urgentPasses ? { $or: [answer, { lane: 'urgent' }] } : answer;
};
