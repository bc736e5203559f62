import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A database server for one test process: where it is and how to let go of it. */
export interface TestServer {
  uri: string;
  kind: string;
  stop(): Promise<void>;
}

/**
 * TEST_MONGODB_URI if set; else a real mongod where one can be had quickly (system binary or already downloaded;
 * TEST_MONGO=download may download it); else the embedded server.
 */
export async function startTestServer(): Promise<TestServer> {
  const given = process.env['TEST_MONGODB_URI'];
  if (given) return { uri: given, kind: 'TEST_MONGODB_URI', stop: async () => {} };
  return (await startMongod()) ?? startEmbeddedServer();
}

async function startMongod(): Promise<TestServer | undefined> {
  const { DryMongoBinary, MongoMemoryServer } = await import('mongodb-memory-server-core');
  const mayDownload = process.env['TEST_MONGO'] === 'download';
  const version = '8.0.4';
  const binary = mayDownload ? undefined : await DryMongoBinary.locateBinary({ version });
  if (!binary && !mayDownload) return undefined;
  const server = await MongoMemoryServer.create({ binary: { version, ...(binary ? { systemBinary: binary } : {}) } });
  return { uri: server.getUri(), kind: `mongod ${version}`, stop: async () => void (await server.stop()) };
}

async function startEmbeddedServer(): Promise<TestServer> {
  const { startEmbedded } = await import('../../src/embedded-mongo/index.js');
  const dir = mkdtempSync(join(tmpdir(), 'nhac-viec-test-'));
  const server = await startEmbedded({ dir, sync: false });
  return {
    uri: server.uri,
    kind: 'embedded database',
    stop: async () => {
      await server.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
