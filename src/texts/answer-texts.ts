import type { Attendee, Meeting } from '../meetings/meeting.model.js';
import { formatTime, formatWeekday, localDateOf, yearOf } from '../kernel/local-date.js';
import { cut, MAX_BUTTONS, quoted, shortCode } from './common-texts.js';
import { forPlace, meetingTime } from './meeting-texts.js';
import type { Button, Message } from './message.js';

/** What a person may say to an invitation. */
export type MeetingAnswer = 'received' | 'attending' | 'absent';

const said: Readonly<Record<MeetingAnswer, string>> = {
  received: 'đồng chí đã nhận lịch họp',
  attending: 'đồng chí sẽ tham dự',
  absent: 'đồng chí báo vắng',
};

/** An attendee by name. */
export interface PlaceName {
  id: string;
  name: string;
}

/** For whom an answer was written down, besides or instead of the writer. */
export interface AnsweredFor {
  /** Who wrote it. */
  by: string;
  /** It holds for the writer's own place. */
  own: boolean;
  others: readonly PlaceName[];
  /** Others the writer still has to answer for. */
  open: readonly PlaceName[];
}

const themselves: AnsweredFor = { by: '', own: true, others: [], open: [] };
const named = (people: readonly PlaceName[]): string => people.map(({ name }) => `đồng chí ${name}`).join(', ');

/** Who said what for whom, in one clause. */
function saidFor(answer: MeetingAnswer, { by, own, others }: AnsweredFor): string {
  if (others.length === 0) return said[answer];
  if (own) return `${said[answer]}, cho cả ${named(others)}`;
  if (answer === 'absent') return `${named(others)} vắng (đồng chí ${by} báo thay)`;
  return answer === 'attending' ? `đồng chí ${by} dự thay ${named(others)}` : `đồng chí ${by} đã nhận lịch họp thay ${named(others)}`;
}

/** The answer to an invitation has been written down; `wantsReason`: the next words are the reason; `stands`: what the writer said of their own place before. */
export function meetingAnswered(meeting: Pick<Meeting, 'code' | 'title' | 'startsAt' | 'place'>, answer: MeetingAnswer, { note, now, wantsReason = false, whom = themselves, stands = null }: { note: string; now: Date; wantsReason?: boolean; whom?: AnsweredFor; stands?: Attendee['answer'] }): Message {
  const { code, title, startsAt, place } = meeting;
  const lines = [
    `✅ Đã ghi nhận ${code}: ${saidFor(answer, whom)}${note ? ` — ${quoted(cut(note, 200))}` : ''}.`,
    `${cut(title, 160)}: ${formatTime(startsAt)} ${formatWeekday(localDateOf(startsAt))}, ${cut(place, 160)}.`,
  ];
  const [only] = whom.own ? [] : whom.others;
  const answeredBefore = answer === 'received' && stands !== null && whom.others.length === 0;
  if (answeredBefore) lines.push(`Đồng chí đã trả lời: ${stands === 'attending' ? 'Tham dự' : 'Vắng'}.`);
  else if (answer === 'received') lines.push(whom.others.length > 0 ? 'Đề nghị đồng chí cho biết ai dự được, ai vắng.' : 'Đề nghị đồng chí cho biết có tham dự được không.');
  if (wantsReason) lines.push('Đề nghị đồng chí gõ tiếp lý do trong 10 phút tới, ví dụ: đi công tác, cử đồng chí Phó Chủ tịch dự thay.');
  else if (answer === 'absent' && !note) lines.push(`Có thể nêu lý do: /vang ${shortCode(code, yearOf(now))}${forPlace(only?.id)} lý do.`);
  if (whom.open.length > 0) lines.push(`Trả lời này ghi cho đồng chí; đồng chí còn nhận thay ${named(whom.open)}, đề nghị trả lời riêng.`);
  const asked = answer === 'received' && !answeredBefore ? [...(whom.own ? attendance(code) : []), ...attendanceFor(code, whom.others)] : attendanceFor(code, whom.open);
  return { text: lines.join('\n'), ...(asked.length > 0 ? { buttons: asked.slice(0, MAX_BUTTONS) } : {}) };
}

/** "Vắng" or "Tham dự" from somebody who acts for several: nothing is written before they say for whom. */
export const meetingForWhom = (code: string, answer: MeetingAnswer, { people, note }: { people: readonly PlaceName[]; note: string }): Message => ({
  text: [
    `❓ Chưa ghi nhận ${code}: đồng chí đang nhận thay ${named(people)}.`,
    `Đề nghị chọn để cho biết ${answer === 'absent' ? 'ai vắng' : 'đồng chí dự thay ai'}${note ? ', rồi nêu lại lý do' : ''}.`,
  ].join('\n'),
  buttons: people.slice(0, MAX_BUTTONS).map(({ id, name }) => ({ label: `${answer === 'absent' ? 'Vắng' : 'Dự thay'}: ${cut(name, 30)}`, command: `/${answer === 'absent' ? 'vang' : 'thamdu'} ${code}${forPlace(id)}` })),
});

const attendance = (code: string): Button[] => [
  { label: 'Tham dự', command: `/thamdu ${code}` },
  { label: 'Vắng', command: `/vang ${code}` },
];

const attendanceFor = (code: string, people: readonly PlaceName[]): Button[] =>
  people.flatMap(({ id, name }) => [
    { label: `Dự thay: ${cut(name, 30)}`, command: `/thamdu ${code}${forPlace(id)}` },
    { label: `Vắng: ${cut(name, 30)}`, command: `/vang ${code}${forPlace(id)}` },
  ]);

