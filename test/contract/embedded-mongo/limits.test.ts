import type { Db } from 'mongodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { databaseName, documentDb, external, startTestServer, type TestServer } from './server.js';

describe('limits that MongoDB has too', () => {
  let server: TestServer;
  let db: Db;
  beforeAll(async () => {
    server = await startTestServer();
    db = server.client.db(databaseName());
  });
  afterAll(async () => {
    await db.dropDatabase();
    await server.stop();
  });

  test.skipIf(external !== undefined)('maxTimeMS ends a long scan with code 50, and leaves a cursor that waits for its client alone', async () => {
    const rows = db.collection('long');
    for (let part = 0; part < 4; part += 1) await rows.insertMany(Array.from({ length: 5_000 }, (_, n) => ({ n, text: 'x'.repeat(200) })));
    const slow = { $expr: { $eq: [{ $strLenCP: { $toUpper: '$text' } }, 1] } };
    await expect(rows.find(slow).maxTimeMS(1).toArray()).rejects.toMatchObject({ code: 50, codeName: 'MaxTimeMSExpired' });
    await expect(rows.countDocuments(slow, { maxTimeMS: 1 })).rejects.toMatchObject({ code: 50 });
    await expect(db.command({ find: 'long', maxTimeMS: -1 })).rejects.toMatchObject({ code: 2 });
    expect(await rows.find({}, { maxTimeMS: 5_000, batchSize: 1_000 }).toArray()).toHaveLength(20_000);
  }, 60_000);

  test.skipIf(external !== undefined)('a sort of more than 100 MB without an index is refused with code 292, with a limit it is fine', async () => {
    const rows = db.collection('large');
    for (let part = 0; part < 11; part += 1) await rows.insertMany(Array.from({ length: 10 }, (_, n) => ({ n: part * 10 + n, text: 'x'.repeat(1_000_000) })));
    await expect(rows.find({}, { projection: { n: 1 } }).sort({ text: 1, n: -1 }).toArray()).rejects.toMatchObject({ code: 292 });
    const top = await rows.find({}, { projection: { n: 1 } }).sort({ text: 1, n: -1 }).limit(2).toArray();
    expect(top.map(({ n }) => n as number)).toEqual([109, 108]);
  }, 60_000);

  test('$expr in the filter of an upsert is refused, and works without the upsert', async () => {
    const rows = db.collection('expr');
    await rows.insertOne({ a: 1, b: 2 });
    for (const filter of [{ $expr: { $gt: ['$a', '$b'] } }, { $and: [{ a: 9 }, { $or: [{ $expr: { $gt: ['$a', '$b'] } }] }] }]) {
      await expect(rows.updateOne(filter, { $set: { c: 1 } }, { upsert: true })).rejects.toMatchObject({ code: 224 });
    }
    expect(await rows.updateOne({ $expr: { $lt: ['$a', '$b'] } }, { $set: { c: 1 } })).toMatchObject({ modifiedCount: 1 });
  });

  test.skipIf(documentDb)('names that begin with a dollar: anywhere below the top level, at the top level only on insert', async () => {
    const rows = db.collection('dollar');
    await rows.updateOne({ _id: 1 as never }, { $set: { $top: 1, 'a.$b': 2 } }, { upsert: true });
    await rows.updateOne({ _id: 1 as never }, { $set: { 'a.$b': 3, 'a.$c': 4 } });
    expect(await rows.findOne()).toEqual({ _id: 1, $top: 1, a: { $b: 3, $c: 4 } });
    await expect(rows.updateOne({ _id: 1 as never }, { $set: { $top: 2 } })).rejects.toMatchObject({ code: 52 });
  });

  test.skipIf(documentDb)('the fields of a reference are found inside $elemMatch', async () => {
    const rows = db.collection('refs');
    await rows.insertOne({ members: [{ $ref: 'foo', $id: 5 }, { $ref: 'bar', $id: 6 }] });
    expect(await rows.countDocuments({ members: { $elemMatch: { $id: 5 } } })).toBe(1);
    expect(await rows.countDocuments({ members: { $elemMatch: { $id: 5, $ref: 'bar' } } })).toBe(0);
    await expect(rows.countDocuments({ $id: 5 })).rejects.toMatchObject({ code: 2 });
  });

  test.skipIf(external !== undefined)('a cursor whose index is dropped half-way ends with an error, not early', async () => {
    const rows = db.collection('dropped');
    await rows.createIndex({ a: 1 });
    await rows.insertMany(Array.from({ length: 3_000 }, (_, a) => ({ a })));
    const [byIndex, byScan] = [rows.find({ a: { $gte: 0 } }, { batchSize: 10 }), rows.find({}, { batchSize: 10 })];
    await Promise.all([byIndex.next(), byScan.next()]);
    await rows.dropIndex('a_1');
    await expect(byIndex.toArray()).rejects.toMatchObject({ code: 175 });
    expect(await byScan.toArray()).toHaveLength(2_999);
  });

  test('a null _id is kept, wherever it stands', async () => {
    await db.command({ insert: 'nulls', documents: [{ a: 1, _id: null }] });
    expect(await db.collection('nulls').findOne()).toEqual({ _id: null, a: 1 });
    await expect(db.command({ insert: 'nulls', documents: [{ _id: null }] })).resolves.toMatchObject({ writeErrors: [{ code: 11000 }] });
  });

  test('a $push counts as a modification even if $slice leaves the array as it was', async () => {
    const rows = db.collection('push');
    await rows.insertOne({ a: [1] });
    expect(await rows.updateOne({}, { $push: { a: { $each: [1], $slice: -1 } } } as never)).toMatchObject({ matchedCount: 1, modifiedCount: 1 });
    const nothing = await rows.updateOne({}, { $push: { a: { $each: [] } } } as never);
    if (!documentDb) expect(nothing).toMatchObject({ matchedCount: 1, modifiedCount: 0 });
  });

  test('a session is accepted; a transaction in it is refused', async () => {
    const session = server.client.startSession();
    await db.collection('sessions').insertOne({ a: 1 }, { session });
    expect(await db.collection('sessions').findOne({}, { session })).toMatchObject({ a: 1 });
    await session.endSession();
  });
});
