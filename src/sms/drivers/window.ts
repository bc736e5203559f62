/** At most `size` things at once; further ones queue until a place is free or their signal aborts. */
export class Window {
  #free: number;
  readonly #queue: (() => void)[] = [];

  constructor(size: number) {
    this.#free = size;
  }

  /** True: a place was taken, give it back. False: the signal aborted first. */
  take(signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return Promise.resolve(false);
    if (this.#free > 0) {
      this.#free--;
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      const enter = () => {
        signal.removeEventListener('abort', leave);
        resolve(true);
      };
      const leave = () => {
        this.#queue.splice(this.#queue.indexOf(enter), 1);
        resolve(false);
      };
      this.#queue.push(enter);
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  /** Hands the place on to whoever waits longest. */
  giveBack(): void {
    const next = this.#queue.shift();
    if (next) next();
    else this.#free++;
  }
}
