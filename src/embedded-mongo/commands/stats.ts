import type { Collection } from '../store/model.js';
import type { Commands, Context } from './context.js';
import { readable } from './names.js';

/** collStats and dbStats. Sizes of indexes are estimates from their first entries. */
export const statsCommands: Commands = {
  collStats: {
    fields: ['scale', 'freeStorage', 'queryExecStats', 'storageStats', 'count', 'latencyStats'],
    run(args, context) {
      const { name, collection } = readable(args, context);
      const scale = args.number('scale') ?? 1;
      const bytes = collection?.bytes ?? 0;
      const count = collection?.documents ?? 0;
      const sizes = collection === undefined ? {} : indexSizes(context, collection);
      const indexBytes = sum(Object.values(sizes));
      return {
        ns: `${context.db}.${name}`, size: Math.floor(bytes / scale), count, avgObjSize: count === 0 ? undefined : Math.floor(bytes / count),
        storageSize: Math.floor(bytes / scale), nindexes: collection?.indexes.length ?? 0, totalIndexSize: Math.floor(indexBytes / scale),
        totalSize: Math.floor((bytes + indexBytes) / scale),
        indexSizes: Object.fromEntries(Object.entries(sizes).map(([index, size]) => [index, Math.floor(size / scale)])), scaleFactor: scale, capped: false,
      };
    },
  },
  dbStats: {
    fields: ['scale', 'freeStorage'],
    run(args, context) {
      const collections = context.store.catalog.list(context.db);
      const scale = args.number('scale') ?? 1;
      const objects = sum(collections.map(({ documents }) => documents));
      const bytes = sum(collections.map((collection) => collection.bytes));
      const indexBytes = sum(collections.flatMap((collection) => Object.values(indexSizes(context, collection))));
      return {
        db: context.db, collections: collections.length, views: 0, objects, avgObjSize: objects === 0 ? 0 : bytes / objects,
        dataSize: bytes / scale, storageSize: bytes / scale, indexes: sum(collections.map(({ indexes }) => indexes.length)),
        indexSize: indexBytes / scale, totalSize: (bytes + indexBytes) / scale, scaleFactor: scale,
      };
    },
  },
};

function indexSizes(context: Context, collection: Collection): Record<string, number> {
  return Object.fromEntries(collection.indexes.map(({ id, name }) => [name, context.store.storage.indexBytes(id, collection.documents)]));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
