import ICAL from 'ical.js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { callMeeting } from '../../src/meetings/call-meeting.js';
import { cancelMeeting } from '../../src/meetings/cancel-meeting.js';
import { changeAttendees } from '../../src/meetings/change-attendees.js';
import { postponeMeeting } from '../../src/meetings/postpone-meeting.js';
import { mailHouse } from '../support/mail-house.js';
import { office } from '../support/task-story.js';

const QUYEN = 'quyen@stc.laocai.example';
let house: Awaited<ReturnType<typeof mailHouse>>;
beforeEach(async () => {
  house = await mailHouse();
  await house.ctx.db.Person.updateOne({ _id: house.quyen._id }, { $set: { email: QUYEN } });
});
afterEach(() => house.close());

interface Entry {
  method: string;
  uid: string;
  sequence: number;
  status: string;
  startsAt: string;
}

/** The entry in the one letter Quyên gets now, as an independent reader of calendars has it. */
async function entry(): Promise<Entry> {
  await house.settle();
  const letters = (await house.letters()).filter(({ envelopeTo }) => envelopeTo === QUYEN);
  expect(letters).toHaveLength(1);
  const part = letters[0]?.attachments.find(({ contentType }) => contentType === 'text/calendar');
  const calendar = new ICAL.Component(ICAL.parse(part?.content.toString('utf8') ?? '') as never);
  const event = calendar.getFirstSubcomponent('vevent') as ICAL.Component;
  const text = (name: string) => String(event.getFirstPropertyValue(name));
  return { method: String(calendar.getFirstPropertyValue('method')), uid: text('uid'), sequence: new ICAL.Event(event as never).sequence, status: text('status'), startsAt: text('dtstart') };
}

/** What a calendar shows that got these in this order: a lower or equal number than the one it has is old news (RFC 5546, 2.1.5). */
const shownBy = (entries: readonly Entry[]): Entry | undefined => entries.reduce<Entry | undefined>((has, next) => (has && next.sequence <= has.sequence ? has : next), undefined);

test('invited, taken off, invited again, a colleague added, moved, called off: each entry has a higher number, and the calendar is right in whatever order the letters come', async () => {
  const { at, quyen, dat, trieu } = house;
  const quyenId = String(quyen._id);
  const { code } = await callMeeting(at('call'), office, { title: 'Ứng phó mưa lớn', kind: 'regular', startsAt: new Date('2026-11-20T09:00:00Z'), place: 'Phòng họp tầng 3', attendeeIds: [quyenId, String(dat._id)] });
  const entries = [await entry()];
  const off = async (cause: string) => {
    await changeAttendees(at(cause), office, { code, add: [], remove: [quyenId] });
    entries.push(await entry());
  };
  const on = async (cause: string) => {
    await changeAttendees(at(cause), office, { code, add: [quyenId], remove: [] });
    entries.push(await entry());
  };
  await off('off:1');
  expect(shownBy(entries)).toMatchObject({ method: 'CANCEL', status: 'CANCELLED' });
  await on('on:1');
  expect(shownBy(entries)).toMatchObject({ method: 'REQUEST', status: 'CONFIRMED' });
  await off('off:2');
  await changeAttendees(at('other'), office, { code, add: [String(trieu._id)], remove: [] });
  await on('on:2');
  await postponeMeeting(at('move'), office, { code, startsAt: new Date('2026-11-20T10:30:00Z'), reason: 'trùng lịch' });
  entries.push(await entry());
  expect(shownBy(entries)).toMatchObject({ method: 'REQUEST', status: 'CONFIRMED', startsAt: '2026-11-20T17:30:00' });
  await cancelMeeting(at('cancel'), office, { code, reason: 'hoãn đến tuần sau' });
  entries.push(await entry());

  expect(entries.map(({ method }) => method)).toEqual(['REQUEST', 'CANCEL', 'REQUEST', 'CANCEL', 'REQUEST', 'REQUEST', 'CANCEL']);
  expect(new Set(entries.map(({ uid }) => uid)).size).toBe(1);
  const numbers = entries.map(({ sequence }) => sequence);
  expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
  // Mail overtakes mail: up to each moment, whatever came first, the newest entry stands.
  for (let upTo = 1; upTo <= entries.length; upTo++) {
    const come = entries.slice(0, upTo);
    expect(shownBy([...come].reverse())).toBe(come.at(-1));
    expect(shownBy(come)).toBe(come.at(-1));
  }
});
