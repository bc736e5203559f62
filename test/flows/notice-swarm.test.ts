import { afterEach, beforeEach, expect, test } from 'vitest';
import { seedCalendar } from '../../src/calendar/seed-calendar.js';
import type { Ctx } from '../../src/context.js';
import { gatherDigests } from '../../src/delivery/digest/gather-digests.js';
import type { Delivery } from '../../src/delivery/delivery.model.js';
import { enqueue } from '../../src/delivery/enqueue.js';
import type { Lane } from '../../src/delivery/intent.js';
import { drain, newPerson, ScriptedSender } from '../support/delivery-world.js';
import { testCtx } from '../support/test-ctx.js';
import type { TestClock } from '../support/test-clock.js';

let ctx: Ctx;
let clock: TestClock;
let close: () => Promise<void>;
let telegram: ScriptedSender;
beforeEach(async () => {
  // Friday 20/11/2026, 08:00 in Vietnam.
  ({ ctx, clock, close } = await testCtx(undefined, { PUBLIC_URL: 'https://nhacviec.invalid' }));
  await seedCalendar(ctx);
  telegram = new ScriptedSender('telegram');
  await newPerson(ctx, 'Nhi', { chats: ['telegram'], roles: ['office'] });
});
afterEach(() => close());

/** So many people without any channel are told something. */
async function outage(count: number, lane: Lane): Promise<void> {
  for (let i = 0; i < count; i++) {
    const person = await newPerson(ctx, `Người ${i}`, { chats: [], phone: `8491234${String(1000 + i)}` });
    await enqueue(ctx, { key: `n${i}`, kind: 'note', lane, personId: String(person._id), data: { n: i, taskCode: `NV-2026-${String(i + 1).padStart(5, '0')}` } });
  }
}
const round = async () => {
  for (let i = 0; i < 3; i++) {
    await gatherDigests(ctx, {});
    await drain(ctx, [telegram], { policy: { perPerson: { max: 1_000, windowMs: 1_000 } } });
  }
};

test.each<[Lane, number]>([['normal', 10], ['urgent', 2]])('a provider is gone and thirty %s messages reach nobody: five notices, then one with all the others', async (lane, minutes) => {
  await outage(30, lane);
  await round();
  expect(telegram.sent).toHaveLength(5);
  clock.advance({ minutes });
  await round();
  expect(telegram.sent).toHaveLength(6);
  const text = telegram.sent.at(-1)?.text ?? '';
  expect(text).toContain('25 thông báo về việc gửi tin');
  expect(text).toMatch(/- Người \d+, Giám đốc Sở Tài chính: 0912 34\d \d{3} — thông báo NV-2026-000\d\d/);
  expect(text).toContain('và 5 trường hợp khác');
  expect(await ctx.db.Delivery.findOne({ kind: 'digest' }).lean<Delivery>()).toMatchObject({ lane, state: 'accepted' });
  clock.advance({ minutes: 30 });
  await round();
  expect(telegram.sent).toHaveLength(6);
});

test('six in ten minutes: the sixth waits for company, and finding none goes alone', async () => {
  await outage(6, 'urgent');
  await round();
  expect(telegram.sent).toHaveLength(5);
  clock.advance({ minutes: 2 });
  await round();
  expect(telegram.sent).toHaveLength(6);
  expect(telegram.sent.at(-1)?.text).toContain('Chưa báo được cho người nhận');
});
