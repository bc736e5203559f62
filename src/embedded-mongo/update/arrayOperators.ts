import { isDocument, toNumber, toSafeInteger, typeName, valuesEqual, type Collation, type Document } from '../bson/index.js';
import { fail } from '../errors.js';
import { sortValues } from '../project/sort.js';
import { isDBRef } from '../query/predicates.js';
import { compileMatch, compileValueMatch } from '../query/match.js';
import { isRegex } from '../query/regex.js';
import { describe } from './describe.js';
import type { Modifier, Modify } from './operators.js';

const PUSH_CLAUSES = new Set(['$each', '$position', '$slice', '$sort']);

/** What `$push` does with its operand: values to add and the clauses beside `$each`. */
interface Push {
  each: unknown[];
  position?: number;
  slice?: number;
  sort?: unknown;
}

function parsePush(operand: unknown): Push {
  if (!isDocument(operand) || !Object.hasOwn(operand, '$each')) return { each: [operand] };
  const unknown = Object.keys(operand).find((key) => !PUSH_CLAUSES.has(key));
  if (unknown !== undefined) fail(2, `Unrecognized clause in $push: ${unknown}`);
  const { $each: each, $sort: sort } = operand;
  if (!Array.isArray(each)) return fail(2, `The argument to $each in $push must be an array but it was of type: ${typeName(each)}`);
  // Sorting nothing checks the operand at once.
  if (sort !== undefined) sortValues([], sort);
  return { each: each as unknown[], sort, position: clauseNumber(operand, '$position'), slice: clauseNumber(operand, '$slice') };
}

function clauseNumber(operand: Document, clause: string): number | undefined {
  if (!Object.hasOwn(operand, clause)) return undefined;
  return toSafeInteger(operand[clause]) ?? fail(2, `The value for ${clause} must be an integer value but was given type: ${typeName(operand[clause])}`);
}

function push(operand: unknown, field: string, collation?: Collation): Modify {
  const { each, position, slice, sort } = parsePush(operand);
  return (current, { id }) => {
    if (current !== undefined && !Array.isArray(current)) {
      fail(2, `The field '${field}' must be an array but is of type ${typeName(current)} in document {_id: ${describe(id)}}`);
    }
    let items = [...((current as unknown[] | undefined) ?? [])];
    const at = position === undefined ? items.length : position < 0 ? Math.max(0, items.length + position) : position;
    items.splice(Math.min(at, items.length), 0, ...each);
    if (sort !== undefined) items = sortValues(items, sort, collation);
    if (slice !== undefined) items = slice >= 0 ? items.slice(0, slice) : items.slice(slice);
    return items;
  };
}

function addToSet(operand: unknown, field: string, collation?: Collation): Modify {
  const withEach = isDocument(operand) && Object.keys(operand)[0] === '$each';
  const values: unknown = withEach ? operand.$each : [operand];
  if (!Array.isArray(values)) return fail(14, `The argument to $each in $addToSet must be an array but it was of type ${typeName(values)}`);
  if (withEach && Object.keys(operand).length > 1) fail(2, `Found unexpected fields after $each in $addToSet: ${describe(operand)}`);
  return (current) => {
    if (current !== undefined && !Array.isArray(current)) {
      fail(2, `Cannot apply $addToSet to non-array field. Field named '${field.split('.').at(-1)}' has non-array type ${typeName(current)}`);
    }
    const items = [...((current as unknown[] | undefined) ?? [])];
    for (const value of values as unknown[]) if (!items.some((item) => valuesEqual(item, value, collation))) items.push(value);
    return items;
  };
}

function pop(operand: unknown, field: string): Modify {
  const end = toNumber(operand);
  if (end !== 1 && end !== -1) fail(9, `$pop expects 1 or -1, found: ${describe(operand)}`);
  return (current) => {
    if (current === undefined) return undefined;
    if (!Array.isArray(current)) return fail(14, `Path '${field}' contains an element of non-array type '${typeName(current)}'`);
    return end === 1 ? current.slice(0, -1) : current.slice(1);
  };
}

function pullTest(operand: unknown, collation?: Collation): (item: unknown) => boolean {
  if (isRegex(operand)) return compileValueMatch({ $regex: operand }, { collation });
  if (!isDocument(operand)) return (item) => valuesEqual(item, operand, collation);
  const first = Object.keys(operand)[0];
  if (first?.startsWith('$') === true && !/^\$(and|or|nor)$/.test(first) && !isDBRef(operand)) {
    return compileValueMatch(operand, { collation });
  }
  const { matches } = compileMatch(operand, { collation });
  return (item) => isDocument(item) && matches(item);
}

function removal(name: string, test: (item: unknown) => boolean): Modify {
  return (current) => {
    if (current === undefined) return undefined;
    if (!Array.isArray(current)) return fail(2, `Cannot apply ${name} to a non-array value`);
    const kept = current.filter((item) => !test(item));
    return kept.length === current.length ? (current as unknown) : kept;
  };
}

/** Update operators for arrays. */
export const arrayOperators: Readonly<Record<string, Modifier>> = {
  $push: push,
  $addToSet: addToSet,
  $pop: pop,
  $pull: (operand, _field, collation) => removal('$pull', pullTest(operand, collation)),
  $pullAll: (operand, _field, collation) => {
    if (!Array.isArray(operand)) return fail(2, `$pullAll requires an array argument but was given a ${typeName(operand)}`);
    return removal('$pullAll', (item) => operand.some((value) => valuesEqual(item, value, collation)));
  },
};
