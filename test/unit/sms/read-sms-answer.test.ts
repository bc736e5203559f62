import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readSmsAnswer } from '../../../bots/commands/read-sms-answer.js';

const attending = (meeting?: number) => ({ kind: 'meeting', answer: 'attending', note: '', ...(meeting ? { meeting: { number: meeting } } : {}) });
const absent = (note: string, meeting?: number) => ({ kind: 'meeting', answer: 'absent', note, ...(meeting ? { meeting: { number: meeting } } : {}) });
const unclear = { kind: 'unclear' };

describe('what a short SMS says', () => {
  test.each([
    ['1', attending()], ['1.', attending()], ['Co', attending()], ['CÓ', attending()], ['co du', attending()], ['Toi se du', attending()],
    ['CO HOP-31', attending(31)], ['co hop31', attending(31)], ['1 HOP 31', attending(31)], ['HOP-31 CO', attending(31)], ['hop-31: 1', attending(31)],
    ['2', absent('')], ['2 ban hop HDND', absent('ban hop HDND')], ['2. đi công tác Hà Nội', absent('đi công tác Hà Nội')],
    ['VANG di cong tac', absent('di cong tac')], ['VANG HOP-31', absent('', 31)], ['VANG HOP-31 di cong tac', absent('di cong tac', 31)],
    ['HOP-31 vang, om', absent('om', 31)], ['Vang mat', absent('')], ['2 HOP-31 bi om', absent('bi om', 31)],
    ['co viec ban khong du duoc', absent('co viec ban khong du duoc')],
    ['DA NHAN', { kind: 'received' }], ['Da nhan HOP-31', { kind: 'meeting', answer: 'received', note: '', meeting: { number: 31 } }],
    ['DA NHAN NV-12', { kind: 'task-received', task: { number: 12 } }], ['da nhan nv12', { kind: 'task-received', task: { number: 12 } }],
    ['NV-12 70 noi dung', { kind: 'report', parsed: { kind: 'report', task: { number: 12 }, percent: 70, note: 'noi dung' } }],
    ['nv 12 70% da hop', { kind: 'report', parsed: { kind: 'report', task: { number: 12 }, percent: 70, note: 'da hop' } }],
  ])('"%s"', (typed, said) => expect(readSmsAnswer(typed)).toEqual(said));

  test.each([
    // "Vang" typed without its mark is "vâng" as well; what follows decides, or nothing does.
    'Vang', 'vang a', 'Vang toi se du', 'VANG da nhan', 'vang, toi van du',
    '2 nguoi se du', '2 gio chieu toi den', '2 dong chi di', '21', '12', '1 nguoi di thay', '2/12 toi ve', '2 HOP-31 HOP-32', '2 nhung toi se du',
    'co y kien', 'co ai thay toi khong?', 'khong', 'khong phai toi', 'khong hieu', 'cu pho chu tich du thay', 'ok', 'Cam on', '', '?', '👍', 'goi lai cho toi', 'HOP-31', 'HOP-31 HOP-32 co',
    'da nhan NV-12 va HOP-31',
  ])('"%s" may mean two things or nothing: nobody is put down for it', (typed) => expect(readSmsAnswer(typed)).toEqual(unclear));

  test.each([
    'k du', 'ko du dc', 'ko du duoc', 'Toi ko du dc vi ban', 'tui k tham du', 'kg du', 'Khg du', 'hok du', 'chang du', 'no du', 'kho du duoc', 'dau co du', 'ai du', 'du j', 'Du an cham tien do',
    'du kien muon', 'du phong da chuan bi', 'Minh du', 'da du', 'đủ', 'cô', '1 dong chi', 'co dong chi', 'co k', '1 chua', 'CO HOP-31/2025', 'CO HOP-31 k', 'HOP-31 k du', 'HOP-31 ai du',
  ])('"%s" is never a yes', (typed) => expect(readSmsAnswer(typed)).toEqual(unclear));

  test.each([
    'Vang toi den dung gio', 'Vang, nhat tri', 'Vang dong y', 'Vang em di', 'vang duoc anh', 'vang toi biet roi', 'Vang thua Chu tich', 'Vang HOP-1 toi den', '2 dong y', '2 co', '2 uy quyen pho giam doc du',
    'khong vang mat', 'toi khong the vang mat', 'ai vang mat', '2 di duoc', '2 minh di', '2 dai bieu', '2 ng di', '2 anh em cung di', 'vang tham gia', 'Vang 14h toi den', 'vang chac chan', 'Vang HOP-31/2025',
    'Vâng HOP-31', 'vâng, bận họp', 'vang hop', 'vang hop 14h', 'Vang do em', 'Vang phai', '2 ban di', '2 ban lanh dao', '2 vi khach', 'HOP-31 vang toi den', 'HOP-31: 2 dong y', 'VANG HOP-31 di', 'VANG HOP-31 14h', 'VANG HOP-31 a', 'Vang xin vang', '2?', 'vang ban hop?',
  ])('"%s" is never a no', (typed) => expect(readSmsAnswer(typed)).toEqual(unclear));

  test.each([
    ['Vắng', absent('')], ['vắng: bận họp', absent('bận họp')], ['VANG HOP-31 ly do', absent('ly do', 31)], ['VANG HOP-31: ve que', absent('ve que', 31)], ['vang ban', absent('ban')], ['2 om', absent('om')],
    ['2 vi ban hop', absent('vi ban hop')], ['Vang, nghi phep', absent('nghi phep')], ['vang mat do om', absent('do om')], ['2 hop khac', absent('hop khac')], ['vang khong du duoc', absent('khong du duoc')],
    ['Toi khong du duoc vi ban hop', absent('Toi khong du duoc vi ban hop')], ['Toi se du HOP-31', attending(31)], ['Da nhan, toi se du', attending()],
  ])('"%s" is still clear', (typed, said) => expect(readSmsAnswer(typed)).toEqual(said));

  const gap = fc.constantFrom(' ', ', ', ': ', '. ');
  test('a doubt before or behind a yes leaves no yes', () => {
    const yes = fc.constantFrom('1', 'Co', 'CÓ', 'co du', 'Toi se du', 'CO HOP-31', '1 HOP 31', 'HOP-31 CO', 'tham du', 'Toi se du HOP-31');
    const doubt = fc.constantFrom('khong', 'không', 'ko', 'k', 'kg', 'khg', 'hok', 'hk', 'hổng', 'chang', 'chẳng', 'chua', 'chưa', 'dau', 'đâu', 'kho', 'neu', 'ai', 'no', 'j', '?');
    fc.assert(fc.property(yes, doubt, gap, fc.boolean(), (text, word, between, first) => {
      expect(readSmsAnswer(text)).toMatchObject({ answer: 'attending' });
      expect(readSmsAnswer(first ? word + between + text : text + between + word)).not.toMatchObject({ answer: 'attending' });
    }), { numRuns: 2_000 });
  });

  test('an assent anywhere behind "vang" or "2" leaves no absence', () => {
    const no = fc.constantFrom('vang', 'Vang', '2', 'VANG HOP-31', '2 HOP-31', 'vang mat', 'HOP-31 vang', 'vang ban hop', '2 di cong tac', 'Vắng', 'vắng: ốm', 'VANG HOP-31 ly do');
    const assent = fc.constantFrom('den', 'toi den', 'đến', 'di duoc', 'em di', 'du', 'se du', 'dự', 'dong y', 'đồng ý', 'nhat tri', 'co', 'duoc', 'được', 'biet roi', 'tham gia', 'co mat', 'chac chan', 'nhung toi van di duoc');
    const tail = fc.constantFrom('', ' a', ' anh', ' dung gio', ' nhe', ' dong chi');
    fc.assert(fc.property(no, assent, gap, tail, (text, word, between, end) => {
      expect(readSmsAnswer(text + between + word + end)).not.toMatchObject({ answer: 'absent' });
    }), { numRuns: 2_000 });
  });

  test('whatever is typed, nothing is thrown, and a yes is never read where a reason for a no stands', () => {
    const word = fc.constantFrom('1', '2', 'co', 'vang', 'khong', 'du', 'se', 'toi', 'ban', 'hop', 'HOP-31', 'NV-12', '70', 'da', 'nhan', 'nguoi', ',', '.', '?', 'vắng', 'vâng', '👍');
    fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.array(word, { maxLength: 6 }).map((words) => words.join(' '))), (typed) => {
      const said = readSmsAnswer(typed);
      if (said.kind === 'meeting' && said.answer === 'attending') expect(/vắng|khong|\?/i.test(typed)).toBe(false);
    }), { numRuns: 2_000 });
  });
});
