import { openConnections } from '../../../src/ask/ask-json.js';
import type { Ctx } from '../../../src/context.js';
import type { ChannelHealth, ChannelModule, ChannelPorts, CreateChannel } from '../../../src/delivery/channel-module.js';
import type { SendOutcome } from '../../../src/delivery/sender.js';
import type { InboundMessage } from '../../../src/inbox/inbound.js';
import { zaloBotProblems, zaloBotUse, type ZaloBotProblem } from '../../../src/texts/zalo-bot-texts.js';
import { zaloDownload } from '../download.js';
import { chosen } from './choices.js';
import { createBotClient } from './client.js';
import { introduce } from './introduce.js';
import { whileLeading } from '../../poll-lease.js';
import { wait, type Wait } from '../../wait.js';
import { CALL_LIMIT_MS, poll } from './polling.js';
import { botUse, isNearlyUsedUp, type BotUse } from './quota.js';
import { createBotSender } from './sender.js';
import { readUpdate, toInbound } from './to-inbound.js';
import { registerWebhook } from './webhook.js';

/** Where the bot's public name is kept (State): `{ id, name }`. */
export const ZALO_BOT_STATE = 'zalo-bot:me';

/**
 * The Zalo Bot Platform as a channel of its own beside the Official Account: polling or webhook in, sendMessage out. Throws
 * TypeError without a token. `seams.wait` lets tests run without pauses.
 */
export function zaloBotChannel(ctx: Ctx, ports: ChannelPorts, seams: { wait?: Wait; pulse?: Wait } = {}): ChannelModule {
  const { ZALO_BOT_TOKEN: token, ZALO_BOT_API_ROOT: apiRoot, ZALO_BOT_UPDATES: updates, ZALO_BOT_WEBHOOK_SECRET: secret } = ctx.config;
  if (!token) throw new TypeError('ZALO_BOT_TOKEN is not set: the channel must stay off');
  const log = ctx.log.child({ channel: 'zalo-bot' });
  // Longer than a long poll lasts: an update handed to a call that was given up is lost.
  const agent = openConnections(CALL_LIMIT_MS + 5_000);
  const client = createBotClient(apiRoot, token, agent);
  const health = createHealth(ctx.clock.now());
  const stopping = new AbortController();
  const running: Promise<void>[] = [];
  const take = async (update: unknown): Promise<void> => {
    const read = readUpdate(update);
    if (!read) return log.warn('zalo-bot.update-unreadable');
    const message = toInbound(read);
    if (message) await ports.receive(await withChoice(ctx, message));
  };
  const known = async (me: BotName): Promise<void> => {
    await remember(ctx, me);
    health.use(await botUse(ctx));
  };
  const shared = { client, log, random: ctx.random, wait: seams.wait ?? wait, report: health.report, config: ctx.config, known };
  return {
    sender: createBotSender(ctx, { client, noticed: health.outcome }),
    ...(updates === 'webhook' && secret ? { routes: (http) => registerWebhook(http, { secret, log, take }) } : {}),
    start: async () => {
      running.push(introduce(shared, stopping.signal));
      if (updates === 'polling') running.push(whileLeading({ ...ctx, log }, { name: 'zalo-bot', wait: seams.pulse ?? wait, standby: () => health.report(undefined) }, (signal) => poll({ ...shared, take }, signal), stopping.signal));
    },
    stop: async () => {
      stopping.abort();
      await Promise.all(running);
      agent.close().catch((error: unknown) => log.debug({ event: 'zalo-bot.close', err: error }));
    },
    download: zaloDownload(agent, ctx.config.ZALO_MEDIA_HOSTS),
    health: health.now,
  };
}

/** How app.ts plugs Zalo Bot in. */
export const createZaloBot: CreateChannel = (ctx, ports) => zaloBotChannel(ctx, ports);

/** A number typed in answer to our choices acts as the button it stands for; where it may stand for several it is asked back. */
async function withChoice(ctx: Ctx, message: InboundMessage): Promise<InboundMessage> {
  if (message.kind !== 'text' || message.group || !message.text) return message;
  const meant = await chosen(ctx, message.chatId, message.text);
  if (!meant) return message;
  return 'command' in meant ? { ...message, kind: 'button', text: meant.command } : { ...message, choices: meant.choices };
}

interface BotName {
  id: string;
  name: string;
}

async function remember(ctx: Ctx, value: BotName): Promise<void> {
  await ctx.db.State.updateOne({ _id: ZALO_BOT_STATE }, { $set: { value, updatedAt: ctx.clock.now() } }, { upsert: true });
}

/** Incoming and outgoing apart: a used-up month does not keep people from writing to us. */
function createHealth(since: Date) {
  let incoming: ZaloBotProblem | undefined = 'starting';
  let outgoing: ZaloBotProblem | undefined;
  let use: BotUse | undefined;
  return {
    use: (now: BotUse): void => void (use = now),
    report: (problem: ZaloBotProblem | undefined): void => void (incoming = problem),
    outcome: (outcome: SendOutcome): void => {
      if (outcome.kind === 'accepted') outgoing = undefined;
      else if (outcome.code === 'zalo-bot:quota' || outcome.code === 'zalo-bot:429') outgoing = 'flood';
      else if (outcome.kind === 'rejected') outgoing = 'token-refused';
      else if (outcome.kind === 'retry') outgoing = /no-connection|timeout|connection-lost/.test(outcome.code) ? 'network' : 'server-error';
    },
    now: (): ChannelHealth => {
      const problem = incoming ?? outgoing;
      if (problem) return { state: 'failing', problem: zaloBotProblems[problem], ...(problem === 'starting' ? { connectingSince: since } : {}) };
      return use && isNearlyUsedUp(use) ? { state: 'ok', problem: zaloBotUse(use) } : { state: 'ok' };
    },
  };
}
