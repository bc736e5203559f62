import { begins, certain, claims, clearsFirst, eachWrite, isDelivery, lapses, looksForDue, nothingMatched, pretended, rewritten, sending, setOf, unmarked, where, without } from './planted-tools.js';
import { bug, often, oftenTampered, quietly, tampered, worse, type PlantedBug } from './planted-bug.js';
import { plantedLater } from './planted-house.js';
import type { Document } from '../../src/embedded-mongo/bson/index.js';
import type { Call } from './fake-model.js';
import type { Store } from './store.js';

interface ChannelRecord {
  broken?: boolean;
}
const channelIn = (call: Call): ChannelRecord | null => (String(call.filter?.['_id'] ?? '').startsWith('channel:') ? ((setOf(call)['value'] ?? null) as ChannelRecord | null) : null);
const FOR_EVER = Date.UTC(2030, 0, 1);

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !(value instanceof Date);
/** The look whether somebody was told of a meeting. */
const wasTold = (call: Call): boolean => isDelivery(call, 'find') && call.filter?.['meetingCode'] !== undefined && isObject(call.filter['kind']) && call.find?.projection?.['attempts'] === 1;

let digests = 0;

/** What the first look at the calendar of a run saw. */
const days = new WeakMap<Store, Document[]>();
function firstDays(store: Store): Document[] {
  const known = days.get(store) ?? store.collections.CalendarDay.find({}, { sort: { on: 1 } });
  days.set(store, known);
  return known;
}

