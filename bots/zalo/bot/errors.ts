import { withoutAnswer } from '../../../src/ask/without-answer.js';
import type { SendOutcome } from '../../../src/delivery/sender.js';
import type { BotAnswer } from './client.js';

type Refused = Extract<BotAnswer, { kind: 'refused' }>;

/** The rest after a 429: the platform's own names no time to wait, a gateway before it may. */
const FLOOD_PAUSE_MS = 60_000;
const UNSURE_PAUSE_MS = 30_000;
const ABOUT_THE_CHAT = /chat|user|recipient|receiver/i;

/** The code as the ledger shows it, e.g. "zalo-bot:429". */
export const botCode = (code: number | string): string => `zalo-bot:${code}`;

/** What sendMessage's failure asks us to do. */
export function outcomeOf(answer: Exclude<BotAnswer, { kind: 'ok' }>): SendOutcome {
  return answer.kind === 'refused' ? refusal(answer) : withoutAnswer(answer, botCode, FLOOD_PAUSE_MS);
}

function refusal({ status, description, afterMs = FLOOD_PAUSE_MS }: Refused): SendOutcome {
  const code = botCode(status);
  if (status === 429) return { kind: 'retry', code, afterMs, maybeSent: false, pauseChannel: true };
  if (status === 401) return { kind: 'rejected', code };
  // 403 is documented as "internal server error", 408 as a time-out: neither says that nothing was sent.
  if (status === 403 || status === 408 || status >= 500) return { kind: 'retry', code, afterMs: UNSURE_PAUSE_MS, maybeSent: true };
  if (ABOUT_THE_CHAT.test(description)) return { kind: 'unreachable', code, dead: true };
  // The path is token and method: where it is unknown, nothing will get through.
  if (status === 404) return { kind: 'rejected', code };
  // This one message is wrong, not the channel: "rejected" would stop the channel for everybody.
  return { kind: 'unreachable', code };
}
