import { foldInPlace } from './tidy.js';

/**
 * Words as people type them: with all their marks or with none ("dự", "du"). Half-marked or otherwise marked words ("đủ")
 * are other words. Alternatives are parted by "|"; `!` in front takes the marked form only.
 */
export const words = (list: string): string => `(?:${list.split('|').map((phrase) => phrase.split(' ').map(either).join(' ')).join('|')})`;

function either(word: string): string {
  if (word.startsWith('!')) return word.slice(1);
  const bare = foldInPlace(word);
  return bare === word ? word : `(?:${word}|${bare})`;
}

/** Lower case and half-width signs with the marks kept; every character stays in its place. */
export const lowerInPlace = (text: string): string => Array.from({ length: text.length }, (_, i) => lower(text.charAt(i))).join('');

function lower(unit: string): string {
  const code = unit.charCodeAt(0);
  const small = unit.toLowerCase();
  return code < 0x80 || (/\p{L}/u.test(unit) && code < 0xff01) ? (small.length === 1 ? small : unit) : foldInPlace(unit);
}
