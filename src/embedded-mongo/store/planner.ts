import { type Collation, type Document, type KeyRange, getField, isDocument, joinRanges, sameCollation, toNumber, valuesEqual } from '../bson/index.js';
import { fail } from '../errors.js';
import { componentRanges, impliesFilter, type PathPredicate, predicatesOf } from '../query/index.js';
import type { Collection, Index } from './model.js';
import type { Storage } from './storage.js';

/** What a query wants, as far as the choice of an index goes. */
export interface Wish {
  filter: Document;
  sort?: Document;
  collation?: Collation;
  hint?: unknown;
}

/** How the candidates of a query are found. Every candidate is still checked against the filter. */
export interface Plan {
  index?: Index;
  /** The key ranges to walk, in ascending order; undefined walks the whole index. */
  ranges?: KeyRange[];
  reverse: boolean;
  /** The candidates come in the order of the sort. */
  sorted: boolean;
  /** One plan with an index for each branch of an `$or`: the candidates are those of any branch. */
  branches?: Plan[];
}

interface Rated extends Plan {
  index: Index;
  score: number;
}

/** More ranges than this (a product of `$in` lists) and the last path is left to the matcher. */
const MAX_RANGES = 1000;
/** How far the planner counts index entries to compare two indexes. */
const GUESS_LIMIT = 200;
/** And how far where indexes on different fields all pass that: reading the wrong one may cost a thousand times more. */
const DEEPER_LIMITS = [2_000, 20_000];

/** Chooses the index with the most equalities, then ranges, then the order; without one, the whole collection. */
export function choosePlan(storage: Storage, collection: Collection, wish: Wish): Plan {
  const predicates = predicatesOf(wish.filter);
  const natural = naturalOrder(wish);
  if (natural !== undefined) return natural;
  if (wish.hint !== undefined) return hinted(collection, wish, predicates);
  const rated: Rated[] = [];
  for (const index of collection.indexes) {
    if (!index.hidden && staysComplete(index, wish, predicates)) {
      const plan = rate(index, wish, predicates);
      if (plan.score > 0) rated.push(plan);
    }
  }
  rated.sort((a, b) => b.score - a.score);
  const single = best(storage, rated);
  return eitherOf(storage, collection, wish, single) ?? single ?? { reverse: false, sorted: false };
}

/** More branches than this are not planned one by one. */
const MAX_BRANCHES = 50;

/** An `$or` whose branches each have an index, unless one index for the whole filter walks as few entries. */
function eitherOf(storage: Storage, collection: Collection, wish: Wish, single: Rated | undefined): Plan | undefined {
  if (single !== undefined && isUniquePoint(single)) return undefined;
  const alternatives = orClauses(wish.filter).map((or) => branchesOf(storage, collection, wish, or)).filter((plans) => plans !== undefined);
  let choice: Rated[] | undefined;
  let least = single === undefined ? Infinity : guess(storage, single);
  for (const branches of alternatives) {
    const entries = branches.reduce((sum, plan) => sum + guess(storage, plan), 0);
    if (choice === undefined && single === undefined ? entries < least : entries * 2 < least) [choice, least] = [branches, entries];
  }
  return choice === undefined ? undefined : { branches: choice, reverse: false, sorted: false };
}

function branchesOf(storage: Storage, collection: Collection, wish: Wish, or: Document[]): Rated[] | undefined {
  if (or.length > MAX_BRANCHES) return undefined;
  const plans: Rated[] = [];
  for (const branch of or) {
    // What stands beside the $or holds for every branch: a partial index may need it.
    const filter = { $and: [branch, wish.filter] };
    const predicates = predicatesOf(filter);
    const rated = collection.indexes.filter((index) => !index.hidden && staysComplete(index, { ...wish, filter }, predicates))
      .map((index) => rate(index, { filter, collation: wish.collation }, predicates)).filter((plan) => plan.ranges !== undefined);
    const plan = best(storage, rated.sort((a, b) => b.score - a.score));
    if (plan === undefined) return undefined;
    plans.push(plan);
  }
  return plans.length === 0 ? undefined : plans;
}

