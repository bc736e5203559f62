import type { Random } from './random.js';

/** Letters and digits nobody confuses on a phone: no 0/O, 1/I/L, U/V. */
const CODE_ALPHABET = '23456789ABCDEFGHJKMNPQRSTWXYZ';

/** A one-time code of `length` characters for people to type, e.g. "K7M2PQ9X" (about 4.85 bits a character). */
export const humanCode = (random: Random, length = 8): string =>
  Array.from({ length }, () => CODE_ALPHABET[random.int(CODE_ALPHABET.length)]).join('');

/** Official number, e.g. numbered('NV', 2026, 12) = "NV-2026-00012". */
export const numbered = (prefix: string, year: number, n: number): string =>
  `${prefix}-${year}-${String(n).padStart(5, '0')}`;

/**
 * Understands how people write a number: "NV-2026-00012", "nv12", "NV 12", "nv-12", "12".
 * Without a year the given one is meant. Returns undefined where no number can be read.
 */
export function readNumbered(prefix: string, text: string, year: number): string | undefined {
  const found = new RegExp(`^(?:${prefix})?[\\s-]*(?:(20\\d\\d)-)?0*(\\d{1,7})$`, 'i').exec(text.trim());
  return found ? numbered(prefix, Number(found[1] ?? year), Number(found[2])) : undefined;
}
