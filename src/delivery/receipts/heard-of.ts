import type { Ctx } from '../../context.js';
import type { Delivery } from '../delivery.model.js';

/** True where the person wrote or tapped, in whichever chat, after that moment: the sign of life of channels without receipts. */
export const wroteSince = async (ctx: Ctx, personId: Delivery['personId'], since: Date): Promise<boolean> =>
  personId !== null && (await ctx.db.ChatLink.exists({ personId, lastInboundAt: { $gt: since } })) !== null;
