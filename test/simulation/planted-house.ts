import { bug, often, quietly, tampered, worse, type PlantedBug } from './planted-bug.js';
import { isDelivery, nothingMatched, setOf, where, type Tamper } from './planted-tools.js';
import type { Call } from './fake-model.js';
import type { Document } from '../../src/embedded-mongo/bson/index.js';
import { defaultPolicy } from '../../src/delivery/policy.js';

const isState = (call: Call, method: Call['method'], id: string): boolean => call.collection === 'State' && call.method === method && (call.filter?.['_id'] ?? call.docs?.[0]?.['_id']) === id;
const beginsRestored = (call: Call): boolean => isState(call, 'insert', 'hold') && (call.docs?.[0]?.['value'] as { cause?: string }).cause === 'restored';
/** Calm, and the database is put back. */
const putBack = { restored: true, harsh: quietly } as const;
/** Calm, and three hundred people are told of one task. */
const crowded = { crowd: 300, harsh: quietly } as const;
const restoring = (name: string, mistake: string, seen: Parameters<typeof bug>[2], tamper: Tamper): PlantedBug => ({ ...bug(name, mistake, seen, { ...putBack, tamper }), messages: 40 });

/** Every copy of a matter has its turn at once. */
const atOnce = (doc: Document): Document => ({ ...doc, order: doc['notBefore'] });
const looksBehind = (call: Call): boolean => isDelivery(call, 'find') && call.filter?.['state'] === 'planned' && typeof call.filter['waitsFor'] === 'string';
let looks = 0;
const swarming = ['delivery-dead', 'chat-dead', 'nobody-there', 'person-gone', 'silent'];

/** Mistakes in what the house does as a whole: a database put back, many people at once, many notices. */
export const plantedLater: readonly PlantedBug[] = [
  restoring('restore not noticed', 'nobody holds back sending although the database is older than its mark', { as: ['sent-while-held'], at: 1 }, where(beginsRestored, () => ({ result: {} }))),
  restoring('nothing dropped', 'what had left before the restore is not dropped', { as: ['sent-again'], at: 4 }, where((c) => isDelivery(c, 'updateMany') && setOf(c)['reason'] === 'restored', () => nothingMatched)),
  restoring('mark not kept', 'the mark in the database is not renewed, its mirror is', { as: ['held-for-nothing'], at: 1 }, where((c) => isState(c, 'findOneAndUpdate', 'delivery-epoch'), () => ({ result: { value: { n: 1_000_000, at: new Date(0) } } }))),
  restoring('numbers given twice', 'numbers that were given before the restore are given again', { as: ['lost'], at: 24 }, where((c) => c.collection === 'Counter' && c.method === 'updateMany', () => nothingMatched)),
  often('limit not kept', 'far more calls a second than the provider bears', { as: ['too-many-calls'], at: 1 }, { ...crowded, policy: { parallel: 60, limits: { ...defaultPolicy.limits, email: { max: 200, windowMs: 1_000, urgentShare: 0.2 } } } }),
  often('first come, all served', 'every copy of a matter has its turn as soon as it is due', { as: ['starved'], at: 1 }, { ...crowded, tamper: where((c) => isDelivery(c, 'insertMany'), (c) => ({ ...c, docs: (c.docs ?? []).map(atOnce) })) }),
  often('looks further down', 'every other look behind a full channel passes over the first fifty', { as: ['starved'], at: 1 }, { ...crowded, tamper: where((c) => looksBehind(c) && ++looks % 2 === 0, (c) => ({ ...c, find: { ...c.find, skip: 50 } })) }),
  { ...tampered('notices not counted', 'nobody counts how many notices the office got lately', { as: ['notice-storm'], at: 2 },
    where((c) => isDelivery(c, 'count') && swarming.includes(String(c.filter?.['kind'])), () => ({ result: 0 })), worse.nobodyThere), messages: 300 },
  often('former copy not looked at', 'another attempt leaves although the former one arrived meanwhile', { as: ['follow-up-needless'], at: 25 },
    { eventful: true, harsh: quietly, tamper: where((c) => isDelivery(c, 'find') && c.find?.projection?.['acceptedAt'] === 1, () => ({ result: [] })) }),
];
