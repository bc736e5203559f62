import { createHash } from 'node:crypto';
import { request } from 'node:http';
import type { ZaloWorld } from './world.js';

/** Runs `work` after `ms`; a test hands in its own so that nobody waits. */
export type Later = (ms: number, work: () => void) => void;

const ANSWER_WITHIN_MS = 2_000;
const RETRY_AFTER_MS = [30_000, 300_000, 900_000, 1_800_000, 3_600_000];

/** Calls the product's webhook as Zalo does. */
export interface WebhookCaller {
  /** Proves an address as the console does: an unsigned `{}`, then a signed dummy; throws unless both are answered 200. */
  save(url: string): Promise<void>;
  /** Sends an event; resolves after the first attempt. Failures are retried by themselves, in the end the webhook is switched off. */
  tell(event: Record<string, unknown>): Promise<void>;
  /** Resolves when no attempt is under way. */
  settled(): Promise<void>;
  /** Attempts so far, oldest first; status 0: no answer in time. */
  attempts(): { event: string; status: number; retry: number }[];
  isOff(): boolean;
}

export function createWebhookCaller(world: ZaloWorld, later: Later): WebhookCaller {
  const state = { url: null as string | null, off: false, open: new Set<Promise<unknown>>(), attempts: [] as { event: string; status: number; retry: number }[] };
  const post = (raw: Buffer, headers: Record<string, string>) => postOnce(state.url ?? '', raw, headers);
  const attempt = async (event: Record<string, unknown>, retry: number): Promise<void> => {
    if (!state.url || state.off) return;
    // Line breaks and blanks on purpose: only the bytes as they are give the right mac.
    const raw = Buffer.from(JSON.stringify(event, null, 1));
    const status = await post(raw, { 'x-zevent-signature': `mac=${sign(world, raw, String(event['timestamp']))}`, ...(retry > 0 ? { num_retry: String(retry) } : {}) });
    state.attempts.push({ event: String(event['event_name']), status, retry });
    if (status === 200) return;
    const wait = RETRY_AFTER_MS[retry];
    if (wait === undefined) state.off = true;
    else later(wait, () => void track(attempt(event, retry + 1)));
  };
  const track = async (work: Promise<void>): Promise<void> => {
    state.open.add(work);
    await work.finally(() => state.open.delete(work));
  };
  return {
    save: async (url) => {
      Object.assign(state, { url, off: false });
      const dummy = Buffer.from(JSON.stringify({ ...baseEvent(world, 'user_send_text', '1'), message: { text: 'This is testing message', msg_id: 'This is message id' } }));
      const timestamp = (JSON.parse(dummy.toString()) as { timestamp: string }).timestamp;
      const answers = [await post(Buffer.from('{}'), {}), await post(dummy, { 'x-zevent-signature': `mac=${sign(world, dummy, timestamp)}` })];
      if (answers.some((status) => status !== 200)) throw new Error(`The webhook address was refused: it answered ${answers.join(' and ')}, not 200`);
    },
    tell: (event) => track(attempt(event, 0)),
    settled: async () => {
      while (state.open.size > 0) await Promise.allSettled([...state.open]);
    },
    attempts: () => [...state.attempts],
    isOff: () => state.off,
  };
}

/** A connection of its own for each call; resolves with the status, 0 where no answer came in time. */
const postOnce = (url: string, raw: Buffer, headers: Record<string, string>): Promise<number> =>
  new Promise((resolve) => {
    const options = { method: 'POST', agent: false, signal: AbortSignal.timeout(ANSWER_WITHIN_MS), headers: { 'content-type': 'application/json', 'content-length': raw.byteLength, 'user-agent': 'ZaloWebhook', 'x-zevent-server': 'OA OpenAPI', ...headers } };
    const call = request(url, options, (answer) => answer.resume().on('end', () => resolve(answer.statusCode ?? 0)).on('error', () => resolve(0)));
    call.on('error', () => resolve(0)).end(raw);
  });

/** Fields all events from a person share. */
export const baseEvent = (world: ZaloWorld, name: string, userId: string): Record<string, unknown> => ({
  app_id: world.appId,
  user_id_by_app: userId,
  event_name: name,
  timestamp: String(world.clock.now().getTime()),
  sender: { id: userId },
  recipient: { id: world.oaId },
});

const sign = (world: ZaloWorld, raw: Buffer, timestamp: string): string =>
  createHash('sha256').update(Buffer.concat([Buffer.from(world.appId), raw, Buffer.from(timestamp + world.oaSecretKey)])).digest('hex');
