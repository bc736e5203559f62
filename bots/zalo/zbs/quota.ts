import type { Ctx } from '../../../src/context.js';
import { takeTurn } from '../../../src/db/take-turn.js';
import type { ZaloClient } from '../oa/client.js';
import type { ZaloTokens } from '../oa/tokens.js';

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

const ASK_EVERY_MS = 10 * 60_000;
const CALL_MS = 10_000;

/** Asks for today's quota, so that the back office sees it without a message having gone out. Never throws for what Zalo does. */
export async function askQuota(ctx: Ctx, { client, tokens }: { client: ZaloClient; tokens: ZaloTokens }): Promise<void> {
  if (!(await takeTurn(ctx, 'zbs-quota', ASK_EVERY_MS))) return;
  const token = await tokens.current();
  if (token.kind !== 'token') return;
  const answer = await client.get('/message/quota', null, { token: token.token, signal: AbortSignal.timeout(CALL_MS) });
  if (answer.kind === 'ok') await noteQuota(ctx, answer.data);
}
