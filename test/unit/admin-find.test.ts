import { expect, test } from 'vitest';
import { asCode, codesMeant, containsFolded } from '../../admin/resources/find.js';

const finds = (typed: string, stored: string): boolean => new RegExp(containsFolded(typed).$regex).test(stored);

test.each([
  ['giai ngan', 'Đẩy nhanh GIẢI NGÂN vốn đầu tư công', true],
  ['giải ngân', 'Day nhanh giai ngan', true],
  ['giải ngân'.normalize('NFD'), 'Giải ngân', true],
  ['  giam   doc ', 'Phó Giám đốc Sở Y tế', true],
  ['DUONG', 'Cải tạo đường ướt, dưới Mường Khương', true],
  ['UỐNG NƯỚC', 'uống nước', true],
  ['ky thuat', 'Kỹ thuật', true],
  ['qd-ubnd', '12/QĐ-UBND', true],
  ['5127/ubnd', '5127/UBND-KT', true],
  ['giai ngan', 'giải trình ngân sách', false],
  ['.*', 'bất kỳ', false],
  ['(a|b)', 'a', false],
  ['50%', 'Đạt 50% kế hoạch', true],
  ['\\d', '5', false],
])('"%s" in "%s": %s', (typed, stored, found) => {
  expect(finds(typed, stored)).toBe(found);
});

test('the longest question is still a pattern a database takes', () => {
  expect(Buffer.byteLength(containsFolded('ộ'.repeat(200)).$regex)).toBeLessThan(32_000);
});

test.each([
  ['nv-26', 'NV-2026-00026'],
  ['NV 26', 'NV-2026-00026'],
  ['nv26', 'NV-2026-00026'],
  ['NV-00026', 'NV-2026-00026'],
  ['nv 2025-26', 'NV-2025-00026'],
  ['HOP-7', 'HOP-2026-00007'],
  ['họp 7', 'HOP-2026-00007'],
])('"%s" may stand for %s', (typed, code) => {
  expect(codesMeant(typed, 2026)).toContain(code);
});

test('a short code reaches back ten years, a whole one is itself, and other words are no code', () => {
  expect(codesMeant('nv 26', 2026)).toHaveLength(11);
  expect(codesMeant('NV-2026-00026', 2026)).toEqual(['NV-2026-00026']);
  for (const typed of ['', 'nv', '26', 'họp giao ban', 'giai ngan', 'nv-26 x']) expect(codesMeant(typed, 2026), typed).toEqual([]);
  expect(asCode(' nv 2026-0 ')).toBe('NV-2026-0');
});
