import { Types } from 'mongoose';
import type { Db } from '../../../src/models.js';

type Doc = Record<string, unknown>;
type Filter = Record<string, never>;

const PLANNED = 0;
const HELD = 1;
const DONE = 2;

/**
 * A store in memory that answers each call after one millisecond and counts them. It knows just the calls of the outbox, keeps
 * rows that nobody holds in a few bytes each, and finds them by place, so that what is measured is the engine.
 */
export class FastStore {
  trips = 0;
  finished = 0;
  readonly #state: Uint8Array;
  readonly #fence: Uint16Array;
  readonly #held = new Map<number, Doc>();
  readonly #people: Doc[];
  readonly #links: Doc[];
  readonly #sentAt: Float64Array;
  readonly #records = new Map<string, { _id: string; value: unknown; updatedAt: Date }>();
  readonly #since: Date;
  /** Rows before this place are not planned any more, but for those given back. */
  #head = 0;
  #back: number[] = [];

  constructor(readonly rows: number, now: Date, people = Math.min(rows, 100_000)) {
    this.#state = new Uint8Array(rows);
    this.#fence = new Uint16Array(rows);
    this.#sentAt = new Float64Array(people);
    this.#since = new Date(now.getTime() - 60_000);
    this.#people = Array.from({ length: people }, (_, n) => ({ _id: idOf(n), name: `Người ${n}`, position: 'Chuyên viên', agencyCode: 'STC', roles: ['officer'], active: true, channelOrder: [], phone: null, email: null, leave: null, quiet: null, deputyId: null }));
    this.#links = this.#people.map((person, n) => ({ _id: idOf(n), channel: 'telegram', chatId: String(n), personId: person['_id'], deadAt: null }));
  }

  /** The database as the outbox sees it. */
  db(): Db {
    const none = () => this.#query(() => []);
    const { updateMany, bulkWrite } = this;
    return {
      conn: null,
      Delivery: {
        find: (filter: Doc) => this.#query((limit) => this.#find(filter, limit)),
        updateMany: updateMany.bind(this),
        bulkWrite: bulkWrite.bind(this),
        updateOne: () => this.#answer(() => ({ matchedCount: 0 })),
        exists: () => this.#answer(() => null),
      },
      Person: { find: (filter: Doc) => this.#query(() => inOf(filter['_id']).map((id) => this.#people[placeOf(id)])) },
      ChatLink: { find: (filter: Doc) => this.#query(() => inOf(filter['personId']).map((id) => this.#links[placeOf(id)])) },
      CalendarDay: { find: none },
      Task: { exists: () => this.#answer(() => null) },
      State: {
        find: (filter: { _id: { $in?: string[] } }) => this.#query(() => (filter._id.$in ?? []).flatMap((id) => this.#records.get(id) ?? [])),
        findById: (id: string) => this.#query(() => [this.#records.get(id) ?? null], true),
        create: (record: { _id: string; value: unknown; updatedAt: Date }) => this.#answer(() => void this.#records.set(record._id, record)),
        updateOne: (filter: { _id: string; 'value.rev': number }, update: { $set: { value: unknown; updatedAt: Date } }) =>
          this.#answer(() => {
            const record = this.#records.get(filter._id);
            if (!record || (record.value as { rev: number }).rev !== filter['value.rev']) return { matchedCount: 0 };
            Object.assign(record, update.$set);
            return { matchedCount: 1 };
          }),
      },
    } as unknown as Db;
  }

  async #answer<T>(work: () => T): Promise<T> {
    this.trips++;
    await new Promise((resolve) => setTimeout(resolve, 1));
    return work();
  }

