import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toMarked, toPlain } from '../../../src/texts/sms/charset.js';
import { composeSms, previewSms } from '../../../src/texts/sms/compose.js';
import { matchesPattern, wordsOf } from '../../../src/texts/sms/content.js';
import { segmentsOf } from '../../../src/sms/segments.js';
import { encodeSms, encodingOf, splitSms } from '../../../src/texts/sms/encode.js';
import { excerptOf, withExcerpt } from '../../../src/texts/sms/excerpt.js';
import type { Message } from '../../../src/texts/message.js';

const options = { unicode: false, maxParts: 3, note: '... (xem đủ trên hệ thống)' };
const plain = (text: string, more = {}) => encodeSms(text, { ...options, ...more });

describe('what a phone without Vietnamese shows', () => {
  test.each([
    ['🔔 Nhắc việc · NV-2026-00012\nHạn: thứ Ba 24/11/2026', 'Nhac viec - NV-2026-00012\nHan: thu Ba 24/11/2026'],
    ['“Đồng chí” — ‘khẩn’…', '"Dong chi" - \'khan\'...'],
    ['tiến\u00a0độ\u200b 70%', 'tien do 70%'],
    ['ĐƯỜNG đường Ư ơ'.normalize('NFD'), 'DUONG duong U o'],
    ['👩‍👩‍👧 họp 16:00 🇻🇳', 'hop 16:00'],
    ['[QC] {a} b|c ~1^2 \\ 5€', '(QC) (a) b/c -12 / 5EUR'],
    ['ＦＵＬＬ № ½', 'FULL No 1/2'],
    ['a\r\n\r\n  b \t c', 'a\nb c'],
    ['\ud83d hỏng \ude00', 'hong'],
    ['會議 🔴', ''],
  ])('%j', (text, shown) => expect(toPlain(text)).toBe(shown));

  test('with diacritics kept, emoji and joiners still go', () => {
    expect(toMarked('🔔 Nhắc việc\u200d · “hạn”\u0007 \ud83d'.normalize('NFD'))).toBe('Nhắc việc - "hạn"');
  });
});

describe('length and parts', () => {
  test.each([
    ['a'.repeat(160), 'gsm7', 1, 160],
    ['a'.repeat(161), 'gsm7', 2, 161],
    ['a'.repeat(306), 'gsm7', 2, 306],
    ['a'.repeat(307), 'gsm7', 3, 307],
    ['€'.repeat(80), 'gsm7', 1, 160],
    ['€'.repeat(81), 'gsm7', 2, 162],
    // 153 is odd: a character of two septets is not torn, the part stays at 152.
    ['€'.repeat(153), 'gsm7', 3, 306],
    ['ế'.repeat(70), 'ucs2', 1, 70],
    ['ế'.repeat(71), 'ucs2', 2, 71],
    ['ế'.repeat(135), 'ucs2', 3, 135],
    ['à ù', 'gsm7', 1, 3],
    ['đ', 'ucs2', 1, 1],
  ])('%#', (text, encoding, parts, units) => {
    const encoded = plain(text, { unicode: true, maxParts: 8 });
    expect([encoded.encoding, encoded.parts.length, encoded.units]).toEqual([encoding, parts, units]);
  });

  test('too long: cut on a word, with a note, within three parts', () => {
    const encoded = plain('tiến độ giải ngân '.repeat(60));
    expect(encoded).toMatchObject({ cut: true, encoding: 'gsm7' });
    expect(encoded.parts).toHaveLength(3);
    expect(encoded.text).toMatch(/(tien|do|giai|ngan)\.\.\. \(xem du tren he thong\)$/);
    expect(encoded.units).toBeGreaterThan(440);
  });

  test('a word longer than everything is cut where it must be', () => {
    const encoded = plain('x'.repeat(2_000), { maxParts: 1 });
    expect(encoded.text).toHaveLength(160);
    expect(encoded.parts).toHaveLength(1);
  });
});

