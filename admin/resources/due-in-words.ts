import { openStages, type Task } from '../../src/directives/task.model.js';
import { formatDay, formatInstant, localDateOf } from '../../src/kernel/local-date.js';
import type { WorkingCalendar } from '../../src/kernel/working-calendar.js';
import { namesHour, remainingText } from '../../src/texts/when-texts.js';

type DueFacts = Pick<Task, 'dueAt' | 'dueOn' | 'dueByHour' | 'stage' | 'submittedAt'>;

/** A deadline and what is left of it: "24/11/2026" and "còn 1 ngày làm việc" or "quá hạn 2 ngày"; on a day off also until when it counts. */
export function dueInWords(task: DueFacts, now: Date, calendar: WorkingCalendar): { due: string; dueNote: string } {
  if (!task.dueAt || !task.dueOn) return { due: 'Không hạn', dueNote: '' };
  const due = task.dueByHour ? formatInstant(task.dueAt) : formatDay(task.dueOn);
  return { due, dueNote: [task.dueByHour ? '' : countsUntil(task.dueAt, task.dueOn), leftInWords(task, now, calendar)].filter(Boolean).join('; ') };
}

/** What is left of it: "còn 1 ngày làm việc", "quá hạn 2 ngày"; of a result that waits for the Office, that it came late. */
export function leftInWords(task: DueFacts, now: Date, calendar: WorkingCalendar): string {
  if ((openStages as readonly string[]).includes(task.stage)) return left(task, now, calendar);
  const late = task.stage === 'submitted' && task.submittedAt && task.dueAt && task.submittedAt > task.dueAt;
  return late ? `báo cáo ${formatDay(localDateOf(task.submittedAt ?? now))}, sau hạn` : '';
}

/** As messages say it (texts/when-texts.ts); empty on a working day. */
const countsUntil = (dueAt: Date, dueOn: string): string => (dueOn === localDateOf(dueAt) ? '' : `ngày nghỉ, tính đến hết ${formatDay(localDateOf(dueAt))}`);

const left = (task: Pick<Task, 'dueAt' | 'dueByHour'>, now: Date, calendar: WorkingCalendar): string => remainingText(task, now, calendar).replace('hết hạn hôm nay', 'đến hạn hôm nay');

/** A deadline in one line, with its hour where it named one: "27/11/2026", "27/11/2026 17:00", "21/11/2026 (ngày nghỉ, tính đến hết 23/11/2026)". */
export function formerDue(dueAt: Date, dueOn = localDateOf(dueAt)): string {
  if (namesHour(dueAt)) return formatInstant(dueAt);
  const counts = countsUntil(dueAt, dueOn);
  return `${formatDay(dueOn)}${counts ? ` (${counts})` : ''}`;
}
