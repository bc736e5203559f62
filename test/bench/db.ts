/**
 * `npm run bench:db [-- documents]`: the embedded database, as ratios in one run to a bare `ping` and to the same work
 * done directly on lmdb, because absolute numbers of a busy machine say little.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serialize } from 'bson';
import { open } from 'lmdb';
import { type Collection, type Document, MongoClient } from 'mongodb';
import { startEmbedded } from '../../src/embedded-mongo/index.js';

const COUNT = Number(process.argv[2] ?? 100_000);
const PEOPLE = 200;

function task(n: number): Document {
  return {
    code: `T${n}`, title: `Báo cáo số ${n} về tiến độ giải quyết hồ sơ`, owner: `u${n % PEOPLE}`, status: ['open', 'late', 'done'][n % 3],
    dueAt: new Date(1_700_000_000_000 + ((n * 7919) % COUNT) * 60_000), tags: ['a', `t${n % 50}`], note: 'x'.repeat(200), priority: n % 5,
  };
}

interface Line {
  what: string;
  milliseconds: number;
  ping: number;
  lmdb?: number;
}

const lines: Line[] = [];
let pingMs = 0;

/** Milliseconds per operation. */
async function measure(times: number, work: (n: number) => Promise<unknown>): Promise<number> {
  const start = performance.now();
  for (let n = 0; n < times; n += 1) await work(n);
  return (performance.now() - start) / times;
}

function note(what: string, milliseconds: number, lmdb?: number): void {
  lines.push({ what, milliseconds, ping: milliseconds / pingMs, ...(lmdb === undefined ? {} : { lmdb: milliseconds / lmdb }) });
}

/** The same things without a server: keys, bytes, one fsync per commit. */
function bareLmdb(dir: string): { insert: number; batch: number; read: number; update: number; scan: number } {
  const table = open<Buffer, string>({ path: dir, encoding: 'binary', overlappingSync: false });
  const bytes = serialize(task(1)) as Buffer;
  const time = (times: number, work: (n: number) => void): number => {
    const start = performance.now();
    for (let n = 0; n < times; n += 1) work(n);
    return (performance.now() - start) / times;
  };
  const insert = time(300, (n) => void table.transactionSync(() => table.putSync(`i${n}`, bytes)));
  const batch = time(COUNT / 1000, (n) => void table.transactionSync(() => {
    for (let at = 0; at < 1000; at += 1) table.putSync(`b${n * 1000 + at}`, bytes);
  }));
  const read = time(2000, (n) => table.get(`b${(n * 37) % COUNT}`));
  const update = time(300, (n) => void table.transactionSync(() => table.putSync(`i${n}`, table.get(`i${n}`) ?? bytes)));
  const scan = time(1, () => {
    for (const { value } of table.getRange({ start: 'b', end: 'c' })) value.at(0);
  });
  void table.close();
  return { insert, batch, read, update, scan };
}

async function points(rows: Collection<Document>, lmdb: ReturnType<typeof bareLmdb>): Promise<void> {
  const ids = (await rows.find({}, { projection: { _id: 1 } }).limit(2000).toArray()).map(({ _id }) => _id);
  note('findOne by _id', await measure(1500, (n) => rows.findOne({ _id: ids[n % ids.length] })), lmdb.read);
  note('findOne by unique index', await measure(1500, (n) => rows.findOne({ code: `T${(n * 37) % COUNT}` })), lmdb.read);
  note('findOneAndUpdate by _id', await measure(300, (n) => rows.findOneAndUpdate({ _id: ids[n] }, { $inc: { priority: 1 } })), lmdb.update);
  note('32 findOneAndUpdate at once, each', (await measure(20, (round) => Promise.all(Array.from({ length: 32 }, (_, n) =>
    rows.findOneAndUpdate({ _id: ids[round * 32 + n] }, { $inc: { priority: 1 } }))))) / 32, lmdb.update);
}

async function queries(rows: Collection<Document>, lmdb: ReturnType<typeof bareLmdb>): Promise<void> {
  const page = { limit: 50 };
  note('owner + range + sort by index, 50 of them', await measure(200, (n) => rows.find({ owner: `u${n % PEOPLE}`, dueAt: { $gt: new Date(0) } }, page).sort({ dueAt: 1 }).toArray()));
  note('newest 50 by index', await measure(200, () => rows.find({}, page).sort({ dueAt: -1 }).toArray()));
  note(`filter + sort over ${COUNT} documents without an index, 50 of them`, await measure(3, () => rows.find({ priority: 3, status: 'late' }, page).sort({ title: 1 }).toArray()), lmdb.scan);
  note(`count over ${COUNT} documents without an index`, await measure(3, () => rows.countDocuments({ priority: 3 })), lmdb.scan);
  note('count by index (500 documents)', await measure(50, (n) => rows.countDocuments({ owner: `u${n % PEOPLE}` })));
  note(`group ${COUNT} documents by status`, await measure(2, () => rows.aggregate([{ $group: { _id: '$status', n: { $sum: 1 } } }]).toArray()), lmdb.scan);
}

const dir = mkdtempSync(join(tmpdir(), 'emb-bench-'));
const lmdb = bareLmdb(join(dir, 'bare'));
const server = await startEmbedded({ dir: join(dir, 'db') });
const client = await new MongoClient(server.uri, { maxPoolSize: 32 }).connect();
try {
  const db = client.db('bench');
  await measure(300, () => db.command({ ping: 1 }));
  pingMs = await measure(1000, () => db.command({ ping: 1 }));
  note('ping', pingMs);
  const rows = db.collection('tasks');
  await rows.createIndexes([{ key: { code: 1 }, unique: true }, { key: { owner: 1, dueAt: 1 } }, { key: { dueAt: -1 } }]);
  const single = db.collection('single');
  note('insertOne', await measure(300, (n) => single.insertOne(task(n))), lmdb.insert);
  note('32 insertOne at once, each', (await measure(20, (round) => Promise.all(Array.from({ length: 32 }, (_, n) => single.insertOne(task(round * 32 + n)))))) / 32, lmdb.insert);
  note('insertMany of 1000, 3 indexes', await measure(COUNT / 1000, (n) => rows.insertMany(Array.from({ length: 1000 }, (_, at) => task(n * 1000 + at)))), lmdb.batch);
  await points(rows, lmdb);
  await queries(rows, lmdb);
} finally {
  await client.close();
  await server.stop();
  rmSync(dir, { recursive: true, force: true });
}
console.log(`${'operation'.padEnd(64)} ${'ms'.padStart(9)} ${'x ping'.padStart(8)} ${'x lmdb'.padStart(8)}`);
for (const { what, milliseconds, ping, lmdb: direct } of lines) {
  console.log(`${what.padEnd(64)} ${milliseconds.toFixed(3).padStart(9)} ${ping.toFixed(1).padStart(8)} ${(direct?.toFixed(1) ?? '').padStart(8)}`);
}
