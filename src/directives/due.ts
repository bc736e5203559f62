import { DomainError } from '../kernel/errors.js';
import { endOfDay, formatInstant, formatWeekday, instantAt, isLocalDate, localDateOf, type LocalDate } from '../kernel/local-date.js';
import type { WorkingCalendar } from '../kernel/working-calendar.js';
import type { Task } from './task.model.js';

/** A deadline as a task keeps it. */
export type Due = Pick<Task, 'dueOn' | 'dueAt' | 'dueByHour'>;

/** A deadline as handed in: a day, or an hour, or neither. */
export interface DueInput {
  dueOn?: LocalDate | null;
  dueAt?: string | Date | null;
}

const NO_DUE: Due = { dueOn: null, dueAt: null, dueByHour: false };

/**
 * Reads a deadline. A day runs to its end in Vietnam; where it falls on a day off, `dueOn` stays as the document says and
 * `dueAt` moves to the end of the next working day (Civil Code 2015, art. 148.5). An hour is taken as it stands.
 * `path` goes before the field in errors, e.g. "tasks.0.". Throws due-invalid.
 */
export function readDue(input: DueInput, calendar: WorkingCalendar, path = ''): Due {
  const { dueOn, dueAt } = input;
  if (dueOn && dueAt) throw invalid(`${path}dueAt`, 'chỉ nhập ngày hoặc giờ, không nhập cả hai');
  if (dueAt) return readHour(dueAt, `${path}dueAt`);
  if (!dueOn) return NO_DUE;
  if (!isLocalDate(dueOn)) throw invalid(`${path}dueOn`, 'không phải ngày có thật, dạng YYYY-MM-DD');
  return { dueOn, dueAt: endOfDay(calendar.rollForward(dueOn)), dueByHour: false };
}

const DAY_AND_HOUR = /^(\d{4}-\d{2}-\d{2})T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)?$/;

function readHour(given: string | Date, path: string): Due {
  const dueAt = typeof given === 'string' ? parseHour(given.trim()) : given;
  if (!dueAt || Number.isNaN(dueAt.getTime())) throw invalid(path, 'không phải thời điểm có thật, dạng 2026-11-24T17:00+07:00');
  return { dueOn: localDateOf(dueAt), dueAt, dueByHour: true };
}

function parseHour(text: string): Date | undefined {
  const parts = DAY_AND_HOUR.exec(text);
  if (!parts || !isLocalDate(parts[1] ?? '')) return undefined;
  return parts[2] ? new Date(text) : instantAt(parts[1] ?? '', text.slice(11));
}

/** Throws due-invalid where a deadline lies before the day its document was issued. */
export function mustFollow(due: Due, issuedOn: LocalDate, path = ''): void {
  if (due.dueOn && due.dueOn < issuedOn) throw invalid(`${path}${due.dueByHour ? 'dueAt' : 'dueOn'}`, 'trước ngày ban hành văn bản');
}

/** Throws due-past where a deadline is over already: whoever enters it is asked whether that is meant. */
export function mustLieAhead(due: Due, now: Date, path = ''): void {
  if (due.dueAt && due.dueAt < now) throw new DomainError('due-past', { path: `${path}${due.dueByHour ? 'dueAt' : 'dueOn'}`, due: due.dueByHour ? formatInstant(due.dueAt) : formatWeekday(localDateOf(due.dueAt)) });
}

/** The day a deadline really ends on: `dueOn` rolled over days off. Undefined without a deadline. */
export const lastDayOf = (due: Pick<Due, 'dueAt'>): LocalDate | undefined => (due.dueAt ? localDateOf(due.dueAt) : undefined);

const invalid = (path: string, why: string) => new DomainError('due-invalid', { path, why });
