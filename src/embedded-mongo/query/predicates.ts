import { MaxKey, MinKey } from 'bson';
import {
  binaryParts, compareValues, isDocument, isLong, isNaNValue, isNumber, RANK, toNumber, toSafeInteger, TYPE_CODES, typeName,
  typeRank, valuesEqual, type Collation,
} from '../bson/index.js';
import { fail } from '../errors.js';
import { isRegex, regexOperand, regexTest } from './regex.js';

/** A test of one value; missing comes in as undefined. */
export type ValueTest = (value: unknown) => boolean;

function isNullish(value: unknown): boolean {
  return value === null || value === undefined;
}

/** `$eq`: null equals missing; a regular expression equals only itself. */
export function equalityTest(operand: unknown, collation?: Collation): ValueTest {
  if (operand === undefined) return fail(2, 'cannot compare to undefined');
  if (operand === null) return isNullish;
  if (typeof operand === 'string' && collation === undefined) return (value) => value === operand || (typeof value === 'object' && valuesEqual(value, operand));
  return (value) => value !== undefined && valuesEqual(value, operand, collation);
}

/** `$gt $gte $lt $lte`: only values of the operand's own kind are compared, except with MinKey and MaxKey. */
export function orderTest(operator: string, operand: unknown, collation?: Collation): ValueTest {
  if (operand === undefined) return fail(2, 'cannot compare to undefined');
  if (isRegex(operand)) return fail(2, `Can't have RegEx as arg to predicate over field '${operator}'.`);
  const inclusive = operator === '$gte' || operator === '$lte';
  const sign = operator === '$gt' || operator === '$gte' ? 1 : -1;
  if (operand === null) return inclusive ? isNullish : () => false;
  const rank = typeRank(operand);
  const otherTypes = operand instanceof (sign === 1 ? MinKey : MaxKey);
  const operandIsNaN = isNaNValue(operand);
  return (value) => {
    if (typeRank(value) !== rank) return otherTypes;
    const order = compareValues(value, operand, collation);
    if (order === 0) return inclusive;
    if (rank === RANK.number && (operandIsNaN || isNaNValue(value))) return false;
    return order * sign > 0;
  };
}

/** `$in`: values and regular expressions. */
export function inTest(operand: unknown, collation?: Collation): ValueTest {
  if (!Array.isArray(operand)) return fail(2, '$in needs an array');
  const regexes: ValueTest[] = [];
  const values: unknown[] = [];
  for (const item of operand as unknown[]) {
    if (item === undefined) fail(2, 'cannot compare to undefined');
    if (isDocument(item) && Object.keys(item)[0]?.startsWith('$') && !isDBRef(item)) fail(2, 'cannot nest $ under $in');
    if (isRegex(item)) regexes.push(patternTest(item), equalityTest(item));
    else values.push(item);
  }
  const withNull = values.includes(null);
  values.sort((a, b) => compareValues(a, b, collation));
  return (value) => {
    if (isNullish(value)) return withNull;
    return includesSorted(values, value, collation) || regexes.some((test) => test(value));
  };
}

/** True for {$ref, $id}, which looks like operators but is a value. */
export function isDBRef(value: Record<string, unknown>): boolean {
  return Object.hasOwn(value, '$ref') || Object.hasOwn(value, '$id');
}

function includesSorted(sorted: readonly unknown[], value: unknown, collation?: Collation): boolean {
  let [low, high] = [0, sorted.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const order = compareValues(sorted[middle], value, collation);
    if (order === 0) return true;
    if (order < 0) low = middle + 1;
    else high = middle - 1;
  }
  return false;
}

/** A regular expression given as a value. */
export function patternTest(regex: unknown, options?: unknown): ValueTest {
  const operand = regexOperand(regex, options);
  return regexTest(operand.pattern, operand.options);
}

/** `$type`: names, numbers, the alias "number", or an array of them. */
export function typeTest(operand: unknown): ValueTest {
  const list: unknown[] = Array.isArray(operand) ? operand : [operand];
  if (list.length === 0) return fail(9, '$type must match at least one type');
  const names = new Set(list.flatMap(typeNames));
  return (value) => value !== undefined && names.has(typeName(value));
}

