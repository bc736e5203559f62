import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { type EmbeddedServer, startEmbedded } from '../../../src/embedded-mongo/index.js';

/** The server of these tests is somebody else's: tests of the embedded server itself are skipped. */
export const external = process.env.TEST_MONGODB_URI;

if (external !== undefined) process.stderr.write(`embedded-mongo tests run against ${external}: tests of the embedded server itself are SKIPPED\n`);

/** That server is DocumentDB, which allows a few things that MongoDB refuses (set TEST_MONGODB_KIND=documentdb). */
export const documentDb = process.env.TEST_MONGODB_KIND === 'documentdb';

/** A server for one test file, with a client and a database name of its own. */
export interface TestServer {
  uri: string;
  client: MongoClient;
  embedded?: EmbeddedServer;
  stop(): Promise<void>;
}

/** A new folder under the system's temporary folder. */
export function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'emb-test-'));
}

/** A database name that nobody else uses. */
export function databaseName(): string {
  return `emb_${process.pid}_${(counter += 1)}_${Math.random().toString(36).slice(2, 8)}`;
}

let counter = 0;

/** Starts the embedded server in a new folder, or takes the one of TEST_MONGODB_URI. */
export async function startTestServer(options: { ttlIntervalMs?: number } = {}): Promise<TestServer> {
  const dir = newFolder();
  const embedded = external === undefined ? await startEmbedded({ dir, sync: false, ...options }) : undefined;
  const uri = embedded?.uri ?? external ?? '';
  const client = await new MongoClient(uri, { retryWrites: false }).connect();
  return {
    uri, client, ...(embedded === undefined ? {} : { embedded }),
    async stop() {
      await client.close();
      await embedded?.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
