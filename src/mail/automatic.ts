import type { Head } from './read-head.js';

const SUBJECT = /^\s*(?:(?:re|tl|trả lời)\s*:\s*)?(?:automatic reply|auto(?:matic)?[- ]?(?:reply|response)|out of (?:the )?office|trả lời tự động|thư trả lời tự động|vắng mặt)(?:\s*[:-]|\s*$)/i;
const ROBOT = /^(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)(?:[+\-_.].*)?@/i;

/** A header's first value as text, lower case; empty where it is missing. */
function headerOf({ lines }: Head, name: string): string {
  const line = lines.find(({ key }) => key === name)?.line ?? '';
  return line.slice(line.indexOf(':') + 1).replace(/\r?\n\s+/g, ' ').trim().toLowerCase();
}

/**
 * Written by a machine: out-of-office notes, read receipts, lists, robots (RFC 3834 and what came before it). Such mail is
 * neither written down nor answered, or two machines would talk to each other for ever.
 */
export function isAutomatic(head: Head): boolean {
  const submitted = headerOf(head, 'auto-submitted').split(/[;\s(]/)[0] ?? '';
  if (submitted !== '' && submitted !== 'no') return true;
  if (['x-auto-response-suppress', 'x-autoreply', 'x-autorespond', 'x-autoresponse', 'list-id', 'list-unsubscribe', 'feedback-id', 'x-loop'].some((name) => headerOf(head, name) !== '')) return true;
  if (/^(?:bulk|list|junk|auto[-_]?reply)/.test(headerOf(head, 'precedence'))) return true;
  if (headerOf(head, 'return-path') === '<>' || headerOf(head, 'content-type').startsWith('multipart/report')) return true;
  return ROBOT.test(head.from) || SUBJECT.test(head.subject);
}
