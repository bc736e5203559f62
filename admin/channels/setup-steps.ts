import type { ConfigurableChannel } from '../../src/config.js';

/** What the words need to know of this house. */
export interface Place {
  /** PUBLIC_URL, or a stand-in text. */
  url: string;
  /** Callback address of the OA's consent. */
  callback: string;
}

/** How a channel is opened, step by step, for whoever keeps the server. */
export const setupSteps: Readonly<Record<ConfigurableChannel, (place: Place) => string[]>> = {
  zalo: ({ url, callback }) => [
    'Có Official Account của cơ quan, đã xác thực và có gói dịch vụ được dùng API. Với OA cơ quan nhà nước, đề nghị hỏi Zalo trước về quyền gửi tin qua API.',
    'Trên developers.zalo.me: tạo ứng dụng, kích hoạt, thêm sản phẩm "Official Account", liên kết ứng dụng với OA.',
    'Ghi vào cấu hình máy chủ: ZALO_APP_ID, ZALO_APP_SECRET, ZALO_OA_SECRET_KEY (mục Webhook) và PUBLIC_URL; khởi động lại.',
    `Mục Webhook: địa chỉ ${url}/webhooks/zalo, bật các sự kiện người dùng gửi tin, quan tâm, bỏ quan tâm, đã nhận, đã xem. Tắt lựa chọn "chỉ nhận tin bắt đầu bằng #".`,
    `Mục Official Account, Thiết lập chung: đăng ký Callback URL đúng từng ký tự là ${callback}.`,
    'Bấm "Cấp quyền" trên trang này bằng tài khoản Zalo là quản trị của OA. Quyền tự gia hạn khi hệ thống hoạt động; nếu dừng gần 3 tháng thì phải cấp lại.',
    'Cán bộ quan tâm OA rồi nhắn /lienket kèm mã do Văn phòng cấp. Zalo chỉ cho gửi tin tự do trong 7 ngày kể từ lần nhắn gần nhất.',
  ],
  zbs: () => [
    'Cấu hình xong Zalo OA, liên kết OA với tài khoản Zalo Cloud (ZCA) và nạp tiền.',
    'Tạo mẫu tin ZBS trên trang của Zalo, chờ duyệt; ghi lại mã mẫu, tên và độ dài tối đa của từng tham số.',
    'Đặt ZALO_ZBS_MODE=development (chỉ gửi tới quản trị OA, không mất phí) để thử; chạy thật thì đặt live.',
    'Ở mục "Mẫu tin ZBS": thêm từng mẫu, chọn loại tin và nguồn của mỗi tham số. Loại tin chưa có mẫu được gửi bằng kênh khác.',
  ],
  'zalo-bot': ({ url }) => [
    'Mở Zalo Bot Manager trong Zalo, tạo bot và lấy mã (token). Bot miễn phí phục vụ tối đa 50 người, 3.000 tin mỗi tháng: chỉ phù hợp để thí điểm.',
    'Đặt ZALO_BOT_TOKEN; khởi động lại. Cách nhận tin mặc định (polling) không cần địa chỉ công khai.',
    `Muốn dùng webhook: đặt ZALO_BOT_UPDATES=webhook, ZALO_BOT_WEBHOOK_SECRET và PUBLIC_URL (https); hệ thống tự đăng ký dưới địa chỉ ${url}.`,
    'Cán bộ mở bot, nhắn /lienket kèm mã do Văn phòng cấp.',
  ],
  telegram: ({ url }) => [
    'Nhắn @BotFather lệnh /newbot, lấy mã bot và đặt TELEGRAM_BOT_TOKEN; khởi động lại.',
    `Muốn dùng webhook: đặt TELEGRAM_UPDATES=webhook, TELEGRAM_WEBHOOK_SECRET và PUBLIC_URL (https); hệ thống tự đăng ký dưới địa chỉ ${url}.`,
    'Cán bộ bấm Start ở bot, nhắn /lienket kèm mã do Văn phòng cấp.',
    'Telegram đang bị yêu cầu chặn tại Việt Nam từ tháng 5/2025: chỉ là kênh phụ, không dùng làm kênh duy nhất cho tin khẩn.',
  ],
  sms: ({ url }) => [
    'Đăng ký tên thương hiệu (brandname) và mẫu tin chăm sóc khách hàng với nhà mạng hoặc eSMS.vn.',
    'eSMS: đặt SMS_DRIVER=esms, SMS_BRANDNAME, SMS_ESMS_API_KEY, SMS_ESMS_SECRET_KEY; thử trước với SMS_ESMS_SANDBOX=true.',
    `Báo cáo chuyển tin của eSMS: đặt SMS_CALLBACK_SECRET và PUBLIC_URL; địa chỉ nhận bắt đầu bằng ${url}/webhooks.`,
    'Kết nối thẳng nhà mạng: đặt SMS_DRIVER=smpp, SMS_BRANDNAME và SMS_SMPP_URL.',
    'Cán bộ cần có số điện thoại di động trong danh mục.',
  ],
  email: () => [
    'Tạo hộp thư gửi đi của cơ quan, lấy địa chỉ máy chủ, tài khoản và mật khẩu ứng dụng.',
    'Đặt SMTP_URL (smtps://tài-khoản:mật-khẩu@máy-chủ) và MAIL_FROM; khởi động lại.',
    'Cấu hình SPF, DKIM cho tên miền để thư không bị coi là thư rác.',
    'Cán bộ cần có địa chỉ thư điện tử trong danh mục.',
  ],
};
