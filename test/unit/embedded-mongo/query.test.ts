import { Binary, BSONRegExp, MaxKey, MinKey } from 'bson';
import { expect, test } from 'vitest';
import { parseCollation, type Document } from '../../../src/embedded-mongo/bson/index.js';
import { compileMatch, type MatchOptions } from '../../../src/embedded-mongo/query/index.js';
import { dbl, dec, int, long, oid } from './values.js';

const matches = (filter: Document, doc: Document, options?: MatchOptions): boolean => compileMatch(filter, options).matches(doc);

const HITS: [Document, ...Document[]][] = [
  [{}, {}, { a: 1 }],
  [{ a: 5 }, { a: long(5) }, { a: dbl(5) }, { a: dec('5.0') }, { a: [1, 5] }],
  [{ a: { $gt: 5 } }, { a: long(7) }, { a: dec('5.1') }, { a: ['x', 6] }],
  [{ a: { $gt: long('9') } }, { a: long('10') }],
  [{ a: { $gt: dec('9') } }, { a: dec('10') }],
  [{ a: { $gte: dbl(NaN) } }, { a: dbl(NaN) }],
  [{ a: null }, {}, { a: null }, { a: [1, null] }],
  [{ 'a.b': null }, { a: [{ b: 1 }, {}] }, { a: 4 }, { a: {} }, {}],
  [{ a: { $gte: null } }, {}, { a: null }],
  [{ a: { $gt: new MinKey() } }, { a: 1 }, { a: 'x' }, {}],
  [{ a: { $lte: new MaxKey() } }, { a: 1 }, {}],
  [{ a: { x: 1, y: 2 } }, { a: { x: 1, y: 2 } }, { a: [{ x: dbl(1), y: 2 }] }],
  [{ a: [1, 2] }, { a: [1, 2] }, { a: [[1, 2], 3] }],
  [{ a: { $all: [1] } }, { a: 1 }, { a: [1, 2] }],
  [{ a: { $all: [{ $elemMatch: { b: 1 } }, { $elemMatch: { b: 2 } }] } }, { a: [{ b: 1 }, { b: 2 }] }],
  [{ 'a.b': { $size: 1 } }, { a: [{ b: [] }, { b: [7] }] }],
  [{ 'a.0': 7 }, { a: [7] }, { a: { 0: 7 } }, { a: [{ 0: 7 }] }],
  [{ 'a.1.b': 2 }, { a: [{ b: 1 }, { b: 2 }] }],
  [{ a: { $type: 'objectId' } }, { a: oid('a') }, { a: [1, oid('a')] }],
  [{ a: { $type: 7 } }, { a: oid('a') }],
  [{ a: { $type: 'number' } }, { a: 1 }, { a: dec('1') }],
  [{ a: { $type: ['string', 'array'] } }, { a: [] }, { a: ['x'] }],
  [{ a: { $type: 'binData' } }, { a: new Binary(Buffer.from('x')) }],
  [{ a: { $type: 'double' } }, { a: dbl(1) }],
  [{ a: /^x/i }, { a: 'Xy' }, { a: ['-', 'x'] }, { a: new BSONRegExp('^x', 'i') }],
  [{ a: { $in: [/x/g, 3] } }, { a: 'axb' }, { a: 3 }],
  [{ a: { $regex: '(?i)ĐỖ' } }, { a: 'đỗ văn' }],
  [{ a: { $regex: 'a b # comment', $options: 'x' } }, { a: 'ab' }],
  [{ a: { $regex: '^b', $options: 'm' } }, { a: 'a\nb' }],
  [{ a: { $regex: 'a.c', $options: 's' } }, { a: 'a\nc' }],
  [{ a: { $regex: 'a$' } }, { a: 'a' }, { a: 'a\n' }],
  [{ a: { $regex: '\\Q1+1\\E' } }, { a: '1+1' }],
  [{ a: { $not: /x/ } }, { a: 'y' }, {}, { a: 5 }],
  [{ a: { $mod: [4, 1] } }, { a: 5 }, { a: dbl(5.9) }, { a: long(9) }],
  [{ a: { $mod: [4, -1] } }, { a: -5 }],
  [{ a: { $exists: false } }, {}, { b: 1 }],
  [{ a: { $exists: true } }, { a: null }],
  [{ a: { $ne: 1 } }, {}, { a: [2] }],
  [{ a: { $nin: [1, null] } }, { a: 2 }],
  [{ a: { $elemMatch: { $gt: 1, $lt: 3 } } }, { a: [0, 2] }],
  [{ a: { $elemMatch: { b: 1, c: 2 } } }, { a: [{ b: 1 }, { b: 1, c: 2 }] }],
  [{ a: { $elemMatch: { $or: [{ b: 1 }, { b: 2 }] } } }, { a: [{ b: 2 }] }],
  [{ a: { $bitsAllSet: 5 } }, { a: 7 }, { a: new Binary(Buffer.from([7])) }],
  [{ a: { $bitsAnyClear: [0, 63] } }, { a: 1 }],
  [{ $expr: { $gt: ['$a', '$b'] } }, { a: 2, b: 1 }],
  [{ $or: [{ a: 1 }, { b: 1 }], $nor: [{ c: 1 }], $comment: 'x' }, { b: 1 }],
  [{ $and: [{ a: { $gt: 1 } }, { a: { $lt: 3 } }] }, { a: 2 }, { a: [0, 5] }],
  [{ a: { $eq: /x/ } }, { a: new BSONRegExp('x') }],
  [{ 'a.b': 1 }, { a: [[{ b: 2 }], { b: 1 }] }],
  [{ a: { $ref: 'c', $id: 1 } }, { a: { $ref: 'c', $id: 1 } }],
  [JSON.parse('{"__proto__.x": 1}') as Document, JSON.parse('{"__proto__": {"x": 1}}') as Document],
];
test.each(HITS)('%j matches', (filter, ...docs) => {
  for (const doc of docs) expect(matches(filter, doc), JSON.stringify(doc)).toBe(true);
});

