import type { Collection, Db, Document } from 'mongodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { databaseName, documentDb, external, startTestServer, type TestServer } from './server.js';

let server: TestServer;
let db: Db;
let rows: Collection<Document>;
let counter = 0;

beforeAll(async () => {
  server = await startTestServer({ ttlIntervalMs: 200 });
  db = server.client.db(databaseName());
});
beforeEach(() => {
  rows = db.collection(`c${(counter += 1)}`);
});
afterAll(async () => {
  await db.dropDatabase();
  await server.stop();
});

async function codeOf(work: Promise<unknown>): Promise<number | undefined> {
  return work.then(() => 0, (error: { code?: number }) => error.code);
}

async function planOf(filter: Document, sort: Document = {}): Promise<{ index?: string; sorts: boolean; stage: string; docs: number }> {
  const plan = await rows.find(filter).sort(sort as never).explain('executionStats');
  let stage = plan.queryPlanner.winningPlan as Document | undefined;
  let sorts = false;
  let index: string | undefined;
  let last = '';
  while (stage !== undefined) {
    last = String(stage.stage);
    sorts ||= last === 'SORT';
    if (last === 'IXSCAN') index = String(stage.indexName);
    stage = stage.inputStage as Document | undefined;
  }
  return { sorts, stage: last, docs: Number(plan.executionStats.totalDocsExamined), ...(index === undefined ? {} : { index }) };
}

describe('collections', () => {
  test('are created, listed, renamed and dropped', async () => {
    await db.createCollection(rows.collectionName);
    if (external === undefined) expect(await codeOf(db.command({ create: rows.collectionName, collation: { locale: 'vi' } }))).toBe(48);
    const listed = await db.listCollections({ name: rows.collectionName }).toArray();
    expect(listed).toMatchObject([{ name: rows.collectionName, type: 'collection', idIndex: { name: '_id_' } }]);
    expect(await db.listCollections({ name: rows.collectionName }, { nameOnly: true }).toArray()).toEqual([{ name: rows.collectionName, type: 'collection' }]);
    await rows.insertOne({ a: 1 });
    await rows.rename(`${rows.collectionName}_new`);
    expect(await db.collection(`${rows.collectionName}_new`).countDocuments()).toBe(1);
    expect(await db.dropCollection(`${rows.collectionName}_new`)).toBe(true);
    expect(await db.listCollections({ name: `${rows.collectionName}_new` }).toArray()).toEqual([]);
  });

  test.skipIf(documentDb)('with impossible names are refused', async () => {
    for (const name of ['a$b', '.a', 'a.', '']) expect(await codeOf(db.command({ insert: name, documents: [{ a: 1 }] }))).toBe(73);
  });

  test.skipIf(external !== undefined)('of kinds that are not there are refused, not ignored', async () => {
    for (const option of [{ capped: true, size: 1000 }, { timeseries: { timeField: 't' } }, { viewOn: 'x', pipeline: [] }, { validator: { a: 1 } }]) {
      expect(await codeOf(db.command({ create: 'special', ...option }))).toBe(72);
    }
  });

  test('statistics count', async () => {
    await rows.insertMany([{ a: 1 }, { a: 2 }]);
    expect(await db.command({ collStats: rows.collectionName })).toMatchObject({ count: 2, nindexes: 1, ok: 1 });
    if (!documentDb) expect((await db.command({ dbStats: 1 })).objects).toBeGreaterThanOrEqual(2);
    const { databases } = await server.client.db('admin').command({ listDatabases: 1, nameOnly: true });
    expect(databases.map(({ name }: Document) => name)).toContain(db.databaseName);
  });

  test('dropDatabase drops everything', async () => {
    const other = server.client.db(databaseName());
    await other.collection('a').insertOne({ a: 1 });
    await other.dropDatabase();
    expect(await other.listCollections().toArray()).toEqual([]);
    expect(await other.collection('a').countDocuments()).toBe(0);
  });
});

