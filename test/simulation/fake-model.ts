import type { Document } from '../../src/embedded-mongo/bson/index.js';
import { DuplicateKey, type Collection, type FindOptions, type UpdateOptions, type UpdateResult } from './collection.js';

/** One call to the database, as the engine made it. */
export interface Call {
  collection: string;
  method: 'find' | 'updateOne' | 'updateMany' | 'insertMany' | 'insert' | 'findOneAndUpdate' | 'count' | 'deleteOne' | 'deleteMany' | 'bulkWrite' | 'hello';
  filter?: Document;
  update?: Document;
  docs?: Document[];
  /** Of a bulk: its writes, one after the other. */
  writes?: Write[];
  find?: FindOptions;
  options?: UpdateOptions & { ordered?: boolean };
  /** Planted bugs: what the engine would have understood of the answer. */
  hears?: (answer: never) => unknown;
}

/** One write of a bulk, as the driver takes it. */
export interface Write {
  updateOne?: { filter: Document; update: Document; upsert?: boolean; arrayFilters?: Document[] };
  updateMany?: { filter: Document; update: Document; arrayFilters?: Document[] };
  insertOne?: { document: Document };
  deleteOne?: { filter: Document };
}

/** What came of a bulk. */
export interface BulkResult extends UpdateResult {
  insertedCount: number;
  deletedCount: number;
}

/** Carries a call to the store and its answer back. `steps` are the moments at which it takes effect, one after the other. */
export type Wire = <T>(call: Call, steps: (call: Call) => Steps<T>) => Promise<T>;

/** Changes of many rows are not atomic: each step is, and others may come in between. */
export type Steps<T> = Generator<void, T, void>;

type Shaped = Document | Document[] | number | null;

