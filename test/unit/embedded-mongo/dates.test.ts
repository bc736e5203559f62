import { Long } from 'bson';
import { DateTime } from 'luxon';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileExpression } from '../../../src/embedded-mongo/agg/expression/index.js';

const at = (text: string): Date => new Date(text);
const evaluate = (expression: unknown): unknown => compileExpression(expression, {})({});
const HCM = 'Asia/Ho_Chi_Minh';

test.each<[string, Record<string, unknown>, string]>([
  ['2024-06-01T23:00:00Z', { unit: 'day', timezone: 'Europe/Berlin' }, '2024-06-01T22:00:00Z'],
  ['2024-03-01T03:00:00Z', { unit: 'month', timezone: 'America/New_York' }, '2024-02-01T05:00:00Z'],
  ['2024-12-31T18:00:00Z', { unit: 'year', timezone: HCM }, '2024-12-31T17:00:00Z'],
  ['2024-05-15T10:00:00Z', { unit: 'quarter', timezone: HCM }, '2024-03-31T17:00:00Z'],
  ['2024-05-15T10:00:00Z', { unit: 'week', startOfWeek: 'monday', timezone: HCM }, '2024-05-12T17:00:00Z'],
  ['2024-05-15T10:00:00Z', { unit: 'week' }, '2024-05-12T00:00:00Z'],
  ['2024-05-15T10:47:13Z', { unit: 'minute', binSize: 15 }, '2024-05-15T10:45:00Z'],
  ['2024-05-15T10:47:13Z', { unit: 'hour', binSize: 6, timezone: HCM }, '2024-05-15T05:00:00Z'],
  ['1999-12-31T10:00:00Z', { unit: 'day' }, '1999-12-31T00:00:00Z'],
])('$dateTrunc of %s by %j is %s', (date, args, expected) => {
  expect(evaluate({ $dateTrunc: { date: at(date), ...args } })).toEqual(at(expected));
});

test.each<[string, Record<string, unknown>, string]>([
  ['2024-01-31T00:00:00Z', { unit: 'month', amount: 1 }, '2024-02-29T00:00:00Z'],
  ['2024-03-30T12:00:00Z', { unit: 'day', amount: 1, timezone: 'Europe/Berlin' }, '2024-03-31T11:00:00Z'],
  ['2024-03-30T12:00:00Z', { unit: 'hour', amount: 24, timezone: 'Europe/Berlin' }, '2024-03-31T12:00:00Z'],
  ['2024-01-30T18:00:00Z', { unit: 'month', amount: 1, timezone: HCM }, '2024-02-28T18:00:00Z'],
  ['2024-02-29T00:00:00Z', { unit: 'year', amount: -1 }, '2023-02-28T00:00:00Z'],
  ['2024-01-01T00:00:00Z', { unit: 'quarter', amount: 2 }, '2024-07-01T00:00:00Z'],
  ['2024-01-01T00:00:00Z', { unit: 'week', amount: 1 }, '2024-01-08T00:00:00Z'],
])('$dateAdd to %s of %j is %s', (date, args, expected) => {
  expect(evaluate({ $dateAdd: { startDate: at(date), ...args } })).toEqual(at(expected));
});

test.each<[string, string, Record<string, unknown>, number]>([
  ['2024-01-31T00:00:00Z', '2024-02-01T00:00:00Z', { unit: 'month' }, 1],
  ['2024-01-01T16:59:00Z', '2024-01-01T17:00:00Z', { unit: 'day', timezone: HCM }, 1],
  ['2024-01-06T00:00:00Z', '2024-01-08T00:00:00Z', { unit: 'week', startOfWeek: 'monday' }, 1],
  ['2024-01-06T00:00:00Z', '2024-01-08T00:00:00Z', { unit: 'week' }, 1],
  ['2024-01-01T10:59:59Z', '2024-01-01T11:00:00Z', { unit: 'hour' }, 1],
  ['2024-01-02T00:00:00Z', '2023-12-31T00:00:00Z', { unit: 'year' }, -1],
])('$dateDiff from %s to %s by %j is %i', (startDate, endDate, args, expected) => {
  expect(evaluate({ $dateDiff: { startDate: at(startDate), endDate: at(endDate), ...args } })).toEqual(Long.fromNumber(expected));
});

