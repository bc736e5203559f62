import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cleanText, isCleanText, strippedText } from '../../src/kernel/clean-text.js';

/** Every sign that has no business in the record. */
const UNWANTED = [
  ...Array.from({ length: 0x20 }, (_, i) => i).filter((code) => ![0x09, 0x0a, 0x0d].includes(code)), 0x7f,
  ...Array.from({ length: 0x20 }, (_, i) => 0x80 + i), ...Array.from({ length: 5 }, (_, i) => 0x202a + i), ...Array.from({ length: 4 }, (_, i) => 0x2066 + i), 0xd800, 0xdbff, 0xdc00, 0xdfff,
].map((code) => String.fromCharCode(code));

test.each(UNWANTED.map((sign) => [sign.charCodeAt(0).toString(16), sign]))('U+%s is refused, and taken out where nobody can mend it', (_code, sign) => {
  for (const text of [`Họp${sign} giao ban`, sign, `${sign}x`, `x${sign}`]) {
    expect(isCleanText(text)).toBe(false);
    expect(() => cleanText(text, 'title')).toThrow(expect.objectContaining({ code: 'input-invalid', params: expect.objectContaining({ path: 'title' }) as unknown }));
    expect(strippedText(text)).toBe(text.replace(sign, '').trim());
  }
});

test.each(['Giấy mời họp', 'dòng một\ndòng hai', 'ô\tô', 'thư\r\ncủa máy Windows', '👨‍👩‍👧‍👦', '5127/UBND-KT', 'Tiến độ 70% – «đúng hạn»', ''])('%j is fine', (text) => expect(cleanText(text, 'title')).toBe(text.replaceAll('\r\n', '\n')));

test('any text: what is kept has no such sign, is stable, and what was clean keeps every letter', () => {
  const mixed = fc.array(fc.oneof(fc.string({ unit: 'binary', maxLength: 20 }), fc.constantFrom('ế', 'e\u0301', '👩‍👧', '\r\n'), fc.constantFrom(...UNWANTED)), { maxLength: 12 }).map((parts) => parts.join(''));
  fc.assert(fc.property(mixed, (text) => {
    const kept = strippedText(text);
    expect(isCleanText(kept)).toBe(true);
    expect(Buffer.from(kept).toString()).toBe(kept);
    expect(UNWANTED.some((sign) => sign.length === 1 && !/[\ud800-\udfff]/.test(sign) && kept.includes(sign))).toBe(false);
    expect(strippedText(kept)).toBe(kept);
    if (isCleanText(text)) expect(cleanText(text, 'x')).toBe(text.replace(/\r\n?/g, '\n').normalize('NFC').trim());
  }), { numRuns: 300 });
});