describe('rules that hold for any text', () => {
  const anyText = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 900 }),
    fc.array(fc.constantFrom('Đồng', ' chí ', '🔔', '\n', '€', '{', 'ế', 'ế'.normalize('NFD'), '👩‍👩‍👧', '\ud83d', '\u00a0', '“', '—', 'NV-2026-00012 ', '𠀋'), { maxLength: 300 }).map((words) => words.join('')),
  );

  test('plain text is printable ASCII, and stripping again changes nothing', () => {
    fc.assert(fc.property(anyText, (text) => {
      expect(toPlain(text)).toMatch(/^[\x20-\x7e\n]*$/);
      expect(toPlain(toPlain(text))).toBe(toPlain(text));
      expect(toMarked(toMarked(text))).toBe(toMarked(text));
      expect(toMarked(text)).not.toMatch(/\p{Extended_Pictographic}|\p{Cs}|[^\P{Cc}\n]/u);
    }));
  });

  test('parts put together are the text, each fits, none is missing, no character is torn', () => {
    fc.assert(fc.property(anyText, fc.boolean(), fc.integer({ min: 1, max: 8 }), (text, unicode, maxParts) => {
      const { parts, text: shown, encoding, cut } = plain(text, { unicode, maxParts });
      expect(parts.join('')).toBe(shown);
      expect(parts.length).toBeLessThanOrEqual(maxParts);
      expect(encoding).toBe(encodingOf(shown));
      if (!unicode) expect(encoding).toBe('gsm7');
      if (!cut) expect(shown).toBe(unicode ? toMarked(text) : toPlain(text));
      for (const part of parts) expect(part).not.toMatch(/^[\udc00-\udfff]|[\ud800-\udbff]$/);
      const room = encoding === 'gsm7' ? 160 : 140;
      for (const { bytes, hasHeader } of segmentsOf({ parts, encoding }, 7)) {
        // Unpacked septets: 6 octets of header take the place of 7 septets.
        expect(bytes.length + (hasHeader && encoding === 'gsm7' ? 1 : 0)).toBeLessThanOrEqual(room);
        expect(hasHeader).toBe(parts.length > 1);
      }
    }), { numRuns: 300 });
  });

  test('headers count up under one reference', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 0, max: 255 }), (parts, reference) => {
      const segments = segmentsOf({ parts: splitSms('ab '.repeat(parts * 51)), encoding: 'gsm7' }, reference);
      if (segments.length === 1) return;
      segments.forEach(({ bytes }, i) => expect([...bytes.subarray(0, 6)]).toEqual([5, 0, 3, reference, segments.length, i + 1]));
    }));
  });

  test('GSM-7 octets: escape before the extension table, UCS-2 big-endian', () => {
    expect([...(segmentsOf({ parts: ['@a€ñ'], encoding: 'gsm7' }, 0)[0]?.bytes ?? [])]).toEqual([0, 0x61, 0x1b, 0x65, 0x7d]);
    expect([...(segmentsOf({ parts: ['ế'], encoding: 'ucs2' }, 0)[0]?.bytes ?? [])]).toEqual([0x1e, 0xbf]);
  });
});

describe('a message as an SMS', () => {
  const style = { unicode: false, maxParts: 3 };
  const buttons = [{ label: 'Cập nhật', command: '/capnhat NV-2026-00012' }];

  test('buttons become a short hint where it costs nothing', () => {
    expect(previewSms({ text: 'Nhắc việc NV-2026-00012', buttons }, style).text).toBe('Nhac viec NV-2026-00012\nChi tiet: mo Zalo hoac he thong.');
    expect(previewSms({ text: 'x'.repeat(150), buttons }, style)).toMatchObject({ text: 'x'.repeat(150), cut: false });
    expect(previewSms({ text: 'Nhắc việc' }, style).text).toBe('Nhac viec');
  });

  test('links are never sent by SMS', () => {
    expect(previewSms({ text: 'Lịch họp', buttons: [{ label: 'Mở', url: 'https://nhacviec.invalid/a' }] }, style).text).toBe('Lich hop');
  });

  test('a registered template is filled, each parameter within its length, and gets no hint', () => {
    const content = { kind: 'template', id: '77', pattern: 'Nhac viec {P1,13} han {P2,10}.', params: ['NV-2026-00012', '24/11/2026 16:00'] } as const;
    expect(wordsOf(content)).toBe('Nhac viec NV-2026-00012 han 24/11/2026.');
    expect(composeSms({ buttons }, content, style).text).toBe('Nhac viec NV-2026-00012 han 24/11/2026.');
  });
});

describe('registered texts', () => {
  test('whatever fills the blanks, what goes out is the registered text', () => {
    const piece = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 20 }), fc.constantFrom('Nhắc việc', 'a.b*c+(d)[e]', '100%', 'họp \\ $ ^'));
    const blank = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 30 }));
    fc.assert(fc.property(fc.array(fc.tuple(piece, blank), { minLength: 1, maxLength: 4 }), fc.array(fc.string({ unit: 'grapheme', maxLength: 60 }), { maxLength: 9 }), fc.boolean(), (places, given, unicode) => {
      const params = given.map(unicode ? toMarked : toPlain);
      const pattern = `Tin ${places.map(([words, [n, most]]) => `${words.replace(/[{}]/g, '')}.{P${n},${most}}.`).join('')}`;
      const { text, cut } = encodeSms(wordsOf({ kind: 'template', id: '1', pattern, params }), { unicode, maxParts: 8, note: '' });
      fc.pre(!cut);
      expect(matchesPattern(text, pattern, unicode ? toMarked : toPlain)).toBe(true);
    }));
  });

  test.each([
    ['Nhac viec NV-1, han 24/11', true],
    ['Nhac viec , han ', true],
    ['Nhac viec NV-2026-00012, han 24/11', false],
    ['Nhac viec NV-1, han 24/11. Chi tiet', false],
    ['nhac viec NV-1, han 24/11', false],
    ['Xin chao', false],
  ])('%s', (text, isIt) => expect(matchesPattern(text, 'Nhắc việc {P1,8}, hạn {P2,5}', toPlain)).toBe(isIt));
});

