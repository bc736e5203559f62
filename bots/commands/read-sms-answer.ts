import type { MeetingAnswer } from '../../src/texts/answer-texts.js';
import { asksExtension } from './asks-extension.js';
import { ELSEWHERE_YES, isReason, YES_SIGN, YES_WORDS } from './attendance-words.js';
import { meetingsNamed } from './named-meeting.js';
import { isMereNod, parseProgress, type ParsedProgress } from './parse-progress.js';
import { readAttendance } from './read-attendance.js';
import { readMeetingRef, readTaskRef } from './read-ref.js';
import { readTaskQuestion, type TaskQuestion } from './read-task-question.js';
import { takeCode, tasksNamed, type TaskRef } from './task-code.js';
import { foldInPlace, restAfter, tidy } from './tidy.js';
import { lowerInPlace } from './typed-words.js';

/** What an SMS answer says. `meeting` absent: the one invitation that is open. */
export type SmsSaid =
  | { kind: 'meeting'; answer: MeetingAnswer; note: string; meeting?: TaskRef }
  | { kind: 'task-received'; task: TaskRef }
  /** "NV-12", "NV-12 la viec gi". */
  | { kind: 'task-question'; question: TaskQuestion }
  /** "Xin lui han NV-12"; `task` absent: of which? */
  | { kind: 'more-time'; task?: TaskRef }
  /** "DA NHAN" alone: of the invitation, or of a task? */
  | { kind: 'received' }
  | { kind: 'report'; parsed: ParsedProgress }
  | { kind: 'unclear' };

