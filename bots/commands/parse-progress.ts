import { leadingPercent, trailingPercent, type Found } from './find-percent.js';
import { beginsRoughly, guessedPercent, isOpening, isPoliteOnly, roughPercent } from './spoken-progress.js';
import { foldInPlace, restAfter, tidy } from './tidy.js';

/** A task as people name it; without a year the nearest one is meant, which the caller decides. */
export interface TaskRef {
  number: number;
  year?: number;
}

/** Why we ask instead of writing. */
export type Doubt =
  /** A percent above 100 or with decimals. */
  | 'percent-range'
  /** A number that may be a percent, a task or a quantity. */
  | 'which-number'
  /** More than one task is named, or another one than the one asked about. */
  | 'which-task'
  /** A percent in the middle of the words, or several: whose is it? */
  | 'percent-in-text'
  /** "khoảng 35", "đạt 40": near it, or without its sign. */
  | 'about-percent'
  /** A task is named somewhere in other words. */
  | 'code-in-text'
  /** "xong, còn chờ ký": all of it, or not? */
  | 'done-or-not'
  /** No word that says anything. */
  | 'no-words';

export type ParsedProgress =
  | { kind: 'report'; task?: TaskRef; percent?: number; note: string }
  | { kind: 'code-only'; task: TaskRef }
  | { kind: 'empty' }
  /** `percent`: what may be meant; `guess`: the task a number without "NV" may be. Both only to ask with. */
  | { kind: 'unclear'; why: Doubt; task?: TaskRef; percent?: number; guess?: TaskRef };

