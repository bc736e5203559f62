import { Telegraf } from 'telegraf';
import type { Update } from 'telegraf/types';
import type { Config } from '../../src/config.js';
import { openConnections } from './connections.js';

/** Kinds of update we ask for; Telegram keeps the list until it is given another. */
export const ALLOWED_UPDATES = ['message', 'edited_message', 'callback_query', 'my_chat_member'] as const;

/** Storing an update takes milliseconds; beyond this the database is gone and Telegram shall send it again. */
const STORE_LIMIT_MS = 20_000;

/**
 * The telegraf bot: one handler that stores, no automatic answers. `onUpdate` rejects where the update could not be
 * stored, and `handleUpdate` then rejects too, so that webhook and polling keep the update at Telegram. `connectLimitMs`:
 * how long a connection may take to stand.
 */
export function createBot(config: Config, onUpdate: (update: Update) => Promise<void>, seams: { connectLimitMs?: number } = {}): Telegraf {
  const token = config.TELEGRAM_BOT_TOKEN?.reveal();
  if (!token) throw new TypeError('TELEGRAM_BOT_TOKEN is not set: the channel must stay off');
  // Without the slash telegraf's `new URL('./bot…', root)` would lose the last part of a relay's path.
  const apiRoot = `${config.TELEGRAM_API_ROOT}/`;
  // telegraf speaks through node-fetch 2, which knows http.Agent and neither undici's dispatcher nor HTTPS_PROXY.
  const agent = openConnections(apiRoot, config.TELEGRAM_PROXY, seams.connectLimitMs);
  const bot = new Telegraf(token, { telegram: { apiRoot, webhookReply: false, agent }, handlerTimeout: STORE_LIMIT_MS });
  // telegraf drops the agent it is given where the root is http.
  bot.telegram.options.agent = agent;
  // Unset, the first update would wait for getMe, and one failed getMe would be remembered for ever.
  bot.botInfo = strangerBot(Number(token.split(':')[0]));
  bot.use((tg) => onUpdate(tg.update));
  // telegraf's own handler prints the whole update and sets process.exitCode; here the caller decides.
  bot.catch((error) => {
    throw error;
  });
  return bot;
}

const strangerBot = (id: number): NonNullable<Telegraf['botInfo']> => ({
  id,
  is_bot: true,
  first_name: '',
  username: '',
  can_join_groups: false,
  can_read_all_group_messages: false,
  supports_inline_queries: false,
});
