import { afterEach, beforeEach, expect, test } from 'vitest';
import { because, type Ctx } from '../../src/context.js';
import { relayIntents } from '../../src/delivery/relay-intents.js';
import { advanceAlerts } from '../../src/meetings/advance-alerts.js';
import { answerMeeting } from '../../src/meetings/answer-meeting.js';
import { callMeeting, type NewMeeting } from '../../src/meetings/call-meeting.js';
import { cancelMeeting } from '../../src/meetings/cancel-meeting.js';
import { getMeeting } from '../../src/meetings/find-meetings.js';
import type { Meeting } from '../../src/meetings/meeting.model.js';
import { meetingRenderers } from '../../src/meetings/meeting-messages.js';
import { postponeMeeting } from '../../src/meetings/postpone-meeting.js';
import type { Actor } from '../../src/people/actor.js';
import type { Person } from '../../src/people/person.model.js';
import { personActor } from '../../src/people/receivers.js';
import { drain, newPerson, plainRenderers, ScriptedSender } from '../support/delivery-world.js';
import { testCtx } from '../support/test-ctx.js';
import type { TestClock } from '../support/test-clock.js';

const office: Actor = { kind: 'api', name: 'Văn phòng' };
let ctx: Ctx;
let clock: TestClock;
let close: () => Promise<void>;
let lan: Person;
let minh: Person;
let deputy: Person;
let zalo: ScriptedSender;
let causes = 0;
beforeEach(async () => {
  // Monday 23/11/2026, 14:00 in Vietnam.
  ({ ctx, clock, close } = await testCtx('2026-11-23T07:00:00Z'));
  zalo = new ScriptedSender('zalo');
  deputy = await newPerson(ctx, 'Phó');
  lan = await newPerson(ctx, 'Lan', { deputyId: deputy._id, phone: '84912345678' });
  minh = await newPerson(ctx, 'Minh');
  await newPerson(ctx, 'Văn phòng', { roles: ['office'] });
});
afterEach(() => close());

const anew = (): Ctx => because(ctx, `test:${++causes}`);
const call = (more: Partial<NewMeeting> = {}): Promise<Meeting> =>
  callMeeting(anew(), office, { title: 'Ứng phó mưa lớn', kind: 'urgent', startsAt: new Date('2026-11-23T09:00:00Z'), place: 'phòng họp tầng 3', chair: 'Chủ tịch UBND tỉnh', attendeeIds: [String(lan._id), String(minh._id)], ...more });
const answer = (person: Person, code: string, said: 'received' | 'attending' | 'absent', note?: string) =>
  answerMeeting(anew(), personActor(person, 'zalo'), { code, answer: said, ...(note ? { note } : {}) });

/** Everything due now; returns who got what, by name and first line. */
async function settle(): Promise<string[]> {
  const from = zalo.sent.length;
  const rounds = async () => (await advanceAlerts(ctx)) + (await relayIntents(ctx)) + (await drain(ctx, [zalo], { renderers: { ...plainRenderers, ...meetingRenderers } }));
  while ((await rounds()) > 0);
  return zalo.sent.slice(from).map((s) => `${s.to.split('-')[1]}: ${s.text.split('\n')[0]}`).sort();
}

test('called: one write, everybody invited is told, and told once', async () => {
  const { code } = await call();
  expect(code).toBe('HOP-2026-00001');
  expect(await settle()).toEqual([`Lan: 🔴 HỎA TỐC · Họp ${code}`, `Minh: 🔴 HỎA TỐC · Họp ${code}`]);
  expect(await settle()).toEqual([]);
  expect(zalo.sent[0]?.text).toContain('16:00 hôm nay, thứ Hai 23/11/2026, tại phòng họp tầng 3. Chủ trì: Chủ tịch UBND tỉnh.');
});

test('nobody answers: again after 5 minutes, after 10 the deputy and the office with the phone', async () => {
  const { code } = await call({ attendeeIds: [String(lan._id)] });
  await settle();
  clock.advance({ minutes: 5 });
  expect(await settle()).toEqual([`Lan: 🔴 HỎA TỐC · Nhắc họp ${code}`]);
  clock.advance({ minutes: 5 });
  expect(await settle()).toEqual([`Phó: 🔴 HỎA TỐC · Họp ${code}`, `Văn phòng: ⚠️ Chưa xác nhận họp hỏa tốc · ${code}`]);
  expect(zalo.sent.at(-1)?.text + (zalo.sent.at(-2)?.text ?? '')).toContain('0912 345 678');
  clock.advance({ minutes: 60 });
  expect(await settle()).toEqual([]);
  await answer(deputy, code, 'attending');
  expect((await getMeeting(ctx, office, code)).confirmations).toMatchObject([{ name: 'Lan', answer: 'attending', via: 'zalo' }]);
});