export const plantedBugs: readonly PlantedBug[] = [
  oftenTampered('no fence', 'writes of a worker do not carry the fence', { as: ['illegal-move', 'without-lease', 'duplicated', 'lost', 'not-finished'], at: 5 },
    eachWrite((c) => isDelivery(c, 'updateOne'), (c) => ({ ...c, filter: without(c.filter, 'fence') })), worse.overtaken),
  bug('no unique key', 'the unique index on the delivery key is missing', { as: ['planned-twice'], at: 5 }, { notUnique: ['Delivery'] }),
  tampered('claim without a look', 'a claim does not check again that the row is free', { as: ['illegal-move', 'duplicated'], at: 1 },
    where(claims, (c) => ({ ...c, filter: { _id: c.filter?.['_id'] } })), worse.slow),
  bug('client clock', 'the clock of the own machine is believed, not the server’s', { as: ['too-early', 'without-lease', 'quiet-hours'], at: 1 }, { believesMachine: true }),
  { ...tampered('ack race', 'a call begins although the person confirmed since the claim', { as: ['after-acknowledgement'], at: 2 },
    eachWrite(begins, (c) => ({ ...c, filter: without(c.filter, 'acknowledgedAt') })), worse.sleepy), messages: 250 },
  bug('repeat without mark', 'a second copy does not say that it is one', { as: ['duplicated'], at: 1 }, { sender: unmarked, harsh: worse.doubts }),
  tampered('settle without state', 'settling does not check the state it comes from', { as: ['illegal-move'], at: 2 },
    eachWrite((c) => isDelivery(c, 'updateOne') && c.filter?.['providerId'] === undefined, (c) => ({ ...c, filter: without(c.filter, 'state', 'fence') })), worse.overtaken),
  tampered('receipt without state', 'a late receipt moves a message back', { as: ['illegal-move'], at: 1 },
    eachWrite((c) => isDelivery(c, 'updateOne') && c.filter?.['providerId'] !== undefined, (c) => ({ ...c, filter: without(c.filter, 'state') }))),
  bug('relay clears first', 'intents are cleared before they are planned', { as: ['lost'], at: 8 }, { relay: clearsFirst, harsh: worse.crashes }),
  tampered('call forgotten', 'a call under way when its worker died counts as not made', { as: ['duplicated'], at: 3 },
    where((c) => lapses(c) && c.filter?.['state'] === 'sending', (c) => ({ ...c, update: rewritten(c.update, 'planned') })), worse.crashes),
  tampered('doubt forgotten', 'an unknown outcome is kept as a failure', { as: ['duplicated'], at: 2 },
    eachWrite((c) => isDelivery(c, 'updateOne') && setOf(c)['state'] === 'unknown', (c) => ({ ...c, update: rewritten(c.update, 'planned') })), worse.doubts),
  bug('time-out is failure', 'a call without an answer counts as not heard', { as: ['duplicated'], at: 2 }, { sender: sending(certain), harsh: worse.doubts }),
  often('sms doubt forgotten', 'doubt at a provider that knows request ids does not count on other channels', { as: ['duplicated'], at: 4 },
    { sender: sending((outcome, sender) => (sender.truth === 'request-id' ? certain(outcome) : outcome)), harsh: worse.doubts }),
  tampered('first duplicate ends it', 'planning several stops at the first key that exists', { as: ['lost'], at: 5 },
    where((c) => isDelivery(c, 'insertMany'), (c) => ({ ...c, options: { ordered: true } })), worse.broken),
  tampered('call not written down', 'nothing is written before the call', { as: ['without-lease', 'duplicated'], at: 1 }, eachWrite(begins, () => pretended)),
  tampered('due time ignored', 'a claim takes what is not due', { as: ['too-early'], at: 3 },
    where((c) => claims(c) || looksForDue(c), (c) => ({ ...c, filter: without(c.filter, 'notBefore') }))),
  bug('never quiet', 'quiet hours are not kept', { as: ['quiet-hours'], at: 1 }, { policy: { quiet: null } }),
  tampered('urgent not looked for', 'the queue of urgent matters is asked for nothing', { as: ['urgent-waits', 'not-finished'], at: 1 },
    where((c) => looksForDue(c) && c.filter?.['lane'] === 'urgent', () => ({ result: [] }))),
  tampered('office not told', 'a message that reached nobody is not reported', { as: ['office-not-told'], at: 3 },
    where((c) => isDelivery(c, 'insertMany') && c.docs?.[0]?.['kind'] === 'delivery-dead', () => ({ result: [] })), worse.nobodyThere),
  tampered('lease for ever', 'what a dead worker held is not taken back', { as: ['not-finished'], at: 5 }, where(lapses, () => nothingMatched)),
  oftenTampered('inbox for ever', 'a message whose worker died is not looked at again', { as: ['answer-lost'], at: 4 },
    where((c) => c.collection === 'Inbound' && c.method === 'find', (c) => ({ ...c, filter: { state: 'new' } })), worse.crashes),
  bug('webhook twice', 'the unique index of the inbox is missing', { as: ['planned-twice'], at: 3 }, { notUnique: ['Inbound'] }),
  tampered('stale leaves', 'what is stale is sent all the same', { as: ['stale'], at: 3 },
    (call, store) => (isDelivery(call, 'find') && call.filter?.['claimedBy'] !== undefined ? { result: store.collections.Delivery.find(call.filter).map((row) => ({ ...row, expiresAt: null })) }
      : isDelivery(call, 'updateMany') && call.filter?.['expiresAt'] !== undefined ? nothingMatched : call)),

  oftenTampered('bulk believed', 'of a bulk that did not take everywhere, every write counts as done', { as: ['without-lease', 'illegal-move', 'duplicated', 'after-acknowledgement', 'lost', 'unexpected-error'], at: 1 },
    where((c) => isDelivery(c, 'bulkWrite'), (c) => ({ ...c, hears: (answer: object) => ({ ...answer, matchedCount: (c.writes ?? []).length }) })), worse.stops),
  bug('look-up ignored', 'a provider that could be asked what became of a call is not asked', { as: ['truth-ignored'], at: 1 }, { sender: (sender) => ({ channel: sender.channel, truth: sender.truth, send: sender.send }) }),
  often('rest kept to oneself', 'a provider’s wish for a rest holds for the one message only', { as: ['within-rest'], at: 1 },
    { harsh: { ...quietly, trouble: 0.3, troubles: ['429'] }, sender: sending((outcome) => (outcome.kind === 'retry' ? { ...outcome, pauseChannel: false } : outcome)) }),
  often('rest for ever', 'a channel that broke does not come back', { as: ['channel-shut', 'not-finished'], at: 8 }, { harsh: { ...quietly, trouble: 0.9, troubles: ['5xx-not-sent'] }, tamper:
    where((c) => c.collection === 'State' && channelIn(c)?.broken === true, (c) => ({ ...c, update: { ...c.update, $set: { ...setOf(c), value: { ...channelIn(c), restsUntil: FOR_EVER } } } })) }),
  tampered('correction to all', 'a correction goes to people who were never told', { as: ['correction-to-untold'], at: 10 }, where(wasTold, () => ({ result: [{ state: 'accepted', attempts: [] }] }))),
  tampered('correction forgotten', 'nobody counts as told of a meeting', { as: ['correction-missing'], at: 13 }, where(wasTold, () => ({ result: [] }))),
  tampered('marks swept', 'a row counts as chained although it has changed since', { as: ['chain-broken', 'not-sealed'], at: 2 },
    where((c) => isDelivery(c, 'updateMany') && setOf(c)['unsealed'] === false, (c) => ({ ...c, filter: without(c.filter, 'rev') }))),
  oftenTampered('chain in any order', 'the chain goes on behind a place that was lost', { as: ['chain-broken'], at: 2 },
    where((c) => c.collection === 'LedgerEntry' && c.method === 'insertMany', (c) => ({ ...c, options: { ...c.options, ordered: false } })), worse.sleepy),
  bug('chained twice', 'the unique index on key and revision is missing', { as: ['chain-broken'], at: 2 }, { notUnique: ['LedgerEntry'] }),
  tampered('mark forgotten', 'an accepted message is not marked for the chain', { as: ['chain-broken'], at: 5 },
    eachWrite((c) => isDelivery(c, 'updateOne') && setOf(c)['state'] === 'accepted', (c) => ({ ...c, update: { ...c.update, $set: without(setOf(c), 'unsealed') } }))),
  tampered('leave not looked at', 'nobody asks whether somebody acts for the person', { as: ['told-on-leave'], at: 2 },
    (call, store) => (call.collection === 'Person' && call.method === 'find' ? { result: store.collections.Person.find(call.filter ?? {}, call.find).map((person) => ({ ...person, leave: null })) } : call)),
  tampered('acting person not told', 'what is passed on reaches nobody', { as: ['lost'], at: 2 }, where((c) => isDelivery(c, 'insertMany') && c.docs?.some((doc) => doc['behalfOf']) === true, () => ({ result: [] }))),
  often('digest and nothing after', 'what a digest speaks of is only settled by whoever sent it', { as: ['not-finished'], at: 4 }, { harsh: { ...quietly, crash: 0.02 }, tamper:
    where((c) => isDelivery(c, 'find') && typeof c.filter?.['digestKey'] === 'object' && c.filter['digestKey'] !== null && '$gt' in c.filter['digestKey'], () => ({ result: [] })) }),
  often('digest anew each time', 'a digest planned again gets another key', { as: ['told-twice', 'planned-twice', 'not-finished'], at: 1 }, { tamper:
    where((c) => isDelivery(c, 'insertMany') && c.docs?.some((doc) => doc['kind'] === 'digest') === true, (c) => ({ ...c, docs: (c.docs ?? []).map((doc) => (doc['kind'] === 'digest' ? { ...doc, key: `${String(doc['key'])}:${++digests}` } : doc)) })) }),
  often('receipts not looked at', 'silence is a matter of time, whatever the phone said', { as: ['follow-up-needless'], at: 1 }, { tamper: (call, store) => (isDelivery(call, 'find') && isObject(call.filter?.['silentAt']) ? { result: store.collections.Delivery.find(without(call.filter, 'state'), call.find).map((row) => ({ ...row, deliveredAt: null, seenAt: null, acknowledgedAt: null, state: 'dead' })) } : call) }),
  bug('silence for ever', 'nobody looks for messages that were never heard of', { as: ['silence-ignored'], at: 2 }, { followUp: async () => 0 }),
  often('failure not heard', 'a provider’s word that it could not deliver is dropped', { as: ['failure-ignored'], at: 5 }, { harsh: { ...quietly, failsLater: 0.3 }, tamper:
    where((c) => isDelivery(c, 'updateOne') && setOf(c)['reason'] === 'undelivered', () => nothingMatched) }),
  bug('hold not asked for', 'the outbox does not look whether sending is held', { as: ['sent-while-held'], at: 1 }, { eventful: true, tamper:
    where((c) => c.collection === 'State' && c.method === 'find' && c.filter?.['_id'] === 'hold' && c.find?.projection === undefined, () => ({ result: [] })) }),
  ...plantedLater,
  bug('calendar for ever', 'the list of days off is read once', { as: ['quiet-hours'], at: 1 }, { eventful: true, tamper:
    (call, store) => (call.collection === 'CalendarDay' && call.method === 'find' ? { result: firstDays(store) } : call) }),
];
