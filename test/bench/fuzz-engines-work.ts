import type { CreateIndexesOptions, Document, IndexSpecification } from 'mongodb';
import type { SeededRandom } from '../support/random.js';

/**
 * Random documents and commands for `fuzz-engines.ts`: the shapes, operators and indexes that this program and the
 * libraries it stores through (agenda's Mongo backend, connect-mongo, AdminJS) use, and nothing else.
 */
export type Work =
  | { kind: 'find'; filter: Document; sort: Document; skip: number; limit: number; projection: Document }
  | { kind: 'count' | 'deleteMany' | 'deleteOne'; filter: Document }
  | { kind: 'distinct'; key: string; filter: Document }
  | { kind: 'aggregate'; pipeline: Document[] }
  | { kind: 'insertMany'; documents: Document[]; ordered: boolean }
  | { kind: 'updateOne' | 'updateMany'; filter: Document; update: Document; options: Document }
  | { kind: 'findOneAndUpdate'; filter: Document; update: Document; options: Document };

/** The kinds of indexes the models declare; a round takes some of them. */
export const INDEXES: { key: IndexSpecification; options: CreateIndexesOptions }[] = [
  { key: { code: 1 }, options: { unique: true } },
  { key: { stage: 1, dueAt: 1 }, options: {} },
  { key: { dueAt: -1 }, options: {} },
  { key: { state: 1, lane: 1, dueAt: 1 }, options: {} },
  { key: { 'intents.key': 1 }, options: { sparse: true } },
  { key: { 'attendees.nextAt': 1 }, options: {} },
  { key: { roles: 1, active: 1 }, options: {} },
  { key: { name: 1 }, options: {} },
];

const DAY = 86_400_000;
const WORDS = ['an', 'Ban', 'báo cáo', 'Báo', 'đê', 'Đê', 'ê', '', 'a.b', 'sở'];
const STAGES = ['assigned', 'doing', 'submitted', 'completed', 'paused'];
const SCALARS = ['code', 'stage', 'state', 'lane', 'dueAt', 'doneAt', 'n', 'active', 'name'];

const date = (r: SeededRandom): Date => new Date(1_767_225_600_000 + r.int(6) * DAY);
const dateOrNull = (r: SeededRandom): Date | null => (r.chance(0.25) ? null : date(r));
const person = (r: SeededRandom): string => `p${r.int(4)}`;
const cause = (r: SeededRandom): string => `telegram:${r.int(8)}`;
const code = (r: SeededRandom): string => `NV-${r.int(14)}`;

function valueFor(field: string, r: SeededRandom): unknown {
  if (field === 'code') return code(r);
  if (field === 'stage') return r.pick(STAGES);
  if (field === 'dueAt' || field === 'doneAt') return dateOrNull(r);
  if (field === 'n') return r.pick([0, 1, 2, 3, -1, 2.5]);
  if (field === 'active') return r.chance(0.5);
  if (field === 'name') return r.pick(WORDS);
  return r.chance(0.15) ? null : r.pick(['planned', 'claimed', 'urgent', 'sent']);
}

const attendee = (r: SeededRandom): Document => ({ personId: person(r), answer: r.pick(['none', 'attending', null]), ...(r.chance(0.7) ? { nextAt: dateOrNull(r) } : {}) });
const intent = (r: SeededRandom): Document => ({ key: `k${r.int(6)}`, lane: r.pick(['urgent', 'ordinary']) });
const attempt = (r: SeededRandom): Document => ({ no: r.int(3), outcome: r.pick(['started', 'accepted', 'failed']) });

/** A document like a task, a meeting and a delivery together. */
export function documentOf(r: SeededRandom, id: number): Document {
  const doc: Document = { _id: id, code: `NV-${id}` };
  for (const field of SCALARS.slice(1)) if (r.chance(0.8)) doc[field] = valueFor(field, r);
  if (r.chance(0.7)) doc.causes = r.list(0, 4, () => cause(r));
  if (r.chance(0.6)) doc.intents = r.list(0, 3, () => intent(r));
  if (r.chance(0.6)) doc.attendees = r.list(0, 3, () => attendee(r));
  if (r.chance(0.5)) doc.attempts = r.list(0, 3, () => attempt(r));
  if (r.chance(0.6)) doc.roles = r.list(0, 2, () => r.pick(['leader', 'officer', 'office']));
  if (r.chance(0.5)) doc.data = { taskCode: code(r), note: r.pick(WORDS) };
  return doc;
}

