import { fail } from '../errors.js';
import { getField, isDocument, type Document } from './document.js';

/** What a document contributes to an index. */
export interface IndexEntries {
  /** One list of component values per key: missing fields are null, an empty array is undefined. May hold duplicates. */
  tuples: unknown[][];
  /** True if any component goes through an array. */
  multikey: boolean;
  /** True if none of the paths exists in the document (a sparse index leaves it out). */
  missing: boolean;
}

/** True for a path component that may be an array position. */
export function isArrayIndex(part: string): boolean {
  return /^(0|[1-9]\d{0,8})$/.test(part);
}

/**
 * Called for each value that a path reaches; true ends the walk. `index` is the place in the outermost array passed;
 * `whole` says that the path ends in an array position, so that an array there is not looked into.
 */
export type Visit = (value: unknown, index: number | undefined, whole: boolean) => boolean;

/**
 * Visits all values a path reaches, as a query sees them: documents in arrays are entered, a number is also an array
 * position, a missing field is visited as undefined. An array at the path's end is visited as a whole.
 */
export function walkPath(value: unknown, parts: readonly string[], visit: Visit, from = 0, index?: number): boolean {
  let current = value;
  for (let i = from; i < parts.length; i += 1) {
    if (Array.isArray(current)) return walkArray(current, parts, visit, i, index);
    if (!isDocument(current)) return visit(undefined, index, false);
    current = getField(current, parts[i] as string);
    if (current === undefined) return visit(undefined, index, false);
  }
  return visit(current, index, false);
}

function walkArray(items: unknown[], parts: readonly string[], visit: Visit, at: number, index?: number): boolean {
  for (let k = 0; k < items.length; k += 1) {
    if (isDocument(items[k]) && walkPath(items[k], parts, visit, at, index ?? k)) return true;
  }
  const part = parts[at] as string;
  if (!isArrayIndex(part) || Number(part) >= items.length) return false;
  const item = items[Number(part)];
  if (at === parts.length - 1) return visit(item, index, true);
  return (Array.isArray(item) || isDocument(item)) && walkPath(item, parts, visit, at + 1, index);
}

/** All values a path reaches, through arrays, as a query sees them (without unwinding an array at the path's end). */
export function getPathValues(doc: Document, path: string): unknown[] {
  const values: unknown[] = [];
  walkPath(doc, path.split('.'), (value) => {
    if (value !== undefined) values.push(value);
    return false;
  });
  return values;
}

/** One path on its way into a document: the value found, or the array at which it must branch. */
interface Branch {
  value: unknown;
  rest: readonly string[];
  array?: unknown[];
}

function descend(value: unknown, parts: readonly string[]): Branch {
  let current = value;
  for (let i = 0; i < parts.length; i += 1) {
    const part = parts[i] as string;
    if (Array.isArray(current) && isArrayIndex(part)) current = current[Number(part)];
    else if (Array.isArray(current)) return { value: undefined, rest: parts.slice(i), array: current };
    else if (isDocument(current)) current = getField(current, part);
    else return { value: undefined, rest: [] };
  }
  return Array.isArray(current) ? { value: undefined, rest: [], array: current } : { value: current, rest: [] };
}

function expand(branches: Branch[], result: IndexEntries, names: readonly string[]): void {
  const branching = branches.findIndex((branch) => branch.array !== undefined);
  const items = branches[branching]?.array;
  if (items === undefined) {
    if (branches.some((branch) => branch.value !== undefined)) result.missing = false;
    result.tuples.push(branches.map((branch) => (branch.value === undefined ? null : branch.value === EMPTY ? undefined : branch.value)));
    return;
  }
  result.multikey = true;
  const other = branches.findIndex((branch) => branch.array !== undefined && branch.array !== items);
  if (other >= 0) fail(171, `cannot index parallel arrays [${names[other]}] [${names[branching]}]`);
  const elements: unknown[] = items.length === 0 ? [EMPTY] : items;
  for (const element of elements) {
    expand(branches.map((branch) => (branch.array === items ? enter(element, branch.rest) : branch)), result, names);
  }
}

/** Stands for "an empty array was here", which is indexed as undefined, unlike a missing field. */
const EMPTY = Symbol('empty array');

function enter(element: unknown, rest: readonly string[]): Branch {
  if (rest.length === 0) return { value: element, rest };
  // Arrays directly within arrays are not entered.
  return isDocument(element) ? descend(element, rest) : { value: undefined, rest: [] };
}

/** Values of an index for one document; two arrays side by side are refused with code 171. */
export function indexEntries(doc: Document, paths: readonly string[]): IndexEntries {
  const result: IndexEntries = { tuples: [], multikey: false, missing: true };
  expand(paths.map((path) => descend(doc, path.split('.'))), result, paths);
  return result;
}
