import { expect, test } from 'vitest';
import { parseCollation, type Document } from '../../../src/embedded-mongo/bson/index.js';
import { compileProjection, compileSort, sortDocuments } from '../../../src/embedded-mongo/project/index.js';
import { dec, long } from './values.js';

const NOW = new Date(0);
const DOC: Document = { _id: 1, a: { b: 1, c: 2 }, l: [1, 2, 3, 4], d: [{ x: 1, y: 1 }, { x: 2, y: 2 }, 5], s: 'text' };
const project = (spec: Document, position?: number): Document => compileProjection(spec, { now: NOW })(DOC, { position });

test.each<[Document, Document]>([
  [{}, DOC],
  [{ s: 1 }, { _id: 1, s: 'text' }],
  [{ s: true, _id: 0 }, { s: 'text' }],
  [{ 'a.b': 1 }, { _id: 1, a: { b: 1 } }],
  [{ a: { c: 1 } }, { _id: 1, a: { c: 2 } }],
  [{ 'd.x': 1 }, { _id: 1, d: [{ x: 1 }, { x: 2 }] }],
  [{ 's.x': 1, missing: 1 }, { _id: 1 }],
  [{ a: 0, l: 0, 'd.y': 0 }, { _id: 1, d: [{ x: 1 }, { x: 2 }, 5], s: 'text' }],
  [{ _id: 0, a: 0, d: 0 }, { l: [1, 2, 3, 4], s: 'text' }],
  [{ _id: 1 }, { _id: 1 }],
  [{ l: { $slice: 2 }, d: 0 }, { _id: 1, a: { b: 1, c: 2 }, l: [1, 2], s: 'text' }],
  [{ l: { $slice: -1 }, s: 1 }, { _id: 1, l: [4], s: 'text' }],
  [{ l: { $slice: [1, 2] }, _id: 1, a: 0, d: 0 }, { _id: 1, l: [2, 3], s: 'text' }],
  [{ l: { $slice: [-3, 1] }, a: 0, d: 0 }, { _id: 1, l: [2], s: 'text' }],
  [{ d: { $elemMatch: { x: 2 } } }, { _id: 1, d: [{ x: 2, y: 2 }] }],
  [{ l: { $elemMatch: { $gt: 2 } }, s: 1 }, { _id: 1, s: 'text', l: [3] }],
  [{ l: { $elemMatch: { $gt: 9 } } }, { _id: 1 }],
  [{ s: 1, up: { $toUpper: '$s' }, lit: 'x' }, { _id: 1, s: 'text', up: 'TEXT', lit: 'x' }],
  [{ 'a.z': { $add: ['$a.b', 1] } }, { _id: 1, a: { z: 2 } }],
])('projection %j', (spec, expected) => {
  const result = project(spec);
  expect(JSON.parse(JSON.stringify(result))).toEqual(JSON.parse(JSON.stringify(expected)));
  expect(Object.keys(result)).toEqual(Object.keys(expected));
});

test('positional projection', () => {
  expect(project({ 'l.$': 1 }, 2)).toEqual({ _id: 1, l: [3] });
  expect(project({ 'd.$': 1, s: 1 }, 0)).toEqual({ _id: 1, d: [{ x: 1, y: 1 }], s: 'text' });
  expect(() => project({ 'l.$': 1 })).toThrow(expect.objectContaining({ code: 51246 }) as Error);
});

test.each<[Document, number]>([
  [{ a: 1, l: 0 }, 31254], [{ a: 0, l: 1 }, 31253], [{ a: 0, x: '$s' }, 31252], [{ a: 1, 'a.b': 1 }, 31249], [{ 'a.b': 1, a: 1 }, 31250],
  [{ a: {} }, 51270], [{ $a: 1 }, 16410], [{ 'a.': 1 }, 15998], [{ x: { $foo: 1 } }, 31325], [{ 'd.$': 1, 'l.$': 1 }, 31276], [{ 'd.$': 0 }, 31395],
  [{ 'd.x': { $elemMatch: { y: 1 } } }, 31275], [{ d: { $elemMatch: 1 } }, 31274], [{ x: { $meta: 'textScore' } }, 238],
])('projection %j is refused with %i', (spec, code) => {
  expect(() => project(spec)).toThrow(expect.objectContaining({ code }) as Error);
});

test('sorting: missing as null, arrays by their least or greatest element, types in order, stable', () => {
  const docs: Document[] = [{ n: 0, a: 3 }, { n: 1 }, { n: 2, a: [5, 1] }, { n: 3, a: null }, { n: 4, a: [] }, { n: 5, a: 'x' }, { n: 6, a: long(2) }, { n: 7, a: dec('10') }];
  const order = (spec: Document): unknown[] => sortDocuments(docs, spec).map((doc) => doc.n);
  expect(order({ a: 1 })).toEqual([4, 1, 3, 2, 6, 0, 7, 5]);
  expect(order({ a: -1 })).toEqual([5, 7, 2, 0, 6, 1, 3, 4]);
  expect([...docs].sort(compileSort({ a: -1, n: -1 })).map((doc) => doc.n)).toEqual([5, 7, 2, 0, 6, 3, 1, 4]);
  const nested: Document[] = [{ a: [{ b: 3, c: 1 }, { b: 1, c: 9 }] }, { a: [{ b: 2, c: 0 }] }, { a: { b: 1, c: 1 } }];
  expect(sortDocuments(nested, { 'a.b': 1, 'a.c': -1 })).toEqual([nested[0], nested[2], nested[1]]);
  const names: Document[] = ['Đỗ', 'Dũng', 'ân', 'An'].map((name) => ({ name }));
  expect(sortDocuments(names, { name: 1 }, parseCollation({ locale: 'vi' })).map((doc) => doc.name)).toEqual(['An', 'ân', 'Dũng', 'Đỗ']);
});

test.each<[unknown, number]>([[{ a: 2 }, 15975], [{ a: 'x' }, 15974], [{ a: { $meta: 'textScore' } }, 238], [1, 15973], [{ $a: 1 }, 16410]])('sort %j is refused with %i', (spec, code) => {
  expect(() => compileSort(spec as Document)).toThrow(expect.objectContaining({ code }) as Error);
});

test('two arrays cannot be sorted by together', () => {
  expect(() => sortDocuments([{ a: [1], b: [1] }], { a: 1, b: 1 })).toThrow(expect.objectContaining({ code: 2 }) as Error);
});
