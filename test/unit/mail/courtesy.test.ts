import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { withoutCourtesy } from '../../../bots/commands/courtesy.js';
import { readAttendance } from '../../../bots/commands/read-attendance.js';

test.each<[string, string | undefined]>([
  ['Kính gửi Văn phòng, tôi tham dự. Trân trọng.', 'attending'],
  ['Kính gửi: Văn phòng UBND tỉnh\n\nTôi sẽ tham dự.\n\nTrân trọng,\nNguyễn Thị Lan\nGiám đốc Sở Tài chính', 'attending'],
  ['Kinh gui Van phong, toi tham du. Tran trong cam on.', 'attending'],
  ['Kính gửi Văn phòng. Tôi không tham dự được vì đi công tác. Trân trọng.', 'absent'],
  ['Kính gửi các đồng chí, vắng: bận công tác', 'absent'],
  ['Kính gửi Văn phòng, đã nhận giấy mời. Xin cảm ơn!', 'received'],
  ['Kính gửi Văn phòng, tôi tham dự nếu kịp. Trân trọng.', undefined],
  ['Kính gửi Văn phòng tôi không dự được, đồng chí Nam tham dự', undefined],
  ['Kính gửi Văn phòng, Phó Giám đốc tham dự. Trân trọng.', undefined],
  ['Kính gửi Văn phòng, tôi tham dự.\nTrân trọng,\nKhông Dự', undefined],
  ['Kính gửi Văn phòng, trân trọng', undefined],
])('%j', (typed, answer) => expect(readAttendance(typed)?.answer).toBe(answer));

describe('courtesy never turns a refusal or a doubt into a yes', () => {
  const greeting = fc.constantFrom('', 'Kính gửi Văn phòng, ', 'Kính gửi: Văn phòng UBND tỉnh\n', 'Kính thưa đồng chí Chánh Văn phòng. ', 'Kinh gui Van phong: ', 'Gửi các đồng chí!\n\n');
  const closing = fc.constantFrom('', '. Trân trọng.', '. Xin cảm ơn!', '\nTrân trọng,\nNguyễn Thị Lan', '\nTrân trọng cảm ơn\nNguyễn Thị Lan\nPhó Giám đốc', ', kính báo');
  const doubtful = fc.constantFrom('không tham dự', 'Tôi không dự được', 'chưa chắc tham dự', 'Vắng', 'vắng: ốm', 'tôi tham dự nếu kịp', 'ai tham dự', 'Anh Nam tham dự', 'cử đồng chí Nam tham dự', 'tham dự hay không', 'khong tham du', 'tham dự không', 'Tham dự?', 'Không, tôi tham dự họp khác');
  const clear = fc.constantFrom('Tham dự', 'tôi sẽ tham dự', 'Toi se du', 'dự họp');

  test('around a refusal or a doubt there is no yes', () => {
    fc.assert(fc.property(greeting, doubtful, closing, (before, text, after) => {
      expect(readAttendance(before + text + after)?.answer).not.toBe('attending');
    }), { numRuns: 600 });
  });

  test('a doubt inside the formulas themselves leaves no yes', () => {
    const doubt = fc.constantFrom('không', 'chưa', 'nếu', 'ai', 'khong', 'chua', 'ko', 'vắng', 'đâu');
    fc.assert(fc.property(doubt, clear, closing, (word, text, after) => {
      for (const typed of [`Kính gửi Văn phòng ${word}, ${text}${after}`, `Kính gửi ${word}: ${text}${after}`, `${text}\nTrân trọng,\n${word}${after}`, `${text}. ${word} trân trọng`]) expect(readAttendance(typed)?.answer, typed).not.toBe('attending');
    }), { numRuns: 600 });
  });

  test('whatever is taken off says nothing: what is left is a piece of the text, and the rest has no word of an answer', () => {
    const word = fc.constantFrom('Kính gửi', 'Văn phòng', 'tôi', 'không', 'tham dự', 'vắng', 'Trân trọng', 'cảm ơn', ',', '.', '\n', 'Nguyễn Lan', 'dự', 'ốm', 'nếu');
    fc.assert(fc.property(fc.array(word, { maxLength: 12 }).map((all) => all.join(' ')), (typed) => {
      const said = (text: string): string[] => text.match(/không|tham dự|vắng|dự|nếu|ốm/gu) ?? [];
      expect(said(withoutCourtesy(typed))).toEqual(said(typed));
    }), { numRuns: 2_000 });
  });

  test('clear words stay clear with any greeting and closing', () => {
    fc.assert(fc.property(greeting, clear, closing, (before, text, after) => {
      expect(readAttendance(before + text + after)?.answer, before + text + after).toBe('attending');
    }), { numRuns: 400 });
  });
});
