import { openStages, type Task } from '../../src/directives/task.model.js';
import { formatDay, formatInstant, localDateOf } from '../../src/kernel/local-date.js';
import type { WorkingCalendar } from '../../src/kernel/working-calendar.js';
import { namesHour, remainingText } from '../../src/texts/when-texts.js';

type DueFacts = Pick<Task, 'dueAt' | 'dueOn' | 'dueByHour' | 'stage' | 'submittedAt'>;

/** A deadline and what is left of it: "24/11/2026" and "còn 1 ngày làm việc" or "quá hạn 2 ngày". */
export function dueInWords(task: DueFacts, now: Date, calendar: WorkingCalendar): { due: string; dueNote: string } {
  if (!task.dueAt || !task.dueOn) return { due: 'Không hạn', dueNote: '' };
  const due = task.dueByHour ? formatInstant(task.dueAt) : formatDay(task.dueOn);
  const open = (openStages as readonly string[]).includes(task.stage);
  const late = task.stage === 'submitted' && task.submittedAt && task.submittedAt > task.dueAt;
  return { due, dueNote: open ? left(task, now, calendar) : late ? `báo cáo ${formatDay(localDateOf(task.submittedAt ?? now))}, sau hạn` : '' };
}

const left = (task: Pick<Task, 'dueAt' | 'dueByHour'>, now: Date, calendar: WorkingCalendar): string => remainingText(task, now, calendar).replace('hết hạn hôm nay', 'đến hạn hôm nay');

/** A deadline of former times, with its hour where it named one: "27/11/2026" or "27/11/2026 17:00"; a day off as the document said it. */
export const formerDue = (dueAt: Date, dueOn = localDateOf(dueAt)): string => (namesHour(dueAt) ? formatInstant(dueAt) : formatDay(dueOn));
