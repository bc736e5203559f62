import { Binary, BSONRegExp, BSONSymbol, Code, Int32, MaxKey, MinKey, Timestamp } from 'bson';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  addNumbers, compareValues, decode, encode, encodeKey, identical, indexEntries, KEY_PREFIX_BYTES, MAX_KEY_BYTES, multiplyNumbers,
  parseCollation, typeName, type Document,
} from '../../../src/embedded-mongo/bson/index.js';
import { anyValue, dbl, dec, int, long, oid } from './values.js';

const ASCENDING: unknown[] = [
  new MinKey(), undefined, null, dbl(NaN), dbl(-Infinity), long('-9223372036854775808'), int(-1), dec('-0.5'), int(0), dec('0.1'), dbl(0.1),
  int(1), dec('1.5'), long(2), long('9007199254740992'), long('9007199254740993'), dec('1E+400'), dbl(Infinity), '', 'A', 'a', 'a\0', 'b', 'đ', '\uffff',
  '\u{1F600}', {}, { a: 1 }, { a: 1, b: 1 }, { b: 1 }, { a: 'x' }, [], [1], [1, 2], [2], new Binary(Buffer.from('z')), new Binary(Buffer.from('z'), 128),
  new Binary(Buffer.from('aa')), oid('0'), oid('f'), false, true, new Date(-1), new Date(0), new Timestamp({ t: 1, i: 1 }), new Timestamp({ t: 1, i: 2 }),
  new BSONRegExp('a'), new BSONRegExp('a', 'i'), new BSONRegExp('b'), new Code('x'), new MaxKey(),
];

test('values of all types stand in MongoDB’s order, and so do their keys', () => {
  ASCENDING.forEach((a, i) =>
    ASCENDING.forEach((b, k) => {
      const label = `${i} ${typeName(a)} against ${k} ${typeName(b)}`;
      expect(Math.sign(compareValues(a, b)), label).toBe(Math.sign(i - k));
      const keys = [a, b].map((value) => encodeKey([value], [1]).bytes) as [Buffer, Buffer];
      expect(Buffer.compare(...keys), `key of ${label}`).toBe(Math.sign(i - k));
    }),
  );
});

test.each([
  [int(1), long(1)], [int(1), dbl(1)], [int(1), dec('1.00')], [dbl(0.5), dec('0.5')], [dbl(-0), int(0)], [dbl(NaN), dec('NaN')], [1, int(1)],
  ['a', new BSONSymbol('a')], [{ a: int(1) }, { a: dec('1.0') }], [[int(1)], [long(1)]],
])('%s and %s are equal and share a key', (a, b) => {
  expect(compareValues(a, b)).toBe(0);
  expect(encodeKey([a], [1]).bytes).toEqual(encodeKey([b], [1]).bytes);
});

test.each([[int(1), long(1)], [dbl(0), dbl(-0)], [dec('1.0'), dec('1.00')], [{ a: 1, b: 2 }, { b: 2, a: 1 }], [[1], [dbl(1)]]])('%s and %s are not identical', (a, b) => {
  expect(identical(a, b)).toBe(false);
});

test('comparison is a total order', () => {
  fc.assert(
    fc.property(anyValue, anyValue, anyValue, (a, b, c) => {
      expect(Math.sign(compareValues(a, b))).toBe(0 - Math.sign(compareValues(b, a)));
      if (compareValues(a, b) <= 0 && compareValues(b, c) <= 0) expect(compareValues(a, c)).toBeLessThanOrEqual(0);
      expect(compareValues(a, a)).toBe(0);
    }),
    { numRuns: 3000 },
  );
});

test('byte order of keys is the order of values, in both directions and in compound keys', () => {
  const direction = fc.constantFrom<1 | -1>(1, -1);
  fc.assert(
    fc.property(fc.tuple(anyValue, anyValue), fc.tuple(anyValue, anyValue), fc.tuple(direction, direction), (a, b, directions) => {
      const order = compareValues(a[0], b[0]) * directions[0] || compareValues(a[1], b[1]) * directions[1];
      const [x, y] = [encodeKey(a, directions), encodeKey(b, directions)];
      expect(Buffer.compare(x.bytes, y.bytes)).toBe(Math.sign(order) + 0);
    }),
    { numRuns: 3000 },
  );
});

test('documents come back from BSON as they were', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom('a', 'b', '__proto__', 'constructor', '$ref', 'x.y'), anyValue, { noNullPrototype: true }), (doc) => {
      const bytes = encode(doc);
      expect(identical(decode(bytes), doc)).toBe(true);
      expect(Buffer.from(encode(decode(bytes)))).toEqual(Buffer.from(bytes));
    }),
    { numRuns: 1000 },
  );
});

test('a reference {$ref, $id} is a document like any other, and broken bytes are refused', () => {
  const doc = { r: { $ref: 'c', $id: oid('a'), extra: int(1) } };
  expect(decode(encode(doc))).toEqual(doc);
  expect(() => decode(Buffer.from([5, 0, 0]))).toThrow(expect.objectContaining({ code: 22 }) as Error);
});

test('keys that are too long are cut, hashed and marked; equal values still share a key', () => {
  const long1 = encodeKey(['x'.repeat(5000)], [1]);
  expect(long1).toMatchObject({ exact: false });
  expect(long1.bytes.length).toBe(MAX_KEY_BYTES);
  expect(encodeKey(['x'.repeat(5000)], [1]).bytes).toEqual(long1.bytes);
  expect(encodeKey([`${'x'.repeat(4999)}y`], [1]).bytes).not.toEqual(long1.bytes);
  expect(encodeKey([`${'x'.repeat(4999)}y`], [1]).bytes.subarray(0, KEY_PREFIX_BYTES)).toEqual(long1.bytes.subarray(0, KEY_PREFIX_BYTES));
});

