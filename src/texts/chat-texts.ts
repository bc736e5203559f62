import type { ErrorCode } from '../kernel/errors.js';
import { shortcuts } from './link-texts.js';
import type { Message } from './message.js';

/** A plain text that belongs to no task. */
export const notUnderstood = (): Message => ({
  text: [
    'Chưa rõ đồng chí cập nhật nhiệm vụ nào, nội dung trên chưa được ghi nhận.',
    'Đề nghị trả lời trực tiếp tin nhắc việc, hoặc gõ: /capnhat NV-12 70% nội dung.',
  ].join('\n'),
  buttons: shortcuts,
});

/** Words in answer to a message about a meeting: only a tap or a command counts, so that nothing is taken for a yes by mistake. */
export const meetingWordsNotUnderstood = (code: string): Message => ({
  text: [
    `Nội dung trên chưa được ghi là trả lời lịch họp ${code}.`,
    `Đề nghị bấm một nút dưới đây; vắng có lý do thì gõ: /vang ${code} lý do.`,
  ].join('\n'),
  buttons: [
    { label: 'Đã nhận', command: `/xacnhan ${code}` },
    { label: 'Tham dự', command: `/thamdu ${code}` },
    { label: 'Vắng', command: `/vang ${code}` },
  ],
});

/** A command nobody knows. `typed` is what the person wrote, without the sign before it. */
export const unknownCommand = (typed: string): Message => ({
  text: `Không có lệnh "/${typed.slice(0, 40)}".\nGõ /trogiup để xem các lệnh, /nhiemvu để xem nhiệm vụ đang mở.`,
  buttons: shortcuts,
});

/** What helps after a rule's "no", by its code; the general help where nothing closer is known. */
const nextStep: Partial<Record<ErrorCode, string>> = {
  'task-unknown': 'Gõ /nhiemvu để xem các nhiệm vụ của đồng chí.',
  'task-not-yours': 'Gõ /nhiemvu để xem các nhiệm vụ của đồng chí.',
  'task-closed': 'Gõ /nhiemvu để xem các nhiệm vụ đang mở.',
  'task-awaits-confirmation': 'Không cần cập nhật thêm. Gõ /nhiemvu để xem các nhiệm vụ đang mở.',
  'progress-needs-reason': 'Gõ: /capnhat NV-12 50% lý do.',
  'meeting-unknown': 'Mã cuộc họp ghi trong tin mời họp. Gõ: /xacnhan HOP-31, /thamdu HOP-31 hoặc /vang HOP-31 lý do.',
  'not-invited': 'Mã cuộc họp ghi trong tin mời họp. Nếu cần, đề nghị liên hệ Văn phòng UBND tỉnh.',
  'meeting-over': 'Đề nghị liên hệ Văn phòng UBND tỉnh nếu cần biết thêm.',
  forbidden: 'Gõ /trogiup để xem việc đồng chí có thể làm trong kênh này.',
};

/** A rule said no: its sentence, and what to type instead. */
export const refused = (error: { code: ErrorCode; message: string }): Message => ({
  text: `${error.message}\n${nextStep[error.code] ?? 'Gõ /trogiup để xem cách dùng.'}`,
});
