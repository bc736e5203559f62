import type { Ctx } from '../../src/context.js';
import { formatInstant, formatTime, localDateOf } from '../../src/kernel/local-date.js';
import { getMeeting } from '../../src/meetings/find-meetings.js';
import { readablePhone } from '../../src/texts/delivery-texts.js';
import type { Actor } from '../../src/people/actor.js';
import { can } from '../../src/people/policy.js';
import { answerWords, channelWords, meetingKindWords, meetingStatusWords, wordOf } from '../locale/words.js';
import { meetingTime } from '../resources/meeting-resource.js';
import { deliveriesAbout } from './deliveries-about.js';

/** A meeting with the board of who has confirmed; those still silent come first, with their phones. */
export async function meetingDetail(ctx: Ctx, actor: Actor, code: string) {
  const { meeting, confirmations } = await getMeeting(ctx, actor, code);
  const confirmed = (line: (typeof confirmations)[number]) => line.acknowledgedAt !== null || line.answer !== null;
  const board = [...confirmations].sort((a, b) => Number(confirmed(a)) - Number(confirmed(b))).map((line) => ({
    personId: line.personId,
    name: line.name,
    position: line.position,
    phone: line.phone && can(actor, 'meeting.read') ? readablePhone(line.phone) : '',
    confirmed: confirmed(line),
    answer: line.answer ? wordOf(answerWords, line.answer) : line.acknowledgedAt ? 'Đã nhận' : 'Chưa xác nhận',
    note: line.note,
    at: formatMaybe(line.answeredAt ?? line.acknowledgedAt),
    via: line.via === 'phone' && line.recordedBy ? `qua điện thoại, ${line.recordedBy} ghi` : wordOf(channelWords, line.via),
  }));
  return {
    code: meeting.code,
    title: meeting.title,
    kind: wordOf(meetingKindWords, meeting.kind),
    urgent: meeting.kind === 'urgent',
    startsAt: meetingTime(meeting.startsAt),
    startsOn: localDateOf(meeting.startsAt),
    startsTime: formatTime(meeting.startsAt),
    place: meeting.place,
    chair: meeting.chair,
    status: wordOf(meetingStatusWords, meeting.status),
    cancelled: meeting.status === 'cancelled',
    confirmed: board.filter((line) => line.confirmed).length,
    attending: confirmations.filter((line) => line.answer === 'attending').length,
    absent: confirmations.filter((line) => line.answer === 'absent').length,
    board,
    may: { remind: can(actor, 'meeting.write') && meeting.status !== 'cancelled' && meeting.startsAt > ctx.clock.now(), confirm: can(actor, 'meeting.write') && meeting.status !== 'cancelled' && ctx.clock.now().getTime() < meeting.startsAt.getTime() + AFTER_START_MS },
    // Answers are on the board.
    history: meeting.history.filter(({ action }) => action !== 'answered').reverse().map((entry) => ({
      at: formatInstant(entry.at),
      what: historyWords[entry.action] ?? entry.action,
      by: `${entry.by.name} · ${wordOf(channelWords, entry.by.channel)}`,
      note: [entry.from && entry.to ? `từ ${meetingTime(entry.from)} sang ${meetingTime(entry.to)}` : '', entry.reason ?? ''].filter(Boolean).join('. '),
    })),
    deliveries: await deliveriesAbout(ctx, actor, { meetingCode: meeting.code }),
  };
}

/** Answers are taken so long after the beginning. */
const AFTER_START_MS = 2 * 3_600_000;

const historyWords: Readonly<Record<string, string>> = { called: 'Triệu tập', postponed: 'Hoãn', cancelled: 'Hủy' };

const formatMaybe = (instant: Date | null): string => (instant ? formatInstant(instant) : '');
