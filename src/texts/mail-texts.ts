import type { CalendarReply } from '../inbox/inbound.js';
import { yearOf } from '../kernel/local-date.js';
import { shortCode } from './common-texts.js';
import type { Message } from './message.js';

/** Footer where answers are read: how to answer, by the matter the mail is about. */
export function howToReply(about: string | undefined): string {
  if (about?.startsWith('HOP-')) return 'Có thể trả lời ngay thư này: “Đã nhận”, “Tham dự” hoặc “Vắng: lý do”.';
  if (about?.startsWith('NV-')) return 'Có thể trả lời ngay thư này, ví dụ: “70% đã họp với các đơn vị”. Phần thư trích dẫn bên dưới không được ghi nhận.';
  // About several matters or none: which one an answer means has to be said in it.
  return 'Có thể trả lời ngay thư này bằng một lệnh: /nhiemvu để xem nhiệm vụ, hoặc /capnhat kèm mã nhiệm vụ, phần trăm và nội dung.';
}

/** Footer of what only informs. */
export const noAnswerNeeded = (): string => 'Thư để biết, không cần trả lời.';

/** Footer of what can be seen and answered in the system alone. */
export const onlyInSystem = (): string => 'Việc này không trả lời bằng thư; đề nghị đăng nhập hệ thống Nhắc Việc để xem và cập nhật.';

/** Footer where nobody reads answers. */
export const noReply = (): string => 'Thư gửi tự động; thư trả lời không được đọc.';

/** Who writes to us, under every mail. */
export const signature = (): string => 'Nhắc Việc · hệ thống nhắc việc, đôn đốc nhiệm vụ';

/** An answer with the right reply address came from another mail address than the one on record; nothing was written. */
export const fromOtherAddress = (about: string | null): Message => ({
  text: [
    `⚠️ Thư trả lời chưa được ghi nhận${about ? ` · ${about}` : ''}`,
    'Hệ thống nhận được một thư trả lời gửi từ địa chỉ khác với địa chỉ đã đăng ký này, nên chưa ghi nhận nội dung.',
    'Nếu thư đó là của đồng chí hoặc của cơ quan, đề nghị gửi lại từ địa chỉ này; nếu không, đề nghị báo Văn phòng.',
  ].join('\n'),
});

/** Words of a letter about a meeting that were not understood, with the buttons of `hint`; `kept`: the Office sees them. */
export const letterNotUnderstood = ({ buttons }: Message, { code, kept }: { code: string; kept: boolean }): Message => ({
  text: [
    `Nội dung thư chưa được tính là trả lời lịch họp ${code}.${kept ? ' Văn phòng vẫn xem được nội dung này.' : ''}`,
    'Đề nghị trả lời thư này bằng một trong các câu: “Đã nhận”, “Tham dự” hoặc “Vắng: lý do”.',
  ].join('\n'),
  ...(buttons ? { buttons } : {}),
});

/** An answer in the thread of one meeting that names another: of which one it is has to be said. */
export const letterNamesAnother = ({ code, other }: { code: string; other: string }, now: Date): Message => ({
  text: [
    `Chưa ghi trả lời cho cuộc họp nào: thư của đồng chí trả lời giấy mời ${code} nhưng nêu ${other}.`,
    'Đề nghị bấm nút của đúng cuộc họp dưới đây; vắng thì ghi thêm lý do sau mã cuộc họp.',
  ].join('\n'),
  buttons: [code, other].flatMap((one) => [
    { label: `Tham dự ${shortCode(one, yearOf(now))}`, command: `/thamdu ${one}` },
    { label: `Vắng ${shortCode(one, yearOf(now))}`, command: `/vang ${one}` },
  ]),
});

/** What a chat would be told to type, as it is said in the thread of a meeting. */
export const asLetter = (message: Message): Message => ({ ...message, text: message.text.replace(/\/vang HOP-\S+(?: @\S+)? lý do/g, 'trả lời thư này “Vắng: lý do”') });

