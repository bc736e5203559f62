import { septetsOf, toMarked, toPlain } from './charset.js';

export type SmsEncoding = 'gsm7' | 'ucs2';

/** What goes out, and what it costs: the same figures the back office shows before sending. */
export interface EncodedSms {
  /** The readable text after stripping and cutting. */
  text: string;
  encoding: SmsEncoding;
  /** The text in pieces that fit one short message each; never inside a character. */
  parts: string[];
  /** Septets (GSM-7) or UTF-16 units (UCS-2) of the whole text. */
  units: number;
  /** True where the end had to be left out. */
  cut: boolean;
}

export interface EncodeOptions {
  /** True keeps the diacritics: two to three times the price, and not on every network. */
  unicode: boolean;
  maxParts: number;
  /** Ends a cut text; stripped like the text itself. */
  note: string;
  /** A last line that is never cut. */
  ending?: string;
}

/** Units in a message alone, and in each part of several (3GPP 23.038 and 23.040: 6 octets of header). */
const ROOM = { gsm7: { single: 160, part: 153 }, ucs2: { single: 70, part: 67 } } as const;

/** Any text as a short message of at most `maxParts` parts; a longer one is cut on a word and says so. Pure. */
export function encodeSms(text: string, options: EncodeOptions): EncodedSms {
  const strip = options.unicode ? toMarked : toPlain;
  const behind = options.ending ? `\n${strip(options.ending)}` : '';
  const words = strip(text);
  const whole = words + behind;
  const fits = (candidate: string) => splitSms(candidate).length <= options.maxParts;
  const kept = fits(whole) ? whole : cutOnWord(words, { fits, end: strip(options.note) + behind, most: options.maxParts * ROOM.gsm7.single });
  const encoding = encodingOf(kept);
  return { text: kept, encoding, parts: splitSms(kept), units: unitsIn(kept, encoding), cut: kept !== whole };
}

/** GSM-7 where every character is in its two tables, else UCS-2: one letter decides for the whole message. */
export const encodingOf = (text: string): SmsEncoding => ([...text].every((char) => septetsOf(char) !== undefined) ? 'gsm7' : 'ucs2');

const costOf = (char: string, encoding: SmsEncoding): number => (encoding === 'gsm7' ? (septetsOf(char)?.length ?? 1) : char.length);

const unitsIn = (text: string, encoding: SmsEncoding): number => [...text].reduce((sum, char) => sum + costOf(char, encoding), 0);

/** The pieces of a text. Neither a two-septet character nor a surrogate pair is torn, so a part may stay short by one unit. */
export function splitSms(text: string): string[] {
  const encoding = encodingOf(text);
  if (unitsIn(text, encoding) <= ROOM[encoding].single) return text === '' ? [] : [text];
  const parts: string[] = [''];
  let used = 0;
  for (const char of text) {
    const cost = costOf(char, encoding);
    if (used + cost > ROOM[encoding].part) {
      parts.push('');
      used = 0;
    }
    parts[parts.length - 1] += char;
    used += cost;
  }
  return parts;
}

interface Cut {
  fits(candidate: string): boolean;
  end: string;
  /** No text longer than this can fit. */
  most: number;
}

/** The longest beginning that fits with the note behind it; a text without blanks is cut between graphemes. */
function cutOnWord(whole: string, { fits, end, most }: Cut): string {
  const head = whole.slice(0, most);
  const words = [...head.matchAll(/\s/g)].map((blank) => blank.index);
  const graphemes = [...new Intl.Segmenter('vi', { granularity: 'grapheme' }).segment(head)].map(({ index }) => index);
  const withNote = (at: number) => head.slice(0, at).replace(/[\s.,;:-]+$/, '') + end;
  const longest = lastFitting(graphemes, (at) => fits(withNote(at)));
  const onWord = lastFitting(words, (at) => fits(withNote(at)));
  return withNote(onWord > longest / 2 ? onWord : longest);
}

/** The last of growing positions that fits, 0 where none does. */
function lastFitting(positions: readonly number[], fits: (at: number) => boolean): number {
  let [low, high] = [0, positions.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (fits(positions[middle] ?? 0)) low = middle + 1;
    else high = middle;
  }
  return positions[low - 1] ?? 0;
}
