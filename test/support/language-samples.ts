import { Decimal128, Double, Int32, Long, ObjectId } from 'bson';
import type { Document } from '../../src/embedded-mongo/bson/index.js';

/** A small seeded generator (mulberry32). */
export class Random {
  constructor(private state: number) {}
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }
  int(below: number): number {
    return Math.floor(this.next() * below);
  }
  pick<T>(items: readonly T[]): T {
    return items[this.int(items.length)] as T;
  }
}

/** The moment "now" is in every evaluation. */
export const NOW = new Date('2026-03-01T00:00:00Z');
const ID = new ObjectId('65f000000000000000000001');
const FIELDS = ['a', 'b', 'c'];
/** Paths into the documents, of which some miss. */
export const PATHS = ['a', 'b', 'c', 'a.b', 'a.c', 'b.a', 'a.0', 'a.b.c', 'b.1.a'];

function scalar(r: Random): unknown {
  return r.pick<() => unknown>([
    () => new Int32(r.int(4)),
    () => new Int32(r.int(4)),
    () => new Double(r.pick([0.5, 1, 2, -1.5])),
    () => Long.fromNumber(r.int(4)),
    () => Decimal128.fromString(r.pick(['1', '2.0', '1.5'])),
    () => r.pick(['x', 'y', 'xy', '', 'Xa']),
    () => r.pick(['x', 'y']),
    () => null,
    () => r.next() < 0.5,
    () => new Date(r.pick([0, 86400000, 1700000000000])),
    () => ID,
  ])();
}

function value(r: Random, depth = 0): unknown {
  const kind = r.next();
  if (depth < 3 && kind < 0.22) return Array.from({ length: r.int(4) }, () => value(r, depth + 1));
  if (depth < 3 && kind < 0.42) return doc(r, depth + 1);
  return scalar(r);
}

/** A random document, up to three levels deep. */
export function doc(r: Random, depth = 0): Document {
  const out: Document = {};
  for (const field of FIELDS) if (r.next() < 0.6) out[field] = value(r, depth);
  return out;
}

function condition(r: Random, depth = 0): unknown {
  const op = r.pick(['lit', 'lit', '$eq', '$ne', '$gt', '$gte', '$lt', '$lte', '$in', '$nin', '$exists', '$type', '$regex', '$mod', '$size', '$all', '$elemMatch', '$elemMatch2', '$not', 'two']);
  switch (op) {
    case 'lit':
      return value(r, 1);
    case '$in':
    case '$nin':
    case '$all':
      return { [op]: Array.from({ length: 1 + r.int(2) }, () => value(r, 2)) };
    case '$exists':
      return { $exists: r.next() < 0.5 };
    case '$type':
      return { $type: r.pick<unknown>(['string', 'number', 'int', 'array', 'object', 'null', 'bool', ['date', 'long']]) };
    case '$regex':
      return { $regex: r.pick(['^x', 'y$', 'X', '.']), ...(r.next() < 0.3 ? { $options: 'i' } : {}) };
    case '$mod':
      return { $mod: [2, r.int(2)] };
    case '$size':
      return { $size: r.int(3) };
    case '$elemMatch':
      return depth > 1 ? 1 : { $elemMatch: filter(r, depth + 1) };
    case '$elemMatch2':
      return { $elemMatch: { [r.pick(['$gt', '$lt', '$eq'])]: scalar(r) } };
    case '$not':
      return { $not: { [r.pick(['$gt', '$eq', '$lte'])]: value(r, 2) } };
    case 'two':
      return { $gt: scalar(r), $lt: scalar(r) };
    default:
      return { [op]: value(r, 2) };
  }
}

/** A random filter of one or two conditions, sometimes nested. */
export function filter(r: Random, depth = 0): Document {
  if (depth < 2 && r.next() < 0.15) return { [r.pick(['$or', '$and', '$nor'])]: [filter(r, depth + 1), filter(r, depth + 1)] };
  const out: Document = { [r.pick(PATHS)]: condition(r, depth) };
  if (r.next() < 0.2) out[r.pick(PATHS)] = condition(r, depth);
  return out;
}

