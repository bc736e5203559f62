import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { open, type Database, type RootDatabase } from 'lmdb';
import { inspectDataFile, StoreUnusable } from './lock.js';

/** A record id: natural order is insertion order. */
export type RecordId = number;

/** One stored document. */
export interface StoredDocument {
  id: RecordId;
  bytes: Buffer;
}

type Table = Database<Buffer, Buffer>;

const FORMAT_KEY = Buffer.from('format');
const FORMAT = Buffer.from('embedded-mongo 1');
const CATALOG_PREFIX = 0x63; // 'c'
const STATS_PREFIX = 0x73; // 's'
const ID_BYTES = 6;
/** A scan reads this much at once and keeps no LMDB cursor open in between, so that writes and other clients go on. */
const CHUNK_BYTES = 2 * 1024 * 1024;
const CHUNK_ROWS = 512;

/** The tables on disk: documents by (collection, record id), index entries by (index, key, record id), the catalog. */
export class Storage {
  readonly #root: RootDatabase<Buffer, Buffer>;
  readonly #meta: Table;
  readonly #documents: Table;
  readonly #entries: Table;

  private constructor(root: RootDatabase<Buffer, Buffer>) {
    this.#root = root;
    const options = { keyEncoding: 'binary', encoding: 'binary' } as const;
    this.#meta = root.openDB('meta', options);
    this.#documents = root.openDB('documents', options);
    this.#entries = root.openDB('entries', options);
  }

  /** Opens (or makes) the data file of a folder; a torn or foreign one is refused with a StoreUnusable. */
  static open(dir: string, options: { sync: boolean }): Storage {
    const exists = inspectDataFile(join(dir, 'data.mdb'));
    if (!exists) refuseForeignFolder(dir);
    let storage: Storage;
    try {
      storage = new Storage(open({
        path: dir, keyEncoding: 'binary', encoding: 'binary', maxReaders: 126,
        // Plain LMDB durability: a commit has been synced when it returns.
        overlappingSync: false, noSync: !options.sync,
      }));
    } catch (error) {
      throw new StoreUnusable(`the data file in ${dir} cannot be opened: ${String(error)}`);
    }
    storage.#checkFormat(dir, exists);
    return storage;
  }

  /** Opens a folder for reading only, also while another process serves it: for backup and export. */
  static openReadOnly(dir: string): Storage {
    if (!inspectDataFile(join(dir, 'data.mdb'))) throw new StoreUnusable(`there is no database in ${dir}`);
    const storage = new Storage(open({ path: dir, keyEncoding: 'binary', encoding: 'binary', readOnly: true }));
    storage.#checkFormat(dir, true);
    return storage;
  }

