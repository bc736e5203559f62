import type { Ctx } from '../../../src/context.js';
import type { ChannelPorts } from '../../../src/delivery/channel-module.js';
import { takeTurn } from '../../../src/db/take-turn.js';
import type { Delivery } from '../../../src/delivery/delivery.model.js';
import type { Secret } from '../../../src/kernel/secret.js';
import type { ZaloTokens } from '../oa/tokens.js';
import type { ZaloClient } from '../oa/client.js';
import { zbsCode } from './errors.js';

/**
 * Whose message a receipt from the OA's webhook speaks of: an app has one webhook, and "user_received_message" comes for both
 * products. A receipt that overtakes our own record counts as the OA's; the status poll then finds the template message.
 */
export async function channelOfReceipt(ctx: Ctx, providerId: string): Promise<'zalo' | 'zbs'> {
  return (await ctx.db.Delivery.exists({ channel: 'zbs', providerId })) ? 'zbs' : 'zalo';
}

/** Zalo tells of delivered messages only; a lost webhook and an undelivered message look alike until somebody asks. */
const ASK_AFTER_MS = 60_000;
/** Young messages are asked about every minute: their silence decides soon about another channel. Older ones every ten. */
const YOUNG_MS = 30 * 60_000;
const OLDER_EVERY_MS = 10 * 60_000;
const ASK_UNTIL_MS = 48 * 3_600_000;
/** A message Zalo took and does not know so much later will not arrive. */
const LOST_AFTER_MS = 10 * 60_000;
/** A little less than the timetable's minute: one instance asks. */
const TURN_MS = 50_000;
const AT_ONCE = 200;
const CALL_MS = 10_000;

interface Parts {
  client: ZaloClient;
  tokens: ZaloTokens;
  receipt: ChannelPorts['receipt'];
}

/** Asks Zalo about messages without a receipt, newest first. Returns how many ends became known. */
export async function pollStatus(ctx: Ctx, parts: Parts): Promise<number> {
  if (!(await takeTurn(ctx, 'zbs-status', TURN_MS))) return 0;
  const now = ctx.clock.now().getTime();
  const since = (await takeTurn(ctx, 'zbs-status-older', OLDER_EVERY_MS)) ? ASK_UNTIL_MS : YOUNG_MS;
  const between = { $gt: new Date(now - since), $lte: new Date(now - ASK_AFTER_MS) };
  const waiting = await ctx.db.Delivery.find({ channel: 'zbs', state: 'accepted', acceptedAt: between }, { providerId: 1, acceptedAt: 1 }).sort({ acceptedAt: -1 }).limit(AT_ONCE).lean<Delivery[]>();
  if (waiting.length === 0) return 0;
  const token = await parts.tokens.current();
  if (token.kind !== 'token') return 0;
  let known = 0;
  for (const message of waiting) if (await askAbout(ctx, parts, message, token.token)) known++;
  return known;
}

async function askAbout(ctx: Ctx, { client, receipt }: Parts, { providerId, acceptedAt }: Delivery, token: Secret): Promise<boolean> {
  if (!providerId) return false;
  const answer = await client.get(`/message/status?message_id=${encodeURIComponent(providerId)}`, null, { token, signal: AbortSignal.timeout(CALL_MS) });
  if (answer.kind !== 'ok') return false;
  const now = ctx.clock.now();
  const status = statusIn(answer.data);
  if (status === 1) await receipt(providerId, 'delivered', deliveredAt(answer.data, now));
  else if (status === -1 && now.getTime() - (acceptedAt?.getTime() ?? 0) >= LOST_AFTER_MS) await receipt(providerId, 'failed', now, zbsCode('not-known'));
  else return false;
  return true;
}

/** 1 is "delivered", 0 "on its way", -1 "no such message"; null where it says nothing of the kind. */
function statusIn(data: Record<string, unknown>): number | null {
  const status = Number(data['status'] ?? NaN);
  return Number.isFinite(status) ? status : null;
}

/** The time may be missing or text. */
function deliveredAt(data: Record<string, unknown>, now: Date): Date {
  const at = new Date(Number(data['delivery_time'] || NaN));
  return Number.isNaN(at.getTime()) ? now : at;
}
