import { formatTime, formatWeekday, localDateOf } from '../kernel/local-date.js';
import { addressed, cut } from './common-texts.js';
import type { Message } from './message.js';
import { dayText, leaveText, momentText } from './when-texts.js';

interface Named {
  name: string;
  position: string;
}

interface Leave {
  from: Date;
  until: Date;
}

interface LeaveMeeting {
  code: string;
  title: string;
  startsAt: Date;
  place: string;
}

const named = ({ name, position }: Named): string => `đồng chí ${name}, ${position}`;

/** "nghỉ từ 23/11/2026 đến hết 25/11/2026" */
export const spanText = ({ from, until }: Leave): string => `nghỉ từ ${beginText(from)} ${leaveText(until).replace(/^nghỉ /, '')}`;

/** As it was entered: "23/11/2026 - hết 25/11/2026"; by the hour where it does not end with a day. */
export const enteredLeave = ({ from, until }: Leave): string => `${beginText(from)} - ${leaveText(until).replace(/^nghỉ đến /, '')}`;

const beginText = (from: Date): string => (formatTime(from) === '00:00' ? dayText(from) : momentText(from));

/** To the person: their leave as the Office entered it, and where their messages go; `leave` null: it was taken back. */
export const ownLeave = (n: { reader: Named; leave: Leave | null; deputy: Named | null }): Message => ({
  text: [
    n.leave ? '🔔 Văn phòng đã ghi lịch nghỉ của đồng chí' : '🔔 Văn phòng đã bỏ lịch nghỉ của đồng chí',
    !n.leave ? 'Tin nhắc việc, giấy mời họp lại gửi đến đồng chí như trước.' : `Đồng chí ${spanText(n.leave)}. ${n.deputy ? `Tin gửi đồng chí trong thời gian này chuyển đến ${named(n.deputy)}.` : 'Chưa có người nhận thay: tin vẫn gửi đến đồng chí.'}`,
    addressed(n.reader),
    'Nếu chưa đúng, đề nghị báo Văn phòng UBND tỉnh.',
  ].join('\n'),
});

/** Meetings named to whoever stands in; more are counted. */
const MEETINGS = 5;

/** A meeting within a leave which the one on leave has not confirmed: "HOP-2026-00008, 08:00 thứ Ba 24/11/2026, tại …: …". */
const meetingLine = ({ code, startsAt, place, title }: LeaveMeeting): string =>
  `- ${code}, ${formatTime(startsAt)} ${formatWeekday(localDateOf(startsAt))}, tại ${cut(place, 100)}: ${cut(title, 200).replace(/\.$/, '')}.`;

/** To whoever stands in. `meetings`: of that time, earliest first, not confirmed by the one on leave. */
export const standsIn = (n: { reader: Named; absent: Named; leave: Leave; meetings?: readonly LeaveMeeting[] }): Message => ({
  text: [
    '🔔 Nhận thay khi đồng chí khác nghỉ',
    `${capital(named(n.absent))}, ${spanText(n.leave)}. Trong thời gian này tin gửi đồng chí ấy chuyển đến đồng chí.`,
    addressed(n.reader),
    ...meetingLines(n.meetings ?? []),
    'Nếu chưa đúng, đề nghị báo Văn phòng UBND tỉnh.',
  ].join('\n'),
});

function meetingLines(meetings: readonly LeaveMeeting[]): string[] {
  if (meetings.length === 0) return [];
  const more = meetings.length > MEETINGS ? [`… và ${meetings.length - MEETINGS} cuộc họp khác.`] : [];
  return ['Cuộc họp trong thời gian này đồng chí ấy chưa xác nhận, đề nghị đồng chí thống nhất người dự:', ...meetings.slice(0, MEETINGS).map(meetingLine), ...more];
}

/** To whoever was to stand in and need not any more. */
export const standsInNoMore = (n: { reader: Named; absent: Named }): Message => ({
  text: ['🔔 Thôi nhận thay', `Đồng chí không phải nhận tin thay ${named(n.absent)} nữa.`, addressed(n.reader)].join('\n'),
});

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
