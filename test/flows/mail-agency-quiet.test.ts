import { afterEach, beforeEach, expect, test } from 'vitest';
import { gatherDigests } from '../../src/delivery/digest/gather-digests.js';
import type { Delivery } from '../../src/delivery/delivery.model.js';
import { holdSending } from '../../src/delivery/hold/decide-hold.js';
import { dropWaiting } from '../../src/delivery/hold/drop-waiting.js';
import { drainOutbox } from '../../src/delivery/outbox/drain-outbox.js';
import { relayIntents } from '../../src/delivery/relay-intents.js';
import { deliveryRenderers } from '../../src/delivery/renderers.js';
import { planReminders } from '../../src/directives/plan-reminders.js';
import { taskRenderers } from '../../src/directives/task-messages.js';
import { meetingRenderers } from '../../src/meetings/meeting-messages.js';
import { callMeeting } from '../../src/meetings/call-meeting.js';
import { advanceAlerts } from '../../src/meetings/advance-alerts.js';
import { answerTo, mailHouse, type Received } from '../support/mail-house.js';
import { assigned, current, office } from '../support/task-story.js';

const STC = 'vanthu@stc.laocai.example';
const SXD = 'vanthu@sxd.laocai.example';
const renderers = { ...deliveryRenderers, ...taskRenderers, ...meetingRenderers };
let house: Awaited<ReturnType<typeof mailHouse>>;
beforeEach(async () => {
  house = await mailHouse();
  const { ctx, quyen } = house;
  await ctx.db.Agency.updateOne({ code: 'STC' }, { $set: { email: STC } });
  await ctx.db.Agency.updateOne({ code: 'SXD' }, { $set: { email: SXD } });
  await ctx.db.Person.updateOne({ _id: quyen._id }, { $set: { active: false } });
});
afterEach(() => house.close());

/** Everything due now, with the office's ordinary quiet hours and digests. */
const work = async (at?: string): Promise<Received[]> => {
  const { ctx, clock, module } = house;
  if (at) clock.set(`${at}:00+07:00`);
  for (let round = 0; round < 4; round++) {
    await planReminders(ctx);
    await advanceAlerts(ctx);
    await relayIntents(ctx);
    await gatherDigests(ctx, {});
    await drainOutbox(ctx, { senders: [module.sender], renderers, instance: 'test' });
  }
  return house.letters();
};
const to = (letters: Received[], address: string) => letters.filter(({ envelopeTo }) => envelopeTo === address);

/** Three tasks of the Sở Tài chính and one of the Sở Xây dựng, all told; Friday 20/11, 08:00. */
async function told(): Promise<string[]> {
  const codes: string[] = [];
  for (const leadAgencyCode of ['STC', 'STC', 'STC', 'SXD']) codes.push((await assigned(house.ctx, { leadAgencyCode, dueOn: '2026-11-25' })).code);
  await work();
  return codes;
}

test('reminders come to an agency\'s mailbox as one letter at 07:30 on a working day, and it answers from there', async () => {
  const [first = ''] = await told();
  expect(await work('2026-11-21T10:00')).toEqual([]); // Saturday
  expect(await work('2026-11-23T07:29')).toEqual([]);
  const letters = await work('2026-11-23T07:36');
  expect(letters.map(({ envelopeTo }) => envelopeTo).sort()).toEqual([STC, SXD]);
  const [digest] = to(letters, STC);
  expect(digest?.text).toContain('Nhắc việc thứ Hai 23/11/2026 · 3 nhiệm vụ');
  expect(digest?.text).toContain('Kính gửi Sở Tài chính.');
  expect(digest?.text).not.toContain('đồng chí');
  expect(to(letters, SXD)[0]?.subject).toContain('[NV-2026-');
  await house.write({ from: STC, to: answerTo(digest), body: `/capnhat ${first} 40% đã giao phòng Đầu tư` });
  expect(await current(house.ctx, { code: first })).toMatchObject({ percent: 40, progress: [{ by: { name: 'Sở Tài chính', channel: 'email' } }] });
});

