import { getField, isDocument, isNumber, setField, toNumber, typeName, type Collation, type Document } from '../../bson/index.js';
import { fail } from '../../errors.js';

/** What expressions may refer to besides the document. */
export interface ExpressionOptions {
  /** `$$NOW`; read when an expression is evaluated. */
  now?: Date;
  collation?: Collation;
  /** Values of variables, e.g. of a command's or `$lookup`'s `let`. */
  let?: Document;
}

/** Surroundings of an expression when it is compiled. */
export interface Context extends ExpressionOptions {
  /** Names of variables that enclosing operators define. */
  names: ReadonlySet<string>;
}

/** Surroundings of an expression when it is evaluated. */
export interface Scope {
  root: Document;
  vars: Readonly<Record<string, unknown>>;
}

/** A compiled expression; undefined is "missing". */
export type Evaluate = (scope: Scope) => unknown;

/** Compiles the argument of one operator. */
export type OperatorCompiler = (argument: unknown, context: Context, name: string) => Evaluate;

/** All operators, filled by the files beside this one. */
export const operators = new Map<string, OperatorCompiler>();

const NO_VARS: Readonly<Record<string, unknown>> = Object.freeze({});

/** Compiles an expression to a function of a document. */
export function compileExpression(expression: unknown, options: ExpressionOptions): (doc: Document) => unknown {
  const context = contextOf(options);
  const evaluate = compile(expression, context);
  return (doc) => evaluate({ root: doc, vars: context.let ?? NO_VARS });
}

/** The outermost context; the given options are looked at again on every evaluation. */
export function contextOf(options: ExpressionOptions): Context {
  return {
    get now() {
      return options.now;
    },
    collation: options.collation,
    let: options.let,
    names: new Set(Object.keys(options.let ?? {})),
  };
}

/** Compiles any expression: a path, a variable, an operator, or a literal with expressions inside. */
export function compile(expression: unknown, context: Context): Evaluate {
  if (typeof expression === 'string' && expression.startsWith('$')) return compilePath(expression, context);
  if (Array.isArray(expression)) {
    const items = expression.map((item: unknown) => compile(item, context));
    return (scope) => items.map((item) => item(scope) ?? null);
  }
  if (!isDocument(expression)) return () => expression;
  const keys = Object.keys(expression);
  const first = keys[0];
  if (first === undefined || !first.startsWith('$')) return compileObject(expression, context);
  if (keys.length > 1) fail(15983, `an object representing an expression must have exactly one field: ${keys.join(', ')}`);
  const operator = operators.get(first) ?? fail(168, `Unrecognized expression '${first}'`);
  return operator(expression[first], context, first);
}

function compileObject(object: Document, context: Context): Evaluate {
  const fields = Object.entries(object).map(([key, value]) => {
    if (key.includes('.')) fail(16405, `FieldPath field names may not contain '.'. Consider using $getField or $setField.`);
    if (key.startsWith('$')) fail(16410, `FieldPath field names may not start with '$'. Consider using $getField or $setField.`);
    return [key, compile(value, context)] as const;
  });
  return (scope) => {
    const result: Document = {};
    for (const [key, evaluate] of fields) {
      const value = evaluate(scope);
      if (value !== undefined) setField(result, key, value);
    }
    return result;
  };
}

function compilePath(expression: string, context: Context): Evaluate {
  if (!expression.startsWith('$$')) {
    const parts = splitPath(expression.slice(1));
    return (scope) => valueAt(Object.hasOwn(scope.vars, 'CURRENT') ? scope.vars.CURRENT : scope.root, parts, 0);
  }
  const [name = '', ...rest] = expression.slice(2).split('.');
  if (rest.length > 0) splitPath(rest.join('.'));
  const variable = compileVariable(name, context);
  return rest.length === 0 ? variable : (scope) => valueAt(variable(scope), rest, 0);
}

function splitPath(path: string): string[] {
  const parts = path.split('.');
  if (path === '') fail(16872, "'$' by itself is not a valid FieldPath");
  for (const part of parts) {
    if (part === '') fail(15998, 'FieldPath field names may not be empty strings.');
    if (part.startsWith('$')) fail(16410, `FieldPath field names may not start with '$'. Consider using $getField or $setField.`);
    if (part.includes('\0')) fail(16411, 'FieldPath field names may not contain null bytes.');
  }
  return parts;
}

