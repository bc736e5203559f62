import type { Types } from 'mongoose';
import type { Ctx } from '../../context.js';
import type { Delivery, DeliveryState } from '../delivery.model.js';

/** One guarded write to one delivery in this worker's hand: it takes effect only while the fence and the state are as the filter says. */
export interface GuardedWrite {
  filter: { _id: Types.ObjectId; fence: number; state: { $in: DeliveryState[] }; [field: string]: unknown };
  update: Record<string, unknown>;
}

interface Waiting extends GuardedWrite {
  resolve(took: boolean): void;
  reject(reason: unknown): void;
}

/** Larger messages would hold up those that come meanwhile. */
const AT_ONCE = 1_000;

/**
 * Group commit: a write that comes while nothing is under way leaves at once; what comes during a flush leaves together as
 * one unordered bulk right after it. So a single urgent message waits for nobody, and under load hundreds of deliveries
 * share a round trip.
 */
export class BatchWriter {
  readonly #deliveries: Ctx['db']['Delivery'];
  #waiting: Waiting[] = [];
  #flushing = false;
  /** Grows with each flush: who continues after the same one does so in the same moment. */
  flushes = 0;

  constructor(deliveries: Ctx['db']['Delivery']) {
    this.#deliveries = deliveries;
  }

  /**
   * True: the write took effect. False: the row was not as the filter says, and this write changed nothing. Rejects where the
   * database failed; nobody knows then whether it took effect, and the lease decides.
   */
  write(write: GuardedWrite): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ...write, resolve, reject });
      if (this.#flushing) return;
      this.#flushing = true;
      // A moment later, so that all who write in this very moment share the first flush.
      queueMicrotask(() => void this.#flushAll());
    });
  }

  async #flushAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, AT_ONCE);
      try {
        const took = await this.#flush(group);
        this.flushes++;
        group.forEach((one, i) => one.resolve(took[i] === true));
      } catch (error) {
        for (const one of group) one.reject(error);
      }
    }
    this.#flushing = false;
  }

  async #flush(group: readonly Waiting[]): Promise<boolean[]> {
    try {
      const matched = await this.#send(group);
      if (matched === group.length) return group.map(() => true);
      if (matched === 0) return group.map(() => false);
    } catch {
      // Asked once more: what took effect the first time does not match again, so nothing is done twice.
      if ((await this.#send(group)) === group.length) return group.map(() => true);
    }
    return this.#whichTook(group);
  }

  async #send(group: readonly Waiting[]): Promise<number> {
    const result = await this.#deliveries.bulkWrite(group.map(({ filter, update }) => ({ updateOne: { filter, update } })) as never, { ordered: false });
    return result.matchedCount;
  }

  /**
   * Reads the rows again. A row with our fence that is in none of the states we came from was moved by our write: while a
   * row is claimed or called, others only move it by taking the lease back, which grows the fence; every write here moves
   * to a state it may not come from; and back into those leads only a new claim, which grows the fence too. Where the
   * fence has grown we answer "no" even if the write took effect before: the row is not ours any more.
   */
  async #whichTook(group: readonly Waiting[]): Promise<boolean[]> {
    const rows = await this.#deliveries.find({ _id: { $in: group.map(({ filter }) => filter._id) } }, { fence: 1, state: 1 }).lean<Pick<Delivery, '_id' | 'fence' | 'state'>[]>();
    const now = new Map(rows.map((row) => [row._id.toString(), row]));
    return group.map(({ filter }) => {
      const row = now.get(filter._id.toString());
      return row !== undefined && row.fence === filter.fence && !filter.state.$in.includes(row.state);
    });
  }
}

const writers = new WeakMap<Ctx['db'], BatchWriter>();

/** The writer of this process to this database: all runs share its flushes. */
export function writerOf(ctx: Ctx): BatchWriter {
  const known = writers.get(ctx.db);
  if (known) return known;
  const writer = new BatchWriter(ctx.db.Delivery);
  writers.set(ctx.db, writer);
  return writer;
}
