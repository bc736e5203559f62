import { isPersonName } from './person-name.js';
import { foldInPlace, tidy } from './tidy.js';
import { lowerInPlace, words } from './typed-words.js';

const alone = (pattern: string): RegExp => new RegExp(String.raw`(?<![\p{L}\d])(?:${pattern})(?![\p{L}\d])`, 'u');

/** "à nhầm", "xin rút lại", "huỷ": what stood before does not hold any more. */
const TAKEN_BACK = alone(
  String.raw`${words('nhầm|hủy|huỷ|bỏ qua|!bỏ|đính chính|sửa lại|gửi lại|đổi lại|đổi ý|quên|thu hồi|khoan|!lộn|coi như|từ chối vắng')}|${words('rút')}(?! kinh nghiệm| kinh nghiem)|${words('thôi')}(?! (?:tiet|tiết|gian|việc|viec|sự|su)(?!\p{L}))|(?:bo|lon)(?=[\s.!]*$| (?:di|roi|nhe|a|so|nguoi)(?!\p{L}))`,
);
/** There, only later. */
const LATE = alone(String.raw`${words('muộn|trễ|chậm|phút|lát|một lúc|1 lúc|đến sau|vào sau|tới sau|ra sớm|về sớm|về trước|có mặt sau|ghé')}|\d+ ?p`);
/** There, from elsewhere. */
const ONLINE = alone(words('trực tuyến|trực tiếp|online|onl|zoom|meet|meeting|webex|teams|skype|zalo|cầu truyền hình|điểm cầu|từ xa|qua mạng|link|video|đường truyền|qua điện thoại'));
/** Away from a part of it only. */
const PART = alone(
  String.raw`${words('buổi|!sáng|chiều|!tối|trưa|nửa|đầu giờ|cuối giờ|giờ đầu|khai mạc|bế mạc|thảo luận|giải lao|ngày đầu|sau đó|lúc đầu|ban đầu|một ngày|một số|!tạm|tạm thời')}|chỉ(?! (?:đạo|thị|huy|định|tiêu|dẫn)(?!\p{L}))|${words('phần')}(?! (?:mềm|mem|công|cong|lớn|lon|bổ|bo|hồi|hoi|ánh|anh)(?!\p{L}))|sang(?=[\s,.!]*$| (?:nay|mai|hom|thu|\d))`,
);
/** What kept them away is over, was then, or they are on their way; folded. */
const NO_LONGER = /(?<!\p{L})(?:(?:ve|kip|len) (?:kip|ve|hop)|xong (?:roi|qua|len|ve|sang|toi|se)|(?:da|nay|gio) (?:khoi|(?:duoc )?(?:sap )?xep|bo tri|thu xep|doi|ranh)|roi khoi|khoi roi|het (?:ban|om|viec)|(?<!khong )ranh|xep lai|doi (?:ca|lich)|lich kia (?:da )?(?:hoan|huy|doi)|da huy|dang tren duong|hom (?:do|qua|truoc|no)|(?:ky|lan|tuan|thang) truoc|nhung (?:se|van|da|xong|co)|(?:^|[,:] )(?:sai|sai roi|oan|oan qua|vo ly))(?!\p{L})/u;
/** "Vắng: trưởng phòng", "Không dự: Sở Tài chính": somebody else is named by post or office. */
const BY_POST = /^\s*[,.:;-]\s*(?:(?:quyen|moi|co moi|dai dien|lanh dao|toan the) ?)*(?:(?:pho )?(?:giam doc|chu tich|truong (?:phong|ban|doan)|chanh (?:van phong|thanh tra)|bi thu|chuyen vien|ke toan|thu ky|hieu truong)|pho(?= )|ubnd|hdnd|so(?= (?:tai|noi|y|xay|cong|nong|tu|van|giao|khoa|ngoai))|van phong|phong(?! (?:benh|chong|khoa|hop))|xa|phuong|dai bieu|khach moi|lanh dao|toan the|(?:em|chau|a) \p{L}+$|hai$|ba nguoi|nhieu$)(?!\p{L})/u;
/** "Vắng: Hoa", "Vắng: Bản Vược", "Không tham gia: HTX": nothing but names; "Vắng: Ốm" gives a reason. */
const NAMES_ONLY = /^\s*[,.:;-]\s*(?:(?:\p{Lu}\p{Ll}*|\p{Lu}{2,})[\s,.]*){1,4}$/u;
const GIVES_REASON = new RegExp(`^${words('ốm|bận|bệnh|sốt|mệt|đau|họp|đi|công|nghỉ|việc|trùng|có|gia|do|vì|lý|con|vợ|chồng|bố|mẹ|nhà|đám|khám|trực|tiếp|tập|tang|đang|phải|bị|xin|không|tôi|em')}$`, 'u');
/** Said of somebody's absence by who minds it. */
const BLAMES = /(?<!\p{L})(?:phe binh|nhac nho|kiem diem|ky luat|truy cuu)(?!\p{L})/u;
/** "cuộc họp ngày 25/11": which one is meant is not sure. */
const ANOTHER = new RegExp(String.raw`^[\s,;:.\-]*(?:${words('cuộc|phiên|lịch họp|ngày|hôm|tuần')}|${words('thứ')} (?:\d|${words('hai|ba|tư|năm|sáu|bảy')}))(?!\p{L})`, 'u');
const UNDECIDED = alone(words('!chờ|hỏi lại|báo lại|xem lại|cân nhắc|tính sau|xin chỉ đạo|xin ý kiến'));
const SOMEBODY = new RegExp(String.raw`^[\s,;:.\-]*(?:${words('cho|là|báo')} )?(?:(?:${words('anh|ông|đồng chí|!bà|!cô|!chú|!bác|!thầy')}|đ\/c|d\/c|đc|dc|${words('chị')}(?! (?:cuc|cục|nhánh|nhanh|bộ|bo|đoàn|doan|hội|hoi|huy|đạo|dao)(?!\p{L})))(?!\p{L}))`, 'u');

