import type { Delivery } from '../../src/delivery/delivery.model.js';
import { LEASE_MS, type Sight } from './sight.js';

/** About one call at the usual limit: so much later is the turn of each further copy of a matter, up to a limit. */
const SPACING_MS = 33;
const LATEST_MS = 5 * 60_000;
/** Copies whose turns are nearer to each other may leave in either order: a look takes fifty rows. */
const NEAR_MS = 3_000;
/** So long somebody may wait behind others with a later turn: what workers have in hand is finished first. */
const PATIENCE_MS = 15_000;
/** Overtaken by so many claims, and it is no chance. */
const OFTEN = 5;

interface Waiting {
  key: string;
  turn: number;
  since: number;
  overtaken: number;
  /** The last claim that overtook it: one that takes many counts once. */
  by: string | null;
}

/**
 * One matter with thousands of copies does not starve those with one: turns in virtual time, worked out here once more. Whoever
 * waits is not overtaken again and again by copies of the same lane whose turn is later.
 */
export class FairOrder {
  readonly #sight: Sight;
  readonly #copies = new Map<string, number>();
  /** Of each fact: how many copies were planned together, by when they are due. */
  readonly #planned = new Map<string, Map<number, number>>();
  readonly #turns = new Map<string, number>();
  readonly #waiting = new Map<string, Map<string, Waiting>>();
  #heldAt = 0;

  constructor(sight: Sight) {
    this.#sight = sight;
  }

  wrote(before: Delivery | null, after: Delivery): void {
    if (after.lane === 'urgent' || this.#sight.slow || this.#sight.clockSteps) return;
    const id = String(after._id);
    const { now } = this.#sight.scheduler;
    if (!before || !this.#turns.has(id)) this.#turns.set(id, this.#turnOf(after));
    const waits = after.state === 'planned' && after.reason === null && after.digestKey === null;
    const lane = this.#laneOf(after.lane);
    if (waits) {
      const known = lane.get(id);
      const turn = Math.max(this.#turns.get(id) ?? 0, after.notBefore.getTime());
      // Behind a channel, or a later time: it begins to wait anew.
      if (!known || before?.notBefore !== after.notBefore) lane.set(id, { key: after.key, turn, since: Math.max(now, turn), overtaken: 0, by: null });
      return;
    }
    lane.delete(id);
    const taken = after.state === 'claimed' && before?.state === 'planned';
    if (taken) this.#taken(after, before, lane);
  }

  /** The database was put back: turns are worked out as rows move again. */
  forget(): void {
    this.#copies.clear();
    this.#planned.clear();
    this.#turns.clear();
    this.#waiting.clear();
  }

  #laneOf(name: string): Map<string, Waiting> {
    const known = this.#waiting.get(name);
    if (known) return known;
    const lane = new Map<string, Waiting>();
    this.#waiting.set(name, lane);
    return lane;
  }

  #turnOf({ key, lane, taskCode, meetingCode, notBefore }: Delivery): number {
    const matter = taskCode ?? meetingCode;
    if (matter === null) return notBefore.getTime();
    const flow = `${lane}:${matter}:${notBefore.getTime()}`;
    const before = this.#copies.get(flow) ?? 0;
    this.#copies.set(flow, before + 1);
    return notBefore.getTime() + Math.min(LATEST_MS, (before + this.#plannedBefore(key, notBefore.getTime())) * SPACING_MS);
  }

  /** Whoever planned half of a fact's copies may have died: whoever plans all of them again counts those that are there. */
  #plannedBefore(key: string, due: number): number {
    const fact = key.slice(0, key.lastIndexOf(':'));
    const planned = this.#planned.get(fact) ?? new Map<number, number>();
    this.#planned.set(fact, planned.set(due, (planned.get(due) ?? 0) + 1));
    return [...planned].reduce((sum, [at, n]) => (at === due ? sum : sum + n), 0);
  }

  #taken(after: Delivery, before: Delivery, lane: ReadonlyMap<string, Waiting>): void {
    const { scheduler, store, broke } = this.#sight;
    const { now } = scheduler;
    // While the office holds all sending, only answers leave; everybody else waits for the office.
    if (store.collections.State.rows.has('hold')) this.#heldAt = now;
    if (this.#heldAt === now || (after.claimedUntil?.getTime() ?? 0) - now < LEASE_MS - 1_000) return;
    const turn = Math.max(this.#turns.get(String(after._id)) ?? 0, before.notBefore.getTime());
    for (const [id, one] of lane) {
      if (one.turn + NEAR_MS >= turn || now - Math.max(one.since, this.#heldAt) < PATIENCE_MS) continue;
      // Behind another channel there may be no room.
      const row = store.collections.Delivery.rows.get(id) as unknown as Delivery | undefined;
      if (!row || (row.waitsFor !== null && row.waitsFor !== before.waitsFor)) continue;
      if (one.by === after.claimedBy) continue;
      one.by = after.claimedBy;
      one.overtaken++;
      if (one.overtaken !== OFTEN) continue;
      // The same claim may take it in this very moment.
      const told = `${one.key} waits since ${now - one.since} ms and was overtaken by ${OFTEN} claims, now for ${after.key} (turn ${Math.round(turn - one.turn)} ms later, behind ${row.waitsFor ?? 'nothing'} and ${before.waitsFor ?? 'nothing'})`;
      scheduler.after(200, null, () => {
        if (lane.get(id) === one) broke('starved', told);
      });
    }
  }
}
