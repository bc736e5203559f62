import { ObjectId } from 'bson';
import { expect, test } from 'vitest';
import { distinctValues, evaluateLet, runPipeline } from '../../../src/embedded-mongo/agg/index.js';
import { identical, parseCollation, type Collation, type Document } from '../../../src/embedded-mongo/bson/index.js';
import { dbl, dec, int, long, oid } from './values.js';

const NOW = new Date('2026-03-01T08:00:00Z');
const OTHERS: Record<string, Document[]> = { units: [{ _id: 1, name: 'one' }, { _id: 2, name: 'two' }, { _id: 3 }] };

function run(docs: Document[], pipeline: Document[], collation?: Collation): Document[] {
  return [...runPipeline(docs, pipeline, { now: NOW, collation, collection: 'c', read: (name) => OTHERS[name] ?? [] }).docs];
}

function expectSame(actual: unknown, expected: unknown): void {
  if (!identical(actual, expected)) expect(actual).toEqual(expected);
  expect(identical(actual, expected)).toBe(true);
}

const D: Document = { n: int(7), d: dbl(2.5), l: long(5), m: dec('1.10'), s: 'Việt Nam', t: new Date('2024-12-30T17:30:05.006Z'), arr: [3, 1, 2], o: { x: 1 }, docs: [{ k: 'a', v: 1 }, { k: 'b', v: 2 }], nul: null, id: oid('a'), b: true };

