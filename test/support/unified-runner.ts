import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { BSON, type ClientSession, type Collection, type CommandStartedEvent, type Db, type Document, MongoClient } from 'mongodb';
import { matches, matchEvent } from './unified-match.js';

/** How one test case of MongoDB's specifications ended. */
export interface CaseResult {
  file: string;
  name: string;
  outcome: 'pass' | 'fail' | 'skip';
  reason?: string;
}

interface Entities {
  clients: Map<string, MongoClient>;
  events: Map<string, CommandStartedEvent[]>;
  databases: Map<string, Db>;
  collections: Map<string, Collection>;
  sessions: Map<string, ClientSession>;
}

class Skip extends Error {}

const VERSION = process.env.UNIFIED_SERVER_VERSION ?? '7.0.0';

/** Runs every unified test file of a folder (or one file) against a stand-alone server. */
export async function runUnified(uri: string, path: string): Promise<CaseResult[]> {
  const files = statSync(path).isDirectory() ? readdirSync(path).filter((name) => name.endsWith('.json')).sort().map((name) => join(path, name)) : [path];
  const results: CaseResult[] = [];
  for (const file of files) {
    const suite = BSON.EJSON.parse(readFileSync(file, 'utf8'), { relaxed: false }) as Document;
    const relaxed = plain(suite);
    for (const [at, test] of (relaxed.tests as Document[]).entries()) {
      const typed = (suite.tests as Document[])[at] ?? test;
      results.push({ file: basename(file, '.json'), name: String(test.description), ...(await runCase(uri, suite, relaxed, typed, test)) });
    }
  }
  return results;
}

/** The numbers that steer a test (limits, flags) as plain numbers; documents are used with their types. */
function plain(doc: Document): Document {
  return BSON.EJSON.parse(BSON.EJSON.stringify(doc, { relaxed: true })) as Document;
}

async function runCase(uri: string, suite: Document, relaxed: Document, typed: Document, test: Document): Promise<Omit<CaseResult, 'file' | 'name'>> {
  const why = test.skipReason as string | undefined ?? unmet(relaxed.runOnRequirements) ?? unmet(test.runOnRequirements);
  if (why !== undefined) return { outcome: 'skip', reason: why };
  const entities: Entities = { clients: new Map(), events: new Map(), databases: new Map(), collections: new Map(), sessions: new Map() };
  const control = await new MongoClient(uri).connect();
  try {
    await prepareData(control, suite.initialData as Document[] | undefined);
    await createEntities(uri, relaxed.createEntities as Document[] | undefined, entities);
    for (const events of entities.events.values()) events.length = 0;
    for (const [at, operation] of (typed.operations as Document[]).entries()) {
      await runOperation(operation, (test.operations as Document[])[at] ?? operation, entities);
    }
    checkEvents(typed.expectEvents as Document[] | undefined, entities);
    await checkOutcome(control, typed.outcome as Document[] | undefined);
    return { outcome: 'pass' };
  } catch (error) {
    return { outcome: error instanceof Skip ? 'skip' : 'fail', reason: error instanceof Error ? error.message : String(error) };
  } finally {
    for (const session of entities.sessions.values()) await session.endSession();
    for (const client of entities.clients.values()) await client.close();
    await control.close();
  }
}

function unmet(requirements: unknown): string | undefined {
  if (!Array.isArray(requirements) || requirements.some((one) => meets(one as Document))) return undefined;
  return `needs ${JSON.stringify(requirements)}`;
}

function meets(requirement: Document): boolean {
  const { minServerVersion = '0', maxServerVersion = '999', topologies, auth, serverless, csfle } = requirement;
  return auth !== true && csfle === undefined && serverless !== 'require' && (topologies === undefined || topologies.includes('single'))
    && order(VERSION, minServerVersion) >= 0 && order(VERSION, maxServerVersion.replace('.99', '.999')) <= 0;
}

