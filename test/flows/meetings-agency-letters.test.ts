import { afterEach, beforeEach, expect, test } from 'vitest';
import { relayIntents } from '../../src/delivery/relay-intents.js';
import { advanceAlerts } from '../../src/meetings/advance-alerts.js';
import { callMeeting } from '../../src/meetings/call-meeting.js';
import { cancelMeeting } from '../../src/meetings/cancel-meeting.js';
import { changeAttendees } from '../../src/meetings/change-attendees.js';
import { postponeMeeting } from '../../src/meetings/postpone-meeting.js';
import type { Person } from '../../src/people/person.model.js';
import { mailHouse, type Received } from '../support/mail-house.js';
import { office } from '../support/task-story.js';

const STC = 'vanthu@stc.laocai.example';
let house: Awaited<ReturnType<typeof mailHouse>>;
let code: string;
beforeEach(async () => {
  house = await mailHouse();
  await house.ctx.db.Agency.updateOne({ code: 'STC' }, { $set: { email: STC } });
  ({ code } = await callMeeting(house.at('call'), office, { title: 'Ứng phó mưa lớn', kind: 'regular', startsAt: new Date('2026-11-20T09:00:00Z'), place: 'Phòng họp tầng 3', attendeeIds: [String(house.quyen._id)] }));
});
afterEach(() => house.close());

let changes = 0;
const change = ({ add = [], remove = [] }: { add?: Person[]; remove?: Person[] }) =>
  changeAttendees(house.at(`list:${++changes}`), office, { code, add: add.map(({ _id }) => String(_id)), remove: remove.map(({ _id }) => String(_id)) });
/** Everything decided by now lies in the queue; nothing leaves, as through a night. */
const plan = async (): Promise<void> => {
  await advanceAlerts(house.ctx);
  await relayIntents(house.ctx);
};
const morning = async (): Promise<Received[]> => {
  await house.settle();
  // Mail has its pace; what waited for it leaves a minute later.
  house.clock.advance({ minutes: 1 });
  await house.settle();
  return (await house.letters()).filter(({ envelopeTo }) => envelopeTo === STC);
};
const calendarOf = (letter: Received | undefined): string => String(letter?.attachments.find(({ contentType }) => contentType === 'text/calendar')?.content ?? '').replace(/\r\n[ \t]/g, '');
const listRows = async (): Promise<string[]> => (await house.ctx.db.Delivery.find({ kind: 'meeting-list' }).sort({ _id: 1 }).lean()).map(({ state, reason }) => [state, reason].filter(Boolean).join(' '));

test('nobody of the agency is invited any more, and the meeting moves before the letter leaves: it hears that it is off, at the time it knows', async () => {
  const [invitation] = await morning();
  expect(invitation?.subject).toContain(code);
  await change({ add: [house.trieu], remove: [house.quyen] });
  await plan();
  await postponeMeeting(house.at('move'), office, { code, startsAt: new Date('2026-11-20T10:30:00Z'), reason: 'chờ báo cáo' });
  const letters = await morning();
  expect(letters.map(({ text }) => text)).toEqual([expect.stringContaining('Cơ quan không còn ai trong thành phần họp')]);
  expect(letters[0]?.text).toContain('16:00');
  expect(letters[0]?.text).not.toContain('17:30');
  const calendar = calendarOf(letters[0]);
  expect(calendar).toContain('METHOD:CANCEL');
  expect(/^UID:(.*)$/m.exec(calendar)?.[1]).toBe(/^UID:(.*)$/m.exec(calendarOf(invitation))?.[1]);
});

test('nobody of the agency is invited any more, and the meeting is cancelled before the letter leaves: its entry goes away all the same', async () => {
  await morning();
  await change({ add: [house.trieu], remove: [house.quyen] });
  await plan();
  await cancelMeeting(house.at('cancel'), office, { code, reason: 'mưa đã giảm' });
  const letters = await morning();
  expect(letters.map(calendarOf)).toEqual([expect.stringContaining('METHOD:CANCEL')]);
});

test('others of the agency are still invited when the meeting moves: the change of time says it, no list besides', async () => {
  await morning();
  await change({ add: [house.dat] });
  await plan();
  await postponeMeeting(house.at('move'), office, { code, startsAt: new Date('2026-11-20T10:30:00Z'), reason: 'chờ báo cáo' });
  expect((await morning()).map(({ subject }) => subject)).toEqual([`[${code}] Thay đổi lịch họp: Ứng phó mưa lớn`]);
  expect(await listRows()).toEqual(['suppressed meeting-changed']);
});

test('six quick changes of the list: one letter, and it is the last one that leaves', async () => {
  await morning();
  for (const _ of [1, 2, 3]) {
    await change({ add: [house.dat] });
    await change({ remove: [house.quyen] });
    await change({ add: [house.quyen], remove: [house.dat] });
    await relayIntents(house.ctx);
  }
  const letters = await morning();
  expect(letters).toHaveLength(1);
  expect(letters[0]?.text).toContain('Nguyễn Tố Quyên');
  expect(letters[0]?.text).not.toContain('Dật');
  const rows = await listRows();
  expect(rows.slice(0, -1)).toEqual(rows.slice(0, -1).map(() => 'suppressed superseded'));
  expect(rows.at(-1)).toBe('accepted');
});

test('taken off before the agency’s invitation left: it hears nothing, and is invited when somebody of it is invited again', async () => {
  await plan();
  await change({ add: [house.trieu], remove: [house.quyen] });
  expect(await morning()).toEqual([]);
  await change({ add: [house.dat] });
  const letters = await morning();
  expect(letters.map(calendarOf)).toEqual([expect.stringContaining('METHOD:REQUEST')]);
  expect(letters[0]?.text).toContain('Dật');
});

test('told that it is off, then somebody of it is invited again: one letter that invites', async () => {
  await morning();
  await change({ add: [house.trieu], remove: [house.quyen] });
  expect(await morning()).toHaveLength(1);
  await change({ add: [house.quyen] });
  const letters = await morning();
  expect(letters.map(calendarOf)).toEqual([expect.stringContaining('METHOD:REQUEST')]);
  await change({ remove: [house.quyen] });
  expect((await morning()).map(calendarOf)).toEqual([expect.stringContaining('METHOD:CANCEL')]);
});
