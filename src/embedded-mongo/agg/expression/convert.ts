import { Code, Decimal128, Double, Int32, Long, ObjectId } from 'bson';
import { isDocument, isNumber, numberKind, regexParts, TYPE_CODES, textOf, toDecimal, toNumber, truncateToBigInt, typeName } from '../../bson/index.js';
import { fail } from '../../errors.js';
import { parseDate } from './dateText.js';
import { compile, define, namedArguments, nullish, operators, truthy } from './core.js';

/** The text `$toString` gives. */
export function toText(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof ObjectId) return value.toHexString();
  if (isNumber(value)) return numberText(value);
  if (typeof value === 'boolean') return String(value);
  if (typeName(value) === 'string' || typeName(value) === 'symbol') return textOf(value);
  if (value instanceof Code) return value.code;
  if (typeName(value) === 'regex') return regexParts(value).pattern;
  return refuse(value, 'string');
}

function numberText(value: unknown): string {
  if (numberKind(value) !== 'double') return value instanceof Decimal128 || value instanceof Long ? value.toString() : String(toNumber(value));
  const number = toNumber(value);
  if (!Number.isFinite(number)) return Number.isNaN(number) ? 'NaN' : number > 0 ? 'Infinity' : '-Infinity';
  if (Object.is(number, -0)) return '-0';
  return String(number).replace(/e([+-])(\d)$/, 'e$10$2');
}

function refuse(value: unknown, target: string): never {
  return fail(241, `Unsupported conversion from ${typeName(value)} to ${target} in $convert with no onError value`);
}

function parseFailure(value: string, target: string): never {
  return fail(241, `Failed to parse number '${value}' in $convert with no onError value: Did not consume whole string to ${target}.`);
}

function toInteger(value: unknown, target: 'int' | 'long'): unknown {
  const whole = wholeOf(value, target);
  const limit = target === 'int' ? 2n ** 31n : 2n ** 63n;
  if (whole >= limit || whole < -limit) fail(241, `Conversion would overflow target type in $convert with no onError value: ${whole}`);
  return target === 'int' ? new Int32(Number(whole)) : Long.fromBigInt(whole);
}

function wholeOf(value: unknown, target: string): bigint {
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (value instanceof Date && target === 'long') return BigInt(value.getTime());
  if (typeof value === 'string') return /^[+-]?\d+$/.test(value) ? BigInt(value.replace(/^\+/, '')) : parseFailure(value, target);
  if (!isNumber(value)) return refuse(value, target);
  return truncateToBigInt(value) ?? fail(241, 'Attempt to convert NaN or infinity value to integer type in $convert with no onError value');
}

const DECIMAL_TEXT = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$|^[+-]?(inf|infinity)$|^nan$/i;

function toDouble(value: unknown): unknown {
  if (typeof value === 'boolean') return new Double(value ? 1 : 0);
  if (value instanceof Date) return new Double(value.getTime());
  if (isNumber(value)) return new Double(toNumber(value));
  if (typeof value !== 'string') return refuse(value, 'double');
  if (!DECIMAL_TEXT.test(value)) return parseFailure(value, 'double');
  return new Double(Number(value.replace(/^([+-]?)inf(inity)?$/i, '$1Infinity')));
}

function toDecimalValue(value: unknown): unknown {
  if (typeof value === 'boolean') return Decimal128.fromString(value ? '1' : '0');
  if (value instanceof Date) return Decimal128.fromString(String(value.getTime()));
  if (isNumber(value)) return toDecimal(value);
  if (typeof value !== 'string') return refuse(value, 'decimal');
  return DECIMAL_TEXT.test(value) ? Decimal128.fromStringWithRounding(value) : parseFailure(value, 'decimal');
}

function toDate(value: unknown): unknown {
  if (value instanceof Date) return value;
  if (value instanceof ObjectId) return value.getTimestamp();
  if (typeof value === 'string') return parseDate(value);
  if (typeName(value) === 'timestamp') return new Date(Number((value as unknown as { high: number }).high >>> 0) * 1000);
  if (!isNumber(value) || numberKind(value) === 'int') return refuse(value, 'date');
  const time = truncateToBigInt(value);
  return time === undefined ? refuse(value, 'date') : new Date(Number(time));
}

function toObjectId(value: unknown): unknown {
  if (value instanceof ObjectId) return value;
  if (typeof value !== 'string') return refuse(value, 'objectId');
  if (!/^[0-9a-f]{24}$/i.test(value)) fail(241, `Failed to parse objectId '${value}' in $convert with no onError value`);
  return new ObjectId(value);
}

const CONVERSIONS: Readonly<Record<string, (value: unknown) => unknown>> = {
  string: toText,
  int: (value) => toInteger(value, 'int'),
  long: (value) => toInteger(value, 'long'),
  double: toDouble,
  decimal: toDecimalValue,
  // Unlike in conditions, every value that is no number and no boolean is true here, and so is "".
  bool: (value) => truthy(value),
  date: toDate,
  objectId: toObjectId,
};

for (const [operator, target] of Object.entries({
  $toString: 'string', $toInt: 'int', $toLong: 'long', $toDouble: 'double', $toDecimal: 'decimal', $toBool: 'bool',
  $toDate: 'date', $toObjectId: 'objectId',
})) {
  define(operator, 1, ([value]) => (nullish(value) ? null : CONVERSIONS[target]?.(value)));
}

operators.set('$convert', (argument, context) => {
  const { input, to, onError, onNull } = namedArguments('$convert', argument, ['input', 'to'], ['onError', 'onNull']);
  const has = (key: string): boolean => isDocument(argument) && Object.hasOwn(argument, key);
  const [source, target] = [compile(input, context), compile(to, context)];
  const [failed, empty] = [has('onError') ? compile(onError, context) : undefined, compile(onNull ?? null, context)];
  return (scope) => {
    const value = source(scope);
    const type = target(scope);
    if (nullish(type)) return null;
    const name = isNumber(type) ? Object.keys(TYPE_CODES).find((key) => TYPE_CODES[key] === toNumber(type)) : type;
    const convert = typeof name === 'string' && Object.hasOwn(CONVERSIONS, name) ? CONVERSIONS[name] : undefined;
    if (convert === undefined) return fail(2, `$convert to ${String(name)} is not supported`);
    if (nullish(value)) return empty(scope);
    try {
      return convert(value);
    } catch (error) {
      if (failed === undefined) throw error;
      return failed(scope);
    }
  };
});
