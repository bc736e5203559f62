import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseProgress, type ParsedProgress } from '../../bots/commands/parse-progress.js';
import { stripDiacritics } from '../../src/kernel/fold.js';

const nv12 = { number: 12 };
const full = { number: 12, year: 2026 };
const report = (more: Partial<ParsedProgress>) => ({ kind: 'report', ...more });

describe('a report with a task and a percent, as people write it', () => {
  test.each<[string, object]>([
    ['NV-2026-00012 70% đã họp với Sở', report({ task: full, percent: 70, note: 'đã họp với Sở' })],
    ['nv-2026-00012 70% đã họp với Sở', report({ task: full, percent: 70, note: 'đã họp với Sở' })],
    ['NV-12 70 nội dung', report({ task: nv12, percent: 70, note: 'nội dung' })],
    ['NV-12 70 da hop voi So', report({ task: nv12, percent: 70, note: 'da hop voi So' })],
    ['nv12 70%', report({ task: nv12, percent: 70, note: '' })],
    ['NV 12: 70 % — đã họp', report({ task: nv12, percent: 70, note: 'đã họp' })],
    ['nv_12 - 70%, đã họp', report({ task: nv12, percent: 70, note: 'đã họp' })],
    ['12 70% đã họp', report({ task: nv12, percent: 70, note: 'đã họp' })],
    ['70% NV-12 đã họp', report({ task: nv12, percent: 70, note: 'đã họp' })],
    ['NV-12 đã họp với Sở 70%', report({ task: nv12, percent: 70, note: 'đã họp với Sở' })],
    ['NV-12 đã họp với Sở, tiến độ đạt 70%.', report({ task: nv12, percent: 70, note: 'đã họp với Sở' })],
    ['NV-12 %70 đã họp', report({ task: nv12, percent: 70, note: 'đã họp' })],
    ['NV-12 70 phần trăm, đã họp', report({ task: nv12, percent: 70, note: 'đã họp' })],
    ['ＮＶ－12 ７０％ đã họp', report({ task: nv12, percent: 70, note: 'đã họp' })],
    ['NV\u201112\u00a070\u00a0%\u200b đã họp', report({ task: nv12, percent: 70, note: 'đã họp' })],
    ['NV-12 đã hoàn thành 70% khối lượng', report({ task: nv12, percent: 70, note: 'khối lượng' })],
    ['NV-12 70% đã giải ngân 45% vốn', report({ task: nv12, percent: 70, note: 'đã giải ngân 45% vốn' })],
    ['NV-12 70% phối hợp NV-15', report({ task: nv12, percent: 70, note: 'phối hợp NV-15' })],
    ['nhiệm vụ 12 70%', report({ task: nv12, percent: 70, note: '' })],
    ['NV-12 0% chưa triển khai', report({ task: nv12, percent: 0, note: 'chưa triển khai' })],
    ['NV-12 xong', report({ task: nv12, percent: 100, note: '' })],
    ['NV-12 đã hoàn thành', report({ task: nv12, percent: 100, note: '' })],
    ['NV-12 hoan thanh nhiem vu', report({ task: nv12, percent: 100, note: '' })],
    ['NV-12 xong, đã gửi báo cáo số 12', report({ task: nv12, percent: 100, note: 'đã gửi báo cáo số 12' })],
    ['NV-12 hoàn thành 100%', report({ task: nv12, percent: 100, note: '' })],
  ])('%s', (typed, expected) => {
    expect(parseProgress(typed)).toEqual(expected);
    expect(parseProgress(typed.normalize('NFD'))).toEqual(expected);
  });
});

describe('words without a percent keep the percent', () => {
  test.each([
    ['NV-12 đã họp xong', 'đã họp xong'],
    ['NV-12 chưa xong', 'chưa xong'],
    ['NV-12 hoàn thành dự thảo báo cáo', 'hoàn thành dự thảo báo cáo'],
    ['NV-12 đã gửi 15 phiếu', 'đã gửi 15 phiếu'],
  ])('%s', (typed, note) => expect(parseProgress(typed)).toEqual({ kind: 'report', task: nv12, note }));
});

describe('answers to a reminder need no task', () => {
  test.each<[string, object]>([
    ['70%', report({ percent: 70, note: '' })],
    ['70', report({ percent: 70, note: '' })],
    ['70, đã họp', report({ percent: 70, note: 'đã họp' })],
    ['70 đã họp', report({ percent: 70, note: 'đã họp' })],
    ['đã họp 70%', report({ percent: 70, note: 'đã họp' })],
    ['xong rồi', report({ percent: 100, note: '' })],
    ['đang chờ Sở trả lời', report({ note: 'đang chờ Sở trả lời' })],
    ['NV-15 70%', report({ task: { number: 15 }, percent: 70, note: '' })],
    ['NV-12', { kind: 'code-only', task: nv12 }],
  ])('%s', (typed, expected) => expect(parseProgress(typed, full)).toEqual(expected));
});

