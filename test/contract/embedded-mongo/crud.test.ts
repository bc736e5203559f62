import { type Collection, type Db, Decimal128, type Document, Double, Int32, Long, type MongoBulkWriteError, type MongoServerError, ObjectId } from 'mongodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { databaseName, documentDb, startTestServer, type TestServer } from './server.js';

interface Row extends Document {
  _id: number | string | ObjectId;
}

let server: TestServer;
let db: Db;
let rows: Collection<Row>;
let counter = 0;

beforeAll(async () => {
  server = await startTestServer();
  db = server.client.db(databaseName());
});
beforeEach(() => {
  rows = db.collection<Row>(`c${(counter += 1)}`);
});
afterAll(async () => {
  await db.dropDatabase();
  await server.stop();
});

async function failure(work: Promise<unknown>): Promise<MongoServerError & MongoBulkWriteError> {
  const outcome = await work.then(() => undefined, (error: unknown) => error);
  expect(outcome).toBeInstanceOf(Error);
  return outcome as never;
}

describe('insert', () => {
  test('keeps types and field order, makes _id and puts it first', async () => {
    await db.command({ insert: rows.collectionName, documents: [{ b: 1, a: 2, _id: 7 }, { b: 1 }] });
    const raw = await rows.find({}, { promoteValues: false }).toArray();
    expect(Object.keys(raw[0] ?? {})).toEqual(['_id', 'b', 'a']);
    expect(raw[1]?._id).toBeInstanceOf(ObjectId);
    await rows.insertOne({ _id: 'types', i: new Int32(1), d: new Double(1), l: Long.fromNumber(1), m: Decimal128.fromString('1.10') });
    const typed = await rows.findOne({ _id: 'types' }, { promoteValues: false });
    expect(typed?.i).toBeInstanceOf(Int32);
    expect(typed?.d).toBeInstanceOf(Double);
    expect(typed?.l).toBeInstanceOf(Long);
    expect(String(typed?.m)).toBe('1.10');
  });

  test('an ordered batch stops at the first error, an unordered one goes on', async () => {
    const ordered = await failure(rows.insertMany([{ _id: 1 }, { _id: 1 }, { _id: 2 }]));
    expect(ordered.code).toBe(11000);
    expect(await rows.countDocuments()).toBe(1);
    const unordered = await failure(rows.insertMany([{ _id: 1 }, { _id: 3 }, { _id: 1 }, { _id: 4 }], { ordered: false }));
    expect(unordered.writeErrors).toHaveLength(2);
    expect([unordered.writeErrors].flat().map(({ index }) => index)).toEqual([0, 2]);
    expect(await rows.countDocuments()).toBe(3);
  });

  test.skipIf(documentDb)('refuses an _id that is an array or a regular expression', async () => {
    expect((await failure(rows.insertOne({ _id: [1] as never }))).code).toBe(2);
    expect((await failure(rows.insertOne({ _id: /x/ as never }))).code).toBe(2);
    expect((await failure(rows.updateOne({ a: 1 }, { $set: { _id: [1] } } as never, { upsert: true }))).code).toBe(53);
    expect((await failure(rows.insertOne({ _id: { $x: 1 } as never }))).code).toBeGreaterThan(0);
  });
});

