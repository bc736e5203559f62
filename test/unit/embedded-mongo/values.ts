import { Binary, BSONRegExp, Decimal128, Double, Int32, Long, MaxKey, MinKey, ObjectId, Timestamp } from 'bson';
import fc from 'fast-check';

/** Short names for typed values in the tables of these tests. */
export const int = (value: number): Int32 => new Int32(value);
export const dbl = (value: number): Double => new Double(value);
export const long = (value: number | string): Long => Long.fromString(String(value));
export const dec = (text: string): Decimal128 => Decimal128.fromString(text);
export const oid = (digit: string): ObjectId => new ObjectId(digit.repeat(24));

const scalar = fc.oneof(
  fc.integer({ min: -3, max: 3 }).map(int),
  fc.double({ noDefaultInfinity: false }).map(dbl),
  fc.constantFrom(0.5, -0.5, 1, 2, NaN, -0, 0.1).map(dbl),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => Long.fromBigInt(value)),
  fc.constantFrom('1', '1.0', '0.1', '-0.5', '1E+400', '-1E-400', 'NaN', 'Infinity', '0', '9007199254740993').map(dec),
  fc.string({ unit: 'grapheme', maxLength: 4 }),
  fc.constantFrom('', 'a', 'a\0', 'a\0b', 'ab', '\u{1F600}', '\uffff', 'đỗ'),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom(0, -1, 1700000000000, -62135596800000).map((time) => new Date(time)),
  fc.constantFrom(oid('0'), oid('a'), oid('f')),
  fc.uint8Array({ maxLength: 3 }).map((bytes) => new Binary(bytes, bytes.length % 2 === 0 ? 0 : 128)),
  fc.constantFrom(new MinKey(), new MaxKey(), new BSONRegExp('a', 'i'), new BSONRegExp('a'), new Timestamp({ t: 1, i: 2 }), new Timestamp({ t: 4294967295, i: 1 })),
);

/** Values of all kinds, with arrays and documents in them. */
export const anyValue: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: 'small', withCrossShrink: true }, scalar, fc.array(tie('value'), { maxLength: 3 }), fc.dictionary(fc.constantFrom('a', 'b', 'ab', ''), tie('value'), { maxKeys: 3, noNullPrototype: true })),
})).value;

/** Few ordinary values, so that random filters do find something. */
export const fewValues: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<unknown>(int(1), int(2), dbl(1.5), long(2), dec('1.5'), 'x', 'xy', null, true, new MinKey(), new BSONRegExp('^x')),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b'), tie('value'), { maxKeys: 2, noNullPrototype: true }),
  ),
})).value;
