import { fold } from '../../kernel/fold.js';

/** Longer ones are about something else: a report, a meeting, a number in a document. */
const LONGEST = 40;
const ME = '(?:toi|minh|em|chau)';
const GREETING = /^(?:(?:da|alo|chao(?: ban| anh| chi)?|xin loi|ban oi|anh oi|chi oi) )+/;
const ENDING = /(?: (?:roi|a|nhe|nha|ban|anh|chi|ban oi|anh oi|chi oi|dau))+$/;
/** A whole sentence each, or two of them one after the other. */
const SENTENCE = `(?:(?:so nay )?khong phai (?:la )?(?:${ME}|(?:so|may|dien thoai|so dien thoai)(?: nay)? cua ${ME}|so ${ME})|(?:ban |anh |chi |dong chi )?(?:gui |nhan |goi )?(?:nham|sai) (?:so|nguoi)(?: may| dien thoai)?)`;
const REFUSAL = new RegExp(`^${SENTENCE}(?:(?: roi)? (?:ma )?${SENTENCE})?$`);
/** "Tôi không phải …": only with the name, for "tôi không phải dự họp" says something else. */
const NOT_NAMED = new RegExp(`^${ME} khong phai (?:la )?(?:(?:ong|ba|anh|chi|co|chu|dong chi|d c|dc) )?(.+)$`);
const NOT_THIS_ONE = new RegExp(`^${ME} khong phai (?:la )?(?:nguoi|chu so|chu cua so) (?:nay|do|ay|nhan)$`);

/**
 * Does an SMS answer say, and say nothing but, that the number is not the person's? `names` are the full names this number
 * stands for. Diacritics, capitals and stops do not matter. Declining ("từ chối") never counts.
 */
export function saysNotMe(text: string, names: readonly string[]): boolean {
  if (text.normalize('NFC').trim().length > LONGEST) return false;
  const words = wordsOf(text).replace(GREETING, '').replace(ENDING, '');
  if (REFUSAL.test(words) || NOT_THIS_ONE.test(words)) return true;
  const named = NOT_NAMED.exec(words)?.[1];
  return named !== undefined && names.some((name) => ` ${wordsOf(name)}`.endsWith(` ${named}`));
}

/** Folded, single blanks, no stops. */
const wordsOf = (text: string): string => fold(text.normalize('NFC')).replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
