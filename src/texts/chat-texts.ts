import type { ErrorCode, ErrorParams } from '../kernel/errors.js';
import { cut, quoted, shortCode } from './common-texts.js';
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

const meetingButtons = (code: string, place?: string, reason?: KeptWords): Button[] => [
  { label: 'Đã nhận', command: `/xacnhan ${code}${forPlace(place)}` },
  { label: 'Tham dự', command: `/thamdu ${code}${forPlace(place)}` },
  { label: 'Vắng', command: `/vang ${code}${forPlace(place)}${reason ? ` ${reason.token}` : ''}` },
];

/** Words in answer to a message about a meeting: only a tap or a command counts, so that nothing is taken for a yes by mistake. */
export const meetingWordsNotUnderstood = (code: string, place?: string): Message => ({
  text: [
    `Nội dung trên chưa được ghi là trả lời lịch họp ${code}.`,
    `Đề nghị bấm một nút dưới đây; vắng có lý do thì gõ: /vang ${code}${forPlace(place)} lý do.`,
  ].join('\n'),
  buttons: meetingButtons(code, place),
});

/** Words that fit the one invitation still open, or name a meeting: which it is, and its buttons; `reason` goes with a tap on "Vắng". */
export const whichMeeting = ({ code, title, startsAt, place }: MeetingFacts, now: Date, reason?: KeptWords): Message => ({
  text: [
    `Có phải đồng chí trả lời lịch họp ${code}? Nội dung trên chưa được ghi nhận.`,
    `${cut(title, 160)}: ${meetingTime(startsAt, now)}, ${cut(place, 160)}.`,
    reason
      ? `Đề nghị bấm một nút dưới đây; bấm Vắng thì ghi kèm lý do: ${quoted(cut(reason.words, 120))}.`
      : `Đề nghị bấm một nút dưới đây; vắng có lý do thì gõ: /vang ${code} lý do.`,
  ].join('\n'),
  buttons: meetingButtons(code, undefined, reason),
});

/** Words typed where a report was awaited that read like an answer to an invitation: nothing is written before a tap. */
export function taskOrMeeting({ task, meeting, attends, year, words, token }: KeptWords & { task: string; meeting: MeetingFacts; attends: boolean; year: number }): Message {
  const [taskShort, meetingShort] = [shortCode(task, year), shortCode(meeting.code, year)];
  return {
    text: [
      `Chưa ghi nhận ${quoted(cut(words, 120))}: chưa rõ là tiến độ nhiệm vụ ${taskShort} hay trả lời lịch họp ${meetingShort} (${cut(meeting.title, 100)}).`,
      'Đề nghị bấm một nút dưới đây.',
    ].join('\n'),
    buttons: [
      { label: `Ghi vào ${taskShort}`, command: `/capnhat ${task} ${token}` },
      attends ? { label: `Tham dự ${meetingShort}`, command: `/thamdu ${meeting.code}` } : { label: `Vắng ${meetingShort}`, command: `/vang ${meeting.code} ${token}` },
    ],
  };
}

/** To thanks. */
export const thanksToo = (): Message => ({ text: 'Trân trọng cảm ơn đồng chí.' });

/** A question; `about`: the one task it can be meant for, and who of the Office follows it. */
export function questionNotAnswered(about?: { code: string; follower: { name: string; phone: string | null } | null }): Message {
  if (!about) return { text: 'Hệ thống chưa trả lời được câu hỏi này, nội dung trên chưa được ghi nhận.\nGõ /trogiup để xem hướng dẫn, /nhiemvu để xem nhiệm vụ đang mở.', buttons: shortcuts };
  const { code, follower } = about;
  const who = follower ? `đồng chí ${follower.name}${follower.phone ? `, điện thoại ${readablePhone(follower.phone)}` : ''}` : 'Văn phòng UBND tỉnh';
  return { text: `Người theo dõi ${code}: ${who}.\nNội dung trên chưa được ghi nhận là tiến độ. Gõ /trogiup để xem hướng dẫn.` };
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

/** With the task it is about, where the rule names one. */
const nextStepOf = ({ code, params }: { code: ErrorCode; params?: ErrorParams }): string | undefined =>
  code === 'progress-needs-reason' && params?.['code'] ? `Gõ: /capnhat ${params['code']} 50% lý do.` : nextStep[code];
