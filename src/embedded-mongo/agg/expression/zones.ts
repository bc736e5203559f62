import { fail } from '../../errors.js';

/** A time zone: how far its clocks are ahead of UTC at an instant, in milliseconds. */
export interface Zone {
  readonly id: string;
  offsetAt(time: number): number;
}

/** UTC. */
export const UTC: Zone = { id: 'UTC', offsetAt: () => 0 };
const zones = new Map<string, Zone>([['UTC', UTC], ['GMT', UTC], ['Z', UTC]]);

/** A zone by Olson name or by offset ("+07", "+0700", "+07:00"). */
export function zoneOf(id: string): Zone {
  const known = zones.get(id);
  if (known !== undefined) return known;
  const fixed = /^([+-])(\d{2}):?(\d{2})?$/.exec(id);
  const zone = fixed === null ? namedZone(id) : fixedZone(id, fixed);
  if (zones.size < 1000) zones.set(id, zone);
  return zone;
}

function fixedZone(id: string, [, sign, hours, minutes = '0']: RegExpExecArray): Zone {
  const offset = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -60_000 : 60_000);
  return { id, offsetAt: () => offset };
}

function namedZone(id: string): Zone {
  if (!/^[A-Za-z_]+([/+-][\w+-]+)*$/.test(id)) return fail(40485, `unrecognized time zone identifier: "${id}"`);
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', { timeZone: id, timeZoneName: 'longOffset' });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return fail(40485, `unrecognized time zone identifier: "${id}"`);
  }
  // Formatting is slow; within one quarter of an hour no zone changes its clocks twice, and changes fall on its bounds.
  const cache = new Map<number, number>();
  return {
    id,
    offsetAt(time) {
      const quarter = Math.floor(time / 900_000);
      const cached = cache.get(quarter);
      if (cached !== undefined) return cached;
      const offset = readOffset(format, time);
      if (cache.size > 50_000) cache.clear();
      cache.set(quarter, offset);
      return offset;
    },
  };
}

function readOffset(format: Intl.DateTimeFormat, time: number): number {
  const name = format.formatToParts(time).find((part) => part.type === 'timeZoneName')?.value ?? 'GMT';
  const match = /GMT([+-])(\d{2}):(\d{2})(?::(\d{2}))?/.exec(name);
  if (match === null) return 0;
  const [, sign, hours, minutes, seconds = '0'] = match;
  return (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * (sign === '-' ? -1000 : 1000);
}

const DAY = 86_400_000;

/**
 * The instant at which the zone's clocks show a local time (given as if it were UTC). Of two such instants the earlier
 * one; a time that the clocks skip is moved forward by as much as they jump.
 */
export function toInstant(local: number, zone: Zone): number {
  const before = zone.offsetAt(local - zone.offsetAt(local - DAY) - DAY);
  const early = local - before;
  if (zone.offsetAt(early) === before) return early;
  const after = zone.offsetAt(local + DAY);
  const late = local - after;
  return zone.offsetAt(late) === after ? late : early;
}

/** The local time of an instant, as if it were UTC. */
export function toLocal(time: number, zone: Zone): number {
  return time + zone.offsetAt(time);
}

/** Milliseconds of a UTC date; months and days may be out of range, years below 100 are taken literally. */
export function utc(year: number, month = 1, day = 1, hour = 0, minute = 0, second = 0, millis = 0): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.setUTCHours(hour, minute, second, millis);
}

/** ISO 8601 week and the year it belongs to, of a local time. */
export function isoWeekOf(local: number): { year: number; week: number } {
  const date = new Date(local);
  const thursday = Math.floor(local / DAY) + 4 - (date.getUTCDay() || 7);
  const year = new Date(thursday * DAY).getUTCFullYear();
  return { year, week: Math.floor((thursday - Math.floor(utc(year) / DAY)) / 7) + 1 };
}

/** Day of the year, from 1. */
export function dayOfYear(local: number): number {
  return Math.floor(local / DAY) - Math.floor(utc(new Date(local).getUTCFullYear()) / DAY) + 1;
}
