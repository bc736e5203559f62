import type { SendOutcome } from '../delivery/sender.js';

/** What nodemailer tells of a failure. Its message and `response` may quote anything, so only numbers are read from them. */
export interface SmtpError {
  code?: string;
  responseCode?: number;
  response?: string;
  command?: string;
}

/** A server that has enough of us says so with 421; it rarely says for how long. */
const BUSY_MS = 60_000;
const MAX_HINT_MS = 3_600_000;

/** Names of nodemailer's error classes that may be shown; everything else is "failed". */
const KNOWN = /^(EAUTH|ECONNECTION|ETIMEDOUT|ESOCKET|EDNS|ETLS|EPROTOCOL|EENVELOPE|EMESSAGE|ESTREAM|EABORT|ABORT_ERR|ENOAUTH|EOAUTH2)$/;

/**
 * RFC 5321: 4yz is transient, 5yz permanent. `handedOver`: the whole text was given to the server, so that without its answer
 * nobody knows. 5yz to RCPT TO or to the text speaks of this letter or reader; anywhere else it speaks of us.
 */
export function toOutcome(error: SmtpError, handedOver: boolean): SendOutcome {
  const status = error.responseCode ?? 0;
  const code = status ? `smtp-${status}` : `smtp-${KNOWN.test(error.code ?? '') ? String(error.code).toLowerCase().replace('abort_err', 'eabort') : 'failed'}`;
  if (error.code === 'EAUTH' || error.code === 'ENOAUTH' || status === 530 || status === 534 || status === 535 || status === 538) return { kind: 'rejected', code };
  if (error.code === 'ETLS') return { kind: 'rejected', code };
  if (status >= 500) return permanent(error, code, status);
  if (status === 421) return { kind: 'retry', code, maybeSent: false, pauseChannel: true, afterMs: hintOf(error) ?? BUSY_MS };
  if (status >= 400) return { kind: 'retry', code, maybeSent: false, ...hinted(error) };
  // Without a word of the server: an address that cannot go on the wire, a text larger than the server takes.
  if (error.code === 'EENVELOPE' && !error.response) return { kind: 'unreachable', code, dead: true };
  if (error.code === 'EMESSAGE' && !error.response) return { kind: 'unreachable', code };
  return { kind: 'retry', code, maybeSent: handedOver };
}

function permanent(error: SmtpError, code: string, status: number): SendOutcome {
  const ofReader = error.command === 'RCPT TO' || error.command === 'DATA' || error.code === 'EMESSAGE';
  if (!ofReader) return { kind: 'rejected', code };
  const detail = enhancedOf(error);
  const gone = detail ? isGone(detail) : error.command === 'RCPT TO' && (status === 550 || status === 551 || status === 553);
  return { kind: 'unreachable', code: detail ? `${code}-${detail}` : code, ...(gone ? { dead: true } : {}) };
}

/** RFC 3463: 5.1.x the address is bad, 5.2.1 the mailbox is switched off. Full (5.2.2) and policy (5.7.x) may pass. */
export const isGone = (enhanced: string): boolean => /^5\.(1\.\d+|2\.1)$/.test(enhanced);

const enhancedOf = ({ response }: SmtpError): string | undefined => /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})(?!\S)/.exec(response ?? '')?.[1];

/** "…try again in 300 seconds", "retry after 5 minutes": the hint some servers write behind 4yz. */
function hintOf({ response = '' }: SmtpError): number | undefined {
  const found = /(?:in|after|for)\s+(\d{1,5})\s*(s|sec|second|m|min|minute)(?:s|utes|onds)?\b/i.exec(response);
  if (!found) return undefined;
  const ms = Number(found[1]) * (found[2]?.toLowerCase().startsWith('m') ? 60_000 : 1_000);
  return ms > 0 ? Math.min(ms, MAX_HINT_MS) : undefined;
}

function hinted(error: SmtpError): { afterMs?: number } {
  const afterMs = hintOf(error);
  return afterMs ? { afterMs } : {};
}
