import { MinKey, Timestamp } from 'bson';
import { expect, test } from 'vitest';
import { identical, parseCollation, type Document } from '../../../src/embedded-mongo/bson/index.js';
import { compileMatch } from '../../../src/embedded-mongo/query/index.js';
import { compileUpdate, upsertBase, type UpdateOptions } from '../../../src/embedded-mongo/update/index.js';
import { dbl, dec, int, long, oid } from './values.js';

const NOW = new Date('2026-03-01T08:00:00Z');
const apply = (doc: Document, update: Document | Document[], options: UpdateOptions = {}, position?: number): Document =>
  compileUpdate(update, options).apply(doc, { now: NOW, isInsert: false, position }).doc;

/** Same content, types and order of fields; plain numbers in the tables stand for 32-bit integers. */
function expectSame(actual: unknown, expected: unknown): void {
  if (!identical(actual, expected)) expect(actual).toEqual(expected);
  expect(identical(actual, expected)).toBe(true);
}

test.each<[Document, Document, Document]>([
  [{ a: 1 }, { $set: { a: 2, b: 3 } }, { a: 2, b: 3 }],
  [{}, { $set: { c: 1, b: 2, a: 3 } }, { a: 3, b: 2, c: 1 }],
  [{}, { $set: { 'x.10': 1, 'x.9': 2 }, $inc: { b: 1 } }, { b: 1, x: { 9: 2, 10: 1 } }],
  [{ a: [1] }, { $set: { 'a.3': 4 } }, { a: [1, null, null, 4] }],
  [{}, { $set: { 'a.0': 1 } }, { a: { 0: 1 } }],
  [{ a: 1, b: { c: 1 } }, { $unset: { a: '', 'b.c': '', 'd.e': '' } }, { b: {} }],
  [{ a: [1, 2] }, { $unset: { 'a.0': 1 } }, { a: [null, 2] }],
  [{ a: long(1) }, { $inc: { a: 1 } }, { a: long(2) }],
  [{ a: int(2147483647) }, { $inc: { a: 1 } }, { a: long('2147483648') }],
  [{ a: dec('1.5') }, { $inc: { a: 1, b: dbl(5) } }, { a: dec('2.5'), b: dbl(5) }],
  [{ a: dbl(5) }, { $inc: { a: 1 } }, { a: dbl(6) }],
  [{ a: 2 }, { $mul: { a: dbl(1.5), b: long(7) } }, { a: dbl(3), b: long(0) }],
  [{ a: 5, b: 5 }, { $min: { a: 3, b: 9, c: 1 } }, { a: 3, b: 5, c: 1 }],
  [{ a: 5, b: 'x' }, { $max: { a: dbl(5), b: 9 } }, { a: 5, b: 'x' }],
  [{ a: null }, { $min: { a: new MinKey() } }, { a: new MinKey() }],
  [{ a: 1, b: 2 }, { $rename: { a: 'c.d', x: 'y' } }, { b: 2, c: { d: 1 } }],
  [{ a: 1, b: 2 }, { $rename: { a: 'b' } }, { b: 1 }],
  [{}, { $currentDate: { a: true, b: { $type: 'timestamp' } } }, { a: NOW, b: new Timestamp({ t: NOW.getTime() / 1000, i: 1 }) }],
  [{}, { $push: { a: 1 } }, { a: [1] }],
  [{ a: [1] }, { $push: { a: [2, 3] } }, { a: [1, [2, 3]] }],
  [{ a: [3] }, { $push: { a: { $each: [1, 2], $sort: 1, $slice: -2 } } }, { a: [2, 3] }],
  [{}, { $push: { a: { $each: [3, 1, 2], $sort: -1, $slice: 2 } } }, { a: [3, 2] }],
  [{ a: [1, 4] }, { $push: { a: { $each: [2, 3], $position: 1 } } }, { a: [1, 2, 3, 4] }],
  [{ a: [1, 4] }, { $push: { a: { $each: [2], $position: -1 } } }, { a: [1, 2, 4] }],
  [{ a: [{ x: 1, y: 2 }, { x: 1, y: 1 }] }, { $push: { a: { $each: [{ x: 0, y: 9 }], $sort: { x: 1, y: 1 } } } }, { a: [{ x: 0, y: 9 }, { x: 1, y: 1 }, { x: 1, y: 2 }] }],
  [{ a: [1] }, { $addToSet: { a: { $each: [long(1), 2, 2] } } }, { a: [1, 2] }],
  [{ a: [{ x: 1, y: 2 }] }, { $addToSet: { a: { y: 2, x: 1 } } }, { a: [{ x: 1, y: 2 }, { y: 2, x: 1 }] }],
  [{ a: [1, 2, 3], b: [1, 2] }, { $pop: { a: 1, b: -1 } }, { a: [1, 2], b: [2] }],
  [{ a: [1, 5, 8] }, { $pull: { a: { $gte: 5 } } }, { a: [1] }],
  [{ a: [{ b: 1, c: 2 }, { b: 2 }] }, { $pull: { a: { b: 1 } } }, { a: [{ b: 2 }] }],
  [{ a: ['xa', 'b'] }, { $pull: { a: /^x/ } }, { a: ['b'] }],
  [{ a: [1, 2, 3] }, { $pullAll: { a: [long(1), 3] } }, { a: [2] }],
  [{ a: int(13) }, { $bit: { a: { and: 10 } } }, { a: int(8) }],
  [{ a: int(1) }, { $bit: { a: { or: long(2) } } }, { a: long(3) }],
  [{ a: 1 }, { $setOnInsert: { b: 1 } }, { a: 1 }],
  [{ a: [1, 2] }, { $inc: { 'a.$[]': 1 } }, { a: [2, 3] }],
  [{ a: [{ b: [1, 2] }, { b: [] }] }, { $mul: { 'a.$[].b.$[]': 2 } }, { a: [{ b: [2, 4] }, { b: [] }] }],
  [{ a: 1 }, { $set: {} }, { a: 1 }],
  [{ _id: long(1) }, { $set: { _id: 1, a: 2 } }, { _id: long(1), a: 2 }],
  [{ _id: 1, a: 1 }, { b: 2 }, { _id: 1, b: 2 }],
])('%j updated by %j', (before, update, after) => {
  const copy = structuredClone(before);
  expectSame(apply(before, update), after);
  expect(Object.keys(before)).toEqual(Object.keys(copy));
});

