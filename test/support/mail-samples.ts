import { Types } from 'mongoose';
import type { ProgressEntry, Task } from '../../src/directives/task.model.js';
import { endOfDay, instantAt } from '../../src/kernel/local-date.js';
import { composeMail, type Reader } from '../../src/mail/compose.js';
import { reduced } from '../../src/texts/content-policy.js';
import { deliveryDead } from '../../src/texts/delivery-texts.js';
import { digest } from '../../src/texts/digest-texts.js';
import { taskFile } from '../../src/texts/file-texts.js';
import { mailboxDead } from '../../src/texts/mail-texts.js';
import * as meetings from '../../src/texts/meeting-texts.js';
import type { Message } from '../../src/texts/message.js';
import * as tasks from '../../src/texts/task-texts.js';
import { calendar2026 as calendar } from './calendar.js';
import { house } from './mail.js';

const task: Task = {
  _id: new Types.ObjectId(), code: 'NV-2026-00012', directiveId: new Types.ObjectId(),
  directive: { symbol: '5127/UBND-KT', kind: 'Công văn', issuedOn: '2026-11-16', summary: 'Đẩy nhanh giải ngân' },
  content: 'Báo cáo tiến độ giải ngân từng dự án, nêu rõ dự án dưới 60% và cam kết tiến độ của từng chủ đầu tư đến hết năm ngân sách', contentFold: '', urgency: 'normal', secret: false,
  leadAgencyCode: 'STC', coordinatingAgencyCodes: [], officerId: null, monitorId: null, leaderId: null,
  dueOn: '2026-11-26', dueAt: endOfDay('2026-11-26'), dueByHour: false, originalDueOn: '2026-11-26', originalDueAt: endOfDay('2026-11-26'),
  stage: 'in-progress', percent: 40, assignedAt: instantAt('2026-11-16', '10:00'), submittedAt: null, completedAt: null, confirmedAt: null,
  version: 1, progress: [], extensions: [], nextReminderAt: null, nextReminderSlot: null, causes: [], intents: [],
};
const entry: ProgressEntry = { percent: 40, note: 'đã họp với các chủ đầu tư; còn vướng giải phóng mặt bằng 2 dự án', stage: 'in-progress', by: { name: 'Nguyễn Tố Quyên', channel: 'email', personId: 'p' }, at: instantAt('2026-11-20', '09:12'), cause: 'x' };
const dat = { name: 'Hoàng Văn Dật', position: 'Giám đốc Sở Tài chính', phone: '84912345678' };
const moment = { now: instantAt('2026-11-23', '08:00'), calendar };
const late = { now: instantAt('2026-11-28', '08:00'), calendar };
const meeting = { code: 'HOP-2026-00031', title: 'Ứng phó mưa lớn, nguy cơ lũ quét, sạt lở đất trên địa bàn các xã vùng cao', kind: 'urgent' as const, startsAt: instantAt('2026-11-23', '16:00'), place: 'Phòng họp tầng 3, trụ sở UBND tỉnh', chair: 'Chủ tịch UBND tỉnh' };
const ordinary = { ...meeting, kind: 'regular' as const, title: 'Phiên họp UBND tỉnh thường kỳ tháng 11' };
const entryOf = (method: 'REQUEST' | 'CANCEL') => ({ method, uid: 'HOP-2026-00031.1@nhac-viec', sequence: 1, title: meeting.title, startsAt: meeting.startsAt, place: meeting.place });
const about = (message: Message, thread: string, more: Partial<Message> = {}): Message => ({ ...message, thread, ...more });

const lineOf = (code: string, content: string, due: string, group: NonNullable<Message['group']>, kind = 'task-reminder') => ({ text: `${code} · ${content} · ${due}`, kind, group, code: 'NV-2026-00012', asks: 'progress' as const, secret: false });

