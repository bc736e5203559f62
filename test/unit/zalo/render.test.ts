import fc from 'fast-check';
import { expect, test } from 'vitest';
import { renderZalo, splitText, TEXT_LIMIT } from '../../../bots/zalo/oa/render.js';

const word = fc.stringMatching(/^[a-zà-ỹ🔔0-9]{1,12}$/u);
const longText = fc.array(word, { minLength: 1, maxLength: 900 }).map((words) => words.join(' '));

test('a short message with buttons', () => {
  const [only] = renderZalo({
    text: '🔔 Nhắc việc · NV-2026-00012',
    buttons: [
      { label: 'Cập nhật', command: '/capnhat NV-2026-00012' },
      { label: 'Mở', url: 'https://example.vn/t' },
    ],
  });
  expect(only).toEqual({
    text: '🔔 Nhắc việc · NV-2026-00012',
    attachment: {
      type: 'template',
      payload: {
        template_type: 'button',
        buttons: [
          { title: 'Cập nhật', type: 'oa.query.hide', payload: '#capnhat NV-2026-00012' },
          { title: 'Mở', type: 'oa.open.url', payload: { url: 'https://example.vn/t' } },
        ],
      },
    },
  });
});

test('never more than 2000 characters, and every word arrives while it fits into four messages', () => {
  fc.assert(
    fc.property(longText, (text) => {
      const parts = splitText(text);
      expect(parts.every((part) => part.length <= TEXT_LIMIT)).toBe(true);
      if (text.length < 3.5 * TEXT_LIMIT) expect(parts.join(' ')).toBe(text);
    }),
  );
});

test('whatever comes in, halves of characters never go out and nothing is empty', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 9000 }), (text) => {
      for (const { text: part } of renderZalo({ text })) {
        expect(part.length).toBeLessThanOrEqual(TEXT_LIMIT);
        expect(part.length).toBeGreaterThan(0);
        expect(Buffer.from(part, 'utf8').toString('utf8')).toBe(part);
      }
    }),
  );
});

test('one word longer than a message is cut between characters', () => {
  const parts = splitText('🔔'.repeat(1500));
  expect(parts.every((part) => /^(🔔)+$/u.test(part))).toBe(true);
  expect(parts.join('')).toBe('🔔'.repeat(1500));
});

test('a text that is far too long ends with a note instead of nothing', () => {
  const parts = splitText('chữ '.repeat(5000));
  expect(parts).toHaveLength(4);
  expect(parts[3]).toMatch(/rút gọn/);
});

test('decomposed letters go out composed; buttons stay within their limits and on the last part', () => {
  const buttons = Array.from({ length: 8 }, (_, i) => ({ label: 'Rất dài '.repeat(30), command: `/chitiet ${i}` }));
  const messages = renderZalo({ text: `${'chỉ đạo '.normalize('NFD').repeat(400)}`, buttons });
  expect(messages.length).toBeGreaterThan(1);
  expect(messages[0]).not.toHaveProperty('attachment');
  const drawn = messages.at(-1)?.attachment?.payload.buttons ?? [];
  expect(drawn).toHaveLength(5);
  expect(drawn.every((b) => b.title.length <= 100)).toBe(true);
  expect(messages[0]?.text).toBe(messages[0]?.text.normalize('NFC'));
});
