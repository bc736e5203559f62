import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutOnWord, escapeHtml, renderMessage } from '../../../bots/telegram/render.js';
import { plainFromHtml } from '../../../src/demo/providers/telegram/html.js';
import { readMarkup } from '../../../src/demo/providers/telegram/markup.js';

/** Text with everything that breaks markup: signs, entities, emoji, combining marks, halves of emoji, control characters. */
const nasty = fc
  .array(fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.constantFrom('<b>', '</i>', '&amp;', '&lt;', '<', '>', '&', '\ud83d', '👩‍👩‍👧', 'ế'.normalize('NFD'), '\n', ' ', '\u0000')), { maxLength: 300 })
  .map((parts) => parts.join(''));

describe('a message in Telegram\'s HTML', () => {
  test('first line bold, everything escaped', () => {
    expect(renderMessage({ text: '🔔 Nhắc việc · NV-2026-00012\nGiải ngân < 60% & "chậm"' })).toEqual({
      text: '<b>🔔 Nhắc việc · NV-2026-00012</b>\nGiải ngân &lt; 60% &amp; "chậm"',
      parse_mode: 'HTML',
    });
  });

  test('whatever the text, the real server\'s checks pass: no broken HTML, at most 4096, no half letters', () => {
    fc.assert(
      fc.property(nasty, fc.nat(5_000), (text, filler) => {
        const shown = plainFromHtml(renderMessage({ text: `${text}${' chữ'.repeat(filler)}` }).text);
        expect(shown.length).toBeLessThanOrEqual(4096);
        expect(Buffer.from(shown).toString()).toBe(shown);
      }),
    );
  });

  test('escaping loses nothing', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void expect(plainFromHtml(escapeHtml(text))).toBe(text)));
  });

  test('too long: cut on a word, never inside a letter', () => {
    expect(cutOnWord('một hai ba bốn', 11)).toBe('một hai ba…');
    expect(cutOnWord('một hai ba bốn', 10)).toBe('một hai…');
    expect(cutOnWord('vừa', 3)).toBe('vừa');
    expect(cutOnWord('👩‍👩‍👧'.repeat(3), 17)).toBe(`${'👩‍👩‍👧'.repeat(2)}…`);
    fc.assert(fc.property(nasty, fc.integer({ min: 2, max: 400 }), (text, max) => void expect(cutOnWord(text, max).length).toBeLessThanOrEqual(max)));
  });

  test('buttons: short ones share a row, data within 64 bytes, no empty label', () => {
    const buttons = [
      { label: 'Cập nhật', command: '/capnhat NV-2026-00012' },
      { label: 'Chi tiết', command: '/chitiet NV-2026-00012' },
      { label: 'Nhiệm vụ của tôi trong tháng', command: '/nhiemvu' },
      { label: 'Quá dài', command: '/'.padEnd(65, 'x') },
      { label: ' ', command: '/x' },
    ];
    const markup = renderMessage({ text: 'x', buttons }).reply_markup;
    expect(markup).toEqual({
      inline_keyboard: [
        [{ text: 'Cập nhật', callback_data: '/capnhat NV-2026-00012' }, { text: 'Chi tiết', callback_data: '/chitiet NV-2026-00012' }],
        [{ text: 'Nhiệm vụ của tôi trong tháng', callback_data: '/nhiemvu' }],
      ],
    });
  });

  test('whatever the buttons, the real server takes the keyboard', () => {
    const button = fc.oneof(
      fc.record({ label: fc.string({ unit: 'grapheme' }), command: fc.string({ unit: 'grapheme', maxLength: 80 }) }),
      fc.record({ label: fc.string(), url: fc.oneof(fc.webUrl(), fc.string(), fc.constant('http://localhost:3000/x')) }),
    );
    fc.assert(fc.property(fc.array(button, { maxLength: 5 }), (buttons) => void readMarkup(renderMessage({ text: 'x', buttons }).reply_markup)));
  });

  test('a link Telegram would refuse goes into the text', () => {
    const rendered = renderMessage({ text: 'Lịch họp', buttons: [{ label: 'Mở lịch', url: 'http://localhost:3000/lich' }] });
    expect(rendered.text).toContain('Mở lịch: http://localhost:3000/lich');
    expect(rendered.reply_markup).toBeUndefined();
    expect(renderMessage({ text: 'x', buttons: [{ label: 'Mở', url: 'https://vp.example.gov.vn/x' }] }).reply_markup).toBeDefined();
  });

  test('the contact button', () => {
    expect(renderMessage({ text: 'x', askContact: true }).reply_markup).toMatchObject({ keyboard: [[{ request_contact: true }]] });
  });
});
