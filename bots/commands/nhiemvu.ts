import { yearOf } from '../../src/kernel/local-date.js';
import { loadCalendar } from '../../src/calendar/load-calendar.js';
import type { Ctx } from '../../src/context.js';
import { actsFor } from '../../src/directives/acts-for.js';
import { openTasksWithMarks } from '../../src/directives/find-tasks.js';
import { isOpen } from '../../src/directives/reminder-times.js';
import type { Task } from '../../src/directives/task.model.js';
import { timeTag } from '../../src/directives/time-tag.js';
import type { Actor } from '../../src/people/actor.js';
import { can } from '../../src/people/policy.js';
import { MAX_BUTTONS } from '../../src/texts/common-texts.js';
import { listGroups, taskList, type ListGroup, type TaskListPage } from '../../src/texts/task-list-texts.js';
import type { Command } from './command.js';

/** Every task shown has its button, and channels draw five: five tasks, or four and "Xem thêm". */
const PAGE = MAX_BUTTONS - 1;

/** "/nhiemvu", "/nhiemvu 2": the person's open tasks, the most pressing first, those waiting for the Office last. */
export const nhiemvu: Command = {
  names: ['nhiemvu', 'viec'],
  run: async (ctx, actor, { text }) => {
    const calendar = await loadCalendar(ctx);
    const now = ctx.clock.now();
    const open = await openTasksWithMarks(ctx, actor);
    const shown = open.filter(({ task }) => !task.secret);
    const agencyOf = await othersAgencies(ctx, actor, shown.map(({ task }) => task));
    const rows = shown
      .map(({ task, behalf }) => ({ task, group: task.stage === 'submitted' ? ('submitted' as const) : timeTag(task, now, calendar), agency: agencyOf(task.leadAgencyCode), behalf }))
      .sort((a, b) => listGroups.indexOf(a.group) - listGroups.indexOf(b.group));
    const page = pageOf(rows, Number(/\d+/.exec(text)?.[0] ?? 1), open.length - rows.length);
    const absent = await actsFor(ctx, actor);
    const reported = page.rows.find(({ task }) => isOpen(task.stage) && can(actor, 'task.report', { ...task, actsFor: absent }));
    return taskList({ ...page, reported: reported?.task.code ?? null }, yearOf(now), { now, calendar });
  },
};

function pageOf(rows: TaskListPage['rows'], wanted: number, secret: number): Omit<TaskListPage, 'reported'> {
  // The last page needs no "Xem thêm".
  const pages = Math.max(1, Math.ceil((rows.length - 1) / PAGE));
  const page = Math.min(pages, Math.max(1, wanted));
  const counts: Partial<Record<ListGroup, number>> = {};
  for (const { group } of rows) counts[group] = (counts[group] ?? 0) + 1;
  return { rows: rows.slice((page - 1) * PAGE, page === pages ? rows.length : page * PAGE), total: rows.length, counts, page, pages, secret };
}

/** Names of agencies other than the reader's own: a chairman follows many, an officer knows where they work. */
async function othersAgencies(ctx: Ctx, actor: Actor, tasks: readonly Task[]): Promise<(code: string) => string> {
  const own = 'agencyCode' in actor ? actor.agencyCode : null;
  const codes = [...new Set(tasks.map((task) => task.leadAgencyCode))].filter((code) => code !== own);
  const agencies = codes.length > 0 ? await ctx.db.Agency.find({ code: { $in: codes } }, { code: 1, name: 1 }).lean() : [];
  const names = new Map(agencies.map(({ code, name }) => [code, name]));
  return (code) => (code === own ? '' : (names.get(code) ?? code));
}
