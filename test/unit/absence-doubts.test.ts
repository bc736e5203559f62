import { describe, expect, test } from 'vitest';
import { isNoReason } from '../../bots/commands/not-away.js';
import { readAttendance } from '../../bots/commands/read-attendance.js';
import { readMeetingRef } from '../../bots/commands/read-ref.js';
import { readSmsAnswer } from '../../bots/commands/read-sms-answer.js';

const sms = (words: string): string => {
  const said = readSmsAnswer(words);
  return said.kind === 'meeting' ? said.answer : said.kind;
};

describe('what kept them away is over, or somebody else is named: no absence of the writer', () => {
  test.each([
    'Vắng vì ốm, nay đã khỏi', 'Vắng, đã sắp xếp xong', 'Vắng, nay hết bận', 'Vắng, giờ rảnh', 'Vắng vì trùng lịch, lịch kia hoãn', 'Tôi không dự được do lịch cũ, nay đã sắp xếp', 'Tôi không dự được: sai', 'Vắng, sai rồi', 'Tôi không dự vì hôm đó ốm', 'Tôi vắng vì ốm kỳ trước', 'Không có mặt, đang trên đường',
    'Vắng: trưởng phòng', 'Vắng: chủ tịch xã', 'Vắng: Sở Tài chính', 'Vắng mặt: UBND xã Cốc Lếu', 'Không dự: phó giám đốc', 'Không có mặt: trưởng phòng', 'Vắng: em Hoa', 'Vắng: hai', 'Vắng: toàn thể',
    'Vắng: Hoa', 'Vắng, Nam', 'Vắng: Bản Vược', 'Vắng. Phó Giám đốc ốm.', 'Không tham gia: HTX', 'Vắng, phê bình',
  ])('%s', (words) => expect(readAttendance(words, 'HOP-2026-00031')).toBeUndefined());

  test.each([
    'vang, cong tac chuan bi xong', 'vang cong tac chuan bi da xong', 'vang, cong tac to chuc chu dao', 'vang, cong tac tot', 'vang, viec nha nuoc', 'vang truc lu da bo tri', 'vang, tiep dan da bo tri nguoi khac', 'vang, tap huan da xong', 'vang, di kiem tra ngay', 'vang di co so ngay', 'vang, phai ban', 'vang, sot ruot qua', 'vang, HOP-31',
    'vang di cong tac ve kip', 'vang di cong tac xong len hop', 'vang ve que roi len kip', '2 di cong tac ve kip', '2 di co so ve hop', '2 hop khac xong qua', '2 trung lich da xep lai', '2 trung hop da doi lich hop kia', '2 nghi phep xong roi', '2 viec rieng xong roi', '2 ban viec xong qua ngay', '2 truc ban doi ca roi', '2 om da khoi',
  ])('by SMS "%s"', (words) => expect(sms(words)).toBe('unclear'));
});

describe('true absences are read as before', () => {
  test.each(['Xin vắng: bận công tác', 'Vắng do trùng lịch tiếp công dân', 'Vắng, cử phó chủ tịch dự thay', 'Không dự được vì ốm', 'Vắng, vợ ốm', 'Vắng vì giám đốc ốm', 'Vắng: Ốm', 'VẮNG: ỐM', 'Vắng: Bận họp', 'Vắng: Đi công tác', 'Vắng. Bận họp Sở', 'Vắng, đi Hà Nội'])('%s', (words) => expect(readAttendance(words)?.answer).toBe('absent'));
  test.each(['2 ban hop', 'vang di cong tac', 'vang vi om', 'VANG HOP-31 di cong tac', '2 con om', 'vang cong tac o Ha Noi', 'vang ban viec gia dinh'])('by SMS "%s"', (words) => expect(sms(words)).toBe('absent'));
});

describe('asked for the reason of an absence', () => {
  test.each(['Xin lỗi, tôi sẽ tham dự', 'tôi dự được rồi', 'không vắng', 'tôi không vắng nữa', 'bấm sai', 'Ok, tôi sẽ đi', 'Đã bố trí được, tôi tham dự', 'lịch kia hoãn, tôi dự được', 'chuyển thành tham dự', '70% đã họp với Sở', 'họp lúc mấy giờ?', '1', '👍', 'à nhầm'])('"%s" is none', (words) => expect(isNoReason(words)).toBe(true));
  test.each(['bận họp', 'cử phó chủ tịch dự thay', 'tôi dự hội nghị ở Bộ', 'không sắp xếp được lịch', 'đi cùng đoàn Trung ương', 'có tang', 'dự lễ 20/11', 'tôi đi công tác'])('"%s" is one', (words) => expect(isNoReason(words)).toBe(false));
});

test.each(['2 ngày đi công tác', '25/11 tôi bận', '9 giờ tôi có việc', '2 con ốm', '20-11 dự lễ', '3 đồng chí cùng vắng'])('"/vang %s" names no meeting', (words) => expect(readMeetingRef(words)).toBeUndefined());
test.each([['HOP-2 con ốm', 2], ['31', 31], ['31 bận họp', 31], ['HOP-2026-00031 bận', 31], ['2026/31 bận', 31], ['họp 31, bận', 31], ['HOP-31 bận', 31]] as const)('"/vang %s" names one', (words, number) => expect(readMeetingRef(words)?.ref.number).toBe(number));
