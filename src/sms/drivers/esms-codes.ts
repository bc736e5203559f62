import type { SendOutcome } from '../../delivery/sender.js';

/** What an eSMS `CodeResult` asks us to do (its table "Bảng mã lỗi", and 140 from another of its pages). */
type Treatment = 'next-channel' | 'stop' | 'in-progress';

const treatments: Readonly<Record<string, Treatment>> = {
  99: 'next-channel', // number blocked on their side
  101: 'stop', // ApiKey or SecretKey
  102: 'stop', // no price list
  103: 'stop', // balance
  104: 'stop', // brandname unknown
  107: 'stop', // needs at least N numbers: an advertising type was configured
  108: 'next-channel', // phone format
  110: 'next-channel', // "request data not right": this text, as far as we can know
  120: 'stop', // too many numbers: our bug
  140: 'stop', // our IP is not allow-listed
  146: 'next-channel', // this text fits no registered template
  177: 'next-channel', // the person's network is not registered for the brandname
  199: 'in-progress', // the same request is being worked on
  210: 'stop', // payload not as agreed: our bug
  300: 'stop',
  301: 'stop',
  687: 'stop', // over 500 numbers: our bug
};

/** 100 means that eSMS took the message over, not that a phone has it. 124 means it took the very same request before. */
export const isTaken = (code: string): boolean => code === '100' || code === '124';

/** True where the request is certainly not carried out and its id may be burnt: the next attempt needs a new one. */
export const isRefused = (code: string): boolean => code in treatments && treatments[code] !== 'in-progress';

/** The code as the ledger shows it, e.g. "esms-104". */
export const esmsCode = (code: string): string => `esms-${code}`;

const AGAIN_MS = 30_000;

/**
 * A code that is neither 100 nor 124 as an outcome. A code nobody knows is asked again: eSMS recognises the request id, so
 * no second copy goes out.
 */
export function outcomeOf(code: string): SendOutcome {
  const treatment = treatments[code];
  if (treatment === 'next-channel') return { kind: 'unreachable', code: esmsCode(code) };
  if (treatment === 'stop') return { kind: 'rejected', code: esmsCode(code) };
  return { kind: 'retry', code: esmsCode(code), afterMs: AGAIN_MS, maybeSent: true };
}

/** A code or id of eSMS's: text or a number. */
export const textIn = (value: unknown): string => (typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : '');
