/** Vietnamese words for stored codes. Pure data: the server's presenters and the screens share it. */
type Words = Readonly<Record<string, string>>;

export const stageWords: Words = {
  new: 'Mới giao',
  acknowledged: 'Đã tiếp nhận',
  'in-progress': 'Đang thực hiện',
  submitted: 'Chờ xác nhận',
  completed: 'Hoàn thành',
  returned: 'Trả lại, làm tiếp',
  refused: 'Từ chối',
  forwarded: 'Chuyển tiếp',
  paused: 'Tạm dừng',
  revoked: 'Thu hồi',
};

export const urgencyWords: Words = { normal: 'Thường', urgent: 'Khẩn', 'very-urgent': 'Thượng khẩn', express: 'Hỏa tốc' };

export const meetingKindWords: Words = { regular: 'Họp thường', urgent: 'Họp hỏa tốc' };

export const meetingStatusWords: Words = { called: 'Đã triệu tập', postponed: 'Đã đổi lịch', cancelled: 'Đã hủy' };

export const answerWords: Words = { attending: 'Tham dự', absent: 'Vắng' };

export const channelWords: Words = { telegram: 'Telegram', zalo: 'Zalo', 'zalo-bot': 'Zalo Bot', zbs: 'Tin mẫu Zalo (ZBS)', sms: 'Tin nhắn SMS', email: 'Thư điện tử', phone: 'Điện thoại', web: 'Trang quản lý', api: 'Phần mềm kết nối', system: 'Hệ thống' };

/** A delivery's life, as the office reads it. */
export const deliveryWords: Words = {
  planned: 'Chờ gửi',
  claimed: 'Đang chuẩn bị gửi',
  sending: 'Đang gửi',
  accepted: 'Đã gửi',
  delivered: 'Đã đến máy',
  seen: 'Đã xem',
  acknowledged: 'Đã xác nhận',
  unknown: 'Chưa rõ kết quả',
  suppressed: 'Không gửi nữa',
  expired: 'Quá hạn gửi',
  dead: 'Không gửi được',
};

export const laneWords: Words = { urgent: 'Gửi ngay', normal: 'Gửi thường', digest: 'Bản tổng hợp' };

/** By message kind (delivery.kind). */
export const messageKindWords: Words = {
  'task-assigned': 'Giao nhiệm vụ',
  'task-coordinating': 'Báo phối hợp',
  'task-reminder': 'Nhắc việc',
  'task-progress': 'Báo Văn phòng về tiến độ',
  'task-deadline-moved': 'Thay đổi hạn',
  'task-confirmed': 'Xác nhận hoàn thành',
  'task-returned': 'Trả lại nhiệm vụ',
  'meeting-alert': 'Triệu tập họp',
  'meeting-postponed': 'Thay đổi lịch, địa điểm họp',
  'meeting-cancelled': 'Hủy họp',
  'meeting-withdrawn': 'Báo không phải dự họp',
  'meeting-list': 'Báo thay đổi thành phần họp',
  'meeting-chair': 'Báo đổi người chủ trì họp',
  'meeting-file': 'Tài liệu họp',
  'task-file': 'Tệp kèm nhiệm vụ',
  'meeting-unanswered': 'Báo chưa có phản hồi',
  'delivery-dead': 'Báo không gửi được',
  'chat-dead': 'Báo mất liên lạc',
  'channel-stopped': 'Báo kênh bị từ chối',
  'nobody-there': 'Báo chưa có người nhận',
  'chat-full': 'Báo tin đến dồn dập',
  'answers-stopped': 'Báo ngừng trả lời tự động',
  'grant-ending': 'Báo quyền Zalo OA sắp hết hạn',
  'channel-test': 'Gửi thử',
  'phone-code': 'Mã xác minh số điện thoại',
  'phone-disowned': 'Báo số điện thoại sai người',
  'template-refused': 'Báo mẫu tin bị từ chối',
  'leave-noted': 'Báo lịch nghỉ, người nhận thay',
  silent: 'Báo tin khẩn chưa có hồi âm',
  'person-gone': 'Báo chưa có người nhận thay',
  'chair-absent': 'Báo người chủ trì vắng',
  digest: 'Bản tin tổng hợp',
  reply: 'Trả lời trong chat',
};

