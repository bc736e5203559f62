/** Label of the button that shares the reader's own number. */
export const SHARE_PHONE = 'Chia sẻ số điện thoại';

/** Commands Telegram shows in its menu; names are ASCII, descriptions up to 256 characters. */
export const telegramMenu = [
  { command: 'nhiemvu', description: 'Nhiệm vụ đang mở của tôi' },
  { command: 'capnhat', description: 'Cập nhật tiến độ: kèm mã, phần trăm, nội dung' },
  { command: 'chitiet', description: 'Xem một nhiệm vụ: kèm mã nhiệm vụ' },
  { command: 'danhan', description: 'Đã nhận nhiệm vụ: kèm mã nhiệm vụ' },
  { command: 'hop', description: 'Lịch họp sắp tới của tôi' },
  { command: 'lienket', description: 'Liên kết tài khoản bằng mã của Văn phòng' },
  { command: 'huylienket', description: 'Hủy liên kết tài khoản này' },
  { command: 'trogiup', description: 'Hướng dẫn sử dụng' },
] as const;

/** Why the channel does not work, for the back office; by the kind of failure. */
export const telegramProblems = {
  starting: 'Đang kết nối máy chủ Telegram.',
  'token-refused': 'Telegram không chấp nhận mã bot (TELEGRAM_BOT_TOKEN). Đề nghị kiểm tra mã do BotFather cấp.',
  conflict: 'Một chương trình khác, ngoài hệ thống này, đang nhận tin của bot (lỗi 409). Đề nghị dừng chương trình đó hoặc cấp mã bot mới.',
  flood: 'Telegram yêu cầu tạm dừng do gọi quá nhanh; hệ thống tự nối lại.',
  network: 'Không kết nối được máy chủ Telegram. Đề nghị kiểm tra đường truyền, TELEGRAM_PROXY hoặc TELEGRAM_API_ROOT.',
  'server-error': 'Máy chủ Telegram đang lỗi; hệ thống tự nối lại.',
  storage: 'Nhận được tin nhưng chưa lưu được vào cơ sở dữ liệu; hệ thống tự thử lại.',
  refused: 'Telegram từ chối yêu cầu. Đề nghị kiểm tra cấu hình kênh (địa chỉ webhook phải là HTTPS công khai).',
} as const;

export type TelegramProblem = keyof typeof telegramProblems;
