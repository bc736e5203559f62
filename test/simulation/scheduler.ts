/** Whose code runs: one life of a process. What waits for a dead one never comes; what waits for a paused one comes when it wakes. */
export interface Owner {
  alive: boolean;
  /** Milliseconds; stands still until then. */
  pausedUntil: number;
}

interface Event {
  at: number;
  order: number;
  owner: Owner | null;
  run: (() => void) | null;
}

/** Events after which the real event loop gets its turn. */
const TURN = 5_000;

/**
 * Simulated time. One event at a time; all code that follows from it by promises has run before the next event comes, so a
 * run is the same each time. Nothing here looks at the wall clock.
 */
export class Scheduler {
  /** Milliseconds since the epoch, true time. */
  now: number;
  /** Whose code runs at this moment. */
  current: Owner | null = null;
  events = 0;
  #order = 0;
  #heap: Event[] = [];
  #stopped = false;

  constructor(start: number) {
    this.now = start;
  }

  /** Calls back at `at`; the answer cancels it. */
  at(at: number, owner: Owner | null, run: () => void): () => void {
    const event: Event = { at: Math.max(at, this.now), order: this.#order++, owner, run };
    this.#push(event);
    return () => {
      event.run = null;
    };
  }

  after(ms: number, owner: Owner | null, run: () => void): () => void {
    return this.at(this.now + ms, owner, run);
  }

  /** Resolves after so long, for `owner`; never if the owner dies. */
  sleep(ms: number, owner: Owner | null): Promise<void> {
    return new Promise((resolve) => void this.after(ms, owner, resolve));
  }

  stop(): void {
    this.#stopped = true;
  }

  /** Runs until stopped or until nothing is left to happen. */
  run(): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      const step = (): void => {
        try {
          if (this.#stopped || !this.#next()) return resolve();
        } catch (error) {
          return reject(error as Error);
        }
        // From a microtask, so that the tick comes after all promises have been followed.
        if (this.events % TURN !== 0) queueMicrotask(() => process.nextTick(step));
        else {
          this.current = null;
          setImmediate(step);
        }
      };
      step();
    }).finally(() => {
      this.current = null;
    });
  }

  #next(): boolean {
    for (;;) {
      const event = this.#pop();
      if (!event) return false;
      if (!event.run || event.owner?.alive === false) continue;
      if (event.owner && event.owner.pausedUntil > event.at) {
        this.#push({ ...event, at: event.owner.pausedUntil, order: this.#order++ });
        continue;
      }
      this.now = Math.max(this.now, event.at);
      this.events++;
      this.current = event.owner;
      event.run();
      return true;
    }
  }

  #push(event: Event): void {
    const heap = this.#heap;
    let i = heap.push(event) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      const above = heap[parent] as Event;
      if (!before(event, above)) break;
      heap[i] = above;
      i = parent;
    }
    heap[i] = event;
  }

  #pop(): Event | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (!top || !last || heap.length === 0) return top;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1] as Event, heap[child] as Event)) child++;
      const below = heap[child] as Event;
      if (!before(below, last)) break;
      heap[i] = below;
      i = child;
    }
    heap[i] = last;
    return top;
  }
}

const before = (a: Event, b: Event): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

/**
 * Puts simulated timers in the place of setTimeout and clearTimeout while `work` runs: the work runner of src/jobs rests
 * with them. Code that belongs to no process (the test runner) keeps the real ones.
 */
export async function withSimulatedTimers<T>(scheduler: Scheduler, work: () => Promise<T>): Promise<T> {
  const real = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout };
  const cancels = new WeakMap<object, () => void>();
  const simulated = (callback: () => void, ms = 0): unknown => {
    const owner = scheduler.current;
    if (!owner) return real.setTimeout(callback, ms);
    const handle = {};
    cancels.set(handle, scheduler.after(ms, owner, callback));
    return handle;
  };
  const cancel = (handle: unknown): void => {
    const own = typeof handle === 'object' && handle !== null ? cancels.get(handle) : undefined;
    if (own) own();
    else real.clearTimeout(handle as NodeJS.Timeout);
  };
  Object.assign(globalThis, { setTimeout: simulated, clearTimeout: cancel });
  try {
    return await work();
  } finally {
    Object.assign(globalThis, real);
  }
}
