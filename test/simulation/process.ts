import type { Logger } from 'pino';
import { because, forEachWork, type Ctx, type Work } from '../../src/context.js';
import { WorkRunner, type Run } from '../../src/jobs/work-runner.js';
import type { Config } from '../../src/config.js';
import { keepEpoch } from '../../src/delivery/hold/epoch.js';
import { serverClock } from '../../src/db/server-clock.js';
import type { Call, Steps, Wire } from './fake-model.js';
import type { Clock } from '../../src/kernel/clock.js';
import type { Owner, Scheduler } from './scheduler.js';
import { SeededRandom } from './seeded-random.js';
import type { Store } from './store.js';

/** The connection broke; nobody knows whether the call had its effect. Named like the driver's own. */
export class MongoNetworkError extends Error {
  override readonly name = 'MongoNetworkError';
}

export const misfortunes = ['lost', 'answer-lost', 'half'] as const;
export type Fate = 'ok' | (typeof misfortunes)[number];

/** How the way to the database behaves at a moment. */
export interface Weather {
  /** Round trip in milliseconds, drawn for each call. */
  latency(): number;
  /**
   * What happens to a call: it is lost on the way there, or its answer on the way back, or the database itself dies
   * halfway. `many`: a change of many rows, which takes longer and is interrupted more often.
   */
  fate(many: boolean): Fate;
  /** The process dies at this very call: before it leaves, under way, or before its answer is seen. */
  dies(): boolean;
  /** The process stands still at this call for so many milliseconds; 0: it does not. */
  stops(): number;
}

/** One life of a process: from its start to its death or stop. */
export interface Life extends Owner {
  name: string;
  ctx: Ctx;
  runner: WorkRunner;
  random: SeededRandom;
  /** The clock of its machine is so wrong, in milliseconds; the engine goes by the server's. */
  skew: number;
  /** It has heard what time it is, and works. */
  started: boolean;
  works: Record<Work, (ctx: Ctx, run: Run) => Promise<number>>;
}

export interface Birth {
  name: string;
  seed: number;
  scheduler: Scheduler;
  store: Store;
  weather: Weather;
  config: Config;
  works: (life: Life) => Life['works'];
  /** Where it keeps its marks outside the database; null: none are kept in this run. */
  marks: string | null;
  /** Planted bug: the clock of the machine is believed. */
  believesMachine: boolean;
  /** Planted bugs see and change each call here. */
  tamper: (call: Call) => Call | { result: unknown };
  /** Something went wrong that no simulated fault explains. */
  surprised: (event: string, error: unknown) => void;
  died: (life: Life) => void;
  paused: (life: Life, ms: number) => void;
}

/** Starts a process. */
export function born(birth: Birth): Life {
  const random = new SeededRandom(birth.seed, `process ${birth.name}`);
  const owner = { alive: true, pausedUntil: 0, name: birth.name, random, skew: random.between(-SKEW_MS, SKEW_MS), started: false };
  const life = owner as Life;
  const log = quietLog(birth.surprised);
  life.ctx = {
    db: birth.store.through(wireOf(birth, life)),
    clock: machineOf(birth, life),
    random,
    log,
    config: birth.config,
    cause: 'simulation',
    wake: (work) => life.runner.wake(work),
  };
  life.works = birth.works(life);
  const run = (work: Work) => (how: Run) => life.works[work](because(life.ctx, `tick:${work}`), how);
  life.runner = new WorkRunner(forEachWork(run), log);
  birth.scheduler.after(0, life, () => void start(birth, life));
  return life;
}

/** Machines are wrong by up to ten minutes. */
const SKEW_MS = 10 * 60_000;

const machineOf = ({ scheduler }: Birth, life: Life): Clock => ({ now: () => new Date(Math.floor(scheduler.now + life.skew)) });

/** Asks the server what time it is before anything else, as app.ts does; without a database a process does not come up. */
async function start(birth: Birth, life: Life): Promise<void> {
  const { scheduler } = birth;
  const bornAt = scheduler.now;
  const clock = await serverClock(life.ctx.db.conn, life.ctx.log, machineOf(birth, life), () => scheduler.now - bornAt);
  if (!clock.heard) return birth.died(life);
  if (!birth.believesMachine) life.ctx.clock = clock;
  if (birth.marks !== null && !(await looks(birth, life, birth.marks))) return birth.died(life);
  life.started = true;
}

