import type { Message } from './message.js';

/** Why template messages do not go out, for the back office; `code` is Zalo's. */
export const zbsProblems = {
  template: (code: string) => `Tin mẫu Zalo (ZBS): mẫu tin bị từ chối hoặc thiếu dữ liệu (${code}), tin được chuyển sang kênh khác. Đề nghị kiểm tra danh mục mẫu.`,
  'used-up': (code: string) => `Tin mẫu Zalo (ZBS): hết tiền hoặc hết hạn mức gửi (${code}). Đề nghị nạp tiền hoặc nâng hạn mức trên Zalo Cloud Account.`,
  grant: (code: string) => `Tin mẫu Zalo (ZBS): cần quản trị OA cấp quyền lại (${code}).`,
  settings: (code: string) => `Tin mẫu Zalo (ZBS): Zalo từ chối (${code}), cần kiểm tra cấu hình và quyền của OA.`,
  disturbed: (code: string) => `Tin mẫu Zalo (ZBS): đang gián đoạn (${code}), hệ thống sẽ tự gửi lại.`,
} as const;

export type ZbsProblem = keyof typeof zbsProblems;

/** What the OA may still send to a user for free, on the page "Kênh". */
export const oaMessagesFree = (): string => 'Tin trả lời miễn phí tới riêng người nhắn gần nhất';

/** To the office: Zalo takes one template no more; the others still work. */
export const templateRefused = (n: { templateId: string; kind: string; code: string }): Message => ({
  text: [
    `⚠️ Mẫu tin Zalo (ZBS) ${n.templateId} bị Zalo từ chối (mã ${n.code})`,
    `Tin loại "${n.kind}" được chuyển sang kênh khác nếu người nhận có. Đề nghị xem lại mẫu ở trang của Zalo, rồi sửa hoặc ngừng dùng mẫu này ở mục Mẫu tin.`,
  ].join('\n'),
});
