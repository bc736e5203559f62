import type { Message } from './message.js';

/** How the bot is used; `linked`: the reader's chat is tied to a person. */
export const helpText = (linked: boolean): Message => ({
  text: [
    'Hướng dẫn sử dụng Nhắc Việc',
    ...(linked ? [] : ['Đồng chí chưa liên kết tài khoản. Gõ /lienket kèm mã do Văn phòng cấp.']),
    '/nhiemvu — nhiệm vụ đang mở của đồng chí',
    '/chitiet NV-12 — xem kỹ một nhiệm vụ',
    '/capnhat NV-12 70% nội dung — cập nhật tiến độ (gõ tắt: /cn 12 70% nội dung); đã xong toàn bộ: /capnhat NV-12 xong',
    'Có thể trả lời thẳng tin nhắc việc, hoặc bấm Cập nhật rồi gõ: 70% nội dung',
    '/xacnhan HOP-31 — đã nhận lịch họp; /thamdu HOP-31 — sẽ dự; /vang HOP-31 lý do — vắng mặt',
    '/huylienket — hủy liên kết tài khoản này',
    'Gõ có dấu hay không dấu đều được. Nội dung mật không cập nhật qua tin nhắn.',
  ].join('\n'),
  ...(linked ? { buttons: [{ label: 'Nhiệm vụ của tôi', command: '/nhiemvu' }] } : {}),
});

/** The form of a command, shown where something is missing. */
export const missingCode = (form: string): Message => ({ text: `Đề nghị gõ kèm mã: ${form}` });