  #checkFormat(dir: string, exists: boolean): void {
    const found = this.#meta.get(FORMAT_KEY);
    if (found === undefined && !exists) this.#root.transactionSync(() => void this.#meta.putSync(FORMAT_KEY, FORMAT));
    else if (found === undefined || !FORMAT.equals(found)) {
      throw new StoreUnusable(`${dir} holds data of another program or version (marker: ${found?.toString() ?? 'none'})`);
    }
  }

  /** Runs the work in one transaction that is on disk when this returns; an error in it undoes everything. */
  transaction<T>(work: () => T): T {
    return this.#root.transactionSync(work);
  }

  /** A copy of the whole database as of now, taken while it is in use. */
  async backup(path: string): Promise<void> {
    mkdirSync(path, { recursive: true });
    await this.#root.backup(path, true);
  }

  /** Closes the file. */
  async close(): Promise<void> {
    await this.#root.close();
  }

  /** One document, or nothing if it is gone. */
  document(collection: number, id: RecordId): Buffer | undefined {
    const bytes = this.#documents.get(documentKey(collection, id));
    return bytes === undefined ? undefined : asBuffer(bytes);
  }

  /** Writes a document. */
  putDocument(collection: number, id: RecordId, bytes: Uint8Array): void {
    this.#documents.putSync(documentKey(collection, id), asBuffer(bytes));
  }

  /** Removes a document. */
  removeDocument(collection: number, id: RecordId): void {
    this.#documents.removeSync(documentKey(collection, id));
  }

  /** The highest record id in use, 0 if there is none. */
  lastId(collection: number): RecordId {
    for (const key of this.#documents.getKeys({
      start: prefix(collection + 1), end: prefix(collection), reverse: true, limit: 1,
    })) return idAtEnd(key);
    return 0;
  }

  /** All documents of a collection in natural order or against it. */
  *scanDocuments(collection: number, reverse = false): Generator<StoredDocument> {
    let range: [Buffer, Buffer] | undefined = [prefix(collection), prefix(collection + 1)];
    while (range !== undefined) {
      const rows: { key: Buffer; value: Buffer }[] = [];
      let size = 0;
      for (const row of this.#documents.getRange(rangeOptions(range, reverse))) {
        rows.push(row);
        size += row.value.length;
        if (size > CHUNK_BYTES || rows.length >= CHUNK_ROWS) break;
      }
      for (const row of rows) yield { id: idAtEnd(row.key), bytes: asBuffer(row.value) };
      const full = size > CHUNK_BYTES || rows.length >= CHUNK_ROWS;
      range = full ? rest(range, rows.at(-1)?.key, reverse) : undefined;
    }
  }

  /** Record ids under the index keys in [lower, upper). The first chunk is small: many queries want one document. */
  *scanEntries(index: number, lower: Uint8Array, upper: Uint8Array | undefined, reverse = false): Generator<RecordId> {
    let range: [Buffer, Buffer] | undefined = [
      Buffer.concat([prefix(index), lower]),
      upper === undefined ? prefix(index + 1) : Buffer.concat([prefix(index), upper]),
    ];
    for (let limit = 32; range !== undefined; limit = CHUNK_ROWS) {
      const keys: Buffer[] = [...this.#entries.getKeys({ ...rangeOptions(range, reverse), limit })];
      for (const key of keys) yield idAtEnd(key);
      range = keys.length === limit ? rest(range, keys.at(-1), reverse) : undefined;
    }
  }

  /** Another record with exactly this index key, if there is one. */
  otherOwner(index: number, key: Uint8Array, self: RecordId | undefined): RecordId | undefined {
    const start = entryKey(index, key, 0);
    const end = Buffer.concat([prefix(index), key, Buffer.alloc(ID_BYTES, 0xff)]);
    for (const found of this.#entries.getKeys({ start, end })) {
      if (found.length === start.length && idAtEnd(found) !== self) return idAtEnd(found);
    }
    return undefined;
  }

  /** How many entries an index has in a range, counted up to a limit: the planner's guess. */
  countEntries(index: number, lower: Uint8Array, upper: Uint8Array, limit: number): number {
    // LMDB's own count ignores the limit and would walk the whole range.
    const range = { start: Buffer.concat([prefix(index), lower]), end: Buffer.concat([prefix(index), upper]), limit };
    let count = 0;
    for (const _ of this.#entries.getKeys(range)) count += 1;
    return count;
  }

  /** Adds an index entry. */
  putEntry(index: number, key: Uint8Array, id: RecordId): void {
    this.#entries.putSync(entryKey(index, key, id), EMPTY);
  }

  /** Removes an index entry. */
  removeEntry(index: number, key: Uint8Array, id: RecordId): void {
    this.#entries.removeSync(entryKey(index, key, id));
  }

  /** Removes everything a dropped collection stored, but not the entries of its indexes. */
  clearDocuments(collection: number): void {
    clear(this.#documents, collection);
  }

  /** Removes all entries of an index. */
  clearEntries(index: number): void {
    clear(this.#entries, index);
  }

  /** Every catalog record. */
  catalog(): Map<number, Buffer> {
    return this.#records(CATALOG_PREFIX);
  }

  /** Every record of collection statistics. */
  stats(): Map<number, Buffer> {
    return this.#records(STATS_PREFIX);
  }

  /** Writes (or with undefined removes) what the catalog knows of a collection. */
  putCatalog(collection: number, bytes: Uint8Array | undefined): void {
    this.#putRecord(CATALOG_PREFIX, collection, bytes);
  }

  /** Writes (or with undefined removes) the statistics of a collection. */
  putStats(collection: number, bytes: Uint8Array | undefined): void {
    this.#putRecord(STATS_PREFIX, collection, bytes);
  }

  #records(kind: number): Map<number, Buffer> {
    const records = new Map<number, Buffer>();
    for (const { key, value } of this.#meta.getRange({ start: Buffer.from([kind]), end: Buffer.from([kind + 1]) })) {
      if (key.length === 5) records.set(key.readUInt32BE(1), asBuffer(value));
    }
    return records;
  }

  #putRecord(kind: number, id: number, bytes: Uint8Array | undefined): void {
    const key = Buffer.from([kind, 0, 0, 0, 0]);
    key.writeUInt32BE(id, 1);
    if (bytes === undefined) this.#meta.removeSync(key);
    else this.#meta.putSync(key, asBuffer(bytes));
  }
}

const EMPTY = Buffer.alloc(0);

function refuseForeignFolder(dir: string): void {
  const known = new Set(['data.mdb', 'lock.mdb', 'server.lock']);
  const stranger = existsSync(dir) ? readdirSync(dir).find((name) => !known.has(name)) : undefined;
  if (stranger !== undefined) {
    throw new StoreUnusable(`${dir} has no data of this server but other files (${stranger}): give it a folder of its own`);
  }
}

function clear(table: Table, id: number): void {
  const keys = [...table.getKeys({ start: prefix(id), end: prefix(id + 1) })];
  for (const key of keys) table.removeSync(key);
}

function prefix(id: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(id, 0);
  return bytes;
}

function documentKey(collection: number, id: RecordId): Buffer {
  const key = Buffer.allocUnsafe(4 + ID_BYTES);
  key.writeUInt32BE(collection, 0);
  key.writeUIntBE(id, 4, ID_BYTES);
  return key;
}

function entryKey(index: number, bytes: Uint8Array, id: RecordId): Buffer {
  const key = Buffer.allocUnsafe(4 + bytes.length + ID_BYTES);
  key.writeUInt32BE(index, 0);
  key.set(bytes, 4);
  key.writeUIntBE(id, 4 + bytes.length, ID_BYTES);
  return key;
}

function idAtEnd(key: Buffer): RecordId {
  return asBuffer(key).readUIntBE(key.length - ID_BYTES, ID_BYTES);
}

/** [lower, upper) for LMDB, which walks a reverse range from its upper end. */
function rangeOptions(range: [Buffer, Buffer], reverse: boolean): object {
  return reverse
    ? { start: range[1], end: range[0], reverse: true, exclusiveStart: true, inclusiveEnd: true }
    : { start: range[0], end: range[1] };
}

/** What is left of a range after the row `last`. */
function rest(range: [Buffer, Buffer], last: Buffer | undefined, reverse: boolean): [Buffer, Buffer] | undefined {
  if (last === undefined) return undefined;
  return reverse ? [range[0], last] : [Buffer.concat([last, Buffer.from([0])]), range[1]];
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
