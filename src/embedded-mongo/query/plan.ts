import { BSONRegExp, MaxKey, MinKey } from 'bson';
import { truthy } from '../agg/expression/index.js';
import {
  betweenRange, compareValues, isArrayIndex, isDocument, isNaNValue, pointRange, prefixRange, sameCollation, typeRank, valuesEqual,
  type Collation, type Document, type KeyRange,
} from '../bson/index.js';
import { isDBRef, orderTest, typeTest } from './predicates.js';
import { compileRegex, isRegex, regexOperand } from './regex.js';

/** What a filter demands of one path, as far as an index can use it. */
export interface PathPredicate {
  eq?: unknown;
  in?: unknown[];
  range?: { gt?: unknown; gte?: unknown; lt?: unknown; lte?: unknown };
  /** Start of the text, from an anchored case-sensitive regular expression; `regex` is that expression itself. */
  prefix?: string;
  regex?: unknown;
  /** True if a document without the field can match: a sparse index may not be used for this predicate. */
  matchesMissing: boolean;
}

type Range = NonNullable<PathPredicate['range']>;

/** One condition of a filter that must hold: path, operator, operand. */
interface Clause {
  path: string;
  operator: string;
  operand: unknown;
  /** `$options` beside a `$regex`. */
  options?: unknown;
}

/** All conditions of the top level and of `$and` below it; everything else only narrows the answer further. */
function clausesOf(filter: Document): Clause[] {
  return Object.entries(filter).flatMap(([key, value]): Clause[] => {
    if (key === '$and' && Array.isArray(value)) return value.flatMap((item: unknown) => (isDocument(item) ? clausesOf(item) : []));
    if (key.startsWith('$')) return [];
    const first = isDocument(value) && !isDBRef(value) ? Object.keys(value)[0] : undefined;
    if (first?.startsWith('$') !== true) return [{ path: key, operator: isRegex(value) ? '$regex' : '$eq', operand: value }];
    const operators = value as Document;
    return Object.keys(operators).map((operator) => ({ path: key, operator, operand: operators[operator], options: operators.$options }));
  });
}

/** Predicates of the top level (and `$and`) of a filter, by path. Paths through array positions are left out. */
export function predicatesOf(filter: Document): Map<string, PathPredicate> {
  const predicates = new Map<string, PathPredicate>();
  for (const clause of clausesOf(filter)) {
    if (clause.path.split('.').some(isArrayIndex)) continue;
    const known = predicates.get(clause.path);
    const merged = merge(known, predicateOf(clause));
    if (merged !== undefined) predicates.set(clause.path, merged);
  }
  return predicates;
}

/** Conditions on arrays as a whole are not found among the index's elements, so they are no help. */
function usable(value: unknown): boolean {
  return value !== undefined && !Array.isArray(value);
}

function predicateOf({ operator, operand, options }: Clause): PathPredicate | undefined {
  switch (operator) {
    case '$eq':
      return usable(operand) ? { eq: operand, matchesMissing: operand === null } : undefined;
    case '$in':
      if (!Array.isArray(operand) || !operand.every((item) => usable(item) && !isRegex(item))) return undefined;
      return { in: operand as unknown[], matchesMissing: operand.includes(null) };
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
      if (!usable(operand) || operand instanceof MinKey || operand instanceof MaxKey) return undefined;
      if (operand !== null) return { range: { [operator.slice(1)]: operand }, matchesMissing: false };
      return operator.endsWith('e') ? { eq: null, matchesMissing: true } : { in: [], matchesMissing: false };
    case '$regex':
      return prefixPredicate(operand, options);
    default:
      return undefined;
  }
}

function prefixPredicate(operand: unknown, given: unknown): PathPredicate | undefined {
  const { pattern, options } = regexOperand(operand, given);
  const { prefix } = compileRegex(pattern, options);
  return prefix === undefined ? undefined : { prefix, regex: new BSONRegExp(pattern, ''), matchesMissing: false };
}

function strength(predicate: PathPredicate): number {
  if (Object.hasOwn(predicate, 'eq')) return 3;
  return predicate.in !== undefined ? 2 : predicate.prefix !== undefined ? 1 : 0;
}

/** Of two predicates on one path either alone is a superset of the answer: keep the narrower, join bounds of a range. */
function merge(known: PathPredicate | undefined, next: PathPredicate | undefined): PathPredicate | undefined {
  if (known === undefined || next === undefined) return known ?? next;
  if (known.range !== undefined && next.range !== undefined) return { ...known, range: { ...next.range, ...known.range } };
  return strength(next) > strength(known) ? next : known;
}

function containsText(value: unknown): boolean {
  if (typeof value === 'string' || typeRank(value) === typeRank('')) return true;
  if (Array.isArray(value)) return value.some(containsText);
  return isDocument(value) && Object.values(value).some(containsText);
}

/**
 * Byte ranges of one index component, ascending and apart from each other, that hold every document matching the
 * predicate (candidates: check them with the matcher). Undefined if the index cannot serve it, e.g. text under another
 * collation. On a multikey path two bounds may be met by different elements, so only one of them is used.
 */
