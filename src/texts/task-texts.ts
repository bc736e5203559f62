import type { Extension, ProgressEntry, Task } from '../directives/task.model.js';
import { formatDay, formatTime, localDateOf, yearOf } from '../kernel/local-date.js';
import type { WorkingCalendar } from '../kernel/working-calendar.js';
import { addressed, cut, newTaskButtons, quoted, SECRET_NOTICE, shortCode, taskButtons } from './common-texts.js';
import { channelLabels, urgencyLabels } from './labels.js';
import type { Message } from './message.js';
import { dayText, dueMomentText, dueText, dueWithRemaining, momentText, remainingText, shortDueText } from './when-texts.js';

/** When a message is read, for what is left in words. */
export interface Moment {
  now: Date;
  calendar: WorkingCalendar;
}

/** Who reads. */
export interface Reader {
  name: string;
  position: string;
}

const CONTENT = 300;

/** Secret documents: nothing of them leaves by a third party's channel, not even a code. */
export const secretNotice = (): Message => ({ text: SECRET_NOTICE, subject: 'Có việc mới', onlyInSystem: true });

/** First line: 🔴 hỏa tốc, 🟠 khẩn and thượng khẩn, else the mark of the class. */
function heading(task: Pick<Task, 'urgency' | 'code'>, kind: string, mark = '🔔'): string {
  if (task.urgency === 'normal') return `${mark} ${kind} · ${task.code}`;
  return `${task.urgency === 'express' ? '🔴' : '🟠'} ${urgencyLabels[task.urgency].toUpperCase()} · ${kind} ${task.code}`;
}

/** "Nội dung — văn bản 5127/UBND-KT ngày 16/11/2026." */
export const contentLine = (task: Pick<Task, 'content' | 'directive'>, max = CONTENT): string =>
  `${cut(task.content, max).replace(/\.$/, '')} — văn bản ${task.directive.symbol} ngày ${formatDay(task.directive.issuedOn)}.`;

/** "Đang ghi nhận: 40%, cập nhật gần nhất 20/11/2026 09:12."; a return is the Office's act and no update. */
export function standingLine(task: Pick<Task, 'percent' | 'progress'>): string {
  const last = task.progress.findLast(({ stage }) => stage !== 'returned');
  return last ? `Đang ghi nhận: ${task.percent}%, cập nhật gần nhất ${momentText(last.at)}.` : 'Chưa có cập nhật tiến độ.';
}

/** A task has been assigned to the reader's agency. */
export const taskAssigned = (task: Task, reader: Reader, { now, calendar }: Moment): Message => ({
  text: [
    heading(task, 'Nhiệm vụ mới'),
    `Hạn: ${dueWithRemaining(task, now, calendar)}.`,
    addressed(reader),
    contentLine(task),
    'Đề nghị xác nhận đã nhận, triển khai và cập nhật tiến độ.',
  ].join('\n'),
  summary: digestLine(task, { now, calendar }),
  matter: task.content,
  buttons: newTaskButtons(task.code),
});

/** For information: the reader's agency takes part in a task that another one leads. */
export const taskCoordinating = (task: Task, reader: Reader, lead: string, { now, calendar }: Moment): Message => ({
  text: [
    heading(task, 'Phối hợp thực hiện'),
    `Cơ quan chủ trì: ${lead}. Hạn: ${dueWithRemaining(task, now, calendar)}.`,
    addressed(reader),
    contentLine(task),
    'Đề nghị phối hợp với cơ quan chủ trì. Tin này để đồng chí biết, không phải cập nhật tiến độ.',
  ].join('\n'),
  matter: task.content,
  buttons: [{ label: 'Chi tiết', command: `/chitiet ${task.code}` }],
});

/** A deadline comes near or has passed. */
export function taskReminder(task: Task, { now, calendar }: Moment): Message {
  const overdue = task.dueAt !== null && now > task.dueAt;
  const lines = [
    overdue ? heading(task, 'Quá hạn', '⚠️') : heading(task, 'Nhắc việc'),
    `Hạn: ${dueWithRemaining(task, now, calendar)}`,
    contentLine(task),
    task.stage === 'returned' ? `Kết quả đã được trả lại để làm lại. ${standingLine(task)}` : standingLine(task),
    ...takenLine(task),
  ];
  return { text: lines.join('\n'), matter: task.content, buttons: taskButtons(task.code), summary: digestLine(task, { now, calendar }), group: overdue ? 'overdue' : dueToday(task, now) ? 'today' : 'soon' };
}

/** A confirmation alone moves nothing: since when. */
const takenLine = ({ stage, acknowledgements }: Task): string[] => {
  const first = stage === 'acknowledged' ? acknowledgements?.[0] : undefined;
  return first ? [`Đã xác nhận nhận việc ngày ${formatDay(localDateOf(first.at))} nhưng chưa có báo cáo tiến độ. Đề nghị đồng chí báo cáo.`] : [];
};