function condition(field: string, r: SeededRandom): unknown {
  const value = (): unknown => valueFor(field, r);
  return r.pick<() => unknown>([
    value, value, () => ({ $in: r.list(0, 3, value) }), () => ({ $nin: r.list(1, 2, value) }), () => ({ $ne: value() }),
    () => ({ $gt: value() }), () => ({ $gte: value() }), () => ({ $lt: value() }), () => ({ $lte: value() }),
    () => ({ $gte: value(), $lt: value() }), () => ({ $lte: value(), $ne: null }), () => ({ $exists: r.chance(0.5) }), () => null,
  ])();
}

function arrayLeaf(r: SeededRandom): Document {
  return r.pick<() => Document>([
    () => ({ causes: cause(r) }), () => ({ causes: { $ne: cause(r) } }), () => ({ causes: { $nin: [cause(r), cause(r)] } }),
    () => ({ 'intents.key': { $gt: '' } }), () => ({ 'intents.key': { $in: [`k${r.int(6)}`, `k${r.int(6)}`] } }), () => ({ 'intents.key': { $exists: r.chance(0.5) } }),
    () => ({ 'attendees.personId': person(r) }), () => ({ 'attendees.nextAt': { $lte: date(r) } }), () => ({ 'attendees.nextAt': null }),
    () => ({ attendees: { $elemMatch: { personId: person(r), answer: 'none' } } }), () => ({ 'intents.0': { $exists: true } }),
    () => ({ roles: r.pick(['leader', 'officer']) }), () => ({ roles: { $in: ['leader', 'office'] } }), () => ({ 'data.taskCode': code(r) }),
    () => ({ 'attempts.outcome': { $ne: 'started' } }),
  ])();
}

function leaf(r: SeededRandom): Document {
  if (r.chance(0.3)) return arrayLeaf(r);
  if (r.chance(0.1)) return { name: { $regex: r.pick(['^b', 'b', '^Đ', 'á', '^a\\.b', '^']), ...(r.chance(0.4) ? { $options: 'i' } : {}) } };
  if (r.chance(0.08)) return { $expr: { [r.pick(['$gt', '$lte'])]: ['$dueAt', '$doneAt'] } };
  const field = r.pick(SCALARS);
  return { [field]: condition(field, r) };
}

/** A filter of one to three conditions, with `$or` and `$and` as the application writes them. */
export function filterOf(r: SeededRandom, depth = 0): Document {
  const filter: Document = Object.assign({}, ...r.list(0, 2, () => leaf(r)));
  if (depth < 2 && r.chance(0.25)) filter.$or = r.list(1, 3, () => filterOf(r, depth + 1));
  if (depth < 2 && r.chance(0.15)) filter.$and = r.list(1, 2, () => filterOf(r, depth + 1));
  return filter;
}

/** A sort that leaves no ties: their order is free. */
function sortOf(r: SeededRandom): Document {
  const fields = r.list(0, 2, () => r.pick([...SCALARS, 'data.taskCode']));
  return { ...Object.fromEntries(fields.map((field) => [field, r.pick([1, -1])])), _id: r.pick([1, -1]) };
}

const PROJECTIONS: Document[] = [
  {}, {}, { intents: 1 }, { _id: 1 }, { _id: 0, code: 1, 'attendees.personId': 1 }, { causes: 0, history: 0 }, { 'data.note': 1, n: 1 }, { attendees: { personId: 1 } },
];

