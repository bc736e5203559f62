import { mayBeDone, readDone } from './done-words.js';
import { leadingPercent, trailingPercent, type Found } from './find-percent.js';
import { isNoReport } from './progress-doubts.js';
import { beginsRoughly, guessedPercent, isOpening, isPoliteOnly, offeredPercent, roughPercent } from './spoken-progress.js';
import { CODE_INSIDE, sameTask, takeCode, tasksNamed, type Named, type TaskRef } from './task-code.js';
import { foldInPlace, tidy } from './tidy.js';

export type { TaskRef } from './task-code.js';

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

/** The command typed without its sign. */
const CALL = /^(?:cn|capnhat|cap nhat)[\s:]+(?=(?:nv|nhiem vu)[\s.\-_#:]*\d|\d{1,7}\s+\d)/u;
const BARE_NUMBER = /^0*(\d{1,7})(?=\s)/;
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

const unclear = (why: Doubt, task?: TaskRef, percent?: number): ParsedProgress => ({ kind: 'unclear', why, ...(task ? { task } : {}), ...(percent === undefined ? {} : { percent }) });

/**
 * One task named in the midst of the words: "tôi báo cáo nv17 đạt 40% nhé" begins like a report and is read as one; all else
 * is asked back about that task. Undefined: none or several, or another one than was asked about.
 */
function codeInside(text: string, asked: TaskRef | undefined): ParsedProgress | undefined {
  const found = tasksNamed(text);
  const [first] = found;
  if (!first) return undefined;
  const { task, at } = first;
  if (found.length > 1 || (asked && !sameTask(task, asked))) return undefined;
  const [before, after] = [text.slice(0, at), text.slice(at)];
  const named = isOpening(before) ? takeCode(after) : undefined;
  if (named) return withTask(named, asked);
  return first.inWords ? undefined : unclear('code-in-text', task, guessedPercent(`${before} ${after.slice(first.length)}`));
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
  const done = readDone(text);
  if (done) return typeof done === 'string' ? doubtful(done, text) : { kind: 'report', percent: 100, note: done.note };
  const leading = leadingPercent(text, bare);
  const found = leading ?? trailingPercent(text);
  const rough = leading ? undefined : roughPercent(text);
  if (rough !== undefined && found?.kind !== 'percent') return unclear('about-percent', undefined, rough);
  if (found) return reportOf(found, text);
  if (/%|\d\s?(?:phan tram|pt)(?!\p{L})/u.test(folded)) return doubtful('percent-in-text', text);
  if (!bare && /^\d/.test(folded)) return doubtful('which-number', text);
  if (!/\p{L}/u.test(text) || MERE_NOD.test(folded) || isNoReport(folded)) return unclear('no-words');
  return mayBeDone(text) ? unclear('done-or-not', undefined, 100) : { kind: 'report', note: text };
}

const reportOf = (found: Found, text: string): ParsedProgress =>
  found.kind === 'doubt' ? doubtful(found.why, text) : { kind: 'report', percent: found.percent, note: isPoliteOnly(found.rest) ? '' : found.rest };

/** Asked back with the one number the words hold; who doubts of "100%" whether it is reached is not offered to have it written. */
function doubtful(why: Doubt, text: string): ParsedProgress {
  const percent = why === 'done-or-not' ? undefined : offeredPercent(text);
  return percent === 100 ? unclear('done-or-not') : unclear(why, undefined, percent);
}
