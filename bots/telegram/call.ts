import type { Telegraf } from 'telegraf';
import type { Opts, Telegram } from 'telegraf/types';

/**
 * One call to the Bot API, always with a signal: telegraf's own limit is 500 s. Rejects with TelegramError ("the API said
 * no") or node-fetch's FetchError/AbortError ("could not ask"); read both through failure.ts and never log them, for
 * their messages can hold the token and the payload.
 */
export function call<M extends keyof Telegram>(bot: Telegraf, method: M, payload: Opts<M>, signal: AbortSignal): Promise<ReturnType<Telegram[M]>> {
  // The declared type is a shim's; node-fetch takes the platform's signal.
  return bot.telegram.callApi(method, payload, { signal: signal as never });
}
