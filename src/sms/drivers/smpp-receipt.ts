import type { Pdu } from 'smpp';

/** What an SMSC tells about a message it took before. */
export interface SmppReceipt {
  /** The message's id; perhaps not in the base submit_sm_resp gave it in. */
  id: string;
  /** "unclear": the SMSC itself does not know. */
  end: 'delivered' | 'failed' | 'under-way' | 'unclear';
  /** "DELIVRD", "UNDELIV" … as in appendix B. */
  state: string;
}

/** message_state (SMPP 3.4, 5.2.28): 1 en route, 2 delivered, 3 expired, 4 deleted, 5 undeliverable, 6 accepted, 7 unknown, 8 rejected. */
const NUMBERS = ['', 'ENROUTE', 'DELIVRD', 'EXPIRED', 'DELETED', 'UNDELIV', 'ACCEPTD', 'UNKNOWN', 'REJECTD'];

/** The words of the text form (appendix B); some SMSCs shorten or lengthen them. */
function endOfWord(state: string): SmppReceipt['end'] {
  if (/^DELIV/i.test(state)) return 'delivered';
  if (/^(EXPIRED|DELETED|UNDEL|REJECT|FAILED)/i.test(state)) return 'failed';
  return /^(ENROUTE|ACCEPT|BUFFER|SCHED)/i.test(state) ? 'under-way' : 'unclear';
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
  const word = pdu.message_state === undefined ? /\bstat:\s*([a-z]{1,12})/i.exec(text)?.[1] : (NUMBERS[pdu.message_state] ?? 'UNKNOWN');
  return word ? { id: named, end: endOfWord(word), state: word.toUpperCase() } : null;
}

function textIn(message: Pdu['short_message']): string {
  const inner = typeof message === 'object' && !Buffer.isBuffer(message) ? message.message : message;
  return Buffer.isBuffer(inner) ? inner.toString('latin1') : (inner ?? '');
}

/** True for a delivery receipt or notification, readable or not. */
export const isReceiptLike = (pdu: Pdu): boolean => (pdu.receipted_message_id ?? '') !== '' || isReceiptClass(pdu.esm_class ?? 0);

/** More words than any code, answer or report needs. */
const LONGEST = 500;

const wholeOf = (pdu: Pdu): string => textIn(pdu.short_message) || textIn(pdu.message_payload);

/** The words of an SMS somebody wrote; of very many the first only, see `piecesOf`. */
export const answerIn = (pdu: Pdu): string => wholeOf(pdu).slice(0, LONGEST);

/** Of how many pieces an SMS is and which one this is, from its user data header (3GPP 23.040, 9.2.3.24: 00 and 08) or the sar_* TLVs. One put together by the operator and cut by us is a piece too. */
export function piecesOf(pdu: Pdu): { pieces: number; number: number } {
  const message = pdu.short_message;
  const header = typeof message === 'object' && !Buffer.isBuffer(message) ? (message.udh ?? []) : [];
  for (const element of header) {
    if (element[0] === 0x00 && element.length === 5) return { pieces: element[3] ?? 1, number: element[4] ?? 1 };
    if (element[0] === 0x08 && element.length === 6) return { pieces: element[4] ?? 1, number: element[5] ?? 1 };
  }
  return { pieces: pdu.sar_total_segments ?? (wholeOf(pdu).length > LONGEST ? 2 : 1), number: pdu.sar_segment_seqnum ?? 1 };
}
