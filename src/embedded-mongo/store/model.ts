import { type Collation, type Document, getField, isDocument, parseCollation, toNumber } from '../bson/index.js';
import { compileMatch, type Matcher } from '../query/index.js';

/** An index as the server works with it; `spec` is what listIndexes shows. */
export interface Index {
  id: number;
  name: string;
  spec: Document;
  paths: string[];
  directions: (1 | -1)[];
  unique: boolean;
  sparse: boolean;
  hidden: boolean;
  expireAfterSeconds?: number;
  partial?: { filter: Document; matcher: Matcher };
  collation?: Collation;
  /** Some document has an array on one of the paths: one record may then have several entries. */
  multikey: boolean;
  /** It was dropped while somebody still holds it. */
  dropped?: true;
  /** Every key tells its place in the order (none was cut or folded). */
  ordered: boolean;
}

/** A collection as the server works with it. */
export interface Collection {
  id: number;
  db: string;
  name: string;
  uuid: Buffer;
  options: Document;
  collation?: Collation;
  indexes: Index[];
  documents: number;
  bytes: number;
  nextRecord: number;
}

/** The full name, "db.collection". */
export function namespaceOf(collection: { db: string; name: string }): string {
  return `${collection.db}.${collection.name}`;
}

/** Builds the working form of an index from its specification. */
export function makeIndex(id: number, spec: Document, flags: { multikey: boolean; ordered: boolean }): Index {
  const key = getField(spec, 'key') as Document;
  const filter = getField(spec, 'partialFilterExpression');
  const collation = parseCollation(getField(spec, 'collation'));
  const index: Index = {
    id, spec, name: String(spec.name), paths: Object.keys(key),
    directions: Object.values(key).map((direction) => (toNumber(direction) < 0 ? -1 : 1)),
    unique: spec.unique === true || spec.name === '_id_', sparse: spec.sparse === true, hidden: spec.hidden === true,
    ...flags,
  };
  if (spec.expireAfterSeconds !== undefined) index.expireAfterSeconds = toNumber(spec.expireAfterSeconds);
  if (collation !== undefined) index.collation = collation;
  if (isDocument(filter)) index.partial = { filter, matcher: compileMatch(filter, { collation }) };
  return index;
}
