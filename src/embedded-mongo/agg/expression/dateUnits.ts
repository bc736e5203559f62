import { typeName } from '../../bson/index.js';
import { fail } from '../../errors.js';
import { toInstant, toLocal, utc, type Zone } from './zones.js';

const UNITS = ['year', 'quarter', 'month', 'week', 'day', 'hour', 'minute', 'second', 'millisecond'] as const;
/** A unit of time as the date operators name it. */
export type Unit = (typeof UNITS)[number];

/** Checks a `unit` argument. */
export function unitOf(name: string, value: unknown): Unit {
  if (typeof value !== 'string') return fail(5439013, `${name} requires 'unit' to be a string, but got ${typeName(value)}`);
  return UNITS.find((unit) => unit === value) ?? fail(9, `unknown time unit value: ${value}`);
}

const WEEK_DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/** Number of a `startOfWeek` argument, Sunday being 0 and the default. */
export function weekDayOf(name: string, value: unknown): number {
  if (value === undefined || value === null) return 0;
  if (typeof value !== 'string') return fail(5439015, `${name} requires 'startOfWeek' to be a string, but got ${typeName(value)}`);
  const day = WEEK_DAYS.findIndex((full) => value.toLowerCase() === full || value.toLowerCase() === full.slice(0, 3));
  return day >= 0 ? day : fail(9, `unknown day of week value: ${value}`);
}

const MILLIS: Readonly<Partial<Record<Unit, number>>> = { hour: 3_600_000, minute: 60_000, second: 1000, millisecond: 1 };
const MONTHS: Readonly<Partial<Record<Unit, number>>> = { year: 12, quarter: 3, month: 1 };
const DAY = 86_400_000;

/** Months since year 0. */
function monthNumber(local: number): number {
  const date = new Date(local);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

function startOfMonth(month: number): number {
  return utc(Math.floor(month / 12), (((month % 12) + 12) % 12) + 1);
}

/** `$dateAdd`: units from a day upwards move the local calendar, and a day that the month lacks becomes its last one. */
export function addUnits(date: Date, unit: Unit, amount: number, zone: Zone): Date {
  const millis = MILLIS[unit];
  const months = MONTHS[unit];
  let time: number;
  if (millis !== undefined) time = date.getTime() + amount * millis;
  else {
    const local = toLocal(date.getTime(), zone);
    time = toInstant(months === undefined ? local + amount * DAY * (unit === 'week' ? 7 : 1) : addMonths(local, amount * months), zone);
  }
  return Number.isNaN(new Date(time).getTime()) ? fail(5166406, 'date overflow in date arithmetic') : new Date(time);
}

function addMonths(local: number, months: number): number {
  const first = startOfMonth(monthNumber(local) + months);
  const last = new Date(startOfMonth(monthNumber(first) + 1) - DAY).getUTCDate();
  const rest = ((local % DAY) + DAY) % DAY;
  return first + (Math.min(new Date(local).getUTCDate(), last) - 1) * DAY + rest;
}

/** Days since 1970 of the start of the week that a day lies in, in whole weeks. */
function weekNumber(local: number, firstDay: number): number {
  // 1970-01-01 was a Thursday (4).
  return Math.floor((Math.floor(local / DAY) + 4 - firstDay) / 7);
}

/** `$dateDiff`: how many bounds of the unit lie between two instants. */
export function differenceIn(start: Date, end: Date, unit: Unit, zone: Zone, firstDay: number): number {
  const millis = MILLIS[unit];
  const months = MONTHS[unit];
  const [from, to] = [toLocal(start.getTime(), zone), toLocal(end.getTime(), zone)];
  if (months !== undefined) return Math.floor(monthNumber(to) / months) - Math.floor(monthNumber(from) / months);
  if (unit === 'week') return weekNumber(to, firstDay) - weekNumber(from, firstDay);
  if (unit === 'day') return Math.floor(to / DAY) - Math.floor(from / DAY);
  // Hours and less are counted on the time line, from bounds that the zone's minutes of offset may move.
  const size = millis ?? 1;
  const shift = zone.offsetAt(start.getTime()) % size;
  return Math.floor((end.getTime() + shift) / size) - Math.floor((start.getTime() + shift) / size);
}

/** `$dateTrunc`: bins are counted from 2000-01-01 in the zone; weeks from the first such weekday on or after it. */
export function truncateTo(date: Date, unit: Unit, bin: number, zone: Zone, firstDay: number): Date {
  const local = toLocal(date.getTime(), zone);
  const months = MONTHS[unit];
  if (months !== undefined) {
    const size = months * bin;
    const since = monthNumber(local) - 24_000;
    return new Date(toInstant(startOfMonth(24_000 + Math.floor(since / size) * size), zone));
  }
  const reference = utc(2000);
  if (unit === 'day' || unit === 'week') {
    const size = DAY * bin * (unit === 'week' ? 7 : 1);
    // 2000-01-01 was a Saturday (6).
    const origin = unit === 'week' ? reference + ((firstDay - 6 + 7) % 7) * DAY : reference;
    return new Date(toInstant(origin + Math.floor((local - origin) / size) * size, zone));
  }
  const size = (MILLIS[unit] ?? 1) * bin;
  const origin = toInstant(reference, zone);
  return new Date(origin + Math.floor((date.getTime() - origin) / size) * size);
}
