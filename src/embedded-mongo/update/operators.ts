import { Long, Timestamp } from 'bson';
import { addNumbers, compareValues, isDocument, isNumber, multiplyNumbers, numberKind, toNumber, typeName, type Collation } from '../bson/index.js';
import { fail } from '../errors.js';
import { arrayOperators } from './arrayOperators.js';
import { describe } from './describe.js';

/** Returned by an operator to have the field removed. */
export const UNSET = Symbol('unset');

/** Computes a field's new value from the current one (undefined: missing, and as an answer: leave it missing). */
export type Modify = (current: unknown, context: { now: Date; isInsert: boolean; id: unknown }) => unknown;

/** Checks the operand of a modifier for one field and returns what it does. */
export type Modifier = (operand: unknown, field: string, collation?: Collation) => Modify;

function arithmetic(name: string, apply: (a: unknown, b: unknown) => unknown, onMissing: (operand: unknown) => unknown): Modifier {
  return (operand, field) => {
    if (!isNumber(operand)) {
      fail(14, `Cannot ${name === '$inc' ? 'increment' : 'multiply'} with non-numeric argument: {${field}: ${describe(operand)}}`);
    }
    return (current, { id }) => {
      if (current === undefined) return onMissing(operand);
      if (!isNumber(current)) {
        fail(14, `Cannot apply ${name} to a value of non-numeric type. {_id: ${describe(id)}} has the field '${field}' of non-numeric type ${typeName(current)}`);
      }
      return apply(current, operand) ?? fail(2, `Failed to apply ${name} operations to current value (${describe(current)}) for document {_id: ${describe(id)}}`);
    };
  };
}

function extreme(sign: 1 | -1): Modifier {
  return (operand, _field, collation) => (current) =>
    current === undefined || compareValues(operand, current, collation) * sign > 0 ? operand : current;
}

function currentDate(operand: unknown): Modify {
  let type: unknown = 'date';
  if (isDocument(operand)) {
    type = operand.$type;
    const unknown = Object.keys(operand).find((key) => key !== '$type');
    if (unknown !== undefined) fail(2, `Unrecognized $currentDate option: ${unknown}`);
  } else if (typeof operand !== 'boolean') {
    fail(2, `${typeName(operand)} is not valid type for $currentDate. Please use a boolean ('true') or a $type expression ({$type: 'timestamp/date'}).`);
  }
  if (type === 'date') return (_current, { now }) => now;
  if (type !== 'timestamp') fail(2, "The '$type' string field is required to be 'date' or 'timestamp': {$currentDate: {field : {$type: 'date'}}}");
  return (_current, { now }) => new Timestamp({ t: Math.floor(now.getTime() / 1000), i: 1 });
}

const BIT_OPERATIONS: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = {
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
};

function isInteger(value: unknown): boolean {
  return numberKind(value) === 'int' || numberKind(value) === 'long';
}

function bit(operand: unknown, field: string): Modify {
  if (!isDocument(operand)) return fail(2, `The $bit modifier is not compatible with a ${typeName(operand)}. You must pass in an embedded document: {$bit: {field: {and/or/xor: #}}`);
  const steps = Object.entries(operand).map(([name, value]) => {
    const apply = Object.hasOwn(BIT_OPERATIONS, name) ? BIT_OPERATIONS[name] : undefined;
    if (apply === undefined) return fail(2, `The $bit modifier only supports 'and', 'or', and 'xor', not '${name}' which is an unknown operator: {${name}: ${describe(value)}}`);
    if (!isInteger(value)) return fail(2, `The $bit modifier field must be an Integer(32/64 bit); a '${typeName(value)}' is not supported here: {${name}: ${describe(value)}}`);
    return { apply, value };
  });
  if (steps.length === 0) fail(2, "You must pass in at least one bitwise operation. The format is: {$bit: {field: {and/or/xor: #}}");
  return (current, { id }) => {
    if (current !== undefined && !isInteger(current)) fail(2, `Cannot apply $bit to a value of non-integral type.{_id: ${describe(id)}} has the field ${field} of non-integer type ${typeName(current)}`);
    return steps.reduce<unknown>((value, step) => {
      const bits = step.apply(BigInt(String(toExact(value))), BigInt(String(toExact(step.value))));
      return [value, step.value].some((part) => numberKind(part) === 'long') ? Long.fromBigInt(BigInt.asIntN(64, bits)) : Number(BigInt.asIntN(32, bits));
    }, current ?? 0);
  };
}

function toExact(value: unknown): unknown {
  return value instanceof Long ? value.toString() : toNumber(value);
}

/** All update operators but `$rename`, which concerns two fields. */
export const MODIFIERS: Readonly<Record<string, Modifier>> = {
  $set: (operand) => () => operand,
  $setOnInsert: (operand) => (current, { isInsert }) => (isInsert ? operand : current),
  $unset: () => (current) => (current === undefined ? undefined : UNSET),
  $inc: arithmetic('$inc', addNumbers, (operand) => operand),
  // A missing field becomes zero of the operand's type.
  $mul: arithmetic('$mul', multiplyNumbers, (operand) => multiplyNumbers(operand, 0)),
  $min: extreme(-1),
  $max: extreme(1),
  $currentDate: currentDate,
  $bit: bit,
  ...arrayOperators,
};
