import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import mongoose from 'mongoose';
import type { Db } from '../../../src/models.js';

const { BSON } = mongoose.mongo;

/** A store in another process; its answers are read as a database driver reads them. */
export interface RemoteStore {
  db: Db;
  /** What the store last said of itself. */
  said: { trips: number; finished: number };
  stop(): void;
}

/** Starts memory-store.ts; the first thing it says is that it is ready, or where its database is. */
export async function startStore(args: readonly string[]): Promise<{ child: ChildProcess; first: { uri?: string } }> {
  const child = fork(fileURLToPath(new URL('./memory-store.ts', import.meta.url)), [...args], { serialization: 'advanced', execArgv: ['--import', 'tsx'] });
  const first = await new Promise<{ uri?: string }>((resolve, reject) => {
    child.once('message', (said) => resolve(said as { uri?: string }));
    child.once('exit', (code) => reject(new Error(`the store ended with ${String(code)}`)));
  });
  return { child, first };
}

/** The counting store (fast-store.ts) with so many rows, reached by messages; each call still takes its millisecond there. */
export async function remoteStore(rows: number): Promise<RemoteStore> {
  const { child } = await startStore(['counting', String(rows)]);
  child.once('exit', (code) => void (code && process.exit(1)));
  const open = new Map<number, (answer: unknown) => void>();
  const said = { trips: 0, finished: 0 };
  let last = 0;
  child.on('message', (bytes: Uint8Array) => {
    const { id, answer, trips, finished } = BSON.deserialize(bytes) as { id: number; answer: unknown; trips: number; finished: number };
    Object.assign(said, { trips, finished });
    open.get(id)?.(answer);
    open.delete(id);
  });
  const call = (model: string, method: string, args: unknown[], limit?: number): Promise<unknown> => {
    const id = ++last;
    child.send(BSON.serialize({ id, model, method, args, ...(limit === undefined || limit === Infinity ? {} : { limit }) }, { ignoreUndefined: true }));
    return new Promise((resolve) => open.set(id, resolve));
  };
  return { db: dbOver(call), said, stop: () => child.disconnect() };
}

function dbOver(call: (model: string, method: string, args: unknown[], limit?: number) => Promise<unknown>): Db {
  const query = (model: string, method: string, args: unknown[]) => {
    let most = Infinity;
    const run = () => call(model, method, args, most);
    const one = { sort: () => one, skip: () => one, lean: () => one, limit: (n: number) => ((most = n), one), exec: run, then: (good: never, bad: never) => run().then(good, bad) };
    return one;
  };
  const models = new Map<string, object>();
  const modelOf = (model: string): object => {
    const known = models.get(model) ?? new Proxy({}, { get: (_, method) => (...args: unknown[]) => (String(method).startsWith('find') ? query(model, String(method), args) : call(model, String(method), args)) });
    models.set(model, known);
    return known;
  };
  return new Proxy({}, { get: (_, model) => (model === 'conn' ? null : modelOf(String(model))) }) as Db;
}
