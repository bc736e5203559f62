import { MongoBackend } from '@agendajs/mongo-backend';
import { Agenda } from 'agenda';
import MongoStore from 'connect-mongo';
import mongoose, { type Connection, Schema } from 'mongoose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { databaseName, startTestServer, type TestServer } from './server.js';

let server: TestServer;
const name = databaseName();

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  await server.client.db(name).dropDatabase();
  await server.stop();
});

describe('mongoose', () => {
  let connection: Connection;
  beforeAll(async () => {
    connection = await mongoose.createConnection(server.uri, { dbName: name }).asPromise();
  });
  afterAll(() => connection.close());

  const taskSchema = new Schema({
    title: { type: String, required: true }, code: { type: String, unique: true, sparse: true }, tags: [String],
    steps: [new Schema({ text: String, done: Boolean })], owner: { type: Schema.Types.ObjectId, ref: 'EmbUser' }, dueAt: Date,
  }, { timestamps: true });
  taskSchema.index({ owner: 1, dueAt: 1 });

  test('models with indexes, saving, populating, array changes, paging', async () => {
    const User = connection.model('EmbUser', new Schema({ name: String }));
    const Task = connection.model('EmbTask', taskSchema);
    await Promise.all([User.init(), Task.init()]);
    expect(await Task.diffIndexes()).toEqual({ toDrop: [], toCreate: [] });
    const owner = await User.create({ name: 'Lan' });
    const task = await Task.create({ title: 'Báo cáo', code: 'T1', tags: ['a'], steps: [{ text: 'x', done: false }], owner: owner._id, dueAt: new Date(1) });
    task.tags.push('b', 'c');
    (task.tags as unknown as { pull(value: string): void }).pull('a');
    task.steps[0]?.set('done', true);
    await task.save();
    const read = await Task.findById(task._id).populate<{ owner: { name: string } }>('owner').lean();
    expect(read).toMatchObject({ title: 'Báo cáo', tags: ['b', 'c'], steps: [{ done: true }], owner: { name: 'Lan' } });
    await expect(Task.create({ title: 'again', code: 'T1' })).rejects.toMatchObject({ code: 11000, keyValue: { code: 'T1' } });
    await Task.insertMany(Array.from({ length: 30 }, (_, n) => ({ title: `t${n}`, owner: owner._id, dueAt: new Date(n * 1000) })));
    expect(await Task.countDocuments({ owner: owner._id, dueAt: { $gte: new Date(10_000) } })).toBe(20);
    const page = await Task.find({ title: { $regex: '^t', $options: 'i' } }).sort({ dueAt: -1 }).skip(5).limit(2).select('title');
    expect(page.map(({ title }) => title)).toEqual(['t24', 't23']);
    const stale = await Task.findById(task._id);
    await Task.updateOne({ _id: task._id }, { $inc: { __v: 1 } });
    stale?.steps.push({ text: 'y', done: false });
    stale?.set('steps.0.text', 'z');
    await Task.deleteMany({ title: /^t/ });
    expect(await Task.estimatedDocumentCount()).toBe(1);
    expect(await Task.exists({ code: 'T1' })).not.toBeNull();
    expect(await Task.distinct('tags')).toEqual(['b', 'c']);
    expect(await Task.findOneAndUpdate({ code: 'T9' }, { title: 'up' }, { upsert: true, returnDocument: 'after' })).toMatchObject({ title: 'up' });
  });
});

describe('agenda', () => {
  test('runs, repeats, keeps unique jobs and lets two workers share them', async () => {
    const make = (): Agenda => new Agenda({ backend: new MongoBackend({ mongo: server.client.db(name) as never }), processEvery: 100 });
    const [one, two] = [make(), make()];
    const runs: string[] = [];
    for (const agenda of [one, two]) {
      agenda.define('note', async (job) => {
        runs.push(String((job.attrs.data as { text: string }).text));
      });
    }
    await Promise.all([one.start(), two.start()]);
    try {
      await Promise.all(Array.from({ length: 10 }, (_, n) => one.now('note', { text: `n${n}` })));
      await expect.poll(() => runs.length, { timeout: 10_000 }).toBe(10);
      expect(new Set(runs).size).toBe(10);
      for (let round = 0; round < 2; round += 1) {
        await one.create('note', { text: 'unique' }).unique({ 'data.text': 'unique' }).schedule(new Date(Date.now() + 3_600_000)).save();
      }
      expect(await server.client.db(name).collection('agendaJobs').countDocuments({ 'data.text': 'unique' })).toBe(1);
      expect(await one.cancel({ name: 'note' })).toBeGreaterThan(0);
    } finally {
      await Promise.all([one.stop(), two.stop()]);
    }
  });
});

describe('connect-mongo', () => {
  test('stores, finds, touches and destroys sessions', async () => {
    const store = MongoStore.create({ client: server.client as never, dbName: name, ttl: 60 });
    const call = <T>(work: (done: (error: unknown, value?: T) => void) => void): Promise<T | undefined> =>
      new Promise((resolve, reject) => work((error, value) => (error ? reject(error as Error) : resolve(value))));
    const session = { cookie: { originalMaxAge: 1000 }, user: 'u1' } as never;
    await call((done) => store.set('s1', session, done));
    await call((done) => store.set('s1', session, done));
    expect(await call((done) => store.get('s1', done as never))).toMatchObject({ user: 'u1' });
    expect(await call<number>((done) => store.length(done as never))).toBe(1);
    await call((done) => store.destroy('s1', done));
    expect(await call((done) => store.get('s1', done as never))).toBeFalsy();
  });
});
