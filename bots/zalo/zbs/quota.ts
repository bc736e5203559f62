import type { Ctx } from '../../../src/context.js';

/** What Zalo said last about today's quota (State), for the back office. */
export const ZBS_QUOTA_STATE = 'zbs:quota';

export interface ZbsQuota {
  daily: number;
  remaining: number;
}

/** Keeps the quota that came with a send reply; its numbers may be text, and it may be missing. Never throws: the message is out. */
export async function noteQuota(ctx: Ctx, quota: unknown): Promise<void> {
  const { dailyQuota, remainingQuota } = (typeof quota === 'object' && quota !== null ? quota : {}) as Record<string, unknown>;
  const value: ZbsQuota = { daily: Number(dailyQuota ?? NaN), remaining: Number(remainingQuota ?? NaN) };
  if (!Number.isFinite(value.daily) || !Number.isFinite(value.remaining)) return;
  try {
    await ctx.db.State.updateOne({ _id: ZBS_QUOTA_STATE }, { $set: { value, updatedAt: ctx.clock.now() } }, { upsert: true });
  } catch (error) {
    ctx.log.warn({ event: 'zbs.quota-not-stored', error: error instanceof Error ? error.name : 'unknown' }, 'the quota could not be stored');
  }
}

/** The quota as last heard; null before the first message. */
export async function zbsQuota(ctx: Ctx): Promise<(ZbsQuota & { at: Date }) | null> {
  const record = await ctx.db.State.findById(ZBS_QUOTA_STATE).lean();
  return record ? { ...(record.value as ZbsQuota), at: record.updatedAt } : null;
}
