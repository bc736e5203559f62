/**
 * kill -9 during writes: `tsx test/bench/kill9.ts [rounds] [clients] [compiled cli/serve.js]`. A server process is killed again and again while
 * clients write; afterwards every acknowledged write must be there, whole, and the indexes must say what the data says.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Collection, type Document, MongoClient } from 'mongodb';

/** What a run found. */
export interface Kill9Result {
  rounds: number;
  acknowledged: number;
  lost: number;
  torn: number;
  indexErrors: number;
}

/** The compiled server starts several times faster than the sources. */
let compiled: string | undefined;

/** Runs the rounds on one folder that lives through all of them. */
export async function kill9(rounds: number, clients: number, log: (line: string) => void = () => undefined): Promise<Kill9Result> {
  const dir = mkdtempSync(join(tmpdir(), 'emb-kill9-'));
  const result: Kill9Result = { rounds: 0, acknowledged: 0, lost: 0, torn: 0, indexErrors: 0 };
  try {
    for (let round = 0; round < rounds; round += 1) {
      await oneRound(dir, round, clients, result);
      if (round % 50 === 49) log(`${round + 1} rounds: ${JSON.stringify(result)}`);
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
  return result;
}

async function oneRound(dir: string, round: number, clients: number, result: Kill9Result): Promise<void> {
  const server = await start(dir);
  const client = new MongoClient(server.uri, { serverSelectionTimeoutMS: 2000, retryWrites: false, maxPoolSize: clients });
  const rows = client.db('kill9').collection<Document>(`r${round % 10}`);
  if (round < 10) await rows.createIndexes([{ key: { k: 1, n: 1 } }, { key: { u: 1 }, unique: true }, { key: { tags: 1 } }]);
  const acknowledged = new Map<string, number>();
  let stop = false;
  const writers = Array.from({ length: clients }, (_, writer) => write(rows, `${round}-${writer}`, acknowledged, () => stop));
  while (acknowledged.size === 0) await new Promise((resolve) => setTimeout(resolve, 2)); // a slow machine gets its turn too
  setTimeout(() => server.process.kill('SIGKILL'), (round * 37) % 150);
  await new Promise((resolve) => server.process.once('exit', resolve));
  stop = true;
  await Promise.all(writers);
  await client.close();
  await check(dir, `r${round % 10}`, acknowledged, result);
  result.rounds += 1;
  result.acknowledged += acknowledged.size;
}

/** Inserts, changes and removes; notes the last acknowledged state of each document (-1: removed). */
async function write(rows: Collection<Document>, name: string, acknowledged: Map<string, number>, stopped: () => boolean): Promise<void> {
  for (let n = 0; !stopped(); n += 1) {
    const id = `${name}-${n}`;
    try {
      await rows.insertMany([0, 1].map((part) => ({ _id: `${id}-${part}` as never, k: n % 7, n, u: `${id}-${part}`, tags: [n, n + 1], v: 0, check: 0 })));
      acknowledged.set(`${id}-0`, 0).set(`${id}-1`, 0);
      if (n % 3 === 0) {
        acknowledged.delete(`${id}-0`); // in flight: both states are right
        await rows.updateOne({ u: `${id}-0` }, { $inc: { v: 1, n: 1000, check: 1 }, $push: { tags: 5000 as never } });
        acknowledged.set(`${id}-0`, 1);
      }
      if (n % 5 === 0) {
        acknowledged.delete(`${id}-1`);
        await rows.deleteOne({ _id: `${id}-1` as never });
        acknowledged.set(`${id}-1`, -1);
      }
    } catch {
      if (stopped()) return;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}

async function check(dir: string, name: string, acknowledged: Map<string, number>, result: Kill9Result): Promise<void> {
  const server = await start(dir);
  const client = new MongoClient(server.uri);
  try {
    const rows = client.db('kill9').collection<Document>(name);
    const all = await rows.find().toArray();
    const byId = new Map(all.map((row) => [String(row._id), row]));
    for (const [id, state] of acknowledged) {
      const row = byId.get(id);
      if (state === -1 ? row !== undefined : row?.v !== state) result.lost += 1;
    }
    result.torn += all.filter((row) => row.v !== row.check || row.tags.length !== 2 + row.v || row.u !== row._id).length;
    result.indexErrors += await indexErrors(rows, all);
  } finally {
    await client.close();
    server.process.kill('SIGKILL');
    await new Promise((resolve) => server.process.once('exit', resolve));
  }
}

/** Counts through each index and compares with the documents themselves. */
async function indexErrors(rows: Collection<Document>, all: Document[]): Promise<number> {
  let errors = 0;
  const same = async (hint: Document | string, filter: Document, expected: number): Promise<void> => {
    const found = await rows.find(filter).hint(hint).toArray();
    if (found.length !== expected || new Set(found.map(({ _id }) => _id)).size !== expected) errors += 1;
  };
  await same('_id_', {}, all.length);
  await same({ u: 1 }, {}, all.length);
  await same({ k: 1, n: 1 }, {}, all.length);
  await same({ tags: 1 }, {}, all.length);
  await same({ k: 1, n: 1 }, { k: 3 }, all.filter(({ k }) => k === 3).length);
  await same({ tags: 1 }, { tags: 5000 }, all.filter(({ tags }) => tags.includes(5000)).length);
  if ((await rows.estimatedDocumentCount()) !== all.length) errors += 1;
  return errors;
}

interface ServerProcess {
  uri: string;
  process: ChildProcess;
}

function start(dir: string): Promise<ServerProcess> {
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const fromSource = ['--import', loader, new URL('../../src/embedded-mongo/cli/serve.ts', import.meta.url).pathname];
  const program = compiled === undefined ? fromSource : [compiled];
  const child = spawn(process.execPath, [...program, '--port', '0', '--data', dir], { stdio: ['ignore', 'pipe', 'pipe'] });
  return new Promise((resolve, reject) => {
    let errors = '';
    child.stderr.on('data', (chunk) => (errors += String(chunk)));
    child.stdout.once('data', (chunk) => resolve({ uri: String(chunk).trim(), process: child }));
    child.once('exit', () => reject(new Error(`the server did not start: ${errors}`)));
  });
}

if (process.argv[1]?.endsWith('kill9.ts') === true) {
  const [rounds = '1000', clients = '8', serve] = process.argv.slice(2);
  compiled = serve;
  const result = await kill9(Number(rounds), Number(clients), (line) => console.log(line));
  console.log(result);
  process.exitCode = result.lost + result.torn + result.indexErrors === 0 ? 0 : 1;
}
