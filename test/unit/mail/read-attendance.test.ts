import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readAttendance } from '../../../bots/commands/read-attendance.js';

test.each<[string, ReturnType<typeof readAttendance>]>([
  ['Đã nhận', { answer: 'received', note: '' }],
  ['đã nhận được giấy mời', { answer: 'received', note: '' }],
  ['OK', { answer: 'received', note: '' }],
  ['Vâng', { answer: 'received', note: '' }],
  ['Tham dự', { answer: 'attending', note: '' }],
  ['Tôi sẽ tham dự đúng giờ', { answer: 'attending', note: '' }],
  ['tham dự trực tuyến', { answer: 'attending', note: 'trực tuyến' }],
  ['Đã nhận, sẽ dự họp', { answer: 'attending', note: '' }],
  ['Tham dự'.normalize('NFD'), { answer: 'attending', note: '' }],
  ['Vắng: bận công tác', { answer: 'absent', note: 'bận công tác' }],
  ['vắng mặt do ốm', { answer: 'absent', note: 'do ốm' }],
  ['Xin phép vắng họp vì đi cơ sở', { answer: 'absent', note: 'vì đi cơ sở' }],
  ['Không tham dự được vì đi công tác', { answer: 'absent', note: 'vì đi công tác' }],
  ['Tôi không dự được', { answer: 'absent', note: 'Tôi không dự được' }],
  ['Không thể tham dự', { answer: 'absent', note: '' }],
  // Anything that could mean two things is asked back.
  ['Vắng hay tham dự?', undefined],
  ['Có tham dự được không?', undefined],
  ['Cử đồng chí Phó Giám đốc dự thay', undefined],
  ['Vắng: đi công tác, cử đồng chí Phó Chánh Thanh tra dự thay', { answer: 'absent', note: 'đi công tác, cử đồng chí Phó Chánh Thanh tra dự thay' }],
  ['Vắng: đi công tác tại Hà Nội, xin cử đồng chí Trưởng phòng dự thay', { answer: 'absent', note: 'đi công tác tại Hà Nội, xin cử đồng chí Trưởng phòng dự thay' }],
  ['Vắng: cử đồng chí Phó Giám đốc dự thay', { answer: 'absent', note: 'cử đồng chí Phó Giám đốc dự thay' }],
  ['Vắng: dự họp HĐND', { answer: 'absent', note: 'dự họp HĐND' }],
  ['Vắng: đi công tác, cử đồng chí A dự thay được không?', undefined],
  ['Vắng, nhưng sẽ cử đồng chí A dự', undefined],
  ['Không vắng, cử đồng chí A dự', undefined],
  ['Tôi vắng buổi sáng, tham dự buổi chiều', undefined],
  ['vang', undefined],
  ['Tài liệu gửi kèm', undefined],
  ['', undefined],
])('%s', (typed, expected) => {
  expect(readAttendance(typed)).toEqual(expected);
});

describe('never the wrong way round', () => {
  test.each([
    'Tôi không kịp dự', 'Tôi chưa dự được', 'Ko dự được ạ', 'Khó dự được', 'Không xếp lịch dự được', 'Dự án chậm tiến độ nên không bố trí được', 'Chẳng dự', 'Không có dự',
    'không muốn dự', 'không kịp tham dự', 'chưa thể tham dự', 'Tôi đâu có dự', 'nếu kịp tôi sẽ dự', 'Ai dự vậy', 'Anh Nam dự', 'dự thảo đã gửi', 'dự kiến 15h', 'Tham dự không', 'Đã nhận, chưa chắc dự',
    'Dù', 'Đủ', 'Minh dự', 'Tham dự nhưng về sớm', 'Tham dự\nTrân trọng,\nKhông Dự', 'Tham dự\nTrân trọng,\nà thôi bận rồi',
    'Tôi không nhận được giấy mời kèm theo', 'chưa nhận được', 'Ai đã nhận', 'tài liệu ok chưa', 'chưa rõ', 'Đã nhận, không dự', 'Anh Nam đã nhận',
    'Tôi không thể vắng mặt', 'Không vắng mặt', 'Ai vắng mặt', 'Anh Nam vắng', 'vắng mặt là không được', 'Vắng được không', 'Vắng ai', 'Vâng, tôi xin phép vắng', 'Vì anh Nam không dự được', 'Vắng, nhưng tôi vẫn đến', 'Vắng nếu bận', 'xin vang',
  ])('"%s": nobody is put down for it', (typed) => expect(readAttendance(typed)).toBeUndefined());

  test.each<[string, ReturnType<typeof readAttendance>]>([
    ['Dạ, tôi xin tham dự họp ạ.', { answer: 'attending', note: '' }],
    ['Đã nhận giấy mời, tôi sẽ tham dự đầy đủ. Trân trọng!', { answer: 'attending', note: '' }],
    ['Tham dự.\n\nTrân trọng,\nNguyễn Thị Lan', { answer: 'attending', note: '' }],
    ['Tôi dự được', { answer: 'attending', note: '' }],
    ['Vắng, đi công tác', { answer: 'absent', note: 'đi công tác' }],
    ['Vắng, đi Đà Nẵng', { answer: 'absent', note: 'đi Đà Nẵng' }],
    ['Vắng: bận họp', { answer: 'absent', note: 'bận họp' }],
    ['Vắng: không bố trí được lịch', { answer: 'absent', note: 'không bố trí được lịch' }],
    ['Bận họp nên tôi xin phép vắng ạ', { answer: 'absent', note: 'Bận họp nên tôi xin phép vắng ạ' }],
    ['Đã nhận giấy mời. Xin cảm ơn', { answer: 'received', note: '' }],
    ['Tôi đã nhận được thông báo, sẽ báo cáo lãnh đạo', { answer: 'received', note: '' }],
  ])('"%s" is clear', (typed, expected) => expect(readAttendance(typed)).toEqual(expected));

  const doubt = fc.constantFrom('không', 'Không', 'ko', 'k', 'kg', 'khg', 'hok', 'hổng', 'chẳng', 'chưa', 'đâu', 'khó', 'nếu', 'ai', 'khong', 'chang', 'chua', 'dau', 'kho', 'neu', 'no', 'nó', 'Anh Nam', '?');
  const yes = fc.constantFrom('Tham dự', 'tham du', 'Tôi sẽ tham dự', 'Toi se du', 'dự', 'Dự họp', 'tôi có dự', 'em xin tham dự ạ', 'Vâng, tôi sẽ dự', 'Đã nhận, sẽ dự họp', 'có mặt đúng giờ', 'Tôi dự được', 'tham dự trực tuyến', 'Đồng ý dự');
  test('a doubt before, behind or between the words of a yes leaves no yes', () => {
    fc.assert(fc.property(yes, doubt, fc.nat(), fc.constantFrom(' ', ', ', '. ', '\n'), (text, word, at, gap) => {
      expect(readAttendance(text)?.answer).toBe('attending');
      const parts = text.split(' ');
      const place = at % (parts.length + 1);
      const typed = [parts.slice(0, place).join(' '), word, parts.slice(place).join(' ')].filter((part) => part !== '').join(gap);
      expect(readAttendance(typed)?.answer).not.toBe('attending');
    }), { numRuns: 2_000 });
  });
});