test('an update that changes nothing says so; a change of type is a change', () => {
  const changed = (doc: Document, update: Document): boolean => compileUpdate(update).apply(doc, { now: NOW, isInsert: false }).changed;
  expect(changed({ a: 1 }, { $set: { a: 1 } })).toBe(false);
  expect(changed({ a: int(1) }, { $set: { a: long(1) } })).toBe(true);
  expect(changed({ a: [1] }, { $pull: { a: 9 } })).toBe(false);
  expect(changed({ _id: 1, a: 1 }, { a: 1 })).toBe(false);
  expect(changed({ a: 1, b: 1 }, { $unset: { b: 1 } })).toBe(true);
});

test('positional $ and array filters', () => {
  const doc = { a: [{ b: 1, n: 1 }, { b: 2, n: 1 }, { b: 2, n: 5 }] };
  const position = compileMatch({ 'a.b': 2 }).position(doc);
  expect(compileUpdate({ $set: { 'a.$.n': 9 } }).usesPosition).toBe(true);
  expectSame(apply(doc, { $set: { 'a.$.n': 9 } }, {}, position), { a: [{ b: 1, n: 1 }, { b: 2, n: 9 }, { b: 2, n: 5 }] });
  expectSame(apply(doc, { $inc: { 'a.$[x].n': 1 } }, { arrayFilters: [{ 'x.b': 2, 'x.n': { $lt: 5 } }] }), { a: [{ b: 1, n: 1 }, { b: 2, n: 2 }, { b: 2, n: 5 }] });
  expectSame(apply({ a: [1, 6, 7] }, { $set: { 'a.$[x]': 0 } }, { arrayFilters: [{ x: { $gte: 6 } }] }), { a: [1, 0, 0] });
});

