import type { InlineKeyboardButton, InlineKeyboardMarkup, ReplyKeyboardMarkup } from 'telegraf/types';
import { SHARE_PHONE } from '../../src/texts/telegram-texts.js';
import type { Button, Message } from '../../src/texts/message.js';

/** Bot API: 1-4096 characters after entities; counted here in UTF-16 units, the strictest way to count. */
const MAX_TEXT = 4096;
/** Bot API: 1-64 bytes of callback_data. */
const MAX_DATA_BYTES = 64;
/** A row on a small phone holds about this many letters. */
const ROW_LETTERS = 26;
const ROW_BUTTONS = 3;

/** What sendMessage and editMessageText take. */
export interface TelegramText {
  text: string;
  parse_mode: 'HTML';
  reply_markup?: InlineKeyboardMarkup | ReplyKeyboardMarkup;
}

/** A message in Telegram's HTML: first line bold where more follows, everything escaped, cut on a word where it is too long. */
export function renderMessage(message: Message): TelegramText {
  const buttons = (message.buttons ?? []).flatMap(inlineButton);
  const plain = shownText(message);
  const markup = buttons.length > 0 ? { inline_keyboard: inRows(buttons) } : message.askContact ? contactKeyboard : undefined;
  return { text: emphasised(plain), parse_mode: 'HTML', ...(markup ? { reply_markup: markup } : {}) };
}

/** What the reader sees, before markup: words, and links that cannot be buttons. */
export function shownText(message: Message): string {
  const addresses = (message.buttons ?? []).flatMap((b) => ('url' in b && !isPublic(b.url) ? [`${b.label}: ${b.url}`] : []));
  return cutOnWord(readable([message.text, ...addresses].join('\n')), MAX_TEXT);
}

/** Only < > & mean anything in Telegram's HTML text. */
export const escapeHtml = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

/** At most `max` UTF-16 units, ending on a word with "…"; never inside a letter made of several units. */
export function cutOnWord(text: string, max: number): string {
  if (text.length <= max) return text;
  let head = '';
  for (const { segment } of new Intl.Segmenter('vi', { granularity: 'grapheme' }).segment(text.slice(0, max + 32))) {
    if (head.length + segment.length > max - 1) break;
    head += segment;
  }
  if (/\s/.test(text[head.length] ?? '')) return `${head.trimEnd()}…`;
  // Only whitespace within the last stretch counts: a text without blanks is cut where it must be.
  const word = /^([\s\S]*\S)\s+\S*$/.exec(head);
  return `${(word?.[1] && word[1].length > max / 2 ? word[1] : head).trimEnd()}…`;
}

function emphasised(plain: string): string {
  const [first = '', ...rest] = plain.split('\n');
  return rest.length === 0 || first.trim() === '' ? escapeHtml(plain) : `<b>${escapeHtml(first)}</b>\n${escapeHtml(rest.join('\n'))}`;
}

/** Control characters and halves of surrogate pairs make the whole message invalid for Telegram. */
const readable = (text: string): string =>
  text
    .replace(/\r\n?/g, '\n')
    // eslint-disable-next-line no-control-regex
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '')
    .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd')
    .trim();

function inlineButton(button: Button): InlineKeyboardButton[] {
  const text = readable(button.label);
  if (text === '') return [];
  if ('url' in button) return isPublic(button.url) ? [{ text, url: button.url }] : [];
  const bytes = Buffer.byteLength(button.command);
  return bytes >= 1 && bytes <= MAX_DATA_BYTES ? [{ text, callback_data: button.command }] : [];
}

/** Telegram refuses the whole message for a link to a host without a dot, such as localhost; those go into the text. */
const isPublic = (url: string): boolean => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) && new URL(url).hostname.includes('.');

function inRows(buttons: InlineKeyboardButton[]): InlineKeyboardButton[][] {
  const rows: InlineKeyboardButton[][] = [];
  for (const button of buttons) {
    const row = rows.at(-1);
    const letters = (row ?? []).reduce((sum, b) => sum + b.text.length, 0) + button.text.length;
    if (row && row.length < ROW_BUTTONS && letters <= ROW_LETTERS) row.push(button);
    else rows.push([button]);
  }
  return rows;
}

const contactKeyboard: ReplyKeyboardMarkup = {
  keyboard: [[{ text: SHARE_PHONE, request_contact: true }]],
  resize_keyboard: true,
  one_time_keyboard: true,
};
