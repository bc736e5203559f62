import type { ZaloBotProblem } from '../../../src/texts/zalo-bot-texts.js';
import type { BotAnswer } from './client.js';
import { growingPause } from '../../wait.js';

type Failed = Exclude<BotAnswer, { kind: 'ok' }>;

const MAX_MS = 60_000;

/** Milliseconds until the next call after the `failures`-th failure in a row (from 1); `chance` in [0, 1) spreads instances. */
export function pauseAfter(answer: Failed, failures: number, chance: number): number {
  // A refused token heals by hand only. 403 is their "internal server error", so it is treated as transient.
  if (answer.kind === 'refused' && (answer.status === 401 || answer.status === 404 || answer.status === 429)) return MAX_MS;
  return growingPause(failures, chance);
}

/** The failure as the back office reads it. */
export function problemOf(answer: Failed): ZaloBotProblem {
  if (answer.kind !== 'refused') return /^http-5/.test(answer.code) ? 'server-error' : 'network';
  if (answer.status === 401 || answer.status === 404) return 'token-refused';
  if (answer.status === 403 || answer.status === 408 || answer.status >= 500) return 'server-error';
  return answer.status === 429 ? 'flood' : 'refused';
}

/** For logs: codes only, no description, which may quote what somebody wrote. */
export const briefly = (answer: Failed): string => (answer.kind === 'refused' ? `refused-${answer.status}` : `${answer.kind}-${answer.code}`);
