import { Decimal128, Double, EJSON, Long } from 'bson';
import fc from 'fast-check';
import type { Collection, Db, Document } from 'mongodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { databaseName, external, startTestServer, type TestServer } from './server.js';

/**
 * The same documents in a collection with indexes and in one without: every answer must be the same. Fuzzing of this
 * kind finds the planner's mistakes (arrays, missing fields, sparse, partial, mixed types) that hand-written cases miss.
 */
const RUNS = Number(process.env.FUZZ_RUNS ?? 40);
const QUERIES_PER_RUN = 25;

const scalar = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: -1, max: 4 }) },
  { weight: 2, arbitrary: fc.constantFrom('', 'a', 'ab', 'b', 'B', 'á', 'z\u0000y', 'đ', 'ê', 'E', 'long'.repeat(500), `${'long'.repeat(500)}a`, `${'long'.repeat(500)}B`) },
  fc.constantFrom<unknown>(null, true, false, new Date(0), new Date(5), Long.fromNumber(3), new Double(2.5), new Double(3), Decimal128.fromString('3.0'), NaN, Infinity, -Infinity, { x: 1 }, { y: 1, x: 2 }),
);
const value = fc.oneof(
  { weight: 5, arbitrary: scalar },
  { weight: 3, arbitrary: fc.array(scalar, { maxLength: 3 }) },
  { weight: 2, arbitrary: fc.record({ b: scalar, c: scalar }, { requiredKeys: [] }) },
  { weight: 3, arbitrary: fc.array(fc.record({ b: scalar, c: scalar }, { requiredKeys: [] }), { maxLength: 3 }) },
);
const documentOf = fc.record({ a: value, b: scalar, c: value, d: scalar }, { requiredKeys: [] });
const documents = fc.array(documentOf, { minLength: 10, maxLength: 30 });

const operator = fc.oneof(
  fc.record({ $eq: value }), fc.record({ $gt: scalar }), fc.record({ $gte: scalar }), fc.record({ $lt: scalar }), fc.record({ $lte: scalar }),
  { weight: 5, arbitrary: fc.record({ $gt: scalar, $lt: scalar }) }, { weight: 3, arbitrary: fc.record({ $gte: scalar, $lte: scalar }) }, fc.record({ $in: fc.array(scalar, { maxLength: 4 }) }),
  fc.record({ $ne: scalar }), fc.record({ $nin: fc.array(scalar, { maxLength: 2 }) }), fc.record({ $exists: fc.boolean() }),
  fc.record({ $not: fc.record({ $gt: scalar }) }), fc.record({ $type: fc.constantFrom('number', 'string', 'array', 'object', 'null', 'date') }),
  fc.record({ $elemMatch: fc.record({ $gt: scalar, $lt: scalar }) }), fc.record({ $elemMatch: fc.record({ b: scalar, c: scalar }, { requiredKeys: [] }) }),
  fc.record({ $all: fc.array(scalar, { minLength: 1, maxLength: 2 }) }), fc.record({ $size: fc.integer({ min: 0, max: 3 }) }),
  fc.constantFrom({ $regex: '^a' }, { $regex: 'B', $options: 'i' }, { $regex: '^a|^b' }, { $regex: '^' }, { $in: [/^a/, 3] }),
);
const anyPath = fc.constantFrom('a', 'b', 'c', 'd', 'a.b', 'a.c', 'a.0', 'c.b');

/** Filters mostly over the paths that are indexed. */
function filterOf(indexed: string[]): fc.Arbitrary<Document> {
  const path = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...indexed) }, anyPath);
  const leaf = fc.tuple(path, fc.oneof(operator, scalar, value)).map(([name, condition]) => ({ [name]: condition }));
  const branch = fc.oneof({ weight: 3, arbitrary: leaf }, { weight: 1, arbitrary: fc.tuple(leaf, leaf).map(([one, other]) => ({ ...one, ...other })) });
  const either = fc.array(branch, { minLength: 1, maxLength: 3 }).map((parts) => ({ $or: parts }));
  return fc.oneof(
    { weight: 3, arbitrary: leaf },
    { weight: 4, arbitrary: fc.array(leaf, { minLength: 2, maxLength: 3 }).map((parts) => Object.assign({}, ...parts) as Document) },
    { weight: 1, arbitrary: fc.array(leaf, { minLength: 1, maxLength: 2 }).map((parts) => ({ $and: parts })) },
    { weight: 3, arbitrary: either },
    { weight: 2, arbitrary: fc.tuple(leaf, either).map(([one, or]) => ({ ...one, ...or })) },
    { weight: 1, arbitrary: fc.tuple(either, either, leaf).map(([first, second, third]) => ({ $and: [first, second, third] })) },
    fc.constant({}),
  );
}

