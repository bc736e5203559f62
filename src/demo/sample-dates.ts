import { addDays, instantAt, type LocalDate } from '../kernel/local-date.js';
import type { MeetingKind } from '../meetings/meeting.model.js';
import type { WorkingCalendar } from '../kernel/working-calendar.js';

/** Turns "days from today" of the sample province into dates. `anchor` is the day the province was first opened. */
export interface SampleDates {
  anchor: LocalDate;
  /** The moment the province is opened; all history lies before it. */
  now: Date;
  calendar: WorkingCalendar;
}

/** A deadline on a working day: coming ones roll forward, past ones back, so that late stays late and done stays done. */
export function dueOn({ anchor, calendar }: SampleDates, day: number): LocalDate {
  const on = addDays(anchor, day);
  if (calendar.isWorkingDay(on)) return on;
  return day >= 0 ? calendar.rollForward(on) : calendar.addWorkingDays(on, -1);
}

/** The hour of today's deadline: as given, or, where that is near or over, the full hour at least two hours ahead. */
export function dueAt(dates: SampleDates, day: number, time: string): Date {
  return ahead(instantAt(addDays(dates.anchor, day), time), dates.now, { spareMs: 2 * 3_600_000, stepMs: 3_600_000 });
}

/**
 * The start of a meeting: as given, ordinary ones on a working day; where that is near or over, the half hour at least an
 * hour and a half ahead.
 */
export function startsAt(dates: SampleDates, { kind, day, time }: { kind: MeetingKind; day: number; time: string }): Date {
  const on = addDays(dates.anchor, day);
  return ahead(instantAt(kind === 'urgent' ? on : dates.calendar.rollForward(on), time), dates.now, { spareMs: 90 * 60_000, stepMs: 30 * 60_000 });
}

/** A moment of the history: as given, but before the opening, in the order of `index`. */
export function happenedAt(dates: SampleDates, day: number, time: string, index: number): Date {
  const at = instantAt(addDays(dates.anchor, day), time);
  const latest = new Date(dates.now.getTime() - 10 * 60_000 + index * 1_000);
  return at < latest ? at : latest;
}

function ahead(wanted: Date, now: Date, { spareMs, stepMs }: { spareMs: number; stepMs: number }): Date {
  const earliest = now.getTime() + spareMs;
  return wanted.getTime() >= earliest ? wanted : new Date(Math.ceil(earliest / stepMs) * stepMs);
}