describe('a task with an excerpt of what it is about', () => {
  const style = { unicode: false, maxParts: 3, replyTo: '0888123456' };
  const buttons = [{ label: 'Cập nhật', command: '/capnhat NV-2026-00012' }];
  const short = { text: '🟠 THƯỢNG KHẨN · Nhiệm vụ mới NV-2026-00012\nHạn: thứ Bảy 21/11/2026 (ngày nghỉ, tính đến hết thứ Hai 23/11/2026; còn 1 ngày làm việc).', buttons };
  const sent = (message: Message, more = {}) => composeSms(message, { kind: 'text', text: message.text }, { ...style, ...more });

  test('whatever the content: two parts at most, deadline and answer line stay, the excerpt is cut on a word', () => {
    const word = fc.oneof(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }), fc.constantFrom('báo cáo', 'tổng rà soát', '…', 'https://a.b/c', '(xem đủ)', '\n', '€', '½', 'a'.repeat(90)));
    fc.assert(fc.property(fc.array(word, { maxLength: 60 }), fc.integer({ min: 20, max: 200 }), fc.boolean(), (words, most, far) => {
      const message = withExcerpt(far ? { ...short, text: `Nhắc lại qua kênh khác: ${short.text}` } : short, words.join(' '), most);
      const { text, parts, cut } = sent(message);
      expect(parts.length).toBeLessThanOrEqual(2);
      expect(text.length).toBeLessThanOrEqual(306);
      expect(cut).toBe(false);
      expect(text).toContain('Han: thu Bay 21/11/2026 (ngay nghi, tinh den het thu Hai 23/11/2026; con 1 ngay lam viec).');
      expect(text).toMatch(/\nTra loi: soan DA NHAN NV-12 hoac NV-12 70 noi dung, gui 0888123456\.$/);
      expect(text).not.toContain('https://');
    }), { numRuns: 300 });
  });

  test('the excerpt has at most so many characters, and none where the office wants none; no text of a template is touched', () => {
    const content = 'Tổng rà soát, lập danh sách các hộ dân sống trong khu vực có nguy cơ sạt lở';
    expect(toPlain(withExcerpt({ text: 'x' }, content, 40).text)).toBe('x\nNoi dung: Tong ra soat, lap danh sach cac ho...');
    expect(toPlain(excerptOf(content, 40)).length).toBeLessThanOrEqual(40);
    expect(withExcerpt({ text: 'x' }, content, 200).text).toBe(`x\nNội dung: ${content}`);
    expect(withExcerpt({ text: 'x' }, content, 0)).toEqual({ text: 'x' });
    expect(withExcerpt({ text: 'x' }, undefined, 100)).toEqual({ text: 'x' });
    const template = { kind: 'template', id: '77', pattern: 'Nhac viec {P1,13}', params: ['NV-2026-00012'] } as const;
    expect(composeSms(withExcerpt(short, content, 100), template, style).text).toBe('Nhac viec NV-2026-00012');
  });

  test('in one part alone, and with marks, the excerpt gets shorter', () => {
    const message = withExcerpt({ text: 'Nhắc việc · NV-2026-00012\nHạn: thứ Ba 24/11/2026', buttons }, 'Tổng rà soát, lập danh sách các hộ dân sống trong khu vực có nguy cơ sạt lở, báo cáo kết quả', 100);
    expect(sent(message, { maxParts: 1 }).text).toBe('Nhac viec - NV-2026-00012\nHan: thu Ba 24/11/2026\nNoi dung: Tong ra soat, lap danh...\nTra loi: soan DA NHAN NV-12 hoac NV-12 70 noi dung, gui 0888123456.');
    expect(sent(message, { unicode: true, maxParts: 3 }).text).toMatch(/^Nhắc việc - NV-2026-00012\nHạn: thứ Ba 24\/11\/2026\nNội dung: Tổng rà soát, lập .*\.\.\.\nTrả lời: soạn DA NHAN NV-12/);
  });
});

test('how to answer is worth some words of a text that is too long, and is never cut itself', () => {
  const buttons = [{ label: 'Tham dự', command: '/thamdu HOP-2026-00008' }];
  const { text, cut } = previewSms({ text: `Thay đổi lịch họp HOP-2026-00008\n${'họp rà soát tiến độ '.repeat(40)}`, buttons }, { unicode: false, maxParts: 3, replyTo: '0888123456' });
  expect(cut).toBe(true);
  expect(text).toMatch(/^Thay doi lich hop HOP-2026-00008\n.*\.\.\. \(xem du tren he thong\)\nTra loi: soan CO HOP-8 hoac VANG HOP-8 ly do, gui 0888123456\.$/);
  expect(text.length).toBeLessThanOrEqual(459);
});
