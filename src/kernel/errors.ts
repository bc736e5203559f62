/** Named values that fill an error's sentence and travel to programs beside its code. */
export type ErrorParams = Record<string, string | number | boolean | undefined>;

interface ErrorKind {
  /** HTTP status at the API and web edges. */
  status: 400 | 401 | 403 | 404 | 409 | 413 | 415 | 422 | 429 | 503;
  /** What a person reads, in Vietnamese. */
  text: (p: ErrorParams) => string;
}

/**
 * Every error people or programs can meet, with its stable code. Anything that is not a DomainError is a bug (500).
 * Add a code in its room's section; `test/rules/errors.test.ts` keeps the API document equal to this table.
 */
export const errorKinds = {
  // general
  'input-invalid': { status: 400, text: (p) => `Dữ liệu chưa đúng ở mục "${p['path'] ?? ''}": ${p['expected'] ?? 'không hợp lệ'}.` },
  'not-signed-in': { status: 401, text: () => 'Cần đăng nhập hoặc mã truy cập hợp lệ.' },
  forbidden: { status: 403, text: () => 'Đồng chí không có quyền thực hiện việc này.' },
  'idempotency-key-reused': { status: 422, text: () => 'Khóa Idempotency-Key này đã dùng cho một yêu cầu có nội dung khác.' },
  'too-many-requests': { status: 429, text: () => 'Thao tác quá nhanh, đề nghị thử lại sau ít phút.' },
  'request-in-progress': { status: 409, text: () => 'Yêu cầu cùng Idempotency-Key đang được xử lý, đề nghị gửi lại sau ít giây.' },
  'not-found': { status: 404, text: () => 'Không có địa chỉ hoặc nội dung này.' },
  'body-too-large': { status: 413, text: () => 'Nội dung gửi lên vượt quá dung lượng cho phép.' },
  'media-type-unsupported': { status: 415, text: () => 'Nội dung gửi lên phải là JSON (Content-Type: application/json).' },
  'changed-meanwhile': { status: 409, text: () => 'Nội dung vừa được người khác thay đổi, đề nghị xem lại rồi thực hiện lại.' },
  unavailable: { status: 503, text: () => 'Hệ thống đang bận, đề nghị thử lại sau ít phút.' },
  'inbound-unknown': { status: 404, text: () => 'Không tìm thấy tin nhận này.' },
  'inbound-not-parked': { status: 409, text: () => 'Tin này không còn bị treo: đã được xử lý hoặc đang xử lý lại.' },
  // people
  'agency-unknown': { status: 404, text: (p) => `Không có cơ quan, đơn vị mang mã "${p['code']}".` },
  'agency-code-taken': { status: 409, text: (p) => `Mã cơ quan "${p['code']}" đã được dùng.` },
  'person-unknown': { status: 404, text: (p) => `Không tìm thấy người có mã "${p['id']}".` },
  'link-code-wrong': { status: 400, text: () => 'Mã liên kết không đúng, đã dùng hoặc đã hết hạn.' },
  'link-code-blocked': { status: 429, text: () => 'Đã nhập sai mã 3 lần. Đề nghị chờ 10 phút rồi xin mã mới.' },
  'contact-not-own': { status: 422, text: () => 'Số điện thoại vừa gửi không phải của chính tài khoản này. Đề nghị đồng chí dùng nút chia sẻ số của mình, hoặc gõ /lienket kèm mã do Văn phòng cấp.' },
  'contact-unknown': { status: 404, text: () => 'Số điện thoại này chưa khớp với danh bạ cán bộ. Đề nghị đồng chí liên hệ Văn phòng để được cấp mã, rồi gõ /lienket kèm mã.' },
  'chat-taken': { status: 409, text: () => 'Tài khoản chat này đang liên kết với người khác. Gõ /huylienket trước khi liên kết lại.' },
  'person-has-left': { status: 409, text: (p) => `Đồng chí ${p['name'] ?? ''} đã nghỉ việc hoặc chuyển công tác. Đề nghị dùng "Cho công tác lại" trước khi sửa.` },
  'account-unknown': { status: 404, text: () => 'Không tìm thấy tài khoản.' },
  'account-own': { status: 409, text: () => 'Đồng chí không tự khóa, không tự đổi vai trò tài khoản đang dùng và không tự cho mình nghỉ việc được. Đề nghị một quản trị khác thực hiện.' },
  'account-last-admin': { status: 409, text: () => 'Đây là tài khoản quản trị duy nhất còn dùng được, nên chưa khóa hoặc đổi vai trò được.' },
  'password-wrong': { status: 422, text: () => 'Mật khẩu đang dùng chưa đúng.' },
  'password-same': { status: 422, text: () => 'Mật khẩu mới phải khác mật khẩu đang dùng.' },
  'account-email-taken': { status: 409, text: (p) => `Đã có tài khoản dùng thư điện tử "${p['email']}".` },
  'phone-missing': { status: 422, text: (p) => `Đồng chí ${p['name'] ?? ''} chưa có số điện thoại di động trong danh mục.` },
  'phone-verified': { status: 409, text: (p) => `Số điện thoại của đồng chí ${p['name'] ?? ''} đã được xác minh.` },
  'phone-disowned': { status: 409, text: () => 'Người đang dùng số này đã báo không phải là đồng chí ấy. Đề nghị nhập số khác rồi xác minh.' },
  'phone-code-limit': { status: 429, text: (p) => `Hôm nay đã gửi ${p['most'] ?? 3} mã tới số này. Đề nghị thử lại vào ngày mai.` },
  'phone-code-no-sms': { status: 409, text: () => 'Kênh SMS chưa được cấu hình nên chưa gửi được mã xác minh.' },
  'phone-not-verified': { status: 422, text: () => 'Số điện thoại này chưa được xác minh nên chưa nhắn tin tới được. Đề nghị bấm "Xác minh số điện thoại" ở trang của cán bộ trước.' },
  'phone-code-none': { status: 409, text: () => 'Không có mã xác minh nào đang chờ, hoặc mã đã hết hạn. Đề nghị gửi mã mới.' },
  'phone-code-wrong': { status: 400, text: (p) => `Mã xác minh chưa đúng, còn ${p['left'] ?? 0} lần nhập.` },
  'phone-code-blocked': { status: 429, text: () => 'Đã nhập sai mã 5 lần. Đề nghị Văn phòng gửi mã mới.' },
  // channels
  'account-without-person': { status: 422, text: () => 'Tài khoản này chưa gắn với cán bộ nào nên chưa biết gửi thử đến đâu. Đề nghị dùng tài khoản có chọn "Là cán bộ".' },
  'channel-not-linked': { status: 422, text: (p) => `Cán bộ của tài khoản này chưa có địa chỉ trên kênh ${p['channel'] ?? ''}. Đề nghị liên kết kênh, hoặc bổ sung số điện thoại, thư điện tử của cán bộ, rồi gửi thử lại.` },
  'channel-off': { status: 409, text: (p) => `Kênh ${p['channel'] ?? ''} chưa được cấu hình đủ nên chưa gửi thử được.` },
  'channel-needs-template': { status: 422, text: () => 'Chưa có mẫu tin Zalo (ZBS) loại "Gửi thử" đang dùng. Đề nghị thêm mẫu vào danh mục mẫu tin rồi gửi thử lại.' },
  'consent-not-possible': { status: 409, text: (p) => `Chưa cấp quyền được vì còn thiếu cấu hình: ${p['missing'] ?? ''}.` },
  // holding back
  'hold-already': { status: 409, text: () => 'Hệ thống đang tạm dừng gửi tin rồi.' },
  'hold-changed': { status: 409, text: () => 'Việc tạm dừng gửi tin vừa được người khác xử lý. Đề nghị tải lại trang.' },
  // files
  'file-empty': { status: 422, text: () => 'Tệp rỗng.' },
  'file-too-large': { status: 422, text: (p) => `Tệp lớn hơn ${p['max'] ?? 5} MB.` },
  'file-type-unsupported': { status: 422, text: (p) => `Loại tệp không được nhận; chỉ nhận ${p['allowed'] ?? 'PDF, JPG, PNG'}.` },
  'file-unknown': { status: 404, text: () => 'Không tìm thấy tệp.' },
  'file-of-secret': { status: 422, text: () => 'Văn bản mật: không đính kèm tệp trên hệ thống này.' },
  // directives
  'directive-exists': { status: 409, text: (p) => `Văn bản số ${p['symbol']} năm ${p['year']} của cơ quan này đã có trong hệ thống.` },
  'directive-unknown': { status: 404, text: () => 'Không tìm thấy văn bản chỉ đạo.' },
  'task-unknown': { status: 404, text: (p) => `Không tìm thấy nhiệm vụ "${p['code']}".` },
  'task-not-yours': { status: 403, text: (p) => `Nhiệm vụ ${p['code']} không thuộc đơn vị của đồng chí.` },
  'task-given': { status: 403, text: (p) => `Đồng chí là người giao nhiệm vụ này (${p['code']}); đơn vị chủ trì ${p['lead'] ?? ''} báo cáo.` },
  'task-closed': { status: 409, text: (p) => `Nhiệm vụ ${p['code']} đã kết thúc, không cập nhật thêm được.` },
  'agency-inactive': { status: 422, text: (p) => `Cơ quan, đơn vị mang mã "${p['code']}" đã ngừng hoạt động.` },
  'person-inactive': { status: 422, text: (p) => `Người có mã "${p['id']}" không còn làm việc.` },
  'task-awaits-confirmation': { status: 409, text: (p) => `Nhiệm vụ ${p['code']} đã báo cáo hoàn thành, đang chờ Văn phòng xác nhận.` },
  'task-not-submitted': { status: 409, text: (p) => `Nhiệm vụ ${p['code']} chưa báo cáo hoàn thành nên chưa xác nhận hoặc trả lại được.` },
  'task-paused': { status: 409, text: (p) => `Nhiệm vụ ${p['code']} đang tạm dừng.` },
  'progress-too-long': { status: 422, text: (p) => `Nội dung báo cáo dài quá ${Number(p['max'] ?? 0).toLocaleString('vi-VN')} ký tự. Đề nghị gửi tóm tắt, phần chi tiết gửi bằng văn bản.` },
  'progress-needs-reason': { status: 422, text: (p) => `Nhiệm vụ ${p['code']} đang ghi nhận ${p['percent']}%. Muốn ghi thấp hơn, đề nghị nêu rõ lý do sau số phần trăm.` },
  'due-invalid': { status: 422, text: (p) => `Hạn xử lý chưa đúng: ${p['why'] ?? ''}.` },
  'past-due-unconfirmed': { status: 422, text: (p) => `Có ${p['pastDue'] ?? 0} nhiệm vụ đã quá hạn; vào sổ thì ${p['messages'] ?? 0} tin được gửi ngay. Nếu đúng ý, gửi lại kèm acceptPastDue: true.` },
  'due-past': { status: 422, text: (p) => `Hạn này đã qua (${p['due'] ?? ''}).` },
  // meetings
  'meeting-unknown': { status: 404, text: (p) => `Không tìm thấy cuộc họp "${p['code']}".` },
  'meeting-over': { status: 409, text: (p) => `Cuộc họp ${p['code']} ${p['how'] === 'cancelled' ? 'đã hủy' : p['how'] === 'over' ? 'đã kết thúc' : 'đã kết thúc hoặc đã hủy'}.` },
  'meeting-in-past': { status: 422, text: () => 'Thời gian họp phải ở sau thời điểm hiện tại.' },
  'meeting-day-off': { status: 422, text: (p) => `Cuộc họp rơi vào ngày nghỉ${p['day'] ? `: ${p['day']}` : ''}${p['note'] ? ` (${p['note']})` : ''}.` },
  'attendee-unknown': { status: 404, text: (p) => `Không tìm thấy người dự họp "${p['id']}".` },
  'attendee-confirmed': { status: 409, text: () => 'Đồng chí này đã xác nhận, không cần nhắc lại.' },
  'not-invited': { status: 403, text: (p) => `Đồng chí không có trong thành phần dự cuộc họp ${p['code']}.` },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof errorKinds;

/** A rule said no. Carries a stable code for programs and a Vietnamese sentence for people. */
export class DomainError extends Error {
  readonly code: ErrorCode;
  readonly params: ErrorParams;
  constructor(code: ErrorCode, params: ErrorParams = {}) {
    super(errorKinds[code].text(params));
    this.name = 'DomainError';
    this.code = code;
    this.params = params;
  }
  get status(): number {
    return errorKinds[this.code].status;
  }
}

/** True for errors that are an answer to a person; false for bugs. */
export const isDomainError = (error: unknown): error is DomainError => error instanceof DomainError;