/** The `$or` lists that every matching document has to meet: those of the top level and of `$and` below it. */
function orClauses(filter: Document): Document[][] {
  return Object.entries(filter).flatMap(([key, value]): Document[][] => {
    if (!Array.isArray(value) || !value.every(isDocument)) return [];
    if (key === '$and') return value.flatMap(orClauses);
    return key === '$or' ? [value] : [];
  });
}

/** Two good candidates: the one that walks clearly fewer entries. */
function best(storage: Storage, rated: Rated[]): Rated | undefined {
  const [first, ...others] = rated;
  if (first === undefined || others.length === 0 || isUniquePoint(first)) return first;
  let [choice, least] = [first, guess(storage, first)];
  for (const plan of others) {
    const entries = guess(storage, plan);
    if (entries * 2 < least) [choice, least] = [plan, entries];
  }
  return least < GUESS_LIMIT || choice.sorted ? choice : deeper(storage, rated) ?? choice;
}

/** Of indexes that begin with different fields the one with clearly the fewest entries; none where all have very many. */
function deeper(storage: Storage, rated: Rated[]): Rated | undefined {
  const rivals = [...new Map([...rated].reverse().filter(({ ranges }) => ranges !== undefined).map((plan) => [plan.index.paths[0], plan])).values()];
  if (rivals.length < 2) return undefined;
  for (const limit of DEEPER_LIMITS) {
    const counts = rivals.map((plan) => ({ plan, entries: entriesOf(storage, plan, limit) })).filter(({ entries }) => entries < limit);
    if (counts.length > 0) return counts.reduce((a, b) => (b.entries < a.entries ? b : a)).plan;
  }
  return undefined;
}

function entriesOf(storage: Storage, plan: Rated, limit: number): number {
  let entries = 0;
  for (const { lower, upper } of plan.ranges ?? []) {
    entries += storage.countEntries(plan.index.id, lower, upper, limit - entries);
    if (entries >= limit) return limit;
  }
  return entries;
}

function guess(storage: Storage, plan: Rated): number {
  if (plan.ranges === undefined) return GUESS_LIMIT * 4;
  let entries = 0;
  for (const { lower, upper } of plan.ranges) {
    entries += storage.countEntries(plan.index.id, lower, upper, GUESS_LIMIT);
    if (entries >= GUESS_LIMIT) return plan.sorted ? GUESS_LIMIT : GUESS_LIMIT * 2;
  }
  return entries;
}

function isUniquePoint(plan: Rated): boolean {
  return plan.index.unique && plan.ranges?.length === 1 && plan.ranges[0]?.point === true;
}

/** False if a document that the filter matches may be missing from the index. */
function staysComplete(index: Index, wish: Wish, predicates: Map<string, PathPredicate>): boolean {
  if (index.partial !== undefined) {
    const collated = index.collation !== undefined || wish.collation !== undefined;
    if (!impliesFilter(wish.filter, index.partial.filter, collated)) return false;
  }
  if (!index.sparse) return true;
  return index.paths.some((path) => predicates.get(path)?.matchesMissing === false);
}

function rate(index: Index, wish: Wish, predicates: Map<string, PathPredicate>): Rated {
  const components: KeyRange[][] = [];
  for (const [at, path] of index.paths.entries()) {
    const ranges = rangesOf(index, at, path, wish, predicates);
    if (ranges === undefined) break;
    if (components.reduce((count, list) => count * list.length, ranges.length) > MAX_RANGES) break;
    components.push(ranges);
    if (!ranges.every((range) => range.point)) break;
  }
  const points = components.filter((ranges) => ranges.every((range) => range.point)).length;
  const order = orderOf(index, wish, components);
  const plan: Rated = {
    index, reverse: order === -1, sorted: order !== undefined,
    score: 10 * points + 5 * (components.length - points) + (order === undefined ? 0 : 4),
  };
  if (components.length > 0) plan.ranges = disjoint(product(components));
  return plan;
}

