import type { LocaleTranslations } from 'adminjs';

/** AdminJS's own sentences and the names of our screens, columns and buttons. A test holds the keys against AdminJS's English. */
export const vi: LocaleTranslations = {
  actions: { new: 'Thêm mới', edit: 'Sửa', show: 'Chi tiết', delete: 'Xóa', bulkDelete: 'Xóa các dòng đã chọn', list: 'Danh sách', search: 'Tìm kiếm' },
  buttons: {
    save: 'Lưu', addNewItem: 'Thêm dòng', filter: 'Lọc', filterActive: 'Lọc ({{count}})', applyChanges: 'Áp dụng', resetFilter: 'Bỏ lọc',
    confirmRemovalMany: 'Xác nhận xóa {{count}} dòng', confirmRemovalMany_plural: 'Xác nhận xóa {{count}} dòng', logout: 'Đăng xuất', login: 'Đăng nhập',
    seeTheDocumentation: 'Xem: <1>tài liệu</1>', createFirstRecord: 'Thêm dòng đầu tiên', cancel: 'Thôi', confirm: 'Xác nhận', contactUs: 'Liên hệ',
  },
  components: {
    DropZone: {
      placeholder: 'Kéo tệp vào đây hoặc bấm để chọn', acceptedSize: 'Dung lượng tối đa: {{maxSize}}', acceptedType: 'Loại tệp: {{mimeTypes}}',
      unsupportedSize: 'Tệp {{fileName}} quá lớn', unsupportedType: 'Tệp {{fileName}} thuộc loại không nhận: {{fileType}}',
    },
    LanguageSelector: {
      availableLanguages: { de: 'Tiếng Đức', en: 'Tiếng Anh', es: 'Tiếng Tây Ban Nha', it: 'Tiếng Ý', ja: 'Tiếng Nhật', pl: 'Tiếng Ba Lan', 'pt-BR': 'Tiếng Bồ Đào Nha', ua: 'Tiếng Ukraina', 'zh-CN': 'Tiếng Trung', vi: 'Tiếng Việt' },
    },
    Login: { welcomeHeader: 'Nhắc Việc', welcomeMessage: 'Đôn đốc, theo dõi nhiệm vụ', properties: { email: 'Thư điện tử', password: 'Mật khẩu' }, loginButton: 'Đăng nhập' },
  },
  labels: {
    navigation: 'Điều hướng', pages: 'Trang', selectedRecords: 'Đã chọn ({{selected}})', filters: 'Lọc', adminVersion: 'Phiên bản: {{version}}', appVersion: 'Phiên bản: {{version}}', dashboard: 'Tổng quan',
    Task: 'Nhiệm vụ', Directive: 'Văn bản chỉ đạo', Meeting: 'Cuộc họp', channels: 'Kênh', hold: 'Tạm dừng gửi', ledger: 'Sổ gửi tin', ZbsTemplate: 'Mẫu tin', Delivery: 'Tin gửi đi', Inbound: 'Tin nhận chưa xử lý được', Agency: 'Cơ quan, đơn vị', Person: 'Cán bộ', CalendarDay: 'Lịch làm việc', Account: 'Tài khoản', AuditEntry: 'Nhật ký',
  },
  properties: { length: 'Độ dài', from: 'Từ', to: 'Đến' },
  messages: {
    successfullyBulkDeleted: 'Đã xóa {{count}} dòng', successfullyBulkDeleted_plural: 'Đã xóa {{count}} dòng', successfullyDeleted: 'Đã xóa', successfullyUpdated: 'Đã lưu',
    thereWereValidationErrors: 'Có mục chưa đúng, đề nghị xem lại', forbiddenError: 'Đồng chí không có quyền thực hiện việc này', anyForbiddenError: 'Đồng chí không có quyền thực hiện việc này',
    successfullyCreated: 'Đã thêm', bulkDeleteError: 'Chưa xóa được', errorFetchingRecords: 'Chưa tải được dữ liệu, đề nghị tải lại trang', errorFetchingRecord: 'Chưa tải được dữ liệu, đề nghị tải lại trang',
    noRecordsSelected: 'Chưa chọn dòng nào', theseRecordsWillBeRemoved: 'Dòng sau sẽ bị xóa', theseRecordsWillBeRemoved_plural: 'Các dòng sau sẽ bị xóa', pickSomeFirstToRemove: 'Chọn dòng trước khi xóa',
    error404Resource: 'Không có mục này', error404Action: 'Không có thao tác này, hoặc đồng chí không có quyền dùng', error404Record: 'Không tìm thấy, hoặc đồng chí không có quyền xem',
    seeConsoleForMore: 'Đề nghị báo quản trị hệ thống', noActionComponent: 'Thao tác này chưa có màn hình', noRecordsInResource: 'Chưa có dữ liệu', noRecords: 'Không có dòng nào', confirmDelete: 'Xóa dòng này?',
    welcomeOnBoard_title: 'Nhắc Việc', welcomeOnBoard_subtitle: 'Đôn đốc, theo dõi nhiệm vụ', addingResources_title: 'Dữ liệu', addingResources_subtitle: 'Chọn mục ở danh mục bên trái',
    customizeResources_title: 'Dữ liệu', customizeResources_subtitle: 'Chọn mục ở danh mục bên trái', customizeActions_title: 'Thao tác', customizeActions_subtitle: 'Các nút ở đầu mỗi trang', writeOwnComponents_title: 'Màn hình', writeOwnComponents_subtitle: 'Chọn mục ở danh mục bên trái',
    customDashboard_title: 'Tổng quan', customDashboard_subtitle: 'Tình hình nhiệm vụ trong ngày', roleBasedAccess_title: 'Phân quyền', roleBasedAccess_subtitle: 'Theo vai trò của tài khoản', community_title: 'Hỗ trợ', community_subtitle: 'Liên hệ quản trị hệ thống',
    foundBug_title: 'Báo lỗi', foundBug_subtitle: 'Liên hệ quản trị hệ thống', needMoreSolutions_title: 'Góp ý', needMoreSolutions_subtitle: 'Liên hệ quản trị hệ thống', invalidCredentials: 'Thư điện tử hoặc mật khẩu chưa đúng',
    keyPlaceholder: 'TÊN', valuePlaceholder: 'GIÁ TRỊ', initialKey: 'Tên-{{number}}', keyInUse: 'Tên không được trùng nhau', keyValuePropertyDefaultDescription: 'Mọi giá trị được lưu dạng chữ; tên trùng nhau không được lưu.',
    pageNotFound_title: 'Không có trang này', pageNotFound_subtitle: 'Trang <strong>"{{pageName}}"</strong> không tồn tại', componentNotFound_title: 'Thiếu màn hình', componentNotFound_subtitle: 'Thành phần này chưa có màn hình',
  },
  resources: {
    Task: {
      properties: { code: 'Mã nhiệm vụ', content: 'Nội dung', agency: 'Cơ quan chủ trì', coordinating: 'Cơ quan phối hợp', due: 'Hạn', tag: 'Tình trạng hạn', percent: 'Tiến độ', stage: 'Giai đoạn', q: 'Tìm theo nội dung, mã, văn bản' },
      actions: { assign: 'Giao nhiệm vụ', report: 'Báo cáo tiến độ', acknowledge: 'Đã nhận', confirm: 'Xác nhận hoàn thành', giveBack: 'Trả lại', remind: 'Nhắc ngay', remindMany: 'Nhắc ngay', moveDeadline: 'Gia hạn', list: 'Nhiệm vụ' },
    },
    Directive: {
      properties: { symbol: 'Số, ký hiệu', kind: 'Loại văn bản', summary: 'Trích yếu', issuedOn: 'Ngày ban hành', signer: 'Người ký', urgency: 'Độ khẩn', q: 'Tìm theo số, trích yếu' },
      actions: { assign: 'Giao nhiệm vụ', addTask: 'Thêm nhiệm vụ', list: 'Văn bản chỉ đạo' },
    },
    Meeting: {
      properties: { code: 'Mã cuộc họp', title: 'Nội dung', startsAt: 'Thời gian', place: 'Địa điểm', confirmed: 'Đã xác nhận', status: 'Tình trạng', chair: 'Chủ trì', createdAt: 'Ngày triệu tập', kind: 'Loại họp', day: 'Ngày họp', q: 'Tìm theo nội dung, mã' },
      actions: { call: 'Triệu tập họp', postpone: 'Đổi giờ, địa điểm', people: 'Thành phần', cancel: 'Hủy họp', phoneConfirm: 'Đã xác nhận qua điện thoại', remindAttendee: 'Nhắc lại', list: 'Cuộc họp' },
    },
    Delivery: {
      properties: { createdAt: 'Lập lúc', person: 'Người nhận', kind: 'Loại tin', about: 'Về việc', channel: 'Kênh', state: 'Tình trạng', reason: 'Lý do', acceptedAt: 'Gửi lúc', deliveredAt: 'Đến máy lúc', seenAt: 'Xem lúc', acknowledgedAt: 'Xác nhận lúc', attempts: 'Các lần gửi', text: 'Nội dung đã gửi', day: 'Ngày', q: 'Tìm theo mã nhiệm vụ, cuộc họp' },
      actions: { list: 'Tin gửi đi' },
    },
    Inbound: { properties: { receivedAt: 'Nhận lúc', sender: 'Người gửi', channel: 'Kênh', kind: 'Loại', state: 'Tình trạng', attempts: 'Số lần xử lý', lastError: 'Lỗi gần nhất', day: 'Ngày' }, actions: { retry: 'Xử lý lại', list: 'Tin nhận chưa xử lý được' } },
    ZbsTemplate: {
      properties: { templateId: 'Mã mẫu', channel: 'Kênh', kind: 'Loại tin', params: 'Điền vào chỗ trống', sample: 'Nội dung mẫu', status: 'Tình trạng', updatedAt: 'Ghi lúc' },
      actions: { add: 'Thêm mẫu tin', change: 'Sửa mẫu tin', enable: 'Dùng mẫu này', disable: 'Ngừng dùng', list: 'Mẫu tin' },
    },
    Agency: {
      properties: { code: 'Mã', name: 'Tên cơ quan, đơn vị', type: 'Loại', parent: 'Trực thuộc', email: 'Hộp thư', phone: 'Điện thoại', remote: 'Địa bàn', q: 'Tìm theo tên, mã', status: 'Tình trạng' },
      actions: { add: 'Thêm cơ quan', change: 'Sửa thông tin', list: 'Cơ quan, đơn vị' },
    },
    Person: {
      properties: { name: 'Họ và tên', position: 'Chức vụ', agency: 'Cơ quan', roles: 'Vai trò', phone: 'Điện thoại', chats: 'Kênh liên kết', email: 'Thư điện tử', q: 'Tìm theo tên, chức vụ', status: 'Tình trạng' },
      actions: { add: 'Thêm cán bộ', linkCode: 'Cấp mã liên kết', phoneCode: 'Xác minh số điện thoại', confirmPhone: 'Xác nhận mã', disownPhone: 'Không phải số của đồng chí ấy', change: 'Sửa thông tin', deactivate: 'Nghỉ việc, chuyển công tác', reactivate: 'Cho công tác lại', list: 'Cán bộ' },
    },
    Account: {
      properties: { email: 'Thư điện tử', name: 'Tên người dùng', role: 'Vai trò', agency: 'Cơ quan', person: 'Là cán bộ', lastLoginAt: 'Đăng nhập gần nhất', status: 'Tình trạng', q: 'Tìm theo tên, thư điện tử' },
      actions: { add: 'Tạo tài khoản', change: 'Sửa tài khoản', resetPassword: 'Cấp lại mật khẩu', disable: 'Khóa tài khoản', enable: 'Mở lại tài khoản', list: 'Tài khoản' },
    },
    CalendarDay: {
      properties: { day: 'Ngày', kind: 'Loại ngày', note: 'Ghi chú', provisional: 'Căn cứ', year: 'Năm' },
      actions: { setDay: 'Thêm ngày nghỉ, làm bù', changeDay: 'Sửa', removeDay: 'Bỏ khỏi lịch', list: 'Lịch làm việc' },
    },
    AuditEntry: { properties: { at: 'Thời điểm', by: 'Người thực hiện', action: 'Việc', record: 'Đối tượng', before: 'Trước', after: 'Sau', cause: 'Nguồn', day: 'Ngày', q: 'Tìm theo mã, người thực hiện' }, actions: { list: 'Nhật ký' } },
  },
};
