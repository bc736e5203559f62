/**
 * Differential fuzzing of the embedded database's language against a MongoDB-compatible server, by hand:
 *
 *     TEST_MONGODB_URI=mongodb://127.0.0.1:27017/ npx tsx test/support/language-fuzz.ts [seed] [rounds]
 *
 * Random documents, filters, sorts, projections, updates and pipelines are evaluated in process and by the server; every
 * difference in the answer, or in whether it is an error, is printed. Writes to databases named `lang_*` only.
 */
import { EJSON, Int32 } from 'bson';
import { MongoClient, type Collection, type Document as DriverDocument } from 'mongodb';
import { runPipeline } from '../../src/embedded-mongo/agg/index.js';
import { decode, encode, identical, valuesEqual, type Document } from '../../src/embedded-mongo/bson/index.js';
import { MongoServerError } from '../../src/embedded-mongo/errors.js';
import { compileProjection, sortDocuments } from '../../src/embedded-mongo/project/index.js';
import { compileMatch } from '../../src/embedded-mongo/query/index.js';
import { compileUpdate, upsertBase } from '../../src/embedded-mongo/update/index.js';
import { doc, expression, filter, NOW, PATHS, projection, Random, stage, update } from './language-samples.js';

type Outcome = { value: unknown } | { code: number; message: string };

function local(run: () => unknown): Outcome {
  try {
    return { value: run() };
  } catch (error) {
    if (error instanceof MongoServerError) return { code: error.code, message: error.message };
    throw error;
  }
}

async function remote(run: () => Promise<unknown>): Promise<Outcome> {
  try {
    return { value: await run() };
  } catch (error) {
    return { code: Number((error as { code?: unknown }).code), message: String((error as Error).message) };
  }
}

let differences = 0;
const kinds = new Map<string, number>();

function report(kind: string, input: unknown, mine: Outcome, theirs: Outcome): void {
  if ('code' in theirs && Number.isNaN(theirs.code)) throw new Error(`the server is gone after ${EJSON.stringify(input)}: ${theirs.message}`);
  const sameError = 'code' in mine && 'code' in theirs;
  if (sameError || ('value' in mine && 'value' in theirs && identical(mine.value, theirs.value))) return;
  differences += 1;
  const label = `${kind} ${'code' in mine ? 'error' : 'value'}/${'code' in theirs ? 'error' : 'value'}`;
  kinds.set(label, (kinds.get(label) ?? 0) + 1);
  const show = (item: unknown): string => EJSON.stringify(item as Document, { relaxed: false });
  const text = (item: unknown): string => show(item).slice(0, 500);
  process.stdout.write(`${label}\n  ${text(input)}\n  here  ${text(mine)}\n  there ${text(theirs)}\n`);
}

async function rawAll(cursor: { toArray(): Promise<unknown[]> }): Promise<Document[]> {
  return (await cursor.toArray()).map((bytes) => decode(bytes as Uint8Array));
}

const RAW = { raw: true, promoteValues: false } as const;

async function findRound(r: Random, collection: Collection, docs: Document[]): Promise<void> {
  const query = filter(r);
  const mine = local(() => docs.filter((d) => compileMatch(query).matches(d)).map((d) => d._id));
  const theirs = await remote(async () => (await rawAll(collection.find(query as DriverDocument, { ...RAW, sort: { _id: 1 }, projection: { _id: 1 } }))).map((d) => d._id));
  if (JSON.stringify(mine) !== JSON.stringify(theirs)) {
    const [x, y] = [mine, theirs].map((o) => new Set('value' in o ? (o.value as unknown[]).map(String) : []));
    const odd = docs.find((d) => x?.has(String(d._id)) !== y?.has(String(d._id)));
    report('find', { query, odd }, mine, theirs);
  }
}

async function sortRound(r: Random, collection: Collection, docs: Document[]): Promise<void> {
  const sort: Document = { [r.pick(PATHS.slice(0, 6))]: r.pick([1, -1]), ...(r.next() < 0.4 ? { [r.pick(['b', 'c'])]: r.pick([1, -1]) } : {}), _id: 1 };
  const spec = projection(r);
  const mine = local(() => sortDocuments(docs, sort).map((d) => d._id));
  if ('code' in mine && mine.message.includes('parallel arrays')) return;
  const theirs = await remote(async () => (await rawAll(collection.find({}, { ...RAW, sort: sort as Record<string, 1 | -1>, projection: { _id: 1 } }))).map((d) => d._id));
  each('sort', sort, mine, theirs, []);
  const projected = local(() => docs.map((d) => compileProjection(spec, { now: NOW })(d)));
  const other = await remote(() => rawAll(collection.find({}, { ...RAW, sort: { _id: 1 }, projection: spec })));
  each('projection', spec, projected, other, docs);
}

/** Compares lists element by element, to show one difference and not sixty. */
function each(kind: string, input: unknown, mine: Outcome, theirs: Outcome, docs: readonly Document[]): void {
  if (!('value' in mine) || !('value' in theirs)) return report(kind, input, mine, theirs);
  const [x, y] = [mine.value as unknown[], theirs.value as unknown[]];
  if (x.length !== y.length) return report(kind, input, mine, theirs);
  const at = x.findIndex((item, i) => !identical(item, y[i]));
  if (at >= 0) report(kind, { input, doc: docs[at] }, { value: x[at] }, { value: y[at] });
}

