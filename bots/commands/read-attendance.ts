import type { MeetingAnswer } from '../../src/texts/answer-texts.js';
import { foldInPlace, restAfter, tidy } from './tidy.js';

const ABSENT = /(?<!\p{L})(?:xin phep (?:cho )?(?:toi |em )?(?:duoc )?(?:vang|nghi)(?: mat| hop)?|xin (?:vang|nghi)(?: mat| hop)?|bao vang|vang mat|vang|khong (?:the |sap xep |bo tri )*(?:tham du|du hop|du|den|di|co mat)(?: hop)?(?: duoc)?)(?!\p{L})/u;
const ATTENDING = /(?<!\p{L})(?:se |xin |xac nhan )*(?:tham du|du hop|co mat|se du|se den|du)(?: hop| cuoc hop)?(?!\p{L})/u;
const RECEIVED = /(?<!\p{L})(?:(?:toi |em )?da (?:nhan|ro|biet)(?: duoc)?|nhan duoc|xac nhan(?: da nhan)?|ok|vang|ro)(?!\p{L})/u;
/** Somebody else may come, or it is a question: a person has to look. */
const OPEN = /\?|(?<!\p{L})(?:thay|uy quyen|cu (?:dong chi|pho|can bo|chuyen vien|ong|ba)|hay khong|duoc khong|chua (?:chac|ro|biet))(?!\p{L})/u;

/**
 * Reads plain words in answer to an invitation: "Đã nhận", "Tôi sẽ tham dự", "vắng: bận công tác", "không dự được vì …".
 * Undefined where they could mean two things or nothing: then nothing is taken for a yes. "Vâng" and "vắng" fold to the same
 * letters, so a lone "vang" without its mark counts for neither.
 */
export function readAttendance(typed: string): { answer: MeetingAnswer; note: string } | undefined {
  const text = tidy(typed).slice(0, 2_000);
  const folded = foldInPlace(text);
  if (OPEN.test(folded)) return undefined;
  const yes = /^\s*vâng(?!\p{L})/iu.test(text);
  const absent = yes ? null : ABSENT.exec(folded);
  if (absent?.[0] === 'vang' && !/vắng/iu.test(text)) return undefined;
  const others = absent ? folded.slice(0, absent.index) + ' '.repeat(absent[0].length) + folded.slice(absent.index + absent[0].length) : folded;
  const attending = ATTENDING.exec(others);
  if (absent && attending) return undefined;
  if (absent) return { answer: 'absent', note: noteOf(text, absent) };
  if (attending) return { answer: 'attending', note: attending.index === 0 ? noteOf(text, attending) : '' };
  return RECEIVED.test(folded) ? { answer: 'received', note: '' } : undefined;
}

/** Behind the word itself; all of it where the word stands inside a sentence. */
const noteOf = (text: string, found: RegExpExecArray): string => (found.index === 0 ? restAfter(text, found[0].length) : text).slice(0, 500);
