import type { Clock } from '../../../kernel/clock.js';
import { badRequest } from './api-error.js';

const TOO_OLD_MS = 60_000;

/** Taps waiting for answerCallbackQuery: each may be answered once and soon, or the phone's button keeps spinning. */
export class CallbackQueries {
  readonly #clock: Clock;
  readonly #open = new Map<string, Date>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  opened(id: string): void {
    this.#open.set(id, this.#clock.now());
  }

  /** Taps nobody has answered yet. */
  get unanswered(): number {
    return this.#open.size;
  }

  answer(id: unknown): true {
    const since = this.#open.get(String(id));
    this.#open.delete(String(id));
    if (!since || this.#clock.now().getTime() - since.getTime() > TOO_OLD_MS) throw badRequest('query is too old and response timeout expired or query ID is invalid');
    return true;
  }
}
