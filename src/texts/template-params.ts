import type { Task } from '../directives/task.model.js';
import { formatDay, formatTime, localDateOf } from '../kernel/local-date.js';
import { cut } from './common-texts.js';
import { meetingChanges, type MeetingFacts, type WhenWhere } from './meeting-texts.js';
import type { Moment, Reader } from './task-texts.js';
import { dayText, dueText, remainingText } from './when-texts.js';

/**
 * What a message says, in pieces, for channels that only fill the blanks of approved templates. A template's catalogue entry
 * names which of them it uses; how much thus leaves by a third party's channel is the office's choice there.
 */
export type TemplateParams = Readonly<Record<string, string>>;

/** Longest piece; templates have their own, shorter limits. */
const LONGEST = 400;

/** Pieces of a message about a task. Nothing for secret ones, so no template can be filled. */
export function taskParams(task: Task, reader: Reader, { now, calendar }: Moment): TemplateParams {
  if (task.secret) return {};
  return {
    code: task.code,
    name: reader.name,
    position: reader.position,
    content: cut(task.content, LONGEST),
    symbol: task.directive.symbol,
    issuedOn: formatDay(task.directive.issuedOn),
    due: dueText(task),
    ...(task.dueAt ? { dueOn: dayText(task.dueAt), remaining: remainingText(task, now, calendar) } : {}),
    percent: String(task.percent),
  };
}

/** Pieces of a message about a meeting. `before`: what the reader was told earlier, where that changed. */
export const meetingParams = (meeting: MeetingFacts, reader: Reader, before?: WhenWhere): TemplateParams => ({
  code: meeting.code,
  name: reader.name,
  position: reader.position,
  title: cut(meeting.title, LONGEST),
  time: formatTime(meeting.startsAt),
  date: formatDay(localDateOf(meeting.startsAt)),
  place: cut(meeting.place, 200),
  chair: cut(meeting.chair, 200),
  ...(before ? { change: cut(meetingChanges(before, meeting, (startsAt) => `${formatTime(startsAt)} ${formatDay(localDateOf(startsAt))}`).join('. '), LONGEST) } : {}),
});