describe('on doubt ask, never write', () => {
  test.each<[string, string, object | undefined]>([
    ['NV-12 150%', 'percent-range', undefined],
    ['NV-12 70,5% đã họp', 'percent-range', undefined],
    ['NV-12 -5% do rà soát lại', 'percent-range', undefined],
    ['NV-12 −5%', 'percent-range', undefined],
    ['NV-12 70 hộ đã sơ tán', 'which-number', undefined],
    ['NV-12 70 hợp đồng đã ký', 'which-number', undefined],
    ['NV-12 70 đảng viên', 'which-number', undefined],
    ['70 hộ đã sơ tán', 'which-number', nv12],
    ['70/100 hộ', 'which-number', nv12],
    ['12', 'which-number', nv12],
    ['70', 'which-number', undefined],
    ['12 70 đã họp', 'which-number', undefined],
    ['15 70% hộ', 'which-number', nv12],
    ['1.200 hộ', 'which-number', nv12],
    ['NV-12 70-80%', 'which-number', undefined],
    ['NV-12 70%-80%', 'percent-in-text', undefined],
    ['NV-12 giải ngân 45% kế hoạch vốn', 'percent-in-text', undefined],
    ['NV-12 vẫn còn 30%', 'percent-in-text', undefined],
    ['NV-12 dự án dưới 60%', 'percent-in-text', undefined],
    ['NV-12 Sở A 40%, Sở B 60%', 'percent-in-text', undefined],
    ['NV-12 NV-15 70%', 'which-task', undefined],
    ['NV-2026 70%', 'which-task', undefined],
    ['NV-12.5%', 'which-task', undefined],
    ['NV-12%', 'which-task', undefined],
    ['đã phối hợp nv15, 70%', 'which-task', nv12],
    ['nhiệm vụ 3 đã giao cho phòng 70%', 'which-task', nv12],
    ['NV-12 xong, còn chờ ký', 'done-or-not', undefined],
    ['xong chưa? ', 'no-doubt-needed', undefined],
    ['👍', 'no-words', nv12],
    ['ok anh', 'no-words', nv12],
    ['dạ vâng ạ', 'no-words', nv12],
    ['...', 'no-words', nv12],
  ])('%s', (typed, why, asked) => {
    const read = parseProgress(typed, asked as typeof nv12 | undefined);
    if (why === 'no-doubt-needed') expect(read).not.toMatchObject({ percent: 100 });
    else expect(read).toMatchObject({ kind: 'unclear', why });
  });
});

const blank = fc.constantFrom(' ', '  ', '\u00a0', '\t', ' \u200b');
const code = fc.tuple(fc.constantFrom('NV-', 'nv', 'Nv ', 'NV.', 'nV_', 'ＮＶ－'), fc.integer({ min: 1, max: 1999 }), fc.integer({ min: 0, max: 4 }));
const note = fc.constantFrom('đã họp với các chủ đầu tư', 'Đang rà soát 15 dự án', 'vướng mặt bằng', 'giải ngân 45% vốn');

test('one report, however it is typed, is one and the same', () => {
  fc.assert(
    fc.property(code, fc.integer({ min: 0, max: 100 }), note, blank, fc.constantFrom('%', ' %', '％'), fc.boolean(), ([prefix, n, zeros], percent, words, gap, sign, bare) => {
      const typed = `${gap}${prefix}${'0'.repeat(zeros)}${n}${gap}${percent}${sign}${gap}${bare ? stripDiacritics(words) : words}${gap}`;
      const expected = { kind: 'report', task: { number: n }, percent, note: (bare ? stripDiacritics(words) : words).normalize('NFC') };
      expect(parseProgress(typed)).toEqual(expected);
      expect(parseProgress(typed.normalize('NFD'))).toEqual(expected);
    }),
  );
});

test('whatever is typed, nothing is thrown, and a percent written down was typed as such', () => {
  const piece = fc.oneof(fc.constantFrom('NV-12', '70%', '70', 'xong', 'hộ', '12', 'còn', '%', '-', ',', 'đã', 'chưa', '👍', '\n', '101%'), fc.string());
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), fc.boolean(), (pieces, asked) => {
      const typed = pieces.join(' ');
      const read = parseProgress(typed, asked ? nv12 : undefined);
      if (read.kind !== 'report' || read.percent === undefined) return;
      expect(Number.isInteger(read.percent) && read.percent >= 0 && read.percent <= 100).toBe(true);
      if (read.percent !== 100) expect(typed.normalize('NFKC')).toContain(String(read.percent));
    }),
  );
});
