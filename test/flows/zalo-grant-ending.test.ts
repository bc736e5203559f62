import { afterEach, beforeEach, expect, test } from 'vitest';
import { warnOfEnd } from '../../bots/zalo/oa/ending.js';
import { createGrantStore } from '../../bots/zalo/oa/grant.js';
import { because } from '../../src/context.js';
import { Secret } from '../../src/kernel/secret.js';
import { registerAgency } from '../../src/people/register-agency.js';
import { registerPerson } from '../../src/people/register-person.js';
import { testCtx } from '../support/test-ctx.js';

const SYSTEM = { kind: 'system', name: 'Kiểm thử' } as const;
let bench: Awaited<ReturnType<typeof testCtx>>;
beforeEach(async () => {
  bench = await testCtx('2026-11-20T01:00:00Z');
  await registerAgency(because(bench.ctx, 'vp'), SYSTEM, { code: 'VP', name: 'Văn phòng UBND tỉnh', type: 'office' });
  await registerPerson(because(bench.ctx, 'lan'), SYSTEM, { name: 'Nguyễn Thị Lan', position: 'Chuyên viên', agencyCode: 'VP', roles: ['office'] });
});
afterEach(() => bench.close());

test('the office hears of each step once, however often it is looked at; a refresh starts anew', async () => {
  const { ctx, clock } = bench;
  const store = createGrantStore(ctx, '42', new Secret('first-refresh-token'));
  const look = async () => warnOfEnd(ctx, await store.load());
  const notices = () => ctx.db.Delivery.find({ kind: 'grant-ending' }).sort({ createdAt: 1 }).lean();
  for (let day = 0; day < 95; day++) {
    for (let n = 0; n < 3; n++) await look();
    clock.advance({ days: 1 });
  }
  expect((await notices()).map(({ data }) => data['daysLeft'])).toEqual(['14', '7', '3', '1']);
  const now = clock.now();
  await store.change('first-refresh-token', { refreshToken: 'second', accessToken: 'a', obtainedAt: now, issuedAt: now });
  expect(await look()).toBeNull();
  clock.advance({ days: 80 });
  expect((await look())?.step).toBe(14);
  expect(await notices()).toHaveLength(5);
});
