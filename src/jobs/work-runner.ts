import type { Work } from '../context.js';
import type { Log } from './start-jobs.js';

/** What a run of a work is told. */
export interface Run {
  /** Resolves when the work is asked for again while this run goes on. Taking it counts as answering. */
  nudged: () => Promise<void>;
  /** Aborted when the process stops. */
  stopping: AbortSignal;
}

/** The works by name; one that needs no `run` takes no argument. */
export type Works = Record<Work, (run: Run) => Promise<unknown>>;

/** A work that asks for itself again rests between its runs, so that it does not spin: longer the more often it had nothing to do. */
const REST_MS = { least: 50, most: 500 };

/**
 * Runs each work in this process: at once when asked, never twice at the same time, and once more when asked during a run.
 * A run that fails is logged; the next tick tries again.
 */
export class WorkRunner {
  readonly #works: Works;
  readonly #log: Log;
  readonly #stop = new AbortController();
  readonly #running = new Map<Work, Promise<void>>();
  readonly #asked = new Set<Work>();
  readonly #nudges = new Map<Work, () => void>();

  constructor(works: Works, log: Log) {
    this.#works = works;
    this.#log = log;
  }

  wake(work: Work): void {
    if (this.#stop.signal.aborted) return;
    this.#asked.add(work);
    this.#nudges.get(work)?.();
    if (this.#running.has(work)) return;
    // Started a moment later, so that a work that wakes itself at once finds itself running.
    const running = Promise.resolve().then(() => this.#runWhileAsked(work)).finally(() => {
      this.#running.delete(work);
      if (this.#asked.has(work)) this.wake(work);
    });
    this.#running.set(work, running);
  }

  /** Nothing new starts; waits for what runs, at most so long. False: something still ran. */
  async stop(timeoutMs: number): Promise<boolean> {
    this.#stop.abort();
    for (const nudge of this.#nudges.values()) nudge();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => { timer = setTimeout(() => resolve(false), timeoutMs); });
    const finished = Promise.all(this.#running.values()).then(() => true);
    return Promise.race([finished, late]).finally(() => clearTimeout(timer));
  }

  async #runWhileAsked(work: Work): Promise<void> {
    let idle = 0;
    while (this.#asked.delete(work) && !this.#stop.signal.aborted) {
      let result: unknown = 0;
      try {
        result = await this.#works[work]({ nudged: () => this.#nudged(work), stopping: this.#stop.signal });
      } catch (error) {
        this.#log.error({ event: 'work.failed', work, err: error });
      }
      idle = result === 0 ? idle + 1 : 0;
      this.#nudges.delete(work);
      if (this.#asked.has(work)) await this.#rest(work, Math.min(REST_MS.most, REST_MS.least * 2 ** idle));
    }
  }

  /** Another call ends the rest early, but not before the shortest one. */
  async #rest(work: Work, ms: number): Promise<void> {
    await sleep(REST_MS.least);
    if (ms <= REST_MS.least || this.#stop.signal.aborted) return;
    const called = new Promise<void>((resolve) => this.#nudges.set(work, resolve));
    await Promise.race([sleep(ms - REST_MS.least), called]);
    this.#nudges.delete(work);
  }

  /** A call that comes while nobody listens is kept: the next `nudged` answers at once, or the run is followed by another. */
  #nudged(work: Work): Promise<void> {
    if (this.#asked.delete(work)) return Promise.resolve();
    return new Promise((resolve) => this.#nudges.set(work, resolve));
  }
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