async function aggregateRound(r: Random, collection: Collection, docs: Document[]): Promise<void> {
  if (r.next() < 0.6) {
    // One document at a time: an error on one must not hide the answers on all others.
    const one = r.pick(docs);
    const input = [{ $match: { _id: one._id } }, { $project: { r: expression(r) } }];
    const mine = local(() => [...runPipeline([one], input.slice(1), { now: NOW, collection: 'docs', read: () => docs }).docs]);
    report('expression', { expression: input[1], one }, mine, await remote(() => rawAll(collection.aggregate(input as DriverDocument[], RAW))));
    return;
  }
  const stages = [stage(r), ...(r.next() < 0.4 ? [stage(r)] : [])];
    // Only the ids of joined documents, sorted, keep the report short.
  const pipeline = stages.flatMap((one): Document[] => ('$lookup' in one ? [one, { $addFields: { j: { $sortArray: { input: '$j._id', sortBy: 1 } } } }] : [one]));
  const ordered = (list: Document[]): Document[] => list.map((d) => encode(d)).sort(Buffer.compare).map((bytes) => decode(bytes));
  const mine = local(() => ordered([...runPipeline(docs, pipeline, { now: NOW, collection: 'docs', read: () => docs }).docs]));
  const theirs = await remote(async () => ordered(await rawAll(collection.aggregate(pipeline as DriverDocument[], RAW))));
  if ('value' in mine && 'value' in theirs) {
    const [x, y] = [mine.value as Document[], theirs.value as Document[]];
    const missing = (from: Document[], other: Document[]): unknown[] => from.filter((d) => !other.some((o) => valuesEqual(d, o))).slice(0, 2);
    report('pipeline', pipeline, { value: missing(x, y) }, { value: missing(y, x) });
  } else report('pipeline', pipeline, mine, theirs);
}

/** MongoDB adds new fields in the order of their names, DocumentDB as they come. */
function sortedKeys(doc: Document): Document {
  return Object.fromEntries(Object.entries(doc).sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function updateRound(r: Random, collection: Collection): Promise<void> {
  const before: Document = { _id: new Int32(1), ...doc(r) };
  const change = update(r);
  const upsert = r.next() < 0.15;
  const query: Document = upsert ? { _id: new Int32(1), ...(r.next() < 0.5 ? filter(r) : {}) } : { _id: new Int32(1) };
  const mine = local(() => {
    const context = { now: NOW, isInsert: upsert };
    return sortedKeys(compileUpdate(change, {}).apply(upsert ? upsertBase(query) : before, context).doc);
  });
  await collection.deleteMany({});
  if (!upsert) await collection.insertOne(before as DriverDocument);
  const theirs = await remote(async () => {
    const replacement = !Array.isArray(change) && Object.keys(change)[0]?.startsWith('$') !== true;
    if (replacement) await collection.replaceOne(query as DriverDocument, change, { upsert });
    else await collection.updateOne(query as DriverDocument, change, { upsert });
    return sortedKeys((await rawAll(collection.find({}, RAW)))[0] ?? {});
  });
  report(upsert ? 'upsert' : 'update', upsert ? { query, change } : { before, change }, mine, theirs);
}

async function main(): Promise<void> {
  const uri = process.env.TEST_MONGODB_URI;
  if (uri === undefined) throw new Error('TEST_MONGODB_URI is not set');
  const [seed = 1, rounds = 300] = process.argv.slice(2, 4).map(Number);
  const only = process.argv[4];
  const r = new Random(seed);
  const client = await MongoClient.connect(uri, { promoteValues: false, retryReads: false, retryWrites: false, serverSelectionTimeoutMS: 3000 });
  const db = client.db(`lang_${process.pid}`);
  try {
    const collection = db.collection('docs');
    const docs = Array.from({ length: 60 }, (_, i): Document => ({ _id: new Int32(i), ...doc(r) }))
      // FUZZ_NO_EMPTY=1 leaves out empty arrays, which DocumentDB sorts in another place than MongoDB.
      .filter((d) => process.env.FUZZ_NO_EMPTY === undefined || !JSON.stringify(d).includes('[]'));
    await collection.insertMany(docs as DriverDocument[]);
    for (let i = 0; i < rounds; i += 1) {
      if (only === undefined || only === 'find') await findRound(r, collection, docs);
      if (only === undefined || only === 'sort') await sortRound(r, collection, docs);
      if (only === undefined || only === 'agg') await aggregateRound(r, collection, docs);
      if (only === undefined || only === 'update') await updateRound(r, db.collection('one'));
    }
    process.stdout.write(`${rounds} rounds, ${differences} differences ${JSON.stringify(Object.fromEntries(kinds))}\n`);
  } finally {
    // A server that is gone must not hide why it went.
    await db.dropDatabase().catch(() => undefined);
    await client.close();
  }
}

await main();
