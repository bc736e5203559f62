import { addDays, formatTime, formatWeekday, localDateOf } from '../kernel/local-date.js';
import { readablePhone } from './delivery-texts.js';
import { addressed, cut } from './common-texts.js';
import type { Button, Message } from './message.js';

/** What texts need of a meeting. */
export interface MeetingFacts {
  code: string;
  title: string;
  kind: 'regular' | 'urgent';
  startsAt: Date;
  place: string;
  chair: string;
}

interface Reader {
  name: string;
  position: string;
  phone?: string;
}

const TITLE = 600;
const LISTED = 15;

/** "16:00 hôm nay, thứ Hai 23/11/2026", "08:00 ngày mai, thứ Ba 24/11/2026", "08:00 thứ Sáu 27/11/2026" (Asia/Ho_Chi_Minh). */
export function meetingTime(startsAt: Date, now: Date): string {
  const [day, today] = [localDateOf(startsAt), localDateOf(now)];
  const near = day === today ? ' hôm nay,' : day === addDays(today, 1) ? ' ngày mai,' : '';
  return `${formatTime(startsAt)}${near} ${formatWeekday(day)}`;
}

const heading = (meeting: MeetingFacts, what: string): string =>
  meeting.kind === 'urgent' ? `🔴 HỎA TỐC · ${what} ${meeting.code}` : `📅 ${what} ${meeting.code}`;

/** How every message about a meeting names who presides; of nobody, only how it would begin. */
export const chairWords = (chair: string): string => `Chủ trì: ${chair ? `${chair}.` : ''}`;

const where = (meeting: MeetingFacts): string => `tại ${cut(meeting.place, 200)}.${meeting.chair ? ` ${chairWords(meeting.chair)}` : ''}`;
const about = (meeting: MeetingFacts): string => `Nội dung: ${cut(meeting.title, TITLE).replace(/\.$/, '')}.`;

/** What follows a meeting's code in a command that answers for this attendee (an id), at most 26 bytes; nothing: for whoever taps. */
export const forPlace = (place: string | null | undefined): string => (place ? ` @${place}` : '');

const buttons = (code: string, place?: string | null): Button[] => [
  { label: 'Đã nhận', command: `/xacnhan ${code}${forPlace(place)}` },
  { label: 'Tham dự', command: `/thamdu ${code}${forPlace(place)}` },
  { label: 'Vắng', command: `/vang ${code}${forPlace(place)}` },
];

/** `presides`: the reader is the one picked to preside. */
const confirmWords = (again: boolean, presides: boolean): string =>
  `${presides ? 'Kính mời đồng chí chủ trì cuộc họp. ' : ''}${again ? 'Hệ thống chưa nhận được xác nhận của đồng chí. Đề nghị xác nhận.' : 'Đề nghị xác nhận đã nhận.'}`;

/** The invitation; `again`: the person has not confirmed the first one; `place`: id of the attendee where somebody acts for them. */
export const meetingAlert = (meeting: MeetingFacts, reader: Reader, now: Date, again: boolean, place?: string | null, presides = false): Message => ({
  text: [
    heading(meeting, again ? 'Nhắc họp' : meeting.kind === 'urgent' ? 'Họp' : 'Mời họp'),
    `${meetingTime(meeting.startsAt, now)}, ${where(meeting)}`,
    addressed(reader),
    about(meeting),
    confirmWords(again, presides),
  ].join('\n'),
  buttons: buttons(meeting.code, place),
});

/** To the deputy of somebody who has not confirmed an urgent meeting. */
export const meetingForDeputy = (meeting: MeetingFacts, who: { deputy: Reader; absent: Reader; place: string; presides?: boolean }, now: Date): Message => ({
  text: [
    heading(meeting, 'Họp'),
    `${meetingTime(meeting.startsAt, now)}, ${where(meeting)}`,
    addressed(who.deputy),
    `Đồng chí ${who.absent.name}, ${who.absent.position}${who.presides ? ', người được mời chủ trì,' : ''} chưa xác nhận giấy mời. Đề nghị đồng chí báo ngay đồng chí ấy hoặc dự thay, và xác nhận.`,
    about(meeting),
  ].join('\n'),
  buttons: buttons(meeting.code, who.place),
  summary: `Họp ${meeting.code} lúc ${meetingTime(meeting.startsAt, now)}, ${where(meeting)} Đồng chí ${who.absent.name} chưa xác nhận`,
});

