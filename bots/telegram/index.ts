import type { Update } from 'telegraf/types';
import type { Ctx } from '../../src/context.js';
import type { ChannelHealth, ChannelModule, ChannelPorts, CreateChannel } from '../../src/delivery/channel-module.js';
import { moveChat } from '../../src/people/links/move-chat.js';
import { telegramProblems, type TelegramProblem } from '../../src/texts/telegram-texts.js';
import { createBot } from './bot.js';
import { call } from './call.js';
import { whileLeading } from '../poll-lease.js';
import { wait, type Wait } from '../wait.js';
import { poll } from './polling.js';
import { telegramDownload } from './download.js';
import { introduce } from './register.js';
import { telegramSender } from './sender.js';
import { isUpdate, toInbound } from './to-inbound.js';
import { registerWebhook } from './webhook.js';

/** Where the bot's public name is kept (State): `{ id, username }`, for deep links `https://t.me/<username>?start=<code>`. */
export const TELEGRAM_BOT_STATE = 'telegram:bot';

const TAP_LIMIT_MS = 5_000;

/**
 * Telegram as a channel: polling or webhook in, sendMessage out. Needs the settings `missingForChannel` names; throws
 * TypeError without a token. `seams.wait` lets tests run without pauses, `seams.pulse` those of the lease between instances.
 */
export function telegramChannel(ctx: Ctx, ports: ChannelPorts, seams: { wait?: Wait; pulse?: Wait } = {}): ChannelModule {
  const log = ctx.log.child({ channel: 'telegram' });
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  const inBackground = (work: Promise<unknown>) => {
    const done: Promise<void> = work.then(() => {}, () => {}).finally(() => running.delete(done));
    running.add(done);
  };
  let problem: TelegramProblem | undefined = 'starting';
  const since = ctx.clock.now();

  const bot = createBot(ctx.config, async (update) => {
    const message = toInbound(update);
    if (message) await ports.receive(message);
    else if (!isUpdate(update)) log.warn({ event: 'telegram.update-unreadable' });
    // Best effort and not awaited: the button stops spinning, and nobody waits for it.
    const tap = tapIn(update);
    if (tap) inBackground(call(bot, 'answerCallbackQuery', { callback_query_id: tap }, AbortSignal.any([stopping.signal, AbortSignal.timeout(TAP_LIMIT_MS)])));
  });
  const report = (now: TelegramProblem | undefined) => {
    if (now !== problem) log.info({ event: 'telegram.health', problem: now ?? 'none' });
    problem = now;
  };
  const shared = { bot, log, random: ctx.random, wait: seams.wait ?? wait, report, config: ctx.config, known: (me: BotName) => remember(ctx, me) };
  const webhookSecret = ctx.config.TELEGRAM_UPDATES === 'webhook' ? ctx.config.TELEGRAM_WEBHOOK_SECRET : undefined;

  return {
    sender: telegramSender(bot, { moved: (from, to) => moveChat(ctx, { channel: 'telegram', from, to }) }),
    ...(webhookSecret ? { routes: (http) => registerWebhook(http, { bot, secret: webhookSecret, log }) } : {}),
    start: async () => {
      inBackground(introduce(shared, stopping.signal));
      if (ctx.config.TELEGRAM_UPDATES === 'polling') inBackground(whileLeading({ ...ctx, log }, { name: 'telegram', wait: seams.pulse ?? wait, standby: () => report(undefined) }, (signal) => poll(shared, signal), stopping.signal));
    },
    stop: async () => {
      stopping.abort();
      await Promise.all(running);
    },
    download: telegramDownload(bot, ctx.config),
    health: (): ChannelHealth => (problem ? { state: 'failing', problem: telegramProblems[problem], ...(problem === 'starting' ? { connectingSince: since } : {}) } : { state: 'ok' }),
  };
}

/** How app.ts plugs Telegram in. */
export const createTelegram: CreateChannel = (ctx, ports) => telegramChannel(ctx, ports);

interface BotName {
  id: number;
  username: string;
}

async function remember(ctx: Ctx, me: BotName): Promise<void> {
  const value = { id: me.id, username: me.username };
  await ctx.db.State.updateOne({ _id: TELEGRAM_BOT_STATE }, { $set: { value, updatedAt: ctx.clock.now() } }, { upsert: true });
}

const tapIn = (update: Update): string | undefined => ('callback_query' in update ? update.callback_query.id : undefined);
