import { readAttendance } from './read-attendance.js';
import { foldInPlace, tidy } from './tidy.js';

/** What people write about coming or not coming; work may be told in the same words, so they are a reason to ask, never to write. */
const ATTENDANCE = /(?<!\p{L})(?:vang (?:mat|hop|vi|do|ly do)|(?:xin|bao|xin phep) vang|(?:du|hop|di) (?:hop )?thay|cu (?:dong chi|d\/c|dc|pho|can bo|chuyen vien|ong|ba|anh|chi)(?!\p{L}).* (?:du|hop)|uy quyen (?:cho )?.* (?:du|hop)|tham du|du hop|(?:se|van|khong(?: the)?) (?:du|hop)|di cong tac|khong (?:den|di)(?: hop)? duoc|khong di hop)(?!\p{L})/su;
const LATE = /(?<!\p{L})(?:(?:den|toi|vao|du) (?:hoi )?(?:muon|tre|cham)|(?:muon|tre|cham) (?:khoang )?\d+ ?(?:phut|p|'|gio|h))(?!\p{L})/u;
/** What has been done is told of work: "đã tham dự họp với Sở". */
const PAST = /(?<!\p{L})(?:da|vua|moi|hom qua) (?:tham du|du|di|to chuc|tham gia) ?(?:hop|cuoc hop)?(?!\p{L})/u;
const NOT_COMING = /(?<!\p{L})(?:khong|ko|kg|k|thay|vang|nghi|ban|cong tac|cu|uy quyen|om)(?!\p{L})/u;
const AFTER_ALL = /^(?:(?:da|vang|a)[ ,]+)?(?:(?:toi|em|minh|nhung|thoi) )*(?:(?:se|van|lai|co|co gang|sap xep duoc|bo tri duoc)[ ,]+)*(?:du|tham du|den|co mat|tham gia)(?: (?:duoc|hop|cuoc hop|nhe|nha|a|dung gio|day du|binh thuong))*[\s.!]*$/u;
const LONGEST = 400;

const saysVang = (text: string): boolean => /(?<!\p{L})vắng(?!\p{L})/iu.test(text);

/** Words that look like an answer to an invitation. */
export function looksLikeAttendance(words: string): boolean {
  const folded = foldInPlace(tidy(words));
  return saysVang(words.normalize('NFC')) || ATTENDANCE.test(folded) || LATE.test(folded);
}

/** "Tôi sẽ dự", "dự": typed where a reason for being away is awaited they are none. */
export function comesAfterAll(words: string): boolean {
  return readAttendance(words)?.answer === 'attending' || AFTER_ALL.test(foldInPlace(tidy(words)));
}

/** What such words seem to say, to ask with; `note`: what a tap writes down with the answer. */
export interface Coming {
  says: 'attending' | 'absent' | 'either';
  note: string;
}

/** "Tôi sẽ dự", "đến muộn 10 phút", "cử đồng chí An dự thay". Undefined: not about coming to a meeting. */
export function readComing(words: string): Coming | undefined {
  const text = tidy(words);
  const folded = foldInPlace(text);
  const read = readAttendance(text);
  if (text.length > LONGEST) return undefined;
  if (read && read.answer !== 'received') return { says: read.answer, note: read.note };
  if (read || PAST.test(folded)) return undefined;
  if (LATE.test(folded) && !NOT_COMING.test(folded)) return { says: 'attending', note: text };
  if (comesAfterAll(text)) return { says: 'attending', note: '' };
  if (!looksLikeAttendance(text)) return undefined;
  return NOT_COMING.test(folded) && !folded.includes('?') ? { says: 'absent', note: text } : { says: 'either', note: '' };
}

/** "Có", "được", "không được", "vâng": said to "có tham dự được không?" only. "Vang" without its mark is "vâng" or "vắng". */
export function readBareAnswer(words: string): Coming | undefined {
  const text = tidy(words);
  const found = /^(?:da,? )?(co|duoc|khong|khong duoc|ko|chac chan|chac chan co|ok|vang)(?: (?:a|nhe|nha))?[\s.!]*$/u.exec(foldInPlace(text));
  if (!found) return undefined;
  if (found[1] === 'vang' && !/vâng/iu.test(text)) return { says: 'either', note: '' };
  return { says: /^(?:khong|ko)/.test(found[1] ?? '') ? 'absent' : 'attending', note: '' };
}

/** "Có", "đúng rồi", "vâng ạ": a yes to what was asked last, whatever that was; it names none of its choices. */
export const agrees = (words: string): boolean =>
  /^(?:(?:da|vang|u|uh)[ ,]+)?(?:da|vang|u|uh|co|dung|phai|chinh xac|ok|oke|okay|duoc|dong y|nhat tri|xac nhan|chac chan|chon|ghi)(?: (?:roi|vay|the|do|di|a|nhe|nha|em|anh|chi|dong chi))*[\s.!]*$/u.test(foldInPlace(tidy(words)));