/** Sorts mostly in the order of an index, forwards or backwards, sometimes any other. */
function sortOf(keys: Document[]): fc.Arbitrary<Document | undefined> {
  const ofIndex = fc.tuple(fc.constantFrom(...keys), fc.constantFrom(1, -1), fc.nat(2)).map(([key, sign, skip]) =>
    Object.fromEntries(Object.entries(key).slice(Object.keys(key).length > skip ? skip : 0).map(([name, direction]) => [name, Number(direction) * sign])) as Document);
  const any = fc.array(fc.tuple(anyPath, fc.constantFrom(1, -1)), { minLength: 1, maxLength: 2 }).map((parts) => Object.fromEntries(parts) as Document);
  return fc.oneof(fc.constant(undefined), ofIndex, ofIndex, any);
}

const indexSets: { key: Document; [option: string]: unknown }[][] = [
  [{ key: { a: 1 } }, { key: { b: 1 } }, { key: { c: -1 } }],
  [{ key: { b: 1, a: -1 } }, { key: { d: -1, b: 1 } }],
  [{ key: { 'a.b': 1, 'a.c': 1 } }, { key: { 'c.b': 1, d: 1 } }],
  [{ key: { a: 1 }, sparse: true }, { key: { b: 1, d: 1 }, sparse: true }],
  [{ key: { b: 1 }, partialFilterExpression: { d: { $gt: 1 } } }, { key: { a: 1 }, partialFilterExpression: { b: { $exists: true } } }],
  [{ key: { a: 1, _id: 1 } }, { key: { b: -1, d: 1, _id: -1 } }],
  [{ key: { d: 1 }, collation: { locale: 'vi', strength: 1 } }, { key: { a: 1, b: 1, c: 1 } }],
];

