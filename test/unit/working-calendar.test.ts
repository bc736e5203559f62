import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { days2026, days2027 } from '../../src/calendar/known-days.js';
import { addDays, isLocalDate, weekdayOf } from '../../src/kernel/local-date.js';
import { workingCalendar } from '../../src/kernel/working-calendar.js';

const calendar = workingCalendar([...days2026, ...days2027]);

describe('2026 as announced', () => {
  test.each([
    ['2026-01-01', false], ['2026-01-02', false], ['2026-01-10', true], ['2026-01-17', false], ['2026-02-13', true], ['2026-02-16', false], ['2026-02-20', false],
    ['2026-02-23', true], ['2026-04-26', false], ['2026-04-27', false], ['2026-04-30', false], ['2026-05-01', false], ['2026-05-04', true], ['2026-08-22', true],
    ['2026-08-31', false], ['2026-09-01', false], ['2026-09-02', false], ['2026-09-03', true], ['2026-11-23', true], ['2026-11-24', false], ['2026-11-25', true],
  ])('%s is worked: %s', (on, worked) => expect(calendar.isWorkingDay(on)).toBe(worked));

  test('fourteen weekdays are off and two Saturdays are worked', () => {
    expect(days2026.filter(({ on, kind }) => kind === 'off' && weekdayOf(on) <= 5)).toHaveLength(14);
    expect(days2026.filter(({ kind }) => kind === 'worked').map(({ on }) => weekdayOf(on))).toEqual([6, 6]);
  });

  test('the working day before Wednesday 25/11 is Monday 23/11: Tuesday is Culture Day', () => {
    expect(calendar.addWorkingDays('2026-11-25', -1)).toBe('2026-11-23');
    expect(calendar.addWorkingDays('2026-11-23', 1)).toBe('2026-11-25');
    expect(calendar.rollForward('2026-11-24')).toBe('2026-11-25');
    expect(calendar.workingDaysBetween('2026-02-13', '2026-02-23')).toBe(1);
  });
});

test('no day is listed twice and all are real days of their year', () => {
  for (const [year, days] of [['2026', days2026], ['2027', days2027]] as const) {
    expect(days.every(({ on }) => isLocalDate(on) && on.startsWith(year))).toBe(true);
    expect(new Set(days.map(({ on }) => on)).size).toBe(days.length);
  }
});

describe('counting working days', () => {
  const anyDay = fc.integer({ min: 0, max: 700 }).map((n) => addDays('2026-01-05', n));

  test('n days on and n back is where one started, from any worked day', () => {
    fc.assert(
      fc.property(anyDay.filter((on) => calendar.isWorkingDay(on)), fc.integer({ min: 0, max: 60 }), (on, n) => {
        expect(calendar.addWorkingDays(calendar.addWorkingDays(on, n), -n)).toBe(on);
      }),
    );
  });

  test('the result is worked, lies on the right side, and exactly n worked days are on the way', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: 1, max: 60 }), (on, n) => {
        const later = calendar.addWorkingDays(on, n);
        expect(calendar.isWorkingDay(later)).toBe(true);
        expect(later > on).toBe(true);
        expect(calendar.workingDaysBetween(on, later)).toBe(n);
        expect(calendar.workingDaysBetween(later, on)).toBe(-n);
      }),
    );
  });

  test('it is the number of worked days behind the first up to the last', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: 0, max: 60 }), (on, n) => {
        const counted = Array.from({ length: n }, (_, i) => addDays(on, i + 1)).filter((day) => calendar.isWorkingDay(day));
        expect(calendar.workingDaysBetween(on, addDays(on, n))).toBe(counted.length);
      }),
    );
  });

  test('a deadline mistyped by a hundred years or more is counted without walking there', () => {
    let asked = 0;
    const listening = workingCalendar([]);
    const days = listening.workingDaysBetween('2026-11-23', '2199-12-31');
    for (let day = '2199-12-27'; day <= '2199-12-31'; day = addDays(day, 1)) asked += Number(listening.isWorkingDay(day));
    expect(days).toBe(45_161);
    expect(listening.workingDaysBetween('2026-11-23', '2199-12-26') + asked).toBe(days);
  });

  test('in two steps or in one is the same', () => {
    fc.assert(
      fc.property(anyDay, fc.nat(30), fc.nat(30), (on, a, b) => {
        expect(calendar.addWorkingDays(calendar.addWorkingDays(on, a), b)).toBe(calendar.addWorkingDays(on, a + b));
      }),
    );
  });
});
