import { Types, type Schema } from 'mongoose';
import { isDocument, type Document } from '../../src/embedded-mongo/bson/index.js';

/** What mongoose knows of a collection from its schema and does for the engine: defaults, ids from text, unique indexes. */
export interface Shape {
  name: string;
  unique: string[][];
  /** Plain fields by which rows are looked up. */
  lookups: string[];
  /** Several of them together, as a queue is asked for. */
  together: string[][];
  /** Times that most rows lack; whoever asks for earlier or later ones wants none of those. */
  sparse: string[];
  defaults(): Document;
  /** Texts at paths of object ids become object ids; undefined fields are left out. Throws for fields the schema lacks. */
  cast<T>(value: T, what: 'filter' | 'document' | 'update'): T;
  /** Fills the defaults of embedded documents. */
  complete(doc: Document): Document;
}

interface PathType {
  instance: string;
  options: { default?: unknown; unique?: boolean };
  schema?: Schema;
  embeddedSchemaType?: PathType;
}

const TIME = /At$|Before$|Until$/;
const HEX = /^[0-9a-f]{24}$/i;

export function shapeOf(name: string, schema: Schema<never>): Shape {
  const ids = new Set<string>();
  const roots = new Set<string>(['_id']);
  const embedded = new Map<string, () => Document>();
  collect(schema as unknown as Schema, '', { ids, roots, embedded });
  const indexes = schema.indexes() as unknown as [Record<string, number>, { unique?: boolean }][];
  const unique = indexes.filter(([, options]) => options.unique).map(([fields]) => Object.keys(fields));
  const firsts = indexes.map(([fields]) => Object.keys(fields)[0] ?? '_id');
  const lookups = [...new Set(['_id', ...firsts, ...indexes.flatMap(([fields]) => Object.keys(fields)).filter((field) => field === 'providerId')])];
  const defaults = defaultsOf(schema as unknown as Schema);
  const leading = indexes.map(([fields]) => Object.keys(fields)).map((fields) => fields.slice(0, fields.findIndex((field) => TIME.test(field) || field === 'lane')));
  const queue = leading.find((fields) => fields.length > 2 && fields.every((field) => !field.includes('.')));
  return {
    name,
    unique,
    lookups: lookups.filter((field) => !field.includes('.') && !TIME.test(field)),
    together: queue ? [queue, ...(roots.has('lane') ? [[...queue, 'lane']] : [])] : [],
    sparse: [...new Set(indexes.flatMap(([fields]) => Object.keys(fields)).filter((field) => /^[a-z]+(At|Until)$/.test(field)))],
    defaults,
    cast: (value, what) => castAt(value, '', { ids, roots, what, name }) as typeof value,
    complete: (doc) => complete(doc, embedded),
  };
}

function collect(schema: Schema, prefix: string, into: { ids: Set<string>; roots: Set<string>; embedded: Map<string, () => Document> }): void {
  schema.eachPath((path, type) => {
    const found = type as unknown as PathType;
    const inner = found.embeddedSchemaType;
    if (prefix === '') into.roots.add(path.split('.')[0] ?? path);
    if (found.instance === 'ObjectId' || inner?.instance === 'ObjectId') into.ids.add(prefix + path);
    if (!found.schema) return;
    into.embedded.set(prefix + path, defaultsOf(found.schema));
    collect(found.schema, `${prefix}${path}.`, into);
  });
}

function defaultsOf(schema: Schema): () => Document {
  const makers: [string, () => unknown][] = [];
  schema.eachPath((path, type) => {
    const { options, instance } = type as unknown as PathType;
    if (path === '_id' || path === '__v' || path.includes('.')) return;
    const value = options.default;
    if (typeof value === 'function') makers.push([path, value as () => unknown]);
    else if (value !== undefined) makers.push([path, () => (typeof value === 'object' && value !== null ? structuredClone(value) : value)]);
    // Said to have none: mongoose leaves the field out.
    else if (instance === 'Array' && !Object.hasOwn(options, 'default')) makers.push([path, () => []]);
  });
  return () => Object.fromEntries(makers.map(([path, make]) => [path, make()]));
}

function complete(doc: Document, embedded: Map<string, () => Document>): Document {
  for (const [path, make] of embedded) {
    const items = doc[path];
    if (Array.isArray(items)) doc[path] = items.map((item: unknown) => (isDocument(item) ? { ...make(), ...item } : item));
  }
  return doc;
}

interface Casting {
  ids: ReadonlySet<string>;
  roots: ReadonlySet<string>;
  what: 'filter' | 'document' | 'update';
  name: string;
}

function castAt(value: unknown, path: string, casting: Casting): unknown {
  if (typeof value === 'string') return casting.ids.has(path) && HEX.test(value) ? new Types.ObjectId(value) : value;
  // Most values are plain and stay as they are.
  if (typeof value !== 'object' || value === null || value instanceof Date || value instanceof Types.ObjectId) return value;
  if (Array.isArray(value)) return castItems(value as unknown[], path, casting);
  return isDocument(value) ? castFields(value, path, casting) : value;
}

/** The same document where nothing in it changes. */
function castFields(value: Document, path: string, casting: Casting): Document {
  let result: Document | null = null;
  for (const key of Object.keys(value)) {
    const field = value[key];
    if (field === undefined) {
      result ??= { ...value };
      delete result[key];
      continue;
    }
    const operator = key.startsWith('$');
    // Mongoose would leave such a field out without a word.
    if (path === '' && !operator && !casting.roots.has(rootOf(key))) throw new TypeError(`${casting.name} has no field ${key}`);
    const cast = castAt(field, operator ? path : join(path, key), casting);
    if (cast !== field) (result ??= { ...value })[key] = cast;
  }
  return result ?? value;
}

const rootOf = (key: string): string => (key.includes('.') ? (key.split('.')[0] ?? key) : key);

/** The same array where nothing in it changes: most calls have nothing to cast. */
function castItems(items: unknown[], path: string, casting: Casting): unknown[] {
  const cast = items.map((item) => castAt(item, path, casting));
  return cast.some((item, i) => item !== items[i]) ? cast : items;
}

const join = (path: string, key: string): string => (key.includes('.') || path !== '' ? joined(path, key) : key);

const joined = (path: string, key: string): string =>
  [path, ...key.split('.').filter((part) => !/^(\d+|\$(\[\w*\])?)$/.test(part))].filter((part) => part !== '').join('.');
