import type { Ctx } from '../../context.js';
import type { Channel } from '../../kernel/channels.js';

/**
 * A provider is back after an outage: what was tried there in vain and waits out a pause is due at once, that is every urgent
 * matter, and the few others that had tried whether it is back. What is in doubt keeps its time: its provider is asked about
 * it first. Repeating it changes nothing.
 */
export async function hurryWaiting(ctx: Ctx, channel: Channel): Promise<void> {
  const now = ctx.clock.now();
  const triedHere = [{ lane: 'urgent', 'attempts.channel': channel }, { attempts: { $elemMatch: { channel, outcome: 'down' } } }];
  await ctx.db.Delivery.updateMany({ state: 'planned', reason: null, digestKey: null, notBefore: { $gt: now }, $or: triedHere } as never, { $set: { notBefore: now } });
}