function order(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => text.split('.').map(Number));
  for (let at = 0; at < 3; at += 1) {
    const difference = (left?.[at] ?? 0) - (right?.[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

async function prepareData(control: MongoClient, data: Document[] = []): Promise<void> {
  for (const { databaseName, collectionName, documents } of data) {
    const db = control.db(databaseName);
    await db.dropCollection(collectionName).catch(() => undefined);
    await db.createCollection(collectionName);
    if (documents.length > 0) await db.collection(collectionName).insertMany(documents);
  }
}

async function createEntities(uri: string, specs: Document[] = [], entities: Entities): Promise<void> {
  for (const spec of specs) {
    const [[kind, entity]] = Object.entries(spec) as [[string, Document]];
    if (kind === 'client') {
      const events: CommandStartedEvent[] = [];
      const ignored = new Set(['hello', 'ismaster', 'isMaster', 'configureFailPoint', ...(entity.ignoreCommandMonitoringEvents ?? [])]);
      const client = new MongoClient(uri, { monitorCommands: true, ...entity.uriOptions, ...(entity.serverApi === undefined ? {} : { serverApi: entity.serverApi }) });
      if ((entity.observeEvents ?? []).includes('commandStartedEvent')) client.on('commandStarted', (event) => void (ignored.has(event.commandName) || events.push(event)));
      entities.clients.set(entity.id, await client.connect());
      entities.events.set(entity.id, events);
    } else if (kind === 'database') {
      entities.databases.set(entity.id, need(entities.clients, entity.client).db(entity.databaseName, entity.databaseOptions));
    } else if (kind === 'collection') {
      entities.collections.set(entity.id, need(entities.databases, entity.database).collection(entity.collectionName, entity.collectionOptions));
    } else if (kind === 'session') {
      entities.sessions.set(entity.id, need(entities.clients, entity.client).startSession(entity.sessionOptions));
    } else {
      throw new Skip(`entity ${kind}`);
    }
  }
}

function need<T>(map: Map<string, T>, id: string): T {
  const found = map.get(id);
  if (found === undefined) throw new Skip(`entity ${id}`);
  return found;
}

async function runOperation(typed: Document, operation: Document, entities: Entities): Promise<void> {
  let result: unknown;
  let error: unknown;
  try {
    result = await perform(operation.name, operation.object, typed.arguments ?? {}, operation.arguments ?? {}, entities);
  } catch (raised) {
    if (raised instanceof Skip) throw raised;
    error = raised;
  }
  if (operation.expectError !== undefined) checkError(operation.expectError as Document, error);
  else if (error !== undefined && operation.ignoreResultAndError !== true) throw error as Error;
  else if ('expectResult' in typed) matches(typed.expectResult, result, `${operation.name} result`);
}

function checkError(expected: Document, error: unknown): void {
  if (!(error instanceof Error)) throw new Error('an error was expected');
  const raised = error as Error & { code?: number; codeName?: string; result?: Document; errorResponse?: Document };
  if (expected.errorCode !== undefined && raised.code !== expected.errorCode) throw new Error(`error code ${raised.code} instead of ${expected.errorCode}: ${raised.message}`);
  if (expected.errorCodeName !== undefined && raised.codeName !== undefined && raised.codeName !== expected.errorCodeName) throw new Error(`error ${raised.codeName} instead of ${expected.errorCodeName}`);
  if (expected.isClientError === true && raised.name === 'MongoServerError') throw new Error(`a client error was expected: ${raised.message}`);
  if (typeof expected.errorContains === 'string' && !raised.message.toLowerCase().includes(expected.errorContains.toLowerCase())) throw new Error(`'${raised.message}' lacks '${expected.errorContains}'`);
  if (expected.expectResult !== undefined && raised.result !== undefined) matches(expected.expectResult, bulkResult(raised.result), 'error result');
}

function bulkResult(result: Document): Document {
  const { insertedCount, matchedCount, modifiedCount, deletedCount, upsertedCount, upsertedIds, insertedIds } = result;
  return { insertedCount, matchedCount, modifiedCount, deletedCount, upsertedCount, upsertedIds, insertedIds };
}

type Target = Record<string, (...args: unknown[]) => unknown>;

async function perform(name: string, object: string, typed: Document, args: Document, entities: Entities): Promise<unknown> {
  if (name === 'failPoint') throw new Skip('fail points');
  const target = entities.collections.get(object) ?? entities.databases.get(object) ?? entities.clients.get(object) ?? entities.sessions.get(object);
  if (target === undefined) throw new Skip(`object ${object}`);
  const { session, ...others } = args;
  const options: Document = { ...others, ...(session === undefined ? {} : { session: need(entities.sessions, session) }) };
  for (const field of ['hint', 'sort', 'let', 'projection', 'comment', 'arrayFilters', 'collation']) if (field in typed) options[field] = typed[field];
  if ('returnDocument' in args) options.returnDocument = String(args.returnDocument).toLowerCase();
  for (const field of ['filter', 'update', 'replacement', 'document', 'documents', 'pipeline', 'fieldName', 'requests', 'command', 'keys', 'name', 'collection']) delete options[field];
  const call = (method: string, ...given: unknown[]): unknown => (target as unknown as Target)[method]?.(...given, options);
  const list = async (cursor: unknown): Promise<unknown> => (cursor as { toArray(): Promise<unknown> }).toArray();
  switch (name) {
    case 'find': return list(call('find', typed.filter));
    case 'aggregate': return list(call('aggregate', typed.pipeline));
    case 'listIndexes': case 'listCollections': return list(name === 'listCollections' ? call(name, typed.filter ?? {}) : call(name));
    case 'findOne': case 'countDocuments': case 'deleteOne': case 'deleteMany': case 'findOneAndDelete': return call(name, typed.filter);
    case 'count': return call('count', typed.filter);
    case 'estimatedDocumentCount': return call(name);
    case 'distinct': return call(name, typed.fieldName, typed.filter ?? {});
    case 'insertOne': return call(name, typed.document);
    case 'insertMany': return call(name, typed.documents);
    case 'updateOne': case 'updateMany': case 'findOneAndUpdate': return call(name, typed.filter, typed.update);
    case 'replaceOne': case 'findOneAndReplace': return call(name, typed.filter, typed.replacement);
    case 'bulkWrite': return bulkResult(await call(name, typed.requests) as Document);
    case 'runCommand': return call('command', typed.command);
    case 'createIndex': return call(name, typed.keys);
    case 'createCollection': return call(name, args.collection);
    case 'dropCollection': return Promise.resolve(call(name, args.collection)).catch(() => undefined);
    case 'dropIndex': return call(name, args.name);
    default: throw new Skip(`operation ${name}`);
  }
}

function checkEvents(expected: Document[] = [], entities: Entities): void {
  for (const { client, events, eventType } of expected) {
    if (eventType !== undefined && eventType !== 'command') continue;
    const actual = need(entities.events, client);
    const started = (events as Document[]).filter((event) => 'commandStartedEvent' in event);
    if (started.length !== events.length) throw new Skip('events other than commandStarted');
    if (actual.length !== started.length) throw new Error(`${actual.length} commands instead of ${started.length}: ${actual.map(({ commandName }) => commandName).join(', ')}`);
    started.forEach((event, at) => matchEvent(event.commandStartedEvent, actual[at] as CommandStartedEvent));
  }
}

async function checkOutcome(control: MongoClient, outcome: Document[] = []): Promise<void> {
  for (const { databaseName, collectionName, documents } of outcome) {
    const rows = await control.db(databaseName).collection(collectionName).find({}, { sort: { _id: 1 }, promoteValues: false }).toArray();
    const [left, right] = [rows, documents].map((list) => BSON.EJSON.stringify(list, { relaxed: true }));
    if (left !== right) throw new Error(`outcome ${left} instead of ${right}`);
  }
}