/** To an agency's mailbox: who of its people is invited. Only they themselves can answer. */
export const meetingForAgency = (meeting: MeetingFacts, to: { agency: string; invited: readonly Reader[] }, now: Date): Message => ({
  text: [
    heading(meeting, meeting.kind === 'urgent' ? 'Họp' : 'Mời họp'),
    `${meetingTime(meeting.startsAt, now)}, ${where(meeting)}`,
    `Kính gửi ${to.agency}. Thành phần được mời của cơ quan: ${to.invited.map((p) => `đồng chí ${p.name}, ${p.position}`).join('; ')}.`,
    about(meeting),
    'Thư này để cơ quan biết và bố trí; người được mời xác nhận từ thư hoặc tin nhắn của mình.',
  ].join('\n'),
});

const IN_SUBJECT = 90;

/** Subject of a letter about a meeting: what happened to it and what it is about. Meetings are never secret; what may not be said must not stand in their title. */
export const meetingSubject = ({ subject, text }: Message, { code, title }: Pick<MeetingFacts, 'code' | 'title'>): string =>
  `${(subject ?? text.split('\n')[0] ?? '').replaceAll(code, '').replace(/^[\p{Extended_Pictographic}\ufe0f\s]+/u, '').trim()}: ${cut(title, IN_SUBJECT).replace(/\.$/, '')}`;

/** Time and place of a meeting, as somebody knows them or as they are. */
export interface WhenWhere {
  startsAt: Date;
  place: string;
}

/** What changed from what a reader knows, old and new, one clause each: "Hoãn từ … sang …", "Đổi địa điểm từ … sang …". None: nothing for this reader. */
export function meetingChanges(before: WhenWhere, after: WhenWhere, time: (startsAt: Date) => string): string[] {
  const ms = after.startsAt.getTime() - before.startsAt.getTime();
  const when = ms === 0 ? [] : [`${ms > 0 ? 'Hoãn' : 'Đổi giờ sớm hơn'}: từ ${time(before.startsAt)} sang ${time(after.startsAt)}`];
  return [...when, ...(before.place === after.place ? [] : [`Đổi địa điểm: từ ${cut(before.place, 200)} sang ${cut(after.place, 200)}`])];
}

/** To somebody who was told another time or place. `before`: what they were told; `presides`: the reader is the one picked to preside. */
export function meetingPostponed(meeting: MeetingFacts, change: { person: Reader; before: WhenWhere; reason: string; deputy: boolean; place?: string | null; presides?: boolean }, now: Date): Message {
  const changes = meetingChanges(change.before, meeting, (startsAt) => meetingTime(startsAt, now));
  const placeOnly = change.before.startsAt.getTime() === meeting.startsAt.getTime() && changes.length > 0;
  return {
    text: [
      heading(meeting, placeOnly ? 'Đổi địa điểm họp' : 'Thay đổi lịch họp'),
      `Họp lúc ${meetingTime(meeting.startsAt, now)}, ${where(meeting)}`,
      `${changes.length > 0 ? changes.join('. ') : 'Thời gian, địa điểm giữ nguyên như đã báo đồng chí'}.${placeOnly ? ' Thời gian giữ nguyên.' : ''}${reasonWords(change.reason)}`,
      addressed(change.person),
      about(meeting),
      ...(change.deputy ? [] : [`${change.presides ? 'Kính mời đồng chí chủ trì cuộc họp. ' : ''}Đề nghị xác nhận lại theo ${placeOnly ? 'địa điểm' : 'lịch'} mới.`]),
    ].join('\n'),
    ...(change.deputy ? {} : { buttons: buttons(meeting.code, change.place) }),
  };
}

const reasonWords = (reason: string): string => (reason ? ` Lý do: ${cut(reason, 300).replace(/\.$/, '')}.` : '');

/** To somebody taken off the list after they were told; `instead`: whom they would have come for, where they were called in as a deputy. */
export const meetingWithdrawn = (meeting: MeetingFacts, who: { reader: Reader; instead: Reader | null; startsAt: Date; reason: string; comesAnyway?: boolean }, now: Date): Message => ({
  text: [
    heading(meeting, 'Không phải dự họp'),
    `${who.instead ? `Đồng chí ${who.instead.name}, ${who.instead.position} không phải dự` : 'Đồng chí không phải dự'} cuộc họp lúc ${meetingTime(who.startsAt, now)} nữa, do thành phần họp thay đổi.`,
    ...(who.instead ? [who.comesAnyway ? 'Đồng chí vẫn dự họp theo giấy mời của mình.' : 'Đồng chí không phải dự thay.'] : []),
    addressed(who.reader),
    `${about(meeting)}${reasonWords(who.reason)}`,
  ].join('\n'),
});

