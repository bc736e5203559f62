import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Ctx } from '../../src/context.js';
import { serverClock } from '../../src/db/server-clock.js';
import { enqueue } from '../../src/delivery/enqueue.js';
import { claimBatch } from '../../src/delivery/outbox/claim.js';
import { defaultPolicy } from '../../src/delivery/policy.js';
import type { Person } from '../../src/people/person.model.js';
import { deliveryOf, drain, newPerson, ScriptedSender } from '../support/delivery-world.js';
import { testCtx } from '../support/test-ctx.js';

let ctx: Ctx;
let close: () => Promise<void>;
let lan: Person;
beforeEach(async () => {
  ({ ctx, close } = await testCtx());
  lan = await newPerson(ctx, 'Lan', { chats: ['telegram'] });
});
afterEach(() => close());

/** The server's time as it stands; the machine's own is not asked. */
const serverNow = async (): Promise<Date> => ((await ctx.db.conn.db?.admin().command({ hello: 1 })) as { localTime: Date }).localTime;
/** An instance on a machine whose clock is wrong by so much. */
async function instance(wrongMs: number): Promise<Ctx> {
  const started = await serverNow();
  return { ...ctx, clock: await serverClock(ctx.db.conn, ctx.log, { now: () => new Date(started.getTime() + wrongMs) }) };
}
const policy = { quiet: null };
const TEN_MINUTES = 600_000;

test('one machine is ten minutes fast, one ten minutes slow: no lease ends early, no message leaves early, none stays behind', async () => {
  const [slow, fast] = [await instance(-TEN_MINUTES), await instance(TEN_MINUTES)];
  const telegram = new ScriptedSender('telegram');
  const note = (key: string, notBefore?: Date) => enqueue(slow, { key, kind: 'note', lane: 'urgent', personId: String(lan._id), data: { n: 1 }, ...(notBefore ? { notBefore } : {}) });
  await note('held');
  await claimBatch(slow, { instance: 'slow', limit: 10, leaseMs: defaultPolicy.leaseMs, rooms: new Map([['telegram', { urgent: 10, ordinary: 10 }]]), goRound: new Map() });
  await note('in five minutes', new Date((await serverNow()).getTime() + TEN_MINUTES / 2));
  await note('now');
  await drain(fast, [telegram], { policy });
  expect(telegram.sent.map(({ key }) => key)).toEqual(['now']);
  expect(await deliveryOf(ctx, 'held')).toMatchObject({ state: 'claimed', fence: 1 });
  await enqueue(fast, { key: 'planned by the fast one', kind: 'note', lane: 'urgent', personId: String(lan._id), data: { n: 2 } });
  await drain(slow, [telegram], { policy });
  expect(telegram.sent.map(({ key }) => key)).toEqual(['now', 'planned by the fast one']);
});
