import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ctx } from '../../src/context.js';
import { holdSending, resumeSending } from '../../src/delivery/hold/decide-hold.js';
import { readHold, type HoldChoice } from '../../src/delivery/hold/hold.js';
import type { Actor } from '../../src/people/actor.js';
import type { Fleet } from './fleet.js';
import type { Phones } from './phones.js';
import type { Scheduler } from './scheduler.js';
import type { SeededRandom } from './seeded-random.js';
import type { Store } from './store.js';
import type { Watch } from './watch.js';
import type { Workload } from './workload.js';

const admin: Actor = { kind: 'system', name: 'Quản trị' };
const MINUTE = 60_000;
const LOOK_EVERY_MS = 40_000;
/** From switching off to putting the database back: what was under way has come to an end. */
const OFF_BEFORE_MS = 30_000;

/** Folder of the marks outside the database, for one run. */
export const marksFolder = (): string => mkdtempSync(join(tmpdir(), 'nhac-viec-marks-'));
export const clearMarks = (dir: string): void => rmSync(dir, { recursive: true, force: true });

interface Desk {
  scheduler: Scheduler;
  store: Store;
  fleet: Fleet;
  workload: Workload;
  watch: Watch;
  phones: Phones;
  random: SeededRandom;
  marks: string | null;
}

/** What the office decides about sending: it stops it, puts the database back, looks at what waits, and consents. */
export class OfficeDesk {
  readonly #desk: Desk;
  #looking = false;
  #choice: HoldChoice = 'all';
  #count = 0;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** All sending is stopped by hand, and goes on after so long. */
  holds({ from, ms, urgentPasses }: { from: number; ms: number; urgentPasses: boolean }): void {
    this.#desk.workload.ask('hold', from, (ctx) => holdSending(ctx, admin, { reason: 'Thử', urgentPasses }));
    this.#desk.scheduler.at(from + ms, null, () => this.#decides('all'));
  }

  /** A copy is made at `from`; later everything is switched off and the copy put back; some time after the start the office decides. */
  restores({ from, at, downMs, choice }: { from: number; at: number; downMs: number; choice: HoldChoice }): void {
    const { scheduler, store, fleet, watch, phones, random } = this.#desk;
    let back: (() => void) | null = null;
    scheduler.at(from, null, () => void (back = store.backup()));
    scheduler.at(at, null, () => {
      if (!fleet.on) return;
      fleet.switchOff(at + OFF_BEFORE_MS * 2 + downMs);
      scheduler.after(OFF_BEFORE_MS, null, () => fleet.kill());
      scheduler.after(OFF_BEFORE_MS + MINUTE / 3, null, () => {
        back?.();
        watch.putBack(from);
        phones.forget();
      });
      scheduler.at(at + OFF_BEFORE_MS * 2 + downMs + random.skewed(MINUTE, 60 * MINUTE), null, () => this.#decides(choice));
    });
  }

  /** Looks again and again whether something is held, and decides; a caller that died over it does not leave it so. */
  #decides(choice: HoldChoice): void {
    this.#choice = choice;
    if (this.#looking) return;
    this.#looking = true;
    const { scheduler, store } = this.#desk;
    const look = (): void => {
      if (store.collections.State.rows.has('hold')) this.#consents();
      scheduler.after(LOOK_EVERY_MS, null, look);
    };
    look();
  }

  #consents(): void {
    const { workload, scheduler, marks } = this.#desk;
    const choice = this.#choice;
    workload.ask(`resume:${++this.#count}`, scheduler.now, async (ctx, life) => {
      const hold = await readHold(ctx);
      const hands = { dir: marks, planAll: () => planAll(ctx, life.works) };
      if (hold) await resumeSending(ctx, admin, { choice, since: hold.since }, hands);
    }, ['outbox']);
  }
}

/** What is due is planned before the decision, as app.ts does. */
async function planAll(ctx: Ctx, works: Parameters<Parameters<Workload['ask']>[2]>[1]['works']): Promise<void> {
  const run = { nudged: () => new Promise<void>(() => {}), stopping: new AbortController().signal };
  for (const name of ['reminders', 'alerts', 'intents'] as const) await works[name]({ ...ctx, cause: `tick:${name}` }, run);
}
