import { Long, ObjectId } from 'bson';
import { isDocument, toSafeInteger, typeName } from '../../bson/index.js';
import { fail } from '../../errors.js';
import { addUnits, differenceIn, truncateTo, unitOf, weekDayOf } from './dateUnits.js';
import { formatDate, parseDate, parseDateWithFormat } from './dateText.js';
import { compile, defineNamed, namedArguments, nullish, operators } from './core.js';
import { dayOfYear, isoWeekOf, toInstant, toLocal, UTC, utc, zoneOf, type Zone } from './zones.js';

/** The instant of a date-like value: dates, object ids and timestamps. */
function dateOf(name: string, value: unknown): Date {
  if (value instanceof Date) return value;
  if (value instanceof ObjectId) return value.getTimestamp();
  if (typeName(value) === 'timestamp') return new Date(((value as { high: number }).high >>> 0) * 1000);
  return fail(16006, `can't convert from BSON type ${typeName(value)} to Date in ${name}`);
}

/** The zone of a `timezone` argument that is given. */
function zone(value: unknown): Zone {
  return typeof value === 'string' ? zoneOf(value) : fail(40517, `timezone must evaluate to a string, found ${typeName(value)}`);
}

const PARTS: Readonly<Record<string, (local: Date) => unknown>> = {
  $year: (local) => local.getUTCFullYear(),
  $month: (local) => local.getUTCMonth() + 1,
  $dayOfMonth: (local) => local.getUTCDate(),
  $dayOfWeek: (local) => local.getUTCDay() + 1,
  $dayOfYear: (local) => dayOfYear(local.getTime()),
  $hour: (local) => local.getUTCHours(),
  $minute: (local) => local.getUTCMinutes(),
  $second: (local) => local.getUTCSeconds(),
  $millisecond: (local) => local.getUTCMilliseconds(),
  $week: (local) => Math.floor((dayOfYear(local.getTime()) + 6 - local.getUTCDay()) / 7),
  $isoWeek: (local) => isoWeekOf(local.getTime()).week,
  $isoWeekYear: (local) => Long.fromNumber(isoWeekOf(local.getTime()).year),
  $isoDayOfWeek: (local) => local.getUTCDay() || 7,
};

for (const [name, part] of Object.entries(PARTS)) {
  operators.set(name, (argument, context) => {
    const single: unknown = Array.isArray(argument) && argument.length === 1 ? argument[0] : argument;
    const named = isDocument(single) && !Object.keys(single)[0]?.startsWith('$');
    const args = named ? namedArguments(name, single, ['date'], ['timezone']) : { date: single };
    const [date, place] = [compile(args.date, context), compile(args.timezone ?? 'UTC', context)];
    return (scope) => {
      const [value, where] = [date(scope), place(scope)];
      if (nullish(value) || nullish(where)) return null;
      return part(new Date(toLocal(dateOf(name, value).getTime(), zone(where))));
    };
  });
}

defineNamed('$dateToString', { required: ['date'], optional: ['format', 'timezone', 'onNull'] }, (args, _context, given) => {
  if (nullish(args.date)) return given.has('onNull') ? args.onNull : null;
  if ((given.has('format') && nullish(args.format)) || (given.has('timezone') && nullish(args.timezone))) return null;
  const where = given.has('timezone') ? zone(args.timezone) : UTC;
  const format = args.format ?? (where === UTC ? '%Y-%m-%dT%H:%M:%S.%LZ' : '%Y-%m-%dT%H:%M:%S.%L');
  if (typeof format !== 'string') return fail(18533, `$dateToString requires that 'format' be a string, found: ${typeName(format)}`);
  return formatDate(dateOf('$dateToString', args.date), format, where);
});

operators.set('$dateFromString', (argument, context) => {
  const args = namedArguments('$dateFromString', argument, ['dateString'], ['format', 'timezone', 'onNull', 'onError']);
  const item = (key: string): ReturnType<typeof compile> | undefined => (Object.hasOwn(args, key) ? compile(args[key], context) : undefined);
  const [text, format, timezone, onNull, onError] = ['dateString', 'format', 'timezone', 'onNull', 'onError'].map(item);
  return (scope) => {
    const value = text?.(scope);
    if (nullish(value)) return onNull === undefined ? null : onNull(scope);
    const [pattern, where] = [format?.(scope), timezone?.(scope)];
    if ((format !== undefined && nullish(pattern)) || (timezone !== undefined && nullish(where))) return null;
    const place = timezone === undefined ? undefined : zone(where);
    try {
      if (typeof value !== 'string') return fail(241, `$dateFromString requires that 'dateString' be a string, found: ${typeName(value)}`);
      return format === undefined ? parseDate(value, place) : parseDateWithFormat(value, String(pattern), place);
    } catch (error) {
      if (onError === undefined) throw error;
      return onError(scope);
    }
  };
});