/** For the Office, at the line of the invitation: a calendar answered in the name of another address. */
export const calendarOfAnother = ({ attendee, answer, note }: CalendarReply): string =>
  `lịch trả lời thay ${attendee || 'địa chỉ không rõ'}: ${{ attending: 'tham dự', absent: 'vắng', received: 'đã nhận' }[answer]}${note ? `, ${note}` : ''}`;

/** To the sender of such an answer: theirs is to be said by themselves. */
export const letterOfAnother = ({ code, attendee }: { code: string; attendee: string }): Message => ({
  text: [
    `Chưa ghi trả lời lịch họp ${code}: phần trả lời trong lịch mang địa chỉ ${attendee || 'không rõ'}, khác địa chỉ gửi thư. Văn phòng vẫn xem được nội dung này.`,
    'Đề nghị trả lời thư này bằng một trong các câu: “Đã nhận”, “Tham dự” hoặc “Vắng: lý do”.',
  ].join('\n'),
});

/** An agency's mailbox cannot say who comes. */
export const mailboxAnswersNoMeeting = (code: string): Message => ({
  text: [
    `Chưa ghi nhận trả lời lịch họp ${code}: hộp thư cơ quan không trả lời thay người được mời.`,
    'Đề nghị người được mời trả lời từ thư hoặc tin nhắn của mình.',
  ].join('\n'),
});

/** To the office: an address does not exist any more. */
export const mailboxDead = (n: { whose: string; address: string }): Message => ({
  text: [
    '⚠️ Địa chỉ thư không nhận được thư',
    `Thư gửi ${n.whose} tới ${n.address} bị trả lại vì địa chỉ không còn dùng; hệ thống không gửi thư tới đó nữa, tin sau chuyển sang kênh khác nếu có.`,
    'Đề nghị sửa địa chỉ trong hồ sơ; sửa xong hoặc có thư trả lời từ địa chỉ đó là hệ thống gửi lại.',
  ].join('\n'),
});

/** Files that came with an answer by mail are named, not kept. */
export const filesNotKept = (answer: Message, files: readonly string[]): Message => ({
  ...answer,
  text: `${answer.text}\nTệp kèm thư không được lưu: ${files.slice(0, 5).map((name) => name.slice(0, 80)).join(', ')}${files.length > 5 ? '…' : ''}. Tài liệu đề nghị gửi qua hệ thống quản lý văn bản.`,
});

/** What is wrong with the mail, for /readyz and the page "Kênh"; `code` is ours or the server's number, never its words. */
export function mailProblem(part: 'smtp' | 'imap', code: string): string {
  if (part === 'imap') {
    if (code === 'auth') return 'Không đăng nhập được hộp thư đến (IMAP_URL): sai tài khoản hoặc mật khẩu. Thư trả lời chưa được đọc.';
    return `Không đọc được hộp thư đến (${code}); hệ thống tự thử lại. Thư gửi đi không bị ảnh hưởng.`;
  }
  if (code === 'smtp-eauth' || code === 'smtp-535' || code === 'smtp-530' || code === 'smtp-534') return `Máy chủ thư không nhận tài khoản trong SMTP_URL (${code}).`;
  if (code === 'smtp-daily-limit') return 'Đã gửi hết số thư của ngày (MAIL_PER_DAY); gửi tiếp từ 00:00.';
  return `Máy chủ thư báo lỗi (${code}).`;
}

/** Parts of the channel that stay off though somebody began to set them up. */
export const mailPartOff = (part: 'replies' | 'bounces', missing: readonly string[]): string =>
  part === 'replies' ? `Chưa nhận trả lời bằng thư: còn thiếu ${missing.join(', ')}.` : `Chưa nhận thư báo không gửi được: còn thiếu ${missing.join(', ')}.`;

/** Label of the counter on the page "Kênh". */
export const mailsToday = (day: string): string => `Thư trong ngày ${day}`;
