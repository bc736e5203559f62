import type { Ctx } from '../../src/context.js';
import { relayIntents } from '../../src/delivery/relay-intents.js';
import type { SendOutcome, Sender } from '../../src/delivery/sender.js';
import type { Document } from '../../src/embedded-mongo/bson/index.js';
import type { Call } from './fake-model.js';
import type { Seams } from './simulate.js';
import type { Rule } from './watch.js';

/** A mistake somebody could make in the engine, put between it and the world. The simulation has to notice it. */
export interface PlantedBug {
  name: string;
  /** What the engine would have forgotten. */
  mistake: string;
  seams: Seams;
  /** A seed that saw it; tried first. */
  likely: number;
  /** Promises of which at least one must be seen broken. */
  breaks: readonly Rule[];
}

type Tamper = (call: Call) => Call | { result: unknown };

const nothingMatched = { result: { matchedCount: 0, modifiedCount: 0, upsertedCount: 0 } };
const pretended = { result: { matchedCount: 1, modifiedCount: 1, upsertedCount: 0 } };

const without = (doc: Document | undefined, ...fields: string[]): Document => Object.fromEntries(Object.entries(doc ?? {}).filter(([name]) => !fields.includes(name)));
const setOf = (call: Call): Document => (call.update?.['$set'] ?? {}) as Document;
const isDelivery = (call: Call, method: Call['method']): boolean => call.collection === 'Delivery' && call.method === method;
/** A change to calls of one kind; all others pass. */
const where = (is: (call: Call) => boolean, change: Tamper): Tamper => (call) => (is(call) ? change(call) : call);

const begins = (call: Call): boolean => isDelivery(call, 'updateOne') && setOf(call)['state'] === 'sending';
const claims = (call: Call): boolean => isDelivery(call, 'updateMany') && setOf(call)['state'] === 'claimed';
const lapses = (call: Call): boolean => isDelivery(call, 'updateMany') && call.filter?.['claimedUntil'] !== undefined;

/** The words of a call's attempt, changed: `attempts.3.outcome` and the like. */
const rewritten = (update: Document | undefined, state: string): Document => {
  const set = Object.fromEntries(Object.entries(setOf({ update } as Call)).map(([name, value]) => [name, /outcome$/.test(name) ? 'retry' : value]));
  return { ...update, $set: { ...set, state } };
};

const sending = (change: (outcome: SendOutcome, sender: Sender) => SendOutcome) => (sender: Sender): Sender => ({
  channel: sender.channel,
  truth: sender.truth,
  send: async (to, message, options) => change(await sender.send(to, message, options), sender),
});

const certain = (outcome: SendOutcome): SendOutcome => (outcome.kind === 'retry' ? { ...outcome, maybeSent: false } : outcome);

const unmarked = (sender: Sender): Sender => ({
  channel: sender.channel,
  truth: sender.truth,
  send: (to, message, options) => sender.send(to, { ...message, text: message.text.replace(/^Nhắc lại: /, '') }, options),
});

/** Clears the intents of every fact, then plans them: the order that loses what a crash leaves in between. */
async function clearsFirst(ctx: Ctx): Promise<number> {
  const { Task } = ctx.db;
  const waiting = await Task.find({ 'intents.key': { $gt: '' } }).lean();
  for (const { _id } of waiting) await Task.updateOne({ _id }, { $set: { intents: [] } });
  const shown = { find: () => ({ limit: () => ({ lean: async () => waiting.splice(0) }) }), updateOne: async () => pretended.result, collection: { name: 'tasks' } };
  return relayIntents({ ...ctx, db: { ...ctx.db, Task: shown as never } });
}

const bug = (name: string, mistake: string, seen: { as: readonly Rule[]; at: number }, seams: Seams): PlantedBug => ({ name, mistake, breaks: seen.as, likely: seen.at, seams });
const tampered = (name: string, mistake: string, seen: { as: readonly Rule[]; at: number }, tamper: NonNullable<Seams['tamper']>): PlantedBug => bug(name, mistake, seen, { tamper });

