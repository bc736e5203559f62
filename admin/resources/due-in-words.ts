import { openStages, type Task } from '../../src/directives/task.model.js';
import { daysBetween, formatDay, formatInstant, localDateOf } from '../../src/kernel/local-date.js';
import type { WorkingCalendar } from '../../src/kernel/working-calendar.js';

type DueFacts = Pick<Task, 'dueAt' | 'dueOn' | 'dueByHour' | 'stage' | 'submittedAt'>;

/** A deadline and what is left of it: "24/11/2026" and "còn 1 ngày làm việc" or "quá hạn 2 ngày". */
export function dueInWords(task: DueFacts, now: Date, calendar: WorkingCalendar): { due: string; dueNote: string } {
  if (!task.dueAt || !task.dueOn) return { due: 'Không hạn', dueNote: '' };
  const due = task.dueByHour ? formatInstant(task.dueAt) : formatDay(task.dueOn);
  const open = (openStages as readonly string[]).includes(task.stage);
  const late = task.stage === 'submitted' && task.submittedAt && task.submittedAt > task.dueAt;
  return { due, dueNote: open ? left(task.dueAt, now, calendar) : late ? `báo cáo ${formatDay(localDateOf(task.submittedAt ?? now))}, sau hạn` : '' };
}

function left(dueAt: Date, now: Date, calendar: WorkingCalendar): string {
  const [today, last] = [localDateOf(now), localDateOf(dueAt)];
  if (now > dueAt) return today === last ? 'quá hạn trong hôm nay' : `quá hạn ${daysBetween(last, today)} ngày`;
  if (today === last) return 'đến hạn hôm nay';
  return `còn ${calendar.workingDaysBetween(today, last)} ngày làm việc`;
}
