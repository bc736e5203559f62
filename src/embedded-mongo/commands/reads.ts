import { type Document, encode, isNumber, toNumber } from '../bson/index.js';
import { distinctValues, evaluateLet } from '../agg/index.js';
import { fail } from '../errors.js';
import type { Batch } from '../engine/cursors.js';
import { clock } from '../engine/now.js';
import { countByIndex, execute, type Found, prepare, type PreparedQuery } from '../engine/query.js';
import { compileProjection, compileSort } from '../project/index.js';
import { RawArray, ReplyPart, type ReplyFields } from '../wire/reply.js';
import { decodeFields, fieldName } from '../engine/partial.js';
import type { Args } from './args.js';
import type { Commands, Context } from './context.js';
import { checkCollectionName, readable } from './names.js';

const DEFAULT_FIRST_BATCH = 101;

/** The fields of find; those listed in REFUSED are answered with an error, not ignored. */
export const FIND_FIELDS = [
  'filter', 'projection', 'sort', 'hint', 'skip', 'limit', 'batchSize', 'singleBatch', 'collation', 'let', 'allowDiskUse',
  'noCursorTimeout', 'allowPartialResults', 'oplogReplay', 'max', 'min', 'returnKey', 'showRecordId', 'tailable', 'awaitData', 'readOnce',
];
const REFUSED = ['max', 'min', 'returnKey', 'showRecordId', 'tailable', 'awaitData'];

/** find, getMore, killCursors, count and distinct. */
export const readCommands: Commands = {
  find: {
    fields: FIND_FIELDS,
    run(args, context) {
      const { name, collection } = readable(args, context);
      const prepared = prepareFind(args, context);
      const rows = projected(execute(context.store, collection, prepared), args, prepared);
      const batchSize = args.count('batchSize') ?? DEFAULT_FIRST_BATCH;
      const namespace = `${context.db}.${name}`;
      const batch = context.cursors.first(namespace, rows, { batchSize, single: args.bool('singleBatch') });
      if (prepared.query.deadline !== undefined) prepared.query.deadline.at = Infinity;
      return cursorReply(batch, namespace, 'firstBatch');
    },
  },
  getMore: {
    fields: ['collection', 'batchSize', 'term', 'lastKnownCommittedOpTime'],
    run(args, context) {
      const id = args.long(args.required('getMore'));
      const name = args.string('collection') ?? fail(40414, "BSON field 'getMore.collection' is missing but a required field");
      const namespace = `${context.db}.${name}`;
      const size = args.count('batchSize') ?? 0;
      return cursorReply(context.cursors.next(id, namespace, size === 0 ? Infinity : size), namespace, 'nextBatch');
    },
  },
  killCursors: {
    fields: ['cursors'],
    run(args, context) {
      checkCollectionName(context.db, args.collection());
      const ids = (args.array('cursors') ?? fail(40414, "BSON field 'killCursors.cursors' is missing but a required field"))
        .map((id) => args.long(id));
      const killed = ids.map((id) => context.cursors.kill(id));
      return {
        cursorsKilled: ids.filter((_, at) => killed[at] === true), cursorsNotFound: ids.filter((_, at) => killed[at] === false),
        cursorsAlive: [], cursorsUnknown: [],
      };
    },
  },
  count: {
    fields: ['query', 'limit', 'skip', 'hint', 'collation', 'fields'],
    run(args, context) {
      const { collection } = readable(args, context);
      const filter = args.object('query') ?? {};
      const skip = args.count('skip') ?? 0;
      const limit = Math.abs(args.number('limit') ?? 0);
      if (collection !== undefined && Object.keys(filter).length === 0 && args.hint() === undefined) {
        const rest = Math.max(0, collection.documents - skip);
        return { n: limit === 0 ? rest : Math.min(rest, limit) };
      }
      const query = { filter, skip, limit, collation: args.collation(), hint: args.hint(), deadline: args.deadline() };
      const prepared = prepare(context.store, collection, query);
      let n = collection && countByIndex(context.store, prepared);
      if (n !== undefined) return { n };
      n = 0;
      for (const _ of execute(context.store, collection, prepared)) n += 1;
      return { n };
    },
  },
  distinct: {
    fields: ['key', 'query', 'collation', 'hint'],
    run(args, context) {
      const { collection } = readable(args, context);
      args.required('key');
      const key = args.string('key') ?? '';
      if (key.includes('\0')) fail(2, 'Key field cannot contain an embedded null byte');
      const prepared = prepare(context.store, collection, {
        filter: args.object('query') ?? {}, collation: args.collation(), hint: args.hint(), deadline: args.deadline(),
      });
      const docs = documentsOf(execute(context.store, collection, prepared));
      return { values: distinctValues(docs, key, prepared.query.collation) };
    },
  },
};