/** Kinds of message a ZBS or SMS template may stand for. */
export const templateKindWords: Words = {
  'task-assigned': 'Giao nhiệm vụ',
  'task-reminder': 'Nhắc việc',
  'task-deadline-moved': 'Thay đổi hạn',
  'task-confirmed': 'Xác nhận hoàn thành',
  'task-returned': 'Trả lại nhiệm vụ',
  'meeting-alert': 'Triệu tập họp',
  'meeting-postponed': 'Thay đổi lịch, địa điểm họp',
  'meeting-cancelled': 'Hủy họp',
  'meeting-withdrawn': 'Báo không phải dự họp',
  'channel-test': 'Gửi thử',
  'phone-code': 'Mã xác minh số điện thoại (SMS)',
};

/** Pieces of a message that may fill a template's blank (src/texts/template-params.ts). */
export const templateSourceWords: Words = {
  code: 'Mã nhiệm vụ, cuộc họp',
  name: 'Tên người nhận',
  position: 'Chức vụ người nhận',
  content: 'Nội dung nhiệm vụ',
  symbol: 'Số văn bản',
  issuedOn: 'Ngày văn bản',
  due: 'Hạn (bằng lời)',
  dueOn: 'Ngày hạn',
  remaining: 'Thời gian còn lại',
  percent: 'Tiến độ (%)',
  title: 'Nội dung họp',
  time: 'Giờ họp',
  date: 'Ngày họp',
  place: 'Địa điểm họp',
  chair: 'Chủ trì',
  change: 'Thay đổi lịch, địa điểm (bằng lời)',
};

export const inboundStateWords: Words = { new: 'Chờ xử lý', claimed: 'Đang xử lý', done: 'Đã xử lý', parked: 'Treo lại, cần xem' };

export const inboundKindWords: Words = { text: 'Tin nhắn', button: 'Bấm nút', contact: 'Chia sẻ danh bạ', attachment: 'Tệp đính kèm', follow: 'Bắt đầu theo dõi', unfollow: 'Thôi theo dõi', edited: 'Sửa tin đã gửi' };

export const personRoleWords: Words = { leader: 'Lãnh đạo', officer: 'Đầu mối xử lý', office: 'Văn phòng', admin: 'Quản trị' };

export const accountRoleWords: Words = { admin: 'Quản trị hệ thống', office: 'Văn phòng', leader: 'Lãnh đạo (chỉ xem)', agency: 'Cơ quan, đơn vị' };

export const agencyTypeWords: Words = {
  province: 'UBND tỉnh',
  office: 'Văn phòng UBND tỉnh',
  department: 'Sở',
  inspectorate: 'Thanh tra',
  board: 'Ban',
  vertical: 'Cơ quan ngành dọc',
  'service-unit': 'Đơn vị sự nghiệp',
  'office-unit': 'Đơn vị thuộc Văn phòng',
  commune: 'Xã',
  ward: 'Phường',
  'special-zone': 'Đặc khu',
};

export const calendarKindWords: Words = { off: 'Ngày nghỉ', worked: 'Ngày làm bù' };

/** How a hold on sending was ended, why it began, and how a chat was linked, in audit entries. */
export const holdChoiceWords: Words = { all: 'gửi tất cả tin đang chờ', drop: 'bỏ tin có thể đã gửi' };
export const holdCauseWords: Words = { restored: 'khôi phục từ bản sao lưu', 'by-hand': 'Văn phòng tạm dừng', 'no-index': 'thiếu chỉ mục chống gửi trùng' };
export const linkedByWords: Words = { code: 'bằng mã', contact: 'bằng số điện thoại chia sẻ' };