function updateOf(r: SeededRandom, id: number): { update: Document; options: Document } {
  const update: Document = {};
  const options: Document = {};
  const field = r.pick(SCALARS.slice(1));
  if (r.chance(0.7)) update.$set = { [field]: valueFor(field, r), ...(r.chance(0.2) ? { 'data.note': r.pick(WORDS) } : {}) };
  if (r.chance(0.3)) update.$inc = { [r.pick(['rev', 'n', 'data.tries'])]: r.pick([1, -1, 2.5]) };
  if (r.chance(0.15)) update.$unset = { [r.pick(SCALARS.slice(1))]: '' };
  if (r.chance(0.15)) update.$max = { seenAt: date(r) };
  if (r.chance(0.12)) update.$addToSet = { [r.pick(['roles', 'told'])]: r.chance(0.5) ? 'leader' : { $each: ['leader', person(r)] } };
  if (r.chance(0.3)) update.$push = { causes: { $each: [cause(r)], $slice: r.pick([-1, -2, -20]) }, ...(r.chance(0.3) ? { intents: { $each: [intent(r)] } } : {}) };
  else if (r.chance(0.2)) update.$pull = r.pick([{ intents: { key: { $in: ['k1', 'k2', 'k3'] } } }, { causes: cause(r) }, { attendees: { personId: person(r) } }]);
  if (r.chance(0.15)) {
    update.$set = { 'attempts.$[open].outcome': 'unknown', 'attempts.$[open].code': 'lapsed' };
    options.arrayFilters = [{ 'open.outcome': 'started' }];
  } else if (r.chance(0.1)) {
    update.$set = { 'attendees.$[own].answer': 'attending' };
    options.arrayFilters = [{ 'own.personId': person(r) }];
  }
  if (r.chance(0.1)) update.$currentDate = { storedAt: true };
  if (r.chance(0.25)) {
    options.upsert = true;
    update.$setOnInsert = { _id: id, code: `NV-${id}`, ...(r.chance(0.3) ? { n: 7 } : {}) };
  }
  if (Object.keys(update).length === 0) update.$set = { n: 1 };
  return { update, options };
}

function pipelineOf(r: SeededRandom): Document[] {
  const group = r.pick<Document>([
    { _id: '$state', n: { $sum: 1 } }, { _id: '$stage', n: { $sum: '$n' } }, { _id: 1, n: { $sum: 1 } },
  ]);
  return [{ $match: filterOf(r) }, { $group: group }, { $sort: { _id: 1 } }];
}

/** The next command; `id` is one that no document has yet. */
export function workOf(r: SeededRandom, id: number): Work {
  const filter = filterOf(r);
  const kind = r.pick(['find', 'find', 'find', 'count', 'distinct', 'aggregate', 'insertMany', 'updateOne', 'updateMany', 'findOneAndUpdate', 'findOneAndUpdate', 'deleteOne', 'deleteMany'] as const);
  if (kind === 'find') return { kind, filter, sort: sortOf(r), skip: r.pick([0, 0, 0, 2]), limit: r.pick([0, 0, 1, 3, 50]), projection: r.pick(PROJECTIONS) };
  if (kind === 'distinct') return { kind, key: r.pick(['stage', 'roles', 'intents.key', 'attendees.nextAt', 'dueAt']), filter };
  if (kind === 'aggregate') return { kind, pipeline: pipelineOf(r) };
  if (kind === 'insertMany') return { kind, documents: [documentOf(r, r.int(id)), documentOf(r, id), { ...documentOf(r, id + 1), ...(r.chance(0.3) ? { code: code(r) } : {}) }], ordered: r.chance(0.5) };
  if (kind === 'count') return { kind, filter };
  // Which of several documents is met first is free: a write to one of them names it.
  const only = kind === 'deleteMany' || kind === 'updateMany' ? {} : { _id: r.int(id + 1) };
  if (kind === 'deleteMany' || kind === 'deleteOne') return { kind, filter: { ...filterOf(r), ...leaf(r), ...(kind === 'deleteMany' ? { _id: { $in: [r.int(id), r.int(id)] } } : only) } };
  const { update, options } = updateOf(r, id);
  if (kind === 'updateMany') return { kind, filter, update, options };
  if (kind === 'updateOne') return { kind, filter: { ...filter, ...only }, update: withoutId(update), options };
  const sorted = r.chance(0.5);
  return {
    kind, filter: sorted ? filter : { ...filter, ...only }, update: sorted ? update : withoutId(update),
    options: { ...options, returnDocument: r.pick(['before', 'after']), ...(sorted ? { sort: sortOf(r) } : {}), ...(r.chance(0.3) ? { projection: r.pick(PROJECTIONS) } : {}) },
  };
}

/** A filter that names the `_id` gives an upsert its `_id` already. */
function withoutId(update: Document): Document {
  if (update.$setOnInsert === undefined) return update;
  const { _id, ...others } = update.$setOnInsert as Document;
  return { ...update, $setOnInsert: others };
}
