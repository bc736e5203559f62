import { foldInPlace, restAfter } from './tidy.js';

/** A task as people name it; without a year the nearest one is meant, which the caller decides. */
export interface TaskRef {
  number: number;
  year?: number;
}

const WORD = 'nv|nhiem vu(?: so)?';
const YEAR = String.raw`[\s.\-_#:]*(?:(20\d\d)\s*[-_/.]\s*)?0*`;
const END = String.raw`(?![\d\p{L}]|\s?%(?!\s?\d)|[.,]\d)`;
const CODE = new RegExp(String.raw`^(${WORD})${YEAR}(\d{1,7})${END}`, 'u');
const ANY_CODE = new RegExp(String.raw`(?<![\p{L}\d])(?:${WORD})${YEAR}(\d{1,7})${END}`, 'gu');

/** Something that begins like "NV-12" stands in folded words, whole or not. */
export const CODE_INSIDE = /(?<![\p{L}\d])nv[\s.\-_#:]*(?:20\d\d\s*[-_/.]\s*)?\d/u;

/** A task named at the start of words. */
export interface Named {
  task: TaskRef;
  /** It was written "nhiệm vụ 12". */
  inWords: boolean;
  /** "NV-12 -5%": five per cent less, or a dash that parts? */
  minus: boolean;
  rest: string;
}

/** The task these words begin with. */
export function takeCode(text: string): Named | undefined {
  const found = CODE.exec(foldInPlace(text));
  if (!found) return undefined;
  const [whole, word, year, number] = found;
  return { task: taskRef(number, year), inWords: word !== 'nv', minus: /^\s-\d[\d.,]*\s?%/.test(foldInPlace(text.slice(whole.length))), rest: restAfter(text, whole.length) };
}

/** Every task named anywhere in words; `inWords`: as "nhiệm vụ 12"; `at` and `length`: where it stands. */
export const tasksNamed = (text: string): { task: TaskRef; inWords: boolean; at: number; length: number }[] =>
  [...foldInPlace(text).matchAll(ANY_CODE)].map(({ 0: whole, 1: year, 2: number, index }) => ({ task: taskRef(number, year), inWords: !whole.startsWith('nv'), at: index, length: whole.length }));

/** Both name the same task, for all the years they give tell. */
export const sameTask = (a: TaskRef, b: TaskRef): boolean => a.number === b.number && (a.year === undefined || b.year === undefined || a.year === b.year);

const taskRef = (number: string | undefined, year: string | undefined): TaskRef => ({ number: Number(number), ...(year ? { year: Number(year) } : {}) });