/** By audit action; a test holds the table against the source. */
export const auditActionWords: Words = {
  'hold.begin': 'Tạm dừng gửi tin',
  'hold.end': 'Cho gửi tin tiếp',
  'hold.drop': 'Bỏ tin đang chờ',
  'agency.register': 'Thêm cơ quan',
  'agency.change': 'Sửa thông tin cơ quan',
  'person.register': 'Thêm cán bộ',
  'account.create': 'Tạo tài khoản',
  'account.change': 'Sửa tài khoản',
  'account.disable': 'Khóa tài khoản',
  'account.enable': 'Mở lại tài khoản',
  'account.reset-password': 'Cấp lại mật khẩu',
  'account.change-password': 'Đổi mật khẩu của mình',
  'person.change': 'Sửa thông tin cán bộ',
  'person.deactivate': 'Ghi không còn công tác',
  'person.reactivate': 'Cho công tác lại',
  'directive.attach': 'Đính kèm tệp vào văn bản',
  'meeting.attach': 'Gửi tài liệu họp',
  'directive.create': 'Ghi văn bản, giao nhiệm vụ',
  'task.assign': 'Giao nhiệm vụ',
  'task.remind': 'Nhắc ngay',
  'task.report': 'Báo cáo tiến độ',
  'task.move-deadline': 'Gia hạn',
  'task.confirm': 'Xác nhận hoàn thành',
  'task.return': 'Trả lại',
  'meeting.call': 'Triệu tập họp',
  'meeting.postpone': 'Đổi giờ họp',
  'meeting.relocate': 'Đổi địa điểm họp',
  'meeting.change-attendees': 'Thay đổi thành phần họp',
  'meeting.cancel': 'Hủy họp',
  'meeting.answer': 'Trả lời lịch họp',
  'meeting.confirm-by-phone': 'Ghi xác nhận qua điện thoại',
  'meeting.remind': 'Nhắc lại người dự họp',
  'task.acknowledge': 'Nhận nhiệm vụ',
  'link-code.issue': 'Cấp mã liên kết',
  'phone.send-code': 'Gửi mã xác minh số điện thoại',
  'phone.verify': 'Xác minh số điện thoại',
  'phone.disown': 'Báo số điện thoại sai người',
  'chat.link': 'Liên kết kênh chat',
  'chat.unlink': 'Hủy liên kết kênh chat',
  'calendar.set': 'Ghi lịch làm việc',
  'calendar.remove': 'Bỏ ngày khỏi lịch',
  'channel.test': 'Gửi thử qua kênh',
  'inbox.retry': 'Xử lý lại tin nhận',
  'zalo.consent': 'Cấp quyền Zalo OA',
  'zbs-template.save': 'Ghi mẫu tin',
};

/** Why a message was not sent, or not sent again (delivery.reason). */
export const deliveryReasonWords: Words = {
  restored: 'Có thể đã gửi trước khi khôi phục dữ liệu',
  'dropped-by-office': 'Văn phòng bỏ khi tạm dừng gửi',
  'phone-code-over': 'Mã xác minh đã hết hiệu lực',
  acknowledged: 'Người nhận đã xác nhận',
  stale: 'Đã quá thời gian có ích',
  'person-inactive': 'Người nhận không còn công tác',
  'person-unknown': 'Không còn người nhận',
  'task-unknown': 'Không còn nhiệm vụ',
  'task-finished': 'Nhiệm vụ đã kết thúc',
  superseded: 'Đã có nội dung mới hơn',
  'meeting-unknown': 'Không còn cuộc họp',
  'meeting-over': 'Cuộc họp đã diễn ra',
  'meeting-cancelled': 'Cuộc họp đã hủy',
  'meeting-changed': 'Lịch họp đã thay đổi',
  'never-told': 'Người nhận chưa từng được mời',
  'no-channel': 'Người nhận chưa liên kết kênh nào đang dùng được',
  'attempts-exhausted': 'Đã gửi lại nhiều lần không thành công',
  'unknown-twice': 'Đã gửi hai lần, nhà cung cấp không cho biết kết quả',
  'not-renderable': 'Hệ thống không soạn được tin',
  'workers-died': 'Hệ thống dừng nhiều lần khi đang gửi',
  'not-repeated': 'Chưa rõ tin có đến hay không, không gửi lại',
  undelivered: 'Nhà cung cấp báo không chuyển được tin',
  'in-digest': 'Đã báo trong bản tin tổng hợp',
  'digest-empty': 'Không còn việc nào cần báo',
  'digest-dead': 'Bản tin tổng hợp không gửi được',
  'on-leave': 'Người nhận nghỉ, đã chuyển người nhận thay',
  replaced: 'Người nhận đã chuyển công tác, đã chuyển người nhận thay',
  'arrived-meanwhile': 'Kênh trước đã có dấu hiệu nhận tin',
  'secret-kept': 'Việc mật, không báo qua kênh ngoài',
  secret: 'Việc mật, không gửi tệp',
  'not-invited': 'Người nhận không còn trong thành phần dự họp',
  'invited-again': 'Đã được mời lại',
  reassigned: 'Nhiệm vụ đã giao nơi khác',
  'task-paused': 'Nhiệm vụ tạm dừng',
};

