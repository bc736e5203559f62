import { type Document, decode } from '../bson/index.js';
import { Catalog } from './catalog.js';
import { fail } from '../errors.js';
import type { Collection } from './model.js';
import type { Plan } from './planner.js';
import { Records } from './records.js';
import { Storage, type StoredDocument } from './storage.js';

/** What a query looked at; explain tells it. */
export interface ScanStats {
  keysExamined: number;
  docsExamined: number;
}

/** The whole store: tables, catalog and the writing of documents with their index entries. */
export class Store {
  readonly storage: Storage;
  readonly catalog: Catalog;
  readonly records: Records;

  /** Opens the folder; see Storage.open for what is refused. */
  static async open(dir: string, options: { sync: boolean; crashed?: boolean }): Promise<Store> {
    return new Store(await Storage.open(dir, options));
  }

  private constructor(storage: Storage) {
    this.storage = storage;
    this.catalog = new Catalog(this.storage);
    this.records = new Records(this.storage, this.catalog);
  }

  /** One durable transaction. If it throws, neither disk nor the catalog in memory keeps anything of it. Throws OutOfDiskSpace before it begins. */
  transaction<T>(work: () => T): T {
    this.storage.mustHaveRoom();
    try {
      return this.storage.transaction(() => {
        const result = work();
        this.catalog.flush();
        return result;
      });
    } catch (error) {
      this.catalog.load();
      throw error;
    }
  }

  /** The candidates of a plan, each once. Nothing stays open between two of them. */
  *candidates(collection: Collection, plan: Plan, stats?: ScanStats): Generator<StoredDocument> {
    if (plan.index === undefined && plan.branches === undefined) {
      for (const found of this.storage.scanDocuments(collection.id, plan.reverse)) {
        if (stats !== undefined) stats.docsExamined += 1;
        yield found;
      }
      return;
    }
    const seen = plan.branches !== undefined || plan.index?.multikey === true ? new Set<number>() : undefined;
    for (const id of this.#ids(plan)) {
      if (stats !== undefined) stats.keysExamined += 1;
      if (seen?.has(id)) continue;
      seen?.add(id);
      const bytes = this.storage.document(collection.id, id);
      if (bytes === undefined) continue; // removed since its key was read
      if (stats !== undefined) stats.docsExamined += 1;
      yield { id, bytes };
    }
  }

  *#ids(plan: Plan): Generator<number> {
    for (const branch of plan.branches ?? []) yield* this.#ids(branch);
    if (plan.index === undefined) return;
    const ranges = plan.ranges ?? [{ lower: new Uint8Array(), upper: undefined }];
    for (const { lower, upper } of plan.reverse ? [...ranges].reverse() : ranges) {
      yield* this.storage.scanEntries(plan.index.id, lower, upper, plan.reverse);
      // A cursor whose index went away between two batches has not seen everything.
      if (plan.index.dropped === true) fail(175, `query plan killed :: index '${plan.index.name}' dropped`);
    }
  }

  /** Every document of a collection with its record id. */
  *all(collection: Collection): Generator<{ id: number; doc: Document }> {
    for (const { id, bytes } of this.storage.scanDocuments(collection.id)) yield { id, doc: decode(bytes) };
  }
}