test('at night nothing comes to a mailbox but what is urgent; what somebody did in the night comes in the morning', async () => {
  house.clock.set('2026-11-20T22:00:00+07:00');
  await assigned(house.ctx, { dueOn: '2026-12-10' });
  await assigned(house.ctx, { dueOn: '2026-12-10' }, { urgency: 'express' });
  const night = to(await work(), STC);
  expect(night).toHaveLength(1);
  expect(night[0]?.text).toContain('HỎA TỐC');
  expect(to(await work('2026-11-21T06:29'), STC)).toEqual([]);
  expect(to(await work('2026-11-21T06:41'), STC)).toHaveLength(1);
});

test('after a standstill a mailbox gets one letter for all that waited, invitations too, and no button for what only people answer', async () => {
  const { ctx, at, dat } = house;
  for (let n = 0; n < 2; n++) await assigned(ctx, { dueOn: '2026-12-10' });
  await callMeeting(at('call'), office, { title: 'Ứng phó mưa lớn', kind: 'regular', startsAt: new Date('2026-11-27T02:00:00Z'), place: 'Phòng họp tầng 3', attendeeIds: [String(dat._id)] });
  await advanceAlerts(ctx);
  await relayIntents(ctx);
  house.clock.set('2026-11-20T14:00:00+07:00');
  await gatherDigests(ctx, {});
  expect(await ctx.db.Delivery.countDocuments({ 'data.agencyCode': 'STC', digestKey: 'gather' }), 'whoever looks first').toBe(3);
  const first = to(await work(), STC);
  const letters = [...first, ...to(await work('2026-11-20T14:01'), STC)];
  expect(letters).toHaveLength(1);
  expect(letters[0]?.text).toContain('Tin trong thời gian hệ thống gián đoạn · 3 tin');
  expect(letters[0]?.text).toContain('đã đến lúc báo quý cơ quan');
  expect(letters[0]?.text).toContain('Mời họp HOP-2026-00001');
  expect(JSON.stringify(letters[0]?.html)).not.toContain('xacnhan');
  expect(await ctx.db.Delivery.countDocuments({ 'data.agencyCode': 'STC', reason: 'in-digest' })).toBe(3);
});

test('while sending is held a mailbox hears nothing, and what waits for it can be taken back', async () => {
  await holdSending(house.at('hold'), office, { reason: 'giao nhầm', urgentPasses: false });
  house.clock.advance({ seconds: 5 });
  const { code } = await assigned(house.ctx, { dueOn: '2026-12-10' });
  const kept = await assigned(house.ctx, { leadAgencyCode: 'SXD', dueOn: '2026-12-10' });
  expect(await work()).toEqual([]);
  expect(await dropWaiting(house.at('drop'), office, { code })).toEqual({ dropped: 2 });
  const rows = await house.ctx.db.Delivery.find({ 'data.agencyCode': { $gt: '' } }).lean<Delivery[]>();
  expect(rows.map(({ taskCode, state }) => [taskCode, state]).sort()).toEqual([[code, 'suppressed'], [kept.code, 'planned']].sort());
});

test('a crash between marking and planning a mailbox\'s digest is made up for; an agency that was closed gets nothing', async () => {
  await told();
  house.clock.set('2026-11-23T07:31:00+07:00');
  await planReminders(house.ctx);
  await relayIntents(house.ctx);
  const mine = { kind: 'task-reminder', 'data.agencyCode': 'STC', state: 'planned' } as const;
  await house.ctx.db.Delivery.updateMany(mine, { digestKey: 'digest:2026-11-23:agency:STC:1' });
  await house.ctx.db.Agency.updateOne({ code: 'SXD' }, { active: false });
  const letters = [...(await work()), ...(await work('2026-11-23T07:40'))];
  expect(letters.map(({ envelopeTo }) => envelopeTo)).toEqual([STC]);
  expect(await house.ctx.db.Delivery.countDocuments({ 'data.agencyCode': 'SXD', kind: 'task-reminder', state: 'suppressed', reason: 'person-inactive' })).toBe(1);
});
