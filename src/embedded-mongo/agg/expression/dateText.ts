import { fail } from '../../errors.js';
import { dayOfYear, isoWeekOf, toInstant, toLocal, UTC, utc, zoneOf, type Zone } from './zones.js';

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${pad(Math.floor(size / 60), 2)}${pad(size % 60, 2)}`;
}

type Formatter = (date: Date, offsetMinutes: number) => string;

const FORMATTERS: Readonly<Record<string, Formatter>> = {
  Y: (date) => pad(date.getUTCFullYear(), 4),
  m: (date) => pad(date.getUTCMonth() + 1, 2),
  d: (date) => pad(date.getUTCDate(), 2),
  H: (date) => pad(date.getUTCHours(), 2),
  M: (date) => pad(date.getUTCMinutes(), 2),
  S: (date) => pad(date.getUTCSeconds(), 2),
  L: (date) => pad(date.getUTCMilliseconds(), 3),
  j: (date) => pad(dayOfYear(date.getTime()), 3),
  w: (date) => String(date.getUTCDay() + 1),
  u: (date) => String(date.getUTCDay() || 7),
  U: (date) => pad(Math.floor((dayOfYear(date.getTime()) + 6 - date.getUTCDay()) / 7), 2),
  V: (date) => pad(isoWeekOf(date.getTime()).week, 2),
  G: (date) => pad(isoWeekOf(date.getTime()).year, 4),
  z: (_date, offset) => offsetText(offset),
  Z: (_date, offset) => String(offset),
  b: (date) => (MONTHS[date.getUTCMonth()] ?? '').slice(0, 3),
  B: (date) => MONTHS[date.getUTCMonth()] ?? '',
  '%': () => '%',
};

/** `$dateToString` of an instant. */
export function formatDate(date: Date, format: string, zone: Zone): string {
  const local = new Date(toLocal(date.getTime(), zone));
  const offset = Math.round(zone.offsetAt(date.getTime()) / 60_000);
  const year = local.getUTCFullYear();
  if (year < 0 || year > 9999) fail(18537, `Could not convert date to string: date component was outside the supported range of 0-9999: ${year}`);
  return format.replace(/%([\s\S]?)/g, (_, letter: string) => {
    const formatter = Object.hasOwn(FORMATTERS, letter) ? FORMATTERS[letter] : undefined;
    return formatter === undefined ? fail(18536, `Invalid format character '%${letter}' in format string`) : formatter(local, offset);
  });
}

const ISO = /^(\d{4})-?(\d{2})-?(\d{2})(?:[T ](\d{2}):?(\d{2})(?::?(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|[+-]\d{2}:?(?:\d{2})?|[A-Za-z]+(?:\/[A-Za-z_]+)+)?$/i;

function unparsable(text: string): never {
  return fail(241, `Error parsing date string '${text}'`);
}

/** Parses ISO 8601 text, which is what this server accepts where no format is given; other spellings are refused. */
export function parseDate(text: string, zone?: Zone): Date {
  const match = ISO.exec(text.trim());
  if (match === null) return unparsable(text);
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '0', offset] = match;
  if (offset !== undefined && zone !== undefined) fail(241, `you cannot pass in a date/time string with time zone information ('${offset}') together with a timezone argument`);
  const fields = [year, month, day, hour, minute, second].map(Number) as [number, number, number, number, number, number];
  return instant(text, [...fields, Math.floor(Number(`0.${fraction}`) * 1000 + 1e-7)], offset === undefined ? (zone ?? UTC) : zoneOf(offset.toUpperCase() === 'Z' ? 'UTC' : offset));
}

type Fields = [year: number, month: number, day: number, hour: number, minute: number, second: number, millis: number];

function instant(text: string, fields: Fields, zone: Zone): Date {
  const [, month, day, hour, minute, second] = fields;
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 24 || minute > 59 || second > 59) unparsable(text);
  // A day beyond the end of its month is refused rather than carried into the next month.
  const local = utc(...fields);
  if (hour < 24 && new Date(local).getUTCMonth() !== month - 1) unparsable(text);
  return new Date(toInstant(local, zone));
}

const PIECES: Readonly<Record<string, string>> = {
  Y: '(?<Y>\\d{4})', m: '(?<m>\\d{1,2})', d: '(?<d>\\d{1,2})', H: '(?<H>\\d{1,2})', M: '(?<M>\\d{1,2})', S: '(?<S>\\d{1,2})',
  L: '(?<L>\\d{1,3})', j: '(?<j>\\d{1,3})', z: '(?<z>[+-]\\d{2}:?\\d{2}|Z)', Z: '(?<Z>[+-]?\\d{1,4})',
  b: '(?<b>[A-Za-z]{3})', B: '(?<B>[A-Za-z]+)', '%': '%',
};

/** Parses text by a format of `$dateFromString`. */
export function parseDateWithFormat(text: string, format: string, zone?: Zone): Date {
  const pattern = format.replace(/%([\s\S]?)|[\\^$.*+?()[\]{}|]/g, (piece: string, letter: string | undefined) => {
    if (letter === undefined) return `\\${piece}`;
    return Object.hasOwn(PIECES, letter) ? (PIECES[letter] as string) : fail(18536, `Invalid or unsupported format character '%${letter}' in format string`);
  });
  const groups = new RegExp(`^${pattern}$`).exec(text)?.groups;
  if (groups === undefined) return unparsable(text);
  const ownZone = groups.z !== undefined || groups.Z !== undefined;
  if (ownZone && zone !== undefined) fail(241, 'you cannot pass in a date/time string with time zone information together with a timezone argument');
  const number = (letter: string, fallback: number): number => (groups[letter] === undefined ? fallback : Number(groups[letter]));
  const name = groups.B ?? groups.b;
  const month = name === undefined ? number('m', 1) : MONTHS.findIndex((full) => full.slice(0, groups.B === undefined ? 3 : undefined).toLowerCase() === name.toLowerCase()) + 1;
  const effective = groups.Z !== undefined ? zoneOf(offsetText(Number(groups.Z))) : groups.z !== undefined ? zoneOf(groups.z === 'Z' ? 'UTC' : groups.z) : (zone ?? UTC);
  if (groups.j !== undefined) return new Date(toInstant(utc(number('Y', 1970), 1, number('j', 1), number('H', 0), number('M', 0), number('S', 0), number('L', 0)), effective));
  return instant(text, [number('Y', 1970), month, number('d', 1), number('H', 0), number('M', 0), number('S', 0), number('L', 0)], effective);
}
