import { type Document, isDocument, valuesEqual } from '../bson/index.js';
import { fail } from '../errors.js';
import type { Collection, Index } from '../store/model.js';
import type { Commands, Context } from './context.js';
import { conflicting, normalizeSpec } from './index-spec.js';
import { existing, writable } from './names.js';
import { listReply } from './reads.js';

const MAX_INDEXES = 64;

/** createIndexes, listIndexes and dropIndexes. */
export const indexCommands: Commands = {
  createIndexes: {
    write: true,
    fields: ['indexes', 'commitQuorum', 'ignoreUnknownIndexOptions'],
    run(args, context) {
      const { name, collection: found } = writable(args, context);
      const specs = args.documents('indexes') ?? fail(40414, "BSON field 'createIndexes.indexes' is missing but a required field");
      if (specs.length === 0) fail(2, 'Must specify at least one index to create');
      const normal = specs.map((spec) => normalizeSpec(spec, found));
      const collection = found ?? context.store.catalog.create(context.db, name);
      const before = collection.indexes.length;
      createAll(context, collection, normal);
      return {
        numIndexesBefore: before, numIndexesAfter: collection.indexes.length, createdCollectionAutomatically: found === undefined,
        note: collection.indexes.length === before ? 'all indexes already exist' : undefined,
      };
    },
  },
  listIndexes: {
    fields: ['cursor', 'includeBuildUUIDs', 'includeIndexBuildInfo'],
    run(args, context) {
      const collection = existing(args, context);
      return listReply(context, args, `${context.db}.${collection.name}`, collection.indexes.map(({ spec }) => spec));
    },
  },
  dropIndexes: {
    write: true,
    fields: ['index'],
    run(args, context) {
      const { name, collection } = writable(args, context);
      if (collection === undefined) return fail(26, `ns not found ${context.db}.${name}`);
      const nIndexesWas = collection.indexes.length;
      const doomed = toDrop(collection, args.required('index'));
      for (const index of doomed) context.store.catalog.dropIndex(collection, index);
      return { nIndexesWas, msg: args.any('index') === '*' ? 'non-_id indexes dropped for collection' : undefined };
    },
  },
};
indexCommands.deleteIndexes = indexCommands.dropIndexes ?? fail(1, 'dropIndexes is missing');

/** All or none: if one build fails, those of this command that were made before it go again. */
function createAll(context: Context, collection: Collection, specs: Document[]): void {
  const made: Index[] = [];
  try {
    for (const spec of specs) {
      if (conflicting(collection.indexes, spec) !== undefined) continue;
      if (collection.indexes.length >= MAX_INDEXES) fail(67, `add index fails, too many indexes for ${collection.name}`);
      const index = context.store.catalog.addIndex(collection, spec);
      made.push(index);
      context.store.records.build(collection, index, context.store.all(collection));
    }
  } catch (error) {
    for (const index of made) context.store.catalog.dropIndex(collection, index);
    throw error;
  }
}

function toDrop(collection: Collection, wanted: unknown): Index[] {
  if (wanted === '*') return collection.indexes.filter(({ name }) => name !== '_id_');
  if (Array.isArray(wanted)) return wanted.flatMap((name) => toDrop(collection, name));
  const index = isDocument(wanted)
    ? collection.indexes.find(({ spec }) => valuesEqual(spec.key, wanted))
    : collection.indexes.find(({ name }) => name === wanted);
  if (index === undefined) {
    return fail(27, isDocument(wanted) ? `can't find index with key: ${JSON.stringify(wanted)}` : `index not found with name [${String(wanted)}]`);
  }
  if (index.name === '_id_') fail(72, 'cannot drop _id index');
  return [index];
}
