import type { Telegraf } from 'telegraf';
import { namesAnother } from '../../src/ask/names-another.js';
import type { Sender } from '../../src/delivery/sender.js';
import type { Message } from '../../src/texts/message.js';
import { call } from './call.js';
import { readFailure, type Failure } from './failure.js';
import { renderMessage } from './render.js';

type Edited = Awaited<ReturnType<NonNullable<Sender['edit']>>>;

/** Texts of the Bot API: nothing new to show; a file with a caption instead of a text. */
const SAME = /message is not modified/i;
const IS_CAPTION = /there is no text in the message/i;

/**
 * Replaces text and buttons of a message; without buttons the old ones go. Deleted by the person, too old, chat gone or bot
 * blocked: "gone", which is nobody's fault. "later" where Telegram could not be asked,
 * or spoke of another message.
 */
export async function editMessage(bot: Telegraf, { to, providerId }: { to: string; providerId: string }, { message, signal }: { message: Message; signal: AbortSignal }): Promise<Edited> {
  const { text, parse_mode, reply_markup: markup } = renderMessage(message);
  const keyboard = markup && 'inline_keyboard' in markup ? { reply_markup: markup } : {};
  const target = { chat_id: to, message_id: Number(providerId), parse_mode, ...keyboard };
  const failure = await attempt(() => call(bot, 'editMessageText', { ...target, text }, signal), { to, providerId });
  if (failure?.kind === 'refused' && IS_CAPTION.test(failure.description)) return read(await attempt(() => call(bot, 'editMessageCaption', { ...target, caption: text }, signal), { to, providerId }));
  return read(failure);
}

function read(failure: Failure | undefined): Edited {
  if (!failure) return 'edited';
  if (failure.kind !== 'refused' || failure.status === 429 || failure.status === 401 || failure.status === 404) return 'later';
  return SAME.test(failure.description) ? 'edited' : 'gone';
}

async function attempt(work: () => Promise<unknown>, ours: { to: string; providerId: string }): Promise<Failure | undefined> {
  try {
    const said = (await work()) as { message_id?: unknown; chat?: { id?: unknown } } | true | null;
    const another = typeof said === 'object' && (namesAnother(said?.chat?.id, ours.to) || namesAnother(said?.message_id, ours.providerId));
    return another ? { kind: 'unclear', code: 'unreadable' } : undefined;
  } catch (error) {
    return readFailure(error);
  }
}
