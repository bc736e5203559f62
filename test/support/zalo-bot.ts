import { zaloBotChannel } from '../../bots/zalo/bot/index.js';
import type { Wait } from '../../bots/wait.js';
import { readConfig } from '../../src/config.js';
import type { ChannelModule, ChannelPorts } from '../../src/delivery/channel-module.js';
import { startZaloBotStandIn, type ZaloBotStandIn } from '../../src/demo/providers/zalo-bot.js';
import type { InboundMessage } from '../../src/inbox/inbound.js';
import type { Message } from '../../src/texts/message.js';
import { testCtx } from './test-ctx.js';

/** The settings that point the product at a stand-in. */
export const zaloBotEnv = (bot: ZaloBotStandIn, more: Record<string, string> = {}): Record<string, string> => ({ ZALO_BOT_TOKEN: bot.token, ZALO_BOT_API_ROOT: bot.apiRoot, ...more });

/** Long pauses last until the channel stops, short ones pass at once. */
const impatient: Wait = (ms, signal) =>
  signal.aborted || ms < 60_000 ? new Promise((done) => setImmediate(done)) : new Promise((done) => signal.addEventListener('abort', () => done()));

/** Zalo Bot's stand-in and the channel alone on a database of its own; what comes in is collected unless `receive` does something else. */
export async function zaloBotBench(env: Record<string, string> = {}) {
  const start = '2026-11-20T01:00:00Z';
  const { ctx, clock, close: closeDb } = await testCtx(start);
  const bot = await startZaloBotStandIn({ clock });
  const config = readConfig({ NODE_ENV: 'test', LOG_LEVEL: 'silent', ...zaloBotEnv(bot, env) });
  const inbox: InboundMessage[] = [];
  const ports: ChannelPorts = { receive: async (message) => void inbox.push(message as InboundMessage), receipt: async () => {} };
  const channelWith = (over: Partial<typeof ctx> = {}, door: Partial<ChannelPorts> = {}): ChannelModule => zaloBotChannel({ ...ctx, config, ...over }, { ...ports, ...door }, { wait: impatient });
  const channel = channelWith();
  let sends = 0;
  const send = (to: string, message: Message | string, signal = AbortSignal.timeout(5_000)) =>
    channel.sender.send(to, typeof message === 'string' ? { text: message } : message, { key: `k${++sends}`, signal });
  return {
    bot, ctx: { ...ctx, config }, clock, channel, channelWith, inbox, send,
    close: async () => {
      await channel.stop?.();
      await bot.stop();
      await closeDb();
    },
  };
}