describe('indexes', () => {
  test('are made, listed, and the same again is no error', async () => {
    expect(await rows.createIndex({ a: 1, b: -1 })).toBe('a_1_b_-1');
    const again = await db.command({ createIndexes: rows.collectionName, indexes: [{ key: { a: 1, b: -1 }, name: 'a_1_b_-1' }] });
    expect(again).toMatchObject({ numIndexesBefore: 2, numIndexesAfter: 2 });
    expect((await rows.indexes()).map(({ name }) => name)).toEqual(['_id_', 'a_1_b_-1']);
    await rows.dropIndex('a_1_b_-1');
    expect(await rows.indexes()).toHaveLength(1);
    expect(await codeOf(rows.dropIndex('nope'))).toBe(27);
    expect(await codeOf(db.command({ dropIndexes: rows.collectionName, index: '_id_' }))).toBe(72);
    expect(await codeOf(db.collection('not_there').indexes())).toBe(26);
  });

  test.each([
    ['an empty key', { key: {}, name: 'x' }, 67],
    ['direction 0', { key: { a: 0 }, name: 'x' }, 67],
    ['a boolean direction', { key: { a: true }, name: 'x' }, 67],
    ['an empty path', { key: { '': 1 }, name: 'x' }, 67],
    ['an unknown option', { key: { a: 1 }, name: 'x', foo: 1 }, 197],
    ['compound TTL', { key: { a: 1, b: 1 }, name: 'x', expireAfterSeconds: 5 }, 67],
    ['negative TTL', { key: { a: 1 }, name: 'x', expireAfterSeconds: -5 }, 67],
    ['sparse and partial', { key: { a: 1 }, name: 'x', sparse: true, partialFilterExpression: { a: 1 } }, 67],
    ['a partial filter with $ne', { key: { a: 1 }, name: 'x', partialFilterExpression: { a: { $ne: 1 } } }, 67],
    ['a partial filter with $exists: false', { key: { a: 1 }, name: 'x', partialFilterExpression: { a: { $exists: false } } }, 67],
    ['no name', { key: { a: 1 } }, 9],
  ])('refuses %s', async (_name, spec, code) => {
    const given = await codeOf(db.command({ createIndexes: rows.collectionName, indexes: [spec] }));
    if (documentDb) expect(given).toBeGreaterThan(0);
    else expect(given).toBe(code);
  });

  test('refuses the same key with other options and the same name with another key', async () => {
    await rows.createIndex({ a: 1 }, { name: 'one' });
    expect(await codeOf(rows.createIndex({ a: 1 }, { name: 'two' }))).toBe(85);
    expect(await codeOf(rows.createIndex({ b: 1 }, { name: 'one' }))).toBe(86);
    expect(await codeOf(rows.createIndex({ a: 1 }, { name: 'one', unique: true }))).toBe(86);
  });

  test('unique: E11000 with keyPattern and keyValue on insert, update, upsert and build', async () => {
    await rows.createIndex({ mail: 1 }, { unique: true });
    await rows.insertMany([{ _id: 1 as never, mail: 'a@x' }, { _id: 2 as never, mail: 'b@x' }]);
    const error = await rows.insertOne({ mail: 'a@x' }).catch((raised: unknown) => raised);
    expect(error).toMatchObject({ code: 11000, keyPattern: { mail: 1 }, keyValue: { mail: 'a@x' } });
    if (external === undefined) {
      expect((error as Error).message).toBe(`E11000 duplicate key error collection: ${db.databaseName}.${rows.collectionName} index: mail_1 dup key: { mail: "a@x" }`);
    }
    expect(await codeOf(rows.updateOne({ _id: 2 as never }, { $set: { mail: 'a@x' } }))).toBe(11000);
    expect(await codeOf(rows.findOneAndUpdate({ _id: 3 as never }, { $set: { mail: 'b@x' } }, { upsert: true }))).toBe(11000);
    await rows.insertOne({ other: 1 });
    expect(await codeOf(rows.insertOne({ other: 2 }))).toBe(11000); // missing counts as null
    await rows.insertMany([{ k: 1, mail: 'c' }, { k: 1, mail: 'd' }]);
    expect(await codeOf(rows.createIndex({ k: 1 }, { unique: true }))).toBe(11000);
    expect((await rows.indexes()).map(({ name }) => name)).not.toContain('k_1');
  });

  test('unique with sparse, partial and arrays', async () => {
    await rows.createIndex({ s: 1 }, { unique: true, sparse: true });
    await rows.createIndex({ p: 1 }, { unique: true, partialFilterExpression: { live: true } });
    await rows.createIndex({ 'tags.t': 1 }, { unique: true, sparse: true });
    await rows.insertMany([{ a: 1 }, { a: 2 }, { p: 1, live: true }, { p: 1, live: false }, { tags: [{ t: 1 }, { t: 1 }] }]);
    expect(await codeOf(rows.insertOne({ p: 1, live: true }))).toBe(11000);
    expect(await codeOf(rows.insertOne({ tags: [{ t: 9 }, { t: 1 }] }))).toBe(11000);
    expect(await codeOf(rows.updateOne({ p: 1, live: false }, { $set: { live: true } }))).toBe(11000);
  });

  test.skipIf(documentDb)('two arrays side by side are refused', async () => {
    await rows.createIndex({ a: 1, b: 1 });
    expect(await codeOf(rows.insertOne({ a: [1], b: [2] }))).toBe(171);
    await rows.insertOne({ a: [1], b: 2 });
  });

  test.skipIf(external !== undefined)('serve equality, range and order, and explain says so', async () => {
    await rows.insertMany(Array.from({ length: 100 }, (_, n) => ({ n, k: n % 10, opt: n % 2 === 0 ? n : undefined, s: `t${n}` })));
    await rows.createIndex({ k: 1, n: -1 });
    await rows.createIndex({ opt: 1 }, { sparse: true });
    await rows.createIndex({ s: 1 }, { partialFilterExpression: { n: { $gte: 50 } } });
    expect(await planOf({ k: 3 }, { n: -1 })).toEqual({ index: 'k_1_n_-1', sorts: false, stage: 'IXSCAN', docs: 10 });
    expect(await planOf({ k: 3 }, { n: 1 })).toMatchObject({ index: 'k_1_n_-1', sorts: false });
    expect(await planOf({ k: 3, n: { $gt: 50, $lt: 80 } })).toMatchObject({ index: 'k_1_n_-1', docs: 3 });
    expect(await planOf({ k: { $in: [1, 2] } }, { k: 1, n: -1 })).toMatchObject({ sorts: false, docs: 20 });
    expect(await planOf({ k: { $in: [1, 2] } }, { n: -1 })).toMatchObject({ sorts: true, docs: 20 });
    expect(await planOf({}, { k: -1, n: 1 })).toMatchObject({ index: 'k_1_n_-1', sorts: false });
    expect(await planOf({ n: 5 })).toMatchObject({ stage: 'COLLSCAN' });
    expect(await planOf({ opt: null })).toMatchObject({ stage: 'COLLSCAN' });
    expect(await planOf({ opt: 4 })).toMatchObject({ index: 'opt_1' });
    expect(await planOf({}, { opt: 1 })).toMatchObject({ stage: 'COLLSCAN', sorts: true });
    expect(await planOf({ s: 't60' })).toMatchObject({ stage: 'COLLSCAN' });
    expect(await planOf({ s: 't60', n: { $gte: 60 } })).toMatchObject({ index: 's_1', docs: 1 });
  });

  test('with a collation equate what it equates', async () => {
    if (external !== undefined) return;
    await rows.createIndex({ name: 1 }, { unique: true, collation: { locale: 'vi', strength: 1 } });
    await rows.insertMany([{ name: 'Nguyễn An' }, { name: 'Trần Bình' }]);
    expect(await codeOf(rows.insertOne({ name: 'nguyên án' }))).toBe(11000);
    const found = await rows.find({ name: 'trân bính' }).collation({ locale: 'vi', strength: 1 }).toArray();
    expect(found).toHaveLength(1);
    expect(await rows.find({ name: 'trân bính' }).toArray()).toHaveLength(0);
  });

  test.skipIf(external !== undefined)('with expireAfterSeconds let documents go', async () => {
    await rows.createIndex({ at: 1 }, { expireAfterSeconds: 60 });
    await rows.insertMany([{ at: new Date(Date.now() - 61_000) }, { at: new Date() }, { at: 'text' }, { other: 1 }]);
    await expect.poll(() => rows.countDocuments(), { timeout: 5000 }).toBe(3);
    await db.command({ collMod: rows.collectionName, index: { keyPattern: { at: 1 }, expireAfterSeconds: 5000 } });
    expect((await rows.indexes()).find(({ name }) => name === 'at_1')).toMatchObject({ expireAfterSeconds: 5000 });
  });
});

describe('information', () => {
  test('the usual questions are answered', async () => {
    const admin = server.client.db('admin');
    for (const command of ['ping', 'hello', 'buildInfo', 'connectionStatus', 'serverStatus', 'whatsmyuri']) {
      expect(await admin.command({ [command]: 1 })).toMatchObject({ ok: 1 });
    }
    expect(await codeOf(admin.command({ frobnicate: 1 }))).toBe(59);
  });

  test.skipIf(external !== undefined)('transactions are refused as a stand-alone server does', async () => {
    const session = server.client.startSession();
    await expect(session.withTransaction(() => rows.insertOne({ a: 1 }, { session }))).rejects.toThrow();
    await session.endSession();
    expect(await codeOf(db.command({ insert: 'x', documents: [{}], txnNumber: 1, autocommit: false, startTransaction: true }))).toBe(20);
  });
});
