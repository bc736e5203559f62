import { Decimal128, Double, Int32, Long } from 'bson';
import {
  addNumbers, compareValues, divideDecimals, isNaNValue, isNumber, multiplyNumbers, negate, numberKind, roundDecimal, toDecimal,
  toNumber, toSafeInteger, truncateToBigInt, typeName,
} from '../../bson/index.js';
import { fail } from '../../errors.js';
import { define, defineSequential, nullish } from './core.js';
import { Summation } from './summation.js';

/** Sum as `$add` and `$sum` form it: a 64-bit overflow becomes a double. */
export function sumOf(a: unknown, b: unknown): unknown {
  return addNumbers(a, b) ?? new Double(toNumber(a) + toNumber(b));
}

function checkNumber(name: string, value: unknown, code = 14): void {
  if (!isNumber(value)) fail(code, `${name} only supports numeric types, not ${typeName(value)}`);
}

/** The date moved by a number of milliseconds. */
function shift(date: Date, millis: number): Date {
  const time = date.getTime() + Math.round(millis);
  return Number.isSafeInteger(time) ? new Date(time) : fail(15, 'date overflow');
}

defineSequential('$add', (args) => {
  let sum: unknown = new Int32(0);
  let date: Date | undefined;
  for (const value of args) {
    if (nullish(value)) return null;
    if (value instanceof Date) {
      if (date !== undefined) fail(16612, 'only one date allowed in an $add expression');
      date = value;
    } else if (isNumber(value)) sum = sumOf(sum, value);
    else fail(14, `$add only supports numeric or date types, not ${typeName(value)}`);
  }
  return date === undefined ? sum : shift(date, toNumber(sum));
});

define('$subtract', 2, ([a, b]) => {
  if (nullish(a) || nullish(b)) return null;
  if (a instanceof Date && b instanceof Date) return Long.fromNumber(a.getTime() - b.getTime());
  if (a instanceof Date && isNumber(b)) return shift(a, -toNumber(b));
  if (!isNumber(a) || !isNumber(b)) return fail(14, `can't $subtract ${typeName(b)} from ${typeName(a)}`);
  return sumOf(a, negateWidely(b));
});

function negateWidely(value: unknown): unknown {
  const int = value instanceof Int32 ? value.value : value;
  if (int === -2147483648) return Long.fromNumber(2147483648);
  return negate(value) ?? new Double(-toNumber(value));
}

defineSequential('$multiply', (args) => {
  let product: unknown = new Int32(1);
  for (const value of args) {
    if (nullish(value)) return null;
    checkNumber('$multiply', value);
    product = multiplyNumbers(product, value) ?? new Double(toNumber(product) * toNumber(value));
  }
  return product;
});

/** Quotient: a decimal if either is one, otherwise a double. */
export function quotient(a: unknown, b: unknown): unknown {
  if (a instanceof Decimal128 || b instanceof Decimal128) return divideDecimals(toDecimal(a), toDecimal(b));
  return new Double(toNumber(a) / toNumber(b));
}

define('$divide', 2, ([a, b]) => {
  if (nullish(a) || nullish(b)) return null;
  if (!isNumber(a) || !isNumber(b)) return fail(14, `$divide only supports numeric types, not ${typeName(a)} and ${typeName(b)}`);
  return toNumber(b) === 0 ? fail(2, "can't $divide by zero") : quotient(a, b);
});

define('$mod', 2, ([a, b]) => {
  if (nullish(a) || nullish(b)) return null;
  if (!isNumber(a) || !isNumber(b)) return fail(14, `$mod only supports numeric types, not ${typeName(a)} and ${typeName(b)}`);
  if (toNumber(b) === 0) return fail(2, "can't $mod by zero");
  const kinds = [numberKind(a), numberKind(b)];
  if (kinds.includes('decimal')) {
    const whole = roundDecimal(divideDecimals(toDecimal(a), toDecimal(b)), 0, 'cut');
    return sumOf(a, negate(multiplyNumbers(whole, b)));
  }
  if (kinds.includes('double')) return new Double(toNumber(a) % toNumber(b));
  const rest = Long.fromString(longText(a)).modulo(Long.fromString(longText(b)));
  return kinds.includes('long') ? rest : new Int32(rest.toNumber());
});

function longText(value: unknown): string {
  return value instanceof Long ? value.toString() : String(toNumber(value));
}

define('$abs', 1, ([value]) => {
  if (nullish(value)) return null;
  checkNumber('$abs', value, 28765);
  if (value instanceof Decimal128) return value.toString().startsWith('-') ? negate(value) : value;
  return compareValues(value, 0) < 0 ? (negateWidelyLong(value) ?? fail(28680, "can't take $abs of long long min")) : value;
});

function negateWidelyLong(value: unknown): unknown {
  return value instanceof Long ? negate(value) : negateWidely(value);
}

