import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Ctx } from '../../src/context.js';
import { claimBatch, expireStale, takeBackLapsed } from '../../src/delivery/outbox/claim.js';
import { newPerson } from '../support/delivery-world.js';
import { testCtx } from '../support/test-ctx.js';

/** The second engine is far away; it gets fewer rows. */
const FAR = process.env['TEST_MONGODB_KIND'] === 'documentdb';
let ctx: Ctx;
let close: () => Promise<void>;
beforeEach(async () => {
  ({ ctx, close } = await testCtx());
});
afterEach(() => close());

/** Rows as enqueue writes them, every tenth urgent; straight to the collection, for there are many. */
const due = (count: number, people: readonly { _id: unknown }[], more: object = {}) => {
  const now = ctx.clock.now();
  return ctx.db.Delivery.collection.insertMany(Array.from({ length: count }, (_, n) => ({
    key: `${'later' in more ? 'later' : 'k'}${n}`, kind: 'note', lane: n % 10 === 0 ? 'urgent' : 'normal', state: 'planned', reason: null, digestKey: null, waitsFor: null, order: new Date(now.getTime() - count + n), notBefore: now, createdAt: now, expiresAt: null,
    claimedUntil: null, claimedBy: null, fence: 0, attempts: [], data: { n }, personId: people[n % people.length]?._id, cause: 'due', rev: 1, unsealed: true, ...more,
  })) as never[]);
};
const rooms = new Map([['zalo', { urgent: 100, ordinary: 100 }]] as const);
const AT_ONCE = FAR ? 20 : 100;
const claim = (instance: string, limit = 100) => claimBatch(ctx, { instance, limit, leaseMs: 60_000, rooms, goRound: new Map() });

test.each([[2, FAR ? 400 : 4_000], [5, FAR ? 1_000 : 10_000]])('%i instances race for %i due rows: each is claimed once, none is left, and every instance gets its share', async (instances, rows) => {
  await due(rows, [await newPerson(ctx, 'Lan')]);
  const order: number[] = [];
  const shares = await Promise.all(Array.from({ length: instances }, async (_, i) => {
    let share = 0;
    // Nothing found in a crowd is not yet the end: the next tick looks again.
    while (await ctx.db.Delivery.exists({ state: 'planned' })) {
      const mine = await claim(`i${i}`, AT_ONCE);
      share += mine.length;
      order.push(...mine.map(({ data }) => Number(data['n'])));
    }
    return share;
  }));
  expect(order).toHaveLength(rows);
  expect(new Set(order).size).toBe(rows);
  expect(await ctx.db.Delivery.countDocuments({ state: 'claimed', fence: 1 })).toBe(rows);
  // A fair share would be one of `instances`; nobody gets less than a third of that.
  expect(Math.min(...shares)).toBeGreaterThan(rows / instances / 3);
  // Nothing starves: urgent rows lie among the others and are all taken first, and the rest goes in turn but for what is in several hands.
  expect(order.findLastIndex((n) => n % 10 === 0)).toBeLessThan(rows / 2);
  const ordinary = order.filter((n) => n % 10 !== 0);
  const crowd = instances * 100 * 5;
  expect(ordinary.every((n, place) => Math.abs(n - (place * 10) / 9) < crowd)).toBe(true);
}, 240_000);

test.skipIf(FAR)('twenty thousand old rows, five hundred due: the claim examines at most ten keys for each row it takes, and looks at no row in vain', async () => {
  const people = await Promise.all(Array.from({ length: 20 }, (_, i) => newPerson(ctx, `P${i}`)));
  const old = new Date(ctx.clock.now().getTime() - 90 * 86_400_000);
  const ends = [['accepted', null], ['delivered', null], ['acknowledged', null], ['suppressed', 'stale'], ['expired', 'stale'], ['dead', 'no-channel'], ['unknown', 'unknown-twice'], ['suppressed', 'in-digest']] as const;
  for (let from = 0; from < 20_000; from += 2_000) {
    await ctx.db.Delivery.collection.insertMany(Array.from({ length: 2_000 }, (_, i) => {
      const [state, reason] = ends[i % ends.length] ?? ends[0];
      return { key: `old${from + i}`, kind: 'note', lane: ['urgent', 'normal', 'digest'][i % 3], state, reason, digestKey: reason === 'in-digest' ? `d${i}` : null, waitsFor: null, order: old, notBefore: old, createdAt: old, expiresAt: null, claimedUntil: null, fence: 1, attempts: [], data: {}, personId: people[i % 20]?._id, cause: 'old', rev: 1, unsealed: false };
    }));
  }
  await due(500, people);
  // Due tomorrow: must not be looked at either.
  const tomorrow = new Date(ctx.clock.now().getTime() + 86_400_000);
  await due(500, people, { notBefore: tomorrow, order: tomorrow, later: true });

  const asked: { method: string; filter: object; options: Record<string, unknown> }[] = [];
  ctx.db.conn.set('debug', ((collection: string, method: string, filter: object, second: unknown, third: unknown) => {
    if (collection !== 'deliveries') return;
    asked.push({ method, filter, options: ((method === 'find' ? second : third) ?? {}) as Record<string, unknown> });
  }) as never);
  const mine = await claim('one');
  const claiming = asked.length;
  await takeBackLapsed(ctx);
  await expireStale(ctx);
  ctx.db.conn.set('debug', false as never);
  expect(mine).toHaveLength(100);
  await ctx.db.Delivery.updateMany({ state: 'claimed' }, { $set: { state: 'planned', claimedBy: null, claimedUntil: null } });

  let forClaim = 0;
  for (const [i, { method, filter, options }] of asked.entries()) {
    const { sort, limit, skip, projection } = options;
    const command = method === 'find'
      ? { find: 'deliveries', filter, ...(sort ? { sort } : {}), ...(limit ? { limit } : {}), ...(skip ? { skip } : {}), ...(projection ? { projection } : {}) }
      : { update: 'deliveries', updates: [{ q: filter, u: { $set: { looked: true } }, multi: true }] };
    const { executionStats } = (await ctx.db.conn.db?.command({ explain: command, verbosity: 'executionStats' })) as { executionStats: { totalKeysExamined: number; totalDocsExamined: number } };
    const looked = Math.max(executionStats.totalKeysExamined, executionStats.totalDocsExamined);
    if (i < claiming) forClaim += looked;
    // Nothing has lapsed and nothing is stale: that is seen without looking at rows.
    else expect(looked, JSON.stringify(filter)).toBeLessThanOrEqual(10);
  }
  expect(claiming).toBeGreaterThan(5);
  expect(forClaim / mine.length).toBeLessThanOrEqual(10);
}, 240_000);