describe('find', () => {
  beforeEach(async () => {
    await rows.insertMany([1, 2, 3, 4, 5, 6, 7].map((n) => ({ _id: n, n, even: n % 2 === 0 })));
  });

  test('sorts, skips, limits and projects', async () => {
    expect(await rows.find({ even: false }).sort({ n: -1 }).skip(1).limit(2).project({ _id: 0, n: 1 }).toArray()).toEqual([{ n: 5 }, { n: 3 }]);
    expect((await rows.findOne({ n: { $gte: 6 } }))?.n).toBe(6);
    expect(await rows.find({}).sort({ $natural: -1 }).limit(1).toArray()).toMatchObject([{ n: 7 }]);
  });

  test('hands out batches, and a cursor can be closed or lost', async () => {
    const cursor = rows.find({}, { batchSize: 2 });
    expect((await cursor.toArray()).map(({ n }) => n)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    const open = await db.command({ find: rows.collectionName, batchSize: 2 });
    expect(open.cursor.firstBatch).toHaveLength(2);
    const id = open.cursor.id as Long;
    const more = await db.command({ getMore: Long.fromValue(id), collection: rows.collectionName, batchSize: 3 });
    expect(more.cursor.nextBatch).toHaveLength(3);
    const killed = await db.command({ killCursors: rows.collectionName, cursors: [Long.fromValue(id), Long.fromNumber(99)] });
    expect(killed.cursorsKilled).toHaveLength(1);
    expect((await failure(db.command({ getMore: Long.fromValue(id), collection: rows.collectionName }))).code).toBe(43);
  });

  test('a cursor goes on over changes made meanwhile', async () => {
    const cursor = rows.find({}, { batchSize: 2 });
    expect((await cursor.next())?.n).toBe(1);
    await rows.deleteOne({ n: 4 });
    await rows.updateMany({}, { $set: { touched: true } });
    const rest = await cursor.toArray();
    expect(rest.map(({ n }) => n).filter((n) => n !== 4)).toEqual([2, 3, 5, 6, 7]);
  });

  test('of a collection that does not exist finds nothing', async () => {
    expect(await db.collection('nothing_here').find({ a: 1 }).sort({ a: 1 }).toArray()).toEqual([]);
    expect(await db.collection('nothing_here').countDocuments()).toBe(0);
    expect(await db.collection('nothing_here').distinct('a')).toEqual([]);
  });

  test('refuses an unknown operator and a hint without an index', async () => {
    expect((await failure(rows.find({ n: { $foo: 1 } as never }).toArray())).code).toBe(2);
    expect((await failure(rows.find({}).hint('nope_1').toArray())).code).toBe(2);
  });

  test('count and distinct', async () => {
    expect(await rows.countDocuments({ even: true })).toBe(3);
    expect(await rows.countDocuments({}, { skip: 2, limit: 3 })).toBe(3);
    expect(await rows.estimatedDocumentCount()).toBe(7);
    expect((await db.command({ count: rows.collectionName, query: { even: true }, limit: 2 })).n).toBe(2);
    expect(await rows.distinct('even')).toEqual(expect.arrayContaining([true, false]));
  });
});

describe('update', () => {
  test('one, many, replacement, upsert', async () => {
    await rows.insertMany([{ _id: 1, n: 1 }, { _id: 2, n: 1 }]);
    expect(await rows.updateOne({ n: 1 }, { $set: { a: 1 } })).toMatchObject({ matchedCount: 1, modifiedCount: 1 });
    expect(await rows.updateMany({ n: 1 }, { $set: { a: 1 } })).toMatchObject({ matchedCount: 2, modifiedCount: 1 });
    expect(await rows.replaceOne({ _id: 1 }, { z: 1 })).toMatchObject({ matchedCount: 1 });
    expect(await rows.findOne({ _id: 1 })).toEqual({ _id: 1, z: 1 });
    const upsert = await rows.updateOne({ _id: 9, kind: 'x' }, { $set: { n: 2 }, $setOnInsert: { fresh: true } }, { upsert: true });
    expect(upsert).toMatchObject({ upsertedCount: 1, upsertedId: 9 });
    expect(await rows.findOne({ _id: 9 })).toEqual({ _id: 9, kind: 'x', n: 2, fresh: true });
    const made = await rows.updateOne({ kind: 'y' }, { $set: { n: 2 } }, { upsert: true });
    expect(made.upsertedId).toBeInstanceOf(ObjectId);
  });

  test('accepts _id set to itself and refuses to change it', async () => {
    await rows.insertOne({ _id: 1 });
    expect(await rows.updateOne({ _id: 1 }, { $set: { _id: 1, a: 1 } })).toMatchObject({ modifiedCount: 1 });
    expect((await failure(rows.updateOne({ _id: 1 }, { $set: { _id: 2 } }))).code).toBe(66);
    expect((await failure(rows.replaceOne({ _id: 1 }, { _id: 2 } as never))).code).toBe(66);
    expect((await failure(rows.updateOne({ _id: 5 }, { $set: { _id: 6 } }, { upsert: true }))).code).toBe(66);
  });

  test('positional, arrayFilters, pipeline', async () => {
    await rows.insertOne({ _id: 1, list: [{ k: 'a', v: 1 }, { k: 'b', v: 1 }] });
    await rows.updateOne({ 'list.k': 'b' }, { $set: { 'list.$.v': 2 } });
    await rows.updateOne({}, { $inc: { 'list.$[x].v': 10 } }, { arrayFilters: [{ 'x.k': 'a' }] });
    await rows.updateOne({}, [{ $set: { total: { $sum: '$list.v' } } }]);
    expect(await rows.findOne({})).toEqual({ _id: 1, list: [{ k: 'a', v: 11 }, { k: 'b', v: 2 }], total: 13 });
  });

  test('a many-update visits each document once although it moves in the index it walks', async () => {
    await rows.createIndex({ n: 1 });
    await rows.insertMany(Array.from({ length: 300 }, (_, n) => ({ _id: n, n })));
    expect((await rows.updateMany({ n: { $gte: 0 } }, { $inc: { n: 150 } })).modifiedCount).toBe(300);
    expect(await rows.countDocuments({ n: { $lt: 150 } })).toBe(0);
    expect((await rows.find().sort({ n: -1 }).limit(1).toArray())[0]?.n).toBe(449);
  });

  test('errors tell their place and stop an ordered batch', async () => {
    await rows.insertOne({ _id: 1, s: 'text' });
    const error = await failure(rows.bulkWrite([
      { updateOne: { filter: { _id: 1 }, update: { $set: { a: 1 } } } },
      { updateOne: { filter: { _id: 1 }, update: { $inc: { s: 1 } } } },
      { updateOne: { filter: { _id: 1 }, update: { $set: { b: 1 } } } },
    ]));
    expect([error.writeErrors].flat()[0]).toMatchObject({ index: 1, code: 14 });
    expect(await rows.findOne({})).toEqual({ _id: 1, s: 'text', a: 1 });
    expect((await failure(db.command({ update: rows.collectionName, updates: [{ q: {}, u: { a: 1 }, multi: true }] }).then((reply) => {
      if (reply.writeErrors !== undefined) throw Object.assign(new Error('write error'), reply.writeErrors[0]);
    }))).code).toBe(9);
  });
});

describe('delete and findAndModify', () => {
  test('deletes one or many', async () => {
    await rows.insertMany([{ _id: 1, n: 1 }, { _id: 2, n: 1 }, { _id: 3, n: 2 }]);
    expect((await rows.deleteOne({ n: 1 })).deletedCount).toBe(1);
    expect((await rows.deleteMany({ n: { $in: [1, 2] } })).deletedCount).toBe(2);
    expect((await rows.deleteMany({})).deletedCount).toBe(0);
  });

  test('finds and changes one, before or after, in the order asked for', async () => {
    await rows.insertMany([{ _id: 1, n: 3 }, { _id: 2, n: 1 }, { _id: 3, n: 2 }]);
    expect(await rows.findOneAndUpdate({}, { $set: { a: 1 } }, { sort: { n: 1 }, returnDocument: 'after' })).toEqual({ _id: 2, n: 1, a: 1 });
    expect(await rows.findOneAndUpdate({ _id: 1 }, { $inc: { n: 1 } }, { projection: { n: 1, _id: 0 } })).toEqual({ n: 3 });
    expect(await rows.findOneAndUpdate({ _id: 8 }, { $set: { n: 8 } }, { upsert: true })).toBeNull();
    expect(await rows.findOneAndReplace({ _id: 8 }, { z: 1 } as never, { returnDocument: 'after' })).toEqual({ _id: 8, z: 1 });
    const reply = await db.command({ findAndModify: rows.collectionName, query: { _id: 8 }, remove: true, new: false, upsert: false });
    expect(reply).toMatchObject({ value: { _id: 8, z: 1 }, lastErrorObject: { n: 1 } });
    expect(await rows.findOneAndDelete({ _id: 8 })).toBeNull();
    expect((await failure(db.command({ findAndModify: rows.collectionName, query: {}, remove: true, new: true }))).code).toBe(9);
  });

  test('is atomic: of many that want the same job one gets it', async () => {
    await rows.insertMany(Array.from({ length: 20 }, (_, n) => ({ _id: n, lockedAt: null })));
    const taken = await Promise.all(Array.from({ length: 40 }, () =>
      rows.findOneAndUpdate({ lockedAt: null }, { $set: { lockedAt: new Date() } })));
    const ids = taken.flatMap((row) => (row === null ? [] : [row._id]));
    expect(new Set(ids).size).toBe(20);
    expect(ids).toHaveLength(20);
  });
});

describe('aggregate', () => {
  test('groups, looks up, pages, writes out', async () => {
    await rows.insertMany([{ _id: 1, k: 'a', v: 1 }, { _id: 2, k: 'b', v: 2 }, { _id: 3, k: 'a', v: 3 }]);
    const names = db.collection<Row>(`${rows.collectionName}_names`);
    await names.insertMany([{ _id: 'a', name: 'An' }, { _id: 'b', name: 'Bình' }]);
    expect(await rows.aggregate([
      { $match: { v: { $gt: 0 } } }, { $group: { _id: '$k', sum: { $sum: '$v' } } }, { $sort: { _id: 1 } },
      { $lookup: { from: names.collectionName, localField: '_id', foreignField: '_id', as: 'who' } }, { $unwind: '$who' },
      { $project: { sum: 1, name: '$who.name' } },
    ]).toArray()).toEqual([{ _id: 'a', sum: 4, name: 'An' }, { _id: 'b', sum: 2, name: 'Bình' }]);
    expect(await rows.aggregate([{ $sort: { v: -1 } }], { batchSize: 1 }).toArray()).toHaveLength(3);
    expect((await failure(rows.aggregate([{ $nonsense: 1 }]).toArray())).code).toBe(40324);
  });
});