/** "NV-12 · Báo cáo tiến độ… · hạn 24/11, còn 1 ngày làm việc" */
function digestLine(task: Task, { now, calendar }: Moment): string {
  const remaining = remainingText(task, now, calendar);
  return [shortCode(task.code, yearOf(now)), cut(task.content, 70), `${task.dueAt ? 'hạn ' : ''}${shortDueText(task)}${remaining ? `, ${remaining}` : ''}`].join(' · ');
}

const dueToday = ({ dueAt }: Task, now: Date): boolean => dueAt !== null && localDateOf(dueAt) === localDateOf(now);

/** To the Office: an agency has answered. */
export function taskProgress(task: Task, entry: ProgressEntry, agencyName: string, { now, calendar }: Moment): Message {
  const submitted = entry.stage === 'submitted';
  const via = channelLabels[entry.by.channel] ?? entry.by.channel;
  return {
    text: [
      `✅ ${submitted ? 'Báo cáo hoàn thành' : 'Báo cáo tiến độ'} · ${task.code}: ${entry.percent}%`,
      submitted ? 'Đề nghị Văn phòng xác nhận hoặc trả lại kết quả.' : `Hạn: ${dueWithRemaining(task, now, calendar)}`,
      `${agencyName}: ${byWhom(entry.by, via)}, ${momentText(entry.at)}${entry.note ? ` — ${quoted(cut(entry.note, CONTENT))}` : ''}`,
      contentLine(task, 160),
    ].join('\n'),
    buttons: [{ label: 'Chi tiết', command: `/chitiet ${task.code}` }],
  };
}

/** An agency's mailbox answers for the agency, and nobody knows who wrote. */
const byWhom = (by: ProgressEntry['by'], via: string): string => (by.channel === 'email' && !by.personId ? 'qua hộp thư của cơ quan' : `đồng chí ${by.name}, qua ${via}`);

/** The deadline has been moved; `extension` is the move. */
export function taskDeadlineMoved(task: Task, extension: Extension, { now, calendar }: Moment): Message {
  const earlier = extension.fromDueAt !== null && extension.toDueAt < extension.fromDueAt;
  const before = extension.fromDueAt ? `hạn trước: ${dueMomentText(extension.fromDueAt)}` : 'trước đây không ấn định hạn';
  return {
    text: [
      heading(task, earlier ? 'Đổi hạn' : 'Gia hạn'),
      `Hạn mới: ${dueWithRemaining(task, now, calendar)}; ${before}.`,
      `Lý do: ${cut(extension.reason, 200)}`,
      contentLine(task),
    ].join('\n'),
    matter: task.content,
    buttons: taskButtons(task.code),
  };
}

/** The Office has confirmed the result. */
export function taskConfirmed(task: Task): Message {
  const late = task.completedAt && task.originalDueAt && task.completedAt > task.originalDueAt;
  const timing = task.originalDueAt ? `, ${late ? 'trễ so với hạn ban đầu' : 'đúng hạn'}` : '';
  return {
    text: [
      `✅ Đã xác nhận hoàn thành · ${task.code}`,
      `Kết quả ghi nhận ngày ${dayText(task.completedAt ?? task.assignedAt)}${timing}.`,
      contentLine(task, 160),
    ].join('\n'),
    buttons: [{ label: 'Chi tiết', command: `/chitiet ${task.code}` }],
  };
}

/** The Office has returned the result; `reason` in its words. */
export const taskReturned = (task: Task, reason: string, { now, calendar }: Moment): Message => ({
  text: [
    heading(task, 'Trả lại kết quả'),
    `Đề nghị làm lại và báo cáo lại. Hạn: ${dueWithRemaining(task, now, calendar)}.`,
    `Lý do: ${cut(reason, CONTENT)}`,
    `${contentLine(task, 160)} ${standingLine(task)}`,
  ].join('\n'),
  matter: task.content,
  buttons: taskButtons(task.code),
});

/** Deadline lines of the details: as it stands, and as first set where it was moved. */
export function deadlineLines(task: Task, { now, calendar }: Moment): string[] {
  const lines = [`Hạn: ${dueWithRemaining(task, now, calendar)}`];
  const moved = task.originalDueAt && task.originalDueAt.getTime() !== task.dueAt?.getTime();
  const dueByHour = task.originalDueAt !== null && formatTime(task.originalDueAt) !== '23:59';
  if (moved) lines.push(`Hạn ban đầu: ${dueText({ dueOn: task.originalDueOn, dueAt: task.originalDueAt, dueByHour })}`);
  return lines;
}