test('“Đã nhận” stops the remaining steps; the page shows who has confirmed', async () => {
  const { code } = await call();
  await settle();
  await answer(lan, code, 'received');
  await answer(minh, code, 'absent', 'đi công tác');
  clock.advance({ minutes: 30 });
  expect(await settle()).toEqual([]);
  const { confirmations } = await getMeeting(ctx, office, code);
  expect(confirmations).toMatchObject([
    { name: 'Lan', position: 'Giám đốc Sở Tài chính', acknowledgedAt: expect.any(Date), answer: null },
    { name: 'Minh', acknowledgedAt: expect.any(Date), answer: 'absent', note: 'đi công tác', via: 'zalo' },
  ]);
  await answer(minh, code, 'received');
  expect((await getMeeting(ctx, office, code)).confirmations[1]?.answer).toBe('absent');
  expect(await ctx.db.Delivery.countDocuments({ meetingCode: code, state: 'acknowledged' })).toBe(2);
});

test('one confirms, the other does not: only the other is reminded, and only that one is named to the office', async () => {
  const { code } = await call();
  await settle();
  await answer(minh, code, 'received');
  clock.advance({ minutes: 5 });
  expect(await settle()).toEqual([`Lan: 🔴 HỎA TỐC · Nhắc họp ${code}`]);
  clock.advance({ minutes: 5 });
  await settle();
  const toOffice = zalo.sent.find((s) => s.text.includes('Chưa xác nhận'))?.text ?? '';
  expect(toOffice).toContain('- Lan, Giám đốc Sở Tài chính: 0912 345 678');
  expect(toOffice).not.toContain('Minh');
});

test('confirmed between the step and the sending: the reminder in the queue is not sent', async () => {
  const { code } = await call({ attendeeIds: [String(lan._id)] });
  await settle();
  clock.advance({ minutes: 5 });
  await advanceAlerts(ctx);
  await answer(lan, code, 'received');
  expect(await settle()).toEqual([]);
});

test('the same cause twice: one meeting, one answer; the same answer twice changes nothing', async () => {
  const same = because(ctx, 'admin:1');
  const input: NewMeeting = { title: 'Giao ban', kind: 'regular', startsAt: new Date('2026-11-25T02:00:00Z'), place: 'tầng 2', attendeeIds: [String(lan._id)] };
  const first = await callMeeting(same, office, input);
  expect((await callMeeting(same, office, input)).code).toBe(first.code);
  expect(await ctx.db.Meeting.countDocuments()).toBe(1);
  const tap = because(ctx, 'zalo:5');
  await answerMeeting(tap, personActor(lan, 'zalo'), { code: first.code, answer: 'attending' });
  const once = await ctx.db.Meeting.findOne({ code: first.code }).lean();
  clock.advance({ minutes: 1 });
  await answerMeeting(tap, personActor(lan, 'zalo'), { code: first.code, answer: 'attending' });
  expect(await ctx.db.Meeting.findOne({ code: first.code }).lean()).toEqual(once);
});

test('postponed with half of the people told: a change for those who were, a plain invitation for the others', async () => {
  const { code } = await call({ kind: 'regular', startsAt: new Date('2026-11-24T02:00:00Z') });
  // Minh's message fails, once more when it has looked for another way, and waits; Lan's arrives.
  zalo.answer(...[1, 2, 3].map(() => (to: string) => (to.includes('Minh') ? ({ kind: 'retry', code: '503', maybeSent: false, afterMs: 600_000 } as const) : ({ kind: 'accepted', providerId: 'a' } as const))));
  await settle();
  await answer(lan, code, 'attending');
  await postponeMeeting(anew(), office, { code, startsAt: new Date('2026-11-26T02:00:00Z'), reason: 'Chủ tịch đi công tác' });
  clock.advance({ minutes: 10 });
  expect(await settle()).toEqual([`Lan: 📅 Thay đổi lịch họp ${code}`, `Minh: 📅 Mời họp ${code}`]);
  const change = zalo.sent.find((s) => s.text.includes('Thay đổi'))?.text ?? '';
  expect(change).toContain('09:00 thứ Năm 26/11/2026');
  expect(change).toContain('Hoãn: từ 09:00 ngày mai, thứ Ba 24/11/2026 sang 09:00 thứ Năm 26/11/2026. Lý do: Chủ tịch đi công tác.');
  expect((await getMeeting(ctx, office, code)).confirmations[0]).toMatchObject({ answer: null, acknowledgedAt: null });
});

