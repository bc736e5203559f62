import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Ctx } from '../../src/context.js';
import { enqueueAll, type NewDelivery } from '../../src/delivery/enqueue.js';
import { claimBatch } from '../../src/delivery/outbox/claim.js';
import { defaultPolicy } from '../../src/delivery/policy.js';
import { drain, newPerson, ScriptedSender } from '../support/delivery-world.js';
import { testCtx } from '../support/test-ctx.js';
import type { TestClock } from '../support/test-clock.js';

let ctx: Ctx;
let clock: TestClock;
let close: () => Promise<void>;
beforeEach(async () => {
  ({ ctx, clock, close } = await testCtx());
});
afterEach(() => close());

const note = (taskCode: string, n: number, personId: string, more: Partial<NewDelivery> = {}): NewDelivery => ({ key: `${taskCode}:${n}`, kind: 'note', lane: 'normal', personId, taskCode, data: { n }, ...more });

test('one task with 400 people, planned first, and 400 tasks with one each: both go on, neither waits for the other to end', async () => {
  const people = await Promise.all(Array.from({ length: 40 }, (_, i) => newPerson(ctx, `P${i}`)));
  const id = (n: number) => String(people[n % people.length]?._id);
  await enqueueAll(ctx, Array.from({ length: 400 }, (_, n) => note('LARGE', n, id(n))));
  for (let n = 0; n < 400; n++) {
    if (n % 50 === 0) clock.advance({ seconds: 1 });
    await enqueueAll(ctx, [note(`SMALL-${n}`, n, id(n))]);
  }
  const zalo = new ScriptedSender('zalo');
  const policy = { perPerson: { max: 1_000, windowMs: 1_000 }, limits: { ...defaultPolicy.limits, zalo: { max: 30, windowMs: 1_000, urgentShare: 0 } } };
  for (let second = 0; second < 10; second++) {
    await drain(ctx, [zalo], { policy });
    clock.advance({ seconds: 1 });
  }
  expect(zalo.sent).toHaveLength(300);
  const large = zalo.sent.filter(({ key }) => key.startsWith('LARGE')).length;
  expect(large).toBeGreaterThan(75);
  expect(300 - large).toBeGreaterThan(75);
}, 60_000);

/** DocumentDB does not say how many entries it looked at. */
const tells = process.env['TEST_MONGODB_KIND'] !== 'documentdb';

test.runIf(tells)('however many old, later and waiting rows there are, a claim looks at a few entries per row it takes', async () => {
  const { Delivery } = ctx.db;
  const now = clock.now();
  const row = (n: number, more: object) => ({ key: `k${n}`, kind: 'note', lane: 'normal', state: 'planned', notBefore: now, order: now, createdAt: now, cause: 'test', data: {}, ...more });
  const kinds = [{ state: 'accepted', acceptedAt: now }, { state: 'unknown', reason: 'unknown-twice' }, { waitsFor: 'zalo' }, { digestKey: 'gather' }, { notBefore: new Date(now.getTime() + 60_000), order: new Date(now.getTime() + 60_000) }];
  await Delivery.collection.insertMany(Array.from({ length: 5_000 }, (_, n) => ({ reason: null, waitsFor: null, digestKey: null, expiresAt: null, claimedUntil: null, attempts: [], fence: 0, ...row(n, kinds[n % kinds.length] ?? {}) })) as never);
  await enqueueAll(ctx, Array.from({ length: 100 }, (_, n) => note('T', 10_000 + n, '', { personId: '656565656565656565656565' })));
  const examined: number[] = [];
  const { find } = Delivery;
  const watched = new Proxy(Delivery, { get: (target, name) => (name === 'find' ? looking : (Reflect.get(target, name, target) as unknown)) });
  function looking(...given: Parameters<typeof find>) {
    const query = find.apply(Delivery, given);
    const { exec } = query;
    query.exec = async function (this: typeof query) {
      const plan = (await Delivery.find(this.getFilter(), null, this.getOptions()).explain('executionStats')) as unknown as { executionStats: { totalKeysExamined: number } };
      examined.push(plan.executionStats.totalKeysExamined);
      return exec.call(this) as never;
    };
    return query;
  }
  const taken = await claimBatch({ ...ctx, db: { ...ctx.db, Delivery: watched } }, { instance: 'one', limit: 200, leaseMs: 15_000, rooms: new Map([['telegram', { urgent: 200, ordinary: 200 }]]), goRound: new Map() });
  expect(taken).toHaveLength(100);
  expect(examined.length).toBeGreaterThan(3);
  expect(examined.reduce((sum, n) => sum + n, 0)).toBeLessThanOrEqual(10 * taken.length);
}, 60_000);
