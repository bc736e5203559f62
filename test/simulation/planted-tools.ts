import type { Ctx } from '../../src/context.js';
import { relayIntents } from '../../src/delivery/relay-intents.js';
import type { SendOutcome, Sender } from '../../src/delivery/sender.js';
import type { Document } from '../../src/embedded-mongo/bson/index.js';
import type { Call, Write } from './fake-model.js';
import type { Seams } from './simulate.js';

/** What a planted bug does to a call on its way: changes it, or answers it by itself. */
export type Tamper = NonNullable<Seams['tamper']>;
type Changed = Call | { result: unknown };

export const nothingMatched = { result: { matchedCount: 0, modifiedCount: 0, upsertedCount: 0 } };
export const pretended = { result: { matchedCount: 1, modifiedCount: 1, upsertedCount: 0 } };

export const without = (doc: Document | undefined, ...fields: string[]): Document => Object.fromEntries(Object.entries(doc ?? {}).filter(([name]) => !fields.includes(name)));
export const setOf = (call: Pick<Call, 'update'>): Document => (call.update?.['$set'] ?? {}) as Document;
export const isDelivery = (call: Call, method: Call['method']): boolean => call.collection === 'Delivery' && call.method === method;

/** A change to calls of one kind; all others pass. */
export const where = (is: (call: Call) => boolean, change: (call: Call) => Changed): Tamper => (call) => (is(call) ? change(call) : call);

/** A change to writes to one row, whether they go alone or in a bulk. */
export const eachWrite = (is: (call: Call) => boolean, change: (call: Call) => Changed): Tamper => (call) => {
  if (call.method !== 'bulkWrite') return is(call) ? change(call) : call;
  return { ...call, writes: (call.writes ?? []).map((write) => changedWrite(call.collection, write, is, change)) };
};

function changedWrite(collection: string, write: Write, is: (call: Call) => boolean, change: (call: Call) => Changed): Write {
  const { updateOne } = write;
  const call: Call | null = updateOne ? { collection, method: 'updateOne', filter: updateOne.filter, update: updateOne.update } : null;
  if (!updateOne || !call || !is(call)) return write;
  const changed = change(call);
  if (!('result' in changed)) return { updateOne: { ...updateOne, filter: changed.filter ?? {}, update: changed.update ?? {} } };
  // A write that does nothing: on the row where it is to look done, on no row where it is to look refused.
  return { updateOne: changed === pretended ? { filter: { _id: updateOne.filter['_id'] }, update: { $max: { fence: 0 } } } : { filter: { _id: 'nobody' }, update: { $max: { fence: 0 } } } };
}

/** A worker writes down that it calls now. */
export const begins = (call: Call): boolean => isDelivery(call, 'updateOne') && setOf(call)['state'] === 'sending';
/** A worker takes rows from the queue. */
export const claims = (call: Call): boolean => isDelivery(call, 'updateMany') && setOf(call)['state'] === 'claimed';
/** Rows are taken back from dead workers. */
export const lapses = (call: Call): boolean => isDelivery(call, 'updateMany') && call.filter?.['claimedUntil'] !== undefined;
/** A worker looks what is due. */
export const looksForDue = (call: Call): boolean => isDelivery(call, 'find') && call.filter?.['notBefore'] !== undefined && call.find?.limit !== undefined;

/** The words of a call's attempt, changed: `attempts.3.outcome` and the like. */
export const rewritten = (update: Document | undefined, state: string): Document => {
  const set = Object.fromEntries(Object.entries(setOf({ update: update ?? {} })).map(([name, value]) => [name, /outcome$/.test(name) ? 'retry' : value]));
  return { ...update, $set: { ...set, state } };
};

export const sending = (change: (outcome: SendOutcome, sender: Sender) => SendOutcome) => (sender: Sender): Sender => ({
  ...sender,
  send: async (to, message, options) => change(await sender.send(to, message, options), sender),
});

export const certain = (outcome: SendOutcome): SendOutcome => (outcome.kind === 'retry' ? { ...outcome, maybeSent: false } : outcome);

export const unmarked = (sender: Sender): Sender => ({
  ...sender,
  send: (to, message, options) => sender.send(to, { ...message, text: message.text.replace(/^Nhắc lại: /, '') }, options),
});

/** Clears the intents of every fact, then plans them: the order that loses what a crash leaves in between. */
export async function clearsFirst(ctx: Ctx): Promise<number> {
  const { Task } = ctx.db;
  const waiting = await Task.find({ 'intents.key': { $gt: '' } }).lean();
  for (const { _id } of waiting) await Task.updateOne({ _id }, { $set: { intents: [] } });
  const shown = { find: () => ({ limit: () => ({ lean: async () => waiting.splice(0) }) }), updateOne: async () => pretended.result, collection: { name: 'tasks' } };
  return relayIntents({ ...ctx, db: { ...ctx.db, Task: shown as never } });
}
