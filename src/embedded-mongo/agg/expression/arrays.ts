import { compareValues, toSafeInteger, typeName, valuesEqual, type Collation } from '../../bson/index.js';
import { fail } from '../../errors.js';
import { sortValues } from '../../project/sort.js';
import { checkVariableName } from './logic.js';
import { compile, define, defineNamed, defineSequential, namedArguments, nullish, operators, truthy, withNames, withVars } from './core.js';

/** Checks that a value is an array. */
function list(name: string, value: unknown, code: number): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : fail(code, `${name} requires an array input, but was of type: ${typeName(value)}`);
}

function integer(name: string, value: unknown, code: number): number {
  return toSafeInteger(value) ?? fail(code, `${name} requires an integral value, found ${typeName(value)}`);
}

define('$size', 1, ([value]) =>
  Array.isArray(value) ? value.length : fail(17124, `The argument to $size must be an array, but was of type: ${typeName(value)}`),
);

define('$arrayElemAt', 2, ([array, index]) => {
  if (nullish(array) || nullish(index)) return null;
  return list('$arrayElemAt', array, 28689).at(integer('$arrayElemAt', index, 28690));
});

defineSequential('$concatArrays', (args) => {
  const all: unknown[] = [];
  for (const value of args) {
    if (nullish(value)) return null;
    for (const item of list('$concatArrays', value, 28664)) all.push(item);
  }
  return all;
});

define('$in', 2, ([value, array], context) => {
  if (!Array.isArray(array)) return fail(40081, `$in requires an array as a second argument, found: ${typeName(array)}`);
  return array.some((item) => valuesEqual(item, value, context.collation));
});

define('$indexOfArray', [2, 4], ([array, value, start, end], context) => {
  if (nullish(array)) return null;
  const items = list('$indexOfArray', array, 40090);
  const from = start === undefined ? 0 : integer('$indexOfArray', start, 40096);
  const to = end === undefined ? items.length : integer('$indexOfArray', end, 40096);
  if (from < 0 || to < 0) fail(40097, '$indexOfArray requires a nonnegative index');
  return items.findIndex((item, i) => i >= from && i < to && valuesEqual(item, value, context.collation));
});

define('$reverseArray', 1, ([array]) => (nullish(array) ? null : list('$reverseArray', array, 34435).toReversed()));

define('$slice', [2, 3], (args) => {
  if (args.some(nullish)) return null;
  const items = list('$slice', args[0], 28724);
  const first = integer('$slice', args[1], 28725);
  if (args.length === 2) return first >= 0 ? items.slice(0, first) : items.slice(first);
  const count = integer('$slice', args[2], 28727);
  if (count <= 0) fail(28729, `Third argument to $slice must be positive: ${count}`);
  const from = first < 0 ? Math.max(0, items.length + first) : first;
  return items.slice(from, from + count);
});

define('$range', [2, 3], ([start, end, step]) => {
  const from = integer('$range', start, 34443);
  const to = integer('$range', end, 34445);
  const by = step === undefined ? 1 : integer('$range', step, 34447);
  if (by === 0) fail(34449, '$range requires a non-zero step value');
  const count = Math.max(0, Math.ceil((to - from) / by));
  if (count > 1_000_000) fail(146, '$range would use too much memory');
  return Array.from({ length: count }, (_, i) => from + i * by);
});

operators.set('$filter', (argument, context) => {
  const { input, as = 'this', cond, limit } = namedArguments('$filter', argument, ['input', 'cond'], ['as', 'limit']);
  checkVariableName(as as string);
  const [source, most] = [compile(input, context), compile(limit ?? null, context)];
  const test = compile(cond, withNames(context, as as string));
  return (scope) => {
    const value = source(scope);
    if (nullish(value)) return null;
    const kept = list('$filter', value, 28651).filter((item) => truthy(test(withVars(scope, { [as as string]: item }))));
    const count = most(scope);
    return nullish(count) ? kept : kept.slice(0, integer('$filter', count, 327391));
  };
});

operators.set('$map', (argument, context) => {
  const { input, as = 'this', in: body } = namedArguments('$map', argument, ['input', 'in'], ['as']);
  checkVariableName(as as string);
  const source = compile(input, context);
  const apply = compile(body, withNames(context, as as string));
  return (scope) => {
    const value = source(scope);
    if (nullish(value)) return null;
    return list('$map', value, 16883).map((item) => apply(withVars(scope, { [as as string]: item })) ?? null);
  };
});

operators.set('$reduce', (argument, context) => {
  const { input, initialValue, in: body } = namedArguments('$reduce', argument, ['input', 'initialValue', 'in'], []);
  const [source, initial] = [compile(input, context), compile(initialValue, context)];
  const apply = compile(body, withNames(context, 'this', 'value'));
  return (scope) => {
    const array = source(scope);
    if (nullish(array)) return null;
    return list('$reduce', array, 40080).reduce((value, item) => apply(withVars(scope, { this: item, value })), initial(scope));
  };
});

