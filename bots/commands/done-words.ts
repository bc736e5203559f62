import { notAllDone } from './progress-doubts.js';
import { foldInPlace, restAfter } from './tidy.js';

const DONE = '(?:xong|hoan thanh|hoan tat)';
/** Who reports, and that it was work: "dạ em đã làm xong". An office may be only one of those that work on the task. */
const OPENING = '(?:(?:da|vang|thua|toi|em|minh|chung toi|ben em|ben toi|don vi|co quan|viec nay|nhiem vu nay|anh|chi|dong chi|oi|vua|lam|thuc hien|xu ly)[ ,]+)*';
const TAIL = '(?: (?:roi|het|ca|toan bo|nhiem vu|nhiem vu nay|cong viec|viec nay|100%|a|anh|chi|em|oi|thua|dong chi))*';
const BEGINS = new RegExp(String.raw`^${OPENING}${DONE}${TAIL}(?:\s*$|\s*[,;:.\-!?]+\s*)`, 'u');
const ENDS = new RegExp(String.raw`(?<!\p{L})${DONE}(?:${TAIL}|(?!\p{L}).* roi)(?: (?:a|anh|chi|em|oi|nhe|nha|day|luon|ma|do))*[\s.!]*$`, 'u');
const SAYS = new RegExp(String.raw`(?<!\p{L})${DONE}(?!\p{L})`, 'u');
const NOT_REALLY = /(?<!\p{L})(?:chua|con|tru|nhung|mot phan)(?!\p{L})|\?/u;
const NOT_DONE =
  /(?<!\p{L})(?:chua|con|tru|nhung|mot phan|mot nua|se|sap|gan|dang|du kien|khi|neu|khong|ko|k|bao gio|den khi|phan dau|co gang|ky vong|ai|hop|doc|xem|can|phai|yeu cau|de nghi|muon|hay|mai|cho)(?!\p{L})|\?|\d/u;

/** What words that begin with "xong" say: all of it is done, with the words behind, or that is not sure. Undefined: they begin otherwise. */
export function readDone(text: string): { note: string } | 'percent-in-text' | 'done-or-not' | undefined {
  const folded = foldInPlace(text);
  const [done] = BEGINS.exec(folded) ?? [];
  if (done === undefined) return undefined;
  const note = restAfter(text, done.length);
  if (/\d\s?%/.test(foldInPlace(note))) return 'percent-in-text';
  const open = NOT_REALLY.test(folded) || (note !== '' && notAllDone(foldInPlace(note), done.trimEnd().endsWith(':')));
  return open ? 'done-or-not' : { note };
}

/** "da xu ly xong het roi a": the whole of it, and nothing that takes it back. */
export function saysDone(text: string): boolean {
  const folded = foldInPlace(text);
  return SAYS.test(folded) && !NOT_DONE.test(folded);
}

/** Such words that end with it: "xã đã làm xong ạ", "xử lý xong hết rác rồi" may speak of the whole task, "hoàn thành dự thảo" does not. */
export const mayBeDone = (text: string): boolean => saysDone(text) && ENDS.test(foldInPlace(text));
