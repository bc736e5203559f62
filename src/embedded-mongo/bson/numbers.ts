import { Decimal128, Double, Int32, Long, Timestamp } from 'bson';
import { isInt32 } from './types.js';

/** The four numeric BSON types, in the order in which arithmetic widens them. */
export type NumberKind = 'int' | 'long' | 'double' | 'decimal';

/** True for a 64-bit integer; the library derives Timestamp from Long, and that is not a number. */
export function isLong(value: unknown): value is Long {
  return value instanceof Long && !(value instanceof Timestamp);
}

/** The numeric type of a value, or undefined if it is not a number. */
export function numberKind(value: unknown): NumberKind | undefined {
  if (typeof value === 'number') return isInt32(value) ? 'int' : 'double';
  if (value instanceof Int32) return 'int';
  if (value instanceof Double) return 'double';
  if (isLong(value)) return 'long';
  if (value instanceof Decimal128) return 'decimal';
  return typeof value === 'bigint' ? 'long' : undefined;
}

/** True for every numeric value: JavaScript numbers, Int32, Double, Long, Decimal128. */
export function isNumber(value: unknown): boolean {
  return numberKind(value) !== undefined;
}

/** The value of a number as a JavaScript number (loses digits of big Longs and Decimal128); NaN for anything else. */
export function toNumber(value: unknown): number {
  if (typeof value === 'number') return value;
  if (value instanceof Int32 || value instanceof Double) return value.value;
  if (isLong(value)) return value.toNumber();
  if (value instanceof Decimal128) return Number(value.toString());
  return typeof value === 'bigint' ? Number(value) : NaN;
}

/** The exact integer value of an int or long. */
function toBigInt(value: unknown): bigint {
  if (value instanceof Long) return value.toBigInt();
  return typeof value === 'bigint' ? value : BigInt(toNumber(value));
}

/** The number as a safe JavaScript integer if it is integral (2, Double(2), Long(2), Decimal128("2.0")). */
export function toSafeInteger(value: unknown): number | undefined {
  const number = toNumber(value);
  return isNumber(value) && Number.isSafeInteger(number) ? number + 0 : undefined;
}

/** A number as sign, decimal digits without zeros at either end, and exponent: 0.DIGITS * 10^exponent. */
export interface Canonical {
  /** NaN -3, -Infinity -2, negative -1, zero 0, positive 1, Infinity 2: the order of these classes. */
  sign: -3 | -2 | -1 | 0 | 1 | 2;
  exponent: number;
  digits: string;
}

