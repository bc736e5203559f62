import { afterEach, beforeEach, expect, test } from 'vitest';
import { seedCalendar } from '../../src/calendar/seed-calendar.js';
import type { Ctx } from '../../src/context.js';
import { gatherDigests } from '../../src/delivery/digest/gather-digests.js';
import type { Delivery } from '../../src/delivery/delivery.model.js';
import { enqueueAll } from '../../src/delivery/enqueue.js';
import type { Lane } from '../../src/delivery/intent.js';
import { followUp } from '../../src/delivery/receipts/follow-up.js';
import { relayIntents } from '../../src/delivery/relay-intents.js';
import { advanceAlerts } from '../../src/meetings/advance-alerts.js';
import { callMeeting } from '../../src/meetings/call-meeting.js';
import { meetingRenderers } from '../../src/meetings/meeting-messages.js';
import type { Person } from '../../src/people/person.model.js';
import { drain, newPerson, plainRenderers, ScriptedSender } from '../support/delivery-world.js';
import { meetingOffice } from '../support/meeting-story.js';
import { testCtx } from '../support/test-ctx.js';
import type { TestClock } from '../support/test-clock.js';

let ctx: Ctx;
let clock: TestClock;
let close: () => Promise<void>;
let zalo: ScriptedSender;
let lan: Person;
beforeEach(async () => {
  // Monday 23/11/2026, 14:00 in Vietnam.
  ({ ctx, clock, close } = await testCtx('2026-11-23T07:00:00Z'));
  await seedCalendar(ctx);
  zalo = new ScriptedSender('zalo');
  lan = await newPerson(ctx, 'Lan');
});
afterEach(() => close());

const renderers = { ...plainRenderers, ...meetingRenderers };
/** What every tick of half a minute does. */
const round = async () => {
  while ((await advanceAlerts(ctx)) + (await relayIntents(ctx)) > 0);
  for (let i = 0; i < 3; i++) {
    await gatherDigests(ctx, {});
    await drain(ctx, [zalo], { renderers });
  }
};
const pass = async (seconds: number) => {
  for (let left = seconds; left > 0; left -= 15) {
    clock.advance({ seconds: Math.min(15, left) });
    await round();
  }
};
const toldTo = (name: string) => zalo.sent.filter(({ to }) => to.startsWith(`zalo-${name}-`)).map(({ text }) => text);

/** So many officers are on leave, with Lan acting for all of them, and each is told something of an urgent meeting of their own. */
async function allAway(count: number, lane: Lane): Promise<void> {
  const leave = { from: new Date('2026-11-20T00:00:00+07:00'), until: new Date('2026-12-01T00:00:00+07:00') };
  const away = await ctx.db.Person.insertMany(Array.from({ length: count }, (_, i) => ({ name: `Vắng ${i}`, nameFold: `vang ${i}`, position: 'Chuyên viên', agencyCode: 'STC', roles: ['officer'], deputyId: lan._id, leave, createdAt: clock.now() })));
  await ctx.db.ChatLink.insertMany(away.map(({ _id }, i) => ({ channel: 'zalo', chatId: `zalo-vang-${i}`, senderId: `zalo-vang-${i}`, personId: _id, linkedAt: clock.now(), linkedBy: 'code', lastInboundAt: clock.now() })));
  const code = (i: number) => `HOP-2026-${String(i + 1).padStart(5, '0')}`;
  await ctx.db.Meeting.insertMany(away.map((_, i) => ({ code: code(i), title: 'Họp', kind: 'urgent', startsAt: new Date(clock.now().getTime() + (count - i) * 60_000 + 3_600_000), place: 'phòng 1', chair: 'Chủ tịch', attendees: [], version: 1, rev: 1, status: 'called', createdAt: clock.now(), updatedAt: clock.now(), cause: `t${i}`, intents: [] })));
  await enqueueAll(ctx, away.map(({ _id }, i) => ({ key: `n${i}:${String(_id)}`, kind: 'note', lane, personId: String(_id), data: { n: i, meetingCode: code(i) } })));
}

