import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mustFollow, readDue } from '../../src/directives/due.js';
import { timeTag, type TimeFacts } from '../../src/directives/time-tag.js';
import { addDays, endOfDay, instantAt, localDateOf } from '../../src/kernel/local-date.js';
import { calendar2026 as calendar } from '../support/calendar.js';

const open = (due: string | null): TimeFacts => {
  const dueAt = due ? endOfDay(calendar.rollForward(due)) : null;
  return { stage: 'in-progress', dueAt, originalDueAt: dueAt, submittedAt: null, completedAt: null };
};

describe('while somebody still has to act', () => {
  test.each([
    ['2026-11-16 08:00', 'on-track', 'four working days left'],
    ['2026-11-17 00:00', 'due-soon', 'three working days left'],
    ['2026-11-20 00:00', 'due-soon', 'the last day itself'],
    ['2026-11-20 23:59', 'due-soon', 'the last minute'],
    ['2026-11-21 00:00', 'overdue', 'the next day begins'],
  ])('%s: %s, %s', (moment, tag) => {
    const [on = '', time = ''] = moment.split(' ');
    expect(timeTag(open('2026-11-20'), instantAt(on, time), calendar)).toBe(tag);
  });
  test('days off do not count: over a weekend and the day of culture', () => {
    expect(timeTag(open('2026-11-26'), instantAt('2026-11-20', '08:00'), calendar)).toBe('due-soon');
    expect(timeTag(open('2026-11-27'), instantAt('2026-11-20', '08:00'), calendar)).toBe('on-track');
  });
  test('no deadline, paused, revoked', () => {
    const now = instantAt('2026-11-20', '08:00');
    expect(timeTag(open(null), now, calendar)).toBe('no-deadline');
    expect(timeTag({ ...open('2026-11-01'), stage: 'paused' }, now, calendar)).toBe('paused');
    expect(timeTag({ ...open('2026-11-01'), stage: 'revoked' }, now, calendar)).toBe('no-deadline');
  });
});

test('a completed task is measured against the original deadline, not the extended one', () => {
  const done = (completedOn: string): TimeFacts => ({
    stage: 'completed', originalDueAt: endOfDay('2026-11-20'), dueAt: endOfDay('2026-11-30'), submittedAt: null, completedAt: instantAt(completedOn, '10:00'),
  });
  const later = instantAt('2026-12-20', '08:00');
  expect(timeTag(done('2026-11-20'), later, calendar)).toBe('on-time');
  expect(timeTag(done('2026-11-25'), later, calendar)).toBe('late');
  expect(timeTag({ ...done('2026-11-25'), originalDueAt: null }, later, calendar)).toBe('no-deadline');
});

test('a result handed in before the deadline does not become overdue while the Office takes its time', () => {
  const submitted: TimeFacts = { ...open('2026-11-20'), stage: 'submitted', submittedAt: instantAt('2026-11-20', '16:00') };
  expect(timeTag(submitted, instantAt('2026-12-20', '08:00'), calendar)).toBe('on-track');
  expect(timeTag({ ...submitted, submittedAt: instantAt('2026-11-21', '08:00') }, instantAt('2026-12-20', '08:00'), calendar)).toBe('overdue');
});

test('time only moves a task towards overdue, in this order', () => {
  const days = fc.integer({ min: 0, max: 330 }).map((n) => addDays('2026-01-15', n));
  const ranks = ['on-track', 'due-soon', 'overdue'];
  fc.assert(
    fc.property(days, days, fc.integer({ min: 0, max: 30 }), (due, today, more) => {
      const [a, b] = [today, addDays(today, more)].map((on) => ranks.indexOf(timeTag(open(due), instantAt(on, '12:00'), calendar)));
      expect(a).toBeGreaterThanOrEqual(0);
      expect(b).toBeGreaterThanOrEqual(a ?? 0);
    }),
  );
});

describe('a deadline as it is handed in', () => {
  test('a day runs to its end; a day off is kept as given, and the time runs to the end of the next working day', () => {
    expect(readDue({ dueOn: '2026-11-20' }, calendar)).toEqual({ dueOn: '2026-11-20', dueAt: endOfDay('2026-11-20'), dueByHour: false });
    expect(readDue({ dueOn: '2026-11-21' }, calendar)).toEqual({ dueOn: '2026-11-21', dueAt: endOfDay('2026-11-23'), dueByHour: false });
    expect(readDue({ dueOn: '2026-11-24' }, calendar).dueAt).toEqual(endOfDay('2026-11-25'));
  });
  test('an hour is taken as it stands, in Vietnam unless it says otherwise', () => {
    for (const dueAt of ['2026-11-22T17:00', '2026-11-22T17:00:00+07:00', '2026-11-22T10:00:00Z', instantAt('2026-11-22', '17:00')]) {
      expect(readDue({ dueAt }, calendar)).toEqual({ dueOn: '2026-11-22', dueAt: instantAt('2026-11-22', '17:00'), dueByHour: true });
    }
  });
  test('none at all', () => {
    expect(readDue({}, calendar)).toEqual({ dueOn: null, dueAt: null, dueByHour: false });
  });
  test.each([
    [{ dueOn: '2026-02-30' }, 'dueOn'],
    [{ dueOn: '20/11/2026' }, 'dueOn'],
    [{ dueAt: '2026-11-31T10:00Z' }, 'dueAt'],
    [{ dueAt: '2026-11-20T25:00Z' }, 'dueAt'],
    [{ dueAt: 'mai' }, 'dueAt'],
    [{ dueAt: new Date(NaN) }, 'dueAt'],
    [{ dueOn: '2026-11-20', dueAt: '2026-11-20T10:00Z' }, 'dueAt'],
  ])('%j is refused', (input, path) => {
    expect(() => readDue(input, calendar, 'tasks.1.')).toThrow(expect.objectContaining({ code: 'due-invalid', params: expect.objectContaining({ path: `tasks.1.${path}` }) as object }));
  });
  test('never before the document itself', () => {
    const due = readDue({ dueOn: '2026-11-20' }, calendar);
    expect(() => mustFollow(due, '2026-11-20')).not.toThrow();
    expect(() => mustFollow(due, '2026-11-21')).toThrow(expect.objectContaining({ code: 'due-invalid' }));
    expect(localDateOf(due.dueAt ?? instantAt('2026-01-01', '00:00'))).toBe('2026-11-20');
  });
});