function compileVariable(name: string, context: Context): Evaluate {
  if (context.names.has(name)) return (scope) => scope.vars[name];
  switch (name) {
    case 'ROOT':
      return (scope) => scope.root;
    case 'CURRENT':
      return (scope) => (Object.hasOwn(scope.vars, 'CURRENT') ? scope.vars.CURRENT : scope.root);
    case 'REMOVE':
      return () => undefined;
    case 'NOW':
      return () => context.now ?? fail(51144, "Builtin variable '$$NOW' is not available");
    // Only $redact knows these, and it is not supported; they are refused like any unknown name.
    default:
      if (name === '') fail(9, 'empty variable names are not allowed');
      return fail(17276, `Use of undefined variable: ${name}`);
  }
}

/** The value at a path as expressions see it: documents in arrays are entered, numbers are no array positions. */
export function valueAt(value: unknown, parts: readonly string[], from: number): unknown {
  let current = value;
  for (let i = from; i < parts.length; i += 1) {
    if (Array.isArray(current)) {
      return current.flatMap((item: unknown) => {
        const inner = isDocument(item) ? valueAt(item, parts, i) : undefined;
        return inner === undefined ? [] : [inner];
      });
    }
    if (!isDocument(current)) return undefined;
    current = getField(current, parts[i] as string);
  }
  return current;
}

/** Truth of a value in expressions: everything but false, null, missing and zero. */
export function truthy(value: unknown): boolean {
  if (value === undefined || value === null || value === false) return false;
  return !isNumber(value) || toNumber(value) !== 0;
}

/** True for null and missing. */
export function nullish(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

/** Adds variables to a context. */
export function withNames(context: Context, ...names: string[]): Context {
  return {
    get now() {
      return context.now;
    },
    collation: context.collation,
    let: context.let,
    names: new Set([...context.names, ...names]),
  };
}

/** Adds variables to a scope. */
export function withVars(scope: Scope, vars: Record<string, unknown>): Scope {
  return { root: scope.root, vars: { ...scope.vars, ...vars } };
}

/** Registers an operator with a list of arguments, of which each is evaluated first. */
export function define(
  name: string,
  counts: number | [number, number],
  apply: (args: unknown[], context: Context) => unknown,
): void {
  const [least, most] = typeof counts === 'number' ? [counts, counts] : counts;
  operators.set(name, (argument, context) => {
    const list: unknown[] = Array.isArray(argument) ? argument : [argument];
    if (least === most && list.length !== least) {
      fail(16020, `Expression ${name} takes exactly ${least} arguments. ${list.length} were passed in.`);
    }
    if (list.length < least || list.length > most) {
      fail(28667, `Expression ${name} takes at least ${least} arguments, and at most ${most}, but ${list.length} were passed in.`);
    }
    const args = list.map((item) => compile(item, context));
    return (scope) => apply(args.map((item) => item(scope)), context);
  });
}

/** Registers an operator that evaluates its arguments one after the other and may stop, so that later ones cannot fail. */
export function defineSequential(name: string, apply: (args: Iterable<unknown>, context: Context) => unknown): void {
  operators.set(name, (argument, context) => {
    const args = (Array.isArray(argument) ? argument : [argument]).map((item: unknown) => compile(item, context));
    return (scope) => apply(evaluated(args, scope), context);
  });
}

function* evaluated(args: readonly Evaluate[], scope: Scope): Iterable<unknown> {
  for (const item of args) yield item(scope);
}

/** Registers an operator with named arguments, of which each is evaluated first. */
export function defineNamed(
  name: string,
  fields: { required: readonly string[]; optional?: readonly string[] },
  apply: (args: Record<string, unknown>, context: Context, given: ReadonlySet<string>) => unknown,
): void {
  operators.set(name, (argument, context) => {
    const object = namedArguments(name, argument, fields.required, fields.optional ?? []);
    const args = Object.entries(object).map(([key, value]) => [key, compile(value, context)] as const);
    const given = new Set(Object.keys(object));
    return (scope) => apply(Object.fromEntries(args.map(([key, item]) => [key, item(scope)])), context, given);
  });
}

/** Checks an operator's named arguments. */
export function namedArguments(name: string, argument: unknown, required: readonly string[], optional: readonly string[]): Document {
  if (!isDocument(argument)) return fail(9, `${name} only supports an object as its argument, found: ${typeName(argument)}`);
  for (const key of Object.keys(argument)) {
    if (!required.includes(key) && !optional.includes(key)) fail(9, `Unrecognized argument to ${name}: ${key}`);
  }
  for (const key of required) if (!Object.hasOwn(argument, key)) fail(9, `Missing '${key}' parameter to ${name}`);
  return argument;
}
