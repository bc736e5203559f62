/** A write command that waits for the next commit. */
interface Job<T> {
  run: () => T;
  failed: (error: unknown) => T;
  resolve: (reply: T) => void;
}

/** What the queue needs of the store. */
export interface Transactional {
  /** Runs the function in one transaction and returns once it is on disk; throws and changes nothing if it throws. */
  transaction<T>(work: () => T): T;
}

/**
 * Group commit: every write command that arrived in the same turn of the event loop runs in one transaction, so that
 * one fsync serves them all. A reply is given only after the commit. Each command checks before it changes anything,
 * so an expected error leaves no half-done work; an unexpected one rolls the whole transaction back, and then
 * the commands run again one by one, so that only the broken one fails.
 */
export class GroupCommit<T> {
  readonly #store: Transactional;
  #jobs: Job<T>[] = [];

  constructor(store: Transactional) {
    this.#store = store;
  }

  /** Queues a command; the promise is kept when its effects are durable (or when it failed). */
  submit(run: () => T, failed: (error: unknown) => T): Promise<T> {
    return new Promise((resolve) => {
      if (this.#jobs.push({ run, failed, resolve }) === 1) setImmediate(() => this.#drain());
    });
  }

  #drain(): void {
    const jobs = this.#jobs;
    this.#jobs = [];
    try {
      const replies = this.#store.transaction(() => jobs.map((job) => job.run()));
      jobs.forEach((job, index) => job.resolve(replies[index] as T));
    } catch (error) {
      if (jobs.length === 1) jobs[0]?.resolve(jobs[0].failed(error));
      else for (const job of jobs) this.#alone(job);
    }
  }

  #alone(job: Job<T>): void {
    try {
      job.resolve(this.#store.transaction(job.run));
    } catch (error) {
      job.resolve(job.failed(error));
    }
  }
}
