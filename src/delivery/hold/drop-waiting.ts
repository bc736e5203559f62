import { recordAudit } from '../../audit/record-audit.js';
import type { Ctx } from '../../context.js';
import { DomainError } from '../../kernel/errors.js';
import type { Actor } from '../../people/actor.js';
import { mustBeAllowed } from '../../people/policy.js';
import { toMailboxes } from '../agency-copy.js';
import { readHold } from './hold.js';

/** The reason kept with messages the office took back while sending was held. */
export const DROPPED = 'dropped-by-office';

/**
 * While sending is held: takes back what waits about one task or meeting ("NV-2026-00012", "HOP-2026-00007"), such as messages
 * of a task given to the wrong people; the rest goes on waiting. What may have left already stays as it is. Repeating it
 * changes nothing. Returns how many were taken back. Throws forbidden; hold-changed where nothing is held.
 */
export async function dropWaiting(ctx: Ctx, actor: Actor, { code }: { code: string }): Promise<{ dropped: number }> {
  mustBeAllowed(actor, 'hold.decide');
  const hold = await readHold(ctx);
  if (!hold || hold.decision) throw new DomainError('hold-changed');
  const about = code.startsWith('HOP-') ? { meetingCode: code } : { taskCode: code };
  const { modifiedCount } = await ctx.db.Delivery.updateMany(
    { ...about, state: 'planned', reason: null, $or: [{ chat: null }, toMailboxes] },
    { $set: { state: 'suppressed', reason: DROPPED, finishedAt: ctx.clock.now(), unsealed: true }, $inc: { rev: 1 } },
  );
  if (modifiedCount > 0) await recordAudit(ctx, actor, { action: 'hold.drop', entity: 'hold', entityKey: code, after: { dropped: modifiedCount } });
  return { dropped: modifiedCount };
}
