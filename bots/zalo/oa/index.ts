import type { Config } from '../../../src/config.js';
import { openConnections } from '../../../src/ask/ask-json.js';
import type { Ctx } from '../../../src/context.js';
import type { ChannelHealth, CreateChannel } from '../../../src/delivery/channel-module.js';
import type { SendOutcome } from '../../../src/delivery/sender.js';
import { zaloDownload } from '../download.js';
import { createZaloClient } from './client.js';
import { createEndpoints } from './endpoints.js';
import { warnOfEnd, type Ending } from './ending.js';
import { createGrantStore, NOT_GRANTED, type GrantStore } from './grant.js';
import { createZaloSender } from './sender.js';
import { createTokens, type TokenAnswer, type ZaloTokens } from './tokens.js';
import { registerZaloWebhook } from './webhook.js';

/** How often the token's age is looked at, so that a quiet OA does not lose its grant (refresh tokens live 3 months). */
const LOOK_AFTER_MS = 10 * 60_000;

/** The Zalo Official Account as a channel. Throws where a ZALO_* setting is missing; app.ts only asks for complete channels. */
export const createZaloOa: CreateChannel = (ctx, ports) => {
  const { appId, appSecret, secretKey, refreshToken } = settingsOf(ctx.config);
  const agent = openConnections();
  const instance = Buffer.from(ctx.random.bytes(8)).toString('hex');
  const store = createGrantStore(ctx, appId, refreshToken);
  const tokens = createTokens(ctx, { oauthRoot: ctx.config.ZALO_OAUTH_ROOT, appId, appSecret, agent, store, instance });
  const client = createZaloClient(ctx.config.ZALO_API_ROOT, agent);
  const health = createHealth();
  let caring: NodeJS.Timeout | undefined;
  const look = async (): Promise<void> => {
    health.token(await lookAfter(ctx, tokens));
    health.ending(await endingOf(ctx, store));
  };
  return {
    sender: createZaloSender(ctx, { client, tokens, endpoints: createEndpoints(ctx, appId), appId, noticed: health.outcome }),
    routes: (http) => registerZaloWebhook(http, ctx, { appId, secretKey, ports }),
    start: async () => {
      void look();
      caring = setInterval(() => void look(), LOOK_AFTER_MS).unref();
    },
    recheck: look,
    download: zaloDownload(agent, ctx.config.ZALO_MEDIA_HOSTS),
    stop: async () => {
      clearInterval(caring);
      // Calls in hand are finished, later ones are told "not sent"; nobody waits for a provider that hangs.
      agent.close().catch((error: unknown) => ctx.log.debug({ event: 'zalo-close', err: error }, 'connections were closed already'));
    },
    health: health.now,
  };
};

async function lookAfter(ctx: Ctx, tokens: ZaloTokens): Promise<TokenAnswer> {
  try {
    return await tokens.current();
  } catch (error) {
    ctx.log.error({ event: 'zalo-token-check-failed', err: error }, 'the Zalo token could not be looked after');
    return { kind: 'later', code: 'database', afterMs: LOOK_AFTER_MS };
  }
}

/** Warns the office where the permission ends soon; what it says is kept for health. */
async function endingOf(ctx: Ctx, store: GrantStore): Promise<Ending | null> {
  try {
    return await warnOfEnd(ctx, await store.load());
  } catch (error) {
    ctx.log.error({ event: 'zalo-grant-warning-failed', err: error }, 'the end of the Zalo permission could not be looked at');
    return null;
  }
}

function settingsOf(config: Config) {
  const { ZALO_APP_ID: appId, ZALO_APP_SECRET: appSecret, ZALO_OA_SECRET_KEY: secretKey, ZALO_OA_REFRESH_TOKEN: refreshToken } = config;
  if (!appId || !appSecret || !secretKey) throw new Error('Zalo OA needs ZALO_APP_ID, ZALO_APP_SECRET and ZALO_OA_SECRET_KEY');
  return { appId, appSecret, secretKey, refreshToken };
}

/** The last thing that happened decides, apart for the token and for sending; one person out of reach says nothing about the channel. */
function createHealth() {
  let grantProblem: string | null = null;
  let sendProblem: string | null = null;
  let endsSoon: string | null = null;
  return {
    now: (): ChannelHealth => {
      const problem = grantProblem ?? sendProblem;
      if (problem) return { state: 'failing', problem };
      return endsSoon ? { state: 'ok', problem: endsSoon } : { state: 'ok' };
    },
    ending: (ending: Ending | null): void => void (endsSoon = ending?.words ?? null),
    token: (answer: TokenAnswer): void => {
      if (answer.kind === 'token') grantProblem = null;
      else grantProblem = answer.kind === 'lost' ? needsGrant(answer.code) : `Zalo OA: chưa lấy được mã truy cập (${answer.code}), hệ thống sẽ tự thử lại.`;
    },
    outcome: (outcome: SendOutcome): void => {
      if (outcome.kind === 'accepted' || outcome.kind === 'unreachable') grantProblem = sendProblem = null;
      else if (outcome.code.includes('grant-lost')) grantProblem = needsGrant(outcome.code);
      else if (outcome.kind === 'rejected') sendProblem = `Zalo OA: Zalo từ chối (${outcome.code}), cần kiểm tra cấu hình.`;
      else sendProblem = `Zalo OA: đang gián đoạn (${outcome.code}), hệ thống sẽ tự gửi lại.`;
    },
  };
}

const needsGrant = (code: string): string =>
  code.includes(NOT_GRANTED) ? 'Zalo OA: chưa được cấp quyền, quản trị OA cần bấm "Cấp quyền" ở trang Kênh.' : `Zalo OA: cần quản trị OA cấp quyền lại (${code}).`;
