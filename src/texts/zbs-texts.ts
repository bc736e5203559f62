/** Why template messages do not go out, for the back office; `code` is Zalo's. */
export const zbsProblems = {
  template: (code: string) => `Zalo ZBS: mẫu tin bị từ chối hoặc thiếu dữ liệu (${code}), tin được chuyển sang kênh khác. Đề nghị kiểm tra danh mục mẫu.`,
  'used-up': (code: string) => `Zalo ZBS: hết tiền hoặc hết hạn mức gửi (${code}). Đề nghị nạp tiền hoặc nâng hạn mức trên Zalo Cloud Account.`,
  grant: (code: string) => `Zalo ZBS: cần quản trị OA cấp quyền lại (${code}).`,
  settings: (code: string) => `Zalo ZBS: Zalo từ chối (${code}), cần kiểm tra cấu hình và quyền của OA.`,
  disturbed: (code: string) => `Zalo ZBS: đang gián đoạn (${code}), hệ thống sẽ tự gửi lại.`,
} as const;

export type ZbsProblem = keyof typeof zbsProblems;
