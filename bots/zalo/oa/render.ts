import type { Button, Message } from '../../../src/texts/message.js';

/** Zalo refuses longer texts with -210. Counted in UTF-16 units, the stricter reading of "characters". */
export const TEXT_LIMIT = 2000;
const BUTTON_LIMIT = 5;
const TITLE_LIMIT = 100;
/** More parts than this are a report, not a message: the rest is cut with a note. */
const PART_LIMIT = 4;
const CUT_NOTE = '\n… (tin dài, đã rút gọn; đề nghị xem đầy đủ trên hệ thống)';

interface ZaloButton {
  title: string;
  type: 'oa.open.url' | 'oa.query.hide';
  payload: string | { url: string };
}

/** `message` of a consulting message ("tư vấn"). */
export interface ZaloText {
  text: string;
  attachment?: { type: 'template'; payload: { template_type: 'button'; buttons: ZaloButton[] } };
}

/** A picture or a document that was uploaded before. */
export interface ZaloFile {
  attachment: { type: 'template'; payload: { template_type: 'media'; elements: [{ media_type: 'image'; attachment_id: string }] } } | { type: 'file'; payload: { token: string } };
}

export type ZaloMessage = ZaloText | ZaloFile;

/** One or several Zalo messages, in order; buttons hang on the last one. */
export function renderZalo(message: Message): ZaloText[] {
  const parts = splitText(clean(message.text));
  const buttons = (message.buttons ?? []).slice(0, BUTTON_LIMIT).map(renderButton);
  return parts.map((text, i) =>
    i === parts.length - 1 && buttons.length > 0
      ? { text, attachment: { type: 'template', payload: { template_type: 'button', buttons } } }
      : { text },
  );
}

/** Taps come back as ordinary text; the "#" keeps them readable where the OA's console only lets "#" messages through. */
function renderButton(button: Button): ZaloButton {
  const title = cut(clean(button.label), TITLE_LIMIT);
  if ('url' in button) return { title, type: 'oa.open.url', payload: { url: button.url } };
  return { title, type: 'oa.query.hide', payload: button.command.replace(/^\//, '#') };
}

/** NFC, no control characters but line ends, no half of a surrogate pair; never empty. */
function clean(text: string): string {
  const kept = text
    .normalize('NFC')
    .replace(/\r\n?/g, '\n')
    // eslint-disable-next-line no-control-regex -- taking control characters out is the point
    .replace(/[\u0000-\u0009\u000b-\u001f\u007f]/g, ' ')
    .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '�')
    .trim();
  return kept || '…';
}

/** Splits on an empty line, a line end or a blank, whichever comes late enough; within a word only if it is longer than a message. */
export function splitText(text: string): string[] {
  const parts: string[] = [];
  let rest = text;
  while (rest.length > TEXT_LIMIT && parts.length < PART_LIMIT - 1) {
    const at = breakBefore(rest, TEXT_LIMIT);
    parts.push(rest.slice(0, at).trimEnd());
    rest = rest.slice(at).trimStart();
  }
  if (rest.length > TEXT_LIMIT) rest = rest.slice(0, breakBefore(rest, TEXT_LIMIT - CUT_NOTE.length)).trimEnd() + CUT_NOTE;
  if (rest) parts.push(rest);
  return parts;
}

const cut = (text: string, limit: number): string => (text.length <= limit ? text : `${text.slice(0, breakBefore(text, limit - 1)).trimEnd()}…`);

function breakBefore(text: string, limit: number): number {
  const head = text.slice(0, limit + 1);
  const early = limit / 2;
  const at = [head.lastIndexOf('\n\n'), head.lastIndexOf('\n'), head.lastIndexOf(' ')].find((i) => i > early);
  if (at !== undefined) return at;
  // Never between the halves of a surrogate pair, nor between a letter and its combining mark.
  let hard = limit;
  while (hard > early && /^[\udc00-\udfff\p{M}\u200d]/u.test(text.slice(hard))) hard--;
  while (hard > early && /[\udc00-\udfff]/.test(text.charAt(hard))) hard--;
  return hard;
}
