import { isPersonName } from './person-name.js';
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
/** "cuộc họp ngày 25/11": which one is meant is not sure. */
const ANOTHER = new RegExp(String.raw`^[\s,;:.\-]*(?:${words('cuộc|phiên|lịch họp|ngày|hôm|tuần')}|${words('thứ')} (?:\d|${words('hai|ba|tư|năm|sáu|bảy')}))(?!\p{L})`, 'u');
const UNDECIDED = alone(words('!chờ|hỏi lại|báo lại|xem lại|cân nhắc|tính sau|xin chỉ đạo|xin ý kiến'));
const SOMEBODY = new RegExp(String.raw`^[\s,;:.\-]*(?:${words('cho|là|báo')} )?(?:(?:${words('anh|ông|đồng chí|!bà|!cô|!chú|!bác|!thầy')}|đ\/c|d\/c|đc|dc|${words('chị')}(?! (?:cuc|cục|nhánh|nhanh|bộ|bo|đoàn|doan|hội|hoi|huy|đạo|dao)(?!\p{L})))(?!\p{L}))`, 'u');

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
  return [TAKEN_BACK, LATE, ONLINE, PART, SOMEBODY, ANOTHER, UNDECIDED].some((pattern) => pattern.test(lowered)) || /\d ?['’′]/u.test(lowered) || isPersonName(rest.replace(/^[\s,;:.-]+|[\s.]+$/gu, ''));
}
