import type { Delivery, DeliveryState } from '../../src/delivery/delivery.model.js';
import { rank } from '../../src/delivery/delivery-states.js';
import { DIGEST_KEYS } from '../../src/delivery/digest/digest-keys.js';
import { defaultPolicy } from '../../src/delivery/policy.js';
import type { Rule } from './rules.js';
import type { Scheduler } from './scheduler.js';
import type { Stills } from './stills.js';
import type { Store } from './store.js';

/** The longest way from "may leave now" to the call: a claim's lease. What was decided before an edge may still leave after it. */
export const LEASE_MS = 15_000;
/** From the line in the ledger to the call itself; longer only where the process stood still. */
export const FRESH_MS = 5_000;
/** A digest speaks of what falls due soon after it; what it lets go again may leave alone so much before its own time. */
const GATHERED_MS = defaultPolicy.digest.graceMs + defaultPolicy.digest.spreadMs;
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
    const letGo = before?.digestKey?.startsWith(DIGEST_KEYS.from) === true && after.digestKey === null && state === 'planned';
    if (letGo) this.due.set(key, (this.due.get(key) ?? 0) - GATHERED_MS);
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
