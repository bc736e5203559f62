import type { MeetingAnswer } from '../../src/texts/answer-texts.js';
import { isReason, NO_WORDS, NOD, POLITE_END, RECEIVED_WORDS, withoutDelegate, YES_WORDS } from './attendance-words.js';
import { withoutCourtesy } from './courtesy.js';
import { withoutOwnMeeting } from './named-meeting.js';
import { withoutSignature } from './signature.js';
import { foldInPlace, restAfter, tidy } from './tidy.js';
import { lowerInPlace, words } from './typed-words.js';

/** Somebody else may come, or it is a question: a person has to look. */
const OPEN = /\?|(?<!\p{L})(?:thay|uy quyen|cu (?:dong chi|pho|can bo|chuyen vien|ong|ba)|hay khong|duoc khong|chua (?:chac|ro|biet))(?!\p{L})/u;
const AWAY = /^(?:tôi |em )?(?:xin |báo |xin phép )?vắng(?!\p{L})/u;
const ONLY_POLITE = new RegExp(`^${POLITE_END}`, 'u');
const WILL = String.raw`(?:${words('tôi|em|!mình')} )?(?:${words('xin|sẽ|đang|đã')} ){0,2}`;
/** What may stand behind "đã nhận" and says neither yes nor no; anything else is a word on coming, or may be one. */
const SAYS_NO_MORE = new RegExp(
  String.raw`^(?:${words('trân trọng|trân trọng cảm ơn|xin cảm ơn|cảm ơn|kính báo|ạ|nhé|cảm ơn đồng chí|cảm ơn các đồng chí|cảm ơn văn phòng')}|${WILL}(?:${words('báo cáo|trình|xin ý kiến')} ${words('lãnh đạo|thủ trưởng|đồng chí chủ tịch|chủ tịch|giám đốc')}(?: ${words('ủy ban|sở|cơ quan|đơn vị|xã|phường')})?|${words('trả lời|phản hồi|báo lại')}(?: ${words('sau|sớm')})?|${words('sắp xếp|thu xếp')} ${words('thời gian|công việc|lịch')}|${words('chuẩn bị|nghiên cứu|xem|đọc')} ${words('tài liệu|báo cáo|nội dung')}|${words('đọc|xem|rõ|biết')}))$`,
  'u',
);

/**
 * Reads plain words in answer to an invitation: "Đã nhận", "Tôi sẽ tham dự", "vắng: bận công tác", "không dự được vì …".
 * A yes is a closed polite form and nothing else, a no an exact phrase of the writer's own with a reason that takes nothing
 * back. Undefined where the words could mean two things or nothing: then nothing is written. "Vâng" and "vắng" typed without
 * marks are the same letters, so a lone "vang" counts for neither. `about`: the meeting the words answer; naming another one,
 * or any where none is known, leaves them open.
 */
export function readAttendance(typed: string, about?: string): { answer: MeetingAnswer; note: string } | undefined {
  const text = withoutOwnMeeting(withoutCourtesy(withoutSignature(tidy(typed).slice(0, 2_000))), about);
  if (text === null) return undefined;
  const lowered = lowerInPlace(text);
  const folded = foldInPlace(text);
  // Who writes "vắng" and whom they send leaves nothing open.
  if (OPEN.test(AWAY.test(lowered) ? withoutDelegate(folded) : folded)) return undefined;
  const yes = YES_WORDS.exec(lowered);
  if (yes) return { answer: 'attending', note: yes[1] ?? '' };
  const no = NO_WORDS.exec(lowered);
  if (no) return absent(text, lowered, no);
  return isReceived(lowered) ? { answer: 'received', note: '' } : undefined;
}

function absent(text: string, lowered: string, [whole, before = '']: RegExpExecArray): { answer: 'absent'; note: string } | undefined {
  if (ONLY_POLITE.test(lowered.slice(whole.length))) return { answer: 'absent', note: before === '' ? '' : text.slice(0, 500) };
  if (!isReason(text.slice(whole.length), true)) return undefined;
  // Behind the phrase itself; all of it where words stand before.
  return { answer: 'absent', note: (before === '' ? restAfter(text, whole.length) : text).slice(0, 500) };
}

function isReceived(lowered: string): boolean {
  if (NOD.test(lowered)) return true;
  const found = RECEIVED_WORDS.exec(lowered);
  return found !== null && lowered.slice(found[0].length).split(/[,.;!\n]+/u).every((clause) => clause.trim() === '' || SAYS_NO_MORE.test(clause.trim()));
}