/** To everybody who was told of another: who presides now. Nothing to confirm. `before`: whom they know of, '' for nobody. */
export const meetingChair = (meeting: MeetingFacts, to: { reader: Reader; before: string }, now: Date): Message => ({
  text: [
    heading(meeting, 'Đổi người chủ trì họp'),
    `Họp lúc ${meetingTime(meeting.startsAt, now)}, ${where(meeting)}`,
    `${meeting.chair ? 'Người chủ trì thay đổi' : 'Cuộc họp chưa ghi người chủ trì'}${to.before && to.before !== meeting.chair ? ` (trước là ${to.before})` : ''}. Thời gian, địa điểm giữ nguyên; không phải xác nhận lại.`,
    addressed(to.reader),
    about(meeting),
  ].join('\n'),
});

/** To whoever was told that they preside, and does not any more: who does now, why, and that they are invited like the others. */
export const chairNoMore = (meeting: MeetingFacts, to: { reader: Reader; reason: string; place?: string | null }, now: Date): Message => ({
  text: [
    heading(meeting, 'Đổi người chủ trì họp'),
    `Họp lúc ${meetingTime(meeting.startsAt, now)}, ${where(meeting)}`,
    `Đồng chí không phải chủ trì cuộc họp này nữa; ${meeting.chair ? `người chủ trì nay là ${meeting.chair}` : 'cuộc họp chưa ghi người chủ trì mới'}.${reasonWords(to.reason)}`,
    addressed(to.reader),
    about(meeting),
    'Đồng chí vẫn trong thành phần dự họp. Đề nghị xác nhận lại.',
  ].join('\n'),
  buttons: buttons(meeting.code, to.place),
});

/** To an agency's mailbox: who of its people is invited by now. */
export const meetingListForAgency = (meeting: MeetingFacts, to: { agency: string; invited: readonly Reader[] }, now: Date): Message => ({
  text: [
    heading(meeting, 'Thay đổi thành phần họp'),
    `Họp lúc ${meetingTime(meeting.startsAt, now)}, ${where(meeting)}`,
    `Kính gửi ${to.agency}. ${to.invited.length > 0 ? `Thành phần được mời của cơ quan nay gồm: ${to.invited.map((p) => `đồng chí ${p.name}, ${p.position}`).join('; ')}.` : 'Cơ quan không còn ai trong thành phần họp, không phải cử người dự.'}`,
    about(meeting),
  ].join('\n'),
});

/** To somebody who was invited: it does not take place. */
export const meetingCancelled = (meeting: MeetingFacts, reason: string, now: Date): Message => ({
  text: [
    heading(meeting, 'Hủy họp'),
    `Cuộc họp lúc ${meetingTime(meeting.startsAt, now)} không tổ chức nữa; đồng chí không phải đến.`,
    `${about(meeting)}${reasonWords(reason)}`,
  ].join('\n'),
});

/** To the office: who is to preside will not come. */
export const chairAbsent = (meeting: MeetingFacts, who: { person: Reader; reason: string }, now: Date): Message => ({
  text: [
    `⚠️ Người chủ trì báo vắng · ${meeting.code}`,
    `Đồng chí ${who.person.name}, ${who.person.position}, được mời chủ trì cuộc họp lúc ${meetingTime(meeting.startsAt, now)}, báo vắng${who.reason ? `: ${cut(who.reason, 200).replace(/\.$/, '')}` : ''}.`,
    `Đề nghị đổi người chủ trì, đổi lịch hoặc hủy họp.${who.person.phone ? ` Điện thoại đồng chí ${who.person.name}: ${readablePhone(who.person.phone)}.` : ''}`,
    about(meeting),
  ].join('\n'),
  summary: `Người chủ trì họp ${meeting.code} lúc ${meetingTime(meeting.startsAt, now)}, đồng chí ${who.person.name}, báo vắng`,
});

/** To the office: who has not confirmed an urgent meeting, with the phone to call. */
export function meetingUnanswered(meeting: MeetingFacts, silent: readonly Reader[], now: Date): Message {
  const lines = silent.slice(0, LISTED).map((p) => `- ${p.name}, ${p.position}: ${p.phone ? readablePhone(p.phone) : 'chưa có số điện thoại'}`);
  const more = silent.length > LISTED ? [`… và ${silent.length - LISTED} người khác, xem trang cuộc họp.`] : [];
  return {
    text: [
      `⚠️ Chưa xác nhận họp hỏa tốc · ${meeting.code}`,
      `Họp lúc ${meetingTime(meeting.startsAt, now)}. Đề nghị gọi điện cho ${silent.length} người chưa xác nhận:`,
      ...lines,
      ...more,
    ].join('\n'),
    summary: `Họp ${meeting.code} lúc ${meetingTime(meeting.startsAt, now)}: ${silent.slice(0, 3).map((p) => `${p.name} ${p.phone ? readablePhone(p.phone) : '(chưa có số)'}`).join(', ')}${silent.length > 3 ? ` và ${silent.length - 3} người khác` : ''} chưa xác nhận`,
  };
}