const CODE = /^(nv|nhiem vu(?: so)?)[\s.\-_#:]*(?:(20\d\d)\s*[-_/.]\s*)?0*(\d{1,7})(?![\d\p{L}]|\s?%(?!\s?\d)|[.,]\d)/u;
const CODE_INSIDE = /(?<![\p{L}\d])nv[\s.\-_#:]*(?:20\d\d\s*[-_/.]\s*)?\d/u;
const ANY_CODE = /(?<![\p{L}\d])(?:nv|nhiem vu(?: so)?)[\s.\-_#:]*(?:(20\d\d)\s*[-_/.]\s*)?0*(\d{1,7})(?![\d\p{L}]|\s?%(?!\s?\d)|[.,]\d)/gu;
/** The command typed without its sign. */
const CALL = /^(?:cn|capnhat|cap nhat)[\s:]+(?=(?:nv|nhiem vu)[\s.\-_#:]*\d|\d{1,7}\s+\d)/u;
const BARE_NUMBER = /^0*(\d{1,7})(?=\s)/;
const DONE = /^(?:(?:da|toi da|em da) )?(?:xong|hoan thanh|hoan tat)(?: (?:roi|het|toan bo|nhiem vu|cong viec|100%))*(?:\s*$|\s*[,;:.\-!?]+\s*)/;
const NOT_REALLY_DONE = /(?<!\p{L})(?:chua|con|tru|nhung|mot phan)(?!\p{L})|\?/u;
const MERE_NOD =
  /^(?:ok|oke|okay|uh|u|um|vang|da|da vang|vang a|ro|da ro|da nhan|nhan duoc|da nhan duoc|cam on|thanks|hi|hello|alo|chao)[\s.,!]*(?:a|em|anh|chi|nhe|dong chi)?[\s.,!]*$/;

/** "Ok", "vâng ạ", "đã nhận": polite, and no information. */
export const isMereNod = (typed: string): boolean => MERE_NOD.test(foldInPlace(tidy(typed)));

/**
 * Reads what follows "/capnhat" or answers a reminder: "NV-12 70% nội dung", "nv12 70", "12 70%", "70% …", "… 70%", "xong".
 * Any diacritics, NFD, spaces or full-width signs. `asked`: the task the text already belongs to (reply, tap).
 * A number that could mean two things is never written: the result is then "unclear".
 */
export function parseProgress(typed: string, asked?: TaskRef): ParsedProgress {
  const text = withoutCall(tidy(typed));
  if (!text) return { kind: 'empty' };
  const first = takeCode(text);
  if (first) return withTask(first, asked);
  return percentBeforeCode(text, asked) ?? bareNumberFirst(text, asked) ?? codeInside(text, asked) ?? withoutTask(text, asked);
}

/** "cn 17 20": the command without its sign. */
export const callsReport = (typed: string): boolean => CALL.test(foldInPlace(tidy(typed)));

const withoutCall = (text: string): string => text.slice(CALL.exec(foldInPlace(text))?.[0].length ?? 0);

/** A task named at the start; `inWords` where it was written "nhiệm vụ 12". */
interface Named {
  task: TaskRef;
  inWords: boolean;
  /** "NV-12 -5%": five per cent less, or a dash that parts? */
  minus: boolean;
  rest: string;
}

function takeCode(text: string): Named | undefined {
  const found = CODE.exec(foldInPlace(text));
  if (!found) return undefined;
  const [whole, word, year, number] = found;
  return { task: { number: Number(number), ...(year ? { year: Number(year) } : {}) }, inWords: word !== 'nv', minus: /^\s-\d[\d.,]*\s?%/.test(foldInPlace(text.slice(whole.length))), rest: restAfter(text, whole.length) };
}

const unclear = (why: Doubt, task?: TaskRef, percent?: number): ParsedProgress => ({ kind: 'unclear', why, ...(task ? { task } : {}), ...(percent === undefined ? {} : { percent }) });

/**
 * One task named in the midst of the words: "tôi báo cáo nv17 đạt 40% nhé" begins like a report and is read as one; all else
 * is asked back about that task. Undefined: none or several, or another one than was asked about.
 */
function codeInside(text: string, asked: TaskRef | undefined): ParsedProgress | undefined {
  const found = [...foldInPlace(text).matchAll(ANY_CODE)];
  const [first] = found;
  if (!first) return undefined;
  const task: TaskRef = { number: Number(first[2]), ...(first[1] ? { year: Number(first[1]) } : {}) };
  if (found.length > 1 || (asked && !sameTask(task, asked))) return undefined;
  const [before, after] = [text.slice(0, first.index), text.slice(first.index)];
  const named = isOpening(before) ? takeCode(after) : undefined;
  if (named) return withTask(named, asked);
  return first[0].startsWith('nv') ? unclear('code-in-text', task, guessedPercent(`${before} ${after.slice(first[0].length)}`)) : undefined;
}

function withTask({ task, inWords, minus, rest }: Named, asked: TaskRef | undefined): ParsedProgress {
  const looksLikeYear = task.year === undefined && task.number >= 2000 && task.number < 2100;
  const other = asked !== undefined && !sameTask(task, asked);
  if (looksLikeYear || takeCode(rest) || (inWords && other)) return unclear('which-task');
  if (!rest) return { kind: 'code-only', task };
  if (minus) return unclear('percent-range', task);
  const read = readReport(rest, true);
  // "NV-17 với NV-18 đều 50%": whose percent is it?
  if (read.kind === 'report' && read.percent !== undefined && CODE_INSIDE.test(foldInPlace(read.note)) && !leadingPercent(rest, true)) return unclear('percent-in-text', task, read.percent);
  return read.kind === 'empty' ? { kind: 'code-only', task } : { ...read, task };
}

const sameTask = (a: TaskRef, b: TaskRef): boolean => a.number === b.number && (a.year === undefined || b.year === undefined || a.year === b.year);

/** "70% NV-12 nội dung" */
function percentBeforeCode(text: string, asked: TaskRef | undefined): ParsedProgress | undefined {
  const found = leadingPercent(text, false);
  const next = found?.kind === 'percent' ? takeCode(found.rest) : undefined;
  if (found?.kind !== 'percent' || !next) return undefined;
  if (takeCode(next.rest) || next.inWords || (asked && !sameTask(next.task, asked))) return unclear('which-task');
  if (leadingPercent(next.rest, false)) return unclear('percent-in-text', next.task);
  return { kind: 'report', task: next.task, percent: found.percent, note: next.rest };
}

/** "12 70% …": the number is a task only with a plain percent right behind it, and only if no other task was asked about. */
function bareNumberFirst(text: string, asked: TaskRef | undefined): ParsedProgress | undefined {
  const folded = foldInPlace(text);
  const number = BARE_NUMBER.exec(folded);
  if (!number || /^\d+\s?(?:%|phan tram|pt(?!\p{L}))/u.test(folded)) return undefined;
  const rest = text.slice(number[0].length).trim();
  const task: TaskRef = { number: Number(number[1]) };
  const found = /^%?\d/.test(foldInPlace(rest)) ? leadingPercent(rest, false) : undefined;
  if (found?.kind === 'percent' && (!asked || task.number === asked.number)) return { kind: 'report', task, percent: found.percent, note: found.rest };
  if (!found && !/^\d/.test(rest)) return aboutBareNumber(task, rest, asked);
  const percent = /^(\d{1,3})(?=\s*$|\s*[,;]\s|\s*%)/.exec(foldInPlace(rest))?.[1];
  const guess = !asked && percent !== undefined && Number(percent) <= 100 ? { guess: task, percent: Number(percent) } : {};
  return { kind: 'unclear', why: 'which-number', ...guess };
}

/** "23 khoảng 35", "23 đạt 40": the number may be a task where only such a percent follows; the task asked about stands above it. */
function aboutBareNumber(task: TaskRef, rest: string, asked: TaskRef | undefined): ParsedProgress | undefined {
  const percent = beginsRoughly(rest) && (!asked || asked.number === task.number) ? roughPercent(rest) : undefined;
  return percent === undefined ? undefined : { kind: 'unclear', why: 'about-percent', percent, ...(asked ? {} : { guess: task }) };
}

function withoutTask(text: string, asked: TaskRef | undefined): ParsedProgress {
  const folded = foldInPlace(text);
  if (CODE_INSIDE.test(folded)) return unclear('which-task');
  const alone = /^0*(\d{1,7})$/.exec(folded);
  if (alone && (!asked || Number(alone[1]) === asked.number)) return unclear('which-number');
  return readReport(text, asked !== undefined);
}

/** Percent and words once the task is known. `bare`: a number without a sign may be the percent. */
function readReport(text: string, bare: boolean): ParsedProgress {
  const folded = foldInPlace(text);
  const done = DONE.exec(folded);
  if (done) return readDone(restAfter(text, done[0].length), folded);
  const leading = leadingPercent(text, bare);
  const found = leading ?? trailingPercent(text);
  const rough = leading ? undefined : roughPercent(text);
  if (rough !== undefined && found?.kind !== 'percent') return unclear('about-percent', undefined, rough);
  if (found) return reportOf(found);
  if (/%|\d\s?(?:phan tram|pt)(?!\p{L})/u.test(folded)) return unclear('percent-in-text');
  if (!bare && /^\d/.test(folded)) return unclear('which-number');
  if (!/\p{L}/u.test(text) || MERE_NOD.test(folded)) return unclear('no-words');
  return { kind: 'report', note: text };
}

const reportOf = (found: Found): ParsedProgress =>
  found.kind === 'doubt' ? unclear(found.why) : { kind: 'report', percent: found.percent, note: isPoliteOnly(found.rest) ? '' : found.rest };

/** "xong" is 100 unless the words behind it take it back. */
function readDone(note: string, folded: string): ParsedProgress {
  if (/\d\s?%/.test(foldInPlace(note))) return unclear('percent-in-text');
  return NOT_REALLY_DONE.test(folded) ? unclear('done-or-not') : { kind: 'report', percent: 100, note };
}
