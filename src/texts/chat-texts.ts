import { yearOf } from '../kernel/local-date.js';
import type { ErrorCode, ErrorParams } from '../kernel/errors.js';
import { cut, MAX_BUTTONS, quoted, shortCode } from './common-texts.js';
import { readablePhone } from './delivery-texts.js';
import { shortcuts } from './link-texts.js';
import { forPlace, meetingTime, type MeetingFacts } from './meeting-texts.js';
import type { Button, Message } from './message.js';
import type { KeptWords } from './progress-texts.js';

/** A plain text that belongs to no task; `task`: one of the reader's own for the example; `presides`: the reader reports on none. */
export const notUnderstood = ({ task = 'NV-12', presides = false }: { task?: string; presides?: boolean } = {}): Message => ({
  text: presides
    ? 'Chưa rõ ý đồng chí, nội dung trên chưa được ghi nhận.\nGõ /nhiemvu để xem nhiệm vụ đã giao, /hop để xem và trả lời lịch họp.'
    : [
        'Chưa rõ đồng chí cập nhật nhiệm vụ nào, nội dung trên chưa được ghi nhận.',
        `Đề nghị trả lời trực tiếp tin nhắc việc, hoặc gõ: /capnhat ${task} 70% nội dung.`,
      ].join('\n'),
  buttons: shortcuts,
});

/** Words that go with a tap on "Tham dự" or "Vắng". */
export type KeptComing = KeptWords & { on: 'attending' | 'absent' };

const meetingButtons = (code: string, place?: string, kept?: KeptComing): Button[] => {
  const tokenFor = (on: KeptComing['on']): string => (kept?.on === on ? ` ${kept.token}` : '');
  return [
    { label: 'Đã nhận', command: `/xacnhan ${code}${forPlace(place)}` },
    { label: 'Tham dự', command: `/thamdu ${code}${forPlace(place)}${place ? '' : tokenFor('attending')}` },
    { label: 'Vắng', command: `/vang ${code}${forPlace(place)}${place ? '' : tokenFor('absent')}` },
  ];
};

/** Words in answer to a message about a meeting: only a tap or a command counts, so that nothing is taken for a yes by mistake. */
export const meetingWordsNotUnderstood = (code: string, now: Date, place?: string, kept?: KeptComing): Message => ({
  text: [
    `Nội dung trên chưa được ghi là trả lời lịch họp ${code}.`,
    kept && !place ? howToTap(code, now, kept) : `Đề nghị chọn một mục dưới đây; vắng có lý do thì gõ: /vang ${shortCode(code, yearOf(now))}${forPlace(place)} lý do.`,
  ].join('\n'),
  buttons: meetingButtons(code, place, kept),
});

/** Words that fit the one invitation still open, or name a meeting: which it is, and its buttons; `kept` goes with a tap. */
export const whichMeeting = ({ code, title, startsAt, place }: MeetingFacts, now: Date, kept?: KeptComing): Message => ({
  text: [
    `Có phải đồng chí trả lời lịch họp ${code}? Nội dung trên chưa được ghi nhận.`,
    `${cut(title, 160)}: ${meetingTime(startsAt, now)}, ${cut(place, 160)}.`,
    howToTap(code, now, kept),
  ].join('\n'),
  buttons: meetingButtons(code, undefined, kept),
});

function howToTap(code: string, now: Date, kept?: KeptComing): string {
  if (!kept) return `Đề nghị chọn một mục dưới đây; vắng có lý do thì gõ: /vang ${shortCode(code, yearOf(now))} lý do.`;
  const words = quoted(cut(kept.words, 120));
  return kept.on === 'absent' ? `Đề nghị chọn một mục dưới đây; chọn Vắng thì ghi kèm lý do: ${words}.` : `Đề nghị chọn một mục dưới đây; chọn Tham dự thì ghi kèm: ${words}.`;
}

