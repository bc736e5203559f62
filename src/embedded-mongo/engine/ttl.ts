import type { Document } from '../bson/index.js';
import type { Collection, Index } from '../store/model.js';
import type { Store } from '../store/store.js';
import { clock } from './now.js';
import { execute, prepare } from './query.js';

/** Documents one sweep removes per index at most, so that a large clean-up does not hold up everybody. */
const MAX_PER_SWEEP = 5_000;

/** Whether any collection has a TTL index; without one the sweeper need not start a transaction. */
export function hasExpiry(store: Store): boolean {
  return store.catalog.list().some((collection) => collection.indexes.some(isTtl));
}

/** Removes the documents whose time is over. Runs inside a transaction; returns how many went. */
export function sweepExpired(store: Store): number {
  let removed = 0;
  for (const collection of store.catalog.list()) {
    for (const index of collection.indexes.filter(isTtl)) removed += sweepIndex(store, collection, index);
  }
  return removed;
}

function sweepIndex(store: Store, collection: Collection, index: Index): number {
  const limit = clock.now() - (index.expireAfterSeconds ?? 0) * 1000;
  const expired: Document = { [index.paths[0] ?? '']: { $lte: new Date(limit) } };
  // The index of a partial TTL only holds what its filter matches.
  const filter = index.partial === undefined ? expired : { $and: [expired, index.partial.filter] };
  const prepared = prepare(store, collection, { filter, limit: MAX_PER_SWEEP });
  let removed = 0;
  for (const found of execute(store, collection, prepared)) {
    store.records.remove(collection, found.id, found.doc, found.bytes.length);
    removed += 1;
  }
  return removed;
}

function isTtl(index: Index): boolean {
  return index.expireAfterSeconds !== undefined;
}