export function componentRanges(
  predicate: PathPredicate,
  direction: 1 | -1,
  options: { multikey: boolean; indexCollation?: Collation; queryCollation?: Collation },
): KeyRange[] | undefined {
  const { indexCollation, queryCollation } = options;
  const points = Object.hasOwn(predicate, 'eq') ? [predicate.eq] : predicate.in;
  const foreign = !sameCollation(indexCollation, queryCollation);
  if (points !== undefined) {
    if (foreign && points.some(containsText)) return undefined;
    return ordered(points.map((value) => pointRange(value, direction, indexCollation)));
  }
  if (predicate.prefix !== undefined) {
    if (indexCollation !== undefined) return undefined;
    return ordered([prefixRange(predicate.prefix, direction), pointRange(predicate.regex, direction)]);
  }
  if (predicate.range === undefined) return undefined;
  const bounds = Object.values(predicate.range);
  if ((indexCollation !== undefined || queryCollation !== undefined) && bounds.some(containsText)) return undefined;
  return [boundedRange(predicate.range, direction, options.multikey)];
}

function boundedRange(range: Range, direction: 1 | -1, multikey: boolean): KeyRange {
  const low = bound(range, 'gt', 'gte');
  const high = bound(range, 'lt', 'lte');
  const rank = typeRank((low ?? high)?.value);
  const together = low !== undefined && high !== undefined && !multikey && typeRank(high.value) === rank;
  return betweenRange(low, low === undefined || together ? high : undefined, { lowest: rank, highest: rank }, direction);
}

function bound(range: Range, open: 'gt' | 'lt', closed: 'gte' | 'lte'): { value: unknown } | undefined {
  if (Object.hasOwn(range, open)) return { value: range[open] };
  return Object.hasOwn(range, closed) ? { value: range[closed] } : undefined;
}

function ordered(ranges: KeyRange[]): KeyRange[] {
  ranges.sort((a, b) => Buffer.compare(a.lower, b.lower));
  return ranges.filter((range, i) => i === 0 || !range.lower.equals((ranges[i - 1] as KeyRange).lower));
}

/**
 * True only if every document matching `filter` certainly matches the partial index's filter (careful, may say no).
 * `collated` says that the query or the index has a collation: texts in the partial filter then count for nothing.
 */
export function impliesFilter(filter: Document, partial: Document, collated = false): boolean {
  if (collated && containsText(partial)) return false;
  const predicates = predicatesOf(filter);
  const clauses = clausesOf(filter);
  return Object.entries(partial).every(([key, value]) => {
    if (key === '$and' && Array.isArray(value)) return value.every((item) => isDocument(item) && impliesFilter(filter, item, collated));
    if (key.startsWith('$')) return false;
    return clausesOf({ [key]: value }).every((wanted) => {
      const stated = clauses.some((clause) => clause.path === key && clause.operator === wanted.operator && sameOperand(clause, wanted));
      return stated || impliesClause(predicates.get(key), wanted);
    });
  });
}

function sameOperand(a: Clause, b: Clause): boolean {
  if (a.operator === '$exists') return truthy(a.operand) === truthy(b.operand);
  return valuesEqual(a.operand, b.operand) && valuesEqual(a.options, b.options);
}

const SINGLE_REPRESENTATION = new Set(['string', 'objectId', 'bool', 'date', 2, 7, 8, 9]);

function impliesClause(predicate: PathPredicate | undefined, { operator, operand }: Clause): boolean {
  if (predicate === undefined) return false;
  if (operator === '$exists') return truthy(operand) && !predicate.matchesMissing;
  const points = Object.hasOwn(predicate, 'eq') ? [predicate.eq] : predicate.in;
  if (operator === '$eq') return points !== undefined && points.length > 0 && points.every((point) => valuesEqual(point, operand));
  if (operator === '$type') {
    if (!SINGLE_REPRESENTATION.has(operand as string | number)) return false;
    const operands = points ?? Object.values(predicate.range ?? {});
    return operands.length > 0 && operands.every(typeTest(operand));
  }
  if (!/^\$[gl]te?$/.test(operator) || isRegex(operand)) return false;
  if (points !== undefined) return points.every(orderTest(operator, operand));
  return predicate.range !== undefined && impliesBound(predicate.range, operator, operand);
}

/** `a > 7` implies `a > 5`; a document with an array may meet each bound with another element, and that is still fine. */
function impliesBound(range: Range, operator: string, operand: unknown): boolean {
  const [open, closed, sign] = operator.startsWith('$g') ? (['gt', 'gte', 1] as const) : (['lt', 'lte', -1] as const);
  const own = bound(range, open, closed);
  if (own === undefined || isNaNValue(own.value) || isNaNValue(operand) || typeRank(own.value) !== typeRank(operand)) return false;
  const order = compareValues(own.value, operand) * sign;
  return order > 0 || (order === 0 && (Object.hasOwn(range, open) || operator.endsWith('e')));
}