/** Words about coming that fit several invitations: each as a button. */
export function whichOfMeetings(meetings: readonly MeetingFacts[], says: 'attending' | 'absent' | 'either', { now, kept }: { now: Date; kept: KeptComing | undefined }): Message {
  const year = yearOf(now);
  const shown = meetings.slice(0, MAX_BUTTONS);
  const name = { attending: 'thamdu', absent: 'vang', either: 'hop' }[says];
  const label = { attending: 'Tham dự ', absent: 'Vắng ', either: '' }[says];
  return {
    text: [
      `Chưa rõ đồng chí trả lời lịch họp nào, nội dung trên chưa được ghi nhận. Đề nghị chọn một mục dưới đây${kept ? ` để ghi kèm ${quoted(cut(kept.words, 120))}` : ''}:`,
      ...shown.map(({ code, title, startsAt }) => `${shortCode(code, year)}: ${meetingTime(startsAt, now)}, ${cut(title, 80)}`),
      ...(meetings.length > shown.length ? ['Gõ /hop để xem tất cả.'] : []),
    ].join('\n'),
    buttons: shown.map(({ code }) => ({ label: `${label}${shortCode(code, year)}`, command: `/${name} ${code}${kept ? ` ${kept.token}` : ''}` })),
  };
}

/** Words about coming, by somebody who is invited to nothing. */
export const noMeetingToAnswer = (): Message => ({
  text: 'Chưa rõ đồng chí trả lời lịch họp nào: hiện đồng chí không có lịch họp sắp tới. Nội dung trên chưa được ghi nhận.',
  buttons: shortcuts,
});

/** Words typed where a report was awaited that read like an answer to an invitation: nothing is written before a tap. */
export function taskOrMeeting({ task, meeting, attends, year, words, token }: KeptWords & { task: string; meeting: MeetingFacts; attends: boolean; year: number }): Message {
  const [taskShort, meetingShort] = [shortCode(task, year), shortCode(meeting.code, year)];
  return {
    text: [
      `Chưa ghi nhận ${quoted(cut(words, 120))}: chưa rõ là tiến độ nhiệm vụ ${taskShort} hay trả lời lịch họp ${meetingShort} (${cut(meeting.title, 100)}).`,
      'Đề nghị chọn một mục dưới đây.',
    ].join('\n'),
    buttons: [
      { label: `Ghi vào ${taskShort}`, command: `/capnhat ${task} ${token}` },
      attends ? { label: `Tham dự ${meetingShort}`, command: `/thamdu ${meeting.code}` } : { label: `Vắng ${meetingShort}`, command: `/vang ${meeting.code} ${token}` },
    ],
  };
}

/** A message changed after it was sent. */
export const editNotHeard = (): Message => ({
  text: 'Tin sửa sau khi gửi không được ghi nhận: hệ thống giữ nội dung của tin như khi gửi lần đầu.\nCần báo nội dung khác, đề nghị đồng chí gửi tin mới.',
});

/** To thanks. */
export const thanksToo = (): Message => ({ text: 'Trân trọng cảm ơn đồng chí.' });

interface Follower {
  name: string;
  phone: string | null;
}

/** A question; `about`: the one task it can be meant for, and who of the Office follows it. */
export function questionNotAnswered(about?: { code: string; follower: Follower | null }): Message {
  if (!about) return { text: 'Hệ thống chưa trả lời được câu hỏi này, nội dung trên chưa được ghi nhận.\nGõ /trogiup để xem hướng dẫn, /nhiemvu để xem nhiệm vụ đang mở.', buttons: shortcuts };
  const { code, follower } = about;
  const who = follower ? `đồng chí ${follower.name}${follower.phone ? `, điện thoại ${readablePhone(follower.phone)}` : ''}` : 'Văn phòng UBND tỉnh';
  return { text: `Người theo dõi ${code}: ${who}.\nNội dung trên chưa được ghi nhận là tiến độ. Gõ /trogiup để xem hướng dẫn.` };
}