/** One letter of every kind the house writes, by what it is. */
export const letters: Readonly<Record<string, Message>> = {
  'giao việc': about(tasks.taskAssigned(task, dat, moment), task.code),
  'giao việc hỏa tốc': about(tasks.taskAssigned({ ...task, urgency: 'express' }, dat, moment), task.code),
  'bản của cơ quan': about(tasks.taskAssigned({ ...task, urgency: 'urgent' }, { name: 'Sở Tài chính', position: '' }, moment), task.code),
  'phối hợp': about(tasks.taskCoordinating(task, dat, 'Sở Xây dựng', moment), task.code),
  'nhắc việc': about(tasks.taskReminder({ ...task, progress: [entry] }, moment), task.code),
  'quá hạn': about(tasks.taskReminder(task, late), task.code),
  'trả lại': about(tasks.taskReturned({ ...task, stage: 'returned' }, 'Chưa nêu lộ trình và nguồn vốn', moment), task.code),
  'đã xác nhận': about(tasks.taskConfirmed({ ...task, stage: 'completed', completedAt: moment.now }), task.code),
  'kèm tài liệu': about(taskFile(task, { name: 'Công văn 5127-UBND-KT.pdf', size: 240_000 }), task.code, { attachments: [{ name: 'Công văn 5127-UBND-KT.pdf', contentType: 'application/pdf', content: Buffer.from('%PDF-1.7') }] }),
  'báo Văn phòng tiến độ': about(tasks.taskProgress({ ...task, progress: [entry] }, entry, 'Sở Tài chính', moment), task.code),
  'tổng hợp': digest({
    style: 'daily', reader: dat, now: moment.now,
    lines: [
      lineOf('NV-12', 'Trình phương án sắp xếp trụ sở dôi dư sau sắp xếp đơn vị hành chính', 'hạn 20/11, quá hạn 3 ngày', 'overdue'),
      lineOf('NV-15', 'Báo cáo tiến độ giải ngân từng dự án', 'hạn 17:00 23/11, còn 9 giờ', 'today'),
      lineOf('NV-20', 'Góp ý dự thảo quy định phân cấp quản lý tài sản công', 'hạn 26/11, còn 3 ngày làm việc', 'soon'),
      { text: 'Mời họp HOP-2026-00031 — 16:00 hôm nay, thứ Hai 23/11/2026, tại Phòng họp tầng 3', kind: 'meeting-alert', code: 'HOP-2026-00031', asks: 'receipt', secret: false },
      { text: 'x', kind: 'task-reminder', code: null, asks: null, secret: true },
    ],
  }),
  'họp hỏa tốc': about(meetings.meetingAlert(meeting, dat, moment.now, false), meeting.code, { calendar: entryOf('REQUEST') }),
  'mời họp': about(meetings.meetingAlert(ordinary, dat, moment.now, false), meeting.code, { calendar: entryOf('REQUEST') }),
  'mời họp, bản của cơ quan': about(meetings.meetingForAgency(ordinary, { agency: 'Sở Tài chính', invited: [dat, { name: 'Nguyễn Tố Quyên', position: 'Chuyên viên' }] }, moment.now), meeting.code, { calendar: entryOf('REQUEST') }),
  'hoãn họp': about(meetings.meetingPostponed({ ...ordinary, startsAt: instantAt('2026-11-25', '08:30') }, { person: dat, before: { startsAt: meeting.startsAt, place: meeting.place }, reason: 'trùng lịch làm việc với Đoàn công tác của Bộ', deputy: false }, moment.now), meeting.code, { calendar: entryOf('REQUEST') }),
  'hủy họp': about(meetings.meetingCancelled(ordinary, 'chuyển sang họp trực tuyến', moment.now), meeting.code, { calendar: entryOf('CANCEL') }),
  'việc mật': reduced(about(tasks.taskAssigned({ ...task, secret: true }, dat, moment), task.code), 'neutral', 'task', 'https://nhacviec.laocai.example'),
  'báo Văn phòng chưa xác nhận': about(meetings.meetingUnanswered(meeting, [dat, { name: 'Tẩn Láo Sử', position: 'Chủ tịch UBND xã Y Tý' }], moment.now), meeting.code),
  'báo Văn phòng không gửi được': deliveryDead({ person: dat, about: 'task-assigned', code: task.code, reason: 'no-channel' }),
  'báo Văn phòng hộp thư hỏng': mailboxDead({ whose: 'đồng chí Hoàng Văn Dật, Giám đốc Sở Tài chính', address: 'dat@stc.laocai.example' }),
  'trả lời trong thư': { text: '✅ Đã ghi nhận NV-2026-00012: 70% — “đã họp với các chủ đầu tư”. Văn phòng UBND tỉnh đã được báo. Nhầm? Gõ /hoantac trong 10 phút.', thread: task.code },
  'trang và chữ lạ': { text: '🔔 Nhắc việc · NV-2026-00012\nHạn: <b>hôm nay</b> & "mai" </td><script>alert(1)</script>\n- dự án 1\n- dự án 2\n\nhttps://nhacviec.laocai.example/a?b=1&c=2', thread: task.code, buttons: [{ label: 'Mở <hệ thống>', url: 'https://nhacviec.laocai.example/?a="1"' }] },
};

const READER: Reader = { who: 'p:0123456789abcdef01234567', name: 'Hoàng Văn Dật' };

/** The letter as the sender hands it to the mail server. */
export function composed(message: Message, reader: Reader | null = READER): { subject: string; text: string; html: string } {
  const { subject, text, html } = composeMail(house, message, { to: 'dat@stc.laocai.example', key: 'k1', reader, now: moment.now });
  return { subject: String(subject), text: String(text), html: String(html) };
}
