import fc from 'fast-check';
import { expect, test } from 'vitest';
import { normalisePhone } from '../../src/people/phone.js';

test.each([
  ['0912345678', '84912345678'],
  ['0912 345 678', '84912345678'],
  ['0912.345.678', '84912345678'],
  ['+84 912-345-678', '84912345678'],
  ['+84 (0)912 345 678', '84912345678'],
  ['84912345678', '84912345678'],
  ['0084912345678', '84912345678'],
  ['0214 3840 123', '842143840123'.slice(0, 12)],
  ['0000000011', '84000000011'],
  ['84000000011', '84000000011'],
  ['912345678', undefined],
  ['+1 202 555 0143', undefined],
  ['091234567', undefined],
  ['091234567890', undefined],
  ['0912345678 máy lẻ 2', undefined],
  ['', undefined],
])('%s -> %s', (text, phone) => {
  expect(normalisePhone(text)).toBe(phone);
});

test('however a number is written, it is the same number; what is normalised stays so', () => {
  const local = fc.stringMatching(/^[0-9]{9}$/);
  const separator = fc.constantFrom('', ' ', '.', '-', '\u00a0');
  fc.assert(
    fc.property(local, fc.constantFrom('0', '84', '+84', '0084'), separator, (digits, prefix, by) => {
      const written = prefix + by + digits.slice(0, 3) + by + digits.slice(3);
      expect(normalisePhone(written)).toBe(`84${digits}`);
      expect(normalisePhone(`84${digits}`)).toBe(`84${digits}`);
    }),
  );
});
