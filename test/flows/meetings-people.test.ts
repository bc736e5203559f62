import { afterEach, beforeEach, expect, test } from 'vitest';
import { relayIntents } from '../../src/delivery/relay-intents.js';
import { advanceAlerts } from '../../src/meetings/advance-alerts.js';
import { answerMeeting } from '../../src/meetings/answer-meeting.js';
import { attachToMeeting } from '../../src/meetings/attach-to-meeting.js';
import { editionOf } from '../../src/meetings/change-meeting.js';
import { cancelMeeting } from '../../src/meetings/cancel-meeting.js';
import { confirmByPhone } from '../../src/meetings/confirm-by-phone.js';
import { getMeeting } from '../../src/meetings/find-meetings.js';
import { postponeMeeting } from '../../src/meetings/postpone-meeting.js';
import { personActor } from '../../src/people/receivers.js';
import { mortal } from '../support/mortal.js';
import { meetingOffice as office, openMeetingStory, type MeetingStory } from '../support/meeting-story.js';
import { pdf } from '../support/sample-files.js';

let s: MeetingStory;
beforeEach(async () => {
  s = await openMeetingStory();
});
afterEach(() => s.close());

/** Lan is on leave until then; Phó acts for her. */
const away = (until: string) => s.ctx.db.Person.updateOne({ _id: s.lan._id }, { leave: { from: new Date('2026-11-20T00:00:00Z'), until: new Date(until) } });

test('added during an alert: begins at the first step, the others go on where they are', async () => {
  const { code } = await s.call();
  await s.settle();
  s.clock.advance({ minutes: 5 });
  expect(await s.settle()).toEqual([`Lan: 🔴 HỎA TỐC · Nhắc họp ${code}`, `Minh: 🔴 HỎA TỐC · Nhắc họp ${code}`]);
  await s.answer(s.minh, code, 'attending');
  await s.change(code, { add: [s.ha] });
  expect(await s.settle()).toEqual([`Hà: 🔴 HỎA TỐC · Họp ${code}`]);
  s.clock.advance({ minutes: 5 });
  expect(await s.settle()).toEqual([`Hà: 🔴 HỎA TỐC · Nhắc họp ${code}`, `Phó: 🔴 HỎA TỐC · Họp ${code}`, `Văn phòng: ⚠️ Chưa xác nhận họp hỏa tốc · ${code}`]);
  s.clock.advance({ minutes: 5 });
  expect(await s.settle()).toEqual([`Văn phòng: ⚠️ Chưa xác nhận họp hỏa tốc · ${code}`]);
  expect(s.zalo.sent.at(-1)?.text).toContain('- Hà');
  expect((await getMeeting(s.ctx, office, code)).confirmations.map(({ name, answer }) => [name, answer])).toEqual([['Lan', null], ['Minh', 'attending'], ['Hà', null]]);
});

test('taken off after being told: one word that they need not come, with the reason, and nothing after it', async () => {
  const { code } = await s.call();
  await s.settle();
  await s.change(code, { remove: [s.minh], reason: 'thu gọn thành phần' });
  expect(await s.settle()).toEqual([`Minh: 🔴 HỎA TỐC · Không phải dự họp ${code}`]);
  const told = s.textTo(s.minh);
  expect(told).toContain('Đồng chí không phải dự cuộc họp lúc 16:00 hôm nay, thứ Hai 23/11/2026 nữa');
  expect(told).toContain('Lý do: thu gọn thành phần.');
  await expect(s.answer(s.minh, code, 'attending')).rejects.toMatchObject({ code: 'not-invited' });
  s.clock.advance({ minutes: 30 });
  expect((await s.settle()).filter((line) => line.startsWith('Minh'))).toEqual([]);
  await cancelMeeting(s.anew(), office, { code, reason: 'mưa đã giảm' });
  expect((await s.settle()).filter((line) => line.startsWith('Minh'))).toEqual([]);
});

