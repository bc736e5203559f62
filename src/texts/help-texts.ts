import type { PersonRole } from '../people/person.model.js';
import type { Message } from './message.js';

const lines = {
  tasks: '/nhiemvu — nhiệm vụ đang mở của đồng chí',
  details: '/chitiet NV-12 — xem kỹ một nhiệm vụ',
  received: '/danhan NV-12 — đã nhận nhiệm vụ',
  report: '/capnhat NV-12 70% nội dung — cập nhật tiến độ; gõ tắt: NV-12 70% nội dung; đã xong toàn bộ: NV-12 xong',
  reply: 'Có thể trả lời thẳng tin nhắc việc, hoặc bấm Cập nhật rồi gõ: 70% nội dung',
  meetings: '/hop — lịch họp sắp tới của đồng chí',
  answer: '/xacnhan HOP-31 — đã nhận lịch họp; /thamdu HOP-31 — sẽ dự; /vang HOP-31 lý do — vắng mặt',
  office: 'Giao, nhắc, xác nhận hoàn thành và triệu tập họp: trên trang quản lý. Báo cáo của các cơ quan được gửi đến đây.',
  unlink: '/huylienket — hủy liên kết tài khoản này (hệ thống hỏi lại trước khi hủy)',
  spelling: 'Gõ có dấu hay không dấu đều được. Nội dung mật không cập nhật qua tin nhắn.',
} as const;

/** Whoever only presides and reads needs no forms for reports; the Office is told where its own work is done. */
function linesFor(roles: readonly PersonRole[]): string[] {
  const { tasks, details, received, report, reply, meetings, answer, office, unlink, spelling } = lines;
  const answers = roles.includes('officer') || roles.includes('leader') || roles.length === 0;
  return [tasks, details, ...(answers ? [received, report, reply] : []), meetings, answer, ...(roles.includes('office') ? [office] : []), unlink, spelling];
}

/** How the bot is used by a reader of these roles; `linked`: the reader's chat is tied to a person. */
export const helpText = (linked: boolean, roles: readonly PersonRole[] = []): Message => ({
  text: [
    'Hướng dẫn sử dụng Nhắc Việc',
    ...(linked ? [] : ['Đồng chí chưa liên kết tài khoản. Gõ /lienket kèm mã do Văn phòng cấp.']),
    ...linesFor(roles),
  ].join('\n'),
  ...(linked ? { buttons: [{ label: 'Nhiệm vụ của tôi', command: '/nhiemvu' }, { label: 'Lịch họp', command: '/hop' }] } : {}),
});

/** The form of a command, shown where something is missing. */
export const missingCode = (form: string): Message => ({ text: `Đề nghị gõ kèm mã: ${form}` });