/** A random aggregation expression. */
export function expression(r: Random, depth = 0): unknown {
  const leaf = (): unknown => r.pick<() => unknown>([() => `$${r.pick(['a', 'b', 'c', 'a.b', 'b.c', 'missing'])}`, () => ({ $literal: scalar(r) })])();
  if (depth > 2 || r.next() < 0.25) return leaf();
  const sub = (): unknown => expression(r, depth + 1);
  return r.pick<() => unknown>([
    () => ({ [r.pick(['$eq', '$ne', '$gt', '$gte', '$lt', '$lte', '$cmp'])]: [sub(), sub()] }),
    () => ({ [r.pick(['$and', '$or'])]: [sub(), sub()] }),
    () => ({ $not: [sub()] }),
    () => ({ $cond: [sub(), sub(), sub()] }),
    () => ({ $ifNull: [sub(), sub()] }),
    () => ({ $type: sub() }),
    () => ({ $isArray: [sub()] }),
    () => ({ $isNumber: sub() }),
    () => ({ [r.pick(['$sum', '$avg', '$min', '$max'])]: r.next() < 0.5 ? sub() : [sub(), sub()] }),
    () => ({ [r.pick(['$add', '$multiply', '$subtract', '$divide', '$mod'])]: [sub(), sub()] }),
    () => ({ $mergeObjects: [sub(), sub()] }),
    () => ({ $concatArrays: [sub(), [sub()]] }),
    () => ({ $toString: sub() }),
    () => ({ $convert: { input: sub(), to: r.pick(['int', 'double', 'long', 'bool', 'decimal', 'date', 'string']), onError: 'E', onNull: 'N' } }),
    () => ({ $map: { input: sub(), as: 'x', in: { $ifNull: ['$$x.a', '$$x'] } } }),
    () => ({ $filter: { input: sub(), cond: { $gt: ['$$this', 1] } } }),
    () => ({ $arrayElemAt: [sub(), r.pick([0, 1, -1])] }),
    () => ({ $slice: [sub(), r.pick([1, -1, 2])] }),
    () => ({ $cond: [{ $isArray: [sub()] }, { $size: { $ifNull: ['$a', []] } }, 0] }),
    () => ({ $in: [sub(), [sub(), sub()]] }),
    () => ({ p: sub(), q: { s: sub() } }),
    () => [sub(), sub()],
    () => ({ $round: [sub(), 1] }),
    () => ({ [r.pick(['$floor', '$ceil', '$abs', '$trunc'])]: sub() }),
    () => ({ $objectToArray: sub() }),
    () => ({ $reduce: { input: sub(), initialValue: 0, in: { $ifNull: ['$$this', '$$value'] } } }),
    () => ({ $let: { vars: { v: sub() }, in: ['$$v', '$$v.a'] } }),
    () => ({ $concat: [sub(), 'z'] }),
    // Not of any expression: $toUpper of $type makes DocumentDB 1.0 crash.
    () => ({ [r.pick(['$toUpper', '$toLower'])]: leaf() }),
    () => ({ $dateToString: { date: sub(), format: '%Y-%m-%d %H', timezone: 'Asia/Ho_Chi_Minh' } }),
  ])();
}

/** A random stage of a pipeline. */
export function stage(r: Random): Document {
  const path = (): string => r.pick(['a', 'b', 'c', 'a.b']);
  return r.pick<() => Document>([
    () => ({ $match: filter(r) }),
    () => ({ $project: { [r.pick(['x', 'a', 'a.b', 'd.e'])]: expression(r), b: 1 } }),
    () => ({ $project: { [path()]: 1 } }),
    () => ({ $project: { [path()]: 0 } }),
    () => ({ $addFields: { [r.pick(['x', 'a', 'a.b', 'd.e'])]: expression(r) } }),
    () => ({ $unwind: r.next() < 0.5 ? `$${path()}` : { path: `$${path()}`, preserveNullAndEmptyArrays: true, includeArrayIndex: 'i' } }),
    () => ({ $group: { _id: { $ifNull: [`$${path()}`, null] }, n: { $sum: 1 }, s: { $sum: '$b' }, m: { $max: '$c' }, l: { $min: '$c' }, v: { $avg: '$b' } } }),
    () => ({ $unset: [path()] }),
    () => ({ $replaceWith: { $mergeObjects: [{ _id: '$_id' }, '$a'] } }),
    () => ({ $lookup: { from: 'docs', localField: path(), foreignField: path(), as: 'j' } }),
    () => ({ $sortByCount: { $ifNull: [`$${path()}`, null] } }),
  ])();
}

