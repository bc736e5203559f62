import type { Logger } from 'pino';
import type { Telegraf } from 'telegraf';
import type { Update } from 'telegraf/types';
import { monotonicMs } from '../../src/kernel/clock.js';
import type { Random } from '../../src/kernel/random.js';
import type { TelegramProblem } from '../../src/texts/telegram-texts.js';
import { ALLOWED_UPDATES } from './bot.js';
import { call } from './call.js';
import { readFailure, type Failure } from './failure.js';
import type { Wait } from '../wait.js';
import { pauseAfter, problemOf } from './pauses.js';

const LONG_POLL_S = 30;
/** The server answers after LONG_POLL_S; a connection silent for longer is dead. */
const CALL_LIMIT_MS = (LONG_POLL_S + 15) * 1000;
/** A relay that answers "nothing" at once must not make us spin. */
const TOO_QUICK_MS = 300;
const STORE_PAUSE_MS = 2_000;

export interface PollingSeams {
  bot: Telegraf;
  log: Logger;
  random: Random;
  wait: Wait;
  /** How the channel is doing; undefined: well. */
  report(problem: TelegramProblem | undefined): void;
}

/**
 * Fetches updates until the signal aborts. At least once: the offset, which makes Telegram forget, moves past an update
 * only after it was stored. Survives whatever the network or the API does; resolves, never rejects.
 */
export async function poll(seams: PollingSeams, signal: AbortSignal): Promise<void> {
  const { bot, log, random, wait, report } = seams;
  const position: Position = { offset: 0, webhookGone: false, connected: false };
  for (let failures = 0; !signal.aborted; ) {
    try {
      const stored = await fetchOnce(seams, position, signal);
      failures = 0;
      position.connected = true;
      report(stored === 'all' ? undefined : 'storage');
      if (stored === 'not-all') await wait(STORE_PAUSE_MS, signal);
    } catch (error) {
      if (signal.aborted) return;
      const failure = readFailure(error);
      failures++;
      position.connected = false;
      // Another process may have set a webhook meanwhile.
      if (failure.kind === 'refused' && failure.status === 409) position.webhookGone = false;
      report(problemOf(failure));
      log.warn({ event: 'telegram.poll-failed', failure: briefly(failure), failures, bot: bot.botInfo?.id });
      await wait(pauseAfter(failure, failures, random.next()), signal);
    }
  }
}

interface Position {
  offset: number;
  webhookGone: boolean;
  connected: boolean;
}

async function fetchOnce(seams: PollingSeams, position: Position, signal: AbortSignal): Promise<'all' | 'not-all'> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(CALL_LIMIT_MS)]);
  if (!position.webhookGone) await call(seams.bot, 'deleteWebhook', { drop_pending_updates: false }, limit);
  position.webhookGone = true;
  const started = monotonicMs();
  // The first call after a start or a failure does not wait, so that the channel's state is known at once.
  const timeout = position.connected ? LONG_POLL_S : 0;
  const payload = { offset: position.offset, timeout, limit: 100, allowed_updates: ALLOWED_UPDATES };
  const updates: unknown = await call(seams.bot, 'getUpdates', payload, limit);
  if (!Array.isArray(updates)) throw new TypeError('getUpdates returned no list');
  if (updates.length === 0 && timeout > 0 && monotonicMs() - started < TOO_QUICK_MS) await seams.wait(TOO_QUICK_MS, signal);
  for (const update of updates as Update[]) {
    if (signal.aborted) return 'all';
    if (!(await stored(seams, update))) return 'not-all';
    position.offset = update.update_id + 1;
  }
  return 'all';
}

async function stored({ bot, log }: PollingSeams, update: Update): Promise<boolean> {
  try {
    await bot.handleUpdate(update);
    return true;
  } catch (error) {
    log.error({ event: 'telegram.update-not-stored', error: error instanceof Error ? error.name : 'unknown', updateId: update.update_id });
    return false;
  }
}

/** For logs: no description, which may quote what somebody wrote. */
const briefly = (failure: Failure): string => (failure.kind === 'refused' || failure.kind === 'server-error' ? `${failure.kind}-${failure.status}` : `${failure.kind}-${failure.code}`);
