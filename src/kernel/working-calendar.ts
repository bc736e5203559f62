import { addDays, daysBetween, weekdayOf, type LocalDate } from './local-date.js';

/** An exception to "Monday to Friday are worked": a holiday, a swapped day off, or a worked Saturday. */
export interface CalendarDay {
  on: LocalDate;
  kind: 'off' | 'worked';
  note: string;
}

/** Answers which days are worked. Pure; built from the office's own table of exceptions. */
export interface WorkingCalendar {
  isWorkingDay(on: LocalDate): boolean;
  /** The n-th working day after `on`, which itself is not counted (Civil Code 2015, art. 147); n < 0 goes back. */
  addWorkingDays(on: LocalDate, n: number): LocalDate;
  /** `on` itself if worked, else the next working day (Civil Code 2015, art. 148.5). */
  rollForward(on: LocalDate): LocalDate;
  /** Working days in (from, to]; negative where `to` is earlier. */
  workingDaysBetween(from: LocalDate, to: LocalDate): number;
}

/** A calendar from its exceptions. Throws RangeError if more than 400 days in a row are off. */
export function workingCalendar(exceptions: readonly CalendarDay[]): WorkingCalendar {
  const byDay = new Map(exceptions.map((e) => [e.on, e.kind]));
  const isWorkingDay = (on: LocalDate): boolean => {
    const kind = byDay.get(on);
    return kind ? kind === 'worked' : weekdayOf(on) <= 5;
  };
  const step = (on: LocalDate, direction: 1 | -1): LocalDate => {
    let next = addDays(on, direction);
    for (let tries = 0; !isWorkingDay(next); tries++) {
      if (tries > 400) throw new RangeError(`No working day within 400 days of ${on}`);
      next = addDays(next, direction);
    }
    return next;
  };
  return {
    isWorkingDay,
    addWorkingDays: (on, n) => {
      let day = on;
      for (let left = Math.abs(n); left > 0; left--) day = step(day, n < 0 ? -1 : 1);
      return day;
    },
    rollForward: (on) => (isWorkingDay(on) ? on : step(on, 1)),
    workingDaysBetween: (from, to) => {
      const [first, last, sign] = from <= to ? [from, to, 1] : [to, from, -1];
      let count = weekdaysBetween(first, last);
      for (const [on, kind] of byDay) if (first < on && on <= last) count += Number(kind === 'worked') - Number(weekdayOf(on) <= 5);
      return count === 0 ? 0 : sign * count;
    },
  };
}

/** Mondays to Fridays in (from, to]; whole weeks at once, for a deadline mistyped as 2126 must not make everyone wait. */
function weekdaysBetween(from: LocalDate, to: LocalDate): number {
  const [days, weekday] = [daysBetween(from, to), weekdayOf(from)];
  const rest = Array.from({ length: days % 7 }, (_, i) => (weekday + i) % 7).filter((dayAfter) => dayAfter < 5);
  return Math.floor(days / 7) * 5 + rest.length;
}
