import type { Ctx } from '../../context.js';
import type { Delivery } from '../delivery.model.js';
import type { Channel } from '../../kernel/channels.js';

/** Other urgent matters that have tried in vain whether this channel is back. */
export const rivals = (ctx: Ctx, { _id, lane }: Pick<Delivery, '_id' | 'lane'>, channel: Channel): Promise<number> =>
  lane === 'urgent' ? ctx.db.Delivery.countDocuments({ _id: { $ne: _id }, state: { $in: ['planned', 'unknown'] }, reason: null, lane, 'attempts.channel': channel }, { limit: 1_000 }).exec() : Promise.resolve(0);

/**
 * A provider is back after an outage: due at once is what was tried in vain and waits out a pause, that is every urgent matter,
 * the few others that had tried whether it is back, and copies in doubt that were kept from trying. What else is in doubt keeps
 * its time: its provider is asked about it first. They come in the order in which they were planned. Repeating it changes nothing.
 */
export async function hurryWaiting(ctx: Ctx, channel: Channel): Promise<void> {
  const now = ctx.clock.now();
  const triedHere = [
    { state: 'planned', lane: 'urgent', 'attempts.0': { $exists: true } },
    { state: 'planned', attempts: { $elemMatch: { channel, outcome: 'down' } } },
    { state: 'unknown', waitsFor: channel, 'attempts.channel': channel },
  ];
  const asPlanned = [{ $set: { notBefore: { $min: ['$notBefore', now] }, order: '$createdAt' } }];
  await ctx.db.Delivery.updateMany({ state: { $in: ['planned', 'unknown'] }, reason: null, digestKey: null, $or: triedHere } as never, asPlanned, { updatePipeline: true });
}
