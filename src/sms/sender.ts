import type { NotRegistered, SmsAsSent } from '../delivery/content/sms-as-sent.js';
import type { SendOutcome, Sender } from '../delivery/sender.js';
import { normalisePhone } from '../people/phone.js';
import type { Message } from '../texts/message.js';
import type { SmsDriver } from './driver.js';

export interface SmsSenderParts {
  driver: SmsDriver;
  /** The text that leaves, or why none does. */
  asSent: (message: Message) => Promise<SmsAsSent | NotRegistered>;
  /** Told every outcome of the gateway, for health. */
  noticed?: (outcome: SendOutcome) => void;
  /** Told why a text was not handed over. */
  templates?: (code: NotRegistered['refuse']) => void;
}

/** SMS out. A number that is no Vietnamese mobile number, and a text with nothing to read in it, concern one message only. */
export const smsSender = ({ driver, asSent, noticed = () => {}, templates = () => {} }: SmsSenderParts): Sender => ({
  channel: 'sms',
  truth: driver.truth,
  ...(driver.find ? { find: driver.find } : {}),
  send: async (to, message, { key, signal }) => {
    const mobile = mobileNumber(to);
    if (!mobile) return { kind: 'unreachable', code: 'phone-invalid' };
    const sms = await asSent(message);
    if ('refuse' in sms) {
      templates(sms.refuse);
      return { kind: 'unreachable', code: sms.refuse };
    }
    if (sms.encoded.text === '') return { kind: 'unreachable', code: 'empty-text' };
    if (signal.aborted) return { kind: 'retry', code: 'timeout', maybeSent: false };
    const outcome = await driver.submit({ to: mobile, ...sms, key }, signal);
    noticed(outcome);
    return outcome;
  },
});

/**
 * 84 and nine digits beginning with 3, 5, 7, 8 or 9 (mobile prefixes since 2018); landlines take no SMS. 84000… is nobody's:
 * the invented people of the demonstration have such numbers.
 */
const mobileNumber = (text: string): string | undefined => {
  const number = normalisePhone(text);
  return number && /^84(?:[35789]\d{8}|000\d{6})$/.test(number) ? number : undefined;
};
