import fc from 'fast-check';
import { expect, test } from 'vitest';
import { saysNotMe } from '../../src/delivery/phones/says-not-me.js';
import { stripDiacritics } from '../../src/kernel/fold.js';

const NAMES = ['Nguyễn Thị Lan'];

const yes = [
  'Không phải tôi', 'KHÔNG PHẢI TÔI!', 'Không phải tôi, nhầm số rồi', 'Nhầm số', 'nhầm số rồi ạ', 'Sai số', 'Sai số rồi.', 'Không phải số của tôi', 'Không phải số tôi',
  'Không phải máy của tôi', 'Xin lỗi, nhầm số', 'Dạ không phải em ạ', 'Bạn nhắn nhầm số rồi', 'Gửi nhầm người rồi', 'Tôi không phải Lan', 'Tôi không phải là đồng chí Lan', 'Tôi không phải bà Nguyễn Thị Lan', 'Tôi không phải người này',
];
const no = [
  'Báo cáo sai số liệu, xin gửi lại', 'Đã nhận. Không phải Chủ tịch dự họp mà là Phó Chủ tịch', 'Không phải Chủ tịch dự họp', 'nhắn nhầm số công văn', 'Đồng chí nhắn nhầm số công văn, đúng là 5127', 'Tôi từ chối dự họp', 'Từ chối', 'Ok', '',
  'Tôi không phải dự họp', 'Tôi không phải chủ trì', 'Không phải tôi chủ trì', 'Không phải Lan đi họp', 'Sai số văn bản', 'Nhầm số phòng họp', 'Không phải tôi không dự', 'Tôi không phải', 'Tôi không phải Hoa', 'Không phải nộp', 'sai', 'nhầm', 'không phải', 'không', 'Không phải số của tôi mà số liệu của Sở Tài chính sai', 'Người của tôi',
];

for (const [kind, form] of [['with diacritics', (text: string) => text], ['decomposed', (text: string) => text.normalize('NFD')], ['without diacritics', stripDiacritics], ['in capitals', (text: string) => stripDiacritics(text).toUpperCase()]] as const) {
  test.each(yes)(`${kind}: %j disowns the number`, (text) => expect(saysNotMe(form(text), NAMES)).toBe(true));
  test.each(no)(`${kind}: %j does not`, (text) => expect(saysNotMe(form(text), NAMES)).toBe(false));
}

test('nothing but the sentence: with any other words around it never counts, nor anything long', () => {
  const other = fc.constantFrom('hop', 'cong van', 'so lieu', 'chu tich', 'bao cao', '5127', 'tu choi', 'nhan duoc');
  fc.assert(fc.property(fc.constantFrom(...yes), other, fc.boolean(), (sentence, word, before) => {
    expect(saysNotMe(before ? `${word} ${sentence}` : `${sentence} ${word}`, NAMES)).toBe(false);
  }));
  expect(saysNotMe(`Nhầm số${' !'.repeat(30)}`, NAMES)).toBe(false);
});

test('any text: an answer, quickly', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void saysNotMe(text, NAMES)));
  fc.assert(fc.property(fc.array(fc.constantFrom('khong phai', 'toi', 'nham so', 'roi', 'da', 'chi', 'a', 'ma')), (words) => void saysNotMe(words.join(' '), NAMES)));
});