/** To a request for more time: whom to call, by the task it can be meant for; a tap puts the words on the task, for the Office to read. */
export function extensionByPhone({ about, year, office }: { about?: { code: string; follower: Follower | null } & KeptWords; year: number; office: string | undefined }): Message {
  const person = about?.follower;
  const phone = person?.phone ?? office;
  const who = `${person ? `đồng chí ${person.name}` : 'Văn phòng UBND tỉnh'}${phone ? `, điện thoại ${readablePhone(phone)}` : ''}`;
  return {
    text: [
      `Gia hạn ${about ? `${about.code} ` : ''}do Văn phòng UBND tỉnh xem xét, không ghi qua tin nhắn: đề nghị gọi ${who}.`,
      `Nội dung trên chưa được ghi nhận.${about ? ' Cần ghi vào diễn biến nhiệm vụ để Văn phòng đọc thì chọn mục dưới đây.' : ' Gõ /nhiemvu để xem nhiệm vụ đang mở.'}`,
    ].join('\n'),
    ...(about ? { buttons: [{ label: `Ghi nội dung vào ${shortCode(about.code, year)}`, command: `/capnhat ${about.code} ghi ${about.token}` }] } : { buttons: shortcuts }),
  };
}

/** A command nobody knows. `typed` is what the person wrote, without the sign before it. */
export const unknownCommand = (typed: string): Message => ({
  text: `Không có lệnh "/${typed.slice(0, 40)}".\nGõ /trogiup để xem các lệnh, /nhiemvu để xem nhiệm vụ đang mở.`,
  buttons: shortcuts,
});

/** What helps after a rule's "no", by its code; the general help where nothing closer is known. */
const nextStep: Partial<Record<ErrorCode, string>> = {
  'task-unknown': 'Gõ /nhiemvu để xem các nhiệm vụ của đồng chí.',
  'task-not-yours': 'Gõ /nhiemvu để xem các nhiệm vụ của đồng chí.',
  'task-given': 'Gõ /nhiemvu để xem các nhiệm vụ đồng chí đã giao.',
  'task-closed': 'Gõ /nhiemvu để xem các nhiệm vụ đang mở.',
  'task-awaits-confirmation': 'Không cần cập nhật thêm. Gõ /nhiemvu để xem các nhiệm vụ đang mở.',
  'meeting-unknown': 'Mã cuộc họp ghi trong tin mời họp. Gõ /hop để xem các cuộc họp của đồng chí.',
  'not-invited': 'Mã cuộc họp ghi trong tin mời họp. Nếu cần, đề nghị liên hệ Văn phòng UBND tỉnh.',
  'meeting-over': 'Đề nghị liên hệ Văn phòng UBND tỉnh nếu cần biết thêm.',
  forbidden: 'Gõ /trogiup để xem việc đồng chí có thể làm trong kênh này.',
};

/** A rule said no: its sentence, and what to type instead. */
export const refused = (error: { code: ErrorCode; message: string; params?: ErrorParams }): Message => ({
  text: `${error.message}\n${nextStepOf(error) ?? 'Gõ /trogiup để xem cách dùng.'}`,
});

/** Words on a task by somebody who does not report on it, such as the order of whoever gave it: they are with the task, nobody was told. */
export function notPassedOn({ message }: { message: string }, { follower, office }: { follower: Follower | null; office: string | undefined }): Message {
  const phone = follower?.phone ?? office;
  const who = `${follower ? `đồng chí ${follower.name} (người theo dõi)` : 'Văn phòng UBND tỉnh'}${phone ? `, điện thoại ${readablePhone(phone)}` : ''}`;
  return {
    text: [
      message,
      'Nội dung trên không được tự động chuyển đến đơn vị; hệ thống giữ lại ở diễn biến nhiệm vụ trên trang quản lý để Văn phòng UBND tỉnh đọc.',
      `Cần chỉ đạo, đôn đốc ngay, đề nghị gọi ${who}.`,
    ].join('\n'),
  };
}

/** With the task it is about, where the rule names one. */
const nextStepOf = ({ code, params }: { code: ErrorCode; params?: ErrorParams }): string | undefined =>
  code === 'progress-needs-reason' && params?.['code'] ? `Gõ: /capnhat ${params['code']} 50% lý do.` : nextStep[code];
