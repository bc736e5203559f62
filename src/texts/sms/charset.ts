import { stripDiacritics } from '../../kernel/fold.js';

/** GSM 7-bit default alphabet (3GPP 23.038, 6.2.1); a character's place is its code, 0x1B announces the extension table. */
const BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const ESCAPE = 0x1b;
/** Extension table (6.2.1.1): each costs two septets. */
const EXTENSION: Readonly<Record<string, number>> = { '\f': 0x0a, '^': 0x14, '{': 0x28, '}': 0x29, '\\': 0x2f, '[': 0x3c, '~': 0x3d, ']': 0x3e, '|': 0x40, '€': 0x65 };

const septets = new Map<string, readonly number[]>([
  ...[...BASIC].flatMap((char, code): [string, readonly number[]][] => (code === ESCAPE ? [] : [[char, [code]]])),
  ...Object.entries(EXTENSION).map(([char, code]): [string, readonly number[]] => [char, [ESCAPE, code]]),
]);

/** The septets of a character, one or two; undefined outside GSM-7. */
export const septetsOf = (char: string): readonly number[] | undefined => septets.get(char);

/** Punctuation phones and offices write, as every alphabet has it. */
const PUNCTUATION: Readonly<Record<string, string>> = {
  '“': '"', '”': '"', '„': '"', '‟': '"', '«': '"', '»': '"', '″': '"', '‘': "'", '’': "'", '‚': "'", '‛': "'", '′': "'", '`': "'", '´': "'",
  '–': '-', '—': '-', '‐': '-', '‑': '-', '‒': '-', '―': '-', '−': '-', '•': '-', '·': '-', '●': '-', '▪': '-', '◦': '-', '‣': '-', '∙': '-',
  '…': '...', '→': '->', '←': '<-', '⇒': '=>', '≥': '>=', '≤': '<=', '×': 'x', '⁄': '/',
};

/**
 * What plain text replaces beyond that: characters some Vietnamese gateways ban (^ { } [ ] ~ \ |, two septets each), and
 * letters that have no mark to take off.
 */
const PLAINER: Readonly<Record<string, string>> = {
  '{': '(', '[': '(', '}': ')', ']': ')', '~': '-', '|': '/', '\\': '/', '^': '', '€': 'EUR', '₫': 'd', '÷': '/',
  ø: 'o', Ø: 'O', ł: 'l', Ł: 'L', ß: 'ss', æ: 'ae', Æ: 'AE', œ: 'oe', Œ: 'OE',
};

const swap = (text: string, table: Readonly<Record<string, string>>): string => text.replace(/[^\p{L}\p{N}\s]|[øØłŁßæÆœŒ]/gu, (char) => (Object.hasOwn(table, char) ? table[char] ?? '' : char));

/** Vietnamese without marks in printable ASCII and line ends: GSM-7 at one septet a character, whatever came in. */
export const toPlain = (text: string): string =>
  // Compatibility forms first: full-width letters, "…", "№", NBSP and the like become what they stand for.
  tidy(swap(swap(stripDiacritics(swap(lines(text), PUNCTUATION).normalize('NFKC')), PUNCTUATION), PLAINER).replace(/[^\x20-\x7e\n]/g, (char) => (/\s/.test(char) ? ' ' : '')));

/** Vietnamese with its marks (NFC); emoji, control characters and halves of surrogate pairs are taken out. */
export const toMarked = (text: string): string =>
  tidy(
    swap(lines(text).normalize('NFC'), PUNCTUATION)
      .replace(/[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}\p{Cf}\u20e3\ufe0e\ufe0f]/gu, '')
      .replace(/[\p{Cs}\p{Co}\p{Cn}]/gu, '')
      .replace(/[\p{Cc}\p{Z}]/gu, (char) => (char === '\n' ? char : ' ')),
  ).normalize('NFC');

const lines = (text: string): string => text.replace(/\r\n?|[\u2028\u2029]/g, '\n');

/** Single blanks, no blank lines: each would be paid for. */
const tidy = (text: string): string => text.replace(/[^\S\n]+/g, ' ').replace(/ ?\n[ \n]*/g, '\n').trim();