test('a value of the update is not shared between documents', () => {
  const compiled = compileUpdate({ $set: { a: { list: [] } } });
  const first = compiled.apply({}, { now: NOW, isInsert: false }).doc;
  const second = apply(compiled.apply({}, { now: NOW, isInsert: false }).doc, { $push: { 'a.list': 1 } });
  expect(first).toEqual({ a: { list: [] } });
  expect(second).toEqual({ a: { list: [1] } });
});

test('pipelines', () => {
  expectSame(apply({ _id: 1, a: 2 }, [{ $set: { b: { $multiply: ['$a', 2] }, at: '$$NOW' } }, { $unset: 'a' }]), { _id: 1, b: int(4), at: NOW });
  expectSame(apply({ _id: 1, a: { x: 1 } }, [{ $replaceWith: '$a' }]), { _id: 1, x: 1 });
  expectSame(apply({ _id: 1, a: 1 }, [{ $set: { a: '$$v' } }], { let: { v: long(3) } }), { _id: 1, a: long(3) });
});

test('$addToSet, $min and $pull follow the collation', () => {
  const collation = parseCollation({ locale: 'vi', strength: 2 });
  expect(apply({ a: ['Lê'] }, { $addToSet: { a: 'LÊ' } }, { collation })).toEqual({ a: ['Lê'] });
  expect(apply({ a: ['Lê', 'Le'] }, { $pull: { a: 'LÊ' } }, { collation })).toEqual({ a: ['Le'] });
});

