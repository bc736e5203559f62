import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readAttendance } from '../../../bots/commands/read-attendance.js';
import { readSmsAnswer } from '../../../bots/commands/read-sms-answer.js';
import { stripDiacritics } from '../../../src/kernel/fold.js';

/** By mail and by SMS, with marks and without. */
const readings = (typed: string) => [typed, stripDiacritics(typed)].flatMap((text) => {
  const sms = readSmsAnswer(text);
  return [readAttendance(text)?.answer, sms.kind === 'meeting' ? sms.answer : sms.kind === 'received' ? 'received' : undefined];
});

describe('a refusal behind "đã nhận" confirms nothing', () => {
  test.each([
    'Đã nhận, từ chối', 'Đã nhận. Tôi đang nằm viện', 'Nhận được, tôi từ chối', 'Rõ, tôi ốm', 'Đã nhận. Nhà có tang', 'Đã nhận, gửi nhầm người rồi', 'Đã nhận, bận công tác', 'Đã nhận, hẹn dịp khác', 'Đã nhận giấy mời.\nTôi xin hoãn', 'Xác nhận, rút lại', 'Đã rõ! Đang cách ly', 'Đã nhận, phó của tôi vào',
    'Đã nhận, họp trực tuyến', 'Đã nhận, sẽ đến muộn', 'Đã nhận: ốm', 'Đã nhận, xin lỗi', 'Đã nhận, hủy',
  ])('"%s"', (typed) => expect(readings(typed)).toEqual([undefined, undefined, undefined, undefined]));

  test.each(['Đã nhận', 'Đã nhận giấy mời. Xin cảm ơn', 'Đã nhận, sẽ báo cáo lãnh đạo', 'Đã nhận, cảm ơn đồng chí', 'Đã nhận giấy mời, tôi sẽ trả lời sau', 'Đã nhận, đã đọc tài liệu', 'Dạ, đã nhận ạ', 'Đã nhận, sẽ sắp xếp công việc'])('"%s" still confirms', (typed) => expect(readAttendance(typed)).toEqual({ answer: 'received', note: '' }));

  test('whatever is said behind it in other words, it is no confirmation', () => {
    const received = fc.constantFrom('Đã nhận', 'Đã nhận được giấy mời', 'Rõ', 'Xác nhận', 'Nhận được', 'da nhan', 'Đã biết');
    const word = fc.constantFrom('tôi', 'từ chối', 'ốm', 'nằm viện', 'bận', 'nhà', 'có', 'tang', 'nhầm', 'hủy', 'rút lại', 'hoãn', 'muộn', 'kẹt xe', 'đi Hà Nội', 'phó', 'vào', 'HOP-2');
    fc.assert(fc.property(received, fc.constantFrom(', ', '. ', '\n', ' ', '! '), fc.array(word, { minLength: 1, maxLength: 4 }), (first, gap, more) => {
      expect(readAttendance(`${first}${gap}${more.join(' ')}`)?.answer).not.toBe('received');
    }), { numRuns: 1_000 });
  });
});

describe('lateness, a part, another way, another person, a change of mind: no absence', () => {
  test.each([
    'Không đến được, vào trực tuyến', 'Xin vắng, à nhầm', 'Vắng mặt anh Nam', 'Vắng, muộn 10 phút', 'Không đến được, trễ 30 phút', '2 bận họp, trễ 10 phút', '2 đi công tác, họp trực tuyến', 'Xin vắng, xin rút lại', 'VANG HOP-31, hủy', 'Vắng sáng', 'Vắng phần khai mạc', 'Vắng: buổi chiều', 'Vắng, nửa đầu', 'Vắng: 15 phút',
    'Xin vắng. Xin lỗi, nhầm máy', 'Vắng, bỏ qua nhé', 'Vắng: đính chính', 'Vắng, đồng chí Nam', 'Vắng: anh Nam ốm', 'Vắng: Nguyễn Văn Nam', 'VANG HOP-31: anh Nam', 'VANG HOP-31, muon 30 phut', 'VANG HOP-31 di cong tac, hop online', '2 HOP-31 om, huy', 'Không tham dự được, đề nghị gửi link zoom', 'Không đến được, xin dự qua cầu truyền hình', 'VANG HOP-31: di cong tac, cuoc hop so 2', 'Vắng mặt, thôi',
    'Vang di cong tac, nham', '2 om, rut lai', 'HOP-31 vang, om, den sau', 'Không dự được, cuộc họp ngày 25/11', 'Vắng, ngày 25/11', 'Vắng: thứ ba', 'Vắng, chờ lãnh đạo quyết', 'Xin vắng, hỏi lại sau', 'Xin vắng, 10p', "Vắng, chậm 15'",
  ])('"%s"', (typed) => expect(readings(typed)).toEqual([undefined, undefined, undefined, undefined]));

  test.each<[string, string]>([
    ['Vắng: đi công tác', 'đi công tác'], ['Vắng, đưa con đi khám', 'đưa con đi khám'], ['Vắng mặt do ốm', 'do ốm'], ['Vắng: họp rút kinh nghiệm bão lũ', 'họp rút kinh nghiệm bão lũ'], ['Vắng: làm việc với đoàn kiểm tra của Bộ', 'làm việc với đoàn kiểm tra của Bộ'], ['Vắng, thời tiết xấu', 'thời tiết xấu'],
    ['Vắng vì anh Nam ốm', 'vì anh Nam ốm'], ['Vắng vì đau bụng', 'vì đau bụng'], ['Vắng: đường hỏng', 'đường hỏng'],
  ])('"%s" is one, with its reason', (typed, note) => {
    expect(readAttendance(typed)).toEqual({ answer: 'absent', note });
    expect(readSmsAnswer(typed)).toEqual({ kind: 'meeting', answer: 'absent', note });
  });

  test('behind any clear absence, words that leave it open leave none', () => {
    const away = fc.constantFrom('Xin vắng', 'Vắng: bận công tác', 'Không tham dự được vì ốm', '2 di cong tac', 'VANG HOP-31 om', 'Vang mat do om', 'Tôi không dự được', 'HOP-31 vang, om');
    const open = fc.constantFrom('à nhầm', 'xin rút lại', 'huỷ', 'hủy nhé', 'nhầm máy', 'đến muộn 10 phút', 'trễ 30 phút', 'họp trực tuyến', 'vào zoom', 'buổi sáng', 'phần khai mạc', 'bỏ qua', 'cuộc họp số 7', 'thôi');
    fc.assert(fc.property(away, open, fc.constantFrom(', ', '. ', ' - ', ' ', '\n'), fc.boolean(), (text, more, gap, bare) => {
      const typed = bare ? stripDiacritics(text + gap + more) : text + gap + more;
      expect(readAttendance(typed), typed).toBeUndefined();
      expect(readSmsAnswer(typed), typed).toEqual({ kind: 'unclear' });
    }), { numRuns: 1_500 });
  });
});

