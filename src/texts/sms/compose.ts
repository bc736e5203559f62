import { SMS_CUT_NOTE, SMS_HINT } from '../sms-texts.js';
import type { Message } from '../message.js';
import { smsReplyHint } from '../sms-answer-texts.js';
import { wordsOf, type SmsContent } from './content.js';
import { encodeSms, type EncodedSms } from './encode.js';
import { shorterAndShorter } from './excerpt.js';

export interface SmsStyle {
  /** True keeps diacritics. */
  unicode: boolean;
  maxParts: number;
  /** Where an answer by SMS goes, if there is such a number. */
  replyTo?: string;
}

/** A text with an excerpt of a task's content takes no more parts; who keeps the marks pays for parts anyway. */
const WITH_EXCERPT = 2;
/** The line that says how to answer may take this share of a text that has to be cut for it. */
const ANSWER_SHARE = 4;

/**
 * A message as an SMS: text only. Links are left out on purpose (the public is told that agencies send none by SMS). How to
 * answer is worth a part of its own and some words of a long text; other commands become a short hint where it costs no
 * further part. An excerpt of a task's content gets shorter, and is left out at last, before anything else is.
 */
export function composeSms(message: Pick<Message, 'buttons' | 'excerpt'>, content: SmsContent, style: SmsStyle): EncodedSms {
  const words = wordsOf(content);
  // A registered template must arrive word for word.
  if (content.kind === 'template') return encodeSms(words, optionsOf(style));
  const commands = (message.buttons ?? []).flatMap((button) => ('command' in button ? [button.command] : []));
  const how = style.replyTo ? smsReplyHint(commands, style.replyTo) : null;
  return worded(message.excerpt ? roomy(words, { excerpt: message.excerpt, how, style }) : words, { how, hinted: commands.length > 0, style });
}

const optionsOf = (style: SmsStyle) => ({ ...style, note: SMS_CUT_NOTE });

/** The text with the longest excerpt that leaves room for the line that says how to answer. */
function roomy(words: string, { excerpt, how, style }: { excerpt: string; how: string | null; style: SmsStyle }): string {
  const most = { ...optionsOf(style), maxParts: style.unicode ? style.maxParts : Math.min(style.maxParts, WITH_EXCERPT) };
  const texts = shorterAndShorter(words, excerpt);
  return texts.find((text) => !encodeSms(how ? `${text}\n${how}` : text, most).cut) ?? texts.at(-1) ?? words;
}

function worded(words: string, { how, hinted, style }: { how: string | null; hinted: boolean; style: SmsStyle }): EncodedSms {
  const options = optionsOf(style);
  const bare = encodeSms(words, options);
  if (bare.text === '' || !hinted) return bare;
  const asking = how ? encodeSms(words, { ...options, ending: how }) : null;
  if (how && asking && (!asking.cut || how.length * ANSWER_SHARE <= bare.text.length)) return asking;
  const withHint = encodeSms(`${words}\n${SMS_HINT}`, options);
  return withHint.parts.length === bare.parts.length && !withHint.cut ? withHint : bare;
}

/** Length, parts and wording of an SMS before it is sent, for the back office. */
export const previewSms = (message: Message, style: SmsStyle): EncodedSms => composeSms(message, { kind: 'text', text: message.text }, style);
