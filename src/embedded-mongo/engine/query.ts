import { ObjectId } from 'bson';
import { type Collation, type Document, decode } from '../bson/index.js';
import { fail } from '../errors.js';
import { sortDocuments } from '../project/index.js';
import { compileMatch, type Matcher } from '../query/index.js';
import type { Collection } from '../store/model.js';
import { choosePlan, type Plan } from '../store/planner.js';
import type { ScanStats, Store } from '../store/store.js';
import { clock } from './now.js';
import { decodeFields, fieldName, fieldsOf } from './partial.js';

/** A query as find, count, update and the others mean it. */
export interface Query {
  filter: Document;
  sort?: Document;
  skip?: number;
  limit?: number;
  collation?: Collation;
  hint?: unknown;
  let?: Document;
  deadline?: Deadline;
}

/** When a command has to be done (maxTimeMS); Infinity once its first batch is out, because a cursor may wait for its client. */
export interface Deadline {
  at: number;
}

/** How many documents are looked at between two looks at the clock. */
const CLOCK_EVERY = 256;
/** What a sort without a limit may hold; MongoDB would go on on disk, or fail with the same error. */
const MAX_SORT_BYTES = 100 * 1024 * 1024;

/** A stored document that was found; it is decoded only if somebody looks into it. */
export class Found {
  #doc: Document | undefined;
  constructor(readonly id: number, readonly bytes: Buffer) {}

  get doc(): Document {
    return (this.#doc ??= decode(this.bytes));
  }
}

/** A query made ready for one collection. */
export interface PreparedQuery {
  plan: Plan;
  matcher: Matcher;
  query: Query;
}

/** Compiles the filter and chooses the plan; without a collection the filter is checked all the same. */
export function prepare(store: Store, collection: Collection | undefined, query: Query): PreparedQuery {
  const collation = query.collation ?? collection?.collation;
  const matcher = compileMatch(query.filter, { collation, let: query.let, now: clock.date() });
  const plan = collection === undefined
    ? { reverse: false, sorted: true }
    : choosePlan(store.storage, collection, { ...query, collation });
  return { plan, matcher, query: { ...query, collation } };
}

/** The documents of a query, in its order, after skip and limit. Lazy unless it has to sort. */
export function* execute(store: Store, collection: Collection | undefined, prepared: PreparedQuery, stats?: ScanStats): Generator<Found> {
  if (collection === undefined) return;
  const { plan, query } = prepared;
  let skip = query.skip ?? 0;
  let left = query.limit === undefined || query.limit === 0 ? Infinity : query.limit;
  let found: Iterable<Found> = matching(store, collection, prepared, stats);
  if (query.sort !== undefined && Object.keys(query.sort).length > 0 && !plan.sorted) found = sorted(found, query.sort, skip + left, query.collation);
  for (const one of found) {
    if (skip-- > 0) continue;
    yield one;
    if (--left <= 0) return;
  }
}

/** Longer texts may be cut in an index. */
const MAX_EXACT_TEXT = 200;

/**
 * How many documents a query finds, from the entries of its index alone; undefined where documents have to be looked at.
 * Only for what one range of one index answers exactly: each of its first fields equal to a short text, an id or a truth value.
 */
export function countByIndex(store: Store, { plan, query }: PreparedQuery): number | undefined {
  const { index, ranges, branches } = plan;
  const [range, ...more] = ranges ?? [];
  if (index === undefined || range === undefined || more.length > 0 || branches !== undefined) return undefined;
  if (index.multikey || index.sparse || index.partial !== undefined || index.collation !== undefined || query.collation !== undefined || query.let !== undefined) return undefined;
  const asked = Object.entries(query.filter);
  const leading = new Set(index.paths.slice(0, asked.length));
  if (asked.length === 0 || leading.size < asked.length || !range.point || !asked.every(([path, value]) => leading.has(path) && isExact(value))) return undefined;
  const [skip, most] = [query.skip ?? 0, query.limit === undefined || query.limit === 0 ? Infinity : query.limit];
  const entries = store.storage.countEntries(index.id, range.lower, range.upper, Number.isFinite(most) ? skip + most : Number.MAX_SAFE_INTEGER);
  return Math.max(0, Math.min(most, entries - skip));
}

const isExact = (value: unknown): boolean => typeof value === 'boolean' || value instanceof ObjectId || (typeof value === 'string' && value.length < MAX_EXACT_TEXT);

function* matching(store: Store, collection: Collection, { plan, matcher, query }: PreparedQuery, stats?: ScanStats): Generator<Found> {
  const all = Object.keys(query.filter).length === 0;
  const fields = fieldsOf(query.filter);
  let looked = 0;
  for (const { id, bytes } of store.candidates(collection, plan, stats)) {
    if (query.deadline !== undefined && (looked += 1) % CLOCK_EVERY === 0 && clock.now() > query.deadline.at) fail(50, 'operation exceeded time limit');
    const found = new Found(id, bytes);
    if (all || matcher.matches(fields === undefined ? found.doc : decodeFields(bytes, fields))) yield found;
  }
}

/** Sorts what was found. Where only the first few are wanted, only about twice as many are ever kept. */
function sorted(found: Iterable<Found>, sort: Document, wanted: number, collation?: Collation): Found[] {
  const fields = new Set(Object.keys(sort).map((path) => fieldName(path)));
  let kept: Sortable[] = [];
  let bytes = 0;
  for (const one of found) {
    kept.push({ found: one, doc: decodeFields(one.bytes, fields) });
    bytes += one.bytes.length;
    if (kept.length >= 2 * wanted + CLOCK_EVERY || (bytes > MAX_SORT_BYTES && kept.length > wanted)) {
      kept = first(kept, sort, wanted, collation);
      bytes = kept.reduce((sum, { found: { bytes: { length } } }) => sum + length, 0);
    }
    if (bytes > MAX_SORT_BYTES) {
      fail(292, `Sort exceeded memory limit of ${MAX_SORT_BYTES} bytes, but did not opt in to external sorting (which this server does not have): use an index or a limit`);
    }
  }
  return first(kept, sort, wanted, collation).map((one) => one.found);
}

interface Sortable {
  found: Found;
  /** The fields that the sort looks at. */
  doc: Document;
}

function first(kept: readonly Sortable[], sort: Document, wanted: number, collation?: Collation): Sortable[] {
  const byDocument = new Map(kept.map((one) => [one.doc, one]));
  const ordered = sortDocuments([...byDocument.keys()], sort, collation).slice(0, wanted);
  return ordered.map((doc) => byDocument.get(doc)).filter((one) => one !== undefined);
}