describe('a yes keeps how, and becomes none by what takes it back', () => {
  test.each<[string, string]>([['Tôi dự họp trực tuyến', 'trực tuyến'], ['toi du hop truc tuyen', 'truc tuyen'], ['Tham dự online', 'online'], ['tham dự qua cầu truyền hình', 'qua cầu truyền hình']])('"%s"', (typed, note) => {
    expect(readAttendance(typed)).toEqual({ answer: 'attending', note });
    expect(readSmsAnswer(typed)).toEqual({ kind: 'meeting', answer: 'attending', note });
  });
  test.each<[string, object]>([['CO HOP-31 truc tuyen', { note: 'truc tuyen', meeting: { number: 31 } }], ['1 truc tuyen', { note: 'truc tuyen' }], ['1, online', { note: 'online' }], ['Toi du hop truc tuyen HOP-31', { note: 'truc tuyen', meeting: { number: 31 } }]])('"%s" by SMS', (typed, more) => expect(readSmsAnswer(typed)).toEqual({ kind: 'meeting', answer: 'attending', ...more }));
  test.each(['Tôi sẽ dự, à nhầm', 'Tham dự, huỷ', '1 nham', '1, rut lai', 'CO HOP-31 huy', 'Tôi sẽ dự, đến muộn', 'Tham dự buổi sáng', 'CO HOP-31 buoi sang', '1 den muon', 'có trực tuyến', 'Tôi dự nửa ngày', 'Tham dự. Tôi ốm'])('"%s" is none', (typed) => expect(readings(typed)).toEqual([undefined, undefined, undefined, undefined]));
});

describe('another meeting', () => {
  test.each(['Xin vắng: HOP-2', 'Vắng mặt, HOP-2026-00002', 'Tôi không dự được: HOP-2', 'Xin vắng. (cuộc họp số 2)', 'Tôi sẽ dự HOP-2', 'Tham dự. HOP 2', 'Đã nhận HOP-2', 'Vắng: họp số 2', 'Vắng, giấy mời số 2', 'Vắng HOP-1 và HOP-2', 'Đã nhận, HOP-2', 'Xin vắng HOP-2025-00001'])('"%s" in answer to HOP-1 says nothing of it', (typed) => expect(readAttendance(typed, 'HOP-2026-00001')).toBeUndefined());
  test.each<[string, ReturnType<typeof readAttendance>]>([
    ['Xin vắng: HOP-1', { answer: 'absent', note: '' }], ['Xin vắng HOP-2026-00001 vì đi công tác', { answer: 'absent', note: 'vì đi công tác' }], ['Tôi sẽ tham dự HOP-1', { answer: 'attending', note: '' }], ['Tôi sẽ tham dự (HOP-1).', { answer: 'attending', note: '' }], ['Đã nhận HOP-1', { answer: 'received', note: '' }],
    ['Vắng: họp 3 xã vùng lũ', { answer: 'absent', note: 'họp 3 xã vùng lũ' }], ['Vắng: bận họp 9h tại Sở', { answer: 'absent', note: 'bận họp 9h tại Sở' }],
  ])('"%s" in answer to HOP-1 is an answer', (typed, said) => expect(readAttendance(typed, 'HOP-2026-00001')).toEqual(said));
});
