import type { Message } from '../../../src/texts/message.js';
import { LONG_MESSAGE_NOTE, numberedChoices } from '../../../src/texts/zalo-bot-texts.js';
import { fit, readable } from '../text.js';

/** sendMessage takes 1-2000 characters; counted in UTF-16 units. */
export const TEXT_LIMIT = 2000;
const LABEL_LIMIT = 60;

/** The commands behind a message's buttons, in their order: what has to be numbered. */
export const commandsOf = (message: Message): string[] => (message.buttons ?? []).flatMap((button) => ('command' in button ? [button.command] : []));

/**
 * Plain text: no buttons here, so commands become numbers to answer with and links stand in the text. One message only, for
 * each counts against the month: a long one is cut, never its choices. `numbers` belong to commandsOf(message).
 */
export function renderBot(message: Message, numbers: readonly number[]): string {
  const buttons = message.buttons ?? [];
  const links = buttons.flatMap((button) => ('url' in button ? [`${readable(button.label)}: ${button.url}`] : []));
  const choices = buttons.filter((button) => 'command' in button).flatMap((button, i) => {
    const number = numbers[i];
    return number === undefined ? [] : [{ number, label: fit(readable(button.label).replace(/\s+/g, ' '), LABEL_LIMIT) }];
  });
  const tail = [...links, ...(choices.length > 0 ? [numberedChoices(choices)] : [])].map((line) => `\n${line}`).join('');
  return (fit(readable(message.text), TEXT_LIMIT - tail.length, LONG_MESSAGE_NOTE) || '…') + tail;
}
