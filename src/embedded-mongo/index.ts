import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { runServer, type RunningServer, type ServerOptions } from './server.js';
import { inspectDataFile } from './store/data-file.js';
import { lockFolder, StoreUnusable } from './store/lock.js';
import { Storage } from './store/storage.js';
import type { WorkerMessage, WorkerRequest } from './worker.js';

export { StoreUnusable } from './store/lock.js';

/** Options of {@link startEmbedded}. */
export interface EmbeddedOptions {
  /** The data folder; it is made if missing and belongs to one process at a time. */
  dir: string;
  /** 0 (the default) takes a free port. */
  port?: number;
  /** False leaves out fsync: for tests, whose data nobody misses after a power cut. */
  sync?: boolean;
  /** True runs in the calling thread instead of a worker: for tests and the command line. */
  inProcess?: boolean;
  /** How often expired documents of TTL indexes are removed. */
  ttlIntervalMs?: number;
  /** Gets a line for whatever is worth a line. */
  log?: (line: string) => void;
}

/** A running embedded database. */
export interface EmbeddedServer {
  /** The connection string, without a database name. */
  uri: string;
  port: number;
  /** Copies the whole database, while in use, into a new folder. */
  backup(path: string): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the database of a folder. Fails with a {@link StoreUnusable} if the folder is in use, torn or foreign. */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const dir = resolve(options.dir);
  const { unlock, crashed } = lockFolder(dir);
  try {
    const settings: ServerOptions = {
      dir, port: options.port ?? 0, sync: options.sync ?? true, crashed, ttlIntervalMs: options.ttlIntervalMs ?? 60_000, log: options.log,
    };
    const server = options.inProcess === true ? await runServer(settings) : await runInWorker(settings);
    return {
      uri: `mongodb://127.0.0.1:${server.port}/`,
      port: server.port,
      backup: (path) => server.backup(resolve(path)),
      async stop() {
        await server.stop();
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

/** A consistent copy of a database folder, also while another process serves it. */
export async function copyDatabase(dir: string, to: string): Promise<void> {
  const storage = Storage.openReadOnly(resolve(dir));
  try {
    await storage.backup(resolve(to));
  } finally {
    await storage.close();
  }
}

/** Puts a backup into a new, empty folder and checks that it opens. Never overwrites. */
export async function restoreDatabase(from: string, dir: string): Promise<void> {
  const source = join(from, 'data.mdb');
  if (inspectDataFile(source) === undefined) throw new Error(`there is no backup in ${from}`);
  if (existsSync(dir) && readdirSync(dir).length > 0) throw new Error(`${dir} is not empty: move it away first, a restore never overwrites`);
  mkdirSync(dir, { recursive: true });
  copyFileSync(source, join(dir, 'data.mdb'));
  const server = await startEmbedded({ dir, inProcess: true });
  await server.stop();
}

async function runInWorker({ log, ...settings }: ServerOptions): Promise<RunningServer> {
  const worker = spawnWorker(settings);
  const waiting = new Map<number, { resolve: () => void; reject: (error: Error) => void }>();
  let nextId = 1;
  const ask = (request: { kind: 'stop' } | { kind: 'backup'; path: string }): Promise<void> =>
    new Promise((resolve, reject) => {
      const id = nextId++;
      waiting.set(id, { resolve, reject });
      worker.postMessage({ ...request, id } satisfies WorkerRequest);
    });
  const port = await new Promise<number>((resolve, reject) => {
    const fail = (error: Error): void => {
      log?.(`worker: ${error.message}`);
      reject(error);
      for (const { reject: rejectOne } of waiting.values()) rejectOne(error);
      waiting.clear();
    };
    worker.on('error', fail);
    worker.on('exit', () => fail(new Error('the database worker has ended')));
    worker.on('message', (message: WorkerMessage) => {
      if (message.kind === 'ready') resolve(message.port);
      else if (message.kind === 'log') log?.(message.line);
      else if (message.kind === 'failed') reject(message.name === 'StoreUnusable' ? new StoreUnusable(message.message) : new Error(message.message));
      else settle(waiting, message);
    });
  });
  return {
    port,
    backup: (path) => ask({ kind: 'backup', path }),
    async stop() {
      await ask({ kind: 'stop' });
      worker.removeAllListeners('exit');
      await worker.terminate();
    },
  };
}

function settle(
  waiting: Map<number, { resolve: () => void; reject: (error: Error) => void }>, message: Extract<WorkerMessage, { kind: 'done' }>,
): void {
  const request = waiting.get(message.id);
  waiting.delete(message.id);
  if (message.error === undefined) request?.resolve();
  else request?.reject(new Error(message.error));
}

/** Compiled, the worker is plain JavaScript; from the TypeScript sources (tsx, vitest) it registers tsx as its loader first. */
function spawnWorker(settings: object): Worker {
  if (!import.meta.url.endsWith('.ts')) return new Worker(new URL('./worker.js', import.meta.url), { workerData: settings });
  // require() finds the CommonJS twin; the worker imports, so it needs the other one.
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx/esm/api').replace(/cjs$/, 'mjs')).href;
  const entry = new URL('./worker.ts', import.meta.url).href;
  const bootstrap = `import(${JSON.stringify(loader)}).then(({ register }) => { register(); return import(${JSON.stringify(entry)}); })`;
  return new Worker(bootstrap, { eval: true, workerData: settings, execArgv: [] });
}