const NULLS: [unknown, unknown][] = [
  [{ $eq: ['$missing', null] }, false], [{ $gt: ['x', 5] }, true], [{ $lt: [null, 5] }, true], [{ $lt: ['$missing', null] }, true], [{ $cmp: ['$n', '$l'] }, 1],
  [{ $ifNull: ['$missing', '$nul', 'z'] }, 'z'], [{ $type: '$missing' }, 'missing'], [{ $type: '$id' }, 'objectId'], [{ $not: ['$missing'] }, true], [{ $and: [] }, true],
  [{ $cond: { if: '$b', then: 1, else: 2 } }, 1], [{ $switch: { branches: [{ case: { $eq: ['$n', 7] }, then: 'seven' }], default: 'no' } }, 'seven'],
];
const NUMBERS: [unknown, unknown][] = [
  [{ $add: ['$n', '$l'] }, long(12)], [{ $add: ['$n', '$d'] }, dbl(9.5)], [{ $add: ['$m', 1] }, dec('2.10')], [{ $add: ['$t', 1000] }, new Date('2024-12-30T17:30:06.006Z')],
  [{ $add: ['$n', '$missing'] }, null], [{ $subtract: ['$t', new Date('2024-12-30T17:30:00Z')] }, long(5006)], [{ $subtract: ['$n', '$l'] }, long(2)],
  [{ $add: [int(2147483647), 1] }, long('2147483648')], [{ $multiply: ['$n', '$d'] }, dbl(17.5)], [{ $divide: ['$n', 2] }, dbl(3.5)], [{ $mod: [-7, 3] }, int(-1)],
  [{ $sum: [int(1), long(2), dec('3.5'), 'x'] }, dec('6.5')], [{ $sum: [dbl(0.1), dbl(0.2), dbl(0.3)] }, dbl(0.6)], [{ $sum: '$arr' }, int(6)], [{ $avg: '$arr' }, dbl(2)], [{ $max: ['$arr', 9] }, [3, 1, 2]],
  [{ $min: '$arr' }, int(1)], [{ $round: [dbl(2.5)] }, dbl(2)], [{ $round: [dbl(-1.25), 1] }, dbl(-1.2)], [{ $round: [int(1250), -2] }, int(1200)], [{ $trunc: [dbl(-2.7)] }, dbl(-2)],
  [{ $floor: dec('-1.5') }, dec('-2')], [{ $ceil: '$d' }, dbl(3)], [{ $abs: -3 }, int(3)], [{ $pow: [2, 10] }, int(1024)], [{ $sqrt: 9 }, dbl(3)],
];
const TEXTS: [unknown, unknown][] = [
  [{ $concat: ['$s', '!'] }, 'Việt Nam!'], [{ $concat: ['a', '$nul'] }, null], [{ $toUpper: '$s' }, 'VIệT NAM'], [{ $strLenCP: '$s' }, 8], [{ $strLenBytes: 'ệ' }, 3], [{ $substrCP: ['$s', 2, 3] }, 'ệt '],
  [{ $split: ['a-b', '-'] }, ['a', 'b']], [{ $trim: { input: ' x ' } }, 'x'], [{ $ltrim: { input: 'xxay', chars: 'x' } }, 'ay'], [{ $indexOfCP: ['$s', 'Nam'] }, 5], [{ $regexMatch: { input: '$s', regex: /nam/i } }, true],
  [{ $regexFind: { input: 'a1b2', regex: '([a-z])(\\d)' } }, { match: 'a1', idx: 0, captures: ['a', '1'] }], [{ $regexFindAll: { input: 'aXbX', regex: 'X' } }, [{ match: 'X', idx: 1, captures: [] }, { match: 'X', idx: 3, captures: [] }]],
  [{ $replaceAll: { input: 'a.a', find: 'a', replacement: { $literal: '$&' } } }, '$&.$&'], [{ $toString: '$id' }, 'a'.repeat(24)], [{ $toString: dbl(2.5) }, '2.5'], [{ $toString: '$t' }, '2024-12-30T17:30:05.006Z'],
];
const ARRAYS: [unknown, unknown][] = [
  [{ $size: '$arr' }, 3], [{ $arrayElemAt: ['$arr', -1] }, 2], [{ $first: '$arr' }, 3], [{ $slice: ['$arr', 1, 1] }, [1]], [{ $in: [long(1), '$arr'] }, true], [{ $concatArrays: ['$arr', [9]] }, [3, 1, 2, 9]],
  [{ $filter: { input: '$arr', as: 'x', cond: { $gt: ['$$x', 1] } } }, [3, 2]], [{ $map: { input: '$docs', in: '$$this.v' } }, [1, 2]], [{ $reduce: { input: '$arr', initialValue: 0, in: { $add: ['$$value', '$$this'] } } }, int(6)],
  ['$docs.v', [1, 2]], ['$o.x', 1], [['$missing', '$n'], [null, int(7)]], [{ a: '$missing', b: '$n' }, { b: int(7) }], [{ $sortArray: { input: '$arr', sortBy: 1 } }, [1, 2, 3]],
  [{ $arrayToObject: '$docs' }, { a: 1, b: 2 }], [{ $objectToArray: '$o' }, [{ k: 'x', v: 1 }]], [{ $mergeObjects: ['$o', { y: 2 }, null] }, { x: 1, y: 2 }], [{ $setUnion: [[2, 1], [1, 3]] }, [1, 2, 3]], [{ $range: [0, 5, 2] }, [0, 2, 4]],
  [{ $zip: { inputs: [[1, 2], ['a', 'b']] } }, [[1, 'a'], [2, 'b']]], [{ $getField: { field: 'x', input: '$o' } }, 1], [{ $setField: { field: 'a.b', input: '$o', value: 2 } }, { x: 1, 'a.b': 2 }], [{ $let: { vars: { v: '$n' }, in: ['$$v', '$$ROOT.n'] } }, [int(7), int(7)]],
  [{ $reverseArray: '$arr' }, [2, 1, 3]], [{ $indexOfArray: ['$arr', 2] }, 2], [{ $maxN: { input: '$arr', n: 2 } }, [3, 2]], [{ $literal: '$n' }, '$n'], ['$$NOW', NOW],
];
const CONVERSIONS: [unknown, unknown][] = [
  [{ $toObjectId: 'a'.repeat(24) }, new ObjectId('a'.repeat(24))], [{ $toInt: '12' }, int(12)], [{ $toInt: dbl(2.9) }, int(2)], [{ $toLong: '$t' }, long(1735579805006)], [{ $toDecimal: dbl(2.5) }, dec('2.50000000000000')],
  [{ $toDate: '2024-02-29' }, new Date('2024-02-29T00:00:00Z')], [{ $toBool: '' }, true], [{ $convert: { input: 'x', to: 'int', onError: 'E' } }, 'E'], [{ $convert: { input: null, to: 'int', onNull: 'N' } }, 'N'], [{ $isNumber: '$m' }, true],
];
test.each([...NULLS, ...NUMBERS, ...TEXTS, ...ARRAYS, ...CONVERSIONS])('%j is %j', (expression, expected) => {
  expectSame(run([D], [{ $replaceWith: { r: expression } }])[0]?.r, expected);
});