/** Operators that leave whole numbers as they are and round the others to a whole number. */
function defineRounding(name: string, onNumber: (value: number) => number, mode: 'floor' | 'ceil'): void {
  define(name, 1, ([value]) => {
    if (nullish(value)) return null;
    checkNumber(name, value, 28765);
    if (value instanceof Decimal128) return roundDecimal(value, 0, mode);
    return numberKind(value) === 'double' ? new Double(onNumber(toNumber(value))) : value;
  });
}
defineRounding('$floor', Math.floor, 'floor');
defineRounding('$ceil', Math.ceil, 'ceil');

function roundTo(name: string, value: unknown, place: unknown, mode: 'even' | 'cut'): unknown {
  if (nullish(value) || nullish(place)) return null;
  checkNumber(name, value, 51081);
  const digits = toSafeInteger(place) ?? fail(51082, `precision argument to ${name} must be a integral value`);
  if (digits < -20 || digits > 100) fail(51083, `cannot apply ${name} with precision value ${digits} value must be in [-20, 100]`);
  const kind = numberKind(value);
  if (value instanceof Decimal128) return roundDecimal(value, digits, mode);
  if (isNaNValue(value) || Math.abs(toNumber(value)) === Infinity || (kind !== 'double' && digits >= 0)) return value;
  // Rounding is done on the exact decimal value, so that 2.675 (really 2.67499...) goes down.
  const exact = kind === 'double' ? Decimal128.fromString(exactText(toNumber(value))) : toDecimal(value);
  const rounded = roundDecimal(exact, digits, mode);
  if (kind === 'double') return new Double(Number(rounded.toString()));
  const whole = truncateToBigInt(rounded) ?? 0n;
  return kind === 'int' && whole >= -2147483648n && whole <= 2147483647n ? new Int32(Number(whole)) : Long.fromBigInt(whole);
}

function exactText(value: number): string {
  return value.toExponential(33);
}

define('$round', [1, 2], ([value, place], _context) => roundTo('$round', value, place === undefined ? 0 : place, 'even'));
define('$trunc', [1, 2], ([value, place], _context) => roundTo('$trunc', value, place === undefined ? 0 : place, 'cut'));

/** Functions of one real number; decimals are refused because they would lose digits. */
function defineReal(name: string, apply: (value: number) => number): void {
  define(name, 1, ([value]) => {
    if (nullish(value)) return null;
    checkNumber(name, value, 28765);
    if (value instanceof Decimal128) fail(238, `${name} of Decimal128 is not supported by this server`);
    return new Double(apply(toNumber(value)));
  });
}
defineReal('$exp', Math.exp);
defineReal('$ln', (value) => (value > 0 || Number.isNaN(value) ? Math.log(value) : fail(28766, `$ln's argument must be a positive number, but is ${value}`)));
defineReal('$log10', (value) => (value > 0 || Number.isNaN(value) ? Math.log10(value) : fail(28761, `$log10's argument must be a positive number, but is ${value}`)));
defineReal('$sqrt', (value) => (value >= 0 || Number.isNaN(value) ? Math.sqrt(value) : fail(28714, "$sqrt's argument must be greater than or equal to 0")));

define('$pow', 2, ([base, exponent]) => {
  if (nullish(base) || nullish(exponent)) return null;
  checkNumber("$pow's base", base, 28762);
  checkNumber("$pow's exponent", exponent, 28763);
  const kinds = [numberKind(base), numberKind(exponent)];
  if (kinds.includes('decimal')) return fail(238, '$pow of Decimal128 is not supported by this server');
  const [x, y] = [toNumber(base), toNumber(exponent)];
  if (x === 0 && y < 0) fail(28764, '$pow cannot take a base of 0 and a negative exponent');
  const power = x ** y;
  if (kinds.includes('double') || !Number.isSafeInteger(power)) return new Double(power);
  if (kinds.includes('long')) return Long.fromNumber(power);
  return Math.abs(power) < 2147483648 ? new Int32(power) : Long.fromNumber(power);
});

define('$log', 2, ([value, base]) => {
  if (nullish(value) || nullish(base)) return null;
  checkNumber("$log's argument", value, 28756);
  checkNumber("$log's base", base, 28757);
  const [x, y] = [toNumber(value), toNumber(base)];
  if (x <= 0) fail(28758, `$log's argument must be a positive number, but is ${x}`);
  if (y <= 0 || y === 1) fail(28759, `$log's base must be a positive number not equal to 1, but is ${y}`);
  return new Double(Math.log(x) / Math.log(y));
});

/** `$sum` and `$avg` over arguments, or over the elements of a single array. */
function summed(args: readonly unknown[]): Summation {
  const sum = new Summation();
  for (const value of args.length === 1 && Array.isArray(args[0]) ? (args[0] as unknown[]) : args) sum.add(value);
  return sum;
}
define('$sum', [0, Infinity], (args) => summed(args).total());
define('$avg', [0, Infinity], (args) => averageOf(summed(args)));

/** The average of what was summed; null if there was no number. */
export function averageOf(sum: Summation): unknown {
  return sum.count === 0 ? null : quotient(sum.dividend(), new Int32(sum.count));
}
