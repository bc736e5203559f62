import { loadCalendar } from '../src/calendar/load-calendar.js';
import type { Ctx } from '../src/context.js';
import type { Delivery } from '../src/delivery/delivery.model.js';
import { getTask } from '../src/directives/find-tasks.js';
import { timeTag } from '../src/directives/time-tag.js';
import type { Task } from '../src/directives/task.model.js';
import { DomainError } from '../src/kernel/errors.js';
import { formatDay, formatInstant, formatTime, localDateOf } from '../src/kernel/local-date.js';
import { getMeeting } from '../src/meetings/find-meetings.js';
import type { Actor } from '../src/people/actor.js';
import { can, mustBeAllowed, taskScope } from '../src/people/policy.js';
import { answerWords, channelWords, deliveryWords, meetingKindWords, meetingStatusWords, messageKindWords, stageWords, urgencyWords, wordOf } from './locale/words.js';
import { deliveryTone } from './resources/delivery-resource.js';
import { dueInWords } from './resources/due-in-words.js';
import { meetingTime } from './resources/meeting-resource.js';
import { agencyNames, peopleNames, readablePhone } from './resources/scoped-resource.js';

const SHOWN_DELIVERIES = 60;

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

/** A meeting with the board of who has confirmed; those still silent come first, with their phones. */
export async function meetingDetail(ctx: Ctx, actor: Actor, code: string) {
  const { meeting, confirmations } = await getMeeting(ctx, actor, code);
  const confirmed = (line: (typeof confirmations)[number]) => line.acknowledgedAt !== null || line.answer !== null;
  const board = [...confirmations].sort((a, b) => Number(confirmed(a)) - Number(confirmed(b))).map((line) => ({
    name: line.name,
    position: line.position,
    phone: can(actor, 'meeting.write') ? readablePhone(line.phone) : '',
    confirmed: confirmed(line),
    answer: line.answer ? wordOf(answerWords, line.answer) : line.acknowledgedAt ? 'Đã nhận' : 'Chưa xác nhận',
    note: line.note,
    at: formatMaybe(line.answeredAt ?? line.acknowledgedAt),
    via: wordOf(channelWords, line.via),
  }));
  return {
    code: meeting.code,
    title: meeting.title,
    kind: wordOf(meetingKindWords, meeting.kind),
    urgent: meeting.kind === 'urgent',
    startsAt: meetingTime(meeting.startsAt),
    startsOn: localDateOf(meeting.startsAt),
    startsTime: formatTime(meeting.startsAt),
    place: meeting.place,
    chair: meeting.chair,
    status: wordOf(meetingStatusWords, meeting.status),
    cancelled: meeting.status === 'cancelled',
    confirmed: board.filter((line) => line.confirmed).length,
    attending: confirmations.filter((line) => line.answer === 'attending').length,
    absent: confirmations.filter((line) => line.answer === 'absent').length,
    board,
    history: [...meeting.history].reverse().map((entry) => ({
      at: formatInstant(entry.at),
      what: historyWords[entry.action] ?? entry.action,
      by: `${entry.by.name} · ${wordOf(channelWords, entry.by.channel)}`,
      note: [entry.from && entry.to ? `từ ${meetingTime(entry.from)} sang ${meetingTime(entry.to)}` : '', entry.reason ?? ''].filter(Boolean).join('. '),
    })),
    deliveries: await deliveriesAbout(ctx, actor, { meetingCode: meeting.code }),
  };
}

const historyWords: Readonly<Record<string, string>> = { called: 'Triệu tập', postponed: 'Hoãn', cancelled: 'Hủy', call: 'Triệu tập', postpone: 'Hoãn', cancel: 'Hủy' };

const formatMaybe = (instant: Date | null): string => (instant ? formatInstant(instant) : '');

/** A document with those of its tasks the actor may read. Throws directive-unknown, forbidden. */
export async function directiveDetail(ctx: Ctx, actor: Actor, id: string) {
  mustBeAllowed(actor, 'task.read');
  const directive = /^[0-9a-f]{24}$/i.test(id) ? await ctx.db.Directive.findById(id).lean().exec() : null;
  const scope = taskScope(actor);
  if (!directive || !scope) throw new DomainError('directive-unknown');
  const [calendar, agencyOf, tasks] = await Promise.all([
    loadCalendar(ctx),
    agencyNames(ctx),
    ctx.db.Task.find({ $and: [scope, { directiveId: directive._id }] }).sort({ code: 1 }).lean<Task[]>().exec(),
  ]);
  return {
    symbol: directive.symbol,
    kind: directive.kind,
    issuedOn: formatDay(directive.issuedOn),
    signer: directive.signer,
    summary: directive.summary,
    urgency: wordOf(urgencyWords, directive.urgency),
    secret: directive.secret,
    agency: agencyOf(directive.agencyCode),
    tasks: tasks.map((task) => ({
      code: task.code,
      content: task.content,
      agency: agencyOf(task.leadAgencyCode),
      ...dueInWords(task, ctx.clock.now(), calendar),
      tag: timeTag(task, ctx.clock.now(), calendar),
      percent: task.percent,
      stage: wordOf(stageWords, task.stage),
    })),
  };
}

/** Messages about a task or a meeting, newest first, for those who may read deliveries. */
async function deliveriesAbout(ctx: Ctx, actor: Actor, about: { taskCode: string } | { meetingCode: string }) {
  if (!can(actor, 'delivery.read')) return [];
  const rows = await ctx.db.Delivery.find(about).select('createdAt personId kind channel state reason acceptedAt').sort({ createdAt: -1, _id: -1 }).limit(SHOWN_DELIVERIES).lean<Delivery[]>().exec();
  const personOf = await peopleNames(ctx, rows.map((row) => row.personId));
  return rows.map((row) => ({
    id: String(row._id),
    at: formatInstant(row.acceptedAt ?? row.createdAt),
    person: personOf(row.personId)?.name ?? '',
    kind: wordOf(messageKindWords, row.kind),
    channel: wordOf(channelWords, row.channel),
    state: wordOf(deliveryWords, row.state),
    tone: deliveryTone(row.state),
    reason: row.reason ?? '',
  }));
}