/** One attempt's outcome. */
export const attemptWords: Words = { started: 'đang gửi', accepted: 'nhà cung cấp đã nhận', retry: 'sẽ gửi lại', down: 'kênh gián đoạn, sẽ gửi lại', paused: 'kênh tạm dừng', unreachable: 'không tới được', rejected: 'bị từ chối', unknown: 'chưa rõ kết quả', error: 'lỗi của hệ thống' };

/** Of an agency in which nobody hears of a task. */
export const WITHOUT_PEOPLE = 'chưa có lãnh đạo, đầu mối hoặc hộp thư trong hệ thống';

/** What an audit entry is about. */
export const auditEntityWords: Words = { account: 'tài khoản', agency: 'cơ quan', 'calendar-day': 'lịch làm việc', channel: 'kênh', 'zbs-template': 'mẫu tin', hold: 'việc gửi tin', inbound: 'tin nhận', directive: 'văn bản', meeting: 'cuộc họp', person: 'cán bộ', task: 'nhiệm vụ' };

/** Fields of audit entries. */
export const auditFieldWords: Words = {
  shortName: 'tên gọi tắt', abbreviation: 'mã hiển thị', order: 'thứ tự', remote: 'vùng sâu, vùng xa', parent: 'trực thuộc',
  by: 'cách xác minh', verified: 'đã xác minh', file: 'tệp', size: 'dung lượng', quietTo: 'giờ yên tĩnh', leaveUntil: 'ngày nghỉ',
  choice: 'cách gửi tiếp', dropped: 'số tin bỏ', urgentPasses: 'tin gửi ngay vẫn gửi', cause: 'nguyên nhân',
  phone: 'điện thoại', deputyId: 'người thay', leave: 'nghỉ', digestAt: 'giờ nhận bản tổng hợp', quiet: 'giờ yên tĩnh', channelOrder: 'thứ tự kênh', active: 'đang công tác', personId: 'cán bộ', disabledAt: 'khóa lúc',
  name: 'tên', position: 'chức vụ', agencyCode: 'cơ quan', roles: 'vai trò', role: 'vai trò', type: 'loại', parentCode: 'trực thuộc', email: 'thư điện tử', channel: 'kênh', linkedBy: 'cách liên kết', expiresAt: 'hết hạn',
  stage: 'giai đoạn', percent: 'tiến độ', dueOn: 'hạn', dueAt: 'thời điểm hạn', reason: 'lý do', completedAt: 'hoàn thành', title: 'nội dung', kind: 'loại', startsAt: 'thời gian', place: 'địa điểm', attendees: 'số người dự', added: 'thêm', removed: 'bỏ', chair: 'chủ trì',
  lastError: 'lỗi', params: 'tham số', enabled: 'đang dùng', oaId: 'mã OA', symbol: 'số, ký hiệu', note: 'ghi chú', provisional: 'dự kiến', answer: 'trả lời', status: 'tình trạng', tasks: 'nhiệm vụ', code: 'mã', leadAgencyCode: 'cơ quan chủ trì',
};

/** Word for a code, or the code itself where the table has none. */
export const wordOf = (words: Words, code: string | null | undefined): string => (code ? (words[code] ?? code) : '');
