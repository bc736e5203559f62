import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { open, type Database, type RootDatabase } from 'lmdb';
import { decode } from '../bson/index.js';
import { fillUp, inspectDataFile, refuseForeignFolder, torn } from './data-file.js';
import { mustHaveRoom } from './disk-room.js';
import { ownerOf, StoreUnusable } from './lock.js';
import { asBuffer, documentKey, entryKey, idAtEnd, prefix, rangeOptions, type RecordId, rest } from './rows.js';

/** One stored document. */
export interface StoredDocument {
  id: RecordId;
  bytes: Buffer;
}

type Table = Database<Buffer, Buffer>;

const DATA_FILE = 'data.mdb';
const FORMAT_KEY = Buffer.from('format');
const FORMAT = Buffer.from('embedded-mongo 1');
const CATALOG_PREFIX = 0x63; // 'c'
const STATS_PREFIX = 0x73; // 's'
/** A scan reads this much at once and keeps no LMDB cursor open in between, so that writes and other clients go on. */
const CHUNK_BYTES = 2 * 1024 * 1024;
const CHUNK_ROWS = 512;
/** How many entries tell the size of an index. */
const SAMPLE = 1000;

/** The tables on disk: documents by (collection, record id), index entries by (index, key, record id), the catalog. */
export class Storage {
  readonly #root: RootDatabase<Buffer, Buffer>;
  readonly #dir: string | undefined;
  readonly #meta: Table;
  readonly #documents: Table;
  readonly #entries: Table;

  /** `dir` only for a storage that may write. */
  private constructor(root: RootDatabase<Buffer, Buffer>, dir?: string) {
    this.#root = root;
    this.#dir = dir;
    const options = { keyEncoding: 'binary', encoding: 'binary' } as const;
    this.#meta = root.openDB('meta', options);
    this.#documents = root.openDB('documents', options);
    this.#entries = root.openDB('entries', options);
  }

  /**
   * Opens (or makes) the data file of a folder; a torn or foreign one is refused with a StoreUnusable. `crashed` says
   * that the last owner did not stop cleanly: then a file may end early, and is read once to see whether all is there.
   */
  static async open(dir: string, options: { sync: boolean; crashed?: boolean }): Promise<Storage> {
    const path = join(dir, DATA_FILE);
    const file = inspectDataFile(path);
    if (file === undefined) refuseForeignFolder(dir);
    const short = file !== undefined && file.size < file.expected;
    if (short && options.crashed !== true) throw torn(path, file);
    if (short && !await Storage.#wholeInCopy(dir)) throw torn(path, file);
    if (short) fillUp(path);
    let storage: Storage;
    try {
      storage = new Storage(open({
        path: dir, keyEncoding: 'binary', encoding: 'binary', maxReaders: 126,
        // Plain LMDB durability: a commit has been synced when it returns.
        overlappingSync: false, noSync: !options.sync,
      }), dir);
    } catch (error) {
      throw new StoreUnusable(`the data file in ${dir} cannot be opened: ${String(error)}`);
    }
    storage.#checkFormat(dir, file !== undefined);
    return storage;
  }

  /** Opens a folder for reading only, also while another process serves it: for backup and export. */
  static openReadOnly(dir: string): Storage {
    const file = inspectDataFile(join(dir, DATA_FILE));
    if (file === undefined) throw new StoreUnusable(`there is no database in ${dir}`);
    // A running server leaves such an end too, and reading stops before it.
    if (file.size < file.expected && ownerOf(dir) === undefined) {
      throw new StoreUnusable(`the data file in ${dir} has lost its end, or its server was killed: start the server once, it tells which`);
    }
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

  /** Whether a file that ends early holds everything all the same. A copy is read: LMDB may end the process over a lost page. */
  static async #wholeInCopy(dir: string): Promise<boolean> {
    const copy = join(dir, 'check');
    rmSync(copy, { recursive: true, force: true });
    mkdirSync(copy);
    copyFileSync(join(dir, DATA_FILE), join(copy, DATA_FILE));
    fillUp(join(copy, DATA_FILE));
    try {
      const storage = new Storage(open({ path: copy, keyEncoding: 'binary', encoding: 'binary', noSync: true }));
      const whole = storage.#isWhole();
      await storage.close();
      return whole;
    } catch {
      return false;
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  }

  /** Reads everything once and writes once: false if a page or a document is not what was written. */
  #isWhole(): boolean {
    try {
      this.#root.transactionSync(() => void this.#meta.putSync(Buffer.from('check'), FORMAT));
      for (const table of [this.#meta, this.#entries]) for (const _ of table.getRange({})) continue;
      for (const { value } of this.#documents.getRange({})) {
        if (value.length < 5 || asBuffer(value).readInt32LE(0) !== value.length) return false;
        decode(value);
      }
      return true;
    } catch {
      return false;
    }
  }

  /** Throws OutOfDiskSpace where a write had better not begin. */
  mustHaveRoom(): void {
    if (this.#dir !== undefined) mustHaveRoom(this.#dir);
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
    if (this.#dir !== undefined) fillUp(join(this.#dir, DATA_FILE));
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
    const end = Buffer.concat([prefix(index), key, LAST_ID]);
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

  /** About how many bytes the keys of an index take, from its first entries; `documents` is how many there may be. */
  indexBytes(index: number, documents: number): number {
    const range = { start: prefix(index), end: prefix(index + 1), limit: SAMPLE };
    let [entries, bytes] = [0, 0];
    for (const key of this.#entries.getKeys(range)) [entries, bytes] = [entries + 1, bytes + key.length];
    return entries < SAMPLE ? bytes : Math.round((bytes / entries) * Math.max(documents, entries));
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
const LAST_ID = Buffer.alloc(6, 0xff);

function clear(table: Table, id: number): void {
  const keys = [...table.getKeys({ start: prefix(id), end: prefix(id + 1) })];
  for (const key of keys) table.removeSync(key);
}
