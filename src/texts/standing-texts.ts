import { formatTime, formatWeekday, localDateOf } from '../kernel/local-date.js';
import { cut } from './common-texts.js';
import { dayText, momentText } from './when-texts.js';

/** One line under an earlier message about a task: what has happened since. */
export const taskStanding = {
  reported: (percent: number, at: Date): string => `✅ Đã báo cáo ${percent}% lúc ${momentText(at)}`,
  submitted: (at: Date): string => `✅ Đã báo cáo hoàn thành lúc ${momentText(at)}, chờ Văn phòng UBND tỉnh xác nhận`,
  returned: (at: Date): string => `Kết quả đã được trả lại để làm lại lúc ${momentText(at)}`,
  confirmed: (at: Date): string => `✅ Đã xác nhận hoàn thành lúc ${momentText(at)}`,
  moved: (dueAt: Date, at: Date): string => `Hạn mới: ${dayText(dueAt)} (đổi lúc ${momentText(at)})`,
  closed: (): string => 'Nhiệm vụ đã kết thúc',
} as const;

const answers: Readonly<Record<string, string>> = { attending: 'tham dự', absent: 'báo vắng' };

/** One line under an earlier message about a meeting. */
export const meetingStanding = {
  cancelled: (at: Date): string => `Cuộc họp đã hủy lúc ${momentText(at)}`,
  /** The reader is invited no more. */
  withdrawn: (at: Date): string => `Đồng chí không phải dự cuộc họp này nữa, báo lúc ${momentText(at)}`,
  relocated: (place: string): string => `Địa điểm đã thay đổi: ${cut(place, 120)}`,
  moved: (startsAt: Date): string => `Lịch đã thay đổi: họp lúc ${formatTime(startsAt)} ${formatWeekday(localDateOf(startsAt))}`,
  answered: (answer: string | null, at: Date): string => `✅ Đã ghi nhận: ${(answer && answers[answer]) ?? 'đã nhận'}, lúc ${momentText(at)}`,
} as const;