const COMES = String.raw`(?:tham du|tham gia|du|den|di|co mat)(?= (?:duoc|hop|cuoc hop|truc tuyen|online|dung gio|day du|roi|nhe|nha|a|ma|cung|buoi|binh thuong)(?!\p{L})|[\s,.!]*$|\s*[,.!;])`;
/** "không vắng", "bấm sai", "tôi dự được rồi", "chuyển thành tham dự": folded; behind "Vắng" these say the contrary. */
const COMES_NOW = new RegExp(
  String.raw`(?<!\p{L})(?:khong (?:phai )?(?:la )?vang|(?:bam|an|go|chon|tra loi|bao) (?:sai|lon)|sai roi|het ban|(?:doi|chuyen|sua) (?:lai )?thanh|(?<!khong )(?:se|co|van|dang|xin|lai|toi|em|minh) ${COMES}|(?<!khong (?:the )?(?:toi )?)(?:du|den|di|tham du|sap xep|bo tri|thu xep) duoc|dang tren duong)(?!\p{L})`,
  'u',
);

/** Asked for the reason: is this none? A question, a sign, a number, a percent, or words of somebody who comes after all. */
export function isNoReason(words: string): boolean {
  const folded = foldInPlace(tidy(words));
  return changesMind(words) || COMES_NOW.test(folded) || /\?[\s!.]*$|^\s*\d+\s*(?:%|$)/u.test(folded) || !/\p{L}{2}/u.test(folded);
}

/** "à nhầm", "đến muộn 10 phút": typed where the reason for being away is awaited, they are none. */
export function changesMind(words: string): boolean {
  const lowered = lowerInPlace(words.normalize('NFC'));
  return TAKEN_BACK.test(lowered) || LATE.test(lowered);
}

/**
 * Do words behind a "no" leave it open? They take it back, promise to come late or from elsewhere, speak of a part of the
 * meeting or of another one, are about somebody else, or not decided: then a person has to be asked. Works on any capitals and with or without marks.
 */
export function leavesOpen(rest: string): boolean {
  const lowered = lowerInPlace(rest.normalize('NFC'));
  const folded = foldInPlace(rest.normalize('NFC'));
  if (NO_LONGER.test(folded) || BY_POST.test(folded) || BLAMES.test(folded) || namesOnly(rest)) return true;
  return [TAKEN_BACK, LATE, ONLINE, PART, SOMEBODY, ANOTHER, UNDECIDED].some((pattern) => pattern.test(lowered)) || /\d ?['’′]/u.test(lowered) || isPersonName(rest.replace(/^[\s,;:.-]+|[\s.]+$/gu, ''));
}

/** Nothing but words with capitals, the first of which begins no reason. */
function namesOnly(rest: string): boolean {
  const nfc = rest.normalize('NFC');
  const first = /\p{L}/u.exec(nfc)?.index ?? 0;
  const word = /^\p{L}+/u.exec(nfc.slice(first))?.[0] ?? '';
  return NAMES_ONLY.test(nfc) && !GIVES_REASON.test(word.toLowerCase());
}
