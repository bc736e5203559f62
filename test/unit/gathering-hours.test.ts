import fc from 'fast-check';
import { Types } from 'mongoose';
import { expect, test } from 'vitest';
import { gatheredAt, spreadOf } from '../../src/delivery/digest/digest-hour.js';
import { defaultPolicy } from '../../src/delivery/policy.js';
import { quietUntil, theirQuiet } from '../../src/delivery/outbox/quiet-hours.js';
import { addDays, formatTime, instantAt, localDateOf } from '../../src/kernel/local-date.js';
import { calendar2026 as calendar } from '../support/calendar.js';

const office = defaultPolicy.quiet;
const person = (more: object = {}) => ({ _id: new Types.ObjectId(), quiet: null, ...more });
const row = (more: object = {}) => ({ lane: 'digest' as const, kind: 'task-reminder', data: {}, chat: null, asked: null, ...more });
const around = (who: ReturnType<typeof person>, quiet = office) => ({ receiver: who, policy: { quiet, digest: { ...defaultPolicy.digest, spreadMs: 0 } }, calendar });

// Wednesday 18/11/2026; Saturday 21/11; Tuesday 24/11 is a day off.
test.each<[string, string | null, object?, object?]>([
  ['2026-11-18T06:29:59.999', '2026-11-18T07:30'],
  ['2026-11-18T06:30', '2026-11-18T07:30'],
  ['2026-11-18T07:29:59.999', '2026-11-18T07:30'],
  ['2026-11-18T07:30', null],
  ['2026-11-18T20:59:59.999', null],
  ['2026-11-18T21:00', '2026-11-19T07:30'],
  ['2026-11-21T10:00', '2026-11-23T07:30'],
  ['2026-11-23T22:00', '2026-11-25T07:30'],
  // A deadline by the hour does not wait for a working day.
  ['2026-11-21T06:30', '2026-11-21T07:30', {}, { asked: 'by-day' }],
  // People have hours of their own.
  ['2026-11-18T08:00', '2026-11-18T09:15', { digestAt: '09:15' }],
  ['2026-11-18T06:00', '2026-11-18T09:00', { quiet: { from: '12:00', to: '09:00' } }],
  ['2026-11-18T12:00', '2026-11-19T09:00', { quiet: { from: '12:00', to: '09:00' } }],
  // What waits in the ordinary lane leaves with the end of the quiet hours, and at other times at once.
  ['2026-11-18T06:00', '2026-11-18T06:30', {}, { lane: 'normal' }],
  ['2026-11-18T06:30', null, {}, { lane: 'normal' }],
  ['2026-11-18T23:00', null, {}, { lane: 'urgent' }],
])('waiting at %s leaves at %s', (now, wanted, who = {}, what = {}) => {
  const at = gatheredAt(row(what), new Date(`${now}+07:00`), around(person(who)));
  expect(at?.toISOString() ?? null).toBe(wanted === null ? null : new Date(`${wanted}:00+07:00`).toISOString());
});

const minutes = fc.integer({ min: 0, max: 1_439 }).map((n) => `${String(Math.floor(n / 60)).padStart(2, '0')}:${String(n % 60).padStart(2, '0')}`);
const moments = fc.tuple(fc.integer({ min: 0, max: 340 }), fc.integer({ min: 0, max: 86_399_999 })).map(([day, ms]) => new Date(instantAt(addDays('2026-01-15', day), '00:00').getTime() + ms));
const windows = fc.tuple(minutes, minutes).filter(([from, to]) => from !== to).map(([from, to]) => ({ from, to }));

test('a person’s own quiet hours hold to the millisecond, over midnight too, and end at their own time', () => {
  fc.assert(fc.property(windows, moments, fc.boolean(), (own, now, everyDay) => {
    const quiet = theirQuiet({ asked: everyDay ? 'by-day' : null }, office, { quiet: own });
    if (!quiet) throw new Error('no quiet hours');
    const ends = quietUntil(now, quiet, calendar);
    const time = formatTime(now);
    const inside = own.from <= own.to ? time >= own.from && time < own.to : time >= own.from || time < own.to;
    if (inside) expect(ends).not.toBeNull();
    else if (everyDay || calendar.isWorkingDay(localDateOf(now))) expect(ends).toBeNull();
    if (!ends) return;
    expect(ends.getTime()).toBeGreaterThan(now.getTime());
    expect(formatTime(ends)).toBe(own.to);
    expect(quietUntil(ends, quiet, calendar)).toBeNull();
    expect(quietUntil(new Date(ends.getTime() - 1), quiet, calendar)).toEqual(ends);
  }));
});

