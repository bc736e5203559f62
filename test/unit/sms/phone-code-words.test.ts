import { expect, test } from 'vitest';
import { phoneCodeIn } from '../../../src/delivery/phones/heard-by-sms.js';

test.each(['123456', ' 123 456 ', '123.456', 'MA 123456', 'Mã xác minh: 123456', 'ma cua toi la 123 456.', 'Ma so 123456', 'OTP 123456'])('"%s" is nothing but a code', (text) => expect(phoneCodeIn(text)).toBe('123456'));

test.each([
  'NV-1234 70 da hop cac don vi', 'NV-1234 70', 'NV-1234 70% da hop', 'NV-2026-01234 5 da hop', 'NV-123 100 da xong', 'VANG HOP-1 di kiem tra de tu 19.11.26', '1234 70', '12 34 56', '2 12 2026', '1 123456', 'VANG HOP-1 123456',
  '123456 da hop', 'Toi bao ma 123456 sai', 'So tien 123456', '12345', '1234567', '123-4567', 'HOP-123456', 'NV-123456', 'MA 123456 789', '',
])('"%s" is about something else, or not only a code', (text) => expect(phoneCodeIn(text)).toBeUndefined());
