import type { Delivery, DeliveryState } from '../../src/delivery/delivery.model.js';
import { rank } from '../../src/delivery/delivery-states.js';
import type { Rule } from './rules.js';
import type { Scheduler } from './scheduler.js';
import type { Stills } from './stills.js';
import type { Store } from './store.js';

/** The longest way from "may leave now" to the call: a claim's lease. What was decided before an edge may still leave after it. */
export const LEASE_MS = 15_000;
/** From the line in the ledger to the call itself; longer only where the process stood still. */
export const FRESH_MS = 5_000;
/** What a process may be wrong about the server's time, and where that clock itself is set to and fro. */
export const SURE_MS = 250;
export const STEP_MS = 2 * 60_000;

/** What every rule looks through. */
export interface Sight {
  store: Store;
  scheduler: Scheduler;
  stills: Stills;
  moments: Moments;
  /** How wrong clocks may be in this run, in milliseconds. */
  clocks: number;
  clockSteps: boolean;
  slow: boolean;
  databaseFails: boolean;
  broke(rule: Rule, what: string): void;
}

/** When things first happened to deliveries, by their keys; milliseconds of the epoch. */
export class Moments {
  /** First due. */
  readonly due = new Map<string, number>();
  /** Taken from the queue the last time. */
  readonly claimed = new Map<string, number>();
  /** The last call was written down. */
  readonly begun = new Map<string, number>();
  /** Known to have arrived. */
  readonly heardOf = new Map<string, number>();
  readonly marked = new Map<string, number>();

  wrote(before: Delivery | null, after: Delivery, now: number): void {
    const { key, state } = after;
    const came = (wanted: DeliveryState): boolean => state === wanted && before?.state !== wanted;
    if (!before) this.due.set(key, after.notBefore.getTime());
    if (rank[state] > 1 && (!before || rank[before.state] < 2)) this.heardOf.set(key, now);
    if (came('claimed')) this.claimed.set(key, now);
    if (came('sending') && before) this.begun.set(key, now);
    if (after.acknowledgedAt && !this.marked.has(key)) this.marked.set(key, now);
  }

  /** The database was put back to how it was then: it does not know of anything since. `known`: keys it still has. */
  forget(since: number, known: ReadonlySet<string>): void {
    for (const one of [this.claimed, this.begun, this.heardOf, this.marked]) for (const [key, at] of one) if (at > since) one.delete(key);
    for (const key of this.due.keys()) if (!known.has(key)) this.due.delete(key);
  }
}
