import type { Ctx } from '../../context.js';

/**
 * A provider is back after an outage: urgent matters that had been tried in vain, and wait out the pause after their last
 * failure, are due at once. What is in doubt keeps its time: the provider is asked about it first. Repeating it changes nothing.
 */
export async function hurryUrgent(ctx: Ctx): Promise<void> {
  const now = ctx.clock.now();
  await ctx.db.Delivery.updateMany(
    { state: 'planned', lane: 'urgent', reason: null, digestKey: null, notBefore: { $gt: now }, 'attempts.0.outcome': { $exists: true } },
    { $set: { notBefore: now } },
  );
}
