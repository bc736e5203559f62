import { withoutCourtesy } from './courtesy.js';
import { parseProgress } from './parse-progress.js';
import { foldInPlace, tidy } from './tidy.js';

const CODE = String.raw`(?:nv|nhiem vu)[\s.\-_#:]*(?:20\d\d\s*[-_/.]\s*)?\d{1,7}`;
/** Who asks and whom, and what it is about. */
const WHO = String.raw`(?:${CODE}|da|vang|alo|thua|kinh|gui|bao cao|toi|em|minh|chung toi|chung em|ben em|ben toi|don vi|co quan|so|phong|xa|phuong|ubnd|dong chi|cac dong chi|van phong|anh|chi|bac|oi|a|ve|viec|nhiem vu|nay|hien|nen|neu duoc|co the)`;
const ASKS = '(?:xin phep|xin|cho phep|cho|mong|de nghi|muon|can|nho|lam on|tao dieu kien|giup)';
const BETWEEN = String.raw`[\s,:.-]+`;
const UNIT = '(?:ngay|hom|bua|tuan|thang|buoi|chut thoi gian|it thoi gian|thoi gian)';
const COUNT = '(?:\\d{1,3}|mot vai|may|vai|it|mot|hai|ba|bon|nam|sau|bay|tam|chin|muoi|nua thang|chut)';
const SPAN = String.raw`(?:${COUNT} )?${UNIT}`;
/** Another deadline than this task's: of a contract, a meeting, a limit of money. */
const NOT_OTHER = String.raw`(?! (?:(?:cua |cho |thoi gian |thuc hien )?(?:hop dong|giay phep|the |bao hiem|chung chi|chung nhan|visa|ho chieu|hop tac|thau|goi thau|thi cong|thue dat|nop thue|no |khoan vay|tam tru)|muc(?!\p{L})|che(?!\p{L})|ngach|dien))`;
/** More time by its name. */
const NAMED = String.raw`(?:gia han|(?:lui|doi|noi|khat|keo dai|dieu chinh|them|hoan|chuyen)(?: them| lai)? (?:thoi )?han|lui thoi (?:gian|diem|han)|keo dai (?:them )?thoi gian|dieu chinh thoi gian (?:bao cao|hoan thanh|thuc hien|nop)|them (?:thoi gian|\d+ ngay|(?:may|vai|it) ngay))(?!\p{L})${NOT_OTHER}`;
/** More time in other words, where it is asked for: "lùi thêm 3 hôm", "nộp chậm 2 ngày", "để đến thứ hai". */
const IN_WORDS = String.raw`(?:(?:lui|keo dai|gian|hoan|khat|cham|tre)(?: lai)?(?: them)?(?: ${SPAN}|(?: den| sang| toi) (?!hop)| ngay (?:nop|bao cao|hoan thanh))|them ${COUNT} ${UNIT}|them ${UNIT}(?= (?:nua|de)(?!\p{L})|[\s.!]*$)|(?:nop|bao cao|gui|hoan thanh|tra loi|lam|trinh|nop bao cao|gui bao cao)(?: \p{L}+)? (?:cham|muon|tre|sau(?= ${COUNT} ${UNIT}| thu | ngay ))(?!\p{L})(?! nhat)|(?:cham|muon|tre) (?:nop|bao cao|gui|tien do|han|hon)|(?:de |duoc )?(?:den|sang|toi) (?:thu (?:\d|hai|ba|tu|nam|sau|bay)|tuan sau|tuan toi|thang sau|thang toi|cuoi tuan|cuoi thang|mai|\d{1,2}[/.-]\d{1,2}|ngay \d{1,2}) (?:nop|bao cao|gui|hoan thanh|xong|moi xong))`;
/** A reason may stand first: "do mưa lũ, xin gia hạn". */
const REASON = String.raw`(?:(?:do|vi) [^,;.\n]{1,100}[,;.]\s*)?`;
const EXTENSION = new RegExp(String.raw`^${REASON}(?:${WHO}${BETWEEN})*(?:(?:${ASKS}${BETWEEN})(?:(?:${WHO}|${ASKS}|duoc|dc|dang ky|them)${BETWEEN})*(?:${IN_WORDS}|${NAMED})|${NAMED})`, 'u');
/** "Đã gia hạn", "đã lùi thời hạn": it has been done, for somebody. */
const HAS_BEEN = new RegExp(String.raw`^(?:[\p{L}\d.,:-]+\s+){0,4}đã\s`, 'iu');
const MEETING = /(?<!\p{L})(?:cuoc hop|lich hop|buoi hop|giay moi|hop[\s.\-_#]*\d|(?:lui|hoan|doi) (?:gio |ngay |buoi |lich )*hop(?! dong))(?!\p{L})/u;

/** "Xin gia hạn NV-17 đến 30/11", "cho em lùi mấy hôm": a request for more time, of which deadlines are moved by the Office alone. */
export function asksExtension(words: string): boolean {
  const text = withoutCourtesy(tidy(words));
  const folded = foldInPlace(text);
  const [asked] = EXTENSION.exec(folded) ?? [];
  if (asked === undefined || HAS_BEEN.test(text.slice(0, asked.length)) || MEETING.test(folded)) return false;
  const read = parseProgress(words);
  return !(read.kind === 'report' && read.percent !== undefined);
}
