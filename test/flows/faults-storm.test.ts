import { afterEach, beforeEach, expect, test } from 'vitest';
import { seedCalendar } from '../../src/calendar/seed-calendar.js';
import type { Ctx } from '../../src/context.js';
import { gatherDigests } from '../../src/delivery/digest/gather-digests.js';
import type { Delivery } from '../../src/delivery/delivery.model.js';
import { tellAllUndelivered } from '../../src/delivery/notices/tell-office.js';
import { drain, newPerson, ScriptedSender } from '../support/delivery-world.js';
import { testCtx } from '../support/test-ctx.js';
import type { TestClock } from '../support/test-clock.js';

const ALERTS = 2_000;
let ctx: Ctx;
let clock: TestClock;
let close: () => Promise<void>;
let telegram: ScriptedSender;
beforeEach(async () => {
  ({ ctx, clock, close } = await testCtx(undefined, { PUBLIC_URL: 'https://nhacviec.invalid' }));
  await seedCalendar(ctx);
  telegram = new ScriptedSender('telegram');
});
afterEach(() => close());

test('a provider is gone and two thousand urgent alerts fail at once: each of the Office gets five of them and four messages with all the others, not two thousand', async () => {
  const office = await Promise.all(['Nhi', 'Hà'].map((name) => newPerson(ctx, name, { chats: ['telegram'], roles: ['office'] })));
  const silent = await Promise.all(Array.from({ length: 20 }, (_, i) => newPerson(ctx, `Người ${i}`, { chats: [], phone: `8491234${1000 + i}` })));
  const failed = Array.from({ length: ALERTS }, (_, i) => ({ reason: 'no-channel', delivery: { key: `alert:${i}`, kind: 'meeting-alert', lane: 'urgent', personId: silent[i % 20]?._id, chat: null, taskCode: null, meetingCode: `HOP-2026-${String(i + 1).padStart(5, '0')}` } as unknown as Delivery }));
  // As the workers hand them over: some hundred at a time, and some of them twice.
  for (let from = 0; from < ALERTS; from += 400) await tellAllUndelivered(ctx, failed.slice(from, from + 400));
  await tellAllUndelivered(ctx, failed.slice(0, 400));
  // Each is on record for each of the Office.
  expect(await ctx.db.Delivery.countDocuments({ kind: 'delivery-dead' })).toBe(ALERTS * office.length);

  for (let minute = 0; minute < 6; minute++) {
    await gatherDigests(ctx, {});
    await drain(ctx, [telegram]);
    clock.advance({ minutes: 1 });
  }
  const heard = office.map((_, i) => telegram.sent.filter(({ to }) => to.startsWith(`telegram-${['Nhi', 'Hà'][i]}-`)).map(({ text }) => text));
  for (const texts of heard) {
    // A digest holds five hundred lines.
    expect(texts).toHaveLength(5 + Math.ceil((ALERTS - 5) / 500));
    const gathered = texts.slice(5).map((text) => Number((/([\d.]+) thông báo về việc gửi tin/.exec(text)?.[1] ?? '0').replaceAll('.', '')));
    expect(gathered.reduce((sum, count) => sum + count, 0)).toBe(ALERTS - 5);
    expect(texts.at(-1)).toMatch(/0912 34\d \d{3}/);
  }
  expect(await ctx.db.Delivery.countDocuments({ kind: 'delivery-dead', state: 'planned' })).toBe(0);
}, 240_000);
