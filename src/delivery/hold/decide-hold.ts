import { recordAudit } from '../../audit/record-audit.js';
import type { Ctx } from '../../context.js';
import { DomainError } from '../../kernel/errors.js';
import { byOf, type Actor } from '../../people/actor.js';
import { mustBeAllowed } from '../../people/policy.js';
import { leaveRestore } from './epoch.js';
import { beginHold, endHold, readHold, type Hold } from './hold.js';
import { leftBefore, sentUntilOf, waitingRows } from './what-waits.js';

/** "drop": what probably left before the restore is not sent again. "all": everything that is due leaves. */
export type HoldChoice = 'drop' | 'all';

/** What deciding needs from the house. */
export interface HoldHands {
  /** Where the marks outside the database are kept; null: none are. */
  dir: string | null;
  /** Plans everything that is due by now, so that nothing is planned behind the decision's back. */
  planAll(): Promise<void>;
}

/** Stops all sending but answers, by hand. `urgentPasses`: urgent matters leave all the same. Throws forbidden, hold-already, input-invalid. */
export async function holdSending(ctx: Ctx, actor: Actor, { reason, urgentPasses }: { reason: string; urgentPasses: boolean }): Promise<void> {
  mustBeAllowed(actor, 'hold.decide');
  if (reason.trim() === '') throw new DomainError('input-invalid', { path: 'reason', expected: 'nêu lý do tạm dừng' });
  const began = await beginHold(ctx, { cause: 'by-hand', by: byOf(actor).name, reason: reason.trim(), restoredTo: null, lastSentAt: null, urgentPasses });
  if (!began) throw new DomainError('hold-already');
  await recordAudit(ctx, actor, { action: 'hold.begin', entity: 'hold', entityKey: 'hold', after: { reason: reason.trim(), urgentPasses } });
}

/**
 * Ends the hold: the office's consent. Drops first, then lets go; a crash in between leaves it held and the same choice can
 * be made again. `since` names the hold that was looked at. Returns how many messages were dropped. Throws forbidden,
 * hold-changed where it is another hold or none.
 */
export async function resumeSending(ctx: Ctx, actor: Actor, { choice, since }: { choice: HoldChoice; since: Date }, hands: HoldHands): Promise<{ dropped: number }> {
  mustBeAllowed(actor, 'hold.decide');
  const hold = await readHold(ctx);
  if (hold?.since.getTime() !== since.getTime()) throw new DomainError('hold-changed');
  await hands.planAll();
  const dropped = choice === 'drop' && hold.cause === 'restored' ? await dropWhatLeft(ctx, hold) : 0;
  await recordAudit(ctx, actor, { action: 'hold.end', entity: 'hold', entityKey: hold.since.toISOString(), before: { cause: hold.cause, reason: hold.reason }, after: { choice, dropped } });
  if (hold.cause === 'restored' && hands.dir !== null) await leaveRestore(ctx, hands.dir);
  if (!(await endHold(ctx, hold))) throw new DomainError('hold-changed');
  ctx.wake('outbox');
  return { dropped };
}

async function dropWhatLeft(ctx: Ctx, hold: Hold): Promise<number> {
  let dropped = 0;
  for await (const rows of waitingRows(ctx, hold)) {
    const ids = rows.filter((row) => leftBefore(row, hold, sentUntilOf(hold)) && !(row.chat && row.createdAt >= hold.since)).map((row) => row._id);
    const result = await ctx.db.Delivery.updateMany(
      { _id: { $in: ids }, state: { $in: ['planned', 'unknown'] }, reason: null },
      { $set: { state: 'suppressed', reason: 'restored', finishedAt: ctx.clock.now(), unsealed: true }, $inc: { rev: 1 } },
    );
    dropped += result.modifiedCount;
  }
  return dropped;
}
