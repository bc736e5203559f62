import type { Work } from '../../src/context.js';
import { timetable } from '../../src/jobs/start-jobs.js';
import type { Faults } from './faults.js';
import type { Life } from './process.js';
import type { Scheduler } from './scheduler.js';
import type { SeededRandom } from './seeded-random.js';

const MINUTE = 60_000;
/** How long a tick stays with a process that sleeps: the lock of the real timetable. */
const LOCK_MS = 10_000;
const SIGTERM_PATIENCE_MS = 4_000;

export interface FleetSpec {
  scheduler: Scheduler;
  random: SeededRandom;
  faults: Faults;
  size: number;
  /** Starts a process; `died` is called when it crashes. */
  start: (name: string, died: (life: Life) => void) => Life;
}

/** The instances of the house: they start, crash, pause, are updated and switched off, and take turns at the alarm clock. */
export class Fleet {
  crashes = 0;
  pauses = 0;
  /** The server's clock is wrong by so many milliseconds. */
  houseSkew = 0;
  /** Milliseconds during which the house was switched off. */
  offMs = 0;
  /** Switched off until then. */
  onAgainAt = 0;
  /** Told when a process stands still, and from when until when. */
  stood: (life: Life, from: number, to: number) => void = () => {};
  /** Told when the whole house goes off, and until when. */
  wentOff: (until: number) => void = () => {};
  #on = true;
  #births = 0;
  readonly #lives: Life[] = [];
  readonly #stopping = new Set<Life>();
  readonly #spec: FleetSpec;

  constructor(spec: FleetSpec) {
    this.#spec = spec;
  }

  begin(): void {
    for (let i = 0; i < this.#spec.size; i++) this.#startOne();
    for (const [work, ms] of Object.entries(timetable) as [Work, number][]) this.#tick(work, ms);
    this.#mishaps();
  }

  /** A process that can be reached from outside at this moment. */
  reachable(): Life | undefined {
    return this.#one((life) => life.pausedUntil <= this.#spec.scheduler.now);
  }

  /** No more faults: the server's clock is set right. */
  recover(): void {
    this.houseSkew = 0;
  }

  /** Everything is switched off in good order and on again at `until`. */
  switchOff(until: number): void {
    const { scheduler } = this.#spec;
    if (!this.#on) return;
    this.#on = false;
    for (const life of [...this.#lives]) this.#sigterm(life);
    this.offMs += until - scheduler.now;
    this.onAgainAt = until;
    this.wentOff(until);
    scheduler.at(until, null, () => {
      this.#on = true;
      while (this.#lives.length < this.#spec.size) this.#startOne();
    });
  }

  pause(life: Life, ms: number): void {
    this.pauses++;
    const { now } = this.#spec.scheduler;
    this.stood(life, Math.max(now, life.pausedUntil), now + ms);
    life.pausedUntil = Math.max(life.pausedUntil, now + ms);
  }

  /** Whoever has not stopped by now is killed: nothing of the house runs while its database is put back. */
  kill(): void {
    if (this.#on) return;
    for (const life of [...this.#lives]) this.#gone(life, 0);
  }

  get on(): boolean {
    return this.#on;
  }

  #startOne(): void {
    this.#lives.push(this.#spec.start(`p${++this.#births}`, (life) => this.#died(life)));
  }

  #one(fit: (life: Life) => boolean): Life | undefined {
    const fitting = this.#lives.filter((life) => life.alive && life.started && !this.#stopping.has(life) && fit(life));
    return fitting.length > 0 ? this.#spec.random.pick(fitting) : undefined;
  }

  #died(life: Life): void {
    if (!life.alive) return;
    this.crashes++;
    this.#gone(life, this.#spec.random.skewed(500, MINUTE));
  }

  #gone(life: Life, restartsAfterMs: number): void {
    life.alive = false;
    this.#stopping.delete(life);
    this.#lives.splice(this.#lives.indexOf(life), 1);
    this.#spec.scheduler.after(restartsAfterMs, null, () => {
      if (this.#on && this.#lives.length < this.#spec.size) this.#startOne();
    });
  }

  /** Each tick reaches one process; one that sleeps with it in hand keeps it until its lock is old. Ticks come late or not at all. */
  #tick(work: Work, ms: number): void {
    const { scheduler, random } = this.#spec;
    const life = random.chance(0.02) ? undefined : this.#one(() => true);
    const asleep = life !== undefined && life.pausedUntil > scheduler.now;
    if (life) scheduler.after(0, life, () => life.runner.wake(work));
    scheduler.at(Math.max(this.#on ? 0 : this.onAgainAt, scheduler.now + (asleep ? LOCK_MS : ms)), null, () => this.#tick(work, ms));
  }

  #mishaps(): void {
    const { scheduler, random, faults } = this.#spec;
    if (faults.harsh.crash === 0 && faults.harsh.trouble === 0) return;
    const next = (): void => {
      if (!faults.active) return;
      const life = this.reachable();
      if (life) this.#mishap(life);
      scheduler.after(random.skewed(1_000, 3 * MINUTE), null, next);
    };
    scheduler.after(random.skewed(500, MINUTE), null, next);
  }

  #mishap(life: Life): void {
    const { random, faults } = this.#spec;
    const fall = random.next();
    if (faults.harsh.clockSteps && fall < 0.3) {
      const step = random.between(-MINUTE, MINUTE);
      if (random.chance(0.5)) life.skew += step;
      else this.houseSkew = step;
    } else if (fall < 0.8) {
      // SIGSTOP, a long collection, a laptop lid: shorter or longer than a lease.
      this.pause(life, random.skewed(100, 90_000));
    } else this.#sigterm(life);
  }

  /** An update of the program: what is in hand is finished, then the next one starts. */
  #sigterm(life: Life): void {
    const { scheduler, random } = this.#spec;
    this.#stopping.add(life);
    const stopped = (): void => {
      if (life.alive) this.#gone(life, random.skewed(500, 20_000));
    };
    scheduler.after(0, life, () => void life.runner.stop(SIGTERM_PATIENCE_MS).then(stopped));
  }
}
