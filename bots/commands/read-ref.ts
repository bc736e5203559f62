import type { TaskRef } from './parse-progress.js';
import { foldInPlace, restAfter, tidy } from './tidy.js';

const SEPARATORS = String.raw`[\s.\-_#:]*(?:(20\d\d)\s*[-_/.]\s*)?0*(\d{1,7})(?![\d\p{L}])`;
const TASK = new RegExp(String.raw`^(?:nv|nhiem vu(?: so)?)?${SEPARATORS}`, 'u');
const MEETING = new RegExp(String.raw`^(?:hop|cuoc hop(?: so)?)?${SEPARATORS}`, 'u');

/** "NV-2026-00012", "nv12", "12" and nothing else but words behind it. */
export const readTaskRef = (typed: string): TaskRef | undefined => readRef(TASK, typed)?.ref;

/** "HOP-2026-00031 bận công tác": the meeting, and the words behind it. */
export const readMeetingRef = (typed: string): { ref: TaskRef; rest: string } | undefined => readRef(MEETING, typed);

function readRef(pattern: RegExp, typed: string): { ref: TaskRef; rest: string } | undefined {
  const text = tidy(typed);
  const found = pattern.exec(foldInPlace(text));
  if (!found) return undefined;
  const [whole, year, number] = found;
  return { ref: { number: Number(number), ...(year ? { year: Number(year) } : {}) }, rest: restAfter(text, whole.length) };
}
