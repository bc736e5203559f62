/**
 * `npm run bench:ledger -- [--rows 1000000] [--keep DIR]`: a million deliveries in the embedded database, then the questions
 * an office asks of them, each timed. The promise: every answer within a second.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ObjectId } from 'mongodb';
import { pino } from 'pino';
import { readConfig } from '../../src/config.js';
import type { Ctx } from '../../src/context.js';
import { deliveriesFor, deliveryHistory } from '../../src/delivery/ledger/ledger.js';
import { receiversOf } from '../../src/delivery/ledger/receivers.js';
import { headOf, sealLedger } from '../../src/delivery/ledger/seal-ledger.js';
import { startEmbedded } from '../../src/embedded-mongo/index.js';
import { systemClock } from '../../src/kernel/clock.js';
import { systemRandom } from '../../src/kernel/random.js';
import { openDb } from '../../src/models.js';
import { auditOutbox } from '../../src/watch/auditor.js';

const { values } = parseArgs({ options: { rows: { type: 'string', default: '1000000' }, keep: { type: 'string' } } });
const ROWS = Number(values.rows);
const [PEOPLE, TASKS, MEETINGS, BATCH] = [2_000, 40_000, 2_000, 1_000];
const RUNS = 7;
const START = Date.parse('2025-01-01T00:00:00Z');
const states = ['accepted', 'delivered', 'seen', 'acknowledged', 'acknowledged', 'suppressed', 'dead'] as const;

const dir = values.keep ?? mkdtempSync(join(tmpdir(), 'nhac-viec-ledger-'));
const server = await startEmbedded({ dir, sync: false });
const db = await openDb(server.uri, 'nhacviec');
const ctx: Ctx = { db, clock: systemClock, random: systemRandom, log: pino({ level: 'silent' }), config: readConfig({ NODE_ENV: 'test' }), cause: 'bench', wake: () => {} };
const people = Array.from({ length: PEOPLE }, (_, n) => new ObjectId(n.toString(16).padStart(24, 'a')));

/** One person, one task of 5,000 rows and one ordinary one each; the rest even. */
function row(n: number) {
  const at = new Date(START + n * 30_000);
  const state = states[n % states.length] ?? 'accepted';
  const told = state !== 'suppressed' && state !== 'dead';
  const later = (s: number) => new Date(at.getTime() + s * 1_000);
  const meeting = n % 10 === 0;
  return {
    key: `bench:${n}`, kind: meeting ? 'meeting-alert' : 'task-reminder', lane: meeting ? 'urgent' : 'normal', personId: people[n % 200 === 7 ? 7 : n % PEOPLE], behalfOf: null, follows: null, chat: null,
    taskCode: meeting ? null : n % 180 === 1 ? 'NV-2025-00001' : `NV-2025-${String(n % TASKS).padStart(5, '0')}`, meetingCode: meeting ? `HOP-2025-${String((n / 10) % MEETINGS).padStart(5, '0')}` : null,
    data: {}, asked: null, state, order: at, digestKey: null, notBefore: at, expiresAt: null, claimedBy: null, claimedUntil: null, fence: 1,
    attempts: [{ at, channel: 'zalo', outcome: told ? 'accepted' : 'unreachable', code: '', repeat: false }], lapses: 0, triedChannels: [], waitsFor: null, channel: 'zalo', to: `uid-${n % PEOPLE}`,
    providerId: told ? `m${n}` : null, text: 'Nhắc việc: nhiệm vụ đến hạn, đề nghị đồng chí báo cáo tiến độ.', reason: told ? null : 'unreachable',
    acceptedAt: told ? later(2) : null, silentAt: null, deliveredAt: null, seenAt: state === 'seen' ? later(60) : null, acknowledgedAt: state === 'acknowledged' ? later(90) : null, finishedAt: told ? null : later(2),
    createdAt: at, cause: 'bench', rev: 2, unsealed: n >= ROWS - 20_000, shown: null,
  };
}

