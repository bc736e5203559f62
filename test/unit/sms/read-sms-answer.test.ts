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

  test('whatever is typed, nothing is thrown, and a yes is never read where a reason for a no stands', () => {
    const word = fc.constantFrom('1', '2', 'co', 'vang', 'khong', 'du', 'se', 'toi', 'ban', 'hop', 'HOP-31', 'NV-12', '70', 'da', 'nhan', 'nguoi', ',', '.', '?', 'vắng', 'vâng', '👍');
    fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.array(word, { maxLength: 6 }).map((words) => words.join(' '))), (typed) => {
      const said = readSmsAnswer(typed);
      if (said.kind === 'meeting' && said.answer === 'attending') expect(/vắng|khong|\?/i.test(typed)).toBe(false);
    }), { numRuns: 2_000 });
  });
});