export const plantedBugs: readonly PlantedBug[] = [
  tampered('no fence', 'writes of a worker do not carry the fence', { as: ['illegal-move', 'without-lease', 'duplicated', 'lost', 'not-finished'], at: 5 },
    where((c) => isDelivery(c, 'updateOne'), (c) => ({ ...c, filter: without(c.filter, 'fence') }))),
  bug('no unique key', 'the unique index on the delivery key is missing', { as: ['planned-twice'], at: 5 }, { notUnique: ['Delivery'] }),
  tampered('claim without a look', 'a claim does not check again that the row is free', { as: ['illegal-move', 'duplicated'], at: 1 },
    where(claims, (c) => ({ ...c, filter: { _id: c.filter?.['_id'] } }))),
  bug('wrong clock', 'the clock of the own machine is believed', { as: ['too-early', 'quiet-hours'], at: 1 }, { wrongClock: 3 * 3_600_000 }),
  tampered('ack race', 'a call begins although the person confirmed since the claim', { as: ['after-acknowledgement'], at: 1 },
    where(begins, (c) => ({ ...c, filter: without(c.filter, 'acknowledgedAt') }))),
  bug('repeat without mark', 'a second copy does not say that it is one', { as: ['duplicated'], at: 1 }, { sender: unmarked }),
  tampered('settle without state', 'settling does not check the state it comes from', { as: ['illegal-move'], at: 6 },
    where((c) => isDelivery(c, 'updateOne') && c.filter?.['providerId'] === undefined, (c) => ({ ...c, filter: without(c.filter, 'state', 'fence') }))),
  tampered('receipt without state', 'a late receipt moves a message back', { as: ['illegal-move'], at: 1 },
    where((c) => isDelivery(c, 'updateOne') && c.filter?.['providerId'] !== undefined, (c) => ({ ...c, filter: without(c.filter, 'state') }))),
  bug('relay clears first', 'intents are cleared before they are planned', { as: ['lost'], at: 6 }, { relay: clearsFirst }),
  tampered('call forgotten', 'a call under way when its worker died counts as not made', { as: ['duplicated'], at: 3 },
    where((c) => lapses(c) && c.filter?.['state'] === 'sending', (c) => ({ ...c, update: rewritten(c.update, 'planned') }))),
  tampered('doubt forgotten', 'an unknown outcome is kept as a failure', { as: ['duplicated'], at: 2 },
    where((c) => isDelivery(c, 'updateOne') && setOf(c)['state'] === 'unknown', (c) => ({ ...c, update: rewritten(c.update, 'planned') }))),
  bug('time-out is failure', 'a call without an answer counts as not heard', { as: ['duplicated'], at: 2 }, { sender: sending(certain) }),
  bug('sms doubt forgotten', 'doubt at a provider that knows request ids does not count on other channels', { as: ['duplicated'], at: 24 },
    { sender: sending((outcome, sender) => (sender.truth === 'request-id' ? certain(outcome) : outcome)) }),
  tampered('first duplicate ends it', 'planning several stops at the first key that exists', { as: ['lost'], at: 87 },
    where((c) => isDelivery(c, 'insertMany'), (c) => ({ ...c, options: { ordered: true } }))),
  tampered('call not written down', 'nothing is written before the call', { as: ['without-lease', 'duplicated'], at: 1 }, where(begins, () => pretended)),
  tampered('due time ignored', 'a claim takes what is not due', { as: ['too-early'], at: 3 },
    where((c) => claims(c) || (isDelivery(c, 'find') && c.filter?.['lane'] !== undefined), (c) => ({ ...c, filter: without(c.filter, 'notBefore') }))),
  bug('never quiet', 'quiet hours are not kept', { as: ['quiet-hours'], at: 1 }, { policy: { quiet: null } }),
  tampered('digest first', 'lanes are asked in the wrong order', { as: ['urgent-waits'], at: 24 },
    where((c) => isDelivery(c, 'find') && typeof c.filter?.['lane'] === 'string', (c) => ({ ...c, filter: { ...c.filter, lane: { urgent: 'digest', digest: 'urgent' }[String(c.filter?.['lane'])] ?? 'normal' } }))),
  tampered('office not told', 'a message that reached nobody is not reported', { as: ['office-not-told'], at: 3 },
    where((c) => isDelivery(c, 'insertMany') && c.docs?.[0]?.['kind'] === 'delivery-dead', () => ({ result: [] }))),
  tampered('lease for ever', 'what a dead worker held is not taken back', { as: ['not-finished'], at: 1 }, where(lapses, () => nothingMatched)),
  tampered('inbox for ever', 'a message whose worker died is not looked at again', { as: ['answer-lost'], at: 27 },
    where((c) => c.collection === 'Inbound' && c.method === 'find', (c) => ({ ...c, filter: { state: 'new' } }))),
  bug('webhook twice', 'the unique index of the inbox is missing', { as: ['planned-twice'], at: 3 }, { notUnique: ['Inbound'] }),
  tampered('stale leaves', 'what is stale is sent all the same', { as: ['stale'], at: 3 },
    (call, store) => (isDelivery(call, 'find') && call.filter?.['claimedBy'] !== undefined ? { result: store.collections.Delivery.find(call.filter).map((row) => ({ ...row, expiresAt: null })) }
      : isDelivery(call, 'updateMany') && call.filter?.['expiresAt'] !== undefined ? nothingMatched : call)),
];