const MISSES: [Document, ...Document[]][] = [
  [{ a: { $gt: 5 } }, { a: '7' }, { a: null }, {}, { a: dbl(NaN) }, { a: new Date(9) }],
  [{ a: null }, { a: [] }, { a: 0 }],
  [{ 'a.b': null }, { a: [] }, { a: [1, 2] }, { a: [{ b: 1 }] }],
  [{ a: { x: 1, y: 2 } }, { a: { y: 2, x: 1 } }],
  [{ a: { $gt: null } }, { a: 1 }, {}],
  [{ a: new Binary(Buffer.from([0xff])) }, { a: new Binary(Buffer.from([0xfe])) }, { a: new Binary(Buffer.from([0xff]), 5) }],
  [{ a: '1.10' }, { a: '1.1' }],
  [{ a: dbl(0.1) }, { a: dec('0.1') }],
  [{ a: { $all: [] } }, { a: [] }],
  [{ a: { $type: 'int' } }, { a: dbl(1) }, { a: long(1) }],
  [{ 'a.0': 1 }, { a: [[1]] }],
  [{ 'a.b': 1 }, { a: [[{ b: 1 }]] }],
  [{ a: { $elemMatch: { $gt: 1, $lt: 3 } } }, { a: [0, 5] }, { a: 2 }],
  [{ a: { $nin: [1, null] } }, {}, { a: [1, 2] }],
  [{ a: { $not: { $gt: 1 } } }, { a: 2 }],
  [{ constructor: { $exists: true } }, {}],
  [{ a: { $regex: '.' } }, { a: '\n' }, { a: 5 }],
  [{ a: { $size: 1 } }, { a: 'x' }],
  [{ a: { $in: [] } }, {}],
];
test.each(MISSES)('%j does not match', (filter, ...docs) => {
  for (const doc of docs) expect(matches(filter, doc), JSON.stringify(doc)).toBe(false);
});

test('a regular expression with the g flag answers the same each time', () => {
  const { matches: match } = compileMatch({ a: { $in: [/x/g] } });
  expect([match({ a: 'x' }), match({ a: 'x' }), match({ a: 'x' })]).toEqual([true, true, true]);
});

test.each<[Document, Document, number | undefined]>([
  [{ a: 2 }, { a: [1, 2] }, 1],
  [{ 'a.b': 2 }, { a: [{ b: 1 }, { b: 2 }] }, 1],
  [{ 'a.b': 2 }, { a: [{ b: [9] }, { b: [1, 2] }] }, 1],
  [{ a: { $elemMatch: { $gt: 1 } } }, { a: [0, 1, 5] }, 2],
  [{ x: 1, a: 3 }, { x: 1, a: [3] }, 0],
  [{ a: { $in: [3] } }, { a: 3 }, undefined],
  [{ a: { $ne: 3 } }, { a: [1] }, undefined],
])('position of %j in %j is %s', (filter, doc, position) => {
  expect(compileMatch(filter).position(doc)).toBe(position);
});

test.each<[unknown, number]>([
  [{ $foo: 1 }, 2], [{ a: { $foo: 1 } }, 2], [{ a: { $gt: 1, b: 2 } }, 2], [{ $where: '1' }, 238], [{ $text: { $search: 'x' } }, 238],
  [{ a: { $near: [0, 0] } }, 238], [{ $jsonSchema: {} }, 238], [{ $and: [] }, 2], [{ $or: 1 }, 2], [{ $or: [1] }, 2], [{ a: { $in: 1 } }, 2],
  [{ a: { $in: [{ $gt: 1 }] } }, 2], [{ a: { $regex: '(' } }, 51091], [{ a: { $regex: 'x', $options: 'q' } }, 51108], [{ a: { $options: 'i' } }, 2],
  [{ a: { $regex: '[[:alpha:]]' } }, 51091], [{ a: { $regex: '(?>a)' } }, 51091], [{ a: { $mod: [0, 1] } }, 2], [{ a: { $mod: [1] } }, 2],
  [{ a: { $size: -1 } }, 2], [{ a: { $size: 1.5 } }, 2], [{ a: { $type: 'foo' } }, 2], [{ a: { $not: 1 } }, 2], [{ a: { $ne: /x/ } }, 2],
  [{ a: { $elemMatch: 1 } }, 2], [{ a: { $all: 1 } }, 2], [{ a: { $bitsAllSet: -1 } }, 2], [{ $expr: { $foo: 1 } }, 168], [5, 14],
])('%j is refused with code %i', (filter, code) => {
  expect(() => compileMatch(filter)).toThrow(expect.objectContaining({ code }) as Error);
});

test('collation and variables', () => {
  const collation = parseCollation({ locale: 'vi', strength: 2 });
  expect(matches({ a: 'NGUYỄN' }, { a: 'nguyễn' }, { collation })).toBe(true);
  expect(matches({ a: { $in: ['NGUYỄN'] } }, { a: ['nguyễn'] }, { collation })).toBe(true);
  expect(matches({ a: { $lt: 'đ' } }, { a: 'E' }, { collation })).toBe(false);
  expect(matches({ a: /N/ }, { a: 'n' }, { collation })).toBe(false);
  expect(matches({ $expr: { $eq: ['$a', '$$v'] } }, { a: int(1) }, { let: { v: long(1) } })).toBe(true);
  expect(matches({ $expr: { $lt: ['$a', '$$NOW'] } }, { a: new Date(5) }, { now: new Date(6) })).toBe(true);
});
