import { formatInstant } from '../kernel/local-date.js';

/** One thing that stands still, as told by readyz, the back office and the alarm mail. */
export interface Trouble {
  /** A sentence without addresses or secrets. */
  detail: string;
  since: Date;
  /** What to do about it. */
  advice: string;
}

const advices: readonly [part: RegExp, advice: string][] = [
  [/^database$/, 'Kiểm tra máy chủ cơ sở dữ liệu và đường mạng tới đó; hệ thống tự chạy tiếp khi cơ sở dữ liệu trả lời. Tin khẩn đang chờ: đề nghị gọi điện thoại.'],
  [/^outbox/, 'Mở trang "Kênh" xem kênh nào có lỗi hoặc đang tạm nghỉ; nếu không có, khởi động lại hệ thống. Việc gấp: đề nghị gọi điện thoại.'],
  [/^inbox$/, 'Khởi động lại hệ thống; tin đã nhận vẫn được giữ và sẽ được xử lý.'],
  [/^(tick:|reminders|alerts|intents)/, 'Khởi động lại hệ thống; việc đến hạn được làm bù một lần. Nếu vẫn lặp lại, gửi nhật ký hệ thống cho bên kỹ thuật.'],
  [/^ledger$/, 'Sổ gửi tin chưa được nối tiếp. Khởi động lại hệ thống rồi chạy lệnh kiểm tra sổ (npm run ledger:verify).'],
  [/^channel:/, 'Mở trang "Kênh", làm theo các bước của kênh đó (Zalo OA: bấm "Cấp quyền lại"). Tin được chuyển sang kênh khác nếu người nhận có.'],
  [/^hold$/, 'Mở trang "Tạm dừng gửi", xem danh sách tin đang chờ rồi chọn tiếp tục. Chưa chọn thì không tin nào được gửi.'],
];

/** What to do about a problem of this part of the house. */
export const adviceFor = (part: string): string => advices.find(([shape]) => shape.test(part))?.[1] ?? 'Xem nhật ký hệ thống và báo bên kỹ thuật.';

export const alarmWords = {
  database: () => 'Cơ sở dữ liệu không trả lời.',
  outbox: (n: number) => `${count(n)} tin đến giờ gửi mà chưa gửi được, và không có tin nào đang được gửi đi.`,
  urgent: (n: number) => `${count(n)} tin khẩn đến giờ gửi mà chưa gửi được.`,
  slow: (n: number) => `${count(n)} tin chờ gửi đã lâu, nơi gửi đang chậm hơn bình thường.`,
  inbox: (n: number) => `${count(n)} tin nhận được mà chưa xử lý.`,
  reminders: (n: number) => `${count(n)} lượt nhắc việc đã đến giờ mà chưa được lập.`,
  alerts: (n: number) => `${count(n)} cuộc họp có bước báo đã đến giờ mà chưa thực hiện.`,
  intents: (n: number) => `${count(n)} việc đã ghi nhận mà tin báo chưa được lập.`,
  ledger: (n: number) => `${count(n)} thay đổi chưa được ghi vào sổ gửi tin.`,
  tick: (work: string, seconds: number) => `Việc nền "${work}" không chạy đã ${seconds} giây.`,
  channel: () => 'Kênh gửi đang lỗi.',
  auditor: () => 'Bộ phận tự kiểm tra của hệ thống gặp lỗi.',
  hold: (cause: 'restored' | 'by-hand' | 'no-index', by: string) =>
    cause === 'restored' ? 'Cơ sở dữ liệu vừa được khôi phục từ bản sao lưu cũ: hệ thống tạm dừng gửi tin để không gửi lại tin đã gửi.'
    : cause === 'no-index' ? 'Cơ sở dữ liệu thiếu chỉ mục chống gửi trùng: hệ thống tạm dừng gửi tin.'
    : `${by || 'Văn phòng'} đã tạm dừng gửi tin.`,
} as const;

const count = (n: number): string => (n >= 10_000 ? 'Hơn 10.000' : n.toLocaleString('vi-VN'));

const block = ({ detail, since, advice }: Trouble): string => `- ${detail}\n  Từ: ${formatInstant(since)}\n  Cần làm: ${advice}`;

/** The mail that something stands still. `place` is the house's public address, `ledger` the end of the chain for safe keeping. */
export const alarmMail = (fresh: readonly Trouble[], others: readonly Trouble[], { place, ledger }: { place: string; ledger: string | null }): { subject: string; text: string } => ({
  subject: `[Nhắc Việc] Cảnh báo: ${fresh.length === 1 ? (fresh[0]?.detail ?? '') : `${fresh.length} việc cần xử lý`}`.slice(0, 150),
  text: [
    'Hệ thống Nhắc Việc tự báo:',
    '',
    ...fresh.map(block),
    ...(others.length > 0 ? ['', 'Đã báo trước đây và vẫn còn:', ...others.map(block)] : []),
    ...signature(place, ledger),
  ].join('\n'),
});

/** The mail that it is over. */
export const allClearMail = (over: readonly { detail: string; since: Date }[], rest: readonly Trouble[], { place, ledger, now }: { place: string; ledger: string | null; now: Date }): { subject: string; text: string } => ({
  subject: rest.length === 0 ? '[Nhắc Việc] Đã hoạt động bình thường trở lại' : '[Nhắc Việc] Đã hết một phần cảnh báo',
  text: [
    `Đến ${formatInstant(now)} đã hết:`,
    '',
    ...over.map(({ detail, since }) => `- ${detail} (từ ${formatInstant(since)})`),
    ...(rest.length > 0 ? ['', 'Còn lại:', ...rest.map(block)] : []),
    ...signature(place, ledger),
  ].join('\n'),
});

const signature = (place: string, ledger: string | null): string[] => [
  '',
  ...(place ? [`Trang quản trị: ${place}/admin`] : []),
  ...(ledger ? [`Mã kiểm tra sổ gửi tin (đề nghị giữ lại thư này): ${ledger}`] : []),
  'Thư này được gửi bằng đường riêng, không qua hàng chờ gửi tin. Mỗi việc báo nhiều nhất một lần trong một giờ.',
];
