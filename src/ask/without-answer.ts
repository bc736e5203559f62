import type { SendOutcome } from '../delivery/sender.js';
import type { NoAnswer } from './ask-json.js';

/** A message whose call brought no answer. `codeOf` names the code as the ledger shows it; `floodMs`: the rest after a 429 that names none. */
export function withoutAnswer(answer: NoAnswer, codeOf: (code: string) => string, floodMs: number): SendOutcome {
  if (answer.kind === 'throttled') return { kind: 'retry', code: codeOf(answer.code), afterMs: answer.afterMs ?? floodMs, maybeSent: false, pauseChannel: true };
  return { kind: 'retry', code: codeOf(answer.code), maybeSent: answer.kind === 'unknown' };
}
