import { fail } from '../errors.js';
import type { Collection } from '../store/model.js';
import type { Args } from './args.js';
import type { Context } from './context.js';

const MAX_NAMESPACE_BYTES = 255;

/** Fails unless the text may name a database. */
export function checkDatabaseName(db: string): void {
  if (db === '' || Buffer.byteLength(db) > 63 || /[/\\. "$*<>:|?\0]/.test(db)) {
    fail(73, `Invalid database name: '${db}'`);
  }
}

/** Fails unless the text may name a collection (existing or not). */
export function checkCollectionName(db: string, name: string): void {
  if (name === '' || name.startsWith('.') || name.endsWith('.') || name.includes('\0')) {
    fail(73, `Invalid namespace specified '${db}.${name}'`);
  }
}

/** Fails unless a collection of that name may be written to. */
export function checkWritable(db: string, name: string): void {
  checkCollectionName(db, name);
  if (name.includes('$')) fail(73, `Invalid collection name: ${name}`);
  if (name.startsWith('system.')) fail(73, `cannot write to '${db}.${name}'`);
  if (Buffer.byteLength(`${db}.${name}`) > MAX_NAMESPACE_BYTES) {
    fail(73, `Fully qualified namespace is too long. Namespace: ${db}.${name} Max: ${MAX_NAMESPACE_BYTES}`);
  }
}

/** The name and the collection a command reads; there need not be one. */
export function readable(args: Args, context: Context): { name: string; collection: Collection | undefined } {
  const name = args.collection();
  checkCollectionName(context.db, name);
  return { name, collection: context.store.catalog.find(context.db, name) };
}

/** The name and the collection a command writes; there need not be one yet. */
export function writable(args: Args, context: Context): { name: string; collection: Collection | undefined } {
  const name = args.collection();
  checkWritable(context.db, name);
  return { name, collection: context.store.catalog.find(context.db, name) };
}

/** The collection a command needs. */
export function existing(args: Args, context: Context): Collection {
  const { name, collection } = readable(args, context);
  return collection ?? fail(26, `ns does not exist: ${context.db}.${name}`);
}
