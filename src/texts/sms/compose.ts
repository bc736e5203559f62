import { SMS_CUT_NOTE, SMS_HINT } from '../sms-texts.js';
import type { Message } from '../message.js';
import { smsReplyHint } from '../sms-answer-texts.js';
import { wordsOf, type SmsContent } from './content.js';
import { encodeSms, type EncodedSms } from './encode.js';

export interface SmsStyle {
  /** True keeps diacritics. */
  unicode: boolean;
  maxParts: number;
  /** Where an answer by SMS goes, if there is such a number. */
  replyTo?: string;
}

/**
 * A message as an SMS: text only. Links are left out on purpose (the public is told that agencies send none by SMS);
 * commands become a short hint where it costs no further part.
 */
export function composeSms(message: Pick<Message, 'buttons'>, content: SmsContent, style: SmsStyle): EncodedSms {
  const options = { ...style, note: SMS_CUT_NOTE };
  const words = wordsOf(content);
  const bare = encodeSms(words, options);
  // A registered template must arrive word for word.
  if (content.kind === 'template' || bare.text === '' || !message.buttons?.some((button) => 'command' in button)) return bare;
  const commands = message.buttons.flatMap((button) => ('command' in button ? [button.command] : []));
  const how = style.replyTo ? smsReplyHint(commands, style.replyTo) : null;
  const asking = how ? encodeSms(`${words}\n${how}`, options) : null;
  // How to answer is worth a part of its own.
  if (asking && !asking.cut) return asking;
  const hinted = encodeSms(`${words}\n${SMS_HINT}`, options);
  return hinted.parts.length === bare.parts.length && !hinted.cut ? hinted : bare;
}

/** Length, parts and wording of an SMS before it is sent, for the back office. */
export const previewSms = (message: Message, style: SmsStyle): EncodedSms => composeSms(message, { kind: 'text', text: message.text }, style);
