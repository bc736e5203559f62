import type { Agent } from 'undici';
import type { Ctx } from '../../src/context.js';
import { createGrantStore } from './oa/grant.js';
import { createTokens, type ZaloTokens } from './oa/tokens.js';

/**
 * The Official Account's tokens for another product that is sent in its name. The pair lies in the database under a lease, so
 * this and the OA channel (and every other instance) together make one refresh call. Throws where a ZALO_* setting is missing.
 */
export function oaTokens(ctx: Ctx, agent: Agent): ZaloTokens {
  const { ZALO_APP_ID: appId, ZALO_APP_SECRET: appSecret, ZALO_OA_REFRESH_TOKEN: refreshToken, ZALO_OAUTH_ROOT: oauthRoot } = ctx.config;
  if (!appId || !appSecret) throw new TypeError('The OA needs ZALO_APP_ID and ZALO_APP_SECRET');
  const instance = Buffer.from(ctx.random.bytes(8)).toString('hex');
  return createTokens(ctx, { oauthRoot, appId, appSecret, agent, store: createGrantStore(ctx, appId, refreshToken), instance });
}
