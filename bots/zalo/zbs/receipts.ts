import type { Ctx } from '../../../src/context.js';
import type { ChannelPorts } from '../../../src/delivery/channel-module.js';
import type { Delivery } from '../../../src/delivery/delivery.model.js';
import type { ZaloTokens } from '../oa/tokens.js';
import type { ZaloClient } from '../oa/client.js';

/**
 * Whose message a receipt from the OA's webhook speaks of: an app has one webhook, and "user_received_message" comes for both
 * products. A receipt that overtakes our own record counts as the OA's; the status poll then finds the template message.
 */
export async function channelOfReceipt(ctx: Ctx, providerId: string): Promise<'zalo' | 'zbs'> {
  return (await ctx.db.Delivery.exists({ channel: 'zbs', providerId })) ? 'zbs' : 'zalo';
}

/** Zalo tells of delivered messages only; a lost webhook and an undelivered message look alike until somebody asks. */
const ASK_AFTER_MS = 10 * 60_000;
const ASK_UNTIL_MS = 48 * 3_600_000;
const AT_ONCE = 200;
const CALL_MS = 10_000;

interface Parts {
  client: ZaloClient;
  tokens: ZaloTokens;
  receipt: ChannelPorts['receipt'];
}

/** Asks Zalo about messages without a receipt, newest first. Returns how many turned out delivered. */
export async function pollStatus(ctx: Ctx, { client, tokens, receipt }: Parts): Promise<number> {
  const now = ctx.clock.now().getTime();
  const between = { $gt: new Date(now - ASK_UNTIL_MS), $lte: new Date(now - ASK_AFTER_MS) };
  const waiting = await ctx.db.Delivery.find({ channel: 'zbs', state: 'accepted', acceptedAt: between }, { providerId: 1 }).sort({ acceptedAt: -1 }).limit(AT_ONCE).lean<Delivery[]>();
  if (waiting.length === 0) return 0;
  const token = await tokens.current();
  if (token.kind !== 'token') return 0;
  let delivered = 0;
  for (const { providerId } of waiting) {
    const answer = await client.get(`/message/status?message_id=${encodeURIComponent(providerId ?? '')}`, null, { token: token.token, signal: AbortSignal.timeout(CALL_MS) });
    const at = answer.kind === 'ok' ? deliveredAt(answer.data, ctx.clock.now()) : null;
    if (!at || !providerId) continue;
    await receipt(providerId, 'delivered', at);
    delivered++;
  }
  return delivered;
}

/** Status 1 is "delivered"; 0 "on its way", -1 "unknown message". The time may be missing or text. */
function deliveredAt(data: Record<string, unknown>, now: Date): Date | null {
  if (Number(data['status']) !== 1) return null;
  const at = new Date(Number(data['delivery_time'] ?? NaN));
  return Number.isNaN(at.getTime()) ? now : at;
}
