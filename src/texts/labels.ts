import type { Urgency } from '../directives/directive.model.js';
import type { Stage } from '../directives/task.model.js';
import type { TimeTag } from '../directives/time-tag.js';

/** Stages in the words of the field. */
export const stageLabels: Readonly<Record<Stage, string>> = {
  new: 'Mới giao',
  acknowledged: 'Đã tiếp nhận',
  'in-progress': 'Đang thực hiện',
  submitted: 'Chờ xác nhận',
  completed: 'Hoàn thành',
  returned: 'Trả lại, làm lại',
  refused: 'Từ chối nhiệm vụ',
  forwarded: 'Đã chuyển tiếp',
  paused: 'Tạm dừng',
  revoked: 'Thu hồi',
};

/** Time tags; colours are the screens' matter, the words stand alone. */
export const timeTagLabels: Readonly<Record<TimeTag, string>> = {
  'on-track': 'Trong hạn',
  'due-soon': 'Sắp đến hạn',
  overdue: 'Quá hạn',
  'no-deadline': 'Không hạn',
  'on-time': 'Hoàn thành đúng hạn',
  late: 'Hoàn thành trễ hạn',
  paused: 'Tạm dừng',
};

/** NĐ 30/2020: the three marks, and the ordinary. */
export const urgencyLabels: Readonly<Record<Urgency, string>> = {
  normal: 'Thường',
  urgent: 'Khẩn',
  'very-urgent': 'Thượng khẩn',
  express: 'Hỏa tốc',
};

/** How somebody's answer reached us. */
export const channelLabels: Readonly<Record<string, string>> = {
  telegram: 'Telegram',
  zalo: 'Zalo',
  'zalo-bot': 'Zalo Bot',
  sms: 'tin nhắn SMS',
  email: 'thư điện tử',
  phone: 'điện thoại',
  web: 'trang quản lý',
  api: 'hệ thống kết nối',
  system: 'hệ thống',
};
