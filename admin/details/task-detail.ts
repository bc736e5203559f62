import { loadCalendar } from '../../src/calendar/load-calendar.js';
import type { Ctx } from '../../src/context.js';
import { getTask } from '../../src/directives/find-tasks.js';
import { timeTag } from '../../src/directives/time-tag.js';
import { openStages, type Task } from '../../src/directives/task.model.js';
import { formatDay, formatInstant, formatTime } from '../../src/kernel/local-date.js';
import type { Actor } from '../../src/people/actor.js';
import { unreachedOf } from '../unreached.js';
import { stageWords, urgencyWords, wordOf } from '../locale/words.js';
import { dueInWords, formerDue } from '../resources/due-in-words.js';
import { agencyNames, peopleNames } from '../resources/names.js';
import { deliveriesAbout } from './deliveries-about.js';
import { taskTimeline } from './task-timeline.js';

/** All about one task, in words. Throws task-unknown, task-not-yours as getTask does. */
export async function taskDetail(ctx: Ctx, actor: Actor, code: string) {
  const task = await getTask(ctx, actor, code);
  const open = (openStages as readonly string[]).includes(task.stage);
  const [calendar, agencyOf, personOf, timeline, deliveries, unreached] = await Promise.all([
    loadCalendar(ctx),
    agencyNames(ctx),
    peopleNames(ctx, [task.officerId, task.monitorId, task.leaderId]),
    taskTimeline(ctx, actor, task),
    deliveriesAbout(ctx, actor, { taskCode: task.code }),
    open ? unreachedOf(ctx, task) : '',
  ]);
  const person = (id: Task['officerId']) => {
    const found = personOf(id);
    return found ? `${found.name}, ${found.position}` : '';
  };
  const original = task.originalDueAt && task.originalDueOn && task.originalDueAt.getTime() !== task.dueAt?.getTime() ? formerDue(task.originalDueAt, task.originalDueOn) : '';
  return {
    code: task.code,
    content: task.content,
    directiveId: String(task.directiveId),
    directive: `${task.directive.kind} số ${task.directive.symbol} ngày ${formatDay(task.directive.issuedOn)}`,
    summary: task.directive.summary,
    urgency: wordOf(urgencyWords, task.urgency),
    urgencyTone: task.urgency === 'express' ? 'bad' : task.urgency === 'normal' ? 'quiet' : 'warn',
    secret: task.secret,
    agency: agencyOf(task.leadAgencyCode),
    coordinating: task.coordinatingAgencyCodes.map(agencyOf),
    officer: person(task.officerId) || 'Các đầu mối xử lý của cơ quan chủ trì',
    monitor: person(task.monitorId),
    leader: person(task.leaderId),
    ...dueInWords(task, ctx.clock.now(), calendar),
    dueOn: task.dueOn,
    dueTime: task.dueAt && task.dueByHour ? formatTime(task.dueAt) : '',
    originalDue: original,
    tag: timeTag(task, ctx.clock.now(), calendar),
    percent: task.percent,
    stage: wordOf(stageWords, task.stage),
    nextReminder: nextReminderOf(task),
    timeline,
    deliveries,
    unreached,
  };
}

/** After the deadline nobody is reminded but of its being over, and the page says so. */
function nextReminderOf({ nextReminderAt, dueAt }: Task): string {
  if (!nextReminderAt) return '';
  return `${formatInstant(nextReminderAt)}${dueAt && nextReminderAt > dueAt ? ' (nhắc quá hạn, nếu khi đó chưa xong)' : ''}`;
}
