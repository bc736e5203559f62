import type { Body } from './read-body.js';

/** What a mail system tells about a letter it took (RFC 3464). */
export interface DeliveryReport {
  action: 'failed' | 'delayed' | 'delivered';
  /** "5.1.1"; "5.0.0" where none was given. */
  status: string;
}

/** Reports about one reader have a few lines. */
const MAX_BYTES = 100_000;

/**
 * A permanent status where mail systems put it: behind its SMTP code ("550 5.1.1", "550-#5.1.1"), behind "#" ("(#5.1.1)"), or
 * behind "Status:". Numbers elsewhere are prices, rooms, articles. Classes and subjects as in RFC 3463.
 */
const WORDED = /(?:(?<!\d)5[0-5]\d[ -]#?|(?<!\w)#|(?:^|\n)\s*status(?:\s+code)?\s*:\s*)(5\.[0-7]\.\d{1,2})(?![\d.]*\d)/i;

const actions: Readonly<Record<string, DeliveryReport['action']>> = { failed: 'failed', delayed: 'delayed', delivered: 'delivered', relayed: 'delivered', expanded: 'delivered' };

/**
 * Reads the report of a letter that had one reader. "failed" is for good, also with a status of 4.x.x: the mail system has
 * given up. Without the machine-readable part a permanent status in the words counts, where mail systems write it.
 * Undefined where nothing can be read.
 */
export function readReport(body: Body): DeliveryReport | undefined {
  const part = body.attachments.find(({ contentType }) => contentType === 'message/delivery-status' || contentType === 'message/global-delivery-status');
  const fields = part ? part.content.subarray(0, MAX_BYTES).toString('utf8').replace(/\r?\n[ \t]+/g, ' ') : '';
  const action = actions[/^Action:\s*([a-z]+)/im.exec(fields)?.[1]?.toLowerCase() ?? ''];
  const status = /^Status:\s*([245]\.\d{1,3}\.\d{1,3})/im.exec(fields)?.[1];
  if (action) return { action, status: status ?? (action === 'failed' ? '5.0.0' : '2.0.0') };
  if (status) return { action: status.startsWith('5') ? 'failed' : status.startsWith('4') ? 'delayed' : 'delivered', status };
  const worded = WORDED.exec((body.text ?? '').slice(0, MAX_BYTES))?.[1];
  return worded ? { action: 'failed', status: worded } : undefined;
}
