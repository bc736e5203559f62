import type { Message } from '../../../src/texts/message.js';
import { LONG_MESSAGE_NOTE, numberedChoices } from '../../../src/texts/zalo-bot-texts.js';
import { fit, readable } from '../text.js';
import type { Choice } from './choices.js';

/** sendMessage takes 1-2000 characters; counted in UTF-16 units. */
export const TEXT_LIMIT = 2000;
const LABEL_LIMIT = 60;

/** The buttons of a message that act, in their order: what is numbered from 1. */
export const choicesOf = (message: Message): Choice[] => (message.buttons ?? []).flatMap((button) => ('command' in button ? [{ label: button.label, command: button.command }] : []));

/**
 * Plain text: no buttons here, so commands become numbers to answer with and links stand in the text. One message only, for
 * each counts against the month: a long one is cut, never its choices.
 */
export function renderBot(message: Message): string {
  const buttons = message.buttons ?? [];
  const links = buttons.flatMap((button) => ('url' in button ? [`${readable(button.label)}: ${button.url}`] : []));
  const choices = choicesOf(message).map(({ label }, i) => ({ number: i + 1, label: fit(readable(label).replace(/\s+/g, ' '), LABEL_LIMIT) }));
  const tail = [...links, ...(choices.length > 0 ? [numberedChoices(choices)] : [])].map((line) => `\n${line}`).join('');
  return (fit(readable(message.text), TEXT_LIMIT - tail.length, LONG_MESSAGE_NOTE) || '…') + tail;
}
