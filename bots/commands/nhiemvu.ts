import { loadCalendar } from '../../src/calendar/load-calendar.js';
import { openTasksOf } from '../../src/directives/find-tasks.js';
import { timeTag, type TimeTag } from '../../src/directives/time-tag.js';
import { taskList, type TaskListPage } from '../../src/texts/task-list-texts.js';
import type { Command } from './command.js';
import { yearOf } from './which-task.js';

const PAGE = 8;
const order: readonly TimeTag[] = ['overdue', 'due-soon', 'on-track', 'no-deadline', 'paused', 'on-time', 'late'];

/** "/nhiemvu", "/nhiemvu 2": the person's open tasks, the most pressing first. */
export const nhiemvu: Command = {
  names: ['nhiemvu', 'viec'],
  run: async (ctx, actor, { text }) => {
    const calendar = await loadCalendar(ctx);
    const now = ctx.clock.now();
    const open = await openTasksOf(ctx, actor);
    const rows = open
      .filter((task) => !task.secret)
      .map((task) => ({ task, tag: timeTag(task, now, calendar) }))
      .sort((a, b) => order.indexOf(a.tag) - order.indexOf(b.tag));
    return taskList(pageOf(rows, Number(/\d+/.exec(text)?.[0] ?? 1), open.length - rows.length), yearOf(now), { now, calendar });
  },
};

function pageOf(rows: TaskListPage['rows'], wanted: number, secret: number): TaskListPage {
  const pages = Math.max(1, Math.ceil(rows.length / PAGE));
  const page = Math.min(pages, Math.max(1, wanted));
  const counts: TaskListPage['counts'] = {};
  for (const { tag } of rows) counts[tag] = (counts[tag] ?? 0) + 1;
  return { rows: rows.slice((page - 1) * PAGE, page * PAGE), total: rows.length, counts, page, pages, secret };
}
