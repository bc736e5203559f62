/**
 * A Vietnamese number as providers want it: "0912 345 678", "+84 912 345 678", "+84 (0)912345678", "0084912345678" and
 * "84912345678" all give "84912345678". Mobile numbers have 9 digits after the country code, landlines 10.
 * Undefined where it is not such a number.
 */
export function normalisePhone(text: string): string | undefined {
  const digits = text.replace(/[\s().\-\u00a0]/g, '').replace(/^\+/, '').replace(/^0084/, '84');
  if (!/^\d+$/.test(digits)) return undefined;
  const local = digits.startsWith('0') ? digits.slice(1) : digits.startsWith('84') ? digits.slice(2).replace(/^0(?=\d{9}$)/, '') : '';
  return /^\d{9,10}$/.test(local) ? `84${local}` : undefined;
}
