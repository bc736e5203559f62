import { stripDiacritics } from '../../src/kernel/fold.js';

const INVISIBLE = /[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\ufeff]/g;

/** What was typed, as it may be kept: NFC, no invisible characters, single blanks within lines. */
export const tidy = (typed: string): string => typed.normalize('NFC').replace(INVISIBLE, '').replace(/[^\S\n]+/g, ' ').trim();

/**
 * For recognising: lower case without diacritics, half-width signs, one kind of dash and percent sign. Every character stays
 * in its place, so that positions found here hold in the text itself.
 */
export const foldInPlace = (text: string): string => Array.from({ length: text.length }, (_, i) => plain(text.charAt(i))).join('');

function plain(unit: string): string {
  const code = unit.charCodeAt(0);
  if (code >= 0xff01 && code <= 0xff5e) return String.fromCharCode(code - 0xfee0).toLowerCase();
  if (code === 0xfe6a || code === 0x066a) return '%';
  if ((code >= 0x2010 && code <= 0x2015) || code === 0x2212) return '-';
  const folded = stripDiacritics(unit).toLowerCase();
  return folded.length === 1 ? folded : unit;
}

/** The rest of a text after what was recognised, without the signs between. */
export const restAfter = (text: string, length: number): string => text.slice(length).replace(/^[\s,;:.\-\u2010-\u2015]+/, '').trim();
