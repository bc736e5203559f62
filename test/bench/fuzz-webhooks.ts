import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../../src/app.js';
import { readConfig } from '../../src/config.js';
import { startEmbedded } from '../../src/embedded-mongo/index.js';
import { SeededRandom } from '../support/random.js';
import { everything, fuzzWebhook, isCalm, targets, webhookEnv } from '../support/webhook-fuzz.js';

/**
 * `npm run fuzz:webhooks [calls per webhook] [seed]`: the real house over real HTTP; half of the calls prove themselves. Fails
 * where something was written for a stranger or answered with a fault; times over the limit are named, with the machine's load.
 */
const calls = Number(process.argv[2] ?? 100_000);
const seed = Number(process.argv[3] ?? 20_261_122);
const dir = mkdtempSync(join(tmpdir(), 'nhac-viec-fuzz-'));
const server = await startEmbedded({ dir });
const app = await createApp(readConfig(webhookEnv), { db: { uri: server.uri, name: 'fuzz' }, background: false, admin: false });
const root = await app.http.listen({ host: '127.0.0.1', port: 0 });
const heap = (): number => {
  globalThis.gc?.();
  return Math.round(process.memoryUsage().heapUsed / 1e6);
};
const say = (line: string): void => void process.stdout.write(`${line}\n`);
/** A provider may wait for 99 of 100 answers so long; Zalo gives up after two seconds. Milliseconds. */
const P99_LIMIT = 20;
let failed = false;
say(`seed ${seed}, ${calls} calls per webhook; embedded database with fsync; heap ${heap()} MB; load ${loadavg()[0]?.toFixed(1)} on ${availableParallelism()} cores`);
for (const target of targets) {
  const random = new SeededRandom(seed);
  const before = await everything(app.ctx.db);
  const strangers = await fuzzWebhook(root, target, { random, calls: calls / 2, honest: 0 });
  const untouched = JSON.stringify(await everything(app.ctx.db)) === JSON.stringify(before);
  const heapBetween = heap();
  const honest = await fuzzWebhook(root, target, { random, calls: calls / 2, honest: 1 });
  const kept = await app.ctx.db.Inbound.countDocuments();
  const uncalm = [...Object.keys(strangers.statuses), ...Object.keys(honest.statuses)].filter((status) => !isCalm(Number(status)));
  if (!untouched || uncalm.length > 0) failed = true;
  say(`${target.name.padEnd(13)} strangers ${JSON.stringify(strangers.statuses)} p50 ${strangers.p50} p99 ${strangers.p99} ms, ${untouched ? 'nothing written' : 'SOMETHING WRITTEN'} · with secret ${JSON.stringify(honest.statuses)} p50 ${honest.p50} p99 ${honest.p99} worst ${honest.worst} ms, ${kept} messages kept · heap ${heapBetween} -> ${heap()} MB${uncalm.length > 0 ? ` · NOT CALM: ${uncalm.join(', ')}` : ''}${Math.max(strangers.p99, honest.p99) > P99_LIMIT ? ` · P99 OVER ${P99_LIMIT} ms at load ${loadavg()[0]?.toFixed(1)}` : ''}`);
}
await app.close();
await server.stop();
rmSync(dir, { recursive: true, force: true });
process.exit(failed ? 1 : 0);
