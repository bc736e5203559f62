import type { SendOutcome } from '../../src/delivery/sender.js';
import type { Failure } from './failure.js';

/** Telegram says in seconds how long to wait; without a number this long. */
const FLOOD_PAUSE_S = 5;

/** 400s that mean the person is gone, not that our message is wrong. */
const GONE = /chat not found|user is deactivated|user not found|PEER_ID_INVALID|USER_ID_INVALID|group chat was upgraded/i;

/** The table from failures to outcomes. */
export function outcomeOf(failure: Failure): SendOutcome {
  if (failure.kind === 'not-sent') return { kind: 'retry', code: 'no-connection', maybeSent: false };
  if (failure.kind === 'server-error') return { kind: 'retry', code: `http-${failure.status}`, maybeSent: true };
  if (failure.kind === 'unclear') return { kind: 'retry', code: failure.code, maybeSent: true };
  return refusal(failure);
}

function refusal({ status, description, retryAfterS, migrateTo }: Extract<Failure, { kind: 'refused' }>): SendOutcome {
  if (status === 429) return { kind: 'retry', code: 'flood', afterMs: (retryAfterS ?? FLOOD_PAUSE_S) * 1000, maybeSent: false, pauseChannel: true };
  if (migrateTo !== undefined) return { kind: 'unreachable', code: `migrated-to:${migrateTo}`, dead: true };
  if (status === 403) return { kind: 'unreachable', code: whyForbidden(description), dead: true };
  if (status === 400 && GONE.test(description)) return { kind: 'unreachable', code: 'chat-not-found', dead: true };
  if (status === 401 || status === 404) return { kind: 'rejected', code: 'token-refused' };
  // This one message is wrong, not the channel: "rejected" would stop the channel for everybody.
  return { kind: 'unreachable', code: `message-refused:${slug(description)}` };
}

const whyForbidden = (description: string): string => {
  if (/blocked/i.test(description)) return 'blocked';
  if (/deactivated/i.test(description)) return 'deactivated';
  return /initiate/i.test(description) ? 'not-started' : 'forbidden';
};

/** The provider's reason as a short code; what stands in quotes may be ours or a person's and is left out. */
const slug = (description: string): string =>
  description.replace(/^Bad Request:\s*/i, '').replace(/["'].*["']/g, '').toLowerCase().replace(/[^a-z_]+/g, '-').replace(/^-|-$/g, '').slice(0, 60) || 'unknown';
