import { setMaxListeners } from 'node:events';

/** So long after its signal a call that has not settled counts as hung. */
export const HUNG_MS = 1_000;

/** One time-out for calls that begin in the same moment: thousands of timers of their own would cost more than the calls. */
export class Deadline {
  /** Aborted when a call has taken too long. */
  readonly signal: AbortSignal;
  readonly #waiting = new Set<() => void>();

  constructor(timeout: (ms: number) => AbortSignal, ms: number) {
    this.signal = timeout(ms);
    // Hundreds of calls listen to it; that is not a leak.
    setMaxListeners(0, this.signal);
    timeout(ms + HUNG_MS).addEventListener('abort', () => {
      for (const giveUp of this.#waiting) giveUp();
    }, { once: true });
  }

  /** The result of the call, or `late` where it does not even hear its signal. */
  race<T>(call: Promise<T>, late: T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const giveUp = (): void => resolve(late);
      this.#waiting.add(giveUp);
      const over = (): boolean => this.#waiting.delete(giveUp);
      call.then((value) => (over(), resolve(value)), (error: unknown) => (over(), reject(error as Error)));
    });
  }
}
