import type { Logger } from 'pino';
import { monotonicMs } from '../../../src/kernel/clock.js';
import type { Random } from '../../../src/kernel/random.js';
import type { ZaloBotProblem } from '../../../src/texts/zalo-bot-texts.js';
import type { BotAnswer, BotClient } from './client.js';
import type { Wait } from '../../wait.js';
import { briefly, pauseAfter, problemOf } from './pauses.js';

const LONG_POLL_S = 30;
/** The server answers after LONG_POLL_S; a connection silent for longer is dead. */
export const CALL_LIMIT_MS = (LONG_POLL_S + 15) * 1000;
/** A server that answers "nothing" at once must not make us spin. */
const TOO_QUICK_MS = 300;
const STORE_PAUSE_MS = 2_000;

export interface PollingSeams {
  client: BotClient;
  log: Logger;
  random: Random;
  wait: Wait;
  /** Stores one update. Rejects where it could not be stored. */
  take(update: unknown): Promise<void>;
  /** How the channel is doing; undefined: well. */
  report(problem: ZaloBotProblem | undefined): void;
}

/**
 * Fetches updates until the signal aborts; resolves, never rejects. The platform hands out one update per call and forgets it
 * at once, so an update in hand is stored before the next is asked for, however long that takes. What it hands out in the
 * moment this process dies is lost: only the webhook gives more.
 */
export async function poll(seams: PollingSeams, signal: AbortSignal): Promise<void> {
  const state = { webhookGone: false };
  for (let failures = 0; !signal.aborted; ) {
    const answer = await askOnce(seams, state, signal);
    if (answer.kind === 'ok') {
      failures = 0;
      await keep(seams, answer.result, signal);
    } else if (answer.kind === 'refused' && answer.status === 408) {
      failures = 0; // nobody wrote
      seams.report(undefined);
    } else if (!signal.aborted) {
      failures++;
      // Another process may have set a webhook meanwhile, and then getUpdates does not work.
      if (answer.kind === 'refused') state.webhookGone = false;
      seams.report(problemOf(answer));
      seams.log.warn({ failure: briefly(answer), failures }, 'zalo-bot.poll-failed');
      await seams.wait(pauseAfter(answer, failures, seams.random.next()), signal);
    }
  }
}

async function askOnce({ client, wait, report }: PollingSeams, state: { webhookGone: boolean }, signal: AbortSignal): Promise<BotAnswer> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(CALL_LIMIT_MS)]);
  if (!state.webhookGone) {
    const gone = await client.call('deleteWebhook', {}, limit);
    // Where there is none to delete, some servers say so with an error.
    if (gone.kind !== 'ok' && !(gone.kind === 'refused' && [400, 404].includes(gone.status))) return gone;
    // The first poll is answered half a minute later; that the server and the token are good is known now.
    if (gone.kind === 'ok') report(undefined);
    state.webhookGone = true;
  }
  const started = monotonicMs();
  const answer = await client.call('getUpdates', { timeout: String(LONG_POLL_S) }, limit);
  const nothing = answer.kind === 'refused' && answer.status === 408;
  if (nothing && monotonicMs() - started < TOO_QUICK_MS) await wait(TOO_QUICK_MS, signal);
  return answer;
}

async function keep({ take, log, report, wait }: PollingSeams, update: unknown, signal: AbortSignal): Promise<void> {
  for (;;) {
    try {
      await take(update);
      report(undefined);
      return;
    } catch (error) {
      report('storage');
      log.error({ error: error instanceof Error ? error.name : 'unknown' }, 'zalo-bot.update-not-stored');
      if (signal.aborted) return; // tried once more after the stop was asked for
      await wait(STORE_PAUSE_MS, signal);
    }
  }
}
