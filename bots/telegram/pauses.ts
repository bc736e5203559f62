import type { TelegramProblem } from '../../src/texts/telegram-texts.js';
import type { Failure } from './failure.js';
import { growingPause } from '../wait.js';

const MAX_MS = 60_000;
/** Another instance may be polling, or a webhook is still set: looking more often helps nobody. */
const CONFLICT_MS = 10_000;

/** Milliseconds until the next call after the `failures`-th failure in a row (from 1); `chance` in [0, 1) spreads instances. */
export function pauseAfter(failure: Failure, failures: number, chance: number): number {
  if (failure.kind === 'refused' && failure.retryAfterS !== undefined) return failure.retryAfterS * 1000;
  if (failure.kind === 'refused') return failure.status === 409 ? CONFLICT_MS : MAX_MS;
  return growingPause(failures, chance);
}

/** The failure as the back office reads it. */
export function problemOf(failure: Failure): TelegramProblem {
  if (failure.kind === 'server-error') return 'server-error';
  if (failure.kind !== 'refused') return 'network';
  if (failure.status === 401 || failure.status === 404) return 'token-refused';
  if (failure.status === 409) return 'conflict';
  return failure.status === 429 ? 'flood' : 'refused';
}
