import { clone, getField, isDocument, setField, typeName, type Document } from '../../bson/index.js';
import { fail } from '../../errors.js';
import { compile, define, namedArguments, nullish, operators } from './core.js';

define('$mergeObjects', [0, Infinity], (args) => {
  const list = args.length === 1 && Array.isArray(args[0]) ? (args[0] as unknown[]) : args;
  const merged: Document = {};
  for (const value of list) mergeInto(merged, value);
  return merged;
});

/** Adds the fields of a document to another; null and missing add nothing. */
export function mergeInto(target: Document, value: unknown): void {
  if (nullish(value)) return;
  if (!isDocument(value)) fail(40400, `$mergeObjects requires object inputs, but input is of type ${typeName(value)}`);
  for (const [key, field] of Object.entries(value as Document)) setField(target, key, field);
}

operators.set('$getField', (argument, context) => {
  const named = isDocument(argument) && (Object.hasOwn(argument, 'field') || Object.hasOwn(argument, 'input'));
  const { field, input } = named ? namedArguments('$getField', argument, ['field'], ['input']) : { field: argument, input: '$$CURRENT' };
  const [name, source] = [compile(field, context), compile(input ?? '$$CURRENT', context)];
  return (scope) => {
    const key = name(scope);
    if (typeof key !== 'string') return fail(3041704, `$getField requires 'field' to evaluate to type String, but got ${typeName(key)}`);
    const object = source(scope);
    if (isDocument(object)) return getField(object, key);
    return object === null ? null : undefined;
  };
});

function defineFieldChange(name: string, required: readonly string[]): void {
  operators.set(name, (argument, context) => {
    const { field, input, value } = namedArguments(name, argument, required, []);
    const key = compile(field, context)({ root: {}, vars: {} });
    if (typeof key !== 'string') return fail(4161107, `${name} requires 'field' to evaluate to a constant, type String, but got ${typeName(key)}`);
    const [source, next] = [compile(input, context), compile(name === '$unsetField' ? '$$REMOVE' : value, context)];
    return (scope) => {
      const object = source(scope);
      if (nullish(object)) return null;
      if (!isDocument(object)) return fail(4161105, `${name} requires 'input' to evaluate to type Object`);
      const copy = clone(object);
      const result = next(scope);
      if (result === undefined) delete copy[key];
      else setField(copy, key, result);
      return copy;
    };
  });
}
defineFieldChange('$setField', ['field', 'input', 'value']);
defineFieldChange('$unsetField', ['field', 'input']);

define('$objectToArray', 1, ([object]) => {
  if (nullish(object)) return null;
  if (!isDocument(object)) return fail(40390, `$objectToArray requires a document input, found: ${typeName(object)}`);
  return Object.entries(object).map(([k, v]) => ({ k, v }));
});

define('$arrayToObject', 1, ([pairs]) => {
  if (nullish(pairs)) return null;
  if (!Array.isArray(pairs)) return fail(40386, `$arrayToObject requires an array input, found: ${typeName(pairs)}`);
  const object: Document = {};
  for (const pair of pairs as unknown[]) {
    const [key, value] = Array.isArray(pair) ? pairOfArray(pair) : pairOfDocument(pair);
    if (typeof key !== 'string') return fail(40395, `$arrayToObject requires keys to be of type string, found: ${typeName(key)}`);
    setField(object, key, value);
  }
  return object;
});

function pairOfArray(pair: unknown[]): [unknown, unknown] {
  if (pair.length !== 2) fail(40397, `$arrayToObject requires an array of size 2 arrays,found array of size: ${pair.length}`);
  return [pair[0], pair[1]];
}

function pairOfDocument(pair: unknown): [unknown, unknown] {
  if (!isDocument(pair)) return fail(40398, `Unrecognised input type format for $arrayToObject: ${typeName(pair)}`);
  if (Object.keys(pair).length !== 2 || !Object.hasOwn(pair, 'k') || !Object.hasOwn(pair, 'v')) {
    return fail(40392, "$arrayToObject requires an object keys of 'k' and 'v'.");
  }
  return [pair.k, pair.v];
}
