import { deniesBefore, deniesBehind, listOrCount } from './progress-doubts.js';
import { foldInPlace, restAfter } from './tidy.js';

/** A percent with the words left around it, or the reason to ask. */
export type Found = { kind: 'percent'; percent: number; rest: string } | { kind: 'doubt'; why: 'percent-range' | 'which-number' | 'percent-in-text'; rest: string };

const SIGN = String.raw`\s?(?:%|(?:phan tram|pt)(?!\p{L}))`;
const NUMBER = String.raw`(\d+(?:[.,]\d+)*)`;
/** Words that may stand before the percent: "đã hoàn thành được 70%". */
const FILLER = String.raw`(?:(?:da|dat|duoc|hoan thanh|hoan tat|xong|tien do|moi|dang|thuc hien|hien|len|la|cap nhat|bao cao)[\s:=]+)*`;
const LEADING = new RegExp(String.raw`^[=:\s]*${FILLER}(?:%\s?${NUMBER}(?![\d%])|${NUMBER}${SIGN})`, 'u');
const BARE = new RegExp(String.raw`^[=:\s]*${NUMBER}(?![\d%])`, 'u');
const TRAILING = new RegExp(String.raw`(?<![\p{L}\d.,/<>~±≈+-]|[<>~±≈+] )${NUMBER}${SIGN}[\s.!]*$`, 'u');
const ANY_PERCENT = new RegExp(String.raw`\d${SIGN}|%\s?\d`, 'gu');

/** Behind a percent these make it a span: "70% đến 80%", "70%-80%". */
const SPAN = /^(?:(?:den|toi|hoac|hay|va|\/)\s*)?\d+(?:[.,]\d+)*\s?%/;

/** Before a percent at the end these say that it is no progress: "còn 30%", "giảm 10%", "dưới 60%". */
const OTHER_MEANING = /(?:^|[^\p{L}])(?:con|con lai|giam|tang|duoi|tren|hon|them|gan|chua|chua dat|chua duoc|khong|khong dat|thieu|ty le|muc|toi thieu|toi da|so voi|cua|von|phi|thue|lai suat|chiem|khoang|tu|den|va|hoac|bang|chi|du kien|phan dau|se dat)\s*$/u;

/** Before a percent at the end these belong to it, not to the note. */
const LEAD_IN = /[\s,;:.=-]*(?:(?:^|\s)(?:dat|duoc|dat duoc|tien do|tien do dat|hien|la|hien dat|nay dat|(?:tinh )?den nay(?: da)?(?: dat)?))?[\s,;:.=-]*$/;

/** After a number without a sign only these say that the number was the percent and no quantity ("70 hộ", "70 hợp đồng"). */
const CLEAR_ACCENTED = new Set('đã đang đạt chưa sẽ mới vừa hiện xong rồi vì nhưng tiếp gửi trình chờ phối họp làm theo hôm hoàn triển thống'.split(' '));
const CLEAR_PLAIN = new Set('da dang chua se vua xong roi vi nhung tiep gui trinh phoi lam theo hoan trien'.split(' '));

/** The percent the text begins with. `bare`: a number without a sign counts too, where nothing makes it a quantity. */
export function leadingPercent(text: string, bare: boolean): Found | undefined {
  const folded = foldInPlace(text);
  const signed = LEADING.exec(folded);
  if (signed) {
    const rest = restAfter(text, signed[0].length);
    const number = signed[1] ?? signed[2] ?? '';
    return SPAN.test(foldInPlace(rest)) || deniesBehind(folded.slice(signed[0].length), Number(number)) ? { kind: 'doubt', why: 'percent-in-text', rest } : valued(number, rest);
  }
  const number = bare ? BARE.exec(folded) : null;
  if (!number) return undefined;
  const rest = restAfter(text, number[0].length);
  return mayBePercent(text.slice(number[0].length), Number(number[1])) && !listOrCount(folded.slice(number[0].length), Number(number[1])) ? valued(number[1] ?? '', rest) : { kind: 'doubt', why: 'which-number', rest };
}

/** A bare number is the percent where nothing follows, a pause, or a word that clearly begins a sentence; never beside another percent than the same once more at the end. */
function mayBePercent(behind: string, number: number): boolean {
  const folded = foldInPlace(behind);
  const again = folded.match(ANY_PERCENT) ? trailingPercent(behind) : undefined;
  if (folded.match(ANY_PERCENT) && !(again?.kind === 'percent' && again.percent === number)) return false;
  if (/^\s*$|^\s*[,;:]\s|^\s+-\s|^\.\s/.test(folded)) return true;
  if (/^\s+noi dung(?!\p{L})/u.test(folded)) return true;
  if (/^\s+dang vien/.test(folded)) return false;
  const word = /^\s+(\p{L}+)(?!\p{L})/u.exec(behind)?.[1]?.toLowerCase() ?? '';
  return CLEAR_ACCENTED.has(word) || CLEAR_PLAIN.has(word);
}

/** The one percent the text ends with: "đã họp với Sở, đạt 70%". */
export function trailingPercent(text: string): Found | undefined {
  const folded = foldInPlace(text);
  const found = TRAILING.exec(folded);
  if (!found) return undefined;
  const before = folded.slice(0, found.index);
  const others = (folded.match(ANY_PERCENT) ?? []).length;
  if (others > 1 || OTHER_MEANING.test(before) || deniesBefore(before)) return { kind: 'doubt', why: 'percent-in-text', rest: text };
  return valued(found[1] ?? '', text.slice(0, before.replace(LEAD_IN, '').length).trim());
}

function valued(number: string, rest: string): Found {
  const whole = /^\d{1,4}$/.test(number) && Number(number) <= 100;
  return whole ? { kind: 'percent', percent: Number(number), rest } : { kind: 'doubt', why: 'percent-range', rest };
}
