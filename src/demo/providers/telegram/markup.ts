import { badRequest } from './api-error.js';

/** One button below a message, as the phone shows it. */
export type PhoneButton = { label: string; data: string } | { label: string; url: string } | { label: string; contact: true };

/** What the phone shows below a message; `keyboard` replaces the phone's own keyboard until it is taken away. */
export interface Markup {
  buttons: PhoneButton[];
  kind: 'none' | 'inline' | 'keyboard' | 'removed';
}

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads `reply_markup` (an object, or its JSON in forms) as strictly as the real server. */
export function readMarkup(given: unknown): Markup {
  if (given === undefined || given === '') return { buttons: [], kind: 'none' };
  const markup = typeof given === 'string' ? parseJson(given) : given;
  if (!isObject(markup)) throw badRequest("can't parse reply keyboard markup JSON object");
  if ('inline_keyboard' in markup) return { buttons: rows(markup['inline_keyboard']).map(inlineButton), kind: 'inline' };
  if ('keyboard' in markup) return { buttons: rows(markup['keyboard']).flatMap(keyboardButton), kind: 'keyboard' };
  if (markup['remove_keyboard'] === true) return { buttons: [], kind: 'removed' };
  if (markup['force_reply'] === true) return { buttons: [], kind: 'none' };
  throw badRequest("object expected as reply markup");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest("can't parse reply keyboard markup JSON object");
  }
}

function rows(value: unknown): unknown[] {
  if (!Array.isArray(value) || !value.every(Array.isArray)) throw badRequest('field "inline_keyboard" of the InlineKeyboardMarkup should be an Array of Arrays');
  const buttons = value.flat() as unknown[];
  if (buttons.length > 100) throw badRequest('reply markup is too long');
  return buttons;
}

function inlineButton(given: unknown): PhoneButton {
  const label = isObject(given) && typeof given['text'] === 'string' ? given['text'].trim() : '';
  if (!isObject(given) || label === '') throw badRequest("can't parse inline keyboard button: Field \"text\" must be of type String");
  const { callback_data: data, url } = given;
  if (typeof data === 'string') {
    const bytes = Buffer.byteLength(data);
    if (bytes < 1 || bytes > 64) throw badRequest('BUTTON_DATA_INVALID');
    return { label, data };
  }
  if (typeof url === 'string') return { label, url: webAddress(url) };
  throw badRequest("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard");
}

/** The real server takes no address without a dot in its host, such as http://localhost:3000. */
function webAddress(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed && ['http:', 'https:', 'tg:'].includes(parsed.protocol) && (parsed.protocol === 'tg:' || parsed.hostname.includes('.'))) return url;
  throw badRequest(`inline keyboard button URL '${url}' is invalid: Wrong HTTP URL`);
}

function keyboardButton(given: unknown): PhoneButton[] {
  if (typeof given === 'string') return [];
  const label = isObject(given) && typeof given['text'] === 'string' ? given['text'].trim() : '';
  if (!isObject(given) || label === '') throw badRequest("can't parse keyboard button: Field \"text\" must be of type String");
  return given['request_contact'] === true ? [{ label, contact: true }] : [];
}
