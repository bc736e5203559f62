import type { TaskDetails } from '../directives/task-details.js';
import type { Task } from '../directives/task.model.js';
import type { TimeTag } from '../directives/time-tag.js';
import { formatDay } from '../kernel/local-date.js';
import { cut, inPlaceOf, MAX_BUTTONS, quoted, shortCode, taskButtons } from './common-texts.js';
import { channelLabels, stageLabels, timeTagLabels, urgencyLabels } from './labels.js';
import type { Button, Message } from './message.js';
import { deadlineLines, type Moment } from './task-texts.js';
import { momentText, remainingText, shortDueText } from './when-texts.js';

/** Groups of the list in their order; what waits for the Office asks nothing of the reader any more. */
export const listGroups = ['overdue', 'due-soon', 'on-track', 'no-deadline', 'paused', 'submitted', 'on-time', 'late'] as const;
export type ListGroup = (typeof listGroups)[number];
const groupLabel = (group: ListGroup): string => (group === 'submitted' ? 'Chờ xác nhận' : timeTagLabels[group]);

/** One page of a person's open tasks, already in the order of their groups. */
export interface TaskListPage {
  /** `agency`: the lead agency where it is not the reader's own. `behalf`: in whose place the reader has it. */
  rows: { task: Task; group: ListGroup; agency: string; behalf: { name: string } | null }[];
  total: number;
  /** How many of each group there are in all. */
  counts: Partial<Record<ListGroup, number>>;
  page: number;
  pages: number;
  /** Tasks of secret documents: counted, never named. */
  secret: number;
  /** The first task shown that the reader reports on; null: they only follow or preside. */
  reported: string | null;
}

/** One page of open tasks, each with its button. */
export function taskList(list: TaskListPage, year: number, { now, calendar }: Moment): Message {
  if (list.total === 0 && list.secret === 0) return noOpenTasks();
  const lines = [`🔔 Nhiệm vụ đang mở: ${list.total}${list.pages > 1 ? ` (trang ${list.page}/${list.pages})` : ''}`];
  const present = listGroups.filter((one) => list.counts[one]);
  if (present.length > 1) lines.push(present.map((one) => `${groupLabel(one).toLowerCase()} ${list.counts[one]}`).join(' · '));
  let heading: ListGroup | undefined;
  for (const { task, group, agency, behalf } of list.rows) {
    if (group !== heading) lines.push(`${groupLabel(group).toUpperCase()} (${list.counts[group] ?? 0})`);
    heading = group;
    const remaining = remainingText(task, now, calendar);
    const standing = task.stage === 'submitted' ? 'chờ xác nhận' : `${remaining ? `${remaining}, ` : ''}${task.percent}%`;
    lines.push(`${shortCode(task.code, year)} · ${task.dueAt ? `hạn ${shortDueText(task)}` : 'không ấn định hạn'} · ${standing}`, `   ${whoseTask(agency, behalf)}${cut(task.content, 90)}`);
  }
  if (list.secret > 0) lines.push(`Có ${list.secret} việc khác cần xem trên hệ thống, mời đồng chí đăng nhập.`);
  const [first] = list.rows;
  const report = list.reported ? `Cập nhật: /capnhat ${shortCode(list.reported, year)} 70% nội dung. ` : '';
  if (first) lines.push(`${report}Xem kỹ: /chitiet ${shortCode(list.reported ?? first.task.code, year)}.`);
  const buttons: Button[] = list.rows.slice(0, MAX_BUTTONS).map(({ task }) => ({ label: shortCode(task.code, year), command: `/chitiet ${task.code}` }));
  if (list.page < list.pages) buttons.push({ label: 'Xem thêm', command: `/nhiemvu ${list.page + 1}` });
  return { text: lines.join('\n'), ...(buttons.length > 0 ? { buttons } : {}) };
}

/** "Sở Tài chính (nhận thay đồng chí Hoàng Văn Dật): " */
function whoseTask(agency: string, behalf: { name: string } | null): string {
  const mark = behalf ? `(${inPlaceOf(behalf)})` : '';
  const whose = [agency, mark].filter(Boolean).join(' ');
  return whose && `${whose}: `;
}

export const noOpenTasks = (): Message => ({ text: '✅ Hiện đồng chí không có nhiệm vụ nào đang mở.' });

/** Everything about one task, for the chat; the last three lines of its log. */
export function taskDetailsText(details: TaskDetails, tag: TimeTag, moment: Moment, mayReport: boolean): Message {
  const { task } = details;
  const { symbol, kind, issuedOn, summary } = task.directive;
  const lines = [
    `🔔 ${task.code} · ${stageLabels[task.stage]} ${task.percent}% · ${timeTagLabels[tag]}`,
    ...deadlineLines(task, moment),
    `Nội dung: ${cut(task.content, 900)}`,
    `Văn bản: ${kind} ${symbol} ngày ${formatDay(issuedOn)} — ${cut(summary, 200)}`,
    `Mức độ: ${urgencyLabels[task.urgency]}`,
    `Chủ trì: ${details.leadName}${details.officerName ? ` (đồng chí ${details.officerName})` : ''}`,
    ...(details.coordinatingNames.length > 0 ? [`Phối hợp: ${cut(details.coordinatingNames.join(', '), 300)}`] : []),
    ...(details.leaderName ? [`Lãnh đạo giao việc: đồng chí ${details.leaderName}`] : []),
    ...(details.monitorName ? [`Theo dõi: đồng chí ${details.monitorName}`] : []),
    ...logLines(task),
  ];
  const [update] = taskButtons(task.code);
  return { text: lines.join('\n'), ...(mayReport && update ? { buttons: [update] } : {}) };
}

function logLines(task: Task): string[] {
  if (task.progress.length === 0) return ['Chưa có cập nhật tiến độ.'];
  const lines = task.progress.slice(-3).map(
    ({ at, percent, note, by, stage }) =>
      `- ${momentText(at)}, ${by.name} (${channelLabels[by.channel] ?? by.channel}): ${stage === 'returned' ? 'trả lại' : `${percent}%`}${note ? ` ${quoted(cut(note, 160))}` : ''}`,
  );
  return ['Cập nhật gần nhất:', ...lines];
}