function rangesOf(
  index: Index, at: number, path: string, wish: Wish, predicates: Map<string, PathPredicate>,
): KeyRange[] | undefined {
  const predicate = predicates.get(path);
  if (predicate === undefined) return undefined;
  // Two paths into the same array: the entries pair values of one element, the filter may mean two.
  const root = path.split('.')[0];
  if (index.multikey && index.paths.slice(0, at).some((earlier) => earlier.split('.')[0] === root)) return undefined;
  return componentRanges(predicate, index.directions[at] ?? 1, {
    multikey: index.multikey, indexCollation: index.collation, queryCollation: wish.collation,
  });
}

function product(components: KeyRange[][]): KeyRange[] {
  let lists: KeyRange[][] = [[]];
  for (const ranges of components) lists = lists.flatMap((list) => ranges.map((range) => [...list, range]));
  return lists.map((list) => joinRanges(list));
}

/** Ascending and without overlaps, so that several ranges walked one after the other keep the order. */
function disjoint(ranges: KeyRange[]): KeyRange[] {
  const sorted = [...ranges].sort((a, b) => a.lower.compare(b.lower));
  const result: KeyRange[] = [];
  for (const range of sorted) {
    const last = result.at(-1);
    if (last === undefined || last.upper.compare(range.lower) <= 0) result.push(range);
    else if (last.upper.compare(range.upper) < 0) result[result.length - 1] = { lower: last.lower, upper: range.upper, point: false };
  }
  return result;
}

/** 1 or -1 if walking the index forwards or backwards gives the order of the sort. */
function orderOf(index: Index, wish: Wish, components: KeyRange[][]): 1 | -1 | undefined {
  if (wish.sort === undefined || index.multikey || !index.ordered) return undefined;
  if (!sameCollation(index.collation, wish.collation)) return undefined;
  const sort = Object.entries(wish.sort);
  if (sort.length === 0 || sort.some(([, direction]) => isDocument(direction))) return undefined;
  const fixed = (at: number): boolean => components[at]?.length === 1 && components[at][0]?.point === true;
  let order: 1 | -1 | undefined;
  let at = 0;
  for (const [path, wanted] of sort) {
    const place = index.paths.indexOf(path);
    if (place >= 0 && fixed(place)) continue; // one value only: any order will do
    while (at < index.paths.length && index.paths[at] !== path && fixed(at)) at += 1;
    if (index.paths[at] !== path) return undefined;
    const direction = (toNumber(wanted) < 0 ? -1 : 1) * (index.directions[at] ?? 1) as 1 | -1;
    if (order !== undefined && order !== direction) return undefined;
    order = direction;
    at += 1;
  }
  return order ?? 1;
}

/** `hint: {$natural: 1}`, or `sort: {$natural: -1}`, asks for the collection itself. */
function naturalOrder(wish: Wish): Plan | undefined {
  const bySort = wish.sort === undefined ? undefined : getField(wish.sort, '$natural');
  const byHint = isDocument(wish.hint) ? getField(wish.hint, '$natural') : undefined;
  const natural = bySort ?? byHint;
  if (natural === undefined) return undefined;
  return { reverse: toNumber(natural) < 0, sorted: bySort !== undefined };
}

function hinted(collection: Collection, wish: Wish, predicates: Map<string, PathPredicate>): Plan {
  const index = findByHint(collection, wish.hint);
  if (index === undefined) {
    return fail(2, 'error processing query: planner returned error :: caused by :: hint provided does not correspond to an existing index');
  }
  if (index.partial !== undefined && !staysComplete(index, wish, predicates)) {
    return fail(2, 'error processing query: planner returned error :: caused by :: failed to use index hint');
  }
  return rate(index, wish, predicates);
}

/** The index that a hint (name or key pattern) means. */
export function findByHint(collection: Collection, hint: unknown): Index | undefined {
  if (typeof hint === 'string') return collection.indexes.find((index) => index.name === hint);
  return collection.indexes.find((index) => valuesEqual(index.spec.key, hint));
}
