import type { Logger } from 'pino';
import { because, forEachWork, type Ctx, type Work } from '../../src/context.js';
import { WorkRunner, type Run } from '../../src/jobs/work-runner.js';
import type { Config } from '../../src/config.js';
import type { Call, Steps, Wire } from './fake-model.js';
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
  /** Its own clock is so wrong, in milliseconds. */
  skew: number;
  /** The part of that which nobody sets right. */
  wrongBy: number;
}

export interface Birth {
  name: string;
  seed: number;
  scheduler: Scheduler;
  store: Store;
  weather: Weather;
  config: Config;
  works: (life: Life) => Record<Work, (ctx: Ctx, run: Run) => Promise<number>>;
  /** Milliseconds that all clocks are wrong by at present. */
  houseSkew: () => number;
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
  const owner = { alive: true, pausedUntil: 0, name: birth.name, random, skew: 0, wrongBy: 0 };
  const life = owner as Life;
  const log = quietLog(birth.surprised);
  life.ctx = {
    db: birth.store.through(wireOf(birth, life)),
    clock: { now: () => new Date(Math.floor(birth.scheduler.now + birth.houseSkew() + life.skew)) },
    random,
    log,
    config: birth.config,
    cause: 'simulation',
    wake: (work) => life.runner.wake(work),
  };
  const works = birth.works(life);
  const run = (work: Work) => (how: Run) => works[work](because(life.ctx, `tick:${work}`), how);
  life.runner = new WorkRunner(forEachWork(run), log);
  return life;
}

/** A log that keeps nothing but what should not happen. */
function quietLog(surprised: Birth['surprised']): Logger {
  const silent = (): void => {};
  const error = (entry: { event?: string; err?: unknown }): void => {
    if (entry.err !== undefined && !(entry.err instanceof MongoNetworkError)) surprised(entry.event ?? 'error', entry.err);
  };
  const log = { error, warn: silent, info: silent, debug: silent, trace: silent, child: () => log };
  return log as unknown as Logger;
}

/** A call goes there, has its effect in one or more steps, and its answer comes back: each a moment of its own. */
function wireOf({ scheduler, weather, tamper, died, paused }: Birth, life: Life): Wire {
  return <T>(call: Call, steps: (call: Call) => Steps<T>): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      if (!life.alive) return;
      const tampered = tamper(call);
      const fate = weather.fate(call.method === 'insertMany' || call.method === 'updateMany');
      const [there, back] = [weather.latency() / 2, weather.latency() / 2];
      const breaks = (): void => void scheduler.after(back + 50, life, () => reject(new MongoNetworkError('connection closed')));
      const fatal = weather.dies() ? life.random.pick(['before', 'under-way', 'after'] as const) : null;
      if (fatal === 'before') return died(life);
      if (fatal === 'under-way') died(life);
      if (fate === 'lost') return breaks();
      const answer = (settle: () => void): void => {
        const ms = weather.stops();
        if (ms > 0) paused(life, ms);
        if (fatal === 'after') died(life);
        else if (fate !== 'ok') breaks();
        else scheduler.after(back, life, settle);
      };
      const begin = (): void => {
        // What a process sent before it died may still arrive, or not.
        if (!life.alive && life.random.chance(0.5)) return;
        if ('result' in tampered) return answer(() => resolve(tampered.result as T));
        const work = steps(tampered);
        const go = (): void => {
          try {
            const step = work.next();
            if (!step.done && fate === 'half') return breaks();
            if (!step.done) return void scheduler.after(weather.latency() / 4, null, go);
            answer(() => resolve(step.value));
          } catch (error) {
            answer(() => reject(error as Error));
          }
        };
        go();
      };
      scheduler.after(there, null, begin);
    });
}
