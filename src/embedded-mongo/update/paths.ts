import { isArrayIndex, isDocument, setField, type Document } from '../bson/index.js';
import { fail } from '../errors.js';
import { describe } from './describe.js';

/** What the positional parts of an update path stand for in one application. */
export interface PositionContext {
  /** Array index for `$`. */
  position?: number;
  /** Tests for `$[identifier]`. */
  filters: ReadonlyMap<string, (element: unknown) => boolean>;
}

/** Splits and checks an update path. */
export function parsePath(path: string): string[] {
  if (path === '') fail(56, 'An empty update path is not valid.');
  const parts = path.split('.');
  parts.forEach((part, i) => {
    if (part === '') fail(56, `The update path '${path}' contains an empty field name, which is not allowed.`);
    if (part.startsWith('$[') && !isPositional(part)) fail(52, `The dollar ($) prefixed field '${part}' in '${path}' is not valid for storage.`);
    if (isPositional(part) && i === 0) fail(2, `Cannot have positional (i.e. '${part}') element in the first position in path '${path}'`);
  });
  if (parts.filter((part) => part === '$').length > 1) fail(2, `Too many positional (i.e. '$') elements found in path '${path}'`);
  return parts;
}

/** True for `$`, `$[]` and `$[identifier]`. */
export function isPositional(part: string): boolean {
  return part === '$' || /^\$\[[^\]]*\]$/.test(part);
}

/** The concrete paths that a path with positional parts stands for in a document. */
export function resolve(root: Document, parts: readonly string[], context: PositionContext): string[][] {
  if (!parts.some(isPositional)) return [[...parts]];
  let paths: { path: string[]; value: unknown }[] = [{ path: [], value: root }];
  for (const part of parts) {
    paths = paths.flatMap(({ path, value }) => steps(part, value, path, context).map((step) => ({ path: [...path, step], value: child(value, step) })));
  }
  return paths.map(({ path }) => path);
}

function steps(part: string, value: unknown, path: readonly string[], context: PositionContext): string[] {
  if (part === '$') {
    if (context.position === undefined) fail(2, 'The positional operator did not find the match needed from the query.');
    return [String(context.position)];
  }
  if (!isPositional(part)) return [part];
  if (value === undefined) fail(2, `The path '${path.join('.')}' must exist in the document in order to apply array updates.`);
  if (!Array.isArray(value)) return fail(2, `Cannot apply array updates to non-array element ${path.at(-1)}: ${describe(value)}`);
  const test = part === '$[]' ? undefined : context.filters.get(part.slice(2, -1));
  return value.flatMap((item, i) => (test === undefined || test(item) ? [String(i)] : []));
}

function child(value: unknown, part: string): unknown {
  if (Array.isArray(value)) return isArrayIndex(part) ? (value as unknown[])[Number(part)] : undefined;
  return isDocument(value) && Object.hasOwn(value, part) ? value[part] : undefined;
}

/** The value at a concrete path; undefined if there is none. */
export function lookup(root: Document, path: readonly string[]): unknown {
  return path.reduce<unknown>(child, root);
}

/** An array may be filled up with at most this many nulls to reach an index. */
const MAX_BACKFILL = 1_500_000;

/** Sets the value at a concrete path, creating documents on the way; anything else on the way is error 28. */
export function assign(root: Document, path: readonly string[], value: unknown): void {
  let current: unknown = root;
  path.forEach((part, i) => {
    const last = i === path.length - 1;
    const present = child(current, part);
    const next = last ? value : present === undefined ? {} : present;
    if (isDocument(current)) setField(current, part, next);
    else if (Array.isArray(current) && isArrayIndex(part)) assignItem(current, Number(part), next);
    else fail(28, `Cannot create field '${part}' in element {${path[i - 1] ?? ''}: ${describe(current)}}`);
    current = next;
  });
}

/** Refuses a path that could not be created because something on the way is neither document nor fitting array. */
export function checkViable(root: Document, path: readonly string[]): void {
  path.reduce<unknown>((current, part, i) => {
    const viable = current === undefined || isDocument(current) || (Array.isArray(current) && isArrayIndex(part));
    if (!viable) fail(28, `Cannot use the part (${part}) of (${path.join('.')}) to traverse the element ({${path[i - 1] ?? ''}: ${describe(current)}})`);
    return child(current, part);
  }, root);
}

function assignItem(items: unknown[], index: number, value: unknown): void {
  if (index - items.length > MAX_BACKFILL) fail(2, `can't backfill more than ${MAX_BACKFILL} elements`);
  while (items.length < index) items.push(null);
  items[index] = value;
}

/** Removes the field at a concrete path; an array element becomes null so that the others keep their places. */
export function remove(root: Document, path: readonly string[]): void {
  const parent = lookup(root, path.slice(0, -1));
  const last = path.at(-1) as string;
  if (Array.isArray(parent) && isArrayIndex(last)) {
    if (Number(last) < parent.length) parent[Number(last)] = null;
  } else if (isDocument(parent)) delete parent[last];
}

/** True if a concrete path leads through or into an array. */
export function throughArray(root: Document, path: readonly string[]): boolean {
  return path.some((_, i) => Array.isArray(lookup(root, path.slice(0, i))));
}

/** Order in which MongoDB applies modifiers: by path, numbers by size. */
export function comparePaths(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i += 1) {
    const [x, y] = [a[i] as string, b[i] as string];
    if (x === y) continue;
    if (isArrayIndex(x) && isArrayIndex(y)) return Number(x) - Number(y);
    return x < y ? -1 : 1;
  }
  return a.length - b.length;
}

/** Refuses two updates of the same field, or of a field and of something in it. `paths` must be sorted. */
export function checkConflicts(paths: readonly (readonly string[])[]): void {
  const seen = new Set<string>();
  const inner = new Set<string>();
  // All elements (`a.$[]`) and one of them (`a.0`) cannot be updated together, whatever the array holds.
  const kinds = new Map<string, 'array' | 'field'>();
  for (const path of paths) {
    const whole = path.join('.');
    const conflict = path.map((_, i) => path.slice(0, i + 1).join('.')).find((prefix) => seen.has(prefix)) ?? (inner.has(whole) ? whole : undefined);
    if (conflict !== undefined) fail(40, `Updating the path '${whole}' would create a conflict at '${conflict}'`);
    seen.add(whole);
    path.forEach((part, i) => {
      const prefix = path.slice(0, i).join('.');
      const kind = part.startsWith('$[') ? 'array' : 'field';
      if ((kinds.get(prefix) ?? kind) !== kind) fail(40, `Updating the path '${whole}' would create a conflict at '${prefix}'`);
      kinds.set(prefix, kind);
    });
    path.forEach((_, i) => inner.add(path.slice(0, i).join('.')));
  }
}
