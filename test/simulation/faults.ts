import type { Channel } from '../../src/kernel/channels.js';
import { troubles, type Mood, type Trouble } from './provider.js';
import { misfortunes, type Fate, type Weather } from './process.js';
import type { Scheduler } from './scheduler.js';
import type { SeededRandom } from './seeded-random.js';

/** A span of simulated time, milliseconds since the epoch. */
interface Span {
  from: number;
  to: number;
}

/** How bad a run is; each seed draws its own. All shares are per call. */
export interface Harshness {
  crash: number;
  pause: number;
  databaseLost: number;
  trouble: number;
  /** Of all troubles, those this seed knows. */
  troubles: Trouble[];
  /** Share of messages a provider takes and cannot deliver afterwards. */
  failsLater: number;
  slowDatabase: boolean;
  /** Clock steps happen; invariants of time allow for them. */
  clockSteps: boolean;
}

export function drawHarshness(random: SeededRandom): Harshness {
  // One seed in eight is a quiet day: what fails there is not a matter of faults.
  const calm = random.chance(0.125);
  const drawn: Harshness = {
    crash: calm || random.chance(0.2) ? 0 : random.skewed(0.0003, 0.01),
    pause: calm || random.chance(0.3) ? 0 : random.skewed(0.0003, 0.01),
    databaseLost: calm || random.chance(0.4) ? 0 : random.skewed(0.001, 0.03),
    trouble: calm || random.chance(0.15) ? 0 : random.skewed(0.01, 0.35),
    troubles: troubles.filter(() => random.chance(0.65)),
    failsLater: calm || random.chance(0.5) ? 0 : random.skewed(0.01, 0.15),
    slowDatabase: !calm && random.chance(0.15),
    clockSteps: !calm && random.chance(0.2),
  };
  // Now and then machines that hardly ever run: processes stand still in up to one call in ten.
  return !calm && random.chance(0.06) ? { ...drawn, pause: random.skewed(0.02, 0.1) } : drawn;
}

/** What a provider bears: what the engine allows itself (src/delivery/policy.ts), and what calls that travel unevenly add to it. */
const bears = (channel: Channel): { max: number; windowMs: number } =>
  channel === 'zalo' ? { max: 100, windowMs: 60_000 } : { max: channel === 'telegram' ? 45 : 21, windowMs: 1_000 };

/** The faults of one run. After `until` everything is well again, so that what is left can be finished. */
export class Faults implements Weather {
  readonly harsh: Harshness;
  readonly #until: number;
  readonly #scheduler: Scheduler;
  readonly #random: SeededRandom;
  readonly #outages = new Map<string, Span[]>();

  constructor(spec: { harsh: Harshness; until: number; scheduler: Scheduler; random: SeededRandom; channels: readonly Channel[] }) {
    this.harsh = spec.harsh;
    this.#until = spec.until;
    this.#scheduler = spec.scheduler;
    this.#random = spec.random;
    if (spec.harsh.trouble === 0) return;
    for (const channel of spec.channels) {
      for (const what of ['down', 'refuses', 'strict', 'mute']) this.#outages.set(`${channel} ${what}`, this.#spans(0.25));
    }
    if (spec.harsh.databaseLost > 0 || spec.harsh.crash > 0) this.#outages.set('database', this.#spans(0.15));
  }

  /** Faults still come. */
  get active(): boolean {
    return this.#scheduler.now < this.#until;
  }

  latency(): number {
    if (this.active && this.harsh.slowDatabase && this.#random.chance(0.05)) return this.#random.skewed(50, 4_000);
    return this.#random.skewed(0.2, 3);
  }

  fate(many: boolean): Fate {
    if (!this.active) return 'ok';
    if (this.#during('database')) return this.#random.pick(misfortunes);
    return this.harsh.databaseLost > 0 && this.#random.chance(this.harsh.databaseLost * (many ? 5 : 1)) ? this.#random.pick(misfortunes) : 'ok';
  }

  dies(): boolean {
    return this.active && this.harsh.crash > 0 && this.#random.chance(this.harsh.crash);
  }

  stops(): number {
    return this.active && this.harsh.pause > 0 && this.#random.chance(this.harsh.pause) ? this.#random.skewed(100, 60_000) : 0;
  }

  moodOf(channel: Channel): Mood {
    const random = this.#random;
    return {
      trouble: () => {
        if (!this.active || this.harsh.troubles.length === 0) return null;
        // A provider that takes everything and answers nothing for a while.
        if (this.#during(`${channel} mute`)) return random.chance(0.8) ? 'hang-sent' : 'hang-not-sent';
        return random.chance(this.harsh.trouble) ? random.pick(this.harsh.troubles) : null;
      },
      refuses: () => this.#during(`${channel} refuses`),
      down: () => this.#during(`${channel} down`),
      latency: () => random.skewed(20, 400),
      failsLater: () => this.active && this.harsh.failsLater > 0 && random.chance(this.harsh.failsLater),
      forgets: () => this.active && this.harsh.trouble > 0 && random.chance(0.2),
      limit: () => {
        const { max, windowMs } = bears(channel);
        return { max: this.#during(`${channel} strict`) ? Math.max(5, max >> 3) : max, windowMs, usual: max };
      },
    };
  }

  /** Some call to the database may fail in this run. */
  get databaseFails(): boolean {
    return this.harsh.databaseLost > 0 || (this.#outages.get('database') ?? []).length > 0 || this.harsh.slowDatabase;
  }

  #during(what: string): boolean {
    const { now } = this.#scheduler;
    return this.active && (this.#outages.get(what) ?? []).some(({ from, to }) => now >= from && now < to);
  }

  #spans(share: number): Span[] {
    if (!this.#random.chance(share)) return [];
    const start = this.#scheduler.now;
    const from = this.#random.between(start, this.#until);
    return [{ from, to: from + this.#random.skewed(5_000, 15 * 60_000) }];
  }
}
