import type { Pdu } from 'smpp';

/** What an SMSC tells about a message it took before. */
export interface SmppReceipt {
  /** The message's id; perhaps not in the base submit_sm_resp gave it in. */
  id: string;
  end: 'delivered' | 'failed' | 'under-way';
  /** "DELIVRD", "UNDELIV" … or the number of message_state; for the log. */
  state: string;
}

/** message_state (SMPP 3.4, 5.2.28): 1 en route, 2 delivered, 3 expired, 4 deleted, 5 undeliverable, 6 accepted, 7 unknown, 8 rejected. */
const endOfNumber = (state: number): SmppReceipt['end'] => (state === 2 ? 'delivered' : state === 1 || state === 6 ? 'under-way' : 'failed');

/** The words of the text form (appendix B); some SMSCs shorten or lengthen them. */
function endOfWord(state: string): SmppReceipt['end'] {
  if (/^DELIV/i.test(state)) return 'delivered';
  return /^(ENROUTE|ACCEPT|BUFFER|SCHED)/i.test(state) ? 'under-way' : 'failed';
}

/** Bits 2-5 of esm_class: 0x04 is a delivery receipt, 0x20 an intermediate notification. */
const isReceiptClass = (esmClass: number): boolean => (esmClass & 0x3c) === 0x04 || (esmClass & 0x3c) === 0x20;

/**
 * The receipt in a deliver_sm or data_sm: by its TLVs, else from the text
 * "id:… sub:001 dlvrd:001 submit date:… done date:… stat:DELIVRD err:000 text:…". Null for anything else a phone or SMSC sends.
 */
export function readReceipt(pdu: Pdu): SmppReceipt | null {
  const id = (pdu.receipted_message_id ?? '').trim();
  if (id === '' && !isReceiptClass(pdu.esm_class ?? 0)) return null;
  const text = textIn(pdu.short_message) || textIn(pdu.message_payload);
  const named = id || (/\bid:\s*([\w.-]{1,65})/i.exec(text)?.[1] ?? '');
  if (named === '') return null;
  if (pdu.message_state !== undefined) return { id: named, end: endOfNumber(pdu.message_state), state: String(pdu.message_state) };
  const word = /\bstat:\s*([a-z]{1,12})/i.exec(text)?.[1];
  return word ? { id: named, end: endOfWord(word), state: word.toUpperCase() } : null;
}

function textIn(message: Pdu['short_message']): string {
  const inner = typeof message === 'object' && !Buffer.isBuffer(message) ? message.message : message;
  return Buffer.isBuffer(inner) ? inner.toString('latin1') : (inner ?? '');
}
