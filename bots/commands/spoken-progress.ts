import { saysDone } from './done-words.js';
import { foldInPlace } from './tidy.js';

const SIGN = String.raw`\s?(?:%|(?:phan tram|pt)(?!\p{L}))`;
const WHOLE = String.raw`(\d{1,3})(?![\d.,/:]*\d)`;
/** Nothing behind a number that could be what was counted: "khoảng 35, còn …", "đạt 40 nhé". */
const PAUSE = String.raw`(?=\s*$|\s*[,;.!?](?!\d)|\s+(?:nhe|nha|a|roi|thoi)(?!\p{L}))`;
const ABOUT = String.raw`(?<!\p{L})(?:khoang|tam|chung|co chung|uoc|uoc dat|uoc chung|xap xi|gan|hon)(?: chung)?\s+`;
const ABOUT_PERCENT = new RegExp(`${ABOUT}${WHOLE}${SIGN}`, 'u');
const ABOUT_NUMBER = new RegExp(`${ABOUT}${WHOLE}${PAUSE}`, 'u');
/** "đạt 40": the sign is missing, and hồ sơ or hộ may be meant. */
const REACHED = new RegExp(String.raw`(?<!\p{L})(?:dat|dat duoc|hoan thanh|hoan thanh duoc|lam duoc|tien do)(?: la)?\s+${WHOLE}${PAUSE}`, 'u');
const ROUGHLY = new RegExp(String.raw`^(?:(?:moi|da|hien|duoc)\s+)*(?:${ABOUT}|(?:dat|hoan thanh|lam duoc|tien do)(?: duoc| la)?\s+)\d`, 'u');
const PERCENT = new RegExp(String.raw`(?<![\p{L}\d.,/-])(\d{1,3})${SIGN}|%\s?(\d{1,3})(?!\d)`, 'gu');
const ANY_PERCENT = new RegExp(String.raw`\d${SIGN}|%\s?\d`, 'gu');

const inRange = (digits: string | undefined): number | undefined => (digits !== undefined && Number(digits) <= 100 ? Number(digits) : undefined);

/** "khoảng 35", "gần 45%", "đạt 40": a number near the progress or without its sign. Asked back with this number, never written. */
export function roughPercent(text: string): number | undefined {
  const folded = foldInPlace(text);
  return inRange((ABOUT_PERCENT.exec(folded) ?? ABOUT_NUMBER.exec(folded) ?? REACHED.exec(folded))?.[1]);
}

/** The words begin with such a number: "khoảng 35", "đạt được 40 ạ". */
export const beginsRoughly = (text: string): boolean => ROUGHLY.test(foldInPlace(text));

/** The one percent such words speak of, or 100 where they say that all is done; for a question only. */
export function guessedPercent(text: string): number | undefined {
  const signed = [...foldInPlace(text).matchAll(PERCENT)];
  if (signed.length > 0) return signed.length === 1 ? inRange(signed[0]?.[1] ?? signed[0]?.[2]) : undefined;
  return roughPercent(text) ?? (saysDone(text) ? 100 : undefined);
}

/** What is left says another number than what is reached. */
const LEFT = new RegExp(String.raw`(?<!\p{L})(?:con|con lai|thieu|con thieu|con phai lam|duoi|tren) (?:khoang |gan |hon )?\d+${SIGN}|\d${SIGN} (?:con lai|nua)(?!\p{L})`, 'u');

/** The only percentage of words that are asked back; none where several stand there, or it is what is left. For a question only. */
export function offeredPercent(text: string): number | undefined {
  const folded = foldInPlace(text);
  return (folded.match(ANY_PERCENT) ?? []).length === 1 && !LEFT.test(folded) ? guessedPercent(text) : undefined;
}

const WHO = 'toi|em|minh|chung toi|chung em|ben em|ben toi|don vi|co quan|so|phong|ubnd xa|ubnd phuong';
const OPENING = new RegExp(String.raw`^(?:(?:da|vang|thua|kinh|xin|${WHO}|dong chi|van phong|anh|chi|bao cao|bao|cap nhat|cn|capnhat|ve|viec|tien do|cho|thuc hien|ket qua)[\s,:]+)*$`, 'u');

/** Nothing but how people begin a report: "tôi báo cáo", "dạ em xin cập nhật tiến độ". */
export const isOpening = (text: string): boolean => OPENING.test(`${foldInPlace(text).trim()} `.replace(/^ $/, ''));

/** Nothing but politeness: "nhé", "ạ", "thưa đồng chí". */
export const isPoliteOnly = (text: string): boolean => /^(?:(?:nhe|nha|a|thua|dong chi|anh|chi|em|van phong|xin|cam on|tran trong|bao cao)[\s,.!]*)+$/u.test(foldInPlace(text));
