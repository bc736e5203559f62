import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Ctx } from '../../src/context.js';
import { createRequests } from '../../src/sms/drivers/esms-requests.js';
import { testCtx } from '../support/test-ctx.js';
import type { TestClock } from '../support/test-clock.js';

let ctx: Ctx;
let clock: TestClock;
let close: () => Promise<void>;
/** What was asked of the small facts: each question's filter. */
let asked: unknown[];
beforeEach(async () => {
  ({ ctx, clock, close } = await testCtx());
  asked = [];
  const State = new Proxy(ctx.db.State, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function' || !/^(find|count|exists|aggregate|distinct)/.test(String(name))) return value;
      return (...args: unknown[]): unknown => {
        asked.push(args[0]);
        return Reflect.apply(value, target, args);
      };
    },
  });
  ctx = { ...ctx, db: { ...ctx.db, State } };
});
afterEach(() => close());

test('a callback with eSMS’s own id only: found by keys, however many messages the week has; not after its end, nor by an id that was never given', async () => {
  const requests = createRequests(ctx);
  const ids: string[] = [];
  for (let i = 0; i < 30; i++) {
    const id = await requests.current(`k${i}`);
    await requests.begun(id, `tin ${i}`);
    await requests.accepted(id, `s-${i}`);
    ids.push(id);
  }
  asked.length = 0;
  expect(await requests.bySmsId('s-7')).toBe(ids[7]);
  expect(asked).toHaveLength(2);
  expect(asked.every((filter) => typeof filter === 'string')).toBe(true);
  expect(await requests.bySmsId('s-99')).toBeNull();
  await requests.done(ids[7] ?? '');
  expect(await requests.bySmsId('s-7')).toBeNull();
});

test('refused and sent again: the id of the second attempt is the one that is found', async () => {
  const requests = createRequests(ctx);
  const first = await requests.current('k');
  await requests.refused(first);
  const second = await requests.current('k');
  expect(second).not.toBe(first);
  await requests.accepted(second, 's-2');
  expect(await requests.bySmsId('s-2')).toBe(second);
});

test('after a week nothing of it is left', async () => {
  const requests = createRequests(ctx);
  await requests.accepted(await requests.current('k'), 's-1');
  clock.advance({ days: 8 });
  await requests.toAskAbout();
  expect(await ctx.db.State.countDocuments({ _id: { $regex: '^esms' } })).toBe(0);
});