const DECIMAL_TEXT = /^(-?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/;
const ZERO: Canonical = { sign: 0, exponent: 0, digits: '' };

function fromText(text: string): Canonical {
  if (text === 'NaN') return { sign: -3, exponent: 0, digits: '' };
  if (text.endsWith('Infinity')) return { sign: text.startsWith('-') ? -2 : 2, exponent: 0, digits: '' };
  const [, sign = '', whole = '', fraction = '', power = '0'] = DECIMAL_TEXT.exec(text) ?? [];
  const all = whole + fraction;
  const significant = all.replace(/^0+/, '');
  const digits = significant.replace(/0+$/, '');
  if (digits === '') return ZERO;
  return { sign: sign === '-' ? -1 : 1, exponent: Number(power) + whole.length - (all.length - significant.length), digits };
}

/**
 * The canonical form of any number. Doubles are taken with 34 significant digits, like MongoDB does when it compares them
 * with a Decimal128: no two doubles fall together, and a double equals a decimal only if they agree to the last digit.
 */
export function canonicalNumber(value: unknown): Canonical {
  if (value instanceof Decimal128 || value instanceof Long) return fromText(value.toString());
  if (typeof value === 'bigint') return fromText(value.toString());
  const number = toNumber(value);
  if (Number.isSafeInteger(number)) return fromText(String(number));
  return fromText(Number.isFinite(number) ? number.toExponential(33) : String(number));
}

function compareCanonical(a: Canonical, b: Canonical): number {
  if (a.sign !== b.sign) return a.sign - b.sign;
  if (a.sign !== 1 && a.sign !== -1) return 0;
  const size = a.exponent - b.exponent || (a.digits < b.digits ? -1 : a.digits > b.digits ? 1 : 0);
  return size === 0 ? 0 : size * a.sign;
}

/** Exact order of two numbers of any types; NaN is equal to itself and less than all others. */
export function compareNumbers(a: unknown, b: unknown): number {
  if (a instanceof Decimal128 || b instanceof Decimal128) return compareCanonical(canonicalNumber(a), canonicalNumber(b));
  const left = a instanceof Long ? a.toBigInt() : toNumber(a);
  const right = b instanceof Long ? b.toBigInt() : toNumber(b);
  // JavaScript compares bigint with number exactly.
  if (left < right) return -1;
  if (left > right) return 1;
  if (left == right) return 0;
  return Number(!Number.isNaN(left as number)) - Number(!Number.isNaN(right as number));
}

/** True if the value is a number that is not a number. */
export function isNaNValue(value: unknown): boolean {
  return isNumber(value) && Number.isNaN(toNumber(value));
}

const LONG_MIN = -(2n ** 63n);
const LONG_MAX = 2n ** 63n - 1n;

function integerResult(value: bigint, asInt: boolean): unknown {
  if (asInt && value >= -2147483648n && value <= 2147483647n) return new Int32(Number(value));
  return value >= LONG_MIN && value <= LONG_MAX ? Long.fromBigInt(value) : undefined;
}

/** Applies the operation that suits the wider of the two types; undefined if a 64-bit integer overflows. */
function arithmetic(
  a: unknown,
  b: unknown,
  onBigInt: (a: bigint, b: bigint) => bigint,
  onNumber: (a: number, b: number) => number,
  onDecimal: (a: Decimal128, b: Decimal128) => Decimal128,
): unknown {
  const [left, right] = [numberKind(a), numberKind(b)];
  if (left === 'decimal' || right === 'decimal') return onDecimal(toDecimal(a), toDecimal(b));
  if (left === 'double' || right === 'double') return new Double(onNumber(toNumber(a), toNumber(b)));
  return integerResult(onBigInt(toBigInt(a), toBigInt(b)), left === 'int' && right === 'int');
}

/** Sum with MongoDB's result type (int grows to long, then the wider type); undefined if a long overflows. */
export function addNumbers(a: unknown, b: unknown): unknown {
  return arithmetic(a, b, (x, y) => x + y, (x, y) => x + y, addDecimals);
}

/** Product with MongoDB's result type; undefined if a long overflows. */
export function multiplyNumbers(a: unknown, b: unknown): unknown {
  return arithmetic(a, b, (x, y) => x * y, (x, y) => x * y, multiplyDecimals);
}

/** The number with its sign turned, in its own type where that can hold it. */
export function negate(value: unknown): unknown {
  return value instanceof Decimal128 ? negateDecimal(value) : multiplyNumbers(value, new Int32(-1));
}

/** Converts any number to Decimal128; doubles with 15 significant digits, as MongoDB does. */
export function toDecimal(value: unknown): Decimal128 {
  if (value instanceof Decimal128) return value;
  if (value instanceof Long) return Decimal128.fromString(value.toString());
  const number = toNumber(value);
  if (numberKind(value) === 'int' || !Number.isFinite(number)) return Decimal128.fromString(String(number));
  return Decimal128.fromString(number.toPrecision(15));
}

interface Parts {
  coefficient: bigint;
  exponent: number;
}

/** Coefficient and exponent of a finite decimal; undefined for NaN and infinities. */
function parts(value: Decimal128): Parts | undefined {
  const match = DECIMAL_TEXT.exec(value.toString());
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = '', power = '0'] = match;
  const size = BigInt(whole + fraction);
  return { coefficient: sign === '-' ? -size : size, exponent: Number(power) - fraction.length };
}

/** Builds a decimal, rounding half to even at 34 digits; `sticky` says that digits below were already dropped. */
function build(coefficient: bigint, exponent: number, sticky = false): Decimal128 {
  const negative = coefficient < 0n;
  let size = negative ? -coefficient : coefficient;
  const excess = size.toString().length - 34;
  if (excess > 0) {
    const unit = 10n ** BigInt(excess);
    const rest = size % unit;
    size /= unit;
    exponent += excess;
    const half = unit / 2n;
    if (rest > half || (rest === half && (sticky || size % 2n === 1n))) size += 1n;
    if (size.toString().length > 34) return build(negative ? -size : size, exponent);
  }
  if (size !== 0n && exponent + size.toString().length > 6145) return Decimal128.fromString(negative ? '-Infinity' : 'Infinity');
  if (exponent < -6176) return exponent < -6300 ? Decimal128.fromString('0E-6176') : shrink(negative, size, exponent);
  return Decimal128.fromString(`${negative ? '-' : ''}${size}E${Math.min(exponent, 6111 + (size === 0n ? 0 : 34))}`);
}

