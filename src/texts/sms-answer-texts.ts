import { formatInstant, formatTime, formatWeekday, localDateOf, yearOf } from '../kernel/local-date.js';
import type { MeetingAnswer } from './answer-texts.js';
import { cut, shortCode } from './common-texts.js';
import { readablePhone } from './delivery-texts.js';
import type { Message } from './message.js';

/** Texts of one SMS each, written with diacritics like all others; the SMS room takes them off. */
const sms = (text: string): Message => ({ text });

const said: Readonly<Record<MeetingAnswer, string>> = { received: 'đã nhận giấy mời', attending: 'có dự', absent: 'vắng' };

interface Meant {
  code: string;
  startsAt: Date;
}

const whenOf = (startsAt: Date): string => `${formatTime(startsAt)} ${formatWeekday(localDateOf(startsAt))}`;

/** What was written down for the sender, with the reason or who comes instead. */
export function smsAnswered({ code, startsAt }: Meant, { answer, note }: { answer: MeetingAnswer; note: string }, now: Date): Message {
  const short = shortCode(code, yearOf(now));
  return sms(`Đã ghi ${short} (${whenOf(startsAt)}): đồng chí ${said[answer]}${note ? `: ${cut(note, 95).replace(/[.\s]+$/, '')}` : ''}.${answer === 'received' ? ` Dự: soạn CO ${short}, vắng: VANG ${short} lý do.` : ''}`);
}

/** The last hint within the hour: what cannot be written down is not answered any more, what can is; and whom to call. */
export const smsLastHint = ({ text }: Message, officePhone: string | undefined): Message =>
  sms(`${text} Trong 1 giờ tới chỉ tin ghi được mới có trả lời "Đã ghi". Cần hỗ trợ: gọi ${officePhone ?? 'Văn phòng'}.`);

/** From a number several people share, where that does not count. */
export const smsUnclearWho = ({ code }: Meant, now: Date, officePhone: string | undefined): Message =>
  sms(`${shortCode(code, yearOf(now))}: số này nhiều người dùng chung nên chưa tính là xác nhận. Đề nghị trả lời qua Zalo, hệ thống hoặc gọi ${officePhone ?? 'Văn phòng'}.`);

/** Several invitations are open: which one? */
export const smsWhichMeeting = (codes: readonly string[], now: Date): Message => {
  const [first = 'HOP-31'] = codes.map((code) => shortCode(code, yearOf(now)));
  return sms(`Chưa ghi. Đồng chí có ${codes.length} giấy mời: ${codes.slice(0, 4).map((code) => shortCode(code, yearOf(now))).join(', ')}. Soạn CO ${first} hoặc VANG ${first} lý do.`);
};

/** Nothing open was sent to this number. */
export const smsNoMeeting = (): Message => sms('Chưa ghi: không có giấy mời họp nào đang chờ trả lời từ số này. Soạn CO hoặc VANG kèm mã ghi trong giấy mời.');

/** The time was changed after the SMS this seems to answer. */
export const smsMeetingMoved = ({ code, startsAt }: Meant, now: Date): Message =>
  sms(`Chưa ghi: lịch họp đã đổi, nay là ${whenOf(startsAt)}. Soạn CO ${shortCode(code, yearOf(now))} hoặc VANG ${shortCode(code, yearOf(now))} lý do.`);

/** The sender stands in for several people. */
export const smsForWhom = ({ code }: Meant, now: Date): Message => sms(`Chưa ghi ${shortCode(code, yearOf(now))}: đồng chí nhận thay nhiều người. Đề nghị trả lời trên hệ thống hoặc gọi Văn phòng.`);

/** Words that may mean two things or nothing: what to type, by the sender's own open invitations and one of their tasks. */
export function smsComesOrNot({ meetings, task }: { meetings: readonly string[]; task?: string | undefined }, now: Date): Message {
  const work = task ? ` Nhiệm vụ: DA NHAN ${shortCode(task, yearOf(now))}, hoặc ${shortCode(task, yearOf(now))} 70 nội dung.` : '';
  if (meetings.length > 1) return sms(`${smsWhichMeeting(meetings, now).text}${work}`);
  if (meetings.length === 1) return sms(`Chưa ghi. Có dự: soạn 1. Vắng: soạn 2 và lý do.${work}`);
  return sms(work ? `Chưa ghi.${work}` : 'Chưa ghi: chưa rõ đồng chí trả lời việc nào. Đề nghị soạn kèm mã ghi trong tin nhận được.');
}

/** Longer than one SMS: the pieces may come apart. */
export const smsTooLong = (): Message => sms('Chưa ghi: tin quá dài. Đề nghị soạn dưới 160 chữ, hoặc báo cáo qua Zalo, hệ thống.');

/** A rule said no: its sentence. */
export const smsRefused = ({ message }: { message: string }): Message => sms(`Chưa ghi. ${message}`);

/** For the board of a meeting: how an answer came. */
export const cameBySms = ({ phone, shared }: { phone: string; shared?: true }): string =>
  shared ? `qua số điện thoại ${readablePhone(phone)}, chưa rõ người bấm` : `qua SMS từ số ${readablePhone(phone)}`;

/** For the board of a meeting: what came from a shared number and does not count. */
export const cameUnclear = ({ phone, answer, note, at }: { phone: string; answer: MeetingAnswer; note: string; at: Date }): string =>
  `qua số điện thoại ${readablePhone(phone)}, chưa rõ người bấm: “${said[answer]}${note ? `, ${cut(note, 120)}` : ''}” lúc ${formatInstant(at)}; chưa tính là xác nhận`;

/**
 * Below an SMS whose buttons cannot be shown: what to type, and where to. `commands` are those of the buttons. Null: it asks
 * for nothing that an SMS may answer.
 */
export function smsReplyHint(commands: readonly string[], to: string): string | null {
  const meeting = commands.flatMap((command) => /^\/thamdu HOP-\d{4}-0*(\d+)/.exec(command)?.[1] ?? [])[0];
  if (meeting) return `Trả lời: soạn CO HOP-${meeting} hoặc VANG HOP-${meeting} lý do, gửi ${to}.`;
  const task = commands.flatMap((command) => /^\/(?:danhan|capnhat) NV-\d{4}-0*(\d+)/.exec(command)?.[1] ?? [])[0];
  return task ? `Trả lời: soạn DA NHAN NV-${task} hoặc NV-${task} 70 nội dung, gửi ${to}.` : null;
}
