import { Double, Int32, Long } from 'bson';
import { type Collation, type Document, getField, isDocument, isNumber, parseCollation, toNumber, typeName } from '../bson/index.js';
import { clock } from '../engine/now.js';
import type { Deadline } from '../engine/query.js';
import { fail } from '../errors.js';

/** Fields that any command may carry. What they ask for is either harmless here or checked in `checkGeneric`. */
const GENERIC = new Set([
  '$db', 'lsid', '$readPreference', '$clusterTime', '$configServerState', '$audit', '$client', 'comment', 'maxTimeMS', 'readConcern',
  'writeConcern', 'apiVersion', 'apiStrict', 'apiDeprecationErrors', 'txnNumber', 'startTransaction', 'autocommit', 'help',
]);

/** The fields of a command, read with MongoDB's errors for unknown names and wrong types. */
export class Args {
  readonly #name: string;
  readonly #doc: Document;

  /** `allowed` are the command's own fields; undefined allows any (commands that mongod does not check either). */
  constructor(name: string, doc: Document, allowed?: readonly string[]) {
    this.#name = name;
    this.#doc = doc;
    if (allowed === undefined) return;
    for (const field of Object.keys(doc)) {
      if (field !== name && !GENERIC.has(field) && !allowed.includes(field)) {
        fail(40415, `BSON field '${name}.${field}' is an unknown field.`);
      }
    }
  }

  /** The field as it is; null counts as missing, as for mongod's optional fields. */
  any(field: string): unknown {
    return getField(this.#doc, field) ?? undefined;
  }

  /** A document. */
  object(field: string): Document | undefined {
    const value = this.any(field);
    if (value === undefined || isDocument(value)) return value;
    return this.#wrongType(field, value, 'object');
  }

  /** An array. */
  array(field: string): unknown[] | undefined {
    const value = this.any(field);
    if (value === undefined || Array.isArray(value)) return value;
    return this.#wrongType(field, value, 'array');
  }

  /** An array of documents. */
  documents(field: string): Document[] | undefined {
    return this.array(field)?.map((value, index) => (isDocument(value) ? value : this.#wrongType(`${field}.${index}`, value, 'object')));
  }

  /** Text. */
  string(field: string): string | undefined {
    const value = this.any(field);
    if (value === undefined || typeof value === 'string') return value;
    return this.#wrongType(field, value, 'string');
  }

  /** A yes or no; numbers are taken too. */
  bool(field: string): boolean {
    const value = this.any(field);
    if (value === undefined || typeof value === 'boolean') return value ?? false;
    if (isNumber(value)) return toNumber(value) !== 0;
    return this.#wrongType(field, value, "[bool, long, int, decimal, double']");
  }

  /** A number. */
  number(field: string): number | undefined {
    const value = this.any(field);
    if (value === undefined) return undefined;
    if (isNumber(value)) return toNumber(value);
    return this.#wrongType(field, value, "[long, int, decimal, double']");
  }

  /** A whole number that is not negative. */
  count(field: string): number | undefined {
    const value = this.number(field);
    if (value !== undefined && value < 0) {
      fail(51024, `BSON field '${field}' value must be >= 0, actual value '${value}'`);
    }
    return value === undefined ? undefined : Math.trunc(value);
  }

  /** A collation; an empty document means none. */
  collation(): Collation | undefined {
    const spec = this.object('collation');
    return spec === undefined || Object.keys(spec).length === 0 ? undefined : parseCollation(spec);
  }

  /** An index name or key pattern. */
  hint(): string | Document | undefined {
    const value = this.any('hint');
    if (value === undefined || typeof value === 'string') return value;
    if (!isDocument(value)) return fail(9, 'Hint must be a string or an object');
    return Object.keys(value).length === 0 ? undefined : value;
  }

  /** Fails unless the field is there. */
  required(field: string): unknown {
    const value = getField(this.#doc, field);
    if (value === undefined) fail(40414, `BSON field '${this.#name}.${field}' is missing but a required field`);
    return value;
  }

  /** The collection that the command is about (its first field). */
  collection(): string {
    const value = getField(this.#doc, this.#name);
    if (typeof value === 'string') return value;
    return fail(73, `collection name has invalid type ${typeName(value)}`);
  }

  /** When the command has to be done, from `maxTimeMS`; 0 means no limit. */
  deadline(): Deadline | undefined {
    const value = this.number('maxTimeMS');
    if (value === undefined || value === 0) return undefined;
    if (value < 0 || value > 2_147_483_647 || !Number.isInteger(value)) fail(2, `${value} value for maxTimeMS is out of range or not a whole number`);
    return { at: clock.now() + value };
  }

  /** A cursor number. */
  long(value: unknown): Long {
    if (Long.isLong(value)) return value;
    if (value instanceof Int32 || value instanceof Double || typeof value === 'number') return Long.fromNumber(toNumber(value));
    return fail(14, `BSON field '${this.#name}.cursors' is the wrong type '${typeName(value)}', expected type 'long'`);
  }

  #wrongType(field: string, value: unknown, expected: string): never {
    const wanted = expected.startsWith('[') ? `types '${expected}` : `type '${expected}'`;
    return fail(14, `BSON field '${this.#name}.${field}' is the wrong type '${typeName(value)}', expected ${wanted}`);
  }
}

/** Refuses what a stand-alone server cannot do, whatever the command: transactions and retryable writes. */
export function checkGeneric(doc: Document): void {
  if (doc.txnNumber !== undefined || doc.startTransaction !== undefined || doc.autocommit !== undefined) {
    fail(20, 'Transaction numbers are only allowed on a replica set member or mongos');
  }
  const concern = getField(doc, 'writeConcern');
  if (isDocument(concern)) checkWriteConcern(concern);
  const level = isDocument(doc.readConcern) ? doc.readConcern.level : undefined;
  if (level === 'snapshot') fail(246, 'Snapshot read concern is not supported on this server: it is a stand-alone');
  if (level === 'linearizable') fail(123, 'Cannot use linearizable read concern on a stand-alone server');
}

function checkWriteConcern(concern: Document): void {
  const w = getField(concern, 'w');
  if (isNumber(w) && toNumber(w) > 1) fail(2, "cannot use 'w' > 1 when a host is not replicated");
  if (isNumber(w) && toNumber(w) < 0) fail(9, 'w has to be a non-negative number and not greater than 50');
  if (typeof w === 'string' && w !== 'majority') fail(2, "cannot use non-majority 'w' mode when a host is not a member of a replica set");
}