// With --keep a run that was broken off goes on where it stopped.
const there = await db.Delivery.estimatedDocumentCount();
if (there < ROWS) {
  await timed(`insert ${ROWS - there} rows`, async () => {
    for (let n = there; n < ROWS; n += BATCH) {
      await db.Delivery.collection.insertMany(Array.from({ length: Math.min(BATCH, ROWS - n) }, (_, i) => row(n + i)) as never, { ordered: false });
      process.stderr.write(`\r${Math.floor(((n + BATCH) / ROWS) * 100)} %`);
    }
    process.stderr.write('\n');
  });
  const sealed = await timed('seal 20,000 rows into the chain', () => sealLedger(ctx));
  console.log(`  entries: ${sealed}, head ${(await headOf(ctx)).seq}`);
}

const results: [string, number][] = [];
async function ask(what: string, run: () => Promise<unknown>): Promise<void> {
  await run();
  const walls: number[] = [];
  const cpu = process.cpuUsage();
  for (let i = 0; i < RUNS; i++) {
    const began = performance.now();
    await run();
    walls.push(performance.now() - began);
  }
  const { user, system } = process.cpuUsage(cpu);
  walls.sort((a, b) => a - b);
  const [median, worst] = [walls[RUNS >> 1] ?? 0, walls[RUNS - 1] ?? 0];
  results.push([what, median]);
  // The processor's time, database included, tells what it costs where other work crowds the machine.
  console.log(`${what.padEnd(52)} ${median.toFixed(0).padStart(6)} ms median ${worst.toFixed(0).padStart(6)} ms slowest ${((user + system) / 1_000 / RUNS).toFixed(0).padStart(6)} ms of processor`);
}

async function timed<T>(what: string, run: () => Promise<T>): Promise<T> {
  const began = performance.now();
  const result = await run();
  console.log(`${what}: ${((performance.now() - began) / 1_000).toFixed(1)} s`);
  return result;
}

const some = () => randomBytes(2).readUInt16BE();
await ask('task of ~25 rows: page and total', () => deliveriesFor(ctx, null, { taskCode: `NV-2025-${String((some() % 4_000) * 10 + 3).padStart(5, '0')}` }));
await ask('task of ~5,000 rows: page and total', () => deliveriesFor(ctx, null, { taskCode: 'NV-2025-00001' }));
await ask('task of ~5,000 rows: last page', () => deliveriesFor(ctx, null, { taskCode: 'NV-2025-00001', page: 100 }));
await ask('task of ~5,000 rows: last state of each receiver', () => receiversOf(ctx, null, { taskCode: 'NV-2025-00001' }));
await ask('meeting of 50 rows: page and total', () => deliveriesFor(ctx, null, { meetingCode: `HOP-2025-${String(some() % MEETINGS).padStart(5, '0')}` }));
await ask('person of ~500 rows: page and total', () => deliveriesFor(ctx, null, { personId: String(people[some() % PEOPLE]) }));
await ask('person of ~5,000 rows: page and total', () => deliveriesFor(ctx, null, { personId: String(people[7]) }));
await ask('person of ~5,000 rows: seen only', () => deliveriesFor(ctx, null, { personId: String(people[7]), state: 'seen' }));
await ask('one state of all (~14 %): page and total', () => deliveriesFor(ctx, null, { state: 'dead' }));
await ask('everything: first page and total', () => deliveriesFor(ctx, null, {}));
await ask('everything: page 100', () => deliveriesFor(ctx, null, { page: 100 }));
await ask('history of one message from the chain', () => deliveryHistory(ctx, null, `bench:${ROWS - 1 - (some() % 10_000)}`));
await ask('the auditor, whole', () => auditOutbox(ctx));

console.log(`Load of the machine: ${loadavg().map((load) => load.toFixed(1)).join(' ')} on ${cpus().length} processors.`);
const slow = results.filter(([, ms]) => ms > 1_000);
console.log(slow.length === 0 ? `All ${results.length} answers within a second at ${ROWS.toLocaleString('en')} rows.` : `Slower than a second: ${slow.map(([what]) => what).join('; ')}`);
await db.conn.close();
await server.stop();
if (!values.keep) rmSync(dir, { recursive: true, force: true });
process.exit(slow.length === 0 ? 0 : 1);
