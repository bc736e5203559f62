import { afterEach, beforeEach, expect, test } from 'vitest';
import { because, type Ctx } from '../../src/context.js';
import { enqueue } from '../../src/delivery/enqueue.js';
import { holdSending } from '../../src/delivery/hold/decide-hold.js';
import { dropWaiting } from '../../src/delivery/hold/drop-waiting.js';
import type { Actor } from '../../src/people/actor.js';
import type { Person } from '../../src/people/person.model.js';
import { deliveryOf, newPerson } from '../support/delivery-world.js';
import { testCtx } from '../support/test-ctx.js';

const OFFICE: Actor = { kind: 'account', accountId: 'a1', name: 'Nguyễn Thị Lan', role: 'office', agencyCode: 'VP', personId: null };
const LEADER: Actor = { kind: 'account', accountId: 'a2', name: 'Lãnh đạo', role: 'leader', agencyCode: 'UBND', personId: null };

let ctx: Ctx;
let close: () => Promise<void>;
let dat: Person;
beforeEach(async () => {
  ({ ctx, close } = await testCtx('2026-11-19T09:00:00Z'));
  dat = await newPerson(ctx, 'Hoàng Văn Dật');
});
afterEach(() => close());

const plan = (key: string, taskCode: string) => enqueue(ctx, { key, kind: 'note', lane: 'normal', personId: String(dat._id), taskCode, data: { n: 1 } });
const drop = (actor: Actor, code: string) => dropWaiting(because(ctx, 'admin:a1:press'), actor, { code });

test('a task given by mistake: sending is held, what waits about it is taken back, the rest goes on waiting', async () => {
  await plan('wrong-1', 'NV-2026-00007');
  await plan('wrong-2', 'NV-2026-00007');
  await plan('right', 'NV-2026-00008');
  await expect(drop(OFFICE, 'NV-2026-00007')).rejects.toMatchObject({ code: 'hold-changed' });
  await holdSending(because(ctx, 'admin:a1:stop'), OFFICE, { reason: 'giao nhầm', urgentPasses: false });
  await expect(drop(LEADER, 'NV-2026-00007')).rejects.toMatchObject({ code: 'forbidden' });
  expect(await drop(OFFICE, 'NV-2026-00007')).toEqual({ dropped: 2 });
  expect(await drop(OFFICE, 'NV-2026-00007')).toEqual({ dropped: 0 });
  expect(await deliveryOf(ctx, 'wrong-1')).toMatchObject({ state: 'suppressed', reason: 'dropped-by-office' });
  expect((await deliveryOf(ctx, 'right')).state).toBe('planned');
  expect(await ctx.db.AuditEntry.countDocuments({ action: 'hold.drop', entityKey: 'NV-2026-00007' })).toBe(1);
});
