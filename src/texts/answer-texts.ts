import type { Meeting } from '../meetings/meeting.model.js';
import { formatWeekday, formatTime, localDateOf } from '../kernel/local-date.js';
import { cut, quoted } from './common-texts.js';
import type { Button, Message } from './message.js';

/** What a person may say to an invitation. */
export type MeetingAnswer = 'received' | 'attending' | 'absent';

const said: Readonly<Record<MeetingAnswer, string>> = {
  received: 'đồng chí đã nhận lịch họp',
  attending: 'đồng chí sẽ tham dự',
  absent: 'đồng chí báo vắng',
};

/** The answer to an invitation has been written down. */
export function meetingAnswered(meeting: Pick<Meeting, 'code' | 'title' | 'startsAt' | 'place'>, answer: MeetingAnswer, note: string): Message {
  const { code, title, startsAt, place } = meeting;
  const lines = [
    `✅ Đã ghi nhận ${code}: ${said[answer]}${note ? ` — ${quoted(cut(note, 200))}` : ''}.`,
    `${cut(title, 160)}: ${formatTime(startsAt)} ${formatWeekday(localDateOf(startsAt))}, ${cut(place, 160)}.`,
  ];
  if (answer === 'received') lines.push('Đề nghị đồng chí cho biết có tham dự được không.');
  if (answer === 'absent' && !note) lines.push(`Có thể nêu lý do: /vang ${code} lý do.`);
  return { text: lines.join('\n'), ...(answer === 'received' ? { buttons: attendance(code) } : {}) };
}

const attendance = (code: string): Button[] => [
  { label: 'Tham dự', command: `/thamdu ${code}` },
  { label: 'Vắng', command: `/vang ${code}` },
];
