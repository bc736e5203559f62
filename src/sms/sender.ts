import type { SendOutcome, Sender } from '../delivery/sender.js';
import { normalisePhone } from '../people/phone.js';
import { withoutFiles } from '../texts/attachment-texts.js';
import type { Message } from '../texts/message.js';
import { composeSms, type SmsStyle } from '../texts/sms/compose.js';
import type { SmsContent } from '../texts/sms/content.js';
import type { SmsDriver } from './driver.js';
import { isAsRegistered, type NotRegistered } from './registered.js';

export interface SmsSenderParts {
  driver: SmsDriver;
  style: SmsStyle;
  /** Free text unless the catalogue has a registered one. */
  contentOf?: (message: Message) => Promise<SmsContent | NotRegistered>;
  /** Told every outcome of the gateway, for health. */
  noticed?: (outcome: SendOutcome) => void;
  /** Told why a text was not handed over. */
  templates?: (code: NotRegistered['refuse']) => void;
}

/** SMS out. A number that is no Vietnamese mobile number, and a text with nothing to read in it, concern one message only. */
export const smsSender = ({ driver, style, contentOf = freeText, noticed = () => {}, templates = () => {} }: SmsSenderParts): Sender => {
  const refused = (code: NotRegistered['refuse']): SendOutcome => {
    templates(code);
    return { kind: 'unreachable', code };
  };
  return {
    channel: 'sms',
    truth: driver.truth,
    ...(driver.find ? { find: driver.find } : {}),
    send: async (to, whole, { key, signal }) => {
      const message = withoutFiles(whole);
      const mobile = mobileNumber(to);
      if (!mobile) return { kind: 'unreachable', code: 'phone-invalid' };
      const content = await contentOf(message);
      if ('refuse' in content) return refused(content.refuse);
      const encoded = composeSms(message, content, style);
      if (encoded.text === '') return { kind: 'unreachable', code: 'empty-text' };
      if (encoded.cut && content.kind === 'template') return refused('sms-template-mismatch');
      if (!isAsRegistered(encoded.text, content, style.unicode)) return refused('sms-template-mismatch');
      if (signal.aborted) return { kind: 'retry', code: 'timeout', maybeSent: false };
      const outcome = await driver.submit({ to: mobile, content, encoded, key }, signal);
      noticed(outcome);
      return outcome;
    },
  };
};

const freeText = async (message: Message): Promise<SmsContent> => ({ kind: 'text', text: message.text });

/**
 * 84 and nine digits beginning with 3, 5, 7, 8 or 9 (mobile prefixes since 2018); landlines take no SMS. 84000… is nobody's:
 * the invented people of the demonstration have such numbers.
 */
const mobileNumber = (text: string): string | undefined => {
  const number = normalisePhone(text);
  return number && /^84(?:[35789]\d{8}|000\d{6})$/.test(number) ? number : undefined;
};
