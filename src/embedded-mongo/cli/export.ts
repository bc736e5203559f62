import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { EJSON } from 'bson';
import { Catalog } from '../store/catalog.js';
import { type Collection, namespaceOf } from '../store/model.js';
import { Storage } from '../store/storage.js';
import { say, tool } from './common.js';

/**
 * `npm run db:export -- --data DIR --to FOLDER`: writes what mongodump would write, so that `mongorestore FOLDER` moves
 * everything, indexes included, to MongoDB. It runs without a pause: all collections are of one moment.
 */
tool(async () => {
  const { values } = parseArgs({ options: { data: { type: 'string', default: 'data/db' }, to: { type: 'string' } } });
  if (values.to === undefined) throw new Error('usage: db:export -- --data DIR --to FOLDER');
  const target = resolve(values.to);
  const storage = Storage.openReadOnly(resolve(values.data));
  try {
    for (const collection of new Catalog(storage).list()) {
      say(`${namespaceOf(collection)}: ${exportCollection(storage, collection, join(target, collection.db))} documents`);
    }
  } finally {
    await storage.close();
  }
  say(`exported to ${target}; move it to MongoDB with: mongorestore --uri "mongodb://..." ${target}`);
});

function exportCollection(storage: Storage, collection: Collection, folder: string): number {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, encodeURIComponent(collection.name));
  const output = openSync(`${file}.bson`, 'w');
  let count = 0;
  for (const { bytes } of storage.scanDocuments(collection.id)) {
    writeSync(output, bytes);
    count += 1;
  }
  closeSync(output);
  const metadata = {
    options: collection.options, indexes: collection.indexes.map(({ spec }) => spec), uuid: collection.uuid.toString('hex'),
    collectionName: collection.name, type: 'collection',
  };
  writeFileSync(`${file}.metadata.json`, EJSON.stringify(metadata, { relaxed: false }));
  return count;
}
