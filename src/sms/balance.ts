import type { Ctx } from '../context.js';
import type { Quota } from '../delivery/channel-desk.js';
import { SMS_BALANCE } from '../texts/sms-texts.js';

/** What the gateway said last about our account (State), for the back office. */
export const SMS_BALANCE_STATE = 'sms:balance';

/** What is left on the gateway's account in đồng, as last heard; null where it was never told. */
export async function smsBalance(ctx: Ctx): Promise<{ left: number; at: Date } | null> {
  const record = await ctx.db.State.findById(SMS_BALANCE_STATE).lean();
  return record ? { left: (record.value as { left: number }).left, at: record.updatedAt } : null;
}

/** For the page "Kênh"; empty where the gateway tells no balance. */
export async function smsQuotas(ctx: Ctx): Promise<Quota[]> {
  const balance = ctx.config.SMS_DRIVER === 'esms' ? await smsBalance(ctx) : null;
  return balance ? [{ label: SMS_BALANCE, left: balance.left, total: null, unit: 'đồng' }] : [];
}
