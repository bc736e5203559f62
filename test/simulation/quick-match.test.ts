import fc from 'fast-check';
import { Types } from 'mongoose';
import { expect, test } from 'vitest';
import { sortDocuments } from '../../src/embedded-mongo/project/index.js';
import { compileMatch } from '../../src/embedded-mongo/query/index.js';
import { Collection } from './collection.js';
import { quickMatch } from './quick-match.js';
import { sortRows } from './row-sort.js';

const ids = [1, 2, 3].map((n) => new Types.ObjectId(String(n).padStart(24, 'b')));
const dates = [0, 1, 2].map((n) => new Date(Date.UTC(2026, 10, 20, 1, 0, n)));
const plain = fc.oneof(fc.constantFrom<unknown>(null, '', 'a', 'b', 'ă', true, false, 0, -0, 1, 1.5, ...dates, ...ids), fc.integer({ min: -2, max: 2 }));
const value = fc.oneof({ weight: 6, arbitrary: plain }, { weight: 1, arbitrary: fc.array(plain, { maxLength: 3 }) }, { weight: 1, arbitrary: fc.dictionary(fc.constantFrom('x', 'y'), plain, { maxKeys: 2 }) }, { weight: 1, arbitrary: fc.constant(NaN) });
const fields = ['a', 'b', 'c'] as const;
const row = fc.dictionary(fc.constantFrom(...fields), value, { maxKeys: 3 }).map((doc) => ({ ...doc }));
const operator = fc.oneof(
  fc.tuple(fc.constantFrom('$eq', '$ne', '$gt', '$gte', '$lt', '$lte'), value),
  fc.tuple(fc.constantFrom('$in', '$nin'), fc.array(value, { maxLength: 4 })),
  fc.tuple(fc.constant('$exists'), fc.boolean()),
);
const condition = fc.oneof(value, fc.array(operator, { minLength: 1, maxLength: 3 }).map((all) => Object.fromEntries(all)));
const filter = fc.dictionary(fc.constantFrom(...fields, 'a.x'), condition, { maxKeys: 3 }).map((doc) => ({ ...doc }));

test('the quick matcher says what the real one says, of any row and filter', () => {
  fc.assert(fc.property(fc.array(row, { maxLength: 8 }), filter, (rows, wanted) => {
    expect(rows.filter(quickMatch(wanted))).toEqual(rows.filter(compileMatch(wanted).matches));
  }), { numRuns: 3_000 });
});

test('the quick order is the real one, of any rows', () => {
  const direction = fc.constantFrom<1 | -1>(1, -1);
  const order = fc.dictionary(fc.constantFrom(...fields, 'a.x'), direction, { minKeys: 1, maxKeys: 3 }).map((spec) => ({ ...spec }));
  const one = fc.constantFrom(fc.constantFrom(...dates), fc.constantFrom(...ids), fc.integer({ min: -2, max: 2 }), fc.constantFrom('', 'a', 'b', 'ă', '\ud83d\ude00', '\uffee'), value);
  const rows = fc.tuple(one, one).chain(([a, b]) => fc.array(fc.record({ a, b }, { requiredKeys: ['a'] }).map((doc) => ({ ...doc })), { maxLength: 8 }));
  const single = (given: readonly object[], spec: object): boolean => given.some((doc) => Object.entries(doc).filter(([name, held]) => Array.isArray(held) && Object.keys(spec).some((path) => path.startsWith(name))).length > 1);
  fc.assert(fc.property(rows, order, (given, spec) => {
    fc.pre(!single(given, spec));
    expect(sortRows([...given], spec)).toEqual(sortDocuments([...given], spec));
  }), { numRuns: 2_000 });
});

const shape = { name: 'Rows', unique: [], lookups: ['_id', 'a', 'b'], together: [['a', 'b', 'c']], sparse: ['c'], defaults: () => ({}), cast: <T>(given: T): T => given, complete: <T>(doc: T): T => doc };

test('a collection with look-ups finds the same rows in the same order as a scan of all, whatever was written before', () => {
  const write = fc.oneof(
    fc.record({ insert: row }),
    fc.record({ change: filter, set: row }),
    fc.record({ remove: filter }),
  );
  fc.assert(fc.property(fc.array(write, { maxLength: 20 }), filter, (writes, wanted) => {
    let count = 0;
    const kept = new Collection(shape, () => new Types.ObjectId((++count).toString(16).padStart(24, '0')));
    for (const one of writes) {
      if ('insert' in one) kept.insert(one.insert);
      else if ('remove' in one) kept.remove(one.remove);
      else if (Object.keys(one.set).length > 0) kept.update(one.change, { $set: one.set }, { many: true });
    }
    const all = [...kept.rows.values()].filter(compileMatch(wanted).matches).map((doc) => String(doc['_id']));
    expect(kept.find(wanted).map((doc) => String(doc['_id'])).sort()).toEqual([...all].sort());
    expect(kept.find(wanted, { sort: { a: 1, _id: 1 } })).toEqual(kept.find({ $and: [wanted] }, { sort: { a: 1, _id: 1 } }));
  }), { numRuns: 500 });
});