operators.set('$zip', (argument, context) => {
  const { inputs, useLongestLength = false, defaults } = namedArguments('$zip', argument, ['inputs'], ['useLongestLength', 'defaults']);
  if (!Array.isArray(inputs)) return fail(34461, `inputs must be an array of expressions, found ${typeName(inputs)}`);
  const sources = inputs.map((item: unknown) => compile(item, context));
  const fallback = compile(defaults ?? [], context);
  return (scope) => {
    const arrays = sources.map((source) => source(scope));
    if (arrays.some(nullish)) return null;
    const lengths = arrays.map((array) => list('$zip', array, 34468).length);
    const length = truthy(useLongestLength) ? Math.max(...lengths) : Math.min(...lengths);
    const rest = fallback(scope) as unknown[];
    return Array.from({ length }, (_, i) => arrays.map((array, k) => (array as unknown[])[i] ?? rest[k] ?? null));
  };
});

operators.set('$sortArray', (argument, context) => {
  const { input, sortBy } = namedArguments('$sortArray', argument, ['input', 'sortBy'], []);
  const source = compile(input, context);
  return (scope) => {
    const value = source(scope);
    return nullish(value) ? null : sortValues(list('$sortArray', value, 2942504), sortBy, context.collation);
  };
});

function count(name: string, value: unknown): number {
  const n = integer(name, value, 5787903);
  return n > 0 ? n : fail(5787908, `'n' must be greater than 0, found ${n}`);
}

type Pick = (items: unknown[], n: number, collation?: Collation) => unknown[];

/** `$firstN`, `$maxN`, ... as array expressions. */
const PICKS: Readonly<Record<string, Pick>> = {
  $firstN: (items, n) => items.slice(0, n),
  $lastN: (items, n) => items.slice(-n),
  $minN: (items, n, collation) => items.filter((item) => !nullish(item)).sort((a, b) => compareValues(a, b, collation)).slice(0, n),
  $maxN: (items, n, collation) => items.filter((item) => !nullish(item)).sort((a, b) => compareValues(b, a, collation)).slice(0, n),
};
for (const [name, pick] of Object.entries(PICKS)) {
  defineNamed(name, { required: ['input', 'n'] }, ({ input, n }, context) => pick(list(name, input, 5788200), count(name, n), context.collation));
}

define('$first', 1, ([array]) => (nullish(array) ? null : list('$first', array, 28689)[0]));
define('$last', 1, ([array]) => (nullish(array) ? null : list('$last', array, 28689).at(-1)));

function contains(items: readonly unknown[], value: unknown, collation?: Collation): boolean {
  return items.some((item) => valuesEqual(item, value, collation));
}

/** The values without repetition, in order of first appearance. */
export function unique(items: readonly unknown[], collation?: Collation): unknown[] {
  const sorted = items.map((value, i) => ({ value, i })).sort((a, b) => compareValues(a.value, b.value, collation) || a.i - b.i);
  const kept = sorted.filter((entry, k) => k === 0 || !valuesEqual(entry.value, sorted[k - 1]?.value, collation));
  return kept.sort((a, b) => a.i - b.i).map((entry) => entry.value);
}

// The order of a set is not defined; sorted is what MongoDB happens to give for $setUnion and $setIntersection.
function asSet(items: readonly unknown[], collation?: Collation): unknown[] {
  return unique(items, collation).sort((a, b) => compareValues(a, b, collation));
}

defineSequential('$setUnion', (args, { collation }) => {
  const all: unknown[] = [];
  for (const value of args) {
    if (nullish(value)) return null;
    for (const item of list('$setUnion', value, 17043)) all.push(item);
  }
  return asSet(all, collation);
});
define('$setIntersection', [0, Infinity], (args, { collation }) => {
  if (args.some(nullish)) return null;
  const [first = [], ...others] = args.map((value) => list('$setIntersection', value, 17047));
  return asSet(first.filter((item) => others.every((other) => contains(other, item, collation))), collation);
});
define('$setDifference', 2, ([a, b], { collation }) => {
  if (nullish(a) || nullish(b)) return null;
  const without = list('$setDifference', b, 17049);
  return unique(list('$setDifference', a, 17048), collation).filter((item) => !contains(without, item, collation));
});
define('$setIsSubset', 2, ([a, b], { collation }) => {
  const whole = list('$setIsSubset', b, 17042);
  return list('$setIsSubset', a, 17046).every((item) => contains(whole, item, collation));
});
define('$setEquals', [2, Infinity], (args, { collation }) => {
  const [first = [], ...others] = args.map((value) => list('$setEquals', value, 17044));
  return others.every((other) => first.every((item) => contains(other, item, collation)) && other.every((item) => contains(first, item, collation)));
});
define('$anyElementTrue', 1, ([array]) => list('$anyElementTrue', array, 17041).some(truthy));
define('$allElementsTrue', 1, ([array]) => list('$allElementsTrue', array, 17040).every(truthy));

/** `$min` and `$max` over arguments, or over the elements of a single array. */
function extreme(args: readonly unknown[], sign: 1 | -1, collation?: Collation): unknown {
  const values = (args.length === 1 && Array.isArray(args[0]) ? (args[0] as unknown[]) : args).filter((value) => !nullish(value));
  return values.length === 0 ? null : values.reduce((best, value) => (compareValues(value, best, collation) * sign > 0 ? value : best));
}
define('$min', [0, Infinity], (args, context) => extreme(args, -1, context.collation));
define('$max', [0, Infinity], (args, context) => extreme(args, 1, context.collation));
