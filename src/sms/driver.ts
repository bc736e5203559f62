import type { FastifyInstance } from 'fastify';
import type { Found, SendOutcome, Sender } from '../delivery/sender.js';
import type { SmsContent } from '../texts/sms/content.js';
import type { EncodedSms } from '../texts/sms/encode.js';

/** One SMS on its way to a gateway. */
export interface OutgoingSms {
  /** Mobile number as 84…, checked. */
  to: string;
  content: SmsContent;
  encoded: EncodedSms;
  /** Identifies the delivery; the same key is the same message. */
  key: string;
}

/** A gateway. Like a sender it never waits or retries by itself and never throws for what the other side does. */
export interface SmsDriver {
  readonly truth: Sender['truth'];
  submit(sms: OutgoingSms, signal: AbortSignal): Promise<SendOutcome>;
  routes?(http: FastifyInstance): Promise<void> | void;
  /** What became of the message of this key, where the gateway can be asked. Never throws for what the other side does. */
  find?(call: { key: string; to: string; at: Date; signal: AbortSignal }): Promise<Found>;
  /** Once a minute: asks how messages went. Returns how many ends became known. */
  poll?(): Promise<number>;
  start?(): Promise<void>;
  stop?(): Promise<void>;
  /** Why it cannot send now although nothing was tried: a code of sms-texts.ts. */
  trouble?(): string | undefined;
}
