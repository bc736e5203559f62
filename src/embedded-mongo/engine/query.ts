import { type Collation, type Document, decode } from '../bson/index.js';
import { sortDocuments } from '../project/index.js';
import { compileMatch, type Matcher } from '../query/index.js';
import type { Collection } from '../store/model.js';
import { choosePlan, type Plan } from '../store/planner.js';
import type { ScanStats, Store } from '../store/store.js';
import { clock } from './now.js';
import { decodeFields, fieldsOf } from './partial.js';

/** A query as find, count, update and the others mean it. */
export interface Query {
  filter: Document;
  sort?: Document;
  skip?: number;
  limit?: number;
  collation?: Collation;
  hint?: unknown;
  let?: Document;
}

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
  let found: Iterable<Found> = matching(store, collection, prepared, stats);
  if (query.sort !== undefined && Object.keys(query.sort).length > 0 && !plan.sorted) found = sorted(found, query);
  let skip = query.skip ?? 0;
  let left = query.limit === undefined || query.limit === 0 ? Infinity : query.limit;
  for (const one of found) {
    if (skip-- > 0) continue;
    yield one;
    if (--left <= 0) return;
  }
}

function* matching(store: Store, collection: Collection, { plan, matcher, query }: PreparedQuery, stats?: ScanStats): Generator<Found> {
  const all = Object.keys(query.filter).length === 0;
  const fields = fieldsOf(query.filter);
  for (const { id, bytes } of store.candidates(collection, plan, stats)) {
    const found = new Found(id, bytes);
    if (all || matcher.matches(fields === undefined ? found.doc : decodeFields(bytes, fields))) yield found;
  }
}

function sorted(found: Iterable<Found>, query: Query): Found[] {
  const byDocument = new Map<Document, Found>();
  for (const one of found) byDocument.set(one.doc, one);
  const documents = sortDocuments([...byDocument.keys()], query.sort ?? {}, query.collation);
  return documents.map((doc) => byDocument.get(doc)).filter((one) => one !== undefined);
}
