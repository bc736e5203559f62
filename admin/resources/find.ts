import { fold, stripDiacritics } from '../../src/kernel/fold.js';
import { readNumbered } from '../../src/kernel/ids.js';

const MARKED = 'aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵdđ';

/** Every way a plain letter is written, in both cases: a -> a|A|à|À … */
const written = new Map<string, string>();
for (const letter of MARKED) {
  const plain = stripDiacritics(letter);
  written.set(plain, [...(written.get(plain)?.split('|') ?? []), letter, letter.toUpperCase()].join('|'));
}

/**
 * A filter that finds stored text whatever its diacritics and case: "giai ngan" finds "GIẢI NGÂN", and so does "giải ngân".
 * For small collections without a folded field: no index answers it. Signs mean themselves. Alternatives instead of classes
 * of letters, because not every engine reads a pattern by letters rather than bytes.
 */
export const containsFolded = (text: string): { $regex: string } => ({ $regex: Array.from(fold(text), patternOf).join('') });

function patternOf(sign: string): string {
  if (sign === ' ') return '\\s+';
  const marked = written.get(sign);
  if (marked) return `(?:${marked})`;
  if (sign !== sign.toUpperCase()) return `(?:${sign}|${sign.toUpperCase()})`;
  return sign.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}

const PREFIXES = ['NV', 'HOP'] as const;
const YEARS_BACK = 10;

/**
 * The full codes a short one may stand for: "nv-26", "NV 26" and "nv 2026-26" give "NV-2026-00026"; without a year those of
 * this year and the ten before. Empty where it is no such code. `year`: the current one in Vietnam.
 */
export function codesMeant(text: string, year: number): string[] {
  const typed = asCode(text);
  const prefix = PREFIXES.find((one) => typed.startsWith(one));
  if (!prefix) return [];
  const years = Array.from({ length: YEARS_BACK + 1 }, (_, back) => year - back);
  return [...new Set(years.map((one) => readNumbered(prefix, typed, one)).filter((code) => code !== undefined))];
}

/** As codes are stored: upper case, with hyphens. */
export const asCode = (text: string): string => fold(text).toUpperCase().replace(/\s+/g, '-');
