/**
 * Under a message whose buttons cannot be shown. SMS texts are written with diacritics like all others; the SMS room takes
 * them off.
 */
export const SMS_HINT = 'Chi tiết: mở Zalo hoặc hệ thống.';

/** Ends a text that was cut to the allowed number of parts. */
export const SMS_CUT_NOTE = '... (xem đủ trên hệ thống)';

/** Money on the gateway's account, on the page "Kênh". */
export const SMS_BALANCE = 'Số dư tài khoản eSMS';

/** Why the channel does not work, for the back office. Codes as the ledger shows them; others get a general sentence. */
const problems: Readonly<Record<string, string>> = {
  starting: 'SMS: đang kết nối tổng đài nhắn tin của nhà mạng.',
  'no-connection': 'SMS: không kết nối được máy chủ nhắn tin. Đề nghị kiểm tra đường truyền và địa chỉ trong cấu hình.',
  'sms-no-template': 'SMS: có loại tin chưa có mẫu đã đăng ký nên không gửi được. Đề nghị thêm mẫu ở mục Mẫu tin.',
  'sms-template-mismatch': 'SMS: có tin không khớp mẫu đã đăng ký nên không gửi. Đề nghị đối chiếu mẫu ở mục Mẫu tin với bản nhà mạng đã duyệt.',
  'esms-146': 'SMS: eSMS báo nội dung khác mẫu đã đăng ký. Đề nghị đối chiếu mẫu ở mục Mẫu tin.',
  throttled: 'SMS: nhà cung cấp yêu cầu gửi chậm lại; hệ thống tự gửi tiếp sau ít giây.',
  'esms-101': 'SMS: eSMS không chấp nhận khóa truy cập (ApiKey, SecretKey). Đề nghị quản trị máy chủ kiểm tra cấu hình.',
  'esms-102': 'SMS: tài khoản eSMS chưa được cấu hình bảng giá. Đề nghị liên hệ eSMS.',
  'esms-103': 'SMS: tài khoản eSMS không đủ số dư. Đề nghị nạp thêm tiền.',
  'esms-104': 'SMS: eSMS không biết tên thương hiệu đang dùng. Đề nghị kiểm tra việc đăng ký brandname.',
  'esms-140': 'SMS: địa chỉ IP của máy chủ chưa được eSMS cho phép.',
  'smpp-bind-refused': 'SMS: nhà mạng không chấp nhận tên đăng nhập hoặc mật khẩu SMPP. Đề nghị quản trị máy chủ kiểm tra cấu hình.',
  'smpp-0x0a': 'SMS: nhà mạng không chấp nhận tên thương hiệu đang dùng. Đề nghị kiểm tra việc đăng ký brandname.',
};

/** A Vietnamese sentence for an outcome's code; `stopped`: the provider refused us, so somebody has to act. */
export const smsProblem = (code: string, stopped: boolean): string =>
  problems[code] ?? (stopped ? `SMS: nhà cung cấp từ chối (${code}), cần kiểm tra cấu hình.` : `SMS: đang gián đoạn (${code}), hệ thống sẽ tự gửi lại.`);
