import { loadCalendar } from '../../src/calendar/load-calendar.js';
import type { Ctx } from '../../src/context.js';
import { getTask } from '../../src/directives/find-tasks.js';
import { timeTag } from '../../src/directives/time-tag.js';
import type { Task } from '../../src/directives/task.model.js';
import { formatDay, formatInstant, formatTime, localDateOf } from '../../src/kernel/local-date.js';
import type { Actor } from '../../src/people/actor.js';
import { channelWords, stageWords, urgencyWords, wordOf } from '../locale/words.js';
import { dueInWords } from '../resources/due-in-words.js';
import { agencyNames, peopleNames } from '../resources/names.js';
import { deliveriesAbout } from './deliveries-about.js';

/** All about one task, in words. Throws task-unknown, task-not-yours as getTask does. */
export async function taskDetail(ctx: Ctx, actor: Actor, code: string) {
  const task = await getTask(ctx, actor, code);
  const [calendar, agencyOf, personOf, deliveries] = await Promise.all([
    loadCalendar(ctx),
    agencyNames(ctx),
    peopleNames(ctx, [task.officerId, task.monitorId, task.leaderId]),
    deliveriesAbout(ctx, actor, { taskCode: task.code }),
  ]);
  const person = (id: Task['officerId']) => {
    const found = personOf(id);
    return found ? `${found.name}, ${found.position}` : '';
  };
  const original = task.originalDueAt?.getTime() === task.dueAt?.getTime() || !task.originalDueOn ? '' : formatDay(task.originalDueOn);
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
    nextReminder: task.nextReminderAt ? formatInstant(task.nextReminderAt) : '',
    timeline: timelineOf(task),
    deliveries,
  };
}

interface Moment {
  at: Date;
  what: string;
  note: string;
  by: string;
  tone: '' | 'warn' | 'good';
}

/** What happened to a task, newest first. */
function timelineOf(task: Task) {
  const who = (by: { name: string; channel: string }) => `${by.name} · ${wordOf(channelWords, by.channel)}`;
  const moments: Moment[] = [
    { at: task.assignedAt, what: 'Giao nhiệm vụ', note: '', by: '', tone: '' },
    ...task.progress.map((entry): Moment => {
      const returned = entry.stage === 'returned';
      return { at: entry.at, what: returned ? 'Văn phòng trả lại' : `Báo cáo tiến độ: ${entry.percent}%`, note: entry.note, by: who(entry.by), tone: returned ? 'warn' : entry.percent >= 100 ? 'good' : '' };
    }),
    ...task.extensions.map((entry): Moment => ({ at: entry.at, what: `Đổi hạn${entry.fromDueAt ? ` từ ${formatDay(localDateOf(entry.fromDueAt))}` : ''} sang ${formatDay(entry.toDueOn)}`, note: entry.reason, by: who(entry.by), tone: 'warn' })),
    ...(task.confirmedAt ? [{ at: task.confirmedAt, what: 'Văn phòng xác nhận hoàn thành', note: '', by: '', tone: 'good' } as const] : []),
  ];
  // Of what happened in the same minute the later comes first too: the sort is stable, then all is turned over.
  return moments.sort((a, b) => a.at.getTime() - b.at.getTime()).reverse().map(({ at, ...rest }) => ({ at: formatInstant(at), ...rest }));
}
