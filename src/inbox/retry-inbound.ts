import { recordAudit } from '../audit/record-audit.js';
import type { Ctx } from '../context.js';
import { DomainError } from '../kernel/errors.js';
import type { Actor } from '../people/actor.js';
import { mustBeAllowed } from '../people/policy.js';
import type { InboundRecord } from './inbound.model.js';

/**
 * "Xử lý lại": a message that was parked is worked on anew, as if it had just come in, and its sender is answered. The same
 * cause twice changes nothing, also where the message was parked again meanwhile. Throws forbidden, inbound-unknown, inbound-not-parked.
 */
export async function retryInbound(ctx: Ctx, actor: Actor, { id }: { id: string }): Promise<void> {
  mustBeAllowed(actor, 'inbox.retry');
  const before = /^[0-9a-f]{24}$/i.test(id) ? await ctx.db.Inbound.findById(id, { message: 0 }).lean<InboundRecord>() : null;
  if (!before) throw new DomainError('inbound-unknown');
  if (before.retriedBy !== ctx.cause) {
    const now = ctx.clock.now();
    const freed = await ctx.db.Inbound.updateOne(
      { _id: before._id, state: 'parked', fence: before.fence },
      { $set: { state: 'new', attempts: 0, notBefore: now, retriedBy: ctx.cause }, $inc: { fence: 1 } },
    );
    if (freed.matchedCount === 0) throw new DomainError('inbound-not-parked');
  }
  // A crash before this line is made up for by the same press again.
  await recordAudit(ctx, actor, { action: 'inbox.retry', entity: 'inbound', entityKey: String(before._id), before: { channel: before.channel, lastError: before.lastError } });
  ctx.wake('inbox');
}
