import type { Ctx } from '../../src/context.js';
import { formatInstant, formatTime, localDateOf } from '../../src/kernel/local-date.js';
import { editionOf } from '../../src/meetings/change-meeting.js';
import { getMeeting, type Confirmation } from '../../src/meetings/find-meetings.js';
import { readablePhone } from '../../src/texts/delivery-texts.js';
import { cameBySms, cameUnclear } from '../../src/texts/sms-answer-texts.js';
import type { Actor } from '../../src/people/actor.js';
import { can } from '../../src/people/policy.js';
import { answerWords, channelWords, meetingKindWords, meetingStatusWords, wordOf } from '../locale/words.js';
import { meetingTime } from '../resources/meeting-resource.js';
import { awayWords } from './away-words.js';
import { deliveriesAbout } from './deliveries-about.js';
import { meetingHistory } from './meeting-history.js';
import { unreadLines } from './unread-lines.js';

/** A meeting with the board of who has confirmed; those still silent come first, with their phones. */
export async function meetingDetail(ctx: Ctx, actor: Actor, code: string) {
  const { meeting, confirmations } = await getMeeting(ctx, actor, code);
  const wrote = await unreadLines(ctx, code);
  const awayOf = await awayWords(ctx, confirmations.map(({ personId }) => personId), meeting.startsAt);
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
    via: viaOf(line),
    away: awayOf.get(line.personId) ?? '',
    wrote: wrote(line.personId, line.answeredAt ?? line.acknowledgedAt),
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
    chairId: meeting.chairId?.toString() ?? '',
    edition: editionOf(meeting),
    status: wordOf(meetingStatusWords, meeting.status),
    cancelled: meeting.status === 'cancelled',
    confirmed: board.filter((line) => line.confirmed).length,
    attending: confirmations.filter((line) => line.answer === 'attending').length,
    absent: confirmations.filter((line) => line.answer === 'absent').length,
    board,
    may: { remind: can(actor, 'meeting.write') && meeting.status !== 'cancelled' && meeting.startsAt > ctx.clock.now(), confirm: can(actor, 'meeting.write') && meeting.status !== 'cancelled' && ctx.clock.now().getTime() < meeting.startsAt.getTime() + AFTER_START_MS },
    ...(await meetingHistory(ctx, meeting)),
    deliveries: await deliveriesAbout(ctx, actor, { meetingCode: meeting.code }),
  };
}

/** How an answer came; of a number several people share also what does not count. */
function viaOf({ via, recordedBy, from, unclear }: Confirmation): string {
  if (via === 'phone' && recordedBy) return `qua điện thoại, ${recordedBy} ghi`;
  if (from) return cameBySms(from);
  return via || !unclear ? wordOf(channelWords, via) : cameUnclear(unclear);
}

/** Answers are taken so long after the beginning. */
const AFTER_START_MS = 2 * 3_600_000;

const formatMaybe = (instant: Date | null): string => (instant ? formatInstant(instant) : '');
