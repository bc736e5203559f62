import type { Ctx } from '../../src/context.js';
import { missingForChannel } from '../../src/config.js';
import type { ChannelDesk, GrantView, Quota } from '../../src/delivery/channel-desk.js';
import { botUse } from './bot/quota.js';
import { oaConsent } from './oa/consent.js';
import { grantEnd } from './oa/ending.js';
import { createGrantStore, NOT_GRANTED } from './oa/grant.js';
import { oaQuotas } from './oa-quota.js';
import { zbsQuota } from './zbs/quota.js';

/** What the back office sees of Zalo's three products. */
export const zaloDesk = (ctx: Ctx): Omit<ChannelDesk, 'health'> => ({ quotas, grant, consent: oaConsent(ctx.config) });

async function quotas(ctx: Ctx): Promise<{ zalo: Quota[]; 'zalo-bot'?: Quota[]; zbs?: Quota[] }> {
  const [use, zbs, zalo] = await Promise.all([ctx.config.ZALO_BOT_TOKEN ? botUse(ctx) : null, ctx.config.ZALO_ZBS_MODE ? zbsQuota(ctx) : null, oaQuotas(ctx)]);
  const [year, month] = use?.month.split('-') ?? [];
  return {
    zalo,
    ...(use
      ? {
          'zalo-bot': [
            { label: `Tin trong tháng ${month}/${year}`, left: Math.max(0, use.sentLimit - use.sent), total: use.sentLimit },
            { label: 'Người dùng bot', left: Math.max(0, use.userLimit - use.users), total: use.userLimit },
          ],
        }
      : {}),
    ...(zbs ? { zbs: [{ label: 'Tin trong ngày', left: zbs.remaining, total: zbs.daily }] } : {}),
  };
}

/** Null where the app itself is not configured. */
async function grant(ctx: Ctx): Promise<GrantView | null> {
  const { ZALO_APP_ID: appId, ZALO_OA_REFRESH_TOKEN: configured } = ctx.config;
  if (!appId || missingForChannel(ctx.config, 'zalo').length > 0) return null;
  const found = await createGrantStore(ctx, appId, configured).load();
  if (found.lost) return { state: found.lost.code === NOT_GRANTED ? 'not-yet' : 'lost', endsAt: null, code: found.lost.code };
  return { state: 'granted', endsAt: grantEnd(found), code: null };
}
