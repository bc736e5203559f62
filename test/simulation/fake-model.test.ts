import { Types } from 'mongoose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Ctx } from '../../src/context.js';
import { isDuplicateKey } from '../../src/db/counters.js';
import type { Db } from '../../src/models.js';
import { testCtx } from '../support/test-ctx.js';
import type { Steps } from './fake-model.js';
import { newStore } from './store.js';

let ctx: Ctx;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ ctx, close } = await testCtx());
});
afterAll(() => close());

/** A way to the store without time. */
async function straight<T>(call: never, steps: (call: never) => Steps<T>): Promise<T> {
  const work = steps(call);
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

const at = (seconds: number): Date => new Date(Date.UTC(2026, 10, 20, 1, 0, seconds));
const people = [1, 2].map((n) => new Types.ObjectId(String(n).padStart(24, 'a')));
const planned = (key: string, more: object = {}) => ({ key, kind: 'note', lane: 'normal' as const, state: 'planned' as const, notBefore: at(1), createdAt: at(0), cause: 'c', personId: people[0]?.toHexString(), data: { n: 1 }, ...more });

/** A day of a few rows, told by all that the calls answered and what is left. */
async function story(db: Db): Promise<unknown> {
  const heard: unknown[] = [];
  const hear = async (call: PromiseLike<unknown>): Promise<void> => {
    try {
      heard.push(plain(await call));
    } catch (error) {
      heard.push(isDuplicateKey(error) ? 'duplicate' : String(error));
    }
  };
  const { Delivery, Meeting, State, Counter } = db;
  await hear(Delivery.insertMany([planned('a'), planned('b', { lane: 'urgent', notBefore: at(3) })], { ordered: false }).then(() => 'done'));
  await hear(Delivery.insertMany([planned('b'), planned('c', { personId: people[1]?.toHexString() }), planned('a'), planned('d')], { ordered: false }).then(() => 'done'));
  await hear(Delivery.find({ state: { $in: ['planned'] }, reason: null, notBefore: { $lte: at(2) }, waitsFor: { $nin: ['zalo'] } }, { key: 1 }).sort({ notBefore: 1, key: -1 }).skip(1).limit(2).lean());
  await hear(Delivery.updateMany({ key: { $in: ['a', 'b', 'c'] }, state: 'planned' }, { $set: { state: 'claimed', claimedBy: 'x', claimedUntil: at(9) }, $inc: { fence: 1 } }));
  await hear(Delivery.updateOne({ key: 'a', fence: 1 }, { $set: { state: 'sending' }, $push: { attempts: { at: at(2), channel: 'zalo', outcome: 'started', code: '', repeat: false } } }));
  await hear(Delivery.updateOne({ key: 'a', fence: 0 }, { $set: { state: 'accepted' } }));
  await hear(Delivery.updateMany({ claimedUntil: { $lte: at(10) }, state: 'sending' }, { $set: { state: 'unknown', 'attempts.$[open].outcome': 'unknown' }, $inc: { lapses: 1 } }, { arrayFilters: [{ 'open.outcome': 'started' }] }));
  await hear(Delivery.find({ personId: people[0]?.toHexString(), 'attempts.outcome': 'unknown' }).lean());
  await hear(Delivery.exists({ waitsFor: { $in: ['zalo'] } }));
  await hear(Delivery.countDocuments({ acknowledgedAt: null }));
  await hear(Counter.findOneAndUpdate({ _id: 'HOP-2026' }, { $inc: { last: 3 } }, { upsert: true, returnDocument: 'after' }).lean());
  await hear(State.create({ _id: 's', value: { rev: 1 }, updatedAt: at(0) }).then(() => 'done'));
  await hear(State.create({ _id: 's', value: { rev: 2 }, updatedAt: at(0) }).then(() => 'done'));
  await hear(State.updateOne({ _id: 's', 'value.rev': 1 }, { $set: { value: { rev: 2 } } }));
  await hear(State.find({ _id: { $gte: 's', $lt: 't' } }).lean());
  const attendees = people.map((personId) => ({ personId, step: 0, nextStepAt: at(0) }));
  await hear(Meeting.create({ code: 'H', title: 't', kind: 'urgent', startsAt: at(50), place: 'p', status: 'called', attendees, cause: 'call', causes: ['call'], createdAt: at(0) } as never).then(() => 'done'));
  await hear(Meeting.find({ 'attendees.nextStepAt': { $lte: at(1) } }, { code: 1 }).limit(5).lean());
  await hear(Meeting.findOneAndUpdate({ code: 'H', causes: { $ne: 'm1' } }, { $set: { 'attendees.$[own].answer': 'absent' }, $push: { causes: { $each: ['m1'], $slice: -5 } } }, { arrayFilters: [{ 'own.personId': people[1] }], returnDocument: 'after' }).lean());
  await hear(Meeting.updateOne({ code: 'H', rev: 0 }, { $set: { 'attendees.0.step': 1, 'attendees.0.nextStepAt': null }, $inc: { rev: 1 } }));
  await hear(Meeting.updateOne({ code: 'H' }, { $addToSet: { deputiesTold: { $each: [people[0]?.toHexString()] } }, $push: { intents: { $each: [{ key: 'k', kind: 'note', to: [{ office: true }], lane: 'normal', data: {} }] } } } as never));
  await hear(Meeting.updateOne({ code: 'H' }, { $pull: { intents: { key: { $in: ['k'] } } } }));
  await hear(Meeting.find({}).lean());
  await bulks(hear, db);
  await hear(Delivery.distinct('lane', { state: 'planned' }).then((found: unknown[]) => found.map(String).sort()));
  await hear(State.deleteOne({ _id: 's' }));
  return heard;
}

/** Many writes in one round trip: those that fit are done, the others leave no trace. */
async function bulks(hear: (call: PromiseLike<unknown>) => Promise<void>, { Delivery }: Db): Promise<void> {
  const settles = (key: string, fence: number, set: object, arrayFilters?: object[]) => ({ updateOne: { filter: { key, fence, state: { $in: ['claimed', 'unknown'] } }, update: { $set: set, $inc: { rev: 1 }, $push: { attempts: { at: at(4), channel: 'sms', outcome: 'accepted', code: '', repeat: false } } }, ...(arrayFilters ? { arrayFilters } : {}) } });
  const counts = (call: PromiseLike<object>): PromiseLike<unknown> => call.then((result) => Object.fromEntries(['matchedCount', 'modifiedCount', 'insertedCount', 'deletedCount'].map((name) => [name, (result as Record<string, unknown>)[name]])));
  await hear(counts(Delivery.bulkWrite([settles('b', 1, { state: 'sending' }), settles('b', 1, { state: 'accepted' }), settles('c', 7, { state: 'dead' }), settles('a', 2, { state: 'sending', text: 'x' })] as never, { ordered: false })));
  await hear(counts(Delivery.bulkWrite([{ updateMany: { filter: { state: 'sending' }, update: { $set: { 'attempts.$[open].outcome': 'retry', unsealed: false } }, arrayFilters: [{ 'open.outcome': 'accepted' }] } }, { insertOne: { document: planned('e') } }, { deleteOne: { filter: { key: 'd' } } }] as never, { ordered: false })));
  await hear(counts(Delivery.bulkWrite([{ insertOne: { document: planned('f') } }, { insertOne: { document: planned('f') } }, { insertOne: { document: planned('g') } }] as never, { ordered: false })));
  await hear(counts(Delivery.bulkWrite([{ updateOne: { filter: { key: 'h' }, update: { $setOnInsert: { ...planned('h') } }, upsert: true } }] as never, { ordered: false })));
  await hear(Delivery.find({}).sort({ key: 1 }).lean());
}

/** Without ids given by chance, and with numbers as numbers. */
function plain(value: unknown, field = ''): unknown {
  if (field === '_id' || field === '__v' || field === 'acknowledged' || field.startsWith('upserted')) return undefined;
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((item: unknown) => plain(item));
  if (value instanceof Types.ObjectId) return value.toHexString();
  if (['Int32', 'Double'].includes((value as { _bsontype?: string })._bsontype ?? '')) return Number(value);
  return Object.fromEntries(Object.entries(value).map(([name, inner]): [string, unknown] => [name, plain(inner, name)]).filter(([, inner]) => inner !== undefined).sort(([a], [b]) => (a < b ? -1 : 1)));
}

test('the simulated store answers the engine’s calls as the real database does', async () => {
  const simulated = newStore().through(straight as never);
  expect(await story(simulated)).toEqual(await story(ctx.db));
});

test('a field that no schema knows is refused, because mongoose would drop it without a word', async () => {
  const { Delivery } = newStore().through(straight as never);
  await expect(Delivery.updateOne({ key: 'a' }, { $set: { stat: 'sent' } } as never, { upsert: true })).rejects.toThrow(/no field stat/);
});
