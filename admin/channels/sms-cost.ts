import type { Ctx } from '../../src/context.js';
import { instantAt, localDateOf } from '../../src/kernel/local-date.js';
import { encodeSms } from '../../src/texts/sms/encode.js';
import { SMS_CUT_NOTE } from '../../src/texts/sms-texts.js';

/** Texts counted; an office sends fewer in a day. */
const MOST = 2_000;

/** Parts of today's SMS (Vietnamese day), recounted from the ledger, and what they cost in đồng where SMS_PRICE is set. */
export async function smsCostToday(ctx: Ctx): Promise<{ parts: number; price: number | null }> {
  const since = instantAt(localDateOf(ctx.clock.now()), '00:00');
  const rows = await ctx.db.Delivery.find({ acceptedAt: { $gte: since }, channel: 'sms' }, { text: 1 }).limit(MOST).lean().exec();
  const { SMS_UNICODE: unicode, SMS_MAX_PARTS: maxParts, SMS_PRICE: price } = ctx.config;
  const parts = rows.reduce((sum, { text }) => sum + Math.max(1, encodeSms(text ?? '', { unicode, maxParts, note: SMS_CUT_NOTE }).parts.length), 0);
  return { parts, price: price ? parts * price : null };
}
