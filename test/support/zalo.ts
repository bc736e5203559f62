import { createZaloOa } from '../../bots/zalo/oa/index.js';
import type { ChannelModule } from '../../src/delivery/channel-module.js';
import { startZaloStandIn, type ZaloStandIn } from '../../src/demo/providers/zalo.js';
import type { InboundMessage } from '../../src/inbox/inbound.js';
import { TestClock } from './test-clock.js';
import { testCtx } from './test-ctx.js';

/** The settings that point the product at a stand-in. */
export const zaloEnv = (zalo: ZaloStandIn, refreshToken = zalo.refreshToken): Record<string, string> => ({
  ZALO_APP_ID: zalo.appId,
  ZALO_APP_SECRET: zalo.appSecret,
  ZALO_OA_SECRET_KEY: zalo.oaSecretKey,
  ZALO_OA_REFRESH_TOKEN: refreshToken,
  ZALO_API_ROOT: zalo.apiRoot,
  ZALO_MEDIA_HOSTS: new URL(zalo.apiRoot).host,
  ZALO_OAUTH_ROOT: zalo.oauthRoot,
});

/** How many refresh calls reached Zalo's login. */
export const refreshCalls = (zalo: ZaloStandIn): number => zalo.network.calls().filter((call) => call.method === 'POST /v4/oa/access_token').length;

/** Calls to the message endpoints, as "method path". */
export const messageCalls = (zalo: ZaloStandIn): string[] => zalo.network.calls().map((call) => call.method).filter((method) => /message/.test(method));

/** Zalo's stand-in and the channel alone on a database of its own; what comes in is collected. */
export async function zaloBench(start = '2026-11-20T01:00:00Z') {
  const clock = new TestClock(start);
  const zalo = await startZaloStandIn({ clock, later: () => {} });
  const bench = await testCtx(start, zaloEnv(zalo));
  const ctx = { ...bench.ctx, clock };
  const inbox: InboundMessage[] = [];
  const receipts: { providerId: string; what: string }[] = [];
  const channelOn = (over: typeof ctx): ChannelModule =>
    createZaloOa(over, {
      receive: async (message) => void inbox.push(message as InboundMessage),
      receipt: async (providerId, what) => void receipts.push({ providerId, what }),
    });
  const channel = channelOn(ctx);
  const send = (to: string, text: string, signal = AbortSignal.timeout(5_000)) => channel.sender.send(to, { text }, { key: 'k', signal });
  const close = async () => {
    await channel.stop?.();
    await zalo.stop();
    await bench.close();
  };
  return { zalo, ctx, clock, channel, channelOn, send, inbox, receipts, close };
}
