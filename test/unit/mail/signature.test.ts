import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readAttendance } from '../../../bots/commands/read-attendance.js';
import { withoutSignature } from '../../../bots/commands/signature.js';
import { cutReply } from '../../../src/mail/cut-reply.js';

const YES = 'Tôi sẽ dự họp.';
/** As the inbox does it: the letter is cut first. */
const read = (letter: string) => readAttendance(cutReply(letter, ['nhacviec@laocai.example']));

test.each([
  'Nguyễn Tố Quyên\nSĐT: 0912 345 678', 'Nguyễn Tố Quyên\nPhó Giám đốc Sở Tài chính\nĐT: 0912.345.678 - Email: quyen@stc.vn', 'Nguyễn Tố Quyên - Phó Giám đốc', 'Vàng A Sáng\nPhó Chủ tịch UBND xã Bát Xát', 'PHÓ GIÁM ĐỐC\n\nNGUYỄN TỐ QUYÊN', 'Nguyen To Quyen\nSDT: 0912345678',
  'Nguyễn Tố Quyên\nBan Quản lý dự án\n0912 345 678', 'Lý Thị Mẩy | Chuyên viên Văn phòng\nhttps://laocai.example',
])('below an empty line: %j', (block) => {
  expect(read(`${YES}\n\n${block}`)).toEqual({ answer: 'attending', note: '' });
  expect(read(`Xin vắng\n\n${block}`)).toEqual({ answer: 'absent', note: '' });
  expect(read(`Vắng: đi công tác\n\nTrân trọng,\n\n${block}`)).toEqual({ answer: 'absent', note: 'đi công tác' });
});

test.each([
  'Phó Giám đốc dự thay', 'Không Dự', 'à nhầm', 'Từ Chối', 'Huỷ', 'Bận họp HĐND', 'Nguyễn Văn Nam dự thay', 'Nguyễn Tố Quyên\nvắng', 'P/S: tôi đến muộn 30 phút', 'SĐT: 0912 345 678\nTôi ốm', 'Đồng chí Nam thay tôi', 'Phó Giám đốc', 'Sở Tài chính', 'Ban hop HDND', 'huy',
])('%j below it is no signature: nothing is written', (more) => {
  for (const letter of [`${YES}\n\n${more}`, `${YES}\n\nTrân trọng,\n${more}\nNguyễn Tố Quyên`]) {
    const plain = /^(?:Phó Giám đốc|Sở Tài chính)$/.test(more) && letter.includes('Trân trọng');
    expect(read(letter), letter).toEqual(plain ? { answer: 'attending', note: '' } : undefined);
  }
});

describe('a signature, a salutation or a closing never hides a refusal', () => {
  const refusal = fc.constantFrom('Tôi không dự được nữa', 'à nhầm, tôi vắng', 'nhưng đến muộn 30 phút', 'Xin rút lại', 'Huỷ', 'P/S: họp trực tuyến', 'Tôi ốm', 'bận rồi', 'Từ chối', 'Khong du', 'toi vang mat', 'Vắng', 'nếu xong việc', 'nham roi', 'Tôi đang nằm viện');
  const line = fc.constantFrom('Nguyễn Tố Quyên', 'Phó Giám đốc Sở Tài chính', 'SĐT: 0912 345 678', 'Trân trọng,', 'Trân trọng cảm ơn!', '', '', '-- ', 'Sent from my iPhone', 'Quyên');

  test('wherever it stands among the lines of a signature, there is no yes', () => {
    fc.assert(fc.property(fc.array<string>(line, { maxLength: 6 }), refusal, fc.nat(), fc.constantFrom(YES, 'Tham dự', 'Đã nhận, tôi sẽ dự'), (lines, words, at, yes) => {
      const tail = [...lines];
      tail.splice(at % (lines.length + 1), 0, words);
      const letter = [yes, ...tail].join('\n');
      expect(read(letter)?.answer, letter).not.toBe('attending');
      expect(readAttendance(letter)?.answer, letter).not.toBe('attending');
    }), { numRuns: 3_000 });
  });

  test('nor in the salutation', () => {
    fc.assert(fc.property(fc.constantFrom('Kính gửi Văn phòng, ', 'Thưa đồng chí, ', 'Chào đồng chí: ', 'Dear all, '), refusal, (greeting, words) => {
      expect(read(`${greeting}${words}\n${YES}`)?.answer).not.toBe('attending');
    }));
  });

  test('what is taken off is lines of the end, never one with a word of an answer', () => {
    const any = fc.oneof(line, refusal, fc.constantFrom('Tham dự', 'Nguyễn Văn Không', 'Cử Nam', 'Do Ốm', '70% đã họp'));
    fc.assert(fc.property(fc.array<string>(any, { minLength: 1, maxLength: 8 }), (lines) => {
      const text = lines.join('\n').trim();
      const kept = withoutSignature(text);
      expect(text.split('\n').map((one) => one.trim()).join('\n').startsWith(kept) || kept === text).toBe(true);
      expect(text.slice(kept.length)).not.toMatch(/không|vắng|nhầm|muộn|rút|huỷ|trực tuyến|ốm|bận|từ chối|dự|nếu|khong|vang|nham|viện|70%/i);
    }), { numRuns: 2_000 });
  });
});
