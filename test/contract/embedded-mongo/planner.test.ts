import type { Collection, Db, Document } from 'mongodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { databaseName, external, startTestServer, type TestServer } from './server.js';

/** What explain tells of the way a query takes; only this server's own words are compared. */
describe.skipIf(external !== undefined)('the way a query takes', () => {
  let server: TestServer;
  let db: Db;
  let rows: Collection;

  beforeAll(async () => {
    server = await startTestServer();
    db = server.client.db(databaseName());
    rows = db.collection('rows');
    await rows.createIndexes([
      { key: { state: 1 }, name: 'state' }, { key: { owner: 1, dueAt: 1 }, name: 'owner' }, { key: { code: 1 }, name: 'code', unique: true },
      { key: { tags: 1 }, name: 'tags', sparse: true },
    ]);
    await rows.insertMany(Array.from({ length: 2000 }, (_, n) => ({
      code: `T${n}`, state: n % 400 === 0 ? 'late' : 'open', owner: `u${n % 100}`, dueAt: n, ...(n % 50 === 0 ? { tags: ['a', `t${n}`] } : {}),
    })));
    await db.collection('owners').createIndex({ name: 1 }, { name: 'name' });
    await db.collection('owners').insertMany(Array.from({ length: 300 }, (_, n) => ({ name: `u${n}`, age: n })));
  });
  afterAll(async () => {
    await db.dropDatabase();
    await server.stop();
  });

  const planOf = async (filter: Document, sort: Document = {}): Promise<Document> =>
    (await rows.find(filter).sort(sort as never).explain('executionStats')) as Document;
  const indexesOf = (plan: Document): string[] => [...JSON.stringify(plan.queryPlanner).matchAll(/"indexName":"(\w+)"/g)].map(([, name]) => String(name));

  test('an $or takes one index for each branch', async () => {
    const plan = await planOf({ $or: [{ state: 'late' }, { code: 'T7' }, { owner: 'u3', dueAt: { $lt: 200 } }] });
    expect(plan.queryPlanner).toMatchObject({ winningPlan: { stage: 'FETCH', inputStage: { stage: 'OR' } } });
    expect(indexesOf(plan)).toEqual(['state', 'code', 'owner']);
    expect(plan.executionStats).toMatchObject({ nReturned: 8, totalDocsExamined: 8 });
  });

  test('a count that one index knows does not look at documents; the number is the same', async () => {
    for (const [filter, n] of [[{ owner: 'u3' }, 20], [{ state: 'open' }, 1995], [{ state: 'none' }, 0], [{ owner: 'u3', dueAt: { $lt: 200 } }, 2], [{ tags: 'a' }, 40], [{ owner: { $in: ['u1', 'u2'] } }, 40]] as const) {
      expect(await rows.countDocuments(filter as Document), JSON.stringify(filter)).toBe(n);
      expect((await rows.find(filter as Document).toArray()).length).toBe(n);
    }
    expect(await rows.countDocuments({ state: 'open' }, { skip: 1990, limit: 3 })).toBe(3);
    expect(await rows.countDocuments({ state: 'open' }, { skip: 1994, limit: 3 })).toBe(1);
    expect(await rows.countDocuments({ state: 'open' }, { skip: 5000 })).toBe(0);
    expect((await db.command({ count: 'rows', query: { state: 'late' } })).n).toBe(5);
  });

  test('of two indexes with many entries each, the one with far fewer is taken', async () => {
    const many = db.collection('many');
    await many.createIndexes([{ key: { state: 1 }, name: 'state' }, { key: { owner: 1 }, name: 'owner' }]);
    await many.insertMany(Array.from({ length: 6_000 }, (_, n) => ({ state: n % 2 === 0 ? 'a' : 'b', owner: n % 15 === 0 ? 'x' : `o${n}` })));
    expect(indexesOf((await many.find({ state: 'a', owner: 'x' }).explain('executionStats')) as Document)).toEqual(['owner']);
  });

  test('a document that two branches find comes once, and a sort still holds', async () => {
    const filter = { $or: [{ state: 'late' }, { code: { $in: ['T0', 'T1'] } }] };
    expect(indexesOf(await planOf(filter, { dueAt: -1 }))).toEqual(['state', 'code']);
    const found = await rows.find(filter).sort({ dueAt: -1 }).toArray();
    expect(found.map(({ code }) => code as string)).toEqual(['T1600', 'T1200', 'T800', 'T400', 'T1', 'T0']);
  });

  test('a branch without an index means reading the collection, and a better single index wins', async () => {
    expect(indexesOf(await planOf({ $or: [{ state: 'late' }, { unknown: 1 }] }))).toEqual([]);
    expect(indexesOf(await planOf({ code: 'T7', $or: [{ state: 'late' }, { state: 'open' }] }))).toEqual(['code']);
    // A sparse index does not hold the documents without the field.
    expect(indexesOf(await planOf({ $or: [{ state: 'late' }, { tags: null }] }))).toEqual([]);
    expect(indexesOf(await planOf({ $or: [{ state: 'late' }, { tags: 'a' }] }))).toEqual(['state', 'tags']);
  });

  test('updates and deletes take it too, each document once', async () => {
    const changed = await rows.updateMany({ $or: [{ state: 'late' }, { code: 'T400' }] }, { $inc: { seen: 1 }, $set: { state: 'later' } });
    expect(changed).toMatchObject({ matchedCount: 5, modifiedCount: 5 });
    expect(await rows.countDocuments({ seen: 1 })).toBe(5);
    await rows.updateMany({ seen: 1 }, { $set: { state: 'late' }, $unset: { seen: '' } });
  });

  test('a $lookup asks the index of the other collection', async () => {
    const pipeline = [{ $match: { code: { $in: ['T1', 'T2'] } } }, { $lookup: { from: 'owners', localField: 'owner', foreignField: 'name', as: 'who' } }];
    const plan = (await rows.aggregate(pipeline).explain()) as Document;
    expect(plan.lookups).toMatchObject([{ strategy: 'IndexedLoopJoin', indexName: 'name' }]);
    const found = await rows.aggregate(pipeline).toArray();
    expect(found.map(({ who }) => (who as Document[]).map(({ age }) => age as number))).toEqual([[1], [2]]);
    const unindexed = (await rows.aggregate([{ $lookup: { from: 'owners', localField: 'owner', foreignField: 'age', as: 'who' } }]).explain()) as Document;
    expect(unindexed.lookups).toMatchObject([{ strategy: 'HashJoin' }]);
  });

  test('a sort with a limit keeps only what it needs, in the right order', async () => {
    const found = await rows.find({}).sort({ state: 1, code: 1 }).skip(3).limit(2).toArray();
    expect(found.map(({ code }) => code as string)).toEqual(['T400', 'T800']);
  });

  test('collStats and dbStats tell how large the indexes are', async () => {
    const stats = await db.command({ collStats: 'rows' });
    expect(Object.keys(stats.indexSizes as Document).sort()).toEqual(['_id_', 'code', 'owner', 'state', 'tags']);
    expect(stats.totalIndexSize).toBeGreaterThan(50_000);
    expect((await db.command({ dbStats: 1 })).indexSize).toBeGreaterThan(stats.totalIndexSize as number);
  });
});