test('a tap under the old invitation does not count for a new time the person has not heard of', async () => {
  const { code } = await call();
  await settle();
  await postponeMeeting(anew(), office, { code, startsAt: new Date('2026-11-23T12:00:00Z'), reason: 'đổi giờ' });
  await expect(answer(lan, code, 'attending')).rejects.toMatchObject({ code: 'changed-meanwhile' });
  await settle();
  await answer(lan, code, 'attending');
  expect((await getMeeting(ctx, office, code)).confirmations[0]).toMatchObject({ answer: 'attending' });
});

test('cancelled: no invitation any more, and a correction exactly to those who were told', async () => {
  const { code } = await call();
  zalo.answer(...[1, 2, 3].map(() => (to: string) => (to.includes('Minh') ? ({ kind: 'retry', code: '503', maybeSent: false, afterMs: 60_000 } as const) : ({ kind: 'accepted', providerId: 'x' } as const))));
  await settle();
  await cancelMeeting(anew(), office, { code, reason: 'mưa đã giảm' });
  clock.advance({ minutes: 30 });
  expect(await settle()).toEqual([`Lan: 🔴 HỎA TỐC · Hủy họp ${code}`]);
  const states = await ctx.db.Delivery.find({ meetingCode: code, personId: minh._id }).sort({ _id: 1 }).lean();
  expect(states.map((d) => d.reason)).toEqual(['meeting-cancelled', 'never-told']);
  await expect(answer(lan, code, 'attending')).rejects.toMatchObject({ code: 'meeting-over', message: `Cuộc họp ${code} đã hủy.` });
});

test('cancelled before anybody was told: silence', async () => {
  const { code } = await call();
  await advanceAlerts(ctx);
  await cancelMeeting(anew(), office, { code, reason: 'nhầm' });
  expect(await settle()).toEqual([]);
});

test('cancelled while an invitation is in the air: the correction follows it, never overtakes it', async () => {
  const { code } = await call({ attendeeIds: [String(lan._id)] });
  zalo.answer(async () => {
    await cancelMeeting(anew(), office, { code, reason: 'mưa đã giảm' });
    await relayIntents(ctx);
    await drain(ctx, [zalo], { renderers: { ...plainRenderers, ...meetingRenderers }, instance: 'two' });
    expect(zalo.sent).toHaveLength(1);
    return { kind: 'accepted', providerId: 'p' };
  });
  await settle();
  clock.advance({ seconds: 2 });
  await settle();
  expect(zalo.sent.map((s) => s.text.split('\n')[0])).toEqual([`🔴 HỎA TỐC · Họp ${code}`, `🔴 HỎA TỐC · Hủy họp ${code}`]);
});

test('two instances advance at once, and everybody confirms at once: each step once, no confirmation lost', async () => {
  const people = await Promise.all(Array.from({ length: 30 }, (_, i) => newPerson(ctx, `N${i}`)));
  const { code } = await call({ attendeeIds: people.map((p) => String(p._id)) });
  const [one, two] = await Promise.all([advanceAlerts(ctx), advanceAlerts(ctx)]);
  expect(one + two).toBe(30);
  expect(await settle()).toHaveLength(30);
  clock.advance({ minutes: 5 });
  await Promise.all([...people.map((p) => answer(p, code, 'received')), advanceAlerts(ctx), advanceAlerts(ctx)]);
  expect((await getMeeting(ctx, office, code)).confirmations.every((c) => c.acknowledgedAt !== null)).toBe(true);
  expect(await settle()).toEqual([]);
});

test('nonsense is refused with its reason', async () => {
  await expect(call({ attendeeIds: ['6500000000000000000000ab'] })).rejects.toMatchObject({ code: 'attendee-unknown', params: { id: '6500000000000000000000ab' } });
  await expect(call({ attendeeIds: [String(lan._id), 'x'] })).rejects.toMatchObject({ code: 'attendee-unknown', params: { id: 'x' } });
  await expect(call({ startsAt: clock.now() })).rejects.toMatchObject({ code: 'meeting-in-past' });
  await expect(call({ title: ' ' })).rejects.toMatchObject({ code: 'input-invalid' });
  const { code } = await call({ attendeeIds: [String(lan._id)] });
  await expect(answer(minh, code, 'attending')).rejects.toMatchObject({ code: 'not-invited' });
  await expect(postponeMeeting(anew(), personActor(lan, 'zalo'), { code, startsAt: new Date('2027-01-01'), reason: 'x' })).rejects.toMatchObject({ code: 'forbidden' });
  await expect(cancelMeeting(anew(), office, { code: 'HOP-2026-99999', reason: 'x' })).rejects.toMatchObject({ code: 'meeting-unknown' });
  expect(await ctx.db.Meeting.countDocuments()).toBe(1);
});
