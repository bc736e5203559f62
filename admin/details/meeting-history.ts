import type { Ctx } from '../../src/context.js';
import { formatInstant } from '../../src/kernel/local-date.js';
import { answersOf, type GivenAnswer } from '../../src/meetings/answers-of.js';
import type { Meeting, MeetingEvent } from '../../src/meetings/meeting.model.js';
import { readablePhone } from '../../src/texts/delivery-texts.js';
import { cameBySms } from '../../src/texts/sms-answer-texts.js';
import { answerWords, channelWords, wordOf } from '../locale/words.js';
import { meetingTime } from '../resources/meeting-resource.js';
import { peopleNames } from '../resources/names.js';

/** More names than this are counted. */
const NAMED = 12;

type NameOf = (id: string) => string;

/** What the Office did with a meeting, and every answer given for it with who gave it and by which way; newest first. */
export async function meetingHistory(ctx: Ctx, meeting: Meeting) {
  const personOf = await peopleNames(ctx, meeting.history.flatMap(({ added = [], removed = [], personId }) => [...added, ...removed, personId ?? null]));
  const nameOf: NameOf = (id) => personOf(id)?.name ?? '';
  return {
    history: meeting.history.filter(({ action }) => !action.startsWith('answered')).reverse().map((event) => ({
      at: formatInstant(event.at),
      what: whatOf(event),
      by: `${event.by.name} · ${wordOf(channelWords, event.by.channel)}`,
      note: [...details(event, nameOf), event.reason ? `Lý do: ${event.reason}` : ''].filter(Boolean).join('. '),
    })),
    answers: answersOf(meeting).reverse().map((given) => ({
      at: formatInstant(given.at),
      name: nameOf(given.personId),
      answer: given.answer === 'received' ? 'Đã nhận' : wordOf(answerWords, given.answer),
      note: [given.note, given.leftOut > 0 ? `(… ${given.leftOut} lần trả lời khác)` : ''].filter(Boolean).join(' '),
      way: wayOf(given),
      counts: given.counts,
    })),
  };
}

function whatOf({ action, from, to, fromPlace, toPlace, added = [], removed = [], toChair }: MeetingEvent): string {
  if (action === 'called') return 'Triệu tập';
  if (action === 'cancelled') return 'Hủy';
  if (action === 'people') return toChair !== undefined && added.length + removed.length === 0 ? 'Đổi người chủ trì' : 'Thay đổi thành phần';
  if (action === 'relocated') return 'Đổi địa điểm';
  const when = from && to && to < from ? 'Đổi giờ sớm hơn' : 'Hoãn';
  return toPlace !== undefined && toPlace !== fromPlace ? `${when}, đổi địa điểm` : when;
}

function details({ from, to, fromPlace = '', toPlace = fromPlace, added = [], removed = [], fromChair = '', toChair }: MeetingEvent, nameOf: NameOf): string[] {
  const named = (ids: readonly string[]): string => `${ids.slice(0, NAMED).map(nameOf).join(', ')}${ids.length > NAMED ? ` và ${ids.length - NAMED} người khác` : ''}`;
  return [
    from && to ? `Từ ${meetingTime(from)} sang ${meetingTime(to)}` : '',
    toPlace === fromPlace ? '' : `Địa điểm: từ ${fromPlace} sang ${toPlace}`,
    added.length > 0 ? `Mời thêm: ${named(added)}` : '',
    removed.length > 0 ? `Không phải dự: ${named(removed)}` : '',
    toChair === undefined ? '' : `Chủ trì: ${toChair || 'không ghi'}${fromChair ? ` (trước là ${fromChair})` : ''}`,
  ];
}

/** "Zalo", "Điện thoại, Nguyễn Thị Lan ghi", "Telegram, đồng chí Bình trả lời thay". */
function wayOf({ by, personId, unclear }: GivenAnswer): string {
  if (unclear) return `${wordOf(channelWords, 'sms')} từ số ${readablePhone(by.from?.phone ?? '')} dùng chung, chưa rõ ai trả lời`;
  const way = by.from ? cameBySms(by.from) : wordOf(channelWords, by.channel);
  if (by.channel === 'phone') return `${way}, ${by.name} ghi`;
  return by.personId && by.personId !== personId ? `${way}, đồng chí ${by.name} trả lời thay` : way;
}