type Listed = Pick<Meeting, 'code' | 'title' | 'kind' | 'startsAt' | 'place' | 'chair' | 'chairId' | 'status'>;
type Place = Pick<Attendee, 'personId' | 'answer' | 'answerNote' | 'acknowledgedAt'>;

/** A meeting as its reader knows it: their own place, and those of others they may answer for. */
export interface ListedSeats {
  meeting: Listed;
  own: Place | null;
  others: readonly { attendee: Place; name: string }[];
}

const SILENT = 'chưa xác nhận';
/** So many names of those invited are listed. */
const NAMED = 15;

/** What was answered for a place, in words. */
function standing({ answer, answerNote, acknowledgedAt }: Place): string {
  if (answer === 'attending') return 'đã báo tham dự';
  if (answer === 'absent') return `đã báo vắng${answerNote ? `: ${cut(answerNote, 80)}` : ''}`;
  return acknowledgedAt ? 'đã nhận, chưa trả lời' : SILENT;
}

/** "chưa xác nhận; thay đồng chí An: đã báo tham dự" */
const standings = ({ own, others }: ListedSeats): string =>
  [...(own ? [standing(own)] : []), ...others.map(({ attendee, name }) => `thay đồng chí ${name}: ${standing(attendee)}`)].join('; ');

/** "Đã nhận" for every place nothing was said for yet. */
const confirmButtons = (seats: ListedSeats, year: number): Button[] => {
  const [code, short] = [seats.meeting.code, shortCode(seats.meeting.code, year)];
  return [
    ...(seats.own && standing(seats.own) === SILENT ? [{ label: `Đã nhận ${short}`, command: `/xacnhan ${code}` }] : []),
    ...seats.others.filter(({ attendee }) => standing(attendee) === SILENT).map(({ attendee, name }) => ({ label: `Đã nhận ${short}, thay ${cut(name, 30)}`, command: `/xacnhan ${code}${forPlace(attendee.personId.toString())}` })),
  ];
};

/** "Tham dự" and "Vắng" of the meeting that waits most for the reader's own answer: the first urgent one, else the soonest. */
function answerButtons(all: readonly ListedSeats[], year: number): Button[] {
  const open = all.filter(({ own }) => own !== null && own.answer === null);
  const first = open.find(({ meeting }) => meeting.kind === 'urgent') ?? open[0];
  return first ? attendance(first.meeting.code).map((button) => ({ ...button, label: `${button.label} ${shortCode(first.meeting.code, year)}` })) : [];
}

/** "/hop": what lies ahead for the reader, and for those they act for. */
export function comingMeetings(all: readonly ListedSeats[], now: Date): Message {
  if (all.length === 0) return { text: '📅 Đồng chí không có cuộc họp nào sắp tới.' };
  const year = yearOf(now);
  const lines = all.flatMap((seats) => {
    const { code, title, kind, startsAt, place, chair } = seats.meeting;
    return [
      `${shortCode(code, year)} · ${meetingTime(startsAt, now)}${kind === 'urgent' ? ' · HỎA TỐC' : ''}`,
      `   ${cut(title, 120)}; ${cut(place, 80)}${chair ? `; chủ trì: ${cut(chair, 80)}` : ''} (${standings(seats)})`,
    ];
  });
  const example = shortCode(all[0]?.meeting.code ?? '', year);
  const buttons = [...answerButtons(all, year), ...all.flatMap((seats) => confirmButtons(seats, year))].slice(0, MAX_BUTTONS);
  return { text: [`📅 Lịch họp sắp tới: ${all.length}`, ...lines, `Xem kỹ: /hop ${example}. Trả lời: /thamdu ${example} hoặc /vang ${example} lý do.`].join('\n'), ...(buttons.length > 0 ? { buttons } : {}) };
}

/** "/hop HOP-31": one meeting in full, with what may be answered. */
export function meetingDetails(seats: ListedSeats & { invited: readonly string[]; files: readonly string[] }, now: Date): Message {
  const { meeting, own, others, invited, files } = seats;
  const open = meeting.status !== 'cancelled' && (own !== null || others.length > 0);
  const presides = own !== null && String(meeting.chairId ?? '') === own.personId.toString();
  const more = invited.length > NAMED ? ` và ${invited.length - NAMED} người khác` : '';
  return {
    text: [
      `📅 ${meeting.code}${meeting.kind === 'urgent' ? ' · HỎA TỐC' : ''}${meeting.status === 'cancelled' ? ' · ĐÃ HỦY' : ''}`,
      `${meetingTime(meeting.startsAt, now)}, ${cut(meeting.place, 200)}.`,
      ...(meeting.chair ? [`Chủ trì: ${cut(meeting.chair, 200)}.${presides ? ' Kính mời đồng chí chủ trì cuộc họp.' : ''}`] : []),
      `Nội dung: ${cut(meeting.title, 600)}`,
      `Thành phần (${invited.length}): ${invited.slice(0, NAMED).join(', ')}${more}.`,
      ...(files.length > 0 ? [`Tài liệu đã gửi: ${files.slice(0, 5).map((name) => cut(name, 80)).join('; ')}.`] : []),
      ...(own ? [`Trả lời của đồng chí: ${standing(own)}.`] : []),
      ...others.map(({ attendee, name }) => `Trả lời thay đồng chí ${name}: ${standing(attendee)}.`),
    ].join('\n'),
    ...(open ? { buttons: [...(own ? [{ label: 'Đã nhận', command: `/xacnhan ${meeting.code}` }, ...attendance(meeting.code)] : []), ...attendanceFor(meeting.code, others.map(({ attendee, name }) => ({ id: attendee.personId.toString(), name })))].slice(0, MAX_BUTTONS) } : {}),
  };
}
