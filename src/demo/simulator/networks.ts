import type { Channel } from '../../kernel/channels.js';
import { encodeSms } from '../../texts/sms/encode.js';
import type { PhoneMessage, PhoneNetwork } from '../providers/phone-network.js';
import type { SmppStandIn } from '../providers/smpp.js';
import type { SmsPhones } from '../providers/smpp/phones.js';
import type { TemplateMessage, ZbsStandIn } from '../providers/zbs.js';

/** A provider's phones as the simulator shows them; those without `say` are only read. */
export type SimulatorNetwork = Pick<PhoneNetwork, 'messagesOf' | 'onChange'> & Partial<Pick<PhoneNetwork, 'say' | 'tap' | 'look' | 'attach'>> & { readonly channel: Channel };

const shown = (message: Pick<PhoneMessage, 'id' | 'text' | 'at'> & { note: string }): PhoneMessage => ({ ...message, from: 'bot', buttons: [], edited: false });

/** "143 ký tự không dấu · tính 1 tin": how the operator counts what arrived. Texts arrive as they were encoded, so nothing is cut. */
export function smsNote(text: string, unicode: boolean): string {
  const { encoding, parts, units } = encodeSms(text, { unicode, maxParts: 20, note: '' });
  return `${units} ký tự ${encoding === 'ucs2' ? 'có dấu' : 'không dấu'} · tính ${parts.length} tin`;
}

/** SMS as the operator delivers them, and what their readers write back. */
export function smsPhones(smsc: SmppStandIn, phones: SmsPhones): SimulatorNetwork {
  const got = (phone: string): PhoneMessage[] => smsc.messagesOf(phone).map((m) => shown({ id: m.id, text: m.text, at: m.at, note: smsNote(m.text, m.unicode) }));
  const written = (phone: string): PhoneMessage[] => phones.writtenBy(phone).map(({ id, text, at, sent }) => ({ id, from: 'user', text, at, buttons: [], edited: false, ...(sent ? {} : { note: 'Chưa gửi được, đề nghị gửi lại' }) }));
  return {
    channel: 'sms',
    // What was written and what it was answered with may carry the same millisecond.
    messagesOf: (phone) => [...written(phone), ...got(phone)].sort((a, b) => a.at.getTime() - b.at.getTime()),
    onChange: phones.onChange,
    say: (phone, text) => phones.write(phone, text),
  };
}

/** Template messages as cards; `words` fills an approved template. */
export const zbsPhones = (zbs: ZbsStandIn, words: (message: TemplateMessage) => string): SimulatorNetwork => ({
  channel: 'zbs',
  messagesOf: (phone) => zbs.messagesOf(phone).map((m) => shown({ id: m.msgId, text: words(m), at: m.at, note: `Mẫu tin đã duyệt số ${m.templateId}` })),
  onChange: (listener) => zbs.onMessage(listener),
});
