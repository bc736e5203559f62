import type { Channel } from '../../kernel/channels.js';
import { encodeSms } from '../../texts/sms/encode.js';
import type { EsmsStandIn } from '../providers/esms.js';
import type { PhoneMessage, PhoneNetwork } from '../providers/phone-network.js';
import type { TemplateMessage, ZbsStandIn } from '../providers/zbs.js';

/** A provider's phones as the simulator shows them; those without `say` are only read. */
export type SimulatorNetwork = Pick<PhoneNetwork, 'messagesOf' | 'onChange'> & Partial<Pick<PhoneNetwork, 'say' | 'tap' | 'look' | 'attach'>> & { readonly channel: Channel };

const shown = (message: Pick<PhoneMessage, 'id' | 'text' | 'at'> & { note: string }): PhoneMessage => ({ ...message, from: 'bot', buttons: [], edited: false });

/** "GSM-7 · 143 ký tự · tính 1 tin": how the operator counts what arrived. Texts arrive as they were encoded, so nothing is cut. */
export function smsNote(text: string, unicode: boolean): string {
  const { encoding, parts, units } = encodeSms(text, { unicode, maxParts: 20, note: '' });
  return `${encoding === 'ucs2' ? 'UCS-2' : 'GSM-7'} · ${units} ký tự · tính ${parts.length} tin`;
}

/** SMS as the operator delivers them. */
export const smsPhones = (esms: EsmsStandIn): SimulatorNetwork => ({
  channel: 'sms',
  messagesOf: (phone) => esms.messagesOf(phone).map((m) => shown({ id: m.smsId, text: m.text, at: m.at, note: smsNote(m.text, m.unicode) })),
  onChange: (listener) => esms.onMessage(listener),
});

/** Template messages as cards; `words` fills an approved template. */
export const zbsPhones = (zbs: ZbsStandIn, words: (message: TemplateMessage) => string): SimulatorNetwork => ({
  channel: 'zbs',
  messagesOf: (phone) => zbs.messagesOf(phone).map((m) => shown({ id: m.msgId, text: words(m), at: m.at, note: `Mẫu tin đã duyệt số ${m.templateId}` })),
  onChange: (listener) => zbs.onMessage(listener),
});
