import { DateTime } from 'luxon';

/** The province's clock on the wall. Vietnam has no daylight saving; the zone is always asked for by name. */
export const ZONE = 'Asia/Ho_Chi_Minh';

/** A calendar day in Asia/Ho_Chi_Minh as "YYYY-MM-DD". */
export type LocalDate = string;

const at = (instant: Date) => DateTime.fromJSDate(instant, { zone: ZONE });
const day = (on: LocalDate) => DateTime.fromISO(on, { zone: ZONE });

/** The day on which an instant falls in Vietnam. */
export const localDateOf = (instant: Date): LocalDate => at(instant).toFormat('yyyy-MM-dd');

/** The instant of a Vietnamese wall-clock time: instantAt('2026-11-24', '08:00'). */
export const instantAt = (on: LocalDate, time: string): Date => DateTime.fromISO(`${on}T${time}`, { zone: ZONE }).toJSDate();

/** The last millisecond of a day in Vietnam: "due 20/11" is in time until then. */
export const endOfDay = (on: LocalDate): Date => day(on).endOf('day').toJSDate();

export const addDays = (on: LocalDate, n: number): LocalDate => day(on).plus({ days: n }).toFormat('yyyy-MM-dd');

/** Calendar days from a to b (negative where b is earlier). */
export const daysBetween = (a: LocalDate, b: LocalDate): number => Math.round(day(b).diff(day(a), 'days').days);

/** The year an instant falls into in Vietnam: codes are short within it. */
export const yearOf = (instant: Date): number => Number(localDateOf(instant).slice(0, 4));

/** 1 = Monday … 7 = Sunday. */
export const weekdayOf = (on: LocalDate): number => day(on).weekday;

/** True for a real day written "YYYY-MM-DD", from 1900 to 2199: other years are slips of the finger, and from 10000 on days no longer sort as text. */
export const isLocalDate = (text: string): boolean => /^(?:19|20|21)\d{2}-\d{2}-\d{2}$/.test(text) && day(text).isValid;

/** "24/11/2026" */
export const formatDay = (on: LocalDate): string => day(on).toFormat('dd/MM/yyyy');

const WEEKDAYS = ['', 'thứ Hai', 'thứ Ba', 'thứ Tư', 'thứ Năm', 'thứ Sáu', 'thứ Bảy', 'Chủ nhật'];

/** "thứ Ba 24/11/2026" */
export const formatWeekday = (on: LocalDate): string => `${WEEKDAYS[weekdayOf(on)]} ${formatDay(on)}`;

/** "24/11/2026 16:00" in Vietnam. */
export const formatInstant = (instant: Date): string => at(instant).toFormat('dd/MM/yyyy HH:mm');

/** "16:00" in Vietnam. */
export const formatTime = (instant: Date): string => at(instant).toFormat('HH:mm');