function shrink(negative: boolean, size: bigint, exponent: number): Decimal128 {
  return Decimal128.fromString(`${negative ? '-' : ''}${size / 10n ** BigInt(-6176 - exponent)}E-6176`);
}

function special(a: Decimal128, b: Decimal128, onNumber: (a: number, b: number) => number): Decimal128 {
  return Decimal128.fromString(String(onNumber(toNumber(a), toNumber(b))));
}

/** Sum of two decimals, rounded to 34 digits. */
export function addDecimals(a: Decimal128, b: Decimal128): Decimal128 {
  let [x, y] = [parts(a), parts(b)];
  if (x === undefined || y === undefined) return special(a, b, (p, q) => p + q);
  if (x.exponent < y.exponent) [x, y] = [y, x];
  // Beyond 80 digits apart the smaller number can only matter for rounding, where one far-away digit does as well.
  const gap = x.exponent - y.exponent;
  if (gap > 80 && x.coefficient !== 0n) y = { coefficient: BigInt(Math.sign(Number(y.coefficient))), exponent: x.exponent - 80 };
  if (gap > 80 && x.coefficient === 0n) return build(y.coefficient, y.exponent);
  return build(x.coefficient * 10n ** BigInt(x.exponent - y.exponent) + y.coefficient, y.exponent);
}

/** Product of two decimals, rounded to 34 digits. */
export function multiplyDecimals(a: Decimal128, b: Decimal128): Decimal128 {
  const [x, y] = [parts(a), parts(b)];
  if (x === undefined || y === undefined) return special(a, b, (p, q) => p * q);
  return build(x.coefficient * y.coefficient, x.exponent + y.exponent);
}

/** Quotient of two decimals, rounded to 34 digits; the divisor must not be zero. */
export function divideDecimals(a: Decimal128, b: Decimal128): Decimal128 {
  const [x, y] = [parts(a), parts(b)];
  if (x === undefined || y === undefined) return special(a, b, (p, q) => p / q);
  const scaled = x.coefficient * 10n ** 70n;
  let quotient = scaled / y.coefficient;
  let exponent = x.exponent - y.exponent - 70;
  const exact = quotient * y.coefficient === scaled;
  // The exact quotient keeps the exponent nearest to the one that subtraction of exponents gives.
  while (exact && exponent < x.exponent - y.exponent && quotient % 10n === 0n) {
    quotient /= 10n;
    exponent += 1;
  }
  return build(quotient, exponent, !exact);
}

/** The decimal with its sign turned. */
export function negateDecimal(value: Decimal128): Decimal128 {
  const text = value.toString();
  if (text === 'NaN') return value;
  return Decimal128.fromString(text.startsWith('-') ? text.slice(1) : `-${text}`);
}

/** A decimal rounded to `places` digits after the point: half to even, or cut off. */
export function roundDecimal(value: Decimal128, places: number, mode: 'even' | 'cut' | 'floor' | 'ceil'): Decimal128 {
  const whole = parts(value);
  if (whole === undefined || -whole.exponent <= places) return value;
  const unit = 10n ** BigInt(Math.min(-whole.exponent - places, 7000));
  let quotient = whole.coefficient / unit;
  const rest = whole.coefficient % unit;
  const twice = 2n * (rest < 0n ? -rest : rest);
  const away = mode === 'even' && (twice > unit || (twice === unit && quotient % 2n !== 0n));
  if (mode === 'floor' ? rest < 0n : away && rest < 0n) quotient -= 1n;
  if (mode === 'ceil' ? rest > 0n : away && rest > 0n) quotient += 1n;
  return build(quotient, -places);
}

/** The whole part of any finite number, exactly; undefined for NaN and infinities. */
export function truncateToBigInt(value: unknown): bigint | undefined {
  const { sign, exponent, digits } = canonicalNumber(value);
  if (sign === 0) return 0n;
  if (sign !== 1 && sign !== -1) return undefined;
  return exponent <= 0 ? 0n : BigInt(digits.slice(0, exponent).padEnd(exponent, '0')) * BigInt(sign);
}
