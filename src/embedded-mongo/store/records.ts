import { type Document, encodeKey, identical, indexEntries } from '../bson/index.js';
import type { Catalog } from './catalog.js';
import { duplicateKey } from './duplicate.js';
import { type Collection, type Index, namespaceOf } from './model.js';
import type { RecordId } from './rows.js';
import type { Storage } from './storage.js';

/** The keys one document has in one index. */
interface Keys {
  entries: Map<string, { bytes: Buffer; tuple: unknown[] }>;
  multikey: boolean;
  ordered: boolean;
}

const NO_KEYS: Keys = { entries: new Map(), multikey: false, ordered: true };

/**
 * Writes documents together with their index entries. All checks of one document come before its first change: an error
 * leaves nothing behind.
 */
export class Records {
  readonly #storage: Storage;
  readonly #catalog: Catalog;

  constructor(storage: Storage, catalog: Catalog) {
    this.#storage = storage;
    this.#catalog = catalog;
  }

  /** Stores a new document; `bytes` is its BSON. */
  insert(collection: Collection, doc: Document, bytes: Uint8Array): RecordId {
    const keys = collection.indexes.map((index) => this.#keysChecked(collection, index, doc, undefined));
    const id = collection.nextRecord++;
    collection.indexes.forEach((index, at) => this.#writeEntries(collection, index, NO_KEYS, keys[at] ?? NO_KEYS, id));
    this.#storage.putDocument(collection.id, id, bytes);
    this.#count(collection, 1, bytes.length);
    return id;
  }

  /** Replaces a stored document. */
  replace(collection: Collection, id: RecordId, before: { doc: Document; size: number }, doc: Document, bytes: Uint8Array): void {
    // Most updates touch few fields, and most indexes stand as they are: their keys need not even be made.
    const indexes = collection.indexes.filter(touchedBy(before.doc, doc));
    const old = indexes.map((index) => keysOf(index, before.doc));
    const keys = indexes.map((index, at) => this.#keysChecked(collection, index, doc, id, old[at]));
    indexes.forEach((index, at) => {
      this.#writeEntries(collection, index, old[at] ?? NO_KEYS, keys[at] ?? NO_KEYS, id);
    });
    this.#storage.putDocument(collection.id, id, bytes);
    this.#count(collection, 0, bytes.length - before.size);
  }

  /** Removes a stored document. */
  remove(collection: Collection, id: RecordId, doc: Document, size: number): void {
    for (const index of collection.indexes) this.#writeEntries(collection, index, keysOf(index, doc), NO_KEYS, id);
    this.#storage.removeDocument(collection.id, id);
    this.#count(collection, -1, -size);
  }

  /** Fills a new index; on a duplicate the caller drops the index again. */
  build(collection: Collection, index: Index, documents: Iterable<{ id: RecordId; doc: Document }>): void {
    for (const { id, doc } of documents) {
      this.#writeEntries(collection, index, NO_KEYS, this.#keysChecked(collection, index, doc, undefined), id);
    }
  }

  #keysChecked(collection: Collection, index: Index, doc: Document, self: RecordId | undefined, old = NO_KEYS): Keys {
    const keys = keysOf(index, doc);
    if (!index.unique) return keys;
    for (const [text, { bytes, tuple }] of keys.entries) {
      if (old.entries.has(text) || this.#storage.otherOwner(index.id, bytes, self) === undefined) continue;
      throw duplicateKey(namespaceOf(collection), index, tuple);
    }
    return keys;
  }

  #writeEntries(collection: Collection, index: Index, old: Keys, now: Keys, id: RecordId): void {
    for (const [text, { bytes }] of old.entries) if (!now.entries.has(text)) this.#storage.removeEntry(index.id, bytes, id);
    for (const [text, { bytes }] of now.entries) if (!old.entries.has(text)) this.#storage.putEntry(index.id, bytes, id);
    if ((now.multikey && !index.multikey) || (!now.ordered && index.ordered)) {
      index.multikey ||= now.multikey;
      index.ordered &&= now.ordered;
      this.#catalog.save(collection);
    }
  }

  #count(collection: Collection, documents: number, bytes: number): void {
    collection.documents += documents;
    collection.bytes += bytes;
    this.#catalog.countsChanged(collection);
  }
}

/** True for indexes that may have other keys after the change: those on a field that differs in any byte, and all with a condition. */
function touchedBy(before: Document, doc: Document): (index: Index) => boolean {
  const differs = new Map<string, boolean>();
  const isOther = (path: string): boolean => {
    const [field = path] = path.split('.', 1);
    const known = differs.get(field) ?? !(Object.hasOwn(before, field) === Object.hasOwn(doc, field) && identical(before[field], doc[field]));
    differs.set(field, known);
    return known;
  };
  return ({ partial, paths }) => partial !== undefined || paths.some(isOther);
}

function keysOf(index: Index, doc: Document): Keys {
  if (index.partial !== undefined && !index.partial.matcher.matches(doc)) return NO_KEYS;
  const { tuples, multikey, missing } = indexEntries(doc, index.paths);
  if (index.sparse && missing) return NO_KEYS;
  const keys: Keys = { entries: new Map(), multikey, ordered: true };
  for (const tuple of tuples) {
    const key = encodeKey(tuple, index.directions, index.collation);
    keys.entries.set(key.bytes.toString('latin1'), { bytes: key.bytes, tuple });
    keys.ordered &&= key.exact;
  }
  return keys;
}
