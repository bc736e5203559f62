import { type Collation, type Document, encode, getField, isDocument, isNumber, toNumber } from '../bson/index.js';
import { runPipeline } from '../agg/index.js';
import { fail } from '../errors.js';
import { clock } from '../engine/now.js';
import { countByIndex, execute, prepare, type PreparedQuery, type Query } from '../engine/query.js';
import { joinByIndex } from '../engine/join.js';
import type { Args } from './args.js';
import type { Command, Commands, Context } from './context.js';
import { explainReply } from './explain.js';
import type { Collection } from '../store/model.js';
import { checkCollectionName } from './names.js';
import { carryOut } from './pipeline-write.js';
import { cursorReply, documentsOf } from './reads.js';

const FIELDS = [
  'pipeline', 'cursor', 'explain', 'allowDiskUse', 'collation', 'hint', 'let', 'bypassDocumentValidation', 'fromMongos', 'needsMerge',
];

const aggregate: Command = {
  write: (doc) => {
    const last: unknown = Array.isArray(doc.pipeline) ? doc.pipeline.at(-1) : undefined;
    return isDocument(last) && ('$out' in last || '$merge' in last);
  },
  fields: FIELDS,
  run(args, context) {
    args.required('pipeline');
    const cursor = args.object('cursor');
    if (cursor === undefined && !args.bool('explain')) {
      fail(9, "The 'cursor' option is required, except for aggregate with the explain argument");
    }
    const { name, rest, prepared } = prepareAggregate(args, context);
    const collection = context.store.catalog.find(context.db, name);
    if (args.bool('explain')) return explainReply(context, collection, name, prepared, 'queryPlanner', rest);
    const docs = counted(context, collection, prepared, rest) ?? documentsOf(execute(context.store, collection, prepared));
    const result = runPipeline(docs, rest, environment(args, context, name, prepared.query.collation));
    const namespace = `${context.db}.${name}`;
    if (result.write !== undefined) {
      carryOut(context, result.docs, result.write);
      return cursorReply(context.cursors.first(namespace, [].values(), { batchSize: 0, single: true }), namespace, 'firstBatch');
    }
    const size = cursor === undefined ? undefined : getField(cursor, 'batchSize');
    const batchSize = isNumber(size) ? toNumber(size) : 101;
    const batch = context.cursors.first(namespace, encoded(result.docs), { batchSize });
    if (prepared.query.deadline !== undefined) prepared.query.deadline.at = Infinity;
    return cursorReply(batch, namespace, 'firstBatch');
  },
};

/** For what countDocuments asks, and where the index knows the number: as many empty documents. */
function counted(context: Context, collection: Collection | undefined, prepared: PreparedQuery, rest: Document[]): Iterable<Document> | undefined {
  if (collection === undefined || rest.length !== 1 || !COUNTS.has(JSON.stringify(rest[0]))) return undefined;
  const n = countByIndex(context.store, prepared);
  return n === undefined ? undefined : empties(n);
}

/** As the driver's countDocuments writes it. */
const COUNTS = new Set(['{"$group":{"_id":1,"n":{"$sum":1}}}']);

function* empties(n: number): Generator<Document> {
  for (let i = 0; i < n; i++) yield NOTHING;
}

const NOTHING: Document = {};

/** aggregate. */
export const aggregateCommands: Commands = { aggregate };

function environment(args: Args, context: Context, name: string, collation: Collation | undefined): Parameters<typeof runPipeline>[2] {
  return {
    now: clock.date(), collation, let: args.object('let'), collection: name,
    read: (other) => {
      const collection = context.store.catalog.find(context.db, other);
      return documentsOf(execute(context.store, collection, prepare(context.store, collection, { filter: {} })));
    },
    find: joinByIndex(context.store, context.db, collation),
  };
}

/** Takes `$match`, `$sort`, `$skip` and `$limit` at the start of a pipeline as a query, so that an index can serve it. */
export function prepareAggregate(
  args: Args, context: Context,
): { name: string; rest: Document[]; prepared: PreparedQuery } {
  const target = args.any('aggregate');
  const name = isNumber(target) ? '$cmd.aggregate' : args.collection();
  if (!isNumber(target)) checkCollectionName(context.db, name);
  const pipeline = args.array('pipeline') ?? [];
  pipeline.forEach((stage) => {
    if (!isDocument(stage)) fail(14, 'Each element of the \'pipeline\' array must be an object');
  });
  const collection = context.store.catalog.find(context.db, name);
  const collation = args.collation() ?? collection?.collation;
  const { query, rest } = leading(pipeline as Document[], args.any('let') !== undefined);
  const prepared = prepare(context.store, collection, { ...query, collation, hint: args.hint(), deadline: args.deadline() });
  return { name, rest, prepared };
}

function leading(pipeline: Document[], hasVariables: boolean): { query: Query; rest: Document[] } {
  const query: Query = { filter: {} };
  const rest = [...pipeline];
  const take = (name: string): unknown => {
    const stage = rest[0];
    return stage !== undefined && Object.keys(stage).length === 1 ? getField(stage, name) : undefined;
  };
  const filter = take('$match');
  // With variables the pipeline itself evaluates the filter.
  if (isDocument(filter) && !hasVariables) {
    query.filter = filter;
    rest.shift();
  }
  const sort = take('$sort');
  if (isDocument(sort) && isPlainSort(sort)) {
    query.sort = sort;
    rest.shift();
  }
  const limit = take('$limit');
  if (isNumber(limit) && Number.isInteger(toNumber(limit)) && toNumber(limit) > 0) {
    query.limit = toNumber(limit);
    rest.shift();
  }
  return { query, rest };
}

function isPlainSort(sort: Document): boolean {
  const directions = Object.values(sort);
  return directions.length > 0 && directions.every((direction) => isNumber(direction) && Math.abs(toNumber(direction)) === 1)
    && Object.keys(sort).every((path) => path !== '' && !path.startsWith('$'));
}

function* encoded(docs: Iterable<Document>): Generator<Uint8Array> {
  for (const doc of docs) yield encode(doc);
}