function partNumber(name: string, value: unknown, fallback: number): number {
  if (value === undefined) return fallback;
  return toSafeInteger(value) ?? fail(40515, `'${name}' must evaluate to an integer, found ${typeName(value)}`);
}

const CALENDAR = ['year', 'month', 'day', 'hour', 'minute', 'second', 'millisecond'] as const;
const ISO_CALENDAR = ['isoWeekYear', 'isoWeek', 'isoDayOfWeek', 'hour', 'minute', 'second', 'millisecond'] as const;

defineNamed('$dateFromParts', { required: [], optional: [...new Set([...CALENDAR, ...ISO_CALENDAR, 'timezone'])] }, (args, _context, given) => {
  if ([...given].some((key) => nullish(args[key]))) return null;
  const where = given.has('timezone') ? zone(args.timezone) : UTC;
  const iso = given.has('isoWeekYear');
  if (iso === given.has('year')) fail(40516, "$dateFromParts requires either 'year' or 'isoWeekYear' to be present");
  const [year, second, third, hour, minute, seconds, millis] = (iso ? ISO_CALENDAR : CALENDAR).map((key, i) => partNumber(key, args[key], i < 3 ? 1 : 0)) as [number, number, number, number, number, number, number];
  if (year < 1 || year > 9999) fail(40523, `'${iso ? 'isoWeekYear' : 'year'}' must evaluate to an integer in the range 1 to 9999, found ${year}`);
  if (!iso) return new Date(toInstant(utc(year, second, third, hour, minute, seconds, millis), where));
  // The week with 4 January is the first one.
  const fourth = new Date(utc(year, 1, 4));
  const day = 4 - (fourth.getUTCDay() || 7) + (second - 1) * 7 + third;
  return new Date(toInstant(utc(year, 1, day, hour, minute, seconds, millis), where));
});

defineNamed('$dateToParts', { required: ['date'], optional: ['timezone', 'iso8601'] }, (args, _context, given) => {
  if ([...given].some((key) => nullish(args[key]))) return null;
  const local = new Date(toLocal(dateOf('$dateToParts', args.date).getTime(), given.has('timezone') ? zone(args.timezone) : UTC));
  const time = { hour: local.getUTCHours(), minute: local.getUTCMinutes(), second: local.getUTCSeconds(), millisecond: local.getUTCMilliseconds() };
  if (args.iso8601 !== true) return { year: local.getUTCFullYear(), month: local.getUTCMonth() + 1, day: local.getUTCDate(), ...time };
  const { year, week } = isoWeekOf(local.getTime());
  return { isoWeekYear: year, isoWeek: week, isoDayOfWeek: local.getUTCDay() || 7, ...time };
});

function defineShift(name: string, sign: 1 | -1): void {
  defineNamed(name, { required: ['startDate', 'unit', 'amount'], optional: ['timezone'] }, (args, _context, given) => {
    if ([...given].some((key) => nullish(args[key]))) return null;
    const amount = toSafeInteger(args.amount) ?? fail(5166405, `${name} expects integer amount of time units`);
    return addUnits(dateOf(name, args.startDate), unitOf(name, args.unit), amount * sign, given.has('timezone') ? zone(args.timezone) : UTC);
  });
}
defineShift('$dateAdd', 1);
defineShift('$dateSubtract', -1);

defineNamed('$dateDiff', { required: ['startDate', 'endDate', 'unit'], optional: ['timezone', 'startOfWeek'] }, (args, _context, given) => {
  if (['startDate', 'endDate', 'unit', 'timezone'].some((key) => given.has(key) && nullish(args[key]))) return null;
  const unit = unitOf('$dateDiff', args.unit);
  if (unit === 'week' && given.has('startOfWeek') && nullish(args.startOfWeek)) return null;
  const where = given.has('timezone') ? zone(args.timezone) : UTC;
  const [start, end] = [dateOf('$dateDiff', args.startDate), dateOf('$dateDiff', args.endDate)];
  return Long.fromNumber(differenceIn(start, end, unit, where, weekDayOf('$dateDiff', args.startOfWeek)));
});

defineNamed('$dateTrunc', { required: ['date', 'unit'], optional: ['binSize', 'timezone', 'startOfWeek'] }, (args, _context, given) => {
  if (['date', 'unit', 'timezone', 'binSize'].some((key) => given.has(key) && nullish(args[key]))) return null;
  const unit = unitOf('$dateTrunc', args.unit);
  const bin = given.has('binSize') ? toSafeInteger(args.binSize) : 1;
  if (bin === undefined || bin < 1) return fail(5439017, "$dateTrunc requires 'binSize' to be a 64-bit integer greater than 0");
  const where = given.has('timezone') ? zone(args.timezone) : UTC;
  return truncateTo(dateOf('$dateTrunc', args.date), unit, bin, where, weekDayOf('$dateTrunc', args.startOfWeek));
});
