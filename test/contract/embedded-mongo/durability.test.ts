import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { closeSync, existsSync, openSync, readFileSync, readSync, rmSync, statSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { deserialize } from 'bson';
import { open } from 'lmdb';
import { MongoClient } from 'mongodb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startEmbedded, StoreUnusable } from '../../../src/embedded-mongo/index.js';
import { kill9 } from '../../bench/kill9.js';
import { external, newFolder } from './server.js';

const run = promisify(execFile);

/** Runs a command-line tool of the server from its source. */
function tool(name: string, ...args: string[]): Promise<{ stdout: string }> {
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const script = new URL(`../../../src/embedded-mongo/cli/${name}.ts`, import.meta.url).pathname;
  return run(process.execPath, ['--import', loader, script, ...args]);
}

describe.skipIf(external !== undefined)('the data folder', () => {
  let dir = '';
  beforeEach(() => {
    dir = newFolder();
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  async function withServer<T>(work: (client: MongoClient) => Promise<T>, folder = dir): Promise<T> {
    const server = await startEmbedded({ dir: folder });
    const client = await new MongoClient(server.uri).connect();
    try {
      return await work(client);
    } finally {
      await client.close();
      await server.stop();
    }
  }

  test('keeps documents, indexes and counts over a restart, in a worker and in process', async () => {
    await withServer(async (client) => {
      const rows = client.db('d').collection('c');
      await rows.createIndex({ a: 1 }, { unique: true });
      await rows.insertMany(Array.from({ length: 50 }, (_, a) => ({ a })));
      await rows.deleteOne({ a: 49 });
    });
    const server = await startEmbedded({ dir, inProcess: true });
    const client = await new MongoClient(server.uri).connect();
    const rows = client.db('d').collection('c');
    expect(await rows.estimatedDocumentCount()).toBe(49);
    expect(await rows.find({ a: { $gte: 40 } }).sort({ a: 1 }).toArray()).toHaveLength(9);
    await expect(rows.insertOne({ a: 5 })).rejects.toMatchObject({ code: 11000 });
    await client.close();
    await server.stop();
  });

  test('belongs to one process at a time, and is free again afterwards', async () => {
    const server = await startEmbedded({ dir });
    await expect(startEmbedded({ dir })).rejects.toThrow(/in use by process/);
    await expect(startEmbedded({ dir })).rejects.toBeInstanceOf(StoreUnusable);
    await expect(tool('serve', '--data', dir, '--port', '0')).rejects.toThrow(/in use by process/);
    await server.stop();
    await withServer(async () => undefined);
  });

  test('is taken over from a process that is gone', async () => {
    writeFileSync(join(dir, 'server.lock'), JSON.stringify({ pid: 2 ** 22 + 1, born: '1' }));
    await withServer(async () => undefined);
    writeFileSync(join(dir, 'server.lock'), '{"pid":');
    await withServer(async () => undefined);
  });

  test('is refused when the file is torn, foreign or of another version', async () => {
    await withServer((client) => client.db('d').collection('c').insertMany(Array.from({ length: 5000 }, (_, a) => ({ a, text: 'x'.repeat(100) }))));
    truncateSync(join(dir, 'data.mdb'), 300_000);
    await expect(startEmbedded({ dir })).rejects.toThrow(/is torn/);
    writeFileSync(join(dir, 'data.mdb'), 'this is not a database'.repeat(1000));
    await expect(startEmbedded({ dir })).rejects.toThrow(/no data file of this server/);
    rmSync(join(dir, 'data.mdb'));
    writeFileSync(join(dir, 'WiredTiger.wt'), 'x');
    await expect(startEmbedded({ dir })).rejects.toThrow(/folder of its own/);
  });

  test('is refused when only a page or two are missing at the end', async () => {
    await withServer((client) => client.db('d').collection('c').insertMany(Array.from({ length: 500 }, (_, a) => ({ a, text: 'x'.repeat(100) }))));
    const { size } = statSync(join(dir, 'data.mdb'));
    for (const missing of [1, 4096, 2 * 4096]) {
      truncateSync(join(dir, 'data.mdb'), size - missing);
      await expect(startEmbedded({ dir })).rejects.toThrow(/is torn/);
      await expect(tool('export', '--data', dir, '--to', newFolder())).rejects.toThrow(/has lost its end/);
    }
  });

  test('is read through first when it ends early after a crash, and refused if anything is missing', async () => {
    await withServer((client) => client.db('d').collection('c').insertMany(Array.from({ length: 2000 }, (_, a) => ({ a, text: 'x'.repeat(100) }))));
    const whole = readFileSync(join(dir, 'data.mdb'));
    const crashed = JSON.stringify({ pid: 2 ** 22 + 1, born: '1' });
    for (const missing of [1, 2, 5]) {
      writeFileSync(join(dir, 'data.mdb'), whole.subarray(0, whole.length - missing * 4096));
      writeFileSync(join(dir, 'server.lock'), crashed);
      await expect(startEmbedded({ dir })).rejects.toThrow(/is torn/);
      expect(statSync(join(dir, 'data.mdb')).size).toBe(whole.length - missing * 4096); // refused next time too
    }
    writeFileSync(join(dir, 'data.mdb'), whole);
    writeFileSync(join(dir, 'server.lock'), crashed);
    expect(await withServer((client) => client.db('d').collection('c').countDocuments())).toBe(2000);
  });

  test('may end early without having lost anything: LMDB does not write pages that one transaction takes and gives back', async () => {
    await withServer((client) => client.db('d').collection('c').insertOne({ a: 1 }));
    // As such a transaction would leave it: the last page in use is one that was never written.
    const file = openSync(join(dir, 'data.mdb'), 'r+');
    const lastPage = Buffer.alloc(8);
    for (const meta of [0, 4096]) {
      readSync(file, lastPage, 0, 8, meta + 24 + 120);
      lastPage.writeBigUInt64LE(lastPage.readBigUInt64LE() + 3n);
      writeSync(file, lastPage, 0, 8, meta + 24 + 120);
    }
    closeSync(file);
    await expect(startEmbedded({ dir })).rejects.toThrow(/is torn/); // a clean stop would have filled it up
    writeFileSync(join(dir, 'server.lock'), JSON.stringify({ pid: 2 ** 22 + 1, born: '1' }));
    for (let start = 0; start < 2; start += 1) {
      expect(await withServer((client) => client.db('d').collection('c').countDocuments())).toBe(1);
    }
  });

  test('is refused when LMDB can read it but another program wrote it', async () => {
    const other = open({ path: dir });
    await other.put('a', 1);
    await other.close();
    await expect(startEmbedded({ dir })).rejects.toThrow(/another program or version/);
  });

  test('is backed up while in use, restored, and exported for mongorestore', async () => {
    const [copy, restored, dump] = [newFolder(), newFolder(), newFolder()];
    await withServer(async (client) => {
      const rows = client.db('d').collection('việc');
      await rows.createIndex({ a: 1 }, { unique: true, partialFilterExpression: { a: { $gt: 1 } } });
      await rows.insertMany([{ a: 1 }, { a: 2 }]);
      await tool('backup', '--data', dir, '--to', copy);
      await rows.insertOne({ a: 3 });
      await tool('export', '--data', dir, '--to', dump);
    });
    await tool('restore', '--from', copy, '--data', restored);
    await expect(tool('restore', '--from', copy, '--data', restored)).rejects.toThrow(/not empty/);
    expect(await withServer((client) => client.db('d').collection('việc').countDocuments(), restored)).toBe(2);
    const file = join(dump, 'd', encodeURIComponent('việc'));
    const bytes = readFileSync(`${file}.bson`);
    const docs = [];
    for (let at = 0; at < bytes.length; at += bytes.readInt32LE(at)) docs.push(deserialize(bytes.subarray(at, at + bytes.readInt32LE(at))));
    expect(docs.map(({ a }) => a as number)).toEqual([1, 2, 3]);
    const metadata = JSON.parse(readFileSync(`${file}.metadata.json`, 'utf8')) as { indexes: unknown[] };
    expect(metadata.indexes).toHaveLength(2);
    expect(existsSync(join(dump, 'd'))).toBe(true);
    for (const folder of [copy, restored, dump]) rmSync(folder, { recursive: true, force: true });
  });

  test('loses no acknowledged write over kill -9 (20 rounds, 8 clients)', async () => {
    const result = await kill9(20, 8);
    expect(result).toMatchObject({ rounds: 20, lost: 0, torn: 0, indexErrors: 0 });
    expect(result.acknowledged).toBeGreaterThanOrEqual(40);
  }, 300_000);
});