test('taken off before anything left: what waits ends at once with its reason, and nobody is told anything', async () => {
  const { code } = await s.call();
  await advanceAlerts(s.ctx);
  await relayIntents(s.ctx);
  await s.change(code, { remove: [s.minh] });
  // Before anything else runs.
  expect(await s.ledger(code, s.minh)).toEqual(['meeting-alert suppressed not-invited']);
  expect(await s.settle()).toEqual([`Lan: 🔴 HỎA TỐC · Họp ${code}`]);
  expect(await s.ledger(code, s.minh)).toEqual(['meeting-alert suppressed not-invited', 'meeting-withdrawn suppressed never-told']);
});

test('decided but not planned yet, for the morning: the next tick stops it, not the morning', async () => {
  const { code } = await s.call({ kind: 'regular', startsAt: new Date('2026-11-27T02:00:00Z') });
  await advanceAlerts(s.ctx);
  await s.change(code, { remove: [s.minh] });
  await relayIntents(s.ctx);
  await advanceAlerts(s.ctx);
  expect((await s.ledger(code, s.minh))[0]).toBe('meeting-alert suppressed not-invited');
  expect((await s.ctx.db.Meeting.findOne({ code }).orFail().lean()).stopping).toEqual([]);
});

test('taken off while the invitation is in the air: the word follows it', async () => {
  const { code } = await s.call({ attendeeIds: [String(s.minh._id), String(s.ha._id)] });
  s.zalo.answer(async () => {
    await s.change(code, { remove: [s.minh, s.ha], add: [s.lan] });
    return { kind: 'accepted', providerId: 'p' };
  });
  await s.settle();
  s.clock.advance({ seconds: 3 });
  await s.settle();
  for (const person of [s.minh, s.ha]) {
    const lines = s.zalo.sent.filter(({ to }) => to.split('-')[1] === person.name).map(({ text }) => text.split('\n')[0]);
    expect([[`🔴 HỎA TỐC · Họp ${code}`, `🔴 HỎA TỐC · Không phải dự họp ${code}`], []]).toContainEqual(lines);
  }
  expect(s.zalo.sent.filter(({ text }) => text.includes('Không phải dự họp')).length).toBeGreaterThan(0);
});

test('the deputy who was called in hears it too, and not of the next change', async () => {
  const { code } = await s.call();
  await s.settle();
  s.clock.advance({ minutes: 5 });
  await s.settle();
  s.clock.advance({ minutes: 5 });
  await s.settle();
  await s.change(code, { remove: [s.lan] });
  expect(await s.settle()).toEqual([`Lan: 🔴 HỎA TỐC · Không phải dự họp ${code}`, `Phó: 🔴 HỎA TỐC · Không phải dự họp ${code}`]);
  expect(s.textTo(s.deputy)).toContain('Đồng chí Lan, Giám đốc Sở Tài chính không phải dự cuộc họp');
  expect(s.textTo(s.deputy)).toContain('Đồng chí không phải dự thay.');
  await postponeMeeting(s.anew(), office, { code, startsAt: new Date('2026-11-23T10:00:00Z'), reason: 'chờ báo cáo' });
  expect(await s.settle()).toEqual([`Minh: 🔴 HỎA TỐC · Thay đổi lịch họp ${code}`]);
});