test('a digest never leaves in quiet time, on a day off, or before its hour; what is told to wait waits once', () => {
  fc.assert(fc.property(windows, minutes, moments, (own, digestAt, now) => {
    const who = person({ quiet: own, digestAt });
    const at = gatheredAt(row(), now, around(who));
    const leaves = at ?? now;
    expect(leaves.getTime()).toBeGreaterThanOrEqual(now.getTime());
    expect(calendar.isWorkingDay(localDateOf(leaves))).toBe(true);
    expect(formatTime(leaves) >= digestAt).toBe(true);
    // The hour may lie in the person's own quiet time: then it waits for its end.
    if (at) expect(gatheredAt(row(), at, around(who))?.getTime() ?? at.getTime()).toBeGreaterThanOrEqual(at.getTime());
    else expect(quietUntil(now, theirQuiet(row(), office, who) ?? { from: '', to: '', daysOff: false, spreadMs: 0 }, calendar)).toBeNull();
  }));
});

test('the spread is the person’s own, the same each day, and within its bounds', () => {
  const people = Array.from({ length: 300 }, () => person());
  const spreads = people.map((who) => spreadOf(who, 300_000));
  expect(spreads).toEqual(people.map((who) => spreadOf(who, 300_000)));
  expect(Math.min(...spreads)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...spreads)).toBeLessThan(300_000);
  expect(new Set(spreads.map((ms) => Math.floor(ms / 30_000))).size).toBe(10);
});

const lanesOf = fc.constantFrom('urgent', 'normal', 'digest');
const copy = (lane: string, more: object = {}) => row({ lane, chat: { channel: 'email', to: 'vanthu@stc.example' }, data: { agencyCode: 'STC' }, ...more });

test('an agency’s mailbox keeps the office’s hours: never at night or on a day off, reminders not before 07:30; urgent matters and what was asked for now wait for nothing', () => {
  fc.assert(fc.property(lanesOf, moments, fc.constantFrom(null, 'by-day', 'now'), (lane, now, asked) => {
    const agency = { _id: new Types.ObjectId() };
    const what = copy(lane, { asked });
    const leaves = gatheredAt(what as never, now, { receiver: agency, policy: { quiet: office, digest: { ...defaultPolicy.digest, spreadMs: 0 } }, calendar }) ?? now;
    if (lane === 'urgent') expect(leaves).toEqual(now);
    if (lane === 'urgent') return;
    if (asked !== 'now') {
      expect(formatTime(leaves) >= '06:30' && formatTime(leaves) < '21:00').toBe(true);
      if (asked === null) expect(calendar.isWorkingDay(localDateOf(leaves))).toBe(true);
    }
    if (lane === 'digest') expect(formatTime(leaves) >= '07:30').toBe(true);
    else if (asked === 'now') expect(leaves).toEqual(now);
  }));
});

test('an agency with hours of its own: its mailbox keeps those, and days off as everybody', () => {
  fc.assert(fc.property(windows, minutes, moments, (quiet, digestAt, now) => {
    const receiver = { _id: new Types.ObjectId(), quiet, digestAt };
    const leaves = gatheredAt(copy('digest') as never, now, { receiver, policy: { quiet: office, digest: { ...defaultPolicy.digest, spreadMs: 0 } }, calendar }) ?? now;
    expect(calendar.isWorkingDay(localDateOf(leaves))).toBe(true);
    expect(formatTime(leaves) >= digestAt).toBe(true);
    expect(gatheredAt(copy('urgent') as never, now, { receiver, policy: defaultPolicy, calendar })).toBeNull();
  }));
});

test('an answer to what a mailbox wrote is no agency’s copy: it waits for nothing', () => {
  fc.assert(fc.property(moments, (now) => {
    expect(gatheredAt(copy('normal', { kind: 'reply' }) as never, now, around(person()))).toBeNull();
  }));
});