test('Lan acts for three hundred people and all are told something urgent at once: five messages at once, the others as one within a minute', async () => {
  await allAway(300, 'urgent');
  await round();
  expect(toldTo('Lan')).toHaveLength(5);
  expect(toldTo('Lan')[0]).toContain('nhận thay đồng chí Vắng');
  await pass(45);
  expect(toldTo('Lan')).toHaveLength(6);
  const text = toldTo('Lan').at(-1) ?? '';
  expect(text).toContain('🔴 KHẨN · 295 tin cùng lúc cần đồng chí xử lý');
  // The one that begins first stands first, with its code and for whom.
  expect(text.split('\n')[3]).toBe('- 23/11/2026 15:01 · HOP-2026-00300: Tin 299 (thay đồng chí Vắng 299)');
  expect(text).toContain('và 275 tin khác.');
  expect(zalo.sent.every(({ to }) => to.startsWith('zalo-Lan-'))).toBe(true);
  // Each is on record as told.
  expect(await ctx.db.Delivery.countDocuments({ personId: lan._id, behalfOf: { $ne: null }, $or: [{ state: 'accepted' }, { state: 'suppressed', reason: 'in-digest' }] })).toBe(300);
  await pass(600);
  expect(toldTo('Lan')).toHaveLength(6);
}, 120_000);

test('not urgent: five singly, the rest together within ten minutes', async () => {
  await allAway(30, 'normal');
  await round();
  // Five messages in five seconds and no more go to one person.
  clock.advance({ seconds: 10 });
  await round();
  expect(toldTo('Lan')).toHaveLength(5);
  await pass(600);
  expect(toldTo('Lan')).toHaveLength(6);
  expect(toldTo('Lan').at(-1)).toContain('🔔 · 25 tin cùng lúc cần đồng chí xử lý');
});

test('unheard for three minutes, the bundle goes by another channel too', async () => {
  await ctx.db.ChatLink.create({ channel: 'telegram', chatId: 'telegram-Lan', senderId: 'l', personId: lan._id, linkedAt: clock.now(), linkedBy: 'code', lastInboundAt: clock.now() });
  await allAway(8, 'urgent');
  await round();
  await pass(45);
  const telegram = new ScriptedSender('telegram');
  clock.advance({ minutes: 4 });
  await followUp(ctx, ['zalo', 'telegram'], {});
  await drain(ctx, [zalo, telegram], { renderers });
  expect(telegram.sent.map(({ text }) => text).filter((text) => text.includes('3 tin cùng lúc'))).toHaveLength(1);
});

test('forty people of one office are silent on an urgent meeting each: their deputy is called in five times and once for all others, and so is the office', async () => {
  const office = await newPerson(ctx, 'Nhi', { roles: ['office'] });
  for (let i = 0; i < 40; i++) {
    const silent = await newPerson(ctx, `Im ${i}`, { deputyId: lan._id, phone: `8491234${1000 + i}` });
    await callMeeting({ ...ctx, cause: `m${i}` }, meetingOffice, { title: `Việc ${i}`, kind: 'urgent', startsAt: new Date(clock.now().getTime() + 3 * 3_600_000 + i * 60_000), place: 'phòng 1', chair: 'Chủ tịch', attendeeIds: [String(silent._id)] });
  }
  await round();
  expect(toldTo('Lan')).toEqual([]);
  await pass(11 * 60);
  expect(toldTo('Lan')).toHaveLength(6);
  expect(toldTo('Lan').at(-1)).toMatch(/35 tin cùng lúc[\s\S]*- 23\/11\/2026 17:\d\d · .*HOP-2026-\d{5}.* Đồng chí Im \d+ chưa xác nhận/);
  expect(toldTo(office.name)).toHaveLength(6);
  expect(toldTo(office.name).at(-1)).toMatch(/35 tin cùng lúc[\s\S]*Im \d+ 0912 34\d \d{3} chưa xác nhận/);
  const lane = await ctx.db.Delivery.find({ kind: 'digest' }).lean<Delivery[]>();
  expect(lane.map((one) => [one.lane, one.state])).toEqual([['urgent', 'accepted'], ['urgent', 'accepted']]);
}, 120_000);

test('five in a while are five messages: nothing is gathered', async () => {
  await allAway(5, 'urgent');
  await round();
  await pass(60);
  expect(toldTo('Lan')).toHaveLength(5);
  expect(await ctx.db.Delivery.countDocuments({ kind: 'digest' })).toBe(0);
});