/** Reads and checks the fields of find. */
export function prepareFind(args: Args, context: Context): PreparedQuery {
  const refused = REFUSED.find((field) => {
    const value = args.any(field);
    return typeof value === 'object' ? value !== undefined : value === true;
  });
  if (refused !== undefined) fail(238, `find with '${refused}' is not supported by this server`);
  const { collection } = readable(args, context);
  const sort = args.object('sort');
  const collation = args.collation() ?? collection?.collation;
  if (sort !== undefined && !('$natural' in sort)) compileSort(sort, collation);
  return prepare(context.store, collection, {
    filter: args.object('filter') ?? {}, sort, skip: args.count('skip'), limit: args.count('limit'), collation, hint: args.hint(),
    let: evaluateLet(args.object('let'), clock.date()), deadline: args.deadline(),
  });
}

/** The rows of a find as bytes: as stored, or as the projection makes them. */
function projected(found: Iterable<Found>, args: Args, prepared: PreparedQuery): Iterator<Uint8Array> {
  const spec = args.object('projection');
  if (spec === undefined || Object.keys(spec).length === 0) return bytesOf(found);
  const { collation, let: variables } = prepared.query;
  return projectedRows(found, spec, prepared, { now: clock.date(), collation, let: variables });
}

function projectedRows(
  found: Iterable<Found>, spec: Document, prepared: PreparedQuery, env: Parameters<typeof compileProjection>[1],
): Iterator<Uint8Array> {
  const projection = compileProjection(spec, env);
  const only = plainFields(spec);
  return (function* () {
    for (const row of found) {
      // Most of the cost of a projection is decoding what it leaves out.
      const doc = only === undefined ? row.doc : decodeFields(row.bytes, only);
      const position = projection.usesPosition ? prepared.matcher.position(doc) : undefined;
      yield encode(projection(doc, { position }));
    }
  })();
}

/** The fields of a projection that only names whole top-level fields to keep; undefined for any other. */
function plainFields(spec: Document): Set<string> | undefined {
  const entries = Object.entries(spec);
  const kept = entries.filter(([name]) => name !== '_id');
  const isSwitch = ([name, value]: [string, unknown]): boolean => !/[.$]/.test(name) && (typeof value === 'boolean' || isNumber(value));
  const isOn = ([, value]: [string, unknown]): boolean => (isNumber(value) ? toNumber(value) !== 0 : value === true);
  return kept.length > 0 && entries.every(isSwitch) && kept.every(isOn) ? new Set(['_id', ...kept.map(([name]) => fieldName(name))]) : undefined;
}

function* bytesOf(found: Iterable<Found>): Generator<Uint8Array> {
  for (const { bytes } of found) yield bytes;
}

/** The decoded documents of a result. */
export function* documentsOf(found: Iterable<Found>): Generator<Document> {
  for (const { doc } of found) yield doc;
}

/** The reply that carries a batch. */
export function cursorReply(batch: Batch, namespace: string, field: 'firstBatch' | 'nextBatch'): ReplyFields {
  return { cursor: new ReplyPart({ [field]: new RawArray(batch.rows), id: batch.id, ns: namespace }) };
}

/** A whole list as a cursor reply, e.g. of listIndexes. */
export function listReply(context: Context, args: Args, namespace: string, documents: Document[]): ReplyFields {
  const size = args.object('cursor')?.batchSize;
  const rows = documents.map((doc) => encode(doc)).values();
  const batchSize = size === undefined ? Infinity : toNumber(size);
  return cursorReply(context.cursors.first(namespace, rows, { batchSize }), namespace, 'firstBatch');
}
