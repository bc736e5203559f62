import { septetsOf } from '../texts/sms/charset.js';
import type { EncodedSms } from '../texts/sms/encode.js';

/** One short message on the wire of SMPP. */
export interface Segment {
  /** User data, behind the header where there is one. GSM-7 unpacked: one septet an octet, as SMPP carries it. */
  bytes: Buffer;
  hasHeader: boolean;
}

/** The parts as bytes. `reference` (0-255) ties the parts of one text together on the phone. */
export function segmentsOf({ parts, encoding }: Pick<EncodedSms, 'parts' | 'encoding'>, reference: number): Segment[] {
  return parts.map((part, i) => {
    const data = encoding === 'gsm7' ? Buffer.from([...part].flatMap((char) => septetsOf(char) ?? [])) : Buffer.from(part, 'utf16le').swap16();
    if (parts.length === 1) return { bytes: data, hasHeader: false };
    return { bytes: Buffer.concat([concatenationHeader(reference, parts.length, i + 1), data]), hasHeader: true };
  });
}

/** User data header of concatenated messages with an 8-bit reference (3GPP 23.040, 9.2.3.24.1). */
const concatenationHeader = (reference: number, total: number, sequence: number): Buffer => Buffer.from([5, 0, 3, reference & 0xff, total, sequence]);
