/**
 * The store of the memory bench, in a process of its own, so that only the engine is measured: the counting store of a
 * million rows, whose calls come as BSON over the channel to its parent, or the embedded database with its rows in a file.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mongoose from 'mongoose';
import { startEmbedded } from '../../../src/embedded-mongo/index.js';
import { FastStore } from './fast-store.js';

const { BSON } = mongoose.mongo;
type Call = { id: number; model: string; method: string; args: unknown[]; limit?: number };
type Query = { limit(n: number): Query; then: Promise<unknown>['then'] };

const [kind, rows = '0'] = process.argv.slice(2);
if (kind === 'embedded') await serveDatabase();
else serveCalls(new FastStore(Number(rows), new Date()));

async function serveDatabase(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'nhac-viec-memory-'));
  const server = await startEmbedded({ dir, sync: false, inProcess: true });
  process.once('disconnect', () => {
    void server.stop().finally(() => {
      rmSync(dir, { recursive: true, force: true });
      process.exit(0);
    });
  });
  process.send?.({ uri: server.uri });
}

function serveCalls(store: FastStore): void {
  const models = store.db() as unknown as Record<string, Record<string, (...args: unknown[]) => Query>>;
  process.on('message', (bytes: Uint8Array) => {
    const { id, model, method, args, limit } = BSON.deserialize(bytes) as Call;
    const query = models[model]?.[method]?.(...args);
    const asked = query && limit !== undefined && 'limit' in query ? query.limit(limit) : query;
    void Promise.resolve(asked).then((answer) => process.send?.(BSON.serialize({ id, answer, trips: store.trips, finished: store.finished }, { ignoreUndefined: true })));
  });
  process.once('disconnect', () => process.exit(0));
  process.send?.({ ready: true });
}