test.each<[Record<string, unknown>, string]>([
  [{ format: '%G-W%V-%u' }, '2025-W01-1'],
  [{ format: '%Y-%m-%d %H:%M:%S.%L %j %w %U %z %Z %%', timezone: HCM }, '2024-12-31 00:30:05.006 366 3 52 +0700 420 %'],
  [{}, '2024-12-30T17:30:05.006Z'],
  [{ timezone: '+07:00' }, '2024-12-31T00:30:05.006'],
  [{ format: '%b %B' }, 'Dec December'],
])('$dateToString by %j is %s', (args, expected) => {
  expect(evaluate({ $dateToString: { date: at('2024-12-30T17:30:05.006Z'), ...args } })).toBe(expected);
});

test.each<[Record<string, unknown>, string]>([
  [{ dateString: '2024-07-01T12:00:00', timezone: 'Europe/Berlin' }, '2024-07-01T10:00:00Z'],
  [{ dateString: '2024-07-01T12:00:00+0700' }, '2024-07-01T05:00:00Z'],
  [{ dateString: '2024-07-01' }, '2024-07-01T00:00:00Z'],
  [{ dateString: '31/12/2024', format: '%d/%m/%Y', timezone: HCM }, '2024-12-30T17:00:00Z'],
])('$dateFromString of %j is %s', (args, expected) => {
  expect(evaluate({ $dateFromString: args })).toEqual(at(expected));
});

test('what is no date', () => {
  expect(evaluate({ $dateFromString: { dateString: 'x', onError: 'E' } })).toBe('E');
  expect(evaluate({ $dateFromString: { dateString: null, onNull: 'N' } })).toBe('N');
  expect(evaluate({ $dateToString: { date: null, onNull: 'N' } })).toBe('N');
  expect(evaluate({ $year: null })).toBeNull();
  for (const dateString of ['x', '2024-02-30', '2024-13-01', '12:00']) {
    expect(() => evaluate({ $dateFromString: { dateString } })).toThrow(expect.objectContaining({ code: 241 }) as Error);
  }
  expect(() => evaluate({ $year: 'x' })).toThrow(expect.objectContaining({ code: 16006 }) as Error);
});

test('parts and their inverse agree with Luxon in all zones', () => {
  const zones = fc.constantFrom(HCM, 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'UTC', '-03:30');
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4_000_000_000_000 }), zones, (time, timezone) => {
      const date = new Date(time);
      const local = DateTime.fromMillis(time, { zone: timezone.startsWith('-') ? `UTC${timezone}` : timezone });
      const parts = evaluate({ $dateToParts: { date, timezone } });
      expect(parts).toEqual({ year: local.year, month: local.month, day: local.day, hour: local.hour, minute: local.minute, second: local.second, millisecond: local.millisecond });
      expect(evaluate({ $isoWeek: { date, timezone } })).toBe(local.weekNumber);
      expect(evaluate({ $isoWeekYear: { date, timezone } })).toEqual(Long.fromNumber(local.weekYear));
      expect(evaluate({ $dayOfYear: { date, timezone } })).toBe(local.ordinal);
      const back = evaluate({ $dateFromParts: { ...(parts as object), timezone } }) as Date;
      // Where clocks are set back, one local time stands for two instants, and the earlier one is given.
      expect([0, 1_800_000, 3_600_000]).toContain(time - back.getTime());
      expect(evaluate({ $dateTrunc: { date, unit: 'day', timezone } })).toEqual(local.startOf('day').toJSDate());
      expect(evaluate({ $dateTrunc: { date, unit: 'month', timezone } })).toEqual(local.startOf('month').toJSDate());
      expect(evaluate({ $dateTrunc: { date, unit: 'week', startOfWeek: 'mon', timezone } })).toEqual(local.startOf('week').toJSDate());
    }),
    { numRuns: 1000 },
  );
});
