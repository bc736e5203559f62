import { leavesOpen } from './not-away.js';
import { foldInPlace } from './tidy.js';
import { words } from './typed-words.js';

const COURTESY = words('ạ|nhé|nha|thưa đồng chí|đồng chí ạ|trân trọng|trân trọng cảm ơn|xin cảm ơn|cảm ơn|kính báo');
/** Nothing but politeness behind an answer. */
export const POLITE_END = String.raw`(?:[\s,.;!]+${COURTESY}){0,3}[\s.!,]*$`;

// "Minh" without its mark is a name, "da" may be "đã", "vang" may be "vắng".
const SUBJECT = words('tôi|em|!mình|tui');
const SUMMONS = words('giấy mời họp|giấy mời|lịch họp|lịch|thư mời|thông báo|cuộc họp');
const OPENING = String.raw`(?:(?:${words('!dạ|da(?=,)|!vâng|ok|thưa đồng chí|kính thưa đồng chí|nhất trí|đồng ý')}|${words('đã nhận được|đã nhận|đã rõ|đã biết')}(?: ${SUMMONS})?)[,.;:!]*\s+)`;

/** How somebody takes part; kept as the note of a yes. */
export const ELSEWHERE_YES = String.raw`(?:${words('bằng hình thức|theo hình thức|qua')} )?${words('trực tuyến|trực tiếp|online|zoom|cầu truyền hình|từ xa|mạng')}(?: ${words('qua zoom|qua mạng|qua cầu truyền hình')})?`;

/** A plain yes in words and nothing else; group 1: how, "trực tuyến". */
export const YES_WORDS = new RegExp(
  String.raw`^${OPENING}{0,3}(?:${SUBJECT} )?(?:${words('xin|sẽ|có|xác nhận|đồng ý|nhất trí|chắc chắn')} ){0,3}${words('tham dự|tham gia|dự họp|dự|có mặt')}(?: ${words('được')})?(?: ${words('họp|cuộc họp|buổi họp|lịch họp')})?(?: ${words('theo giấy mời|theo lịch')})?(?:,? (?:(${ELSEWHERE_YES})|${words('đúng giờ|đầy đủ')}))?${POLITE_END}`,
  'u',
);
/** "1", "có": a yes where a text message asked for just that. */
export const YES_SIGN = String.raw`(?:1|${words('có')})`;

/** The invitation came; other words may follow behind a stop or a comma, which the reader of them judges. */
export const RECEIVED_WORDS = new RegExp(
  String.raw`^(?:${words('!dạ|da(?=,)|!vâng|ok|thưa đồng chí')}[,.;:!]*\s+)?(?:${SUBJECT} )?(?:${words('xin')} )?(?:${words('đã nhận được|đã nhận|nhận được|xác nhận đã nhận|xác nhận|đã rõ|đã biết|rõ')})(?: ${SUMMONS})?(?:${POLITE_END}|\s*[,.;!\n])`,
  'u',
);
/** Politeness that says no more than that the invitation was read. */
export const NOD = new RegExp(String.raw`^(?:${words('!dạ')}[,]? )?${words('ok|okay|!vâng')}${POLITE_END}`, 'u');

// What keeps somebody away, where it stands before the "no": closed, so that "vì anh Nam không dự được" is not of the writer.
const WHY_FIRST = String.raw`(?:(?:${words('do|vì')} )?(?:${SUBJECT} )?${words('có việc bận|có việc đột xuất|có việc|bận việc gia đình|bận việc|bận họp|bận đi công tác|bận công tác|bận|bị ốm|ốm|đang đi công tác|phải đi công tác|đi công tác')},? (?:${words('nên')} )?)?`;
const ASKS_AWAY = String.raw`${words('xin phép')} (?:${words('cho')} )?(?:${words('tôi|em')} )?(?:${words('được')} )?${words('vắng|nghỉ')}(?: ${words('mặt')})?(?: ${words('họp|cuộc họp')})?`;
const SAYS_AWAY = words('xin vắng mặt|xin vắng họp|xin !vắng|xin nghỉ họp|xin nghỉ|báo vắng mặt|báo vắng họp|báo vắng|vắng mặt|!vắng họp|!vắng');
const CANNOT = String.raw`${words('không')} (?:${words('thể|sắp xếp|bố trí')} ){0,2}${words('tham dự|tham gia|dự họp|dự|đến|đi|có mặt')}(?: ${words('được')})?(?: ${words('họp|cuộc họp')})?(?: ${words('được')})?`;
/** An exact "no" of the writer's own; group 1: what stands before, group 2: the no. */
export const NO_WORDS = new RegExp(String.raw`^((?:${words('!dạ|thưa đồng chí|kính thưa đồng chí')},? )?${WHY_FIRST}(?:${SUBJECT} )?)(${ASKS_AWAY}|${SAYS_AWAY}|${CANNOT})(?![\p{L}\d])`, 'u');

