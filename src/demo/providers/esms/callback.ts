import { request } from 'undici';
import { statusOf } from './api.js';
import type { EsmsMessage } from './world.js';

/** Runs `work` after `ms`; a test hands in its own so that nobody waits. */
export type Later = (ms: number, work: () => void) => void;

const RETRIES = 5;
const RETRY_AFTER_MS = 60_000;
const ANSWER_WITHIN_MS = 5_000;

/** Tells the product how a message went, as eSMS does: GET without a signature, tried again five times. */
export interface CallbackCaller {
  /** Resolves after the first attempt. */
  tell(message: EsmsMessage): Promise<void>;
  /** Attempts so far, oldest first; status 0: no answer in time. */
  attempts(): { requestId: string; status: number; retry: number }[];
  /** Resolves when no attempt is under way. */
  settled(): Promise<void>;
}

export function createCallbackCaller(later: Later): CallbackCaller {
  const attempts: { requestId: string; status: number; retry: number }[] = [];
  const open = new Set<Promise<void>>();
  const attempt = async (message: EsmsMessage, retry: number): Promise<void> => {
    if (!message.callbackUrl) return;
    const status = await get(addressFor(message));
    attempts.push({ requestId: message.requestId, status, retry });
    if ((status < 200 || status >= 300) && retry < RETRIES) later(RETRY_AFTER_MS, () => void track(attempt(message, retry + 1)));
  };
  const track = async (work: Promise<void>): Promise<void> => {
    open.add(work);
    await work.finally(() => open.delete(work));
  };
  return {
    tell: (message) => track(attempt(message, 0)),
    attempts: () => [...attempts],
    settled: async () => {
      while (open.size > 0) await Promise.allSettled([...open]);
    },
  };
}

function addressFor(message: EsmsMessage): string {
  const { SMSID, SendFailed, SendStatus, SendSuccess, TotalPrice, TotalReceiver, TotalSent } = statusOf(message);
  const telco = { TypeId: '2', telcoid: '1', phonenumber: message.phone.replace(/^84/, '0'), switchsmsid: '' };
  const fields = { SMSID, SendFailed, SendStatus, SendSuccess, TotalPrice: TotalPrice.toFixed(4), TotalReceiver, TotalSent, RequestId: message.requestId, ...telco };
  const url = new URL(message.callbackUrl);
  for (const [name, value] of Object.entries(fields)) url.searchParams.set(name, String(value));
  return url.toString();
}

async function get(url: string): Promise<number> {
  try {
    const answer = await request(url, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS), reset: true });
    await answer.body.dump();
    return answer.statusCode;
  } catch {
    return 0;
  }
}
