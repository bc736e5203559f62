import { daysBetween, endOfDay, formatDay, formatInstant, formatTime, formatWeekday, localDateOf } from '../kernel/local-date.js';
import type { WorkingCalendar } from '../kernel/working-calendar.js';

/** A deadline as texts need it. */
export interface DueFacts {
  dueOn: string | null;
  dueAt: Date | null;
  dueByHour: boolean;
}

/**
 * A deadline in words: "thứ Ba 24/11/2026", "17:00 thứ Hai 23/11/2026", "không ấn định hạn"; where the document names a day
 * off, both days: "thứ Bảy 21/11/2026 (ngày nghỉ, tính đến hết thứ Hai 23/11/2026)".
 */
export function dueText({ dueOn, dueAt, dueByHour }: DueFacts): string {
  if (!dueAt) return 'không ấn định hạn';
  const lastDay = localDateOf(dueAt);
  if (dueByHour) return `${formatTime(dueAt)} ${formatWeekday(lastDay)}`;
  return dueOn && dueOn !== lastDay ? `${formatWeekday(dueOn)} (ngày nghỉ, tính đến hết ${formatWeekday(lastDay)})` : formatWeekday(lastDay);
}

/** The same, as short as a list needs it: "24/11", "17:00 23/11", "không hạn", "21/11 (ngày nghỉ, tính đến hết 23/11)". */
export function shortDueText({ dueOn, dueAt, dueByHour }: DueFacts): string {
  if (!dueAt) return 'không hạn';
  if (dueByHour) return `${formatTime(dueAt)} ${shortDay(dueAt)}`;
  return dueOn && dueOn !== localDateOf(dueAt) ? `${formatDay(dueOn).slice(0, 5)} (ngày nghỉ, tính đến hết ${shortDay(dueAt)})` : shortDay(dueAt);
}

const DAY_MS = 86_400_000;

/**
 * What is left in words: "còn 1 ngày làm việc", "hết hạn hôm nay", "còn 2 giờ", "quá hạn 2 ngày"; empty without a deadline. A
 * deadline by the hour is counted in hours within a day of it, also across midnight: 02:00 tonight is no working day away.
 */
export function remainingText(due: Pick<DueFacts, 'dueAt' | 'dueByHour'>, now: Date, calendar: WorkingCalendar): string {
  if (!due.dueAt) return '';
  const [today, lastDay] = [localDateOf(now), localDateOf(due.dueAt)];
  const ms = due.dueAt.getTime() - now.getTime();
  if (ms < 0) return today === lastDay ? `quá hạn ${hoursText(-ms)}` : `quá hạn ${daysBetween(lastDay, today)} ngày`;
  if (due.dueByHour && (today === lastDay || ms < DAY_MS)) return `còn ${hoursText(ms)}`;
  if (today === lastDay) return 'hết hạn hôm nay';
  const workingDays = calendar.workingDaysBetween(today, lastDay);
  return workingDays > 0 ? `còn ${workingDays} ngày làm việc` : `còn ${daysBetween(today, lastDay)} ngày`;
}

/** Hours and minutes, minutes alone within the last hour; never "0", and never an hour less than there is. */
function hoursText(ms: number): string {
  const minutes = Math.max(1, Math.floor(ms / 60_000));
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (hours === 0) return `${minutes} phút`;
  return rest === 0 || hours >= 6 ? `${hours} giờ` : `${hours} giờ ${rest} phút`;
}

/** Deadline and what is left: "thứ Ba 24/11/2026 (còn 1 ngày làm việc)". A day off: "thứ Bảy 21/11/2026 (ngày nghỉ, tính đến hết thứ Hai 23/11/2026; còn 1 ngày làm việc)". */
export function dueWithRemaining(due: DueFacts, now: Date, calendar: WorkingCalendar): string {
  const remaining = remainingText(due, now, calendar);
  const text = dueText(due);
  if (!remaining) return text;
  // One bracket, whatever stands in it.
  return text.endsWith(')') ? `${text.slice(0, -1)}; ${remaining})` : `${text} (${remaining})`;
}

/** Away until just before `until`, in words: "nghỉ đến hết 25/11/2026"; by the hour where it does not end with a day. */
export function leaveText(until: Date): string {
  return formatTime(until) === '00:00' ? `nghỉ đến hết ${dayText(new Date(until.getTime() - 1))}` : `nghỉ đến ${formatTime(until)} ngày ${dayText(until)}`;
}

/** A deadline as it was kept: "27/11/2026", or "17:00 ngày 27/11/2026" where it named an hour. */
export const dueMomentText = (dueAt: Date): string => (namesHour(dueAt) ? `${formatTime(dueAt)} ngày ${dayText(dueAt)}` : dayText(dueAt));

/** A deadline by the day runs to the day's last moment. */
export const namesHour = (dueAt: Date): boolean => dueAt.getTime() !== endOfDay(localDateOf(dueAt)).getTime();

/** "20/11" in Vietnam. */
export const shortDay = (instant: Date): string => formatDay(localDateOf(instant)).slice(0, 5);

/** "20/11/2026" in Vietnam. */
export const dayText = (instant: Date): string => formatDay(localDateOf(instant));

/** "20/11/2026 09:12" in Vietnam. */
export const momentText = (instant: Date): string => formatInstant(instant);
