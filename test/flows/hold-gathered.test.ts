import { afterEach, beforeEach, expect, test } from 'vitest';
import { because, type Ctx } from '../../src/context.js';
import { gatherDigests } from '../../src/delivery/digest/gather-digests.js';
import { enqueueAll } from '../../src/delivery/enqueue.js';
import { resumeSending } from '../../src/delivery/hold/decide-hold.js';
import { beginHold, readHold } from '../../src/delivery/hold/hold.js';
import { claimBatch } from '../../src/delivery/outbox/claim.js';
import { beginCall } from '../../src/delivery/outbox/settle.js';
import { defaultPolicy } from '../../src/delivery/policy.js';
import type { Actor } from '../../src/people/actor.js';
import { drain, newPerson, ScriptedSender } from '../support/delivery-world.js';
import { testCtx } from '../support/test-ctx.js';
import type { TestClock } from '../support/test-clock.js';

const OFFICE: Actor = { kind: 'account', accountId: 'a1', name: 'Nguyễn Thị Lan', role: 'office', agencyCode: 'VP', personId: null };

let ctx: Ctx;
let clock: TestClock;
let close: () => Promise<void>;
beforeEach(async () => {
  ({ ctx, clock, close } = await testCtx('2026-11-19T09:00:00Z'));
});
afterEach(() => close());

test('the office decides two hours after a restore: what had left is dropped, though it has been due so long that it would be gathered', async () => {
  const dat = await newPerson(ctx, 'Hoàng Văn Dật');
  const zalo = new ScriptedSender('zalo');
  // As the backup knows them: two messages that are due now; they left a moment later, and then the backup was put back.
  await enqueueAll(ctx, [1, 2].map((n) => ({ key: `left-${n}`, kind: 'note', lane: 'normal' as const, personId: String(dat._id), data: { n } })));
  const restoredTo = clock.now();
  clock.advance({ minutes: 10 });
  await beginHold(ctx, { cause: 'restored', by: '', reason: '', restoredTo, lastSentAt: new Date(restoredTo.getTime() + 60_000), urgentPasses: false });
  for (let minute = 0; minute < 120; minute += 10) {
    clock.advance({ minutes: 10 });
    await gatherDigests(ctx, {});
    await drain(ctx, [zalo]);
  }
  const since = (await readHold(ctx))?.since ?? clock.now();
  expect(await resumeSending(because(ctx, 'admin:a1:press'), OFFICE, { choice: 'drop', since }, { dir: null, planAll: async () => {} })).toEqual({ dropped: 2 });
  for (let hour = 0; hour < 24; hour++) {
    clock.advance({ hours: 1 });
    await gatherDigests(ctx, {});
    await drain(ctx, [zalo]);
  }
  expect(zalo.sent).toEqual([]);
});

test('the backup was made in the middle of a call: its hand is gone, the row is due anew, and all the same it counts as having left', async () => {
  const dat = await newPerson(ctx, 'Hoàng Văn Dật');
  const zalo = new ScriptedSender('zalo');
  await enqueueAll(ctx, [{ key: 'called', kind: 'note', lane: 'urgent', personId: String(dat._id), data: { n: 1 } }]);
  const [held] = await claimBatch(ctx, { instance: 'gone', limit: 10, leaseMs: defaultPolicy.leaseMs, rooms: new Map([['zalo', { urgent: 10, ordinary: 10 }]]), goRound: new Map() });
  if (!held) return expect.unreachable('nothing was due');
  await beginCall(ctx, held, { channel: 'zalo', to: 'z1', repeat: false, leaseMs: defaultPolicy.leaseMs });
  const restoredTo = clock.now();
  clock.advance({ hours: 5 });
  await beginHold(ctx, { cause: 'restored', by: '', reason: '', restoredTo, lastSentAt: new Date(restoredTo.getTime() + 60_000), urgentPasses: false });
  await drain(ctx, [zalo]);
  clock.advance({ minutes: 10 });
  const since = (await readHold(ctx))?.since ?? clock.now();
  expect(await resumeSending(because(ctx, 'admin:a1:press'), OFFICE, { choice: 'drop', since }, { dir: null, planAll: async () => {} })).toEqual({ dropped: 1 });
  clock.advance({ minutes: 10 });
  await drain(ctx, [zalo]);
  expect(zalo.sent).toEqual([]);
});
