import { recordAudit } from '../../audit/record-audit.js';
import { because, type Ctx } from '../../context.js';
import { mailboxAgency } from '../agency-copy.js';
import { takeBackLapsed } from '../outbox/claim.js';
import { endHold, readHold, type Hold } from './hold.js';
import { leaveRestore } from './marks.js';
import { leftBefore, sentUntilOf, waitingRows } from './what-waits.js';

/** A decision that old and still not carried out: whoever took it is gone, or slow; a second one at work does no harm. */
export const LEFT_AFTER_MS = 30_000;

/** True where somebody decided and did not come to the end. */
export const isLeft = ({ decision }: Hold, now: Date): boolean => !!decision && now.getTime() - new Date(decision.at).getTime() >= LEFT_AFTER_MS;

/**
 * Does what was decided on this hold: drops, notes it in the audit, renews the marks in `dir`, and only then lets go. Each
 * step can be repeated, by anybody, after a crash anywhere; nothing leaves before the drop is complete and the audit holds
 * one line. Returns how many messages this hold's decision dropped, whoever did it; 0 where nothing is decided.
 */
export async function carryOut(ctx: Ctx, hold: Hold, dir: string | null): Promise<number> {
  const { decision, since, cause, reason } = hold;
  if (!decision) return 0;
  const drops = decision.choice === 'drop' && cause === 'restored';
  if (drops) await dropWhatLeft(ctx, hold);
  const dropped = drops ? await droppedSince(ctx, since) : 0;
  await recordAudit(because(ctx, decision.cause), decision.actor, { action: 'hold.end', entity: 'hold', entityKey: since.toISOString(), before: { cause, reason }, after: { choice: decision.choice, dropped } });
  if (cause === 'restored' && dir !== null) {
    // Put back once more meanwhile: then the marks must go on saying so.
    const now = await readHold(ctx);
    if (now?.since.getTime() !== since.getTime() || now.decision?.cause !== decision.cause) return dropped;
    await leaveRestore(ctx, dir, now.mark);
  }
  await endHold(ctx, hold);
  ctx.wake('outbox');
  return dropped;
}

/** Counted in the database: a run that died has dropped some already. */
const droppedSince = (ctx: Ctx, since: Date): Promise<number> =>
  ctx.db.Delivery.countDocuments({ state: 'suppressed', reason: 'restored', finishedAt: { $gte: since } }).exec();

async function dropWhatLeft(ctx: Ctx, hold: Hold): Promise<void> {
  // What was in somebody's hand when the backup was made waits as well: that hand is gone.
  await takeBackLapsed(ctx);
  for await (const rows of waitingRows(ctx, hold)) {
    const ids = rows.filter((row) => leftBefore(row, hold, sentUntilOf(hold)) && !(row.chat && mailboxAgency(row) === null && row.createdAt >= hold.since)).map((row) => row._id);
    await ctx.db.Delivery.updateMany(
      { _id: { $in: ids }, state: { $in: ['planned', 'unknown'] }, reason: null },
      { $set: { state: 'suppressed', reason: 'restored', finishedAt: ctx.clock.now(), unsealed: true }, $inc: { rev: 1 } },
    );
  }
}
