import { type Collation, type Document, isDocument } from '../bson/index.js';
import { isRegex } from '../query/regex.js';
import type { Collection, Index } from '../store/model.js';
import { choosePlan } from '../store/planner.js';
import type { Store } from '../store/store.js';
import { execute, prepare } from './query.js';

/** One question to an index costs about as much as reading this many documents in a row. */
const READS_PER_QUESTION = 20;

/** How `$lookup` asks the index of another collection; undefined as soon as reading that collection once is cheaper. */
export function joinByIndex(
  store: Store, db: string, collation: Collation | undefined,
): (name: string, path: string, values: readonly unknown[]) => Document[] | undefined {
  const asked = new Map<string, number>();
  return (name, path, values) => {
    const collection = store.catalog.find(db, name);
    // A regular expression in $in would be a pattern, and the joined collection's own collation does not count here.
    if (collection === undefined || values.some((value) => isRegex(value) || Array.isArray(value))) return undefined;
    const questions = (asked.get(name) ?? 0) + 1;
    if (questions * READS_PER_QUESTION > collection.documents || lookupIndex(store, collection, path, collation) === undefined) return undefined;
    asked.set(name, questions);
    const prepared = prepare(store, collection, { filter: { [path]: { $in: values } }, collation });
    if (prepared.plan.index === undefined) return undefined;
    return [...execute(store, collection, prepared)].sort((a, b) => a.id - b.id).map(({ doc }) => doc);
  };
}

/** The index that answers an equality on the path, if there is one; explain shows it. */
export function lookupIndex(store: Store, collection: Collection, path: string, collation: Collation | undefined): Index | undefined {
  if (collation === undefined && collection.collation !== undefined) return undefined;
  return choosePlan(store.storage, collection, { filter: { [path]: { $eq: 0 } }, collation }).index;
}

/** What explain tells of the `$lookup` stages of a pipeline: through an index, or by reading the other collection once. */
export function explainLookups(store: Store, db: string, stages: readonly Document[], collation: Collation | undefined): Document[] {
  return stages.flatMap(({ $lookup: lookup }) => {
    if (!isDocument(lookup) || typeof lookup.from !== 'string') return [];
    const foreign = store.catalog.find(db, lookup.from);
    const index = foreign === undefined || typeof lookup.foreignField !== 'string'
      ? undefined : lookupIndex(store, foreign, lookup.foreignField, collation);
    return [{ $lookup: lookup, strategy: index === undefined ? 'HashJoin' : 'IndexedLoopJoin', ...(index === undefined ? {} : { indexName: index.name }) }];
  });
}