/** Looks after the marks before anything is sent, and every thirty seconds, as src/watch does. False: the database was not reached. */
async function looks({ scheduler, surprised }: Birth, life: Life, dir: string): Promise<boolean> {
  const again = (): void => void scheduler.after(LOOK_EVERY_MS, life, () => void look().then(again));
  const look = async (): Promise<boolean> => {
    try {
      await keepEpoch(life.ctx, dir);
      return true;
    } catch (error) {
      if (!(error instanceof MongoNetworkError)) surprised('marks', error);
      return false;
    }
  };
  again();
  return look();
}

const LOOK_EVERY_MS = 30_000;

/** A log that keeps nothing but what should not happen. */
function quietLog(surprised: Birth['surprised']): Logger {
  const silent = (): void => {};
  const error = (entry: { event?: string; err?: unknown }): void => {
    if (entry.err !== undefined && !(entry.err instanceof MongoNetworkError)) surprised(entry.event ?? 'error', entry.err);
  };
  const log = { error, warn: silent, info: silent, debug: silent, trace: silent, child: () => log };
  return log as unknown as Logger;
}

/** Of the seams between the writes of a bulk, the share that others find open. */
const SEAM = 0.15;

const wireOf = (birth: Birth, life: Life): Wire => <T>(call: Call, steps: (call: Call) => Steps<T>): Promise<T> =>
  new Promise<T>((resolve, reject) => {
    if (life.alive) new Trip(birth, life, { call, steps: steps as (call: Call) => Steps<unknown>, resolve: resolve as (value: unknown) => void, reject }).begin();
  });

interface Errand {
  call: Call;
  steps: (call: Call) => Steps<unknown>;
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
}

/** A call goes there, has its effect in one or more steps, and its answer comes back: each a moment of its own. */
class Trip {
  readonly #birth: Birth;
  readonly #life: Life;
  readonly #errand: Errand;
  readonly #tampered: Call | { result: unknown };
  readonly #fate: Fate;
  readonly #back: number;
  #fatal: 'before' | 'under-way' | 'after' | null = null;
  #work: Steps<unknown> | null = null;

  constructor(birth: Birth, life: Life, errand: Errand) {
    this.#birth = birth;
    this.#life = life;
    this.#errand = errand;
    this.#tampered = birth.tamper(errand.call);
    const { method } = errand.call;
    this.#fate = birth.weather.fate(method === 'insertMany' || method === 'updateMany' || method === 'bulkWrite');
    this.#back = birth.weather.latency() / 2;
  }

  begin(): void {
    const { scheduler, weather, died } = this.#birth;
    if (weather.dies()) this.#fatal = this.#life.random.pick(['before', 'under-way', 'after'] as const);
    if (this.#fatal === 'before') return died(this.#life);
    if (this.#fatal === 'under-way') died(this.#life);
    if (this.#fate === 'lost') return this.#breaks();
    scheduler.after(weather.latency() / 2, null, () => this.#arrives());
  }

  #arrives(): void {
    // What a process sent before it died may still arrive, or not.
    if (!this.#life.alive && this.#life.random.chance(0.5)) return;
    const tampered = this.#tampered;
    if ('result' in tampered) return this.#answers(tampered.result);
    this.#work = this.#errand.steps(tampered);
    this.#goOn();
  }

  #goOn(): void {
    const { scheduler, weather } = this.#birth;
    try {
      for (;;) {
        const step = this.#work?.next();
        if (!step || step.done) return this.#answers(this.#heard(step?.value));
        // A bulk has many seams; each may be the one where others come in, or where it breaks.
        if (this.#errand.call.method === 'bulkWrite' && !this.#life.random.chance(SEAM)) continue;
        if (this.#fate === 'half') return this.#breaks();
        scheduler.after(weather.latency() / 4, null, () => this.#goOn());
        return;
      }
    } catch (error) {
      this.#answers(undefined, error as Error);
    }
  }

  #heard(value: unknown): unknown {
    const tampered = this.#tampered;
    return 'hears' in tampered && tampered.hears ? tampered.hears(value as never) : value;
  }

  #answers(value: unknown, error?: Error): void {
    const { weather, paused, died, scheduler } = this.#birth;
    const { resolve, reject } = this.#errand;
    const ms = weather.stops();
    if (ms > 0) paused(this.#life, ms);
    if (this.#fatal === 'after') died(this.#life);
    else if (this.#fate !== 'ok') this.#breaks();
    else scheduler.after(this.#back, this.#life, error ? () => reject(error) : () => resolve(value));
  }

  #breaks(): void {
    this.#birth.scheduler.after(this.#back + 50, this.#life, () => this.#errand.reject(new MongoNetworkError('connection closed')));
  }
}