test('on leave: the acting person is invited in their place, and hears it when the place is gone', async () => {
  await away('2026-11-30T00:00:00Z');
  const { code } = await s.call({ attendeeIds: [String(s.minh._id)] });
  await s.settle();
  await s.change(code, { add: [s.lan] });
  expect(await s.settle()).toEqual([`Phó: 🔴 HỎA TỐC · Họp ${code}`]);
  expect(s.textTo(s.deputy)).toMatch(/^Gửi đồng chí Phó \(nhận thay đồng chí Lan/);
  expect(s.textTo(s.deputy)).not.toContain('Kính gửi');
  await s.change(code, { remove: [s.lan] });
  expect(await s.settle()).toEqual([`Phó: 🔴 HỎA TỐC · Không phải dự họp ${code}`]);
  expect(s.textTo(s.deputy)).toContain('nhận thay đồng chí Lan');
  expect(s.zalo.sent.filter(({ to }) => to.includes('-Lan-'))).toEqual([]);
});

test('invited, then on leave, then taken off: the person hears it, the acting one never heard of it', async () => {
  const { code } = await s.call();
  await s.settle();
  await away('2026-11-30T00:00:00Z');
  await s.change(code, { remove: [s.lan] });
  expect(await s.settle()).toEqual([`Lan: 🔴 HỎA TỐC · Không phải dự họp ${code}`]);
});

test('invited in somebody’s place who is back by now: whoever was told hears it', async () => {
  await away('2026-11-23T07:02:00Z');
  const { code } = await s.call();
  expect(await s.settle()).toEqual([`Minh: 🔴 HỎA TỐC · Họp ${code}`, `Phó: 🔴 HỎA TỐC · Họp ${code}`]);
  s.clock.advance({ minutes: 3 });
  await s.change(code, { remove: [s.lan] });
  expect(await s.settle()).toEqual([`Phó: 🔴 HỎA TỐC · Không phải dự họp ${code}`]);
});

test('the acting person is invited themselves and loses that place: they hear of their own place only', async () => {
  await away('2026-11-30T00:00:00Z');
  const { code } = await s.call({ attendeeIds: [String(s.lan._id), String(s.deputy._id)] });
  expect(await s.settle()).toHaveLength(2);
  await s.change(code, { remove: [s.deputy] });
  expect(await s.settle()).toEqual([`Phó: 🔴 HỎA TỐC · Không phải dự họp ${code}`]);
  expect(s.textTo(s.deputy)).not.toContain('nhận thay');
  s.clock.advance({ minutes: 5 });
  expect(await s.settle()).toEqual([`Phó: 🔴 HỎA TỐC · Nhắc họp ${code}`]);
});

test('the acting person was told of their own place only: of another’s that came and went before it was told they hear nothing', async () => {
  await away('2026-11-30T00:00:00Z');
  const { code } = await s.call({ attendeeIds: [String(s.deputy._id)] });
  await s.settle();
  await s.change(code, { add: [s.lan] });
  await advanceAlerts(s.ctx);
  await relayIntents(s.ctx);
  await s.change(code, { remove: [s.lan] });
  expect(await s.settle()).toEqual([]);
});

test('taken off and invited again: a fresh invitation, and the word that they need not come is not sent late', async () => {
  const { code } = await s.call();
  await s.settle();
  await s.answer(s.minh, code, 'attending');
  await s.change(code, { remove: [s.minh] });
  await s.change(code, { add: [s.minh] });
  expect(await s.settle()).toEqual([`Minh: 🔴 HỎA TỐC · Họp ${code}`]);
  expect((await s.ledger(code, s.minh)).filter((line) => line.startsWith('meeting-withdrawn'))).toEqual(['meeting-withdrawn suppressed invited-again']);
  expect((await getMeeting(s.ctx, office, code)).confirmations.find(({ name }) => name === 'Minh')).toMatchObject({ answer: null, acknowledgedAt: null });
});

test('who only knows by telephone hears it as well', async () => {
  const { code } = await s.call();
  await confirmByPhone(s.anew(), office, { code, personId: String(s.minh._id), answer: 'attending' });
  await s.settle();
  await s.change(code, { remove: [s.minh] });
  expect(await s.settle()).toEqual([`Minh: 🔴 HỎA TỐC · Không phải dự họp ${code}`]);
});

test('people added later get the files that were sent before', async () => {
  const { code } = await s.call();
  await attachToMeeting(s.anew(), office, { code, name: 'phuong-an.pdf', bytes: pdf() });
  await s.settle();
  await s.change(code, { add: [s.ha] });
  expect(await s.settle()).toEqual([`Hà: 🔴 HỎA TỐC · Họp ${code}`]);
  s.clock.advance({ seconds: 10 });
  expect(await s.settle()).toEqual([`Hà: 📅 Tài liệu họp · ${code}`]);
});

test('two clerks at once: one wins, the other is told and nothing of theirs is written; the same press twice is one change', async () => {
  const called = await s.call();
  const { code } = called;
  const edition = editionOf(called);
  const [one, two] = await Promise.allSettled([s.change(code, { add: [s.ha], edition }), s.change(code, { remove: [s.minh], edition })]);
  expect([one.status, two.status].sort()).toEqual(['fulfilled', 'rejected']);
  expect([one, two].find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'changed-meanwhile' } });
  await expect(postponeMeeting(s.anew(), office, { code, place: 'hội trường', reason: 'đông người', edition })).rejects.toMatchObject({ code: 'changed-meanwhile' });
  const now = await s.ctx.db.Meeting.findOne({ code }).orFail().lean();
  expect(editionOf(now)).toBe(2);
  const press = s.anew();
  const added = await s.change(code, { add: [s.deputy], edition: 2 }, press);
  expect(await s.change(code, { add: [s.deputy], edition: 2 }, press)).toEqual(added);
  expect(await s.ctx.db.AuditEntry.countDocuments({ action: 'meeting.change-attendees' })).toBe(2);
});

