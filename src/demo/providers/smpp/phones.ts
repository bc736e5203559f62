import { createHash } from 'node:crypto';
import type { Clock } from '../../../kernel/clock.js';
import { segmentsOf } from '../../../sms/segments.js';
import { encodeSms } from '../../../texts/sms/encode.js';
import type { SmppStandIn } from '../smpp.js';

/** What a phone's owner wrote to the house. */
export interface WrittenSms {
  id: string;
  text: string;
  at: Date;
  /** False where no operator's session took it, or the house did not keep it. */
  sent: boolean;
}

/** The people's side of the SMSC: what they write travels as deliver_sm to the number one answers to. */
export interface SmsPhones {
  writtenBy(phone: string): WrittenSms[];
  /** Resolves when the house has answered each piece. */
  write(phone: string, text: string): Promise<void>;
  /** Called after every text that came or was written. Returns the way to stop. */
  onChange(listener: (phone: string) => void): () => void;
}

/** A phone cuts its own long texts, at most into so many pieces. */
const MOST_PIECES = 10;
const HAS_HEADER = 0x40;
const DATA_CODING = { gsm7: 0x00, ucs2: 0x08 } as const;

/** The phones on an SMSC. `number` is where answers go (SMS_REPLY_NUMBER). */
export function openSmsPhones(smsc: SmppStandIn, { number, clock }: { number: string; clock: Clock }): SmsPhones {
  const written = new Map<string, WrittenSms[]>();
  const listeners = new Set<(phone: string) => void>();
  const tell = (phone: string): void => listeners.forEach((listener) => listener(phone));
  smsc.onMessage(tell);
  let count = 0;
  return {
    writtenBy: (phone) => written.get(phone) ?? [],
    onChange: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    write: async (phone, words) => {
      const encoded = encodeSms(words, { unicode: true, maxParts: MOST_PIECES, note: '' });
      const mine: WrittenSms = { id: `viet:${++count}`, text: encoded.text, at: clock.now(), sent: true };
      written.set(phone, [...(written.get(phone) ?? []), mine]);
      tell(phone);
      const reference = createHash('sha256').update(`${phone}/${count}`).digest()[0] ?? 0;
      for (const { bytes, hasHeader } of segmentsOf(encoded, reference)) {
        const address = { source_addr: phone, source_addr_ton: 1, source_addr_npi: 1, destination_addr: number };
        const status = await smsc.deliver({ ...address, data_coding: DATA_CODING[encoded.encoding], esm_class: hasHeader ? HAS_HEADER : 0, short_message: bytes });
        mine.sent &&= status === 0;
      }
      if (!mine.sent) tell(phone);
    },
  };
}
