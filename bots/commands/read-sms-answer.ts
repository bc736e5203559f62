import type { MeetingAnswer } from '../../src/texts/answer-texts.js';
import { isMereNod, parseProgress, type ParsedProgress, type TaskRef } from './parse-progress.js';
import { readAttendance } from './read-attendance.js';
import { readMeetingRef, readTaskRef } from './read-ref.js';
import { foldInPlace, restAfter, tidy } from './tidy.js';

/** What an SMS answer says. `meeting` absent: the one invitation that is open. */
export type SmsSaid =
  | { kind: 'meeting'; answer: MeetingAnswer; note: string; meeting?: TaskRef }
  | { kind: 'task-received'; task: TaskRef }
  /** "DA NHAN" alone: of the invitation, or of a task? */
  | { kind: 'received' }
  | { kind: 'report'; parsed: ParsedProgress }
  | { kind: 'unclear' };

const CODE = String.raw`(?:hop|cuoc hop)[\s.\-_#:]*(?:20\d\d\s*[-_/.]\s*)?\d{1,7}(?![\d\p{L}])`;
const TASK = /^nv[\s.\-_#:]*\d/u;
const YES = new RegExp(String.raw`^(?:1|co|(?:toi )?(?:co |se )?(?:du|tham du|du hop)(?: hop)?)(?:[\s,.:-]+(${CODE}))?[\s.!]*(?:a|nhe|dong chi)?[\s.!]*$`, 'u');
const NO = new RegExp(String.raw`^(2|vang(?: mat| hop(?![\s.\-_#:]*\d))?)(?![\d\p{L}/%])[\s,.:-]*(${CODE})?`, 'u');
const RECEIVED = new RegExp(String.raw`^(?:(?:toi |em )?da nhan(?: duoc)?|xac nhan)(?![\p{L}\d])[\s,.:-]*(${CODE})?[\s.!]*$`, 'u');
const CODE_FIRST = new RegExp(String.raw`^(${CODE})[\s,.:-]+`, 'u');
/** After "2": so many of something, an hour, a date. Nobody's absence. */
const COUNTS = /^(?:gio|h|phut|ngay|nguoi|dong chi|can bo|lanh dao|don vi|so|phong|xe|cuoc|nhiem vu|van ban|tuan|thang|lan)(?!\p{L})/u;

/** "Vâng ạ", "vâng thưa đồng chí". */
const POLITE = /^(?:a|da|nhe|thua)?\s*(?:anh|em|chi|chu|bac|sep|dong chi)?[\s.!]*$/u;

/**
 * Reads an SMS typed without diacritics: "1", "CO HOP-31", "2 ban hop", "VANG HOP-31 ly do", "DA NHAN NV-12",
 * "NV-12 70 noi dung". What may mean two things is "unclear": a lone "VANG" is "vắng" or "vâng", "2 nguoi se du" is no absence.
 */
export function readSmsAnswer(typed: string): SmsSaid {
  const text = tidy(typed).replace(/^[/#]\s*/, '').slice(0, 500);
  const folded = foldInPlace(text);
  if (TASK.test(folded)) return { kind: 'report', parsed: parseProgress(text) };
  return yes(folded) ?? received(text, folded) ?? no(text, folded) ?? codeFirst(text, folded) ?? inWords(text);
}

const refIn = (code: string | undefined): { meeting?: TaskRef } => {
  const read = code ? readMeetingRef(code) : undefined;
  return read ? { meeting: read.ref } : {};
};

function yes(folded: string): SmsSaid | undefined {
  const found = YES.exec(folded);
  return found ? { kind: 'meeting', answer: 'attending', note: '', ...refIn(found[1]) } : undefined;
}

function received(text: string, folded: string): SmsSaid | undefined {
  const found = RECEIVED.exec(folded);
  if (found) return found[1] ? { kind: 'meeting', answer: 'received', note: '', ...refIn(found[1]) } : { kind: 'received' };
  const task = /^(?:toi |em )?(?:da nhan|danhan|xac nhan)[\s,.:-]+(nv[\s.\-_#:]*(?:20\d\d\s*[-_/.]\s*)?\d{1,7})[\s.!]*$/u.exec(folded);
  const ref = task ? readTaskRef(text.slice(folded.indexOf(task[1] ?? ''))) : undefined;
  return ref ? { kind: 'task-received', task: ref } : undefined;
}

function no(text: string, folded: string): SmsSaid | undefined {
  const found = NO.exec(folded);
  if (!found) return undefined;
  const note = restAfter(text, found[0].length);
  const [, word = '', code] = found;
  if (!isReason(note)) return { kind: 'unclear' };
  // "Vang" without a code or a reason may be a polite yes.
  if (note === '' && !code && word === 'vang') return { kind: 'unclear' };
  return { kind: 'meeting', answer: 'absent', note, ...refIn(code) };
}

/** Words behind a "no" that do not take it back, count something or name another matter. */
function isReason(note: string): boolean {
  const folded = foldInPlace(note);
  if (note !== '' && (isMereNod(note) || POLITE.test(folded))) return false;
  if (COUNTS.test(folded) || /(?<![\p{L}\d])(?:nv|hop)[\s.\-_#:]*\d/u.test(folded) || folded.includes('?')) return false;
  const also = note === '' ? undefined : readAttendance(note);
  return also === undefined ? !/(?<!\p{L})(?:se|van|nhung|da nhan|tham du|du duoc|co mat)(?!\p{L})/u.test(folded) : also.answer === 'absent';
}

/** "HOP-31 CO", "HOP-31: vang, di cong tac". */
function codeFirst(text: string, folded: string): SmsSaid | undefined {
  const found = CODE_FIRST.exec(folded);
  if (!found) return undefined;
  const rest = text.slice(found[0].length);
  const plain = foldInPlace(rest);
  const taken: SmsSaid | undefined = RECEIVED.test(plain) ? { kind: 'meeting', answer: 'received', note: '' } : undefined;
  const said = yes(plain) ?? taken ?? no(rest, plain) ?? inWords(rest);
  return said.kind === 'meeting' && !said.meeting ? { ...said, ...refIn(found[1]) } : { kind: 'unclear' };
}

/** Whole sentences by the reader of the chats; a code inside them is another matter. */
function inWords(text: string): SmsSaid {
  const folded = foldInPlace(text);
  const read = /(?<![\p{L}\d])(?:nv|hop)[\s.\-_#:]*\d/u.test(folded) ? undefined : readAttendance(text);
  if (!read || (read.answer === 'received' && !/da nhan/.test(folded))) return { kind: 'unclear' };
  // A yes among such words may be half of a no.
  if (read.answer === 'attending' && (/(?<!\p{L})(?:khong|chua|vang|co le|neu)(?!\p{L})/u.test(folded) || /\d/.test(folded))) return { kind: 'unclear' };
  return { kind: 'meeting', ...read };
}