test.each<[Document, Document | Document[], number, UpdateOptions?]>([
  [{ a: 1 }, { $set: { a: 1, 'a.b': 2 } }, 40],
  [{ a: 1 }, { $set: { a: 1 }, $inc: { a: 1 } }, 40],
  [{ a: [1] }, { $set: { 'a.0': 1, 'a.$[]': 2 } }, 40],
  [{ a: [] }, { $push: { 'a.0.b': 1 }, $addToSet: { 'a.$[].b': 2 } }, 40],
  [{ a: 1 }, { $rename: { a: 'b' }, $set: { b: 1 } }, 40],
  [{ _id: 1 }, { $set: { _id: 2 } }, 66],
  [{ _id: 1 }, { _id: 2, a: 1 }, 66],
  [{ _id: 1 }, [{ $set: { _id: 2 } }], 66],
  [{ _id: 1 }, { $unset: { _id: 1 } }, 66],
  [{}, { $foo: { a: 1 } }, 9],
  [{}, { $set: { a: 1 }, b: 1 }, 9],
  [{}, { $set: 1 }, 9],
  [{}, { a: 1, $set: { b: 1 } }, 52],
  [{}, { $set: { '': 1 } }, 56],
  [{}, { $set: { 'a..b': 1 } }, 56],
  [{}, { $set: { $x: 1 } }, 52],
  [{}, { $set: { 'a.$[x': 1 } }, 52],
  [{}, { $set: { '$.a': 1 } }, 2],
  [{ a: 5 }, { $set: { 'a.b': 1 } }, 28],
  [{ a: null }, { $set: { 'a.b': 1 } }, 28],
  [{ a: [1] }, { $set: { 'a.x': 1 } }, 28],
  [{ a: 5 }, { $pull: { 'a.b': 1 } }, 28],
  [{ a: 'x' }, { $inc: { a: 1 } }, 14],
  [{ a: null }, { $inc: { a: 1 } }, 14],
  [{ a: 1 }, { $inc: { a: 'x' } }, 14],
  [{ a: long('9223372036854775807') }, { $inc: { a: 1 } }, 2],
  [{ a: 1 }, { $push: { a: 1 } }, 2],
  [{ a: [] }, { $push: { a: { $each: 1 } } }, 2],
  [{ a: [] }, { $push: { a: { $each: [], $foo: 1 } } }, 2],
  [{ a: [] }, { $push: { a: { $each: [], $sort: 2 } } }, 2],
  [{ a: 1 }, { $addToSet: { a: 1 } }, 2],
  [{ a: 1 }, { $pop: { a: 1 } }, 14],
  [{ a: [] }, { $pop: { a: 2 } }, 9],
  [{ a: 1 }, { $pull: { a: 1 } }, 2],
  [{ a: [] }, { $pullAll: { a: 1 } }, 2],
  [{ a: dbl(1) }, { $bit: { a: { or: 1 } } }, 2],
  [{ a: 1 }, { $bit: { a: { nand: 1 } } }, 2],
  [{ a: 1 }, { $currentDate: { a: 'x' } }, 2],
  [{ a: 1 }, { $rename: { a: 1 } }, 2],
  [{ a: [{ b: 1 }] }, { $rename: { 'a.0.b': 'c' } }, 2],
  [{ a: [1] }, { $set: { 'a.$': 1 } }, 2],
  [{ a: 1 }, { $set: { 'a.$[]': 1 } }, 2],
  [{}, { $set: { 'a.$[]': 1 } }, 2],
  [{ a: [] }, { $set: { 'a.$[x]': 1 } }, 2],
  [{ a: [] }, { $set: { a: 1 } }, 9, { arrayFilters: [{ x: 1 }] }],
  [{ a: [] }, { $set: { 'a.$[x]': 1 } }, 9, { arrayFilters: [{ x: 1, y: 1 }] }],
  [{ a: [] }, { $set: { 'a.$[x]': 1 } }, 9, { arrayFilters: [{ x: 1 }, { x: 2 }] }],
  [{}, { a: 1 }, 9, { multi: true }],
  [{}, [{ $match: {} }], 72],
  [{}, [{ $foo: {} }], 40324],
  [{}, { $set: { 'a.2000000': 1 } }, 0],
])('%j with %j is refused with %i', (doc, update, code, options) => {
  const run = (): Document => apply(code === 0 ? { a: [] } : doc, update, options);
  expect(run).toThrow(expect.objectContaining({ code: code === 0 ? 2 : code }) as Error);
});

test.each<[Document, Document]>([
  [{ a: 1, _id: 5 }, { _id: 5, a: 1 }],
  [{ a: { $eq: 1 }, b: { $gt: 1 }, c: { $in: [1, 2] }, d: /x/ }, { a: 1 }],
  [{ $and: [{ a: 1 }, { $or: [{ b: 2 }] }] }, { a: 1, b: 2 }],
  [{ $or: [{ a: 1 }, { b: 2 }] }, {}],
  [{ 'a.b': 1, 'a.c': 2 }, { a: { b: 1, c: 2 } }],
  [{ a: null, b: [1] }, { a: null, b: [1] }],
  [{ a: { $all: [3] } }, { a: 3 }],
])('an upsert by %j starts from %j', (filter, base) => {
  expectSame(upsertBase(filter), base);
});

test('upserts', () => {
  const insert = (filter: Document, update: Document): Document => compileUpdate(update, { upsert: true }).apply(upsertBase(filter), { now: NOW, isInsert: true }).doc;
  expectSame(insert({ k: 1 }, { $set: { b: 2 }, $setOnInsert: { _id: oid('a'), a: 1 } }), { k: 1, _id: oid('a'), a: 1, b: 2 });
  expectSame(insert({ _id: 1, k: 1 }, { b: 2 }), { _id: 1, b: 2 });
  expect(() => upsertBase({ a: { b: 1 }, 'a.b': 1 })).toThrow(expect.objectContaining({ code: 54 }) as Error);
  expect(() => insert({}, { $set: { _id: [1] } })).toThrow(expect.objectContaining({ code: 53 }) as Error);
});
