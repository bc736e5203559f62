import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { latestReminder, nextReminder, type ReminderFacts } from '../../src/directives/reminder-times.js';
import { addDays, endOfDay, formatTime, instantAt, localDateOf } from '../../src/kernel/local-date.js';
import { calendar2026 as calendar } from '../support/calendar.js';

const byDay = (on: string): ReminderFacts => ({ stage: 'in-progress', dueAt: endOfDay(calendar.rollForward(on)), dueByHour: false });
const byHour = (on: string, time: string): ReminderFacts => ({ stage: 'in-progress', dueAt: instantAt(on, time), dueByHour: true });

/** All reminders from a moment on, as "slot dd HH:mm", at most `count`. */
function plan(task: ReminderFacts, from: Date, count: number): string[] {
  const said: string[] = [];
  for (let after = from; said.length < count; ) {
    const next = nextReminder(task, after, calendar);
    if (!next) break;
    said.push(`${next.slot} ${localDateOf(next.at).slice(5)} ${formatTime(next.at)}`);
    after = next.at;
  }
  return said;
}

describe('a deadline by day', () => {
  test('7, 3 and 1 working days before, on the day, then each working day', () => {
    expect(plan(byDay('2026-11-20'), instantAt('2026-11-01', '00:00'), 7)).toEqual([
      'T-7 11-11 06:30', 'T-3 11-17 06:30', 'T-1 11-19 06:30', 'T-0 11-20 06:30', 'T+1 11-23 06:30', 'T+2 11-25 06:30', 'T+3 11-26 06:30',
    ]);
  });
  test('over Tết nobody is reminded on days off', () => {
    expect(plan(byDay('2026-02-24'), instantAt('2026-02-01', '00:00'), 4)).toEqual(['T-7 02-06 06:30', 'T-3 02-12 06:30', 'T-1 02-23 06:30', 'T-0 02-24 06:30']);
  });
  test('assigned late, only what is still ahead', () => {
    expect(plan(byDay('2026-11-20'), instantAt('2026-11-19', '09:00'), 2)).toEqual(['T-0 11-20 06:30', 'T+1 11-23 06:30']);
  });
  test('a deadline on a day off ends with the next working day', () => {
    expect(plan(byDay('2026-11-24'), instantAt('2026-11-23', '12:00'), 2)).toEqual(['T-0 11-25 06:30', 'T+1 11-26 06:30']);
  });
});

describe('a deadline by the hour', () => {
  test('on the day, and two hours before', () => {
    expect(plan(byHour('2026-11-20', '17:00'), instantAt('2026-11-19', '12:00'), 3)).toEqual(['T-0 11-20 06:30', 'T-2h 11-20 15:00', 'T+1 11-23 06:30']);
  });
  test('early in the morning nobody is woken', () => {
    expect(plan(byHour('2026-11-20', '07:30'), instantAt('2026-11-19', '12:00'), 2)).toEqual(['T-2h 11-20 06:30', 'T+1 11-23 06:30']);
    expect(plan(byHour('2026-11-20', '05:00'), instantAt('2026-11-19', '12:00'), 1)).toEqual(['T+1 11-23 06:30']);
  });
  test('at night the last one comes at 21:00', () => {
    expect(plan(byHour('2026-11-20', '23:30'), instantAt('2026-11-20', '12:00'), 1)).toEqual(['T-2h 11-20 21:00']);
  });
  test('on a Sunday it still reminds on that day', () => {
    expect(plan(byHour('2026-11-22', '17:00'), instantAt('2026-11-21', '00:00'), 3)).toEqual(['T-0 11-22 06:30', 'T-2h 11-22 15:00', 'T+1 11-23 06:30']);
  });
});

test.each(['submitted', 'completed', 'refused', 'paused', 'revoked'] as const)('nobody is reminded of a task that is %s', (stage) => {
  expect(nextReminder({ ...byDay('2026-11-20'), stage }, instantAt('2026-11-01', '00:00'), calendar)).toBeNull();
});

test('no deadline, no reminder', () => {
  expect(nextReminder({ stage: 'new', dueAt: null, dueByHour: false }, instantAt('2026-11-01', '00:00'), calendar)).toBeNull();
});

const days = fc.integer({ min: 0, max: 340 }).map((n) => addDays('2026-01-15', n));
const minutes = fc.integer({ min: 0, max: 1_439 }).map((n) => `${String(Math.floor(n / 60)).padStart(2, '0')}:${String(n % 60).padStart(2, '0')}`);
const moments = fc.tuple(days, minutes).map(([on, time]) => instantAt(on, time));
const tasks = fc.oneof(days.map(byDay), fc.tuple(days, minutes).map(([on, time]) => byHour(on, time)));

test('always strictly ahead, inside 06:30-21:00, on a working day or on the very day of an hour', () => {
  fc.assert(
    fc.property(tasks, moments, (task, after) => {
      const next = nextReminder(task, after, calendar);
      expect(next).not.toBeNull();
      if (!next || !task.dueAt) return;
      expect(next.at.getTime()).toBeGreaterThan(after.getTime());
      expect(formatTime(next.at) >= '06:30' && formatTime(next.at) <= '21:00').toBe(true);
      const day = localDateOf(next.at);
      expect(calendar.isWorkingDay(day) || (task.dueByHour && next.slot.startsWith('T-'))).toBe(true);
      expect(next.slot.startsWith('T+')).toBe(next.at > task.dueAt);
    }),
  );
});

test('the latest one and the next one leave no gap between them', () => {
  fc.assert(
    fc.property(tasks, moments, (task, now) => {
      const latest = latestReminder(task, now, calendar);
      const next = nextReminder(task, now, calendar);
      if (!latest) return;
      expect(latest.at.getTime()).toBeLessThanOrEqual(now.getTime());
      expect(nextReminder(task, latest.at, calendar)).toEqual(next);
      expect(nextReminder(task, new Date(latest.at.getTime() - 1), calendar)?.at).toEqual(latest.at);
    }),
  );
});

test('a later deadline never brings a named reminder forward', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 300 }).map((n) => addDays('2026-01-15', n)), fc.integer({ min: 1, max: 20 }), (on, later) => {
      const slots = (day: string) => plan(byDay(day), instantAt('2026-01-01', '00:00'), 4).map((line) => line.split(' '));
      const [first, second] = [slots(on), slots(addDays(on, later))];
      for (const [slot, day] of first) {
        const moved = second.find(([name]) => name === slot);
        if (moved?.[1] && day) expect(moved[1] >= day).toBe(true);
      }
    }),
  );
});
