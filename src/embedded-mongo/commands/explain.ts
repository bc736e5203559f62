import { Int32 } from 'bson';
import { type Document, encode, isDocument } from '../bson/index.js';
import { fail } from '../errors.js';
import { explainLookups } from '../engine/join.js';
import { execute, prepare, type PreparedQuery } from '../engine/query.js';
import type { Collection } from '../store/model.js';
import type { Plan } from '../store/planner.js';
import type { ScanStats } from '../store/store.js';
import { RawArray, RawDocument, type ReplyFields } from '../wire/reply.js';
import { prepareAggregate } from './aggregate.js';
import { Args } from './args.js';
import type { Commands, Context } from './context.js';
import { checkCollectionName } from './names.js';
import { prepareFind } from './reads.js';

/** explain of find, count, distinct, aggregate, update, delete and findAndModify. */
export const explainCommands: Commands = {
  explain: {
    fields: ['verbosity'],
    run(args, context) {
      const inner = args.any('explain');
      if (!isDocument(inner)) return fail(14, "BSON field 'explain.explain' is the wrong type, expected type 'object'");
      const command = Object.keys(inner)[0] ?? '';
      const innerArgs = new Args(command, inner);
      const { prepared, rest } = preparedOf(command, inner, innerArgs, context);
      const name = innerArgs.collection();
      checkCollectionName(context.db, name);
      const collection = context.store.catalog.find(context.db, name);
      return explainReply(context, collection, name, prepared, args.string('verbosity') ?? 'allPlansExecution', rest);
    },
  },
};

function preparedOf(command: string, inner: Document, args: Args, context: Context): { prepared: PreparedQuery; rest?: Document[] } {
  if (command === 'find') return { prepared: prepareFind(args, context) };
  if (command === 'aggregate') return prepareAggregate(args, context);
  const first = args.documents('updates')?.[0] ?? args.documents('deletes')?.[0];
  const query = first?.q ?? inner.query ?? {};
  if (!['count', 'distinct', 'update', 'delete', 'findAndModify', 'findandmodify'].includes(command)) {
    fail(59, `Explain failed due to unknown command: ${command}`);
  }
  const collection = context.store.catalog.find(context.db, args.collection());
  const statement = first === undefined ? args : new Args(command, first);
  const prepared = prepare(context.store, collection, {
    filter: isDocument(query) ? query : {}, sort: args.object('sort'), hint: statement.hint(), collation: statement.collation(),
  });
  return { prepared };
}

/** The plan, and for the higher verbosities what it looked at. */
export function explainReply(
  context: Context, collection: Collection | undefined, name: string, prepared: PreparedQuery, verbosity: string,
  rest: readonly Document[] = [],
): ReplyFields {
  const reply: ReplyFields = {
    explainVersion: '1',
    queryPlanner: new RawDocument(encode({
      namespace: `${context.db}.${name}`, parsedQuery: prepared.query.filter, winningPlan: stages(collection, prepared), rejectedPlans: [],
    })),
  };
  const lookups = explainLookups(context.store, context.db, rest, prepared.query.collation);
  if (lookups.length > 0) reply.lookups = new RawArray(lookups.map((stage) => encode(stage)));
  if (verbosity !== 'queryPlanner') {
    const stats: ScanStats = { keysExamined: 0, docsExamined: 0 };
    let nReturned = 0;
    for (const _ of execute(context.store, collection, prepared, stats)) nReturned += 1;
    reply.executionStats = {
      executionSuccess: true, nReturned: new Int32(nReturned), executionTimeMillis: new Int32(0),
      totalKeysExamined: new Int32(stats.keysExamined), totalDocsExamined: new Int32(stats.docsExamined),
    };
  }
  return { ...reply, serverInfo: { host: '127.0.0.1', version: '7.0.0' } };
}

function stages(collection: Collection | undefined, { plan, query }: PreparedQuery): Document {
  if (collection === undefined) return { stage: 'EOF' };
  const scan = plan.branches === undefined ? scanStage(plan, query.filter) : {
    stage: 'FETCH', filter: query.filter, inputStage: { stage: 'OR', inputStages: plan.branches.map(keyStage) },
  };
  const sorts = query.sort !== undefined && Object.keys(query.sort).length > 0 && !plan.sorted;
  const ordered: Document = sorts ? { stage: 'SORT', sortPattern: query.sort, inputStage: scan } : scan;
  return query.limit === undefined || query.limit === 0 ? ordered : { stage: 'LIMIT', limitAmount: query.limit, inputStage: ordered };
}

function scanStage(plan: Plan, filter: Document): Document {
  if (plan.index === undefined) return { stage: 'COLLSCAN', filter, direction: plan.reverse ? 'backward' : 'forward' };
  return { stage: 'FETCH', filter, inputStage: keyStage(plan) };
}

function keyStage({ index, ranges, reverse }: Plan): Document {
  if (index === undefined) return { stage: 'COLLSCAN' };
  return {
    stage: 'IXSCAN', keyPattern: index.spec.key, indexName: index.name, isMultiKey: index.multikey, isUnique: index.unique,
    isSparse: index.sparse, isPartial: index.partial !== undefined, direction: reverse ? 'backward' : 'forward', ranges: ranges?.length ?? 1,
  };
}