describe('indexed answers equal unindexed answers', () => {
  let server: TestServer;
  let db: Db;
  let plain: Collection<Document>;
  let indexed: Collection<Document>;
  let counter = 0;

  beforeAll(async () => {
    server = await startTestServer();
    db = server.client.db(databaseName());
  });
  afterAll(async () => {
    await db.dropDatabase();
    await server.stop();
  });

  async function fill(docs: Document[], indexes: { key: Document }[]): Promise<Document[]> {
    plain = db.collection(`plain${(counter += 1)}`);
    indexed = db.collection(`indexed${counter}`);
    const specs = indexes.map((spec, at) => ({ ...spec, name: `i${at}` }));
    await db.command({ createIndexes: indexed.collectionName, indexes: specs });
    const kept: Document[] = [];
    for (const [at, doc] of docs.entries()) {
      const row = { _id: at, ...doc };
      // Two arrays side by side cannot be indexed: such a document goes into neither.
      if (await indexed.insertOne({ ...row } as never).then(() => true, (error: { code?: number }) => error.code !== 171)) kept.push(row);
    }
    if (kept.length > 0) await plain.insertMany(kept.map((row) => ({ ...row })) as never);
    return kept;
  }

  const text = (rows: unknown): string => EJSON.stringify(rows, { relaxed: false });
  const outcome = <T>(work: Promise<T>): Promise<T | { code?: number }> => work.catch((error: { code?: number }) => ({ code: error.code }));
  const byId = (rows: Document[] | { code?: number }): string => text(Array.isArray(rows) ? [...rows].sort((a, b) => a._id - b._id) : rows);

  async function sameAnswers(filter: Document, sort: Document | undefined, collation: boolean): Promise<void> {
    const options = collation ? { collation: { locale: 'vi', strength: 1 as const } } : {};
    const [left, right] = await Promise.all([plain, indexed].map((rows) => outcome(rows.find(filter, options).sort((sort ?? {}) as never).toArray())));
    const context = `${text(filter)} sort ${text(sort ?? null)}`;
    expect(byId(right ?? []), context).toBe(byId(left ?? []));
    if (sort !== undefined && Array.isArray(left) && Array.isArray(right)) {
      await sameOrder(filter, sort, options, right, context);
    }
    if (Array.isArray(left)) expect(await indexed.countDocuments(filter, options), context).toBe(left.length);
  }

  /** Ties may come in any order: two documents tie if `_id` as the last key, either way round, decides between them. */
  async function sameOrder(filter: Document, sort: Document, options: object, rows: Document[], context: string): Promise<void> {
    const totals = '_id' in sort ? [sort] : [{ ...sort, _id: 1 }, { ...sort, _id: -1 }];
    const ranks = await Promise.all(totals.map(async (total) => {
      const ordered = await plain.find(filter, options).sort(total as never).toArray();
      return new Map(ordered.map(({ _id }, rank) => [Number(_id), rank]));
    }));
    for (const [at, row] of rows.slice(1).entries()) {
      const before = rows[at];
      const swapped = ranks.every((rank) => (rank.get(row._id) ?? 0) < (rank.get(before?._id) ?? 0));
      expect(swapped, `${context}: ${text(before)} before ${text(row)}`).toBe(false);
    }
    const [first, second] = await Promise.all([plain, indexed].map((side) => side.find(filter, options).sort((totals[0] ?? {}) as never).skip(1).limit(5).toArray()));
    expect(text(second), `${context} total`).toBe(text(first));
  }

  test.each(indexSets.map((set) => [text(set.map(({ key, ...rest }) => ({ ...key, ...rest }))), set] as const))('find, sort, count with %s', async (_name, set) => {
    await fc.assert(fc.asyncProperty(
      documents, fc.array(fc.tuple(filterOf(set.flatMap(({ key }) => Object.keys(key))), sortOf(set.map(({ key }) => key)), fc.boolean()), { minLength: QUERIES_PER_RUN, maxLength: QUERIES_PER_RUN }),
      async (docs, queries) => {
        await fill(docs, set);
        for (const [filter, sort, collation] of queries) await sameAnswers(filter, sort, collation && set.some((index) => 'collation' in index));
      },
    ), { numRuns: RUNS, endOnFailure: RUNS > 100 });
  }, 600_000);

  const updateOf = fc.oneof(
    fc.tuple(anyPath, value).map(([name, set]) => ({ $set: { [name]: set } })),
    fc.tuple(fc.constantFrom('a', 'b', 'd'), fc.integer({ min: -2, max: 2 })).map(([name, by]) => ({ $inc: { [name]: by } })),
    fc.constantFrom('a', 'b', 'c').map((name) => ({ $unset: { [name]: 1 } })), scalar.map((item) => ({ $push: { c: item } })),
  );

  test('updates and deletes leave the same documents, and the indexes still agree', async () => {
    await fc.assert(fc.asyncProperty(
      documents, fc.constantFrom(...indexSets), fc.array(fc.tuple(filterOf(['a', 'b']), updateOf, fc.boolean()), { minLength: 1, maxLength: 6 }), fc.array(filterOf(['a', 'b', 'a.b']), { maxLength: 8 }),
      async (docs, set, updates, queries) => {
        await fill(docs, set);
        for (const [filter, update, remove] of updates) {
          // One after the other by _id: a failure half-way must hit both at the same place.
          const rows = await outcome(plain.find(filter).sort({ _id: 1 }).toArray());
          if (!Array.isArray(rows)) continue;
          for (const { _id } of rows) {
            const change = (target: Collection<Document>): Promise<unknown> => outcome<unknown>(remove && Number(_id) % 3 === 0
              ? target.deleteOne({ $and: [{ _id }, filter] }) : target.updateOne({ $and: [{ _id }, filter] }, update as never));
            const right = await change(indexed);
            if ((right as { code?: number }).code !== 171) expect(text(await change(plain))).toBe(text(right));
          }
        }
        for (const filter of [{}, ...queries]) await sameAnswers(filter, undefined, false);
        for (const at of set.keys()) {
          const { key, sparse, partialFilterExpression } = set[at] ?? { key: {} };
          if (sparse === undefined && partialFilterExpression === undefined) {
            expect(byId(await indexed.find().hint(`i${at}`).toArray())).toBe(byId(await plain.find().toArray()));
          }
          expect(Object.keys(key).length).toBeGreaterThan(0);
        }
      },
    ), { numRuns: RUNS });
  }, 600_000);

  test.skipIf(external !== undefined)('a $lookup through an index joins what reading the whole collection joins', async () => {
    await fc.assert(fc.asyncProperty(
      fc.array(documentOf, { minLength: 25, maxLength: 40 }), fc.constantFrom(...indexSets), fc.array(fc.tuple(value, anyPath), { minLength: 5, maxLength: 10 }),
      async (docs, set, questions) => {
        await fill(docs, set);
        const local = db.collection(`local${counter}`);
        await local.insertMany(questions.map(([v], at) => ({ _id: at as never, v })));
        for (const [at, [, path]] of questions.entries()) {
          const join = (from: string): Promise<unknown> => outcome(local.aggregate([
            { $match: { _id: at } }, { $lookup: { from, localField: 'v', foreignField: path, as: 'joined' } },
          ]).toArray());
          expect(text(await join(indexed.collectionName)), `${text(questions[at])}`).toBe(text(await join(plain.collectionName)));
        }
      },
    ), { numRuns: RUNS });
  }, 600_000);

  test('a unique index refuses exactly what an equal value would find', async () => {
    await fc.assert(fc.asyncProperty(fc.array(scalar, { minLength: 2, maxLength: 25 }), async (values) => {
      const rows = db.collection(`unique${(counter += 1)}`);
      const check = db.collection(`check${counter}`);
      await rows.createIndex({ v: 1 }, { unique: true });
      for (const [at, v] of values.entries()) {
        const taken = (await check.countDocuments({ v: { $in: [v] } as never })) > 0;
        const refused = await rows.insertOne({ _id: at as never, v }).then(() => false, (error: { code?: number }) => error.code === 11000);
        expect(refused, text(v)).toBe(taken);
        if (!refused) await check.insertOne({ _id: at as never, v });
      }
    }), { numRuns: RUNS });
  }, 600_000);
});