/** No, or not sure; folded. */
export const DOUBT = /\?|(?<![\p{L}\d])(?:khong|ko|k|kg|khg|hok|hk|hong|chang|cha|chua|dau|kho|neu|ai|gi|j|hay|hoac|nao|sao|co le|hinh nhu|chac gi|chua chac|tuy|xem lai|thay|uy quyen|cu|nho|vang)(?![\p{L}\d])/u;
const HARD_DOUBT = /\?|(?<![\p{L}\d])(?:neu|ai|dau|hay|hoac|gi|j|nao|sao|co le|hinh nhu|tuy|kho)(?![\p{L}\d])/u;
const NEGATION = /(?<![\p{L}\d])(?:khong|ko|k|kg|khg|hok|hk|hong|chang|chua|dung)(?![\p{L}\d])/u;
const DI_AWAY = String.raw`(?:cong tac|kiem tra|co so|vien|kham|hoc|nuoc ngoai|trung uong|khao sat|thuc te|dia ban|dam|vieng|chua benh|cap cuu)`;
/** Words of a yes, folded; behind a "no" they make it doubtful. */
const ASSENT = String.raw`(?:den|du|tham du|tham gia|dong y|nhat tri|thong nhat|san sang|co mat|co(?! (?:so|quan|viec|lich|cuoc|cong viec|tang|hen|con|dam|benh|su co)(?!\p{L}))|duoc|biet|ro|nghe|nhan|tuan|chap hanh|se|van|nhung|chac|chac chan|ok|oke|okay|uh|u|yes|cam on|cung|thay|uy quyen|1|toi(?! (?:ban|om|bi|phai|dang|di|co viec|khong|xin)(?!\p{L})))`;
const ASSENTS = new RegExp(String.raw`(?<![\p{L}\d])(?:${ASSENT}|di(?! ${DI_AWAY}(?!\p{L})))(?![\p{L}\d])`, 'u');
/** Where "vắng" itself is beyond doubt, "đi Đà Nẵng" is a reason. */
const ASSENTS_OPEN = new RegExp(String.raw`(?<![\p{L}\d])(?:${ASSENT}|(?:toi|em|minh|tui|anh|chi|dong chi|nguoi) di(?! ${DI_AWAY}(?!\p{L}))|di(?=[\s.,:!;]*$|[.,:!;]| (?:duoc|hop|chu|cung|luon|roi|nhe|nha|anh|chi|em|a|dung|dong|ngay)(?!\p{L})))(?![\p{L}\d])`, 'u');

const REASON = new RegExp(
  String.raw`^(?:(?:toi|em|minh) )?(?:(?:vi ly do|ly do|vi|do)[ :]+)?(?:(?:toi|em|minh) )?(?:(?:dang|bi|phai) )?(?:ban(?=[\s,.;!]*$| (?:hop|viec|cong tac|cong viec|di|tiep|hoc|con|gia dinh|dot xuat|qua|lich|truc)(?!\p{L}))|om|benh|di ${DI_AWAY}|cong tac(?! vien)|hop (?:khac|hdnd|ubnd|tinh uy|quoc hoi|trung uong)|trung (?:lich|hop)|nghi (?:phep|om|che do|thai san)|nam vien|cap cuu|dieu tri|viec (?:gia dinh|rieng|nha|ban|dot xuat)|co viec (?:ban|gia dinh|rieng|dot xuat)|co tang|gia dinh co (?:viec|tang)|dam (?:tang|cuoi|hieu)|kham benh|tai nan|met|sot|ve que|nha co (?:viec|tang)|(?:con|vo|chong|bo|me) om|tap huan|tiep (?:dan|doan|khach)|truc (?:lu|bao|ban))(?![\p{L}\d])`,
  'u',
);
const SAYS_WHY = /^(?:vi|do|ly do|bận|ban)(?!\p{L})/u;
const CANNOT_WHY = /^(?:toi )?khong (?:bo tri|sap xep|ve kip)(?!\p{L})/u;

/** "…, xin cử đồng chí Phó Chủ tịch dự thay": who comes instead; folded. */
const DELEGATES = /[\s,;.:-]*(?:(?:toi|em|xin|da|se|nen) ){0,3}(?:cu|uy quyen(?: cho)?|phan cong|giao) (?:dong chi|d\/c|ong|ba|anh|chi|pho|truong|can bo|chuyen vien)(?![\p{L}\d])[^,;.?]*? (?:du hop thay|du thay|di hop thay|di thay|hop thay|thay|tham du|du hop|du)[\s.!]*$/u;
/** "dự họp HĐND": another meeting is a reason. */
const ELSEWHERE = /^(?:(?:ban|phai|do|vi|di) )*du (?:hop|hoi nghi|le|tap huan) \p{L}+/u;

/** Words behind an unmistakable "vắng" without the clause that names who comes instead; folded. */
export const withoutDelegate = (folded: string): string => folded.replace(DELEGATES, '');

/**
 * May these words stand behind a "no" as its reason? `plain`: the "no" cannot be read as a yes ("vắng" with its mark, "không
 * dự được", "VANG HOP-31"), so any words without assent or doubt may; behind a bare "vang" or "2" only known reasons.
 */
export function isReason(rest: string, plain: boolean): boolean {
  // "đau" is no "đâu", "hỏng" no "hổng".
  const all = foldInPlace(rest.replace(/(?<!\p{L})(?:đau|hỏng)(?!\p{L})/giu, 'ốm'));
  const folded = (plain ? withoutDelegate(all) : all).replace(/^[\s,;:.-]+/u, '').replace(plain ? ELSEWHERE : /^$/u, 'hop khac').trim();
  if (folded === '') return true;
  if (leavesOpen(rest)) return false;
  const apart = /^\s*[,;:.\-\n\u2013]/u.test(rest) || !/^\s/u.test(rest);
  const excused = CANNOT_WHY.test(folded) ? folded.replace(/\bduoc\b/gu, ' ') : folded;
  if (/^[\d/]/u.test(folded) || HARD_DOUBT.test(folded) || (plain ? ASSENTS_OPEN : ASSENTS).test(excused)) return false;
  if (REASON.test(folded)) return true;
  if (!plain) return false;
  if (NEGATION.test(folded)) return CANNOT_WHY.test(folded);
  return apart || SAYS_WHY.test(folded);
}
