import type { Ctx } from '../../context.js';
import type { Channel } from '../../kernel/channels.js';

/**
 * A provider is back after an outage: urgent matters that were tried there in vain, and wait out the pause after their last
 * failure, are due at once. What is in doubt keeps its time: its provider is asked about it first. Repeating it changes nothing.
 */
export async function hurryUrgent(ctx: Ctx, channel: Channel): Promise<void> {
  const now = ctx.clock.now();
  await ctx.db.Delivery.updateMany(
    { state: 'planned', lane: 'urgent', reason: null, digestKey: null, notBefore: { $gt: now }, 'attempts.channel': channel },
    { $set: { notBefore: now } },
  );
}