/** A random projection of a find. */
export function projection(r: Random): Document {
  return r.pick<() => Document>([
    () => ({ [r.pick(['a', 'a.b', 'b.c', 'c'])]: 1, _id: r.int(2) }),
    () => ({ [r.pick(['a', 'a.b', 'b.c', 'c'])]: 0 }),
    () => ({ [r.pick(['a', 'a.b'])]: { $slice: r.pick<unknown>([1, -1, [1, 1], [-2, 1]]) } }),
    () => ({ b: 1, a: { $slice: 1 } }),
    () => ({ a: { $elemMatch: filter(r, 2) }, c: 1 }),
    () => ({ a: { b: 1, c: 1 } }),
    () => ({ a: { b: 0 } }),
    () => ({ x: expression(r), a: 1 }),
  ])();
}

/** A random update: operators, a pipeline, or now and then a replacement. */
export function update(r: Random): Document | Document[] {
  const path = (): string => r.pick(['a', 'b', 'c', 'd', 'a.b', 'a.c', 'b.0', 'a.2', 'a.0.b', 'b.x.y', 'c.$[]', 'a.$[].b']);
  const number = (): unknown => r.pick([new Int32(2), new Double(1.5), Long.fromNumber(3), Decimal128.fromString('2.5')]);
  const one = (): Document =>
    r.pick<() => Document>([
      () => ({ $set: { [path()]: value(r, 1) } }),
      () => ({ $set: { [path()]: value(r, 2), [path()]: value(r, 2) } }),
      () => ({ $unset: { [path()]: '' } }),
      () => ({ $inc: { [path()]: number() } }),
      () => ({ $mul: { [path()]: number() } }),
      () => ({ $min: { [path()]: value(r, 2) } }),
      () => ({ $max: { [path()]: value(r, 2) } }),
      () => ({ $rename: { [r.pick(['a', 'b', 'a.b'])]: r.pick(['d', 'c', 'c.x']) } }),
      () => ({ $push: { [path()]: value(r, 2) } }),
      () => ({ $push: { [path()]: { $each: [value(r, 2), scalar(r)], ...(r.next() < 0.5 ? { $position: r.pick([0, 1, -1]) } : {}), ...(r.next() < 0.5 ? { $slice: r.pick([0, 2, -2]) } : {}), ...(r.next() < 0.5 ? { $sort: r.pick<unknown>([1, -1, { a: 1 }]) } : {}) } } }),
      () => ({ $addToSet: { [path()]: value(r, 2) } }),
      () => ({ $addToSet: { [path()]: { $each: [scalar(r), scalar(r)] } } }),
      () => ({ $pop: { [path()]: r.pick([1, -1]) } }),
      () => ({ $pull: { [path()]: r.pick<unknown>([scalar(r), { $gt: scalar(r) }, { $in: [scalar(r), scalar(r)] }, filter(r, 2), value(r, 2)]) } }),
      () => ({ $pullAll: { [path()]: [scalar(r), value(r, 2)] } }),
      () => ({ $bit: { [path()]: { [r.pick(['and', 'or', 'xor'])]: new Int32(r.int(8)) } } }),
      () => ({ $setOnInsert: { [path()]: 1 }, $set: { z: 1 } }),
    ])();
  if (r.next() < 0.1) return [{ $set: { [r.pick(['a', 'x', 'a.b'])]: expression(r) } }];
  if (r.next() < 0.05) return doc(r);
  return r.next() < 0.7 ? one() : { ...one(), ...one() };
}
