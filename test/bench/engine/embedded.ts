import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mongoose from 'mongoose';
import { buildIndexes } from '../../../src/db/connect.js';
import { enqueueAll } from '../../../src/delivery/enqueue.js';
import { drainOutbox } from '../../../src/delivery/outbox/drain-outbox.js';
import type { Ctx } from '../../../src/context.js';
import { startEmbedded } from '../../../src/embedded-mongo/index.js';
import { buildModels } from '../../../src/models.js';
import { benchCtx, noOpSender, plain, progress, unlimited, type Result } from './shared.js';

/** A database of its own on this disk, as an office without MongoDB has it. */
export interface Ground {
  ctx: Ctx;
  uri: string;
  trips(): number;
  stop(): Promise<void>;
}

export async function ground(): Promise<Ground> {
  const dir = mkdtempSync(join(tmpdir(), 'nhac-viec-bench-'));
  const server = await startEmbedded({ dir });
  let trips = 0;
  const conn = await mongoose.createConnection(server.uri, { dbName: 'bench', autoIndex: false, autoCreate: false, monitorCommands: true }).asPromise();
  conn.getClient().on('commandStarted', () => trips++);
  const db = buildModels(conn);
  await buildIndexes(conn);
  return {
    ctx: benchCtx(db), uri: server.uri, trips: () => trips,
    stop: async () => {
      await conn.close();
      await server.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** People with a Telegram chat each; returns their ids. */
export async function furnish({ db }: Pick<Ctx, 'db'>, count: number): Promise<string[]> {
  const now = new Date();
  const ids: string[] = [];
  for (let from = 0; from < count; from += 1_000) {
    const people = Array.from({ length: Math.min(1_000, count - from) }, (_, i) => ({ name: `Người ${from + i}`, nameFold: `nguoi ${from + i}`, position: 'Chuyên viên', agencyCode: 'STC', roles: ['officer' as const], createdAt: now }));
    const made = await db.Person.insertMany(people);
    await db.ChatLink.insertMany(made.map(({ _id }, i) => ({ channel: 'telegram' as const, chatId: String(100_000 + from + i), senderId: String(100_000 + from + i), personId: _id, linkedAt: now, linkedBy: 'code' as const, lastInboundAt: now })));
    ids.push(...made.map(({ _id }) => String(_id)));
  }
  return ids;
}

/** Plans one note for each of these, all due now. */
export async function planAll(ctx: Ctx, count: number, people: readonly string[]): Promise<void> {
  for (let from = 0; from < count; from += 1_000) {
    await enqueueAll(ctx, Array.from({ length: Math.min(1_000, count - from) }, (_, i) => ({ key: `bench:${from + i}`, kind: 'note', lane: 'normal' as const, personId: String(people[(from + i) % people.length]), data: { n: from + i } })));
    progress('planning', from + 1_000, count);
  }
}

/** The engine on the embedded database, against a provider that takes everything. */
export async function embedded(rows = 10_000): Promise<Result[]> {
  const { ctx, trips, stop } = await ground();
  try {
    await planAll(ctx, rows, await furnish(ctx, Math.min(rows, 5_000)));
    const [before, start] = [trips(), performance.now()];
    const sent = await drainOutbox(ctx, { senders: [noOpSender()], renderers: plain, instance: 'bench', policy: unlimited });
    const ms = performance.now() - start;
    if (sent !== rows) throw new Error(`${sent} of ${rows} were sent`);
    return [{ what: `engine, no-op provider, embedded database, ${rows} due`, figures: { perSecond: (rows / ms) * 1_000, trips: (trips() - before) / rows, micros: (ms * 1_000) / rows }, met: (trips() - before) / rows <= 0.05, target: '<= 0.05 trips' }];
  } finally {
    await stop();
  }
}
