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

  const asks = (number: number, plain: boolean) => ({ kind: 'task-question', question: { task: { number }, plain } });
  test.each([
    ['NV-27', asks(27, true)], ['nv 27', asks(27, true)], ['NV-27?', asks(27, true)], ['nv27 la viec gi', asks(27, true)], ['noi dung NV-27', asks(27, true)], ['NV-27 han bao gio', asks(27, true)], ['cho hoi viec NV-27 la gi a', asks(27, true)],
    ['xem NV-27', asks(27, true)], ['NV-27 con may ngay', asks(27, true)], ['NV-27 gui cho ai', asks(27, false)], ['NV-27 lam sao', asks(27, false)], ['NV-27 70 dung khong a', asks(27, false)], ['NV-27 da hop chua?', asks(27, false)],
    ['NV-27 nop o dau', asks(27, false)], ['NV-27 sao lai giao cho xa', asks(27, false)],
    ['NV-27 da nhan', { kind: 'task-received', task: { number: 27 } }], ['xin lui han NV-27', { kind: 'more-time', task: { number: 27 } }], ['xin gia han', { kind: 'more-time' }],
    ['NV-27 35 da tiem 35 phan tram', { kind: 'report', parsed: { kind: 'report', task: { number: 27 }, percent: 35, note: 'da tiem 35 phan tram' } }],
  ])('"%s" asks about a task, takes it or reports', (typed, said) => expect(readSmsAnswer(typed)).toEqual(said));

  test.each(['NV-27 35 da tiem 45 phan tram', 'NV-27 35 da giai ngan 35%', 'NV-27 50 con 50%', 'NV-27 35 se dat 35%'])('"%s": another percentage, or one of something else, is asked back', (typed) => {
    expect(readSmsAnswer(typed)).toMatchObject({ kind: 'report', parsed: { kind: 'unclear' } });
  });

  test('whatever number stands in it, a question about a task is no report', () => {
    const question = fc.constantFrom('la viec gi', 'la viec gi a', 'han bao gio', 'gui cho ai', 'lam sao', 'nop o dau', 'bao gio nop', '?', 'duoc khong', 'noi dung the nao');
    const words = fc.constantFrom('', '70 ', '70% ', '35, ', '100 ', 'em da hop, ', '50 da hop cac xa, ');
    fc.assert(fc.property(fc.constantFrom('NV-27', 'nv 27', 'nv27', 'NV-2026-00027'), words, question, (code, before, asked) => {
      expect(readSmsAnswer(`${code} ${before}${asked}`).kind).toBe('task-question');
    }), { numRuns: 500 });
  });

  test('a report with an ordinary word of a question in it stays a report', () => {
    for (const words of ['da hop voi cac xa', 'da gui noi dung', 'da trinh van ban', 'da giao cho phong Tai chinh', 'dang ra soat', 'da nop bao cao']) expect(readSmsAnswer(`NV-27 70% ${words}`), words).toMatchObject({ kind: 'report', parsed: { kind: 'report', percent: 70 } });
  });

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
