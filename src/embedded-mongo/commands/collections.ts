import { Binary, Double, Int32 } from 'bson';
import { type Document, getField, isNumber, toNumber, valuesEqual } from '../bson/index.js';
import { fail } from '../errors.js';
import { compileMatch } from '../query/index.js';
import { type Collection, makeIndex, namespaceOf } from '../store/model.js';
import { findByHint } from '../store/planner.js';
import type { Commands, Context } from './context.js';
import { checkCollectionName, checkDatabaseName, checkWritable, existing, writable } from './names.js';
import { listReply } from './reads.js';

/** Options of create that change what a collection is: refused, because ignoring them would lie. */
const UNSUPPORTED = [
  'capped', 'timeseries', 'clusteredIndex', 'viewOn', 'pipeline', 'validator', 'changeStreamPreAndPostImages', 'encryptedFields', 'expireAfterSeconds',
];
const HARMLESS = ['collation', 'storageEngine', 'indexOptionDefaults', 'validationLevel', 'validationAction', 'autoIndexId', 'size', 'max', 'flags'];

/** create, drop, renameCollection, listCollections, collMod, listDatabases and dropDatabase. */
export const collectionCommands: Commands = {
  create: {
    write: true,
    fields: [...UNSUPPORTED, ...HARMLESS, 'idIndex'],
    run(args, context) {
      const { name, collection } = writable(args, context);
      const refused = UNSUPPORTED.find((option) => args.any(option) !== undefined && args.any(option) !== false);
      if (refused !== undefined) fail(72, `create with '${refused}' is not supported by this server`);
      const collation = args.collation();
      const options: Document = collation === undefined ? {} : { collation: collation.spec };
      if (collection === undefined) context.store.catalog.create(context.db, name, options);
      else if (!valuesEqual(collection.options, options)) fail(48, `Collection ${context.db}.${name} already exists.`);
      return {};
    },
  },
  drop: {
    write: true,
    fields: [],
    run(args, context) {
      const { name, collection } = writable(args, context);
      if (collection === undefined) return { ns: `${context.db}.${name}` };
      const nIndexesWas = collection.indexes.length;
      context.store.catalog.drop(collection);
      context.cursors.killNamespace(namespaceOf(collection));
      return { nIndexesWas, ns: namespaceOf(collection) };
    },
  },
  renameCollection: {
    write: true,
    fields: ['to', 'dropTarget', 'stayTemp'],
    run(args, context) {
      if (context.db !== 'admin') fail(13, 'renameCollection may only be run against the admin database.');
      const [from, to] = [splitNamespace(args.collection()), splitNamespace(args.string('to') ?? '')];
      const { catalog } = context.store;
      const source = catalog.find(from.db, from.name) ?? fail(26, `Source collection ${from.db}.${from.name} does not exist`);
      checkWritable(to.db, to.name);
      const target = catalog.find(to.db, to.name);
      if (target === source) fail(20, "Can't rename a collection to itself");
      if (target !== undefined && args.bool('dropTarget')) catalog.drop(target);
      context.cursors.killNamespace(namespaceOf(source));
      catalog.rename(source, to.db, to.name);
      return {};
    },
  },
  listCollections: {
    fields: ['filter', 'nameOnly', 'authorizedCollections', 'cursor'],
    run(args, context) {
      const { matches } = compileMatch(args.object('filter') ?? {});
      const nameOnly = args.bool('nameOnly');
      const shown = context.store.catalog.list(context.db).map(describe).filter(matches)
        .map((info) => (nameOnly ? { name: info.name, type: info.type } : info));
      return listReply(context, args, `${context.db}.$cmd.listCollections`, shown);
    },
  },
  collMod: {
    write: true,
    fields: ['index', 'validator', 'validationLevel', 'validationAction', 'viewOn', 'pipeline', 'expireAfterSeconds', 'cappedSize', 'cappedMax'],
    run(args, context) {
      const collection = existing(args, context);
      const change = args.object('index') ?? fail(72, 'collMod can only change an index here (expireAfterSeconds, hidden)');
      return changeIndex(context, collection, change);
    },
  },
  listDatabases: {
    fields: ['filter', 'nameOnly', 'authorizedDatabases'],
    run(args, context) {
      if (context.db !== 'admin') fail(13, 'listDatabases may only be run against the admin database.');
      const { matches } = compileMatch(args.object('filter') ?? {});
      const databases = databaseSizes(context).filter(matches);
      const nameOnly = args.bool('nameOnly');
      const totalSize = databases.reduce((sum, { sizeOnDisk }) => sum + toNumber(sizeOnDisk), 0);
      return nameOnly
        ? { databases: databases.map(({ name }) => ({ name })) }
        : { databases, totalSize: new Double(totalSize), totalSizeMb: new Double(Math.floor(totalSize / 1048576)) };
    },
  },
  dropDatabase: {
    write: true,
    fields: [],
    run(_args, context) {
      checkDatabaseName(context.db);
      const collections = context.store.catalog.list(context.db);
      for (const collection of collections) {
        context.cursors.killNamespace(namespaceOf(collection));
        context.store.catalog.drop(collection);
      }
      return collections.length === 0 ? {} : { dropped: context.db };
    },
  },
};

function describe(collection: Collection): Document {
  return {
    name: collection.name, type: 'collection', options: collection.options,
    info: { readOnly: false, uuid: new Binary(collection.uuid, Binary.SUBTYPE_UUID) },
    idIndex: collection.indexes.find(({ name }) => name === '_id_')?.spec ?? {},
  };
}

function databaseSizes(context: Context): Document[] {
  const sizes = new Map<string, number>();
  for (const { db, bytes } of context.store.catalog.list()) sizes.set(db, (sizes.get(db) ?? 0) + bytes + 4096);
  return [...sizes].map(([name, bytes]) => ({ name, sizeOnDisk: new Double(bytes), empty: false }));
}

function splitNamespace(namespace: string): { db: string; name: string } {
  const dot = namespace.indexOf('.');
  if (dot <= 0) fail(73, `Invalid namespace specified '${namespace}'`);
  const [db, name] = [namespace.slice(0, dot), namespace.slice(dot + 1)];
  checkDatabaseName(db);
  checkCollectionName(db, name);
  return { db, name };
}

function changeIndex(context: Context, collection: Collection, change: Document): Document {
  const hint = getField(change, 'name') ?? getField(change, 'keyPattern');
  const index = findByHint(collection, hint) ?? fail(27, `cannot find index ${JSON.stringify(hint)} for ns ${namespaceOf(collection)}`);
  const reply: Document = {};
  for (const option of ['expireAfterSeconds', 'hidden']) {
    const value = getField(change, option);
    if (value === undefined) continue;
    if (option === 'expireAfterSeconds' && !isNumber(value)) fail(14, 'expireAfterSeconds must be a number');
    reply[`${option}_old`] = getField(index.spec, option);
    index.spec[option] = isNumber(value) ? new Int32(toNumber(value)) : value;
    reply[`${option}_new`] = index.spec[option];
  }
  const unknown = Object.keys(change).find((key) => !['name', 'keyPattern', 'expireAfterSeconds', 'hidden'].includes(key));
  if (unknown !== undefined) fail(72, `collMod of an index with '${unknown}' is not supported by this server`);
  Object.assign(index, makeIndex(index.id, index.spec, index));
  context.store.catalog.save(collection);
  return reply;
}
