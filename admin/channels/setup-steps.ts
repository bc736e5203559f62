import type { ConfigurableChannel } from '../../src/config.js';

/** What the words need to know of this house. */
export interface Place {
  /** PUBLIC_URL, or a stand-in text. */
  url: string;
  /** Callback address of the OA's consent. */
  callback: string;
}

/** How a channel is opened. */
export interface Setup {
  /** For the office, in plain words: what to apply for, whom to ask, what people have to do. */
  office: string[];
  /** For whoever keeps the server: settings by their names. */
  server: string[];
}

export const setupSteps: Readonly<Record<ConfigurableChannel, (place: Place) => Setup>> = {
  zalo: ({ url, callback }) => ({
    office: [
      'Cơ quan có trang Zalo Official Account (OA) đã xác thực và có gói dịch vụ được dùng API. Với OA cơ quan nhà nước, đề nghị hỏi Zalo trước về quyền gửi tin qua API.',
      'Đề nghị quản trị máy chủ tạo ứng dụng trên developers.zalo.me, liên kết với OA và ghi cấu hình (mục dưới).',
      'Khi kênh báo "Chưa được cấp quyền": quản trị của OA mở trang này, bấm "Cấp quyền" và đồng ý trên Zalo. Quyền tự gia hạn khi hệ thống hoạt động; nếu dừng gần 3 tháng thì phải cấp lại.',
      'Từng cán bộ bấm Quan tâm OA, rồi nhắn /lienket kèm mã do Văn phòng cấp ở mục Cán bộ.',
      'Zalo chỉ cho gửi tin tự do trong 7 ngày kể từ lần cán bộ nhắn gần nhất; sau đó hệ thống tự chuyển sang tin mẫu Zalo (ZBS) hoặc SMS.',
    ],
    server: [
      'Trên developers.zalo.me: tạo ứng dụng, kích hoạt, thêm sản phẩm "Official Account", liên kết ứng dụng với OA.',
      'Đặt ZALO_APP_ID, ZALO_APP_SECRET, ZALO_OA_SECRET_KEY (mục Webhook) và PUBLIC_URL; khởi động lại.',
      `Mục Webhook: địa chỉ ${url}/webhooks/zalo, bật các sự kiện người dùng gửi tin, quan tâm, bỏ quan tâm, đã nhận, đã xem. Tắt lựa chọn "chỉ nhận tin bắt đầu bằng #".`,
      `Mục Official Account, Thiết lập chung: đăng ký Callback URL đúng từng ký tự là ${callback}.`,
    ],
  }),
  zbs: () => ({
    office: [
      'Mở kênh Zalo OA trước. Liên kết OA với tài khoản Zalo Cloud (ZCA) và nạp tiền; cơ quan nhà nước có đơn giá riêng.',
      'Soạn mẫu tin trên trang của Zalo, chờ duyệt 1–2 ngày làm việc.',
      'Mở mục "Mẫu tin": thêm từng mẫu đã duyệt, chọn loại tin và nguồn của mỗi chỗ trống. Loại tin chưa có mẫu được gửi bằng kênh khác.',
      'Mẫu được duyệt gửi theo tài khoản Zalo (UID) thì đánh dấu ở mẫu: cán bộ đã liên kết Zalo OA nhận theo cách này, rẻ hơn và không cần số điện thoại.',
      'Gửi theo số điện thoại cần số đã xác minh (mục Cán bộ, nút "Xác minh số điện thoại").',
    ],
    server: ['Đặt ZALO_ZBS_MODE=development (chỉ gửi tới quản trị OA, không mất phí) để thử; chạy thật thì đặt live; khởi động lại.'],
  }),
  'zalo-bot': ({ url }) => ({
    office: [
      'Chỉ dùng để thí điểm: bot miễn phí phục vụ tối đa 50 người, 3.000 tin mỗi tháng.',
      'Mở Zalo Bot Manager trong Zalo, tạo bot và chuyển mã bot (token) cho quản trị máy chủ qua đường riêng.',
      'Từng cán bộ mở bot, nhắn /lienket kèm mã do Văn phòng cấp.',
    ],
    server: [
      'Đặt ZALO_BOT_TOKEN; khởi động lại. Cách nhận tin mặc định (polling) không cần địa chỉ công khai.',
      `Muốn dùng webhook: đặt ZALO_BOT_UPDATES=webhook, ZALO_BOT_WEBHOOK_SECRET và PUBLIC_URL (https); hệ thống tự đăng ký dưới địa chỉ ${url}.`,
    ],
  }),
  telegram: ({ url }) => ({
    office: [
      'Telegram đang bị yêu cầu chặn tại Việt Nam từ tháng 5/2025: chỉ là kênh phụ, không dùng làm kênh duy nhất cho tin khẩn.',
      'Nhắn @BotFather lệnh /newbot để tạo bot, chuyển mã bot cho quản trị máy chủ qua đường riêng.',
      'Từng cán bộ bấm Start ở bot, nhắn /lienket kèm mã do Văn phòng cấp, hoặc bấm nút chia sẻ số điện thoại của mình.',
    ],
    server: [
      'Đặt TELEGRAM_BOT_TOKEN; khởi động lại. Máy chủ không ra thẳng Internet được thì đặt TELEGRAM_PROXY.',
      `Muốn dùng webhook: đặt TELEGRAM_UPDATES=webhook, TELEGRAM_WEBHOOK_SECRET và PUBLIC_URL (https); hệ thống tự đăng ký dưới địa chỉ ${url}.`,
    ],
  }),
  sms: ({ url }) => ({
    office: [
      'Đăng ký tên thương hiệu (brandname) và mẫu tin chăm sóc khách hàng với nhà mạng hoặc eSMS.vn; thủ tục thường mất vài tuần.',
      'Nhà mạng yêu cầu tin đúng mẫu đã đăng ký: thêm từng mẫu ở mục "Mẫu tin", kênh SMS.',
      'Cán bộ cần có số di động trong danh mục và đã xác minh: mục Cán bộ, nút "Xác minh số điện thoại". Số chưa xác minh không nhận tin có nội dung.',
      'Xem một nội dung dài mấy tin, hết bao nhiêu tiền ở trang "Xem trước SMS".',
    ],
    server: [
      'eSMS: đặt SMS_DRIVER=esms, SMS_BRANDNAME, SMS_ESMS_API_KEY, SMS_ESMS_SECRET_KEY; thử trước với SMS_ESMS_SANDBOX=true.',
      `Báo cáo chuyển tin của eSMS: đặt SMS_CALLBACK_SECRET và PUBLIC_URL; địa chỉ nhận bắt đầu bằng ${url}/webhooks. Không đặt thì hệ thống tự hỏi eSMS.`,
      'Kết nối thẳng nhà mạng: đặt SMS_DRIVER=smpp, SMS_BRANDNAME và SMS_SMPP_URL.',
      'Tùy chọn: SMS_PRICE (giá một tin), OFFICE_PHONE (số để người nhận nhầm báo lại), SMS_TEMPLATES_ONLY=true (chỉ gửi theo mẫu), SMS_UNICODE=true (giữ dấu, đắt gấp 2–3 lần).',
    ],
  }),
  email: () => ({
    office: [
      'Có hộp thư công vụ dùng để gửi đi; chuyển địa chỉ máy chủ, tài khoản và mật khẩu ứng dụng cho quản trị máy chủ qua đường riêng.',
      'Cán bộ cần có địa chỉ thư điện tử trong danh mục; cơ quan cần có hộp thư chung.',
    ],
    server: [
      'Đặt SMTP_URL (smtps://tài-khoản:mật-khẩu@máy-chủ) và MAIL_FROM; khởi động lại. Hộp thư có giới hạn mỗi ngày thì đặt MAIL_PER_DAY.',
      'Nhận trả lời qua thư: đặt MAIL_REPLY_TO, MAIL_SECRET và IMAP_URL.',
      'Cấu hình SPF, DKIM cho tên miền để thư không bị coi là thư rác.',
    ],
  }),
};
