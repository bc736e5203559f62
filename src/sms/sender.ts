import type { SendOutcome, Sender } from '../delivery/sender.js';
import { normalisePhone } from '../people/phone.js';
import type { Message } from '../texts/message.js';
import { composeSms, type SmsStyle } from './compose.js';
import type { SmsContent } from './content.js';
import type { SmsDriver } from './driver.js';

export interface SmsSenderParts {
  driver: SmsDriver;
  style: SmsStyle;
  /** Free text unless the office's gateway wants templates. */
  contentOf?: (message: Message) => SmsContent;
  /** Told every outcome of the gateway, for health. */
  noticed?: (outcome: SendOutcome) => void;
}

/** SMS out. A number that is no Vietnamese mobile number, and a text with nothing to read in it, concern one message only. */
export const smsSender = ({ driver, style, contentOf = freeText, noticed = () => {} }: SmsSenderParts): Sender => ({
  channel: 'sms',
  truth: driver.truth,
  send: async (to, message, { key, signal }) => {
    const mobile = mobileNumber(to);
    if (!mobile) return { kind: 'unreachable', code: 'phone-invalid' };
    const content = contentOf(message);
    const encoded = composeSms(message, content, style);
    if (encoded.text === '') return { kind: 'unreachable', code: 'empty-text' };
    if (signal.aborted) return { kind: 'retry', code: 'timeout', maybeSent: false };
    const outcome = await driver.submit({ to: mobile, content, encoded, key }, signal);
    noticed(outcome);
    return outcome;
  },
});

const freeText = (message: Message): SmsContent => ({ kind: 'text', text: message.text });

/** 84 and nine digits beginning with 3, 5, 7, 8 or 9 (mobile prefixes since 2018); landlines take no SMS. */
const mobileNumber = (text: string): string | undefined => {
  const number = normalisePhone(text);
  return number && /^84[35789]\d{8}$/.test(number) ? number : undefined;
};
