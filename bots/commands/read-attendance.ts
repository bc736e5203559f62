import type { MeetingAnswer } from '../../src/texts/answer-texts.js';
import { DOUBT, isReason, lowerInPlace, NO_WORDS, NOD, POLITE_END, RECEIVED_WORDS, withoutDelegate, words, YES_WORDS } from './attendance-words.js';
import { foldInPlace, restAfter, tidy } from './tidy.js';

/** Somebody else may come, or it is a question: a person has to look. */
const OPEN = /\?|(?<!\p{L})(?:thay|uy quyen|cu (?:dong chi|pho|can bo|chuyen vien|ong|ba)|hay khong|duoc khong|chua (?:chac|ro|biet))(?!\p{L})/u;
const AWAY = /^(?:tôi |em )?(?:xin |báo |xin phép )?vắng(?!\p{L})/u;
const ATTENDS = /(?<!\p{L})(?:du|tham gia|co mat|den|di|hop|nghi|thay|nhung)(?!\p{L})/u;
const ONLY_POLITE = new RegExp(`^${POLITE_END}`, 'u');
const CLOSING = new RegExp(String.raw`^${words('trân trọng|trân trọng cảm ơn|xin cảm ơn|cảm ơn|kính thư|kính báo|thân ái')}[\s.,!]*$`, 'u');

/**
 * Reads plain words in answer to an invitation: "Đã nhận", "Tôi sẽ tham dự", "vắng: bận công tác", "không dự được vì …".
 * A yes is a closed polite form and nothing else, a no an exact phrase of the writer's own with a reason that takes nothing
 * back. Undefined where the words could mean two things or nothing: then nothing is written. "Vâng" and "vắng" typed without
 * marks are the same letters, so a lone "vang" counts for neither.
 */
export function readAttendance(typed: string): { answer: MeetingAnswer; note: string } | undefined {
  const text = withoutSignature(tidy(typed).slice(0, 2_000));
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
  const rest = lowered.slice(whole.length);
  if (ONLY_POLITE.test(rest)) return { answer: 'absent', note: before === '' ? '' : text.slice(0, 500) };
  if (!isReason(rest, true)) return undefined;
  // Behind the phrase itself; all of it where words stand before.
  return { answer: 'absent', note: (before === '' ? restAfter(text, whole.length) : text).slice(0, 500) };
}

function isReceived(lowered: string): boolean {
  if (NOD.test(lowered)) return true;
  const found = RECEIVED_WORDS.exec(lowered);
  const more = found ? foldInPlace(lowered.slice(found[0].length)) : '';
  return found !== null && !DOUBT.test(more) && !ATTENDS.test(more);
}

/** The words above "Trân trọng" and a name. */
function withoutSignature(text: string): string {
  const lines = text.split('\n').map((line) => line.trim()).filter((line) => line !== '');
  const closing = lines.findIndex((line, i) => i > 0 && CLOSING.test(lowerInPlace(line)));
  const isName = (line: string): boolean => /^(?:\p{Lu}\p{Ll}*(?:\s+|$)){2,6}$/u.test(line) && !DOUBT.test(foldInPlace(line)) && !ATTENDS.test(foldInPlace(line));
  return closing > 0 && lines.slice(closing + 1).every(isName) ? lines.slice(0, closing).join('\n') : text;
}
