import type { Telegraf } from 'telegraf';
import { ANOTHERS_ANSWER, GivenIds, namesAnother } from '../../src/ask/names-another.js';
import type { Sender } from '../../src/delivery/sender.js';
import { fileNotSent, withoutFiles } from '../../src/texts/attachment-texts.js';
import type { Attachment, Message } from '../../src/texts/message.js';
import { call } from './call.js';
import { editMessage } from './edit.js';
import { readFailure, type Failure } from './failure.js';
import { outcomeOf } from './outcome.js';
import { renderMessage, shownText } from './render.js';

/** Bot API: captions hold 0-1024 characters after entities, counted here in UTF-16 units. */
const MAX_CAPTION = 1024;
/** Bot API: photos up to 10 MB; anything else goes as a document, up to 50 MB. */
const MAX_PHOTO_BYTES = 10_000_000;
/** Refusals of the file itself, not of the chat. */
const ABOUT_THE_FILE = /file|photo|image|document|caption/i;

/** What the sender asks of the house. */
export interface SenderSeams {
  /** A group became a supergroup: the chat has a new id. False: it could not be moved. */
  moved?(from: string, to: string): Promise<boolean>;
}

interface Letter {
  to: string;
  signal: AbortSignal;
}

/** Telegram's way out: messages to a private chat. There is no idempotency key and no look-up, so truth is "none". */
export function telegramSender(bot: Telegraf, seams: SenderSeams = {}): Sender {
  const given = new GivenIds();
  return { channel: 'telegram', truth: 'none', send: sending(bot, seams, given), edit: (sent, message, signal) => editMessage(bot, sent, { message, signal }) };
}

const sending = (bot: Telegraf, seams: SenderSeams, given: GivenIds): Sender['send'] =>
  async (to, message, { key, signal }) => {
    if (signal.aborted) return { kind: 'retry', code: 'timeout', maybeSent: false };
    const sent = await deliver(bot, message, { to, signal });
    // Telegram counts messages anew in each chat.
    if ('another' in sent || ('id' in sent && given.givenToAnother(`${to}:${String(sent.id)}`, key))) return { kind: 'retry', code: ANOTHERS_ANSWER, maybeSent: true };
    if (!('failure' in sent)) return Number.isSafeInteger(sent.id) ? { kind: 'accepted', providerId: String(sent.id) } : { kind: 'retry', code: 'unreadable', maybeSent: true };
    const { failure } = sent;
    // The engine asks again, and then finds the new id.
    if (failure.kind === 'refused' && failure.migrateTo !== undefined && (await seams.moved?.(to, String(failure.migrateTo)))) return { kind: 'retry', code: 'migrated', afterMs: 0, maybeSent: false };
    return outcomeOf(failure);
  };

/** `another`: Telegram's word is about a message to somebody else. */
type Sent = { id: unknown } | { another: true } | { failure: Failure };

/** One file with a short text is one call; else the text goes first, so that what is urgent does not wait for files. */
async function deliver(bot: Telegraf, message: Message, letter: Letter): Promise<Sent> {
  const files = message.attachments ?? [];
  const [only] = files;
  if (only && files.length === 1 && shownText(message).length <= MAX_CAPTION) {
    const sent = await sendFile(bot, only, { ...letter, message });
    if (!('failure' in sent) || !isAboutFile(sent.failure)) return sent;
    return sendText(bot, withoutFiles(message), letter);
  }
  const sent = await sendText(bot, message, letter);
  if (!('id' in sent)) return sent;
  await sendRest(bot, files, letter);
  return sent;
}

const isAboutFile = (failure: Failure): boolean => failure.kind === 'refused' && (failure.status === 413 || (failure.status === 400 && ABOUT_THE_FILE.test(failure.description)));

/** The text has arrived: what becomes of the files no longer changes that, but the reader is told. */
async function sendRest(bot: Telegraf, files: readonly Attachment[], letter: Letter): Promise<void> {
  const failed: Attachment[] = [];
  for (const file of files) if ('failure' in (await sendFile(bot, file, letter))) failed.push(file);
  if (failed.length > 0) await sendText(bot, fileNotSent(failed), letter);
}

const sendText = (bot: Telegraf, message: Message, { to, signal }: Letter): Promise<Sent> =>
  attempt(bot, to, () => call(bot, 'sendMessage', { chat_id: to, ...renderMessage(message) }, signal));

async function sendFile(bot: Telegraf, file: Attachment, { to, signal, message }: Letter & { message?: Message }): Promise<Sent> {
  const { text, ...rest } = message ? renderMessage(message) : { text: undefined };
  const caption = text ? { caption: text, ...rest } : {};
  const input = { source: Buffer.from(file.content), filename: file.name };
  const asDocument = () => attempt(bot, to, () => call(bot, 'sendDocument', { chat_id: to, document: input, ...caption }, signal));
  if (!/^image\/(jpeg|png)$/.test(file.contentType) || file.content.byteLength > MAX_PHOTO_BYTES) return asDocument();
  const sent = await attempt(bot, to, () => call(bot, 'sendPhoto', { chat_id: to, photo: input, ...caption }, signal));
  // Very long or very wide pictures are none to Telegram; as documents they pass.
  return 'failure' in sent && isAboutFile(sent.failure) ? asDocument() : sent;
}

async function attempt(bot: Telegraf, to: string, work: () => Promise<unknown>): Promise<Sent> {
  try {
    const said = (await work()) as { message_id?: unknown; chat?: { id?: unknown } } | null;
    return namesAnother(said?.chat?.id, to) ? { another: true } : { id: said?.message_id };
  } catch (error) {
    return { failure: readFailure(error, bot.telegram.token) };
  }
}
