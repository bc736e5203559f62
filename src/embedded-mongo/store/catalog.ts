import { randomBytes } from 'node:crypto';
import { type Document, parseCollation, toNumber, decode, encode, getField } from '../bson/index.js';
import { Int32 } from 'bson';
import { fail } from '../errors.js';
import { type Collection, type Index, makeIndex, namespaceOf } from './model.js';
import type { Storage } from './storage.js';

/**
 * Which collections and indexes there are: kept in memory, written with the transaction that changes it. After a
 * transaction that was rolled back `load()` brings memory back to what is on disk.
 */
export class Catalog {
  readonly #storage: Storage;
  readonly #byName = new Map<string, Collection>();
  readonly #changed = new Set<Collection>();
  #nextId = 1;

  constructor(storage: Storage) {
    this.#storage = storage;
    this.load();
  }

  /** Reads everything from disk. */
  load(): void {
    this.#byName.clear();
    this.#changed.clear();
    const stats = this.#storage.stats();
    for (const [id, bytes] of this.#storage.catalog()) {
      const record = decode(bytes);
      const numbers = stats.get(id);
      const collection = fromRecord(id, record, numbers === undefined ? {} : decode(numbers));
      collection.nextRecord = this.#storage.lastId(id) + 1;
      this.#byName.set(namespaceOf(collection), collection);
      this.#nextId = Math.max(this.#nextId, id + 1, ...collection.indexes.map((index) => index.id + 1));
    }
  }

  /** The collection, or nothing. */
  find(db: string, name: string): Collection | undefined {
    return this.#byName.get(`${db}.${name}`);
  }

  /** All collections of a database (or of all databases), by name. */
  list(db?: string): Collection[] {
    const all = [...this.#byName.values()].filter((collection) => db === undefined || collection.db === db);
    return all.sort((a, b) => (namespaceOf(a) < namespaceOf(b) ? -1 : 1));
  }

  /** Makes a collection with its `_id` index. */
  create(db: string, name: string, options: Document = {}): Collection {
    const collection: Collection = {
      id: this.#nextId++, db, name, uuid: uuid(), options, indexes: [], documents: 0, bytes: 0, nextRecord: 1,
    };
    const collation = parseCollation(getField(options, 'collation'));
    if (collation !== undefined) collection.collation = collation;
    const spec: Document = { v: new Int32(2), key: { _id: new Int32(1) }, name: '_id_' };
    if (collation !== undefined) spec.collation = collation.spec;
    this.addIndex(collection, spec);
    this.#byName.set(namespaceOf(collection), collection);
    return collection;
  }

  /** Forgets a collection and everything it stored. */
  drop(collection: Collection): void {
    for (const index of collection.indexes) this.#storage.clearEntries(index.id);
    this.#storage.clearDocuments(collection.id);
    this.#storage.putCatalog(collection.id, undefined);
    this.#storage.putStats(collection.id, undefined);
    this.#byName.delete(namespaceOf(collection));
    this.#changed.delete(collection);
  }

  /** Gives a collection another name. */
  rename(collection: Collection, db: string, name: string): void {
    if (this.find(db, name) !== undefined) fail(48, 'target namespace exists');
    this.#byName.delete(namespaceOf(collection));
    collection.db = db;
    collection.name = name;
    this.#byName.set(namespaceOf(collection), collection);
    this.save(collection);
  }

  /** Adds an (empty) index. */
  addIndex(collection: Collection, spec: Document): Index {
    const index = makeIndex(this.#nextId++, spec, { multikey: false, ordered: true });
    collection.indexes.push(index);
    this.save(collection);
    return index;
  }

  /** Removes an index with its entries. */
  dropIndex(collection: Collection, index: Index): void {
    this.#storage.clearEntries(index.id);
    index.dropped = true;
    collection.indexes = collection.indexes.filter((other) => other !== index);
    this.save(collection);
  }

  /** Writes what the catalog knows of a collection. */
  save(collection: Collection): void {
    this.#storage.putCatalog(collection.id, encode(toRecord(collection)));
    this.countsChanged(collection);
  }

  /** Remembers that the numbers of a collection have to be written before the commit. */
  countsChanged(collection: Collection): void {
    this.#changed.add(collection);
  }

  /** Writes the changed numbers; called once at the end of each transaction. */
  flush(): void {
    for (const { id, documents, bytes } of this.#changed) this.#storage.putStats(id, encode({ documents, bytes }));
    this.#changed.clear();
  }
}

function toRecord(collection: Collection): Document {
  const { db, name, uuid, options, indexes } = collection;
  const flags = indexes.map(({ id, spec, multikey, ordered }) => ({ id, spec, multikey, ordered }));
  return { db, name, uuid: uuid.toString('hex'), options, indexes: flags };
}

function fromRecord(id: number, record: Document, numbers: Document): Collection {
  const indexes = record.indexes as Document[];
  const options = record.options as Document;
  const collation = parseCollation(getField(options, 'collation'));
  return {
    id, db: String(record.db), name: String(record.name), uuid: Buffer.from(String(record.uuid), 'hex'), options,
    indexes: indexes.map((index) => makeIndex(toNumber(index.id), index.spec as Document, {
      multikey: index.multikey === true, ordered: index.ordered === true,
    })),
    ...(collation === undefined ? {} : { collation }),
    documents: toNumber(numbers.documents ?? 0), bytes: toNumber(numbers.bytes ?? 0), nextRecord: 1,
  };
}

function uuid(): Buffer {
  const bytes = randomBytes(16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes;
}
