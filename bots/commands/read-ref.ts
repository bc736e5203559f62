import type { TaskRef } from './task-code.js';
import { foldInPlace, restAfter, tidy } from './tidy.js';

const SEPARATORS = String.raw`[\s.\-_#:]*(?:(20\d\d)\s*[-_/.]\s*)?0*(\d{1,7})(?![\d\p{L}])`;
const TASK = new RegExp(String.raw`^(?:nv|nhiem vu(?: so)?)?${SEPARATORS}`, 'u');
/** A bare number behind which it counts, or is an hour or a date, names no meeting: "/vang 2 ngày đi công tác", "/vang 25/11 bận". */
const COUNTED = String.raw`(?!\s*[/:]\s?\d|-\d| (?:h|gio|phut|ngay|hom|tuan|thang|nguoi|dong chi|d/c|con|lan|buoi|tieng)(?!\p{L}))`;
const MEETING = new RegExp(String.raw`^(?:(?:hop|cuoc hop(?: so)?)${SEPARATORS}|${SEPARATORS}${COUNTED})`, 'u');

/** "NV-2026-00012", "nv12", "12" and nothing else but words behind it. */
export const readTaskRef = (typed: string): TaskRef | undefined => readRef(TASK, typed)?.ref;

/** "HOP-2026-00031 bận công tác": the meeting, and the words behind it. */
export const readMeetingRef = (typed: string): { ref: TaskRef; rest: string } | undefined => readRef(MEETING, typed);

function readRef(pattern: RegExp, typed: string): { ref: TaskRef; rest: string } | undefined {
  const text = tidy(typed);
  const found = pattern.exec(foldInPlace(text));
  if (!found) return undefined;
  const [whole] = found;
  const [year, number] = found[2] === undefined ? [found[3], found[4]] : [found[1], found[2]];
  return { ref: { number: Number(number), ...(year ? { year: Number(year) } : {}) }, rest: restAfter(text, whole.length) };
}
