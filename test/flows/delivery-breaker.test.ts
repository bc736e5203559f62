import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Ctx } from '../../src/context.js';
import { enqueue } from '../../src/delivery/enqueue.js';
import type { Lane } from '../../src/delivery/intent.js';
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

const policy = { quiet: null, digest: { at: '07:30', spreadMs: 0, staleMs: 24 * 3_600_000, graceMs: 0 } };

test('Zalo is down for ten minutes: five calls notice, then one a minute; urgent ones leave by Telegram at once; the others wait and come back without a flood', async () => {
  const people = await Promise.all(Array.from({ length: 30 }, (_, i) => newPerson(ctx, `P${i}`, { chats: ['zalo', 'telegram'] })));
  const note = (n: number, lane: Lane) => enqueue(ctx, { key: `${lane}${n}`, kind: 'note', lane, personId: String(people[n % people.length]?._id), data: { n } });
  let down = true;
  const calls: number[] = [];
  const zalo = new ScriptedSender('zalo');
  zalo.send = async (to, { text }, { key }) => {
    calls.push(clock.now().getTime());
    if (down) return { kind: 'retry', code: 'ECONNREFUSED', maybeSent: false };
    zalo.sent.push({ to, text, key });
    return { kind: 'accepted', providerId: `z${zalo.sent.length}` };
  };
  const telegram = new ScriptedSender('telegram');
  for (let n = 0; n < 30; n++) await note(n, 'normal');
  await drain(ctx, [zalo, telegram], { policy });
  const noticed = calls.length;
  await note(1, 'urgent');
  await drain(ctx, [zalo, telegram], { policy, instance: 'two' });
  expect(telegram.sent.map(({ key }) => key)).toEqual(['urgent1']);
  expect(calls).toHaveLength(noticed);
  for (let second = 0; second < 600; second += 5) {
    clock.advance({ seconds: 5 });
    await Promise.all([drain(ctx, [zalo, telegram], { policy }), drain(ctx, [zalo, telegram], { policy, instance: 'two' })]);
  }
  expect(calls.length - noticed).toBeGreaterThanOrEqual(8);
  expect(calls.length - noticed).toBeLessThanOrEqual(10);
  expect(telegram.sent.filter(({ key }) => key.startsWith('normal'))).toEqual([]);
  down = false;
  for (let second = 0; second < 600 && zalo.sent.length < 30; second += 5) {
    clock.advance({ seconds: 5 });
    await drain(ctx, [zalo, telegram], { policy });
  }
  expect(new Set(zalo.sent.map(({ key }) => key)).size).toBe(30);
}, 120_000);
