import { compareValues, encodeKey, isDocument, toSafeInteger, typeName, type Collation, type Document } from '../bson/index.js';
import { fail } from '../errors.js';
import { averageOf } from './expression/arithmetic.js';
import { compileExpression, nullish, type ExpressionOptions } from './expression/index.js';
import { mergeInto } from './expression/objects.js';
import { Summation } from './expression/summation.js';

/** Collects the values of one field of one group. */
interface Accumulator {
  add(value: unknown): void;
  result(): unknown;
}

type NewAccumulator = (collation: Collation | undefined, n: number) => Accumulator;

function extreme(sign: 1 | -1): NewAccumulator {
  return (collation) => {
    let best: unknown = null;
    return {
      add(value) {
        if (!nullish(value) && (best === null || compareValues(value, best, collation) * sign > 0)) best = value;
      },
      result: () => best,
    };
  };
}

function summing(result: (sum: Summation) => unknown): NewAccumulator {
  return () => {
    const sum = new Summation();
    return { add: (value) => sum.add(value), result: () => result(sum) };
  };
}

function listing(keep: (values: unknown[], collation: Collation | undefined, n: number) => unknown, missing: 'skip' | 'null' = 'skip'): NewAccumulator {
  return (collation, n) => {
    const values: unknown[] = [];
    return {
      add(value) {
        if (value !== undefined) values.push(value);
        else if (missing === 'null') values.push(null);
      },
      result: () => keep(values, collation, n),
    };
  };
}

/** The same text for equal values, for use as a key of a Map. */
export function mapKey(value: unknown, collation?: Collation): string {
  return encodeKey([value], [1], collation).bytes.toString('latin1');
}

/** `$first` and `$last`, which must not keep all values of a group in memory. */
function single(which: 'first' | 'last'): NewAccumulator {
  return () => {
    let value: unknown = null;
    let empty = true;
    return {
      add(next) {
        if (which === 'last' || empty) value = next ?? null;
        empty = false;
      },
      result: () => value,
    };
  };
}

const ACCUMULATORS: Readonly<Record<string, NewAccumulator>> = {
  $sum: summing((sum) => sum.total()),
  $avg: summing(averageOf),
  $min: extreme(-1),
  $max: extreme(1),
  $first: single('first'),
  $last: single('last'),
  $push: listing((values) => values),
  $addToSet(collation) {
    const values = new Map<string, unknown>();
    return {
      add(value) {
        const key = mapKey(value, collation);
        if (value !== undefined && !values.has(key)) values.set(key, value);
      },
      result: () => [...values.values()],
    };
  },
  $mergeObjects() {
    const merged: Document = {};
    return { add: (value) => mergeInto(merged, value), result: () => merged };
  },
  $firstN: listing((values, _collation, n) => values.slice(0, n), 'null'),
  $lastN: listing((values, _collation, n) => values.slice(-n), 'null'),
  $minN: listing((values, collation, n) => values.filter((value) => value !== null).sort((a, b) => compareValues(a, b, collation)).slice(0, n)),
  $maxN: listing((values, collation, n) => values.filter((value) => value !== null).sort((a, b) => compareValues(b, a, collation)).slice(0, n)),
};

const UNSUPPORTED = new Set(['$stdDevPop', '$stdDevSamp', '$top', '$topN', '$bottom', '$bottomN', '$accumulator', '$median', '$percentile']);

/** One computed field of `$group`. */
export interface GroupField {
  name: string;
  evaluate: (doc: Document) => unknown;
  create: () => Accumulator;
}

/** Compiles `{field: {$accumulator: expression}}`. */
export function compileGroupField(name: string, spec: unknown, env: ExpressionOptions): GroupField {
  if (name.includes('.')) fail(40235, `The field name '${name}' cannot contain '.'`);
  if (name.startsWith('$')) fail(40236, `The field name '${name}' cannot be an operator name`);
  if (!isDocument(spec)) return fail(40234, `The field '${name}' must be an accumulator object`);
  const [operator = '', ...more] = Object.keys(spec);
  if (more.length > 0) fail(40238, `The field '${name}' must specify one accumulator`);
  if (!operator.startsWith('$')) fail(40234, `The field '${name}' must be an accumulator object`);
  if (UNSUPPORTED.has(operator)) fail(238, `${operator} is not supported by this server`);
  const argument = spec[operator];
  if (operator === '$count') {
    if (!isDocument(argument) || Object.keys(argument).length > 0) fail(9, '$count takes no arguments, i.e. $count:{}');
    return { name, evaluate: () => 1, create: () => create('$sum', env, 0) };
  }
  if (!Object.hasOwn(ACCUMULATORS, operator)) return fail(15952, `unknown group operator '${operator}'`);
  if (operator.endsWith('N')) return compileN(name, operator, argument, env);
  if (Array.isArray(argument) && argument.length !== 1) fail(40237, `The ${operator} accumulator is a unary operator`);
  const expression: unknown = Array.isArray(argument) ? argument[0] : argument;
  return { name, evaluate: compileExpression(expression, env), create: () => create(operator, env, 0) };
}

function compileN(name: string, operator: string, argument: unknown, env: ExpressionOptions): GroupField {
  if (!isDocument(argument) || !Object.hasOwn(argument, 'input') || !Object.hasOwn(argument, 'n')) {
    return fail(5787900, `specification must be an object with 'input' and 'n'; found ${operator}: ${typeName(argument)}`);
  }
  const n = toSafeInteger(compileExpression(argument.n, env)({}));
  if (n === undefined || n <= 0) return fail(5787908, `'n' must be greater than 0 and constant in ${operator}`);
  return { name, evaluate: compileExpression(argument.input, env), create: () => create(operator, env, n) };
}

function create(operator: string, env: ExpressionOptions, n: number): Accumulator {
  return (ACCUMULATORS[operator] as NewAccumulator)(env.collation, n);
}

/** Groups documents by a key; groups come in the order in which they first appear. */
export function* group(docs: Iterable<Document>, id: (doc: Document) => unknown, fields: readonly GroupField[], collation?: Collation): Iterable<Document> {
  const groups = new Map<string, { _id: unknown; values: Accumulator[] }>();
  for (const doc of docs) {
    const _id = id(doc) ?? null;
    const key = mapKey(_id, collation);
    let found = groups.get(key);
    if (found === undefined) groups.set(key, (found = { _id, values: fields.map((field) => field.create()) }));
    found.values.forEach((value, i) => value.add(fields[i]?.evaluate(doc)));
  }
  for (const { _id, values } of groups.values()) {
    const out: Document = { _id };
    fields.forEach((field, i) => (out[field.name] = values[i]?.result() ?? null));
    yield out;
  }
}