test.each<[unknown, number]>([
  [{ $foo: 1 }, 168], [{ $add: ['$s', 1] }, 14], [{ $divide: [1, 0] }, 2], [{ $size: '$missing' }, 17124], [{ $eq: [1] }, 16020], [{ $concat: ['a', 1] }, 16702], ['$$nope', 17276], ['$a..b', 15998],
  [{ a: 1, $b: 1 }, 16410], [{ $add: 1, $b: 1 }, 15983], [{ $toInt: 'x' }, 241], [{ $dateToString: { format: '%Y' } }, 9], [{ $dateToString: { date: '$t', foo: 1 } }, 9], [{ $hour: { date: '$t', timezone: 'Mars/Base' } }, 40485],
  [{ $in: [1, '$s'] }, 40081], [{ $let: { vars: { A: 1 }, in: 1 } }, 16867], [{ $switch: { branches: [{ case: false, then: 1 }] } }, 40066], [{ $mergeObjects: [1] }, 40400], [{ $meta: 'x' }, 168],
])('%j is refused with %i', (expression, code) => {
  expect(() => run([D], [{ $replaceWith: { r: expression } }])).toThrow(expect.objectContaining({ code }) as Error);
});

const SALES: Document[] = [
  { _id: 1, unit: 1, q: int(2), tags: ['a', 'b'] }, { _id: 2, unit: 2, q: long(3), tags: [] }, { _id: 3, unit: dbl(1), q: dbl(0.5) }, { _id: 4, q: null, tags: 'c' },
];
test.each<[string, Document[], Document[]]>([
  ['$group', [{ $group: { _id: '$unit', n: { $sum: 1 }, q: { $sum: '$q' }, avg: { $avg: '$q' }, max: { $max: '$q' }, list: { $push: '$q' } } }], [
    { _id: 1, n: int(2), q: dbl(2.5), avg: dbl(1.25), max: int(2), list: [int(2), dbl(0.5)] },
    { _id: 2, n: int(1), q: long(3), avg: dbl(3), max: long(3), list: [long(3)] },
    { _id: null, n: int(1), q: int(0), avg: null, max: null, list: [null] },
  ]],
  ['$group of missing', [{ $group: { _id: null, t: { $push: '$tags' }, f: { $first: '$tags' }, l: { $last: '$unit' }, s: { $addToSet: '$unit' }, c: { $count: {} } } }], [{ _id: null, t: [['a', 'b'], [], 'c'], f: ['a', 'b'], l: null, s: [1, 2], c: int(4) }]],
  ['$count', [{ $match: { q: { $gt: 1 } } }, { $count: 'n' }], [{ n: 2 }]],
  ['$count of nothing', [{ $match: { q: 99 } }, { $count: 'n' }], []],
  ['$unwind', [{ $unwind: '$tags' }, { $project: { tags: 1 } }], [{ _id: 1, tags: 'a' }, { _id: 1, tags: 'b' }, { _id: 4, tags: 'c' }]],
  ['$unwind with all', [{ $unwind: { path: '$tags', includeArrayIndex: 'i', preserveNullAndEmptyArrays: true } }, { $project: { tags: 1, i: 1 } }], [
    { _id: 1, tags: 'a', i: long(0) }, { _id: 1, tags: 'b', i: long(1) }, { _id: 2, i: null }, { _id: 3, i: null }, { _id: 4, tags: 'c', i: null },
  ]],
  ['$lookup by field', [{ $lookup: { from: 'units', localField: 'unit', foreignField: '_id', as: 'u' } }, { $project: { n: '$u.name' } }], [{ _id: 1, n: ['one'] }, { _id: 2, n: ['two'] }, { _id: 3, n: ['one'] }, { _id: 4, n: [] }]],
  ['$lookup of null', [{ $match: { _id: 4 } }, { $lookup: { from: 'units', localField: 'unit', foreignField: 'name', as: 'x.u' } }, { $project: { x: 1 } }], [{ _id: 4, x: { u: [{ _id: 3 }] } }]],
  ['$lookup by pipeline', [{ $match: { _id: { $lte: 2 } } }, { $lookup: { from: 'units', let: { u: '$unit' }, pipeline: [{ $match: { $expr: { $gt: ['$_id', '$$u'] } } }, { $project: { _id: 1 } }], as: 'u' } }, { $project: { u: 1 } }], [{ _id: 1, u: [{ _id: 2 }, { _id: 3 }] }, { _id: 2, u: [{ _id: 3 }] }]],
  ['$facet', [{ $facet: { n: [{ $count: 'c' }], first: [{ $limit: 1 }, { $project: { _id: 1 } }] } }], [{ n: [{ c: 4 }], first: [{ _id: 1 }] }]],
  ['$sort $skip $limit', [{ $sort: { q: -1, _id: 1 } }, { $skip: 1 }, { $limit: 2 }, { $project: { _id: 1 } }], [{ _id: 1 }, { _id: 3 }]],
  ['$sortByCount', [{ $sortByCount: '$unit' }, { $limit: 1 }], [{ _id: 1, count: int(2) }]],
  ['$bucket', [{ $bucket: { groupBy: '$_id', boundaries: [1, 3, 4], default: 'rest', output: { ids: { $push: '$_id' } } } }], [{ _id: 1, ids: [1, 2] }, { _id: 3, ids: [3] }, { _id: 'rest', ids: [4] }]],
  ['$unionWith', [{ $limit: 1 }, { $project: { _id: 1 } }, { $unionWith: { coll: 'units', pipeline: [{ $match: { _id: 3 } }] } }], [{ _id: 1 }, { _id: 3 }]],
  ['$documents', [{ $documents: [{ a: 1 }, { a: 2 }] }, { $match: { a: 2 } }], [{ a: 2 }]],
  ['$addFields into arrays', [{ $limit: 1 }, { $project: { _id: 0, x: [{ a: 1 }, 5] } }, { $addFields: { 'x.b': 2 } }], [{ x: [{ a: 1, b: 2 }, { b: 2 }] }]],
  ['$set and $$REMOVE', [{ $limit: 1 }, { $set: { tags: '$$REMOVE', q: { $literal: 1 } } }], [{ _id: 1, unit: 1, q: 1 }]],
])('%s', (_name, pipeline, expected) => {
  expectSame(run(SALES, pipeline), expected);
});

