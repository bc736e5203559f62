import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApp, type App } from '../../src/app.js';
import { readConfig } from '../../src/config.js';
import { SeededRandom } from '../support/random.js';
import { testUri } from '../support/test-ctx.js';
import { everything, fuzzWebhook, isCalm, targets, webhookEnv } from '../support/webhook-fuzz.js';

/** A slice of `npm run fuzz:webhooks`; the figures of the whole are in the README. */
const CALLS = 300;
let app: App;
let root: string;

beforeAll(async () => {
  app = await createApp(readConfig(webhookEnv), { db: { uri: testUri(), name: `fuzz_${randomUUID().slice(0, 8)}` }, background: false, admin: false });
  root = await app.http.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await app.ctx.db.conn.dropDatabase();
  await app.close();
});

test.each(targets)('$name: strangers write nothing, honest nonsense breaks nothing', async (target) => {
  const random = new SeededRandom(7);
  const before = await everything(app.ctx.db);
  const strangers = await fuzzWebhook(root, target, { random, calls: CALLS, honest: 0 });
  expect(await everything(app.ctx.db)).toEqual(before);
  const honest = await fuzzWebhook(root, target, { random, calls: CALLS, honest: 1 });
  for (const statuses of [strangers.statuses, honest.statuses]) expect(Object.keys(statuses).filter((status) => !isCalm(Number(status)))).toEqual([]);
  // The mutations leave enough whole for something to be understood.
  if (target.name !== 'esms' && target.name !== 'zbs-receipts') expect(await app.ctx.db.Inbound.countDocuments({ channel: target.name })).toBeGreaterThan(20);
});

test('what honest nonsense left in the inbox is worked on without a fault', async () => {
  const keep = await app.ctx.db.Inbound.find({}, { _id: 1 }).limit(120).lean();
  await app.ctx.db.Inbound.deleteMany({ _id: { $nin: keep.map(({ _id }) => _id) } });
  await app.settle().catch(() => 0);
  expect(await app.ctx.db.Inbound.countDocuments({ state: 'parked' })).toBe(0);
  expect(await app.ctx.db.Inbound.countDocuments({ lastError: { $ne: null } })).toBe(0);
}, 60_000);
