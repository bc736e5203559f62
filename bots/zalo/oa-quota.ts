import { openConnections } from '../../src/ask/ask-json.js';
import type { Ctx } from '../../src/context.js';
import { missingForChannel } from '../../src/config.js';
import type { Quota } from '../../src/delivery/channel-desk.js';
import { takeTurn } from '../../src/db/take-turn.js';
import { oaMessagesFree } from '../../src/texts/zbs-texts.js';
import { createZaloClient } from './oa/client.js';
import { oaTokens } from './oa-tokens.js';

/** What Zalo said last about free answers to a user (State). */
const OA_QUOTA_STATE = 'zalo:quota';
const ASK_EVERY_MS = 10 * 60_000;
/** The page waits no longer. */
const CALL_MS = 3_000;

/**
 * What is left of the OA's free answers, as the quota API tells it for the user heard last: asked when the page is opened, at
 * most every ten minutes. The field is announced for removal and packages differ, so all of it may be missing. Never throws.
 */
export async function oaQuotas(ctx: Ctx): Promise<Quota[]> {
  if (missingForChannel(ctx.config, 'zalo').length > 0) return [];
  try {
    if (await takeTurn(ctx, 'zalo-quota', ASK_EVERY_MS)) await ask(ctx);
    const record = await ctx.db.State.findById(OA_QUOTA_STATE).lean();
    const { remain, total } = (record?.value ?? {}) as { remain?: number; total?: number };
    return remain === undefined ? [] : [{ label: oaMessagesFree(), left: remain, total: total ?? null }];
  } catch (error) {
    ctx.log.warn({ event: 'zalo-quota-failed', error: error instanceof Error ? error.name : 'unknown' }, 'the quota of the OA could not be read');
    return [];
  }
}

async function ask(ctx: Ctx): Promise<void> {
  const link = await ctx.db.ChatLink.findOne({ channel: 'zalo', deadAt: null }, { chatId: 1 }).sort({ lastInboundAt: -1 }).lean();
  if (!link) return;
  const agent = openConnections();
  try {
    const token = await oaTokens(ctx, agent).current();
    if (token.kind !== 'token') return;
    const call = { token: token.token, signal: AbortSignal.timeout(CALL_MS) };
    const answer = await createZaloClient(ctx.config.ZALO_API_ROOT, agent).post('/v3.0/oa/quota/message', { user_id: link.chatId }, call);
    const free = answer.kind === 'ok' ? answer.data['cs_reply'] : null;
    if (typeof free !== 'object' || free === null) return;
    const [remain, total] = ['remain', 'total'].map((name) => Number((free as Record<string, unknown>)[name] ?? NaN));
    if (remain === undefined || !Number.isFinite(remain)) return;
    await ctx.db.State.updateOne({ _id: OA_QUOTA_STATE }, { $set: { value: { remain, ...(total !== undefined && total > 0 ? { total } : {}) }, updatedAt: ctx.clock.now() } }, { upsert: true });
  } finally {
    await agent.close();
  }
}
