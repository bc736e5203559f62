import { compareValues, isDocument, isNumber, typeName } from '../../bson/index.js';
import { fail } from '../../errors.js';
import { compile, define, namedArguments, nullish, operators, truthy, withNames, withVars, type Context, type Evaluate } from './core.js';

const COMPARISONS: Readonly<Record<string, (order: number) => unknown>> = {
  $eq: (order) => order === 0,
  $ne: (order) => order !== 0,
  $gt: (order) => order > 0,
  $gte: (order) => order >= 0,
  $lt: (order) => order < 0,
  $lte: (order) => order <= 0,
  $cmp: (order) => Math.sign(order),
};
for (const [name, answer] of Object.entries(COMPARISONS)) {
  define(name, 2, ([a, b], context) => answer(compareValues(a, b, context.collation)));
}

function compileList(argument: unknown, context: Context): Evaluate[] {
  return (Array.isArray(argument) ? argument : [argument]).map((item: unknown) => compile(item, context));
}

operators.set('$and', (argument, context) => {
  const items = compileList(argument, context);
  return (scope) => items.every((item) => truthy(item(scope)));
});
operators.set('$or', (argument, context) => {
  const items = compileList(argument, context);
  return (scope) => items.some((item) => truthy(item(scope)));
});
define('$not', 1, ([value]) => !truthy(value));

operators.set('$cond', (argument, context) => {
  const parts: unknown[] = Array.isArray(argument) ? argument : condFields(argument);
  if (parts.length !== 3) fail(16020, `Expression $cond takes exactly 3 arguments. ${parts.length} were passed in.`);
  const [test, yes, no] = parts.map((item) => compile(item, context)) as [Evaluate, Evaluate, Evaluate];
  return (scope) => (truthy(test(scope)) ? yes(scope) : no(scope));
});

function condFields(argument: unknown): unknown[] {
  if (!isDocument(argument)) return [argument];
  for (const key of Object.keys(argument)) if (!['if', 'then', 'else'].includes(key)) fail(17083, `Unrecognized parameter to $cond: ${key}`);
  return ['if', 'then', 'else'].map((key, i) => (Object.hasOwn(argument, key) ? argument[key] : fail(17080 + i, `Missing '${key}' parameter to $cond`)));
}

operators.set('$ifNull', (argument, context) => {
  const items = compileList(argument, context);
  if (items.length < 2) fail(1257300, `$ifNull needs at least two arguments, had: ${items.length}`);
  return (scope) => {
    let value: unknown;
    for (const item of items) {
      value = item(scope);
      if (!nullish(value)) return value;
    }
    return value;
  };
});

operators.set('$switch', (argument, context) => {
  const { branches, default: fallback } = namedArguments('$switch', argument, ['branches'], ['default']);
  if (!Array.isArray(branches)) return fail(40061, `$switch expected an array for 'branches', found: ${typeName(branches)}`);
  const cases = branches.map((branch: unknown) => {
    const { case: test, then } = namedArguments('$switch', branch, ['case', 'then'], []);
    return [compile(test, context), compile(then, context)] as const;
  });
  const hasDefault = isDocument(argument) && Object.hasOwn(argument, 'default');
  const last = hasDefault ? compile(fallback, context) : undefined;
  if (cases.length === 0) fail(40068, '$switch requires at least one branch.');
  return (scope) => {
    const found = cases.find(([test]) => truthy(test(scope)));
    if (found !== undefined) return found[1](scope);
    return last === undefined ? fail(40066, '$switch could not find a matching branch for an input, and no default was specified.') : last(scope);
  };
});

operators.set('$literal', (argument) => () => argument);
operators.set('$const', (argument) => () => argument);
operators.set('$expr', (argument, context) => compile(argument, context));

operators.set('$let', (argument, context) => {
  const { vars, in: body } = namedArguments('$let', argument, ['vars', 'in'], []);
  if (!isDocument(vars)) return fail(10065, 'invalid parameter: expected an object (vars)');
  const names = Object.keys(vars);
  names.forEach(checkVariableName);
  const values = names.map((name) => compile(vars[name], context));
  const inner = compile(body, withNames(context, ...names));
  return (scope) => inner(withVars(scope, Object.fromEntries(names.map((name, i) => [name, values[i]?.(scope)]))));
});

/** Names of variables defined by users start with a small letter; CURRENT may be redefined. */
export function checkVariableName(name: string): void {
  if (name === '') fail(16866, 'empty variable names are not allowed');
  if (name !== 'CURRENT' && !/^[a-z\u0080-\uffff][\w\u0080-\uffff]*$/.test(name)) {
    fail(16867, `'${name}' starts with an invalid character for a user variable name`);
  }
}

define('$type', 1, ([value]) => typeName(value));
define('$isNumber', 1, ([value]) => isNumber(value));
define('$isArray', 1, ([value]) => Array.isArray(value));
operators.set('$rand', () => () => Math.random());
