/** The engine alone, with a heap that is not allowed more than the promise: see memory.ts. */
import mongoose from 'mongoose';
import { buildIndexes } from '../../../src/db/connect.js';
import type { Ctx } from '../../../src/context.js';
import { gatherDigests } from '../../../src/delivery/digest/gather-digests.js';
import { enqueueAll } from '../../../src/delivery/enqueue.js';
import { holdSending, resumeSending } from '../../../src/delivery/hold/decide-hold.js';
import { readHold } from '../../../src/delivery/hold/hold.js';
import { previewHold } from '../../../src/delivery/hold/what-waits.js';
import { sealLedger } from '../../../src/delivery/ledger/seal-ledger.js';
import { drainOutbox } from '../../../src/delivery/outbox/drain-outbox.js';
import { relayIntents } from '../../../src/delivery/relay-intents.js';
import { buildModels } from '../../../src/models.js';
import type { Actor } from '../../../src/people/actor.js';
import { auditOutbox } from '../../../src/watch/auditor.js';
import { furnish } from './embedded.js';
import { benchCtx, noOpSender, plain, unlimited } from './shared.js';
import { remoteStore, startStore } from './remote-store.js';

const OFFICE: Actor = { kind: 'account', accountId: 'a1', name: 'Bench', role: 'office', agencyCode: null, personId: null };
const MB = 1_048_576;
const rows = Number(process.argv[2]);
const whole = Number(process.argv[3] ?? rows);
const bare = live();

/** Bytes that are really in use. */
function live(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

/** Looks at the heap all through a piece of work: what is in use after clearing up, and with all that lies about. */
async function watched(phase: string, work: (look: () => void) => Promise<void>): Promise<void> {
  let [most, withGarbage, looks] = [0, 0, 0];
  const look = () => {
    withGarbage = Math.max(withGarbage, process.memoryUsage().heapUsed);
    most = Math.max(most, live());
    looks++;
  };
  const garbage = setInterval(() => (withGarbage = Math.max(withGarbage, process.memoryUsage().heapUsed)), 50);
  const start = performance.now();
  await work(look);
  look();
  clearInterval(garbage);
  process.send?.({ phase, liveMb: most / MB, heapMb: withGarbage / MB, bareMb: bare / MB, looks, seconds: (performance.now() - start) / 1_000 });
}

/** All rows through the outbox, against the counting store. */
async function drainAll(): Promise<void> {
  const store = await remoteStore(rows);
  await watched(`drain of ${rows} due rows`, async (look) => {
    let seen = 0;
    const step = setInterval(() => {
      if (store.said.finished - seen < rows / 50) return;
      seen = store.said.finished;
      look();
    }, 20);
    await drainOutbox(benchCtx(store.db), { senders: [noOpSender()], renderers: plain, instance: 'memory', policy: unlimited });
    clearInterval(step);
    if (store.said.finished !== rows) throw new Error(`${store.said.finished} of ${rows} were sent`);
  });
  store.stop();
}

const people = 5_000;
/** Tasks that each tell five thousand people at once. */
async function planTasks(ctx: Ctx, ids: readonly string[]): Promise<void> {
  const tasks = Math.max(1, Math.floor(whole / 2 / ids.length));
  for (let n = 0; n < tasks; n++) {
    const intents = [{ key: `assign:NV-2026-${n}`, kind: 'note', to: ids.map((personId) => ({ personId })), lane: n % 2 ? 'normal' : 'digest', data: { n, taskCode: `NV-2026-${n}` } }];
    await ctx.db.Task.collection.insertOne({ code: `NV-2026-${n}`, leadAgencyCode: 'STC', content: 'x', stage: 'assigned', intents } as never);
  }
}

/** Everything that looks at what waits, on the embedded database. */
async function lookAtAll(): Promise<void> {
  const { child, first } = await startStore(['embedded']);
  const conn = await mongoose.createConnection(String(first.uri), { dbName: 'bench', autoIndex: false, autoCreate: false }).asPromise();
  const ctx = benchCtx(buildModels(conn));
  await buildIndexes(conn);
  const ids = await furnish(ctx, Math.min(people, whole));
  await planTasks(ctx, ids);
  const every = setEvery();
  await watched(`relay of ${await ctx.db.Task.estimatedDocumentCount()} tasks to ${ids.length} people each`, (look) => every(look, async () => void (await relayIntents(ctx))));
  const left = whole - (await ctx.db.Delivery.estimatedDocumentCount());
  await watched(`enqueueing ${left} more, in calls of 10000`, (look) => every(look, async () => {
    for (let from = 0; from < left; from += 10_000) {
      await enqueueAll(ctx, Array.from({ length: Math.min(10_000, left - from) }, (_, i) => ({ key: `bench:${from + i}`, kind: 'note', lane: 'normal' as const, personId: String(ids[(from + i) % ids.length]), data: { n: from + i } })));
    }
  }));
  const planned = await ctx.db.Delivery.estimatedDocumentCount();
  await watched(`auditor over ${planned} rows`, (look) => every(look, async () => void (await auditOutbox(ctx))));
  await holdSending(ctx, OFFICE, { reason: 'bench', urgentPasses: false });
  await watched(`hold preview of ${planned} rows`, (look) => every(look, async () => void (await previewHold(ctx, OFFICE))));
  await resumeSending(ctx, OFFICE, { choice: 'all', since: (await readHold(ctx))?.since ?? new Date(0) }, { dir: null, planAll: async () => {} });
  await watched('gathering digests', (look) => every(look, () => atMost(ctx, 'Delivery', 'updateMany', 400, (here) => gatherDigests(here, { quiet: null, digest: { at: '00:00', spreadMs: 0, staleMs: 1e12, graceMs: 0 } }))));
  await watched('sealing', (look) => every(look, () => atMost(ctx, 'LedgerEntry', 'insertMany', 40, sealLedger)));
  await conn.close();
  child.disconnect();
}

/** A look every second, while something runs. */
const setEvery = () => async (look: () => void, work: () => Promise<void>): Promise<void> => {
  const timer = setInterval(look, 1_000);
  await work().finally(() => clearInterval(timer));
};

/** Part of a long piece of work: it dies with that many calls. */
async function atMost(ctx: Ctx, model: 'Delivery' | 'LedgerEntry', method: string, calls: number, work: (here: Ctx) => Promise<unknown>): Promise<void> {
  let left = calls;
  const enough = new Error('enough');
  const stopping = new Proxy(ctx.db[model] as object, { get: (target, name) => {
    if (name === method && left-- <= 0) return () => { throw enough; };
    const value = Reflect.get(target, name) as unknown;
    return typeof value === 'function' ? value.bind(target) : value;
  } });
  await work({ ...ctx, db: { ...ctx.db, [model]: stopping } }).catch((error: unknown) => {
    if (error !== enough) throw error;
  });
}

if (rows > 0) await drainAll();
if (whole > 0) await lookAtAll();
process.disconnect?.();
process.exit(0);