  /** As much of a mongoose query as the outbox uses. */
  #query(work: (limit: number) => unknown[], single = false) {
    let most = Infinity;
    const run = (): Promise<unknown> => this.#answer(() => (single ? work(most)[0] : work(most)));
    const query = { sort: () => query, skip: () => query, lean: () => query, limit: (n: number) => ((most = n), query), exec: run, then: (good: never, bad: never) => run().then(good, bad) };
    return query;
  }

  #find(filter: Doc, limit: number): unknown[] {
    if (filter['acceptedAt']) return this.#recent(filter);
    if (filter['claimedBy'] !== undefined) return inOf(filter['_id']).map((id) => this.#held.get(placeOf(id))).filter((doc) => doc?.['claimedBy'] === filter['claimedBy']);
    if (filter['_id']) return inOf(filter['_id']).map((id) => ({ _id: id, fence: this.#fence[placeOf(id)], state: this.#held.get(placeOf(id))?.['state'] ?? 'accepted' }));
    // Every row is planned, of the normal lane, and in its turn.
    if (filter['state'] !== 'planned' || filter['lane'] !== 'normal' || filter['waitsFor'] !== null || !(filter['order'] as Doc)['$lte']) return [];
    return this.#due(limit);
  }

  #due(limit: number): unknown[] {
    const found: number[] = this.#back.slice(0, limit);
    while (this.#head < this.rows && this.#state[this.#head] !== PLANNED) this.#head++;
    for (let n = this.#head; n < this.rows && found.length < limit; n++) if (this.#state[n] === PLANNED) found.push(n);
    return found.map((n) => ({ _id: idOf(n), lane: 'normal', order: this.#since, notBefore: this.#since, waitsFor: null }));
  }

  #recent(filter: Doc): unknown[] {
    const since = ((filter['acceptedAt'] as Doc)['$gt'] as Date).getTime();
    return inOf(filter['personId']).filter((id) => (this.#sentAt[placeOf(id)] ?? 0) > since).map((personId) => ({ personId }));
  }

  updateMany(filter: Doc, update: { $set: Doc }): Promise<{ matchedCount: number; modifiedCount: number }> {
    return this.#answer(() => {
      const ids = filter['_id'] === undefined ? [] : inOf(filter['_id']);
      let count = 0;
      for (const id of ids) {
        const n = placeOf(id);
        if (this.#state[n] !== PLANNED) continue;
        this.#state[n] = HELD;
        this.#fence[n] = (this.#fence[n] ?? 0) + 1;
        this.#held.set(n, { ...this.#planned(n), ...update.$set, fence: this.#fence[n] });
        count++;
      }
      if (this.#back.length > 0) this.#back = this.#back.filter((n) => this.#state[n] === PLANNED);
      return { matchedCount: count, modifiedCount: count };
    });
  }

  bulkWrite(ops: { updateOne: { filter: Filter; update: { $set: Doc; $push?: { attempts: unknown } } } }[]): Promise<{ matchedCount: number }> {
    return this.#answer(() => {
      let matchedCount = 0;
      for (const { updateOne: { filter, update } } of ops) if (this.#write(filter as never, update)) matchedCount++;
      return { matchedCount };
    });
  }

  #write(filter: { _id: Types.ObjectId; fence: number; state: { $in: string[] }; claimedUntil?: { $gt: Date }; acknowledgedAt?: null }, { $set, $push }: { $set: Doc; $push?: { attempts: unknown } }): boolean {
    const n = placeOf(filter._id);
    const doc = this.#held.get(n);
    if (!doc || doc['fence'] !== filter.fence || !filter.state.$in.includes(doc['state'] as string)) return false;
    if (filter.claimedUntil && !((doc['claimedUntil'] as Date) > filter.claimedUntil.$gt)) return false;
    const state = $set['state'];
    if (state === 'accepted') {
      this.#sentAt[n % this.#sentAt.length] = ($set['acceptedAt'] as Date).getTime();
      this.#close(n, DONE);
      this.finished++;
    } else if (state === 'planned') {
      this.#close(n, PLANNED);
      this.#back.push(n);
    } else {
      const attempts = $push ? [...(doc['attempts'] as unknown[]), $push.attempts] : doc['attempts'];
      for (const [name, value] of Object.entries($set)) if (!name.includes('.')) doc[name] = value;
      doc['attempts'] = attempts;
    }
    return true;
  }

  #close(n: number, state: number): void {
    this.#state[n] = state;
    this.#held.delete(n);
  }

  #planned(n: number): Doc {
    return {
      _id: idOf(n), key: `bench:${n}`, kind: 'note', lane: 'normal', personId: this.#people[n % this.#people.length]?.['_id'], behalfOf: null, follows: null, chat: null, taskCode: null, meetingCode: null,
      data: { n }, asked: null, state: 'planned', order: this.#since, digestKey: null, notBefore: this.#since, expiresAt: null, claimedBy: null, claimedUntil: null, fence: 0, attempts: [], lapses: 0,
      triedChannels: [], waitsFor: null, channel: null, to: null, providerId: null, text: null, shown: null, reason: null, acceptedAt: null, silentAt: null, deliveredAt: null, seenAt: null,
      acknowledgedAt: null, finishedAt: null, createdAt: this.#since, cause: 'bench', rev: 1, unsealed: true,
    };
  }
}

/** An id that says its place: the last four bytes. */
function idOf(n: number): Types.ObjectId {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt32BE(n, 8);
  return new Types.ObjectId(bytes);
}

const placeOf = (id: Types.ObjectId): number => Buffer.from(id.id).readUInt32BE(8);

const inOf = (condition: unknown): Types.ObjectId[] => (condition as { $in: Types.ObjectId[] }).$in;
