import { shortCode } from './common-texts.js';

/** Stands for buttons, which Zalo Bot does not have: "Trả lời số: 1. Cập nhật  2. Chi tiết". */
export const numberedChoices = (choices: readonly { number: number; label: string }[]): string =>
  `Trả lời số: ${choices.map(({ number, label }) => `${number}. ${label}`).join('  ')}`;

/** A number that is in no list shown: the report awaited may be meant. */
export const percentChoice = (task: string, percent: number, year: number): { label: string; command: string } => ({ label: `Ghi ${percent}% vào ${shortCode(task, year)}`, command: `/capnhat ${task} ${percent}%` });

/** Ends a message that was longer than the channel takes. */
export const LONG_MESSAGE_NOTE = '\n… (tin dài, đã rút gọn; đề nghị xem đầy đủ trên hệ thống)';

/** Why the channel does not work, for the back office; by the kind of failure. */
export const zaloBotProblems = {
  starting: 'Zalo Bot: đang kết nối máy chủ.',
  'token-refused': 'Zalo Bot: mã bot (ZALO_BOT_TOKEN) không được chấp nhận. Đề nghị lấy lại mã trong Zalo Bot Manager.',
  network: 'Zalo Bot: không kết nối được máy chủ. Đề nghị kiểm tra đường truyền hoặc ZALO_BOT_API_ROOT.',
  'server-error': 'Zalo Bot: máy chủ đang lỗi; hệ thống tự nối lại.',
  flood: 'Zalo Bot: đã chạm giới hạn gửi; tin được chuyển sang kênh khác nếu người nhận có.',
  storage: 'Zalo Bot: nhận được tin nhưng chưa lưu được vào cơ sở dữ liệu; hệ thống tự thử lại.',
  refused: 'Zalo Bot: yêu cầu bị từ chối. Đề nghị kiểm tra cấu hình (địa chỉ webhook phải là HTTPS công khai).',
} as const;

export type ZaloBotProblem = keyof typeof zaloBotProblems;

/** The month's count, for the back office: "Zalo Bot: 2.950/3.000 tin trong tháng 11/2026, 48/50 người." */
export const zaloBotUse = (use: { month: string; sent: number; sentLimit: number; users: number; userLimit: number }): string => {
  const [year, month] = use.month.split('-');
  const number = (n: number) => String(n).replace(/\B(?=(\d{3})+$)/g, '.');
  return `Zalo Bot: ${number(use.sent)}/${number(use.sentLimit)} tin trong tháng ${month}/${year}, ${use.users}/${use.userLimit} người.`;
};
