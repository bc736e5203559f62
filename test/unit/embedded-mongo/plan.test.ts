import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeKey, indexEntries, joinRanges, parseCollation, type Document } from '../../../src/embedded-mongo/bson/index.js';
import { compileMatch, componentRanges, impliesFilter, predicatesOf } from '../../../src/embedded-mongo/query/index.js';
import { MongoServerError } from '../../../src/embedded-mongo/errors.js';
import { fewValues, int, long } from './values.js';

const paths = fc.constantFrom('a', 'b', 'a.b', 'a.a');
const documents = fc.array(fc.record({ a: fewValues, b: fewValues }, { requiredKeys: [], noNullPrototype: true }), { minLength: 10, maxLength: 20 });
const conditions = fc.oneof(
  fewValues,
  fc.tuple(fc.constantFrom('$eq', '$gt', '$gte', '$lt', '$lte'), fewValues).map(([op, value]) => ({ [op]: value })),
  fc.tuple(fewValues, fewValues).map(([a, b]) => ({ $gte: a, $lt: b })),
  fc.array(fewValues, { maxLength: 3 }).map((list) => ({ $in: list })),
  fc.constantFrom({ $regex: '^x' }, { $regex: '^xy?' }, { $regex: '^x', $options: 'i' }, { $exists: true }),
);
const filters = fc.array(fc.tuple(paths, conditions), { minLength: 1, maxLength: 2 }).map((list): Document => ({ $and: [{}, ...list.map(([path, value]) => ({ [path]: value }))] }));

function tryMatch(filter: Document, doc: Document): boolean {
  try {
    return compileMatch(filter).matches(doc);
  } catch (error) {
    if (error instanceof MongoServerError) return false;
    throw error;
  }
}

test('the key ranges of a predicate hold every document that matches', () => {
  let checked = 0;
  fc.assert(
    fc.property(filters, documents, fc.constantFrom<1 | -1>(1, -1), (filter, docs, direction) => {
      for (const doc of docs.filter((one) => tryMatch(filter, one))) for (const [path, predicate] of predicatesOf(filter)) {
        const entries = indexEntries(doc, [path]);
        const ranges = componentRanges(predicate, direction, { multikey: entries.multikey });
        if (ranges === undefined) continue;
        checked += 1;
        const keys = entries.tuples.map((tuple) => encodeKey(tuple, [direction]).bytes);
        const found = ranges.map((range) => joinRanges([range])).some((range) => keys.some((key) => Buffer.compare(key, range.lower) >= 0 && Buffer.compare(key, range.upper) < 0));
        expect(found, JSON.stringify({ filter, doc, path })).toBe(true);
        if (entries.missing) expect(predicate.matchesMissing, JSON.stringify({ filter, doc, path })).toBe(true);
      }
    }),
    { numRuns: 4000 },
  );
  expect(checked).toBeGreaterThan(500);
});

test('a filter said to imply another one does', () => {
  let implied = 0;
  fc.assert(
    fc.property(filters, paths, fc.oneof(conditions, fc.constantFrom({ $exists: true }, { $gte: int(1) }, { $lt: long(5) }, { $type: 'string' })), documents, (filter, path, condition, docs) => {
      const partial = { [path]: condition };
      for (const doc of docs.filter((one) => tryMatch(filter, one))) {
        if (!impliesFilter(filter, partial)) return;
        implied += 1;
        expect(tryMatch(partial, doc), JSON.stringify({ filter, partial, doc })).toBe(true);
      }
    }),
    { numRuns: 8000 },
  );
  expect(implied).toBeGreaterThan(50);
});

test('what a predicate is made of', () => {
  expect([...predicatesOf({ a: 1, b: { $gt: 1, $lte: 5 }, c: { $in: [1, null] }, d: /^ab/, 'e.0': 1, f: [1], $or: [{ g: 1 }] })]).toEqual([
    ['a', { eq: 1, matchesMissing: false }],
    ['b', { range: { gt: 1, lte: 5 }, matchesMissing: false }],
    ['c', { in: [1, null], matchesMissing: true }],
    ['d', expect.objectContaining({ prefix: 'ab', matchesMissing: false })],
  ]);
  expect(predicatesOf({ a: { $regex: '^ab*' } }).get('a')).toMatchObject({ prefix: 'a' });
  expect(predicatesOf({ a: { $regex: '^ab|c' } }).size).toBe(0);
  expect(predicatesOf({ a: { $regex: '^ab', $options: 'i' } }).size).toBe(0);
});

test('texts are looked up in an index of the same collation only', () => {
  const collation = parseCollation({ locale: 'vi', strength: 1 });
  const text = predicatesOf({ a: 'x' }).get('a');
  const number = predicatesOf({ a: { $gt: 1 } }).get('a');
  if (text === undefined || number === undefined) throw new Error('no predicate');
  expect(componentRanges(text, 1, { multikey: false, indexCollation: collation, queryCollation: collation })).toHaveLength(1);
  expect(componentRanges(text, 1, { multikey: false, queryCollation: collation })).toBeUndefined();
  expect(componentRanges(text, 1, { multikey: false, indexCollation: collation })).toBeUndefined();
  expect(componentRanges(number, 1, { multikey: false, queryCollation: collation })).toHaveLength(1);
});

test.each<[Document, Document, boolean]>([
  [{ a: 7 }, { a: { $gt: 5 } }, true],
  [{ a: { $gt: 7 } }, { a: { $gt: 5 } }, true],
  [{ a: { $gt: 3 } }, { a: { $gt: 5 } }, false],
  [{ a: 'x' }, { a: { $exists: true } }, true],
  [{ a: null }, { a: { $exists: true } }, false],
  [{ a: 'x' }, { a: { $type: 'string' } }, true],
  [{ a: true, b: 1 }, { a: true }, true],
  [{ b: 1 }, { a: true }, false],
  [{ a: { $in: [6, 7] } }, { a: { $gte: 6 } }, true],
  [{ a: { $exists: true } }, { a: { $exists: true } }, true],
])('%j implies %j: %s', (filter, partial, answer) => {
  expect(impliesFilter(filter, partial)).toBe(answer);
});