/** As much of a mongoose query as the engine uses; runs when it is awaited. */
class FakeQuery implements PromiseLike<unknown> {
  #find: FindOptions;
  #orFail = false;
  #run: (find: FindOptions) => Promise<Shaped>;
  constructor(run: (find: FindOptions) => Promise<Shaped>, find: FindOptions = {}) {
    this.#run = run;
    this.#find = find;
  }
  sort(sort: Document): this {
    this.#find.sort = sort;
    return this;
  }
  skip(skip: number): this {
    this.#find.skip = skip;
    return this;
  }
  limit(limit: number): this {
    this.#find.limit = limit;
    return this;
  }
  select(projection: Document): this {
    this.#find.projection = projection;
    return this;
  }
  lean(): this {
    return this;
  }
  orFail(): this {
    this.#orFail = true;
    return this;
  }
  async exec(): Promise<unknown> {
    const result = await this.#run(this.#find);
    if (result === null && this.#orFail) throw new Error('No document found for query');
    return result;
  }
  then<A, B>(good?: ((value: unknown) => A | PromiseLike<A>) | null, bad?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<A | B> {
    return this.exec().then(good, bad);
  }
}

type Options = UpdateOptions & { ordered?: boolean };

/** Stands where a mongoose model stands in `ctx.db`. */
export function fakeModel(collection: Collection, wire: Wire) {
  const { name } = collection.shape;
  const find = (filter: Document, find: FindOptions) => wire({ collection: name, method: 'find', filter, find }, (call) => now(() => collection.find(call.filter ?? {}, call.find)));
  const first = async (filter: Document, options: FindOptions): Promise<Document | null> => (await find(filter, { ...options, limit: 1 }))[0] ?? null;
  const one = (filter: Document, projection?: Document) => new FakeQuery((options) => first(filter, options), { ...(projection ? { projection } : {}) });
  return {
    modelName: name,
    collection: { name },
    find: (filter: Document = {}, projection?: Document) => new FakeQuery((options) => find(filter, options), { ...(projection ? { projection } : {}) }),
    findOne: one,
    findById: (id: unknown, projection?: Document) => one({ _id: id }, projection),
    exists: async (filter: Document) => first(filter, { projection: { _id: 1 } }),
    countDocuments: (filter: Document = {}) => new FakeQuery(() => wire({ collection: name, method: 'count', filter }, (call) => now(() => collection.count(call.filter ?? {})))),
    distinct: (field: string, filter: Document = {}) => new FakeQuery(async (options) => [...new Set((await find(filter, options)).flatMap((doc) => valuesAt(doc, field)))] as never),
    estimatedDocumentCount: () => wire({ collection: name, method: 'count', filter: {} }, () => now(() => collection.rows.size)),
    findOneAndUpdate: (filter: Document, update: Document, options: Options = {}) =>
      new FakeQuery(({ sort }) =>
        wire({ collection: name, method: 'findOneAndUpdate', filter, update, options: { ...options, ...(sort ? { sort } : {}) } }, (call) =>
          now(() => {
            const result = collection.update(call.filter ?? {}, call.update ?? {}, call.options);
            return options.returnDocument === 'after' ? result.after : result.before;
          }),
        ),
      ),
    updateOne: (filter: Document, update: Document, options: Options = {}): Promise<UpdateResult> =>
      wire({ collection: name, method: 'updateOne', filter, update, options }, (call) => now(() => counted(collection.update(call.filter ?? {}, call.update ?? {}, call.options)))),
    updateMany: (filter: Document, update: Document, options: Options = {}): Promise<UpdateResult> =>
      wire({ collection: name, method: 'updateMany', filter, update, options }, (call) => inHalves(collection, call)),
    insertMany: (docs: Document[], options: Options = {}) => wire({ collection: name, method: 'insertMany', docs, options }, (call) => insertAll(collection, call)),
    create: async (doc: Document) => {
      const stored = await wire({ collection: name, method: 'insert', docs: [doc] }, (call) => now(() => collection.insert(call.docs?.[0] ?? {})));
      return { ...stored, toObject: () => stored };
    },
    bulkWrite: (writes: Write[], options: Options = {}): Promise<BulkResult> =>
      wire({ collection: name, method: 'bulkWrite', writes, options }, (call) => oneByOne(collection, call)),
    deleteMany: (filter: Document) =>
      wire({ collection: name, method: 'deleteMany', filter }, (call) => now(() => {
        let deletedCount = 0;
        for (const id of collection.idsOf(call.filter ?? {})) deletedCount += collection.remove({ _id: id });
        return { deletedCount };
      })),
    deleteOne: (filter: Document) => wire({ collection: name, method: 'deleteOne', filter }, (call) => now(() => ({ deletedCount: collection.remove(call.filter ?? {}) }))),
  };
}

/** Arrays count by their elements, missing fields not at all. */
const valuesAt = (doc: Document, field: string): unknown[] => {
  const value = doc[field];
  return value === undefined ? [] : Array.isArray(value) ? (value as unknown[]) : [value];
};

const counted = ({ matchedCount, modifiedCount, upsertedCount }: UpdateResult): UpdateResult => ({ matchedCount, modifiedCount, upsertedCount });

// eslint-disable-next-line require-yield
function* now<T>(effect: () => T): Steps<T> {
  return effect();
}

/** The rows are found first; each is looked at again when its turn comes. */
function* inHalves(collection: Collection, call: Call): Steps<UpdateResult> {
  const ids = collection.idsOf(call.filter ?? {});
  const half = ids.length >> 1;
  const parts = ids.length > 1 ? [ids.slice(0, half), ids.slice(half)] : [ids];
  const total = { matchedCount: 0, modifiedCount: 0, upsertedCount: 0 };
  for (const [i, only] of parts.entries()) {
    if (i > 0) yield;
    if (only.length === 0) continue;
    const done = collection.update(call.filter ?? {}, call.update ?? {}, { ...call.options, many: true, only });
    total.matchedCount += done.matchedCount;
    total.modifiedCount += done.modifiedCount;
  }
  return total;
}

function* insertAll(collection: Collection, call: Call): Steps<Document[]> {
  const failed: number[] = [];
  let error: DuplicateKey | null = null;
  const docs = call.docs ?? [];
  for (const [index, doc] of docs.entries()) {
    if (index > 0 && index === docs.length >> 1) yield;
    try {
      collection.insert(doc);
    } catch (reason) {
      if (!(reason instanceof DuplicateKey)) throw reason;
      error ??= reason;
      failed.push(index);
      if (call.options?.ordered !== false) break;
    }
  }
  if (error) throw Object.assign(error, { writeErrors: failed.map((index) => ({ code: 11000, index })) });
  return docs;
}

/** Each write of a bulk is atomic, the bulk is not: between any two of them others may come, or the connection break. */
function* oneByOne(collection: Collection, call: Call): Steps<BulkResult> {
  const total: BulkResult = { matchedCount: 0, modifiedCount: 0, upsertedCount: 0, insertedCount: 0, deletedCount: 0 };
  const failed: { code: number; index: number }[] = [];
  let error: DuplicateKey | null = null;
  for (const [index, write] of (call.writes ?? []).entries()) {
    if (index > 0) yield;
    try {
      writeOne(collection, write, total);
    } catch (reason) {
      if (!(reason instanceof DuplicateKey)) throw reason;
      error ??= reason;
      failed.push({ code: reason.code, index });
      if (call.options?.ordered !== false) break;
    }
  }
  if (error) throw Object.assign(error, { writeErrors: failed, result: total });
  return total;
}

function writeOne(collection: Collection, { updateOne, updateMany, insertOne, deleteOne }: Write, total: BulkResult): void {
  if (insertOne) {
    collection.insert(insertOne.document);
    total.insertedCount++;
  }
  if (deleteOne) total.deletedCount += collection.remove(deleteOne.filter);
  for (const [update, many] of [[updateOne, false], [updateMany, true]] as const) {
    if (!update) continue;
    const done = collection.update(update.filter, update.update, { ...update, many });
    total.matchedCount += done.matchedCount;
    total.modifiedCount += done.modifiedCount;
    total.upsertedCount += done.upsertedCount;
  }
}
