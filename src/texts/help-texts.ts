import type { PersonRole } from '../people/person.model.js';
import type { Message } from './message.js';

/** Codes for examples: the reader's own where there are any. */
export interface ExampleCodes {
  task?: string;
  meeting?: string;
}

const linesOn = ({ task = 'NV-12', meeting = 'HOP-31' }: ExampleCodes) => ({
  tasks: '/nhiemvu — nhiệm vụ đang mở của đồng chí',
  given: '/nhiemvu — nhiệm vụ đồng chí đã giao, đang theo dõi',
  details: `/chitiet ${task} — xem kỹ một nhiệm vụ`,
  received: `/danhan ${task} — đã nhận nhiệm vụ`,
  report: `/capnhat ${task} 70% nội dung — cập nhật tiến độ; gõ tắt: ${task} 70% nội dung; đã xong toàn bộ: ${task} xong`,
  reply: 'Có thể trả lời thẳng tin nhắc việc, hoặc chọn Cập nhật rồi gõ: 70% nội dung',
  meetings: '/hop — lịch họp sắp tới của đồng chí',
  tap: 'Tin mời họp: chọn Đã nhận, Tham dự hoặc Vắng dưới tin, hoặc gõ như sau',
  answer: `/xacnhan ${meeting} — đã nhận lịch họp; /thamdu ${meeting} — sẽ dự; /vang ${meeting} lý do — vắng mặt`,
  office: 'Giao, nhắc, xác nhận hoàn thành và triệu tập họp: trên trang quản lý. Báo cáo của các cơ quan được gửi đến đây.',
  unlink: '/huylienket — hủy liên kết tài khoản này (hệ thống hỏi lại trước khi hủy)',
  spelling: 'Gõ có dấu hay không dấu đều được. Nội dung mật không cập nhật qua tin nhắn.',
});

/** Who asks for the form. `presides`: gives tasks and reports on none (a leader of the province). */
interface HelpReader {
  roles?: readonly PersonRole[];
  presides?: boolean;
  codes?: ExampleCodes;
}

/** Whoever only presides and reads needs no forms for reports; the Office is told where its own work is done. */
function linesFor({ roles = [], presides = false, codes = {} }: HelpReader): string[] {
  const { tasks, given, details, received, report, reply, meetings, tap, answer, office, unlink, spelling } = linesOn(codes);
  if (presides) return [given, details, meetings, tap, answer, unlink, spelling];
  const answers = roles.includes('officer') || roles.includes('leader') || roles.length === 0;
  return [tasks, details, ...(answers ? [received, report, reply] : []), meetings, answer, ...(roles.includes('office') ? [office] : []), unlink, spelling];
}

/** How the bot is used by this reader; `linked`: the reader's chat is tied to a person. */
export const helpText = (linked: boolean, reader: HelpReader = {}): Message => ({
  text: [
    'Hướng dẫn sử dụng Nhắc Việc',
    ...(linked ? [] : ['Đồng chí chưa liên kết tài khoản. Gõ /lienket kèm mã do Văn phòng cấp.']),
    ...linesFor(reader),
  ].join('\n'),
  ...(linked ? { buttons: [{ label: 'Nhiệm vụ của tôi', command: '/nhiemvu' }, { label: 'Lịch họp', command: '/hop' }] } : {}),
});

/** The form of a command, shown where something is missing. */
export const missingCode = (form: string): Message => ({ text: `Đề nghị gõ kèm mã: ${form}` });