test('a collation holds in every stage', () => {
  const docs = ['Lê', 'LÊ', 'Le'].map((n) => ({ n }));
  const collation = parseCollation({ locale: 'vi', strength: 2 });
  expect(run(docs, [{ $match: { n: 'lê' } }, { $group: { _id: '$n', c: { $sum: 1 } } }], collation)).toEqual([{ _id: 'Lê', c: int(2) }]);
});

test.each<[unknown, number]>([
  [[{ $foo: 1 }], 40324], [[{ $graphLookup: {} }], 238], [[{ $geoNear: {} }], 238], [[{}], 40323], [[{ $match: {}, $limit: 1 }], 40323], ['x', 14], [[1], 14], [[{ $limit: 0 }], 15958], [[{ $limit: 'x' }], 5107201],
  [[{ $skip: -1 }], 5107200], [[{ $group: {} }], 15955], [[{ $group: { _id: 1, x: { $foo: 1 } } }], 15952], [[{ $group: { _id: 1, x: 1 } }], 40234], [[{ $group: { _id: 1, x: { $stdDevPop: 1 } } }], 238],
  [[{ $project: {} }], 51272], [[{ $project: { a: 1, b: 0 } }], 31254], [[{ $project: { a: { $foo: 1 } } }], 31325], [[{ $unwind: 'x' }], 28818], [[{ $sort: {} }], 15976], [[{ $count: '' }], 40156],
  [[{ $lookup: { from: 'x', as: 'y' } }], 9], [[{ $facet: { a: [{ $facet: {} }] } }], 40600], [[{ $out: 'x' }, { $limit: 1 }], 40601], [[{ $match: { $foo: 1 } }], 2], [[{ $replaceRoot: { newRoot: 1 } }], 40228],
  [[{ $limit: 1 }, { $documents: [] }], 40602],
])('%j is refused with %i', (pipeline, code) => {
  expect(() => run(SALES, pipeline as Document[])).toThrow(expect.objectContaining({ code }) as Error);
});

test('$out and $merge are handed to the caller', () => {
  const env = { now: NOW, collection: 'c', read: () => [] };
  expect(runPipeline(SALES, [{ $out: 'x' }], env).write).toEqual({ kind: 'out', collection: 'x' });
  expect(runPipeline(SALES, [{ $merge: { into: 'x', on: ['a'], whenMatched: 'keepExisting' } }], env).write).toEqual({ kind: 'merge', collection: 'x', on: ['a'], whenMatched: 'keepExisting', whenNotMatched: 'insert' });
});

test('variables and distinct values', () => {
  expect(evaluateLet({ a: { $add: [1, 2] }, b: { $multiply: ['$$a', 2] } }, NOW)).toEqual({ a: int(3), b: int(6) });
  expect(run([{ a: 3 }], [{ $match: { $expr: { $eq: ['$a', 3] } } }])).toHaveLength(1);
  expect(distinctValues([{ a: 1 }, { a: [long(1), 2] }, {}, { a: null }, { a: [[2]] }], 'a')).toEqual([1, 2, null, [2]]);
  expect(distinctValues([{ a: [{ b: 1 }, { b: 2 }] }, { a: { b: 2 } }], 'a.b')).toEqual([1, 2]);
});
