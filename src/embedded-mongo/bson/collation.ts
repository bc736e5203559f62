import { fail } from '../errors.js';
import { isDocument, type Document } from './document.js';
import { compareValues } from './compare.js';
import { toNumber } from './numbers.js';

/** A collation ready for use. */
export interface Collation {
  /** The collation document with all of MongoDB's fields filled in, as `listIndexes` shows it. */
  readonly spec: Document;
  /** Order of two strings. */
  compare(a: string, b: string): number;
  /** The same text for all strings that are equal under this collation, for use in index keys (not order-preserving). */
  fold(text: string): string;
}

/** The only values of the finer settings that are supported: ICU's defaults. */
const FIXED: Readonly<Record<string, unknown>> = {
  caseLevel: false,
  caseFirst: 'off',
  numericOrdering: false,
  alternate: 'non-ignorable',
  maxVariable: 'punct',
  normalization: false,
  backwards: false,
};
const SENSITIVITY = { 1: 'base', 2: 'accent', 3: 'variant' } as const;
const compiled = new Map<string, Collation>();

/** Checks and compiles a collation document; `undefined`, `{}` and locale `simple` give `undefined` (compare by bytes). */
export function parseCollation(spec: unknown): Collation | undefined {
  if (spec === undefined || spec === null) return undefined;
  if (!isDocument(spec)) return fail(14, 'collation must be a document');
  if (Object.keys(spec).length === 0) return undefined;
  const locale = spec.locale;
  if (typeof locale !== 'string') return fail(9, 'BSON field \'collation.locale\' is missing but a required field');
  for (const [key, value] of Object.entries(spec)) checkField(key, value);
  if (locale === 'simple') return undefined;
  const strength = spec.strength === undefined ? 3 : toNumber(spec.strength);
  if (strength !== 1 && strength !== 2 && strength !== 3) return fail(2, `collation strength ${strength} is not supported: use 1, 2 or 3`);
  const cacheKey = `${locale}/${strength}`;
  const known = compiled.get(cacheKey) ?? compile(locale, strength);
  compiled.set(cacheKey, known);
  return known;
}

function checkField(key: string, value: unknown): void {
  if (key === 'locale' || key === 'strength' || key === 'version') return;
  if (!Object.hasOwn(FIXED, key)) fail(9, `BSON field 'collation.${key}' is an unknown field.`);
  if (compareValues(value, FIXED[key]) !== 0) fail(2, `collation option ${key} is supported only with its default value`);
}

function compile(locale: string, strength: 1 | 2 | 3): Collation {
  const tag = locale.split('@')[0]?.replace(/_/g, '-') ?? '';
  if (locale.includes('@') || !isSupported(tag)) return fail(2, `Field 'locale' is invalid in: { locale: "${locale}" }`);
  const collator = new Intl.Collator(tag, { sensitivity: SENSITIVITY[strength], caseFirst: 'false', ignorePunctuation: false });
  const cache = new Map<string, string>();
  return {
    spec: { locale, caseLevel: false, caseFirst: 'off', strength, numericOrdering: false, alternate: 'non-ignorable', maxVariable: 'punct', normalization: false, backwards: false, version: '57.1' },
    compare: (a, b) => (a === b ? 0 : collator.compare(a, b)),
    fold: (text) => foldText(text, collator, cache),
  };
}

function isSupported(tag: string): boolean {
  try {
    return Intl.Collator.supportedLocalesOf([tag]).length > 0;
  } catch {
    return false;
  }
}

/** Letters that count as others without being decomposable in Unicode. */
const EXPANSIONS: Readonly<Record<string, string>> = {
  ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', đ: 'd', ð: 'd', ł: 'l', þ: 'th', ħ: 'h', ı: 'i', ŋ: 'n', ς: 'σ', ĸ: 'q', ŧ: 't',
};

/**
 * Sort keys are not to be had from Intl, so equality is folded cluster by cluster (base letter with its marks): the first
 * of ever less simplified spellings that the collator calls equal stands for all of them.
 */
function foldText(text: string, collator: Intl.Collator, cache: Map<string, string>): string {
  let folded = '';
  for (const [cluster] of text.normalize('NFD').matchAll(/\P{M}?\p{M}*/gsu)) {
    if (cluster === '') continue;
    let known = cache.get(cluster);
    if (known === undefined) {
      known = candidates(cluster).find((candidate) => collator.compare(candidate, cluster) === 0) ?? cluster;
      if (cache.size < 20_000) cache.set(cluster, known);
    }
    folded += known;
  }
  return folded;
}

function* bases(base: string): Iterable<string> {
  const lower = base.normalize('NFKD').toUpperCase().toLowerCase();
  const kana = lower.replace(/[\u3041-\u3096]/g, (char) => String.fromCharCode(char.charCodeAt(0) + 0x60));
  yield [...kana].map((char) => EXPANSIONS[char] ?? char).join('');
  yield kana;
  yield lower;
  yield base.toLowerCase();
  yield base.normalize('NFKD');
}

function candidates(cluster: string): string[] {
  const [base = '', ...marks] = [...cluster];
  const list = [''];
  // A cluster may carry any number of marks; the subsets of the first few are enough for natural text.
  const few = marks.slice(0, 4);
  const subsets = Array.from({ length: 2 ** few.length }, (_, bits) => few.filter((__, i) => (bits >> i) & 1).join(''));
  subsets.sort((a, b) => a.length - b.length);
  for (const marked of subsets) for (const letter of bases(base)) list.push(letter + marked);
  return list;
}

/** True if two collations order and equate strings in the same way. */
export function sameCollation(a: Collation | undefined, b: Collation | undefined): boolean {
  return a?.spec.locale === b?.spec.locale && a?.spec.strength === b?.spec.strength;
}