function typeNames(type: unknown): string[] {
  if (type === 'number') return ['int', 'long', 'double', 'decimal'];
  if (typeof type === 'string') return Object.hasOwn(TYPE_CODES, type) ? [type] : fail(2, `Unknown type name alias: ${type}`);
  if (!isNumber(type)) return fail(14, 'type must be represented as a number or a string');
  const name = Object.keys(TYPE_CODES).find((key) => TYPE_CODES[key] === toNumber(type));
  return name === undefined ? fail(2, `Invalid numerical type code: ${toNumber(type)}`) : [name];
}

/** `$mod`: numbers are cut to integers first. */
export function modTest(operand: unknown): ValueTest {
  if (!Array.isArray(operand)) return fail(2, 'malformed mod, needs to be an array');
  if (operand.length < 2) return fail(2, 'malformed mod, not enough elements');
  if (operand.length > 2) return fail(2, 'malformed mod, too many elements');
  const [divisor, remainder] = operand.map((item: unknown, i) => integerPart(item) ?? fail(2, `malformed mod, ${i === 0 ? 'divisor' : 'remainder'} not a number`));
  if (divisor === undefined || divisor === 0n) return fail(2, 'divisor cannot be 0');
  return (value) => {
    const whole = integerPart(value);
    return whole !== undefined && whole % divisor === remainder;
  };
}

function integerPart(value: unknown): bigint | undefined {
  if (isLong(value)) return value.toBigInt();
  const number = toNumber(value);
  return isNumber(value) && Number.isFinite(number) ? BigInt(Math.trunc(number)) : undefined;
}

/** `$size` of an array. */
export function sizeTest(operand: unknown): ValueTest {
  if (!isNumber(operand)) return fail(2, `Failed to parse $size. Expected a number in: $size: ${String(operand)}`);
  const size = toSafeInteger(operand);
  if (size === undefined) return fail(2, `Failed to parse $size. Expected an integer: $size: ${toNumber(operand)}`);
  if (size < 0) return fail(2, `Failed to parse $size. Expected a non-negative number in: $size: ${size}`);
  return (value) => Array.isArray(value) && value.length === size;
}

/** `$bitsAllSet $bitsAllClear $bitsAnySet $bitsAnyClear` on integers and binary data. */
export function bitsTest(operator: string, operand: unknown): ValueTest {
  const positions = bitPositions(operator, operand);
  const wanted = operator.endsWith('Set');
  return (value) => {
    const bitAt = bitReader(value);
    if (bitAt === undefined) return false;
    return operator.startsWith('$bitsAll') ? positions.every((at) => bitAt(at) === wanted) : positions.some((at) => bitAt(at) === wanted);
  };
}

function bitPositions(operator: string, operand: unknown): number[] {
  if (Array.isArray(operand)) {
    return operand.map((item: unknown) => {
      const at = toSafeInteger(item);
      return at === undefined || at < 0 ? fail(2, `bit positions must be an integer >= 0 in ${operator}`) : at;
    });
  }
  const bitAt = bitReader(operand);
  if (bitAt === undefined || (isNumber(operand) && toNumber(operand) < 0)) {
    return fail(2, `${operator} takes an Array, a number, or a BinData but received: ${typeName(operand)}`);
  }
  const length = typeRank(operand) === RANK.binData ? binaryParts(operand).bytes.length * 8 : 64;
  return Array.from({ length }, (_, at) => at).filter(bitAt);
}

function bitReader(value: unknown): ((at: number) => boolean) | undefined {
  if (typeRank(value) === RANK.binData) {
    const { bytes } = binaryParts(value);
    return (at) => (((bytes[at >> 3] ?? 0) >> (at & 7)) & 1) === 1;
  }
  const whole = integerPart(value);
  if (whole === undefined || (!isLong(value) && !Number.isInteger(toNumber(value)))) return undefined;
  if (whole >= 2n ** 63n || whole < -(2n ** 63n)) return undefined;
  return (at) => ((whole >> BigInt(Math.min(at, 63))) & 1n) === 1n;
}