const CODE = String.raw`(?:hop|cuoc hop)[\s.\-_#:]*(?:20\d\d\s*[-_/.]\s*)?\d{1,7}(?![\d\p{L}])`;
const TASK = /^nv[\s.\-_#:]*\d/u;
const YES = new RegExp(String.raw`^(?:${YES_SIGN}(?:[\s,.:-]+(${CODE}))?|${YES_SIGN}[\s,.:-]+(${CODE})[\s,.:-]+(${ELSEWHERE_YES})|1[\s,.:-]+(${ELSEWHERE_YES}))[\s.!]*(?:ạ|a|nhé|nhe)?[\s.!]*$`, 'u');
const YES_CODE = new RegExp(String.raw`^(.*[^\s,.:-])[\s,.:-]+(${CODE})[\s.!]*(?:ạ|a|nhé|nhe)?[\s.!]*$`, 'u');
/** "Vâng" with its mark is never a no. */
const NO = new RegExp(String.raw`^(2|(?:vắng|vang)(?: (?:mặt|mat)| (?:họp|hop)(?![\s.\-_#:]*\d))?)(?![\d\p{L}/%])(?:[\s,.:-]*(${CODE}(?!\s*\/)))?`, 'u');
const RECEIVED = new RegExp(String.raw`^(?:(?:toi |em )?da nhan(?: duoc)?|xac nhan)(?![\p{L}\d])[\s,.:-]*(${CODE})?[\s.!]*$`, 'u');
/** Another matter. */
const NAMES = /(?<![\p{L}\d])(?:nv|hop)[\s.\-_#:]*\d/u;
const DIGIT = /\d/u;
const CODE_FIRST = new RegExp(String.raw`^(${CODE})[\s,.:-]+`, 'u');
/** After "2": so many of something, an hour, a date. Nobody's absence. */
const COUNTS = /^(?:gio|h|phut|ngay|nguoi|dong chi|can bo|lanh dao|don vi|so|phong|xe|cuoc|nhiem vu|van ban|tuan|thang|lan)(?!\p{L})/u;

/**
 * Reads an SMS typed without diacritics: "1", "CO HOP-31", "2 ban hop", "VANG HOP-31 ly do", "DA NHAN NV-12",
 * "NV-12 70 noi dung". What may mean two things is "unclear": a lone "VANG" is "vắng" or "vâng", "2 nguoi se du" is no absence.
 */
export function readSmsAnswer(typed: string): SmsSaid {
  const text = tidy(typed).replace(/^[/#]\s*/, '').slice(0, 500);
  const folded = foldInPlace(text);
  const asked = readTaskQuestion(text);
  if (asked) return { kind: 'task-question', question: asked };
  if (asksExtension(text)) return moreTime(text);
  if (TASK.test(folded)) return taskTaken(text) ?? { kind: 'report', parsed: parseProgress(text) };
  return yes(text) ?? received(text, folded) ?? no(text) ?? codeFirst(text, folded) ?? inWords(text);
}

function moreTime(text: string): SmsSaid {
  const [named, another] = tasksNamed(text);
  return { kind: 'more-time', ...(named && !another ? { task: named.task } : {}) };
}

/** "NV-12 da nhan" */
function taskTaken(text: string): SmsSaid | undefined {
  const named = takeCode(text);
  return named && /^da nhan(?: (?:duoc|roi|nhiem vu|viec|a))*[\s.!]*$/u.test(foldInPlace(named.rest)) ? { kind: 'task-received', task: named.task } : undefined;
}

const refIn = (code: string | undefined): { meeting?: TaskRef } => {
  const read = code ? readMeetingRef(code) : undefined;
  return read ? { meeting: read.ref } : {};
};

/** "1", "CO HOP-31", "Toi se du", "Toi se du HOP-31", and how: "truc tuyen"; nothing else may stand beside it. */
function yes(text: string): SmsSaid | undefined {
  const lowered = lowerInPlace(text);
  const found = YES.exec(lowered);
  const worded = found ? null : YES_CODE.exec(lowered);
  const said = found ? null : YES_WORDS.exec(worded?.[1] ?? lowered);
  if (!found && !said) return undefined;
  const [, code, ownCode, how, howAlone] = found ?? [];
  return { kind: 'meeting', answer: 'attending', note: how ?? howAlone ?? said?.[1] ?? '', ...refIn(code ?? ownCode ?? worded?.[2]) };
}

function received(text: string, folded: string): SmsSaid | undefined {
  const found = RECEIVED.exec(folded);
  if (found) return found[1] ? { kind: 'meeting', answer: 'received', note: '', ...refIn(found[1]) } : { kind: 'received' };
  const task = /^(?:toi |em )?(?:da nhan|danhan|xac nhan)[\s,.:-]+(nv[\s.\-_#:]*(?:20\d\d\s*[-_/.]\s*)?\d{1,7})[\s.!]*$/u.exec(folded);
  const ref = task ? readTaskRef(text.slice(folded.indexOf(task[1] ?? ''))) : undefined;
  return ref ? { kind: 'task-received', task: ref } : undefined;
}

function no(text: string): SmsSaid | undefined {
  const found = NO.exec(lowerInPlace(text));
  if (!found) return undefined;
  const [whole, word = '', code] = found;
  // "Vang, HOP-31": a polite yes, or the absence?
  const yesOrNo = word === 'vang' && (/^[\s]*[,.:]/u.test(text.slice(word.length)) || !code);
  const plain = (code !== undefined && !yesOrNo) || word.startsWith('vắng');
  if (yesOrNo && DUTIFUL.test(foldInPlace(restAfter(text, whole.length)))) return { kind: 'unclear' };
  const note = restAfter(text, whole.length);
  // "Vang" without a code or a reason may be a polite yes.
  const enough = note === '' ? plain || word === '2' || word === 'vang mat' : saysWhy(text.slice(whole.length), plain);
  return enough ? { kind: 'meeting', answer: 'absent', note, ...refIn(code) } : { kind: 'unclear' };
}

/** Words behind a "no" that give a reason, and do not take it back, count something or name another matter. */
function saysWhy(rest: string, plain: boolean): boolean {
  const note = restAfter(rest, 0);
  const folded = foldInPlace(note);
  if (isMereNod(note) || COUNTS.test(folded) || NAMES.test(folded) || meetingsNamed(note).length > 0) return false;
  return isReason(rest, plain) || (!DIGIT.test(folded) && readAttendance(note)?.answer === 'absent');
}

/** Behind a bare "vang", which may be "vâng": work that goes well, or somebody who sets out. */
const DUTIFUL = /(?<!\p{L})(?:da|xong|chu dao|tot|day du|san sang|giam|sot ruot|nha nuoc|phai ban|(?:ngay|luon)(?=[\s.!]*$))(?!\p{L})|^cong tac (?!(?:o|tai|xa|nuoc ngoai|ha noi|trung uong|dot xuat|co so|dia ban|dai ngay|tinh|tu|den|roi)(?!\p{L}))/u;

/** "HOP-31 CO", "HOP-31: vang, di cong tac". */
function codeFirst(text: string, folded: string): SmsSaid | undefined {
  const found = CODE_FIRST.exec(folded);
  if (!found) return undefined;
  const rest = text.slice(found[0].length);
  const taken: SmsSaid | undefined = RECEIVED.test(foldInPlace(rest)) ? { kind: 'meeting', answer: 'received', note: '' } : undefined;
  const said = yes(rest) ?? taken ?? no(rest) ?? inWords(rest);
  return said.kind === 'meeting' && !said.meeting ? { ...said, ...refIn(found[1]) } : { kind: 'unclear' };
}

/** Whole sentences by the reader of the chats; a code inside them is another matter. */
function inWords(text: string): SmsSaid {
  const folded = foldInPlace(text);
  const read = NAMES.test(folded) ? undefined : readAttendance(text);
  if (!read || (read.answer === 'received' && !/da nhan/.test(folded))) return { kind: 'unclear' };
  return { kind: 'meeting', ...read };
}