test.each<[unknown, unknown, unknown, unknown]>([
  [int(2147483647), int(2), long('2147483649'), long('4294967294')],
  [int(1), long(2), long(3), long(2)],
  [int(1), dbl(0.5), dbl(1.5), dbl(0.5)],
  [long('9223372036854775807'), int(2), undefined, undefined],
  [dbl(0.1), dec('1'), dec('1.100000000000000'), dec('0.100000000000000')],
  [dec('1.10'), dec('2.2'), dec('3.30'), dec('2.420')],
  [dec('9999999999999999999999999999999999'), dec('2'), dec('1.000000000000000000000000000000000E+34'), dec('2.000000000000000000000000000000000E+34')],
  [dec('Infinity'), int(1), dec('Infinity'), dec('Infinity')],
])('%s and %s: sum %s, product %s', (a, b, sum, product) => {
  expect(identical(addNumbers(a, b), sum)).toBe(true);
  expect(identical(multiplyNumbers(a, b), product)).toBe(true);
});

test('collation: order and equality of Vietnamese and English names', () => {
  const vi = (strength: number): NonNullable<ReturnType<typeof parseCollation>> => parseCollation({ locale: 'vi', strength: new Int32(strength) }) as never;
  const names = ['Đỗ', 'Đô', 'Dũng', 'Ân', 'An', 'Ăn', 'án', 'ÁN'];
  expect([...names].sort((a, b) => compareValues(a, b, vi(3)))).toEqual(['An', 'án', 'ÁN', 'Ăn', 'Ân', 'Dũng', 'Đô', 'Đỗ']);
  expect(compareValues('án', 'ÁN', vi(2))).toBe(0);
  expect(compareValues('án', 'An', vi(2))).not.toBe(0);
  expect(compareValues('án', 'An', vi(1))).toBe(0);
  expect(compareValues('ân', 'An', vi(1))).not.toBe(0);
  for (const strength of [1, 2, 3]) {
    for (const a of names) {
      for (const b of [...names, 'a\u0301n', 'A\u0302n']) {
        const same = encodeKey([a], [1], vi(strength)).bytes.equals(encodeKey([b], [1], vi(strength)).bytes);
        expect(same, `${a} ${b} ${strength}`).toBe(compareValues(a, b, vi(strength)) === 0);
      }
    }
  }
  expect(encodeKey(['a'], [1], vi(1)).exact).toBe(false);
});

test('texts that a collation calls equal share a key', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'A', 'á', 'a\u0301', 'ạ', 'â', 'ấ', 'd', 'đ', 'Đ', 'ß', 'ss', 'æ', 'ﬁ', 'f', 'i', 'ı', 'ö', 'ø', 'o', 'ê\u0301', '1', '①', ' ', '-', '\u0007'), maxLength: 3 });
  const collations = ['vi', 'en', 'de'].flatMap((locale) => [1, 2, 3].map((strength) => parseCollation({ locale, strength })));
  fc.assert(
    fc.property(letters, letters, fc.constantFrom(...collations), (a, b, collation) => {
      if (compareValues(a, b, collation) === 0) expect(encodeKey([a], [1], collation).bytes).toEqual(encodeKey([b], [1], collation).bytes);
    }),
    { numRuns: 5000 },
  );
});

test.each([
  [{ locale: 'xx-invalid-locale' }, 2], [{ locale: 'vi', strength: 4 }, 2], [{ locale: 'vi', numericOrdering: true }, 2], [{ strength: 1 }, 9], [{ locale: 'vi', foo: 1 }, 9], ['vi', 14],
])('collation %j is refused with %i', (spec, code) => {
  expect(() => parseCollation(spec)).toThrow(expect.objectContaining({ code }) as Error);
});

test.each<[Document, string[], unknown[][], boolean, boolean]>([
  [{ a: 1 }, ['a'], [[1]], false, false],
  [{}, ['a'], [[null]], false, true],
  [{ a: null }, ['a'], [[null]], false, false],
  [{ a: [1, 2] }, ['a'], [[1], [2]], true, false],
  [{ a: [] }, ['a'], [[undefined]], true, false],
  [{ a: [] }, ['a.b'], [[null]], true, true],
  [{ a: [{ b: 1 }, {}, 5] }, ['a.b'], [[1], [null], [null]], true, false],
  [{ a: [{ b: 1, c: 2 }, { b: 3 }] }, ['a.b', 'a.c'], [[1, 2], [3, null]], true, false],
  [{ a: [{ b: [1, 2] }], d: 9 }, ['d', 'a.b'], [[9, 1], [9, 2]], true, false],
  [{ a: [[1, 2]] }, ['a'], [[[1, 2]]], true, false],
  [{ a: [7, 8] }, ['a.1'], [[8]], false, false],
])('index entries of %j on %j', (doc, paths, tuples, multikey, missing) => {
  expect(indexEntries(doc, paths)).toEqual({ tuples, multikey, missing });
});

test('two arrays side by side cannot be indexed', () => {
  expect(() => indexEntries({ a: [1], b: [2] }, ['a', 'b'])).toThrow(expect.objectContaining({ code: 171 }) as Error);
});
