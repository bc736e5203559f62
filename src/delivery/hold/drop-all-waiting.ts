import { recordAudit } from '../../audit/record-audit.js';
import type { Ctx } from '../../context.js';
import { DomainError } from '../../kernel/errors.js';
import type { Actor } from '../../people/actor.js';
import { mustBeAllowed } from '../../people/policy.js';
import { mailboxAgency } from '../agency-copy.js';
import { DROPPED } from './drop-waiting.js';
import { readHold, type Hold } from './hold.js';
import { waitingRows } from './what-waits.js';

/**
 * While sending is held: takes back everything that would leave if the hold ended now, copies that may have arrived already
 * included, so that none follows. Answers in chats stay, what is due later stays, and the hold goes on. `since` names the hold
 * that was looked at. The audit is written first: nothing is dropped without a trace, and after a crash the same press goes
 * on. Returns how many were taken back by this call. Throws forbidden; hold-changed where it is another hold, none, or decided.
 */
export async function dropAllWaiting(ctx: Ctx, actor: Actor, { since }: { since: Date }): Promise<{ dropped: number }> {
  mustBeAllowed(actor, 'hold.decide');
  const hold = await mustStand(ctx, since);
  let waiting = 0;
  for await (const rows of waitingRows(ctx, hold)) waiting += rows.filter(mayBeDropped).length;
  if (waiting === 0) return { dropped: 0 };
  await recordAudit(ctx, actor, { action: 'hold.drop', entity: 'hold', entityKey: since.toISOString(), after: { dropped: waiting } });
  let dropped = 0;
  for await (const rows of waitingRows(ctx, hold)) {
    // Somebody may have let go meanwhile: then the rest was meant to leave.
    await mustStand(ctx, since);
    const taken = await ctx.db.Delivery.updateMany(
      { _id: { $in: rows.filter(mayBeDropped).map(({ _id }) => _id) }, state: { $in: ['planned', 'unknown'] }, reason: null },
      { $set: { state: 'suppressed', reason: DROPPED, finishedAt: ctx.clock.now(), unsealed: true }, $inc: { rev: 1 } },
    );
    dropped += taken.modifiedCount;
  }
  return { dropped };
}

/** Answers pass the hold by themselves; a copy to a mailbox is none. */
const mayBeDropped = (row: Parameters<typeof mailboxAgency>[0]): boolean => !row.chat || mailboxAgency(row) !== null;

async function mustStand(ctx: Ctx, since: Date): Promise<Hold> {
  const hold = await readHold(ctx);
  if (!hold || hold.decision || hold.since.getTime() !== since.getTime()) throw new DomainError('hold-changed');
  return hold;
}