test('taken off between the look at their answer and its writing: it is refused, and nothing of it is written', async () => {
  const { code } = await s.call();
  await s.settle();
  const meetings = s.ctx.db.Meeting;
  const slow = { ...s.anew(), db: { ...s.ctx.db, Meeting: Object.create(meetings, { findOneAndUpdate: { value: (...args: unknown[]) => ({ lean: () => s.change(code, { remove: [s.minh] }).catch(() => null).then(() => (meetings.findOneAndUpdate as (...all: unknown[]) => { lean(): unknown })(...args).lean()) }) } }) as typeof meetings } };
  await expect(answerMeeting(slow, personActor(s.minh, 'zalo'), { code, answer: 'attending' })).rejects.toMatchObject({ code: 'not-invited' });
  const { attendees, history } = await s.ctx.db.Meeting.findOne({ code }).orFail().lean();
  expect(attendees.map(({ personId }) => String(personId))).toEqual([String(s.lan._id)]);
  expect(history.filter(({ action }) => action === 'answered')).toEqual([]);
});

test('nonsense is refused with its reason, and nothing is written', async () => {
  const { code } = await s.call();
  const before = await s.ctx.db.Meeting.findOne({ code }).orFail().lean();
  await expect(s.change(code, { remove: [s.lan, s.minh] })).rejects.toMatchObject({ code: 'input-invalid', params: { path: 'remove' } });
  await expect(s.change(code, { remove: [s.ha] })).rejects.toMatchObject({ code: 'attendee-unknown' });
  await expect(s.change(code, { add: [s.lan] })).rejects.toMatchObject({ code: 'input-invalid', params: { path: 'add' } });
  await expect(s.change(code, { add: [s.ha], remove: [s.ha] })).rejects.toMatchObject({ code: 'input-invalid' });
  expect(await s.ctx.db.Meeting.findOne({ code }).orFail().lean()).toEqual(before);
  await cancelMeeting(s.anew(), office, { code, reason: 'nhầm' });
  await expect(s.change(code, { add: [s.ha] })).rejects.toMatchObject({ code: 'meeting-over' });
});

test('the process dies before any step of a change: the same press again, and every message is as if nothing had happened', async () => {
  for (let lastStep = 0, survived = false; !survived; lastStep++) {
    const { code } = await s.call();
    await advanceAlerts(s.ctx);
    await relayIntents(s.ctx);
    const press = s.anew();
    const one = mortal(press, lastStep);
    await one.live(() => s.change(code, { remove: [s.minh], add: [s.ha] }, one.ctx));
    survived = !one.died();
    await s.change(code, { remove: [s.minh], add: [s.ha] }, press);
    expect(await s.ledger(code, s.minh), `died before step ${lastStep + 1}`).toEqual(['meeting-alert suppressed not-invited']);
    expect(await s.settle()).toEqual([`Hà: 🔴 HỎA TỐC · Họp ${code}`, `Lan: 🔴 HỎA TỐC · Họp ${code}`]);
  }
});
