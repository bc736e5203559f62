import type { AttemptOutcome } from '../../src/delivery/delivery.model.js';

/** By the code of an attempt; what is not here is told by its outcome. */
const byCode: Readonly<Record<string, string>> = {
  'window-closed': 'người nhận chưa nhắn cho OA trong 7 ngày nên Zalo không cho gửi tin tự do',
  hung: 'nhà cung cấp không trả lời kịp',
  'phone-invalid': 'số điện thoại của người nhận không phải số di động Việt Nam',
  'no-template': 'chưa có mẫu tin đang dùng cho loại tin này',
  'zbs:-108': 'số điện thoại không đúng',
  'zbs:-110': 'ứng dụng Zalo của người nhận quá cũ',
  'zbs:-114': 'người nhận không dùng Zalo hoặc đã từ chối tin mẫu',
  'zbs:-115': 'tài khoản Zalo Cloud đã hết tiền',
  'zbs:-118': 'số điện thoại này chưa có tài khoản Zalo',
  'zbs:-119': 'tài khoản Zalo của người nhận không nhận được tin mẫu',
  'zbs:-126': 'tài khoản Zalo Cloud đã hết tiền',
  'zbs:-127': 'chế độ thử chỉ gửi tới quản trị OA',
  'zbs:-131': 'mẫu tin chưa được Zalo duyệt',
  'zbs:-133': 'loại tin này không gửi được ban đêm',
  'zbs:-139': 'người nhận đã từ chối loại tin này',
  'zbs:-141': 'người nhận đã từ chối tin của OA',
  'zbs:-144': 'OA đã hết hạn mức tin mẫu trong ngày',
  'zbs:-146': 'mẫu tin đã bị Zalo vô hiệu hóa',
  'zbs:phone-not-verified': 'số điện thoại của người nhận chưa được xác minh',
  'zalo:-32': 'gửi quá nhanh so với hạn mức của Zalo',
  'zalo:-211': 'OA đã hết hạn mức gửi tin',
  'zalo:-213': 'người nhận chưa quan tâm OA',
  'zalo:-216': 'mã truy cập Zalo không còn hiệu lực',
  'zalo:-220': 'mã truy cập Zalo đã hết hạn',
  'zalo:-221': 'OA chưa được xác thực',
  'zalo:-223': 'OA chưa cấp nhóm quyền này cho ứng dụng',
  'zalo:-224': 'OA cần nâng gói dịch vụ',
  'zalo:-227': 'tài khoản người nhận bị khóa hoặc lâu không hoạt động',
  'zalo:-230': 'người nhận chưa tương tác với OA trong 7 ngày',
  'zalo:-232': 'người nhận chưa tương tác với OA trong 7 ngày',
  'zalo:-234': 'loại tin này không gửi được ban đêm',
  'zalo:-235': 'loại OA này không dùng được cách gửi hiện tại',
  'zalo:-244': 'người nhận đã chặn loại tin này',
  'zalo:-321': 'tài khoản Zalo Cloud đã hết tiền',
};

const byShape: readonly [RegExp, string][] = [
  [/grant-lost/, 'quyền truy cập Zalo OA không còn, cần cấp quyền lại'],
  [/throttled|http-429/, 'nhà cung cấp yêu cầu gửi chậm lại'],
  [/no-connection|connection-lost/, 'không kết nối được nhà cung cấp'],
  [/timeout|hung/, 'nhà cung cấp không trả lời kịp'],
  [/http-5|bad-json|server/, 'máy chủ của nhà cung cấp bị lỗi'],
  [/no-pieces/, 'mẫu tin cần dữ liệu mà loại tin này không có, tin chuyển sang kênh khác'],
  [/sms-no-template/, 'chưa có mẫu SMS đã đăng ký cho loại tin này'],
  [/template-mismatch/, 'nội dung không khớp mẫu SMS đã đăng ký'],
  [/param-/, 'tin không điền vừa mẫu đã duyệt'],
  [/no-mobile/, 'số điện thoại không phải số di động'],
];

const byOutcome: Readonly<Record<AttemptOutcome, string>> = {
  started: 'đang gửi',
  accepted: 'đã gửi',
  retry: 'nhà cung cấp chưa nhận, hệ thống tự gửi lại',
  down: 'kênh đang gián đoạn, hệ thống tự gửi lại khi kênh hoạt động trở lại',
  paused: 'nhà cung cấp yêu cầu chờ',
  unreachable: 'không tới được người nhận qua kênh này',
  rejected: 'nhà cung cấp từ chối, cần kiểm tra cấu hình',
  unknown: 'chưa rõ tin có đến hay không',
  error: 'hệ thống không soạn được tin',
};

/** What went wrong, as a Vietnamese phrase; with the code where it is the provider's own, for whoever calls its support. */
export function errorInWords({ code, outcome }: { code: string; outcome: AttemptOutcome }): string {
  const words = byCode[code] ?? byShape.find(([shape]) => shape.test(code))?.[1] ?? byOutcome[outcome];
  return /\d/.test(code) ? `${words} (mã ${code})` : words;
}
