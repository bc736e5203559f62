import { yearOf } from '../src/kernel/local-date.js';
import type { Ctx } from '../src/context.js';
import { actsFor } from '../src/directives/acts-for.js';
import { DomainError } from '../src/kernel/errors.js';
import { numbered } from '../src/kernel/ids.js';
import { comingMeetingsOf } from '../src/meetings/find-meetings.js';
import type { Meeting } from '../src/meetings/meeting.model.js';
import { seatsOf } from '../src/meetings/seats-at.js';
import type { ChatLink } from '../src/people/links/chat-link.model.js';
import { personActor } from '../src/people/receivers.js';
import { refused, taskOrMeeting, whichMeeting } from '../src/texts/chat-texts.js';
import type { Message } from '../src/texts/message.js';
import type { Known } from './answer-person.js';
import { AWAITING_MS } from './commands/command.js';
import { parseProgress, type TaskRef } from './commands/parse-progress.js';
import { comesAfterAll, looksLikeAttendance, readBareAnswer, readComing, type Coming } from './commands/coming-words.js';
import { readAttendance } from './commands/read-attendance.js';
import { foldInPlace, restAfter, tidy } from './commands/tidy.js';
import { keepWords } from './kept-words.js';
import { lastShown } from './last-shown.js';

/** "vắng họp 9", "tham dự cuộc họp số 9 ạ"; "họp 9h", "họp 9/11", "dự họp 3 xã" name none. */
const NAMED = /(?:^|(?<!\p{L})(?:vang(?: mat)?|nghi|tham du|tham gia|du|den|di|nhan) )(?:cuoc |lich )?hop(?: so)?[\s.\-_#]*(?:(20\d\d)\s*[-_/.]\s*)?0*(\d{1,7})(?=\s*$|\s*[,;.!(-](?!\d)|\s(?:vi|do|boi|ly do|duoc|a|nhe|xin|toi|em|bi|ban|om|di cong tac)(?!\p{L}))/u;

/** "HOP-8 dự", "hop 8: vang", "tôi sẽ dự HOP-8". */
const CODED = /(?:(?<![\p{L}\d])hop ?[-_.#] ?|^hop ?)(?:(20\d\d)\s*[-_/.]\s*)?0*(\d{1,7})(?=\s*$|\s*[,;.!:-](?!\d)|\s(?!(?:gio|h|phut|ngay|xa|phuong|lan|nguoi|don vi)(?!\p{L})))/u;

interface Named {
  ref: TaskRef;
  /** What stands behind the number. */
  rest: string;
  /** The words without the meeting. */
  said: string;
}

const refIn = (found: RegExpExecArray): TaskRef => ({ number: Number(found[2]), ...(found[1] ? { year: Number(found[1]) } : {}) });

/** The meeting named by its code, whatever is said of it. */
export function codedMeeting(words: string): Named | undefined {
  const text = tidy(words);
  const found = CODED.exec(foldInPlace(text));
  if (!found) return undefined;
  return around(text, found);
}

/** "dự" of "dự họp 2" stays with what is said. */
function around(text: string, found: RegExpExecArray): Named {
  const rest = restAfter(text, found.index + found[0].length);
  const verb = /(?:(?:cuoc|lich) )?hop/u.exec(found[0])?.index ?? 0;
  const before = text.slice(0, found.index + verb).replace(/[\s,;:.-]+$/u, '');
  return { ref: refIn(found), rest, said: [before, rest].filter(Boolean).join(' ') };
}

/** The meeting such words name by its number, and what stands behind it. */
function namedMeeting(words: string): Named | undefined {
  const text = tidy(words);
  const found = NAMED.exec(foldInPlace(text));
  if (found && (looksLikeAttendance(text) || readAttendance(text))) return around(text, found);
  const coded = codedMeeting(words);
  return coded && (readComing(coded.said) ?? readBareAnswer(coded.said) ?? /^vang$/u.test(foldInPlace(coded.said))) ? coded : undefined;
}

/** "vắng họp 9 vì bận": that meeting with its buttons, "Vắng" with the reason; one that is not the writer's is refused. Undefined: none is named but the one whose answer is awaited. */
export async function aboutNamedMeeting(ctx: Ctx, known: Known, { words, awaitedMeeting }: { words: string; awaitedMeeting: string | undefined }): Promise<Message | undefined> {
  const named = namedMeeting(words);
  if (!named) return undefined;
  const code = codeOf(ctx, named);
  // The reason for being away may name the meeting; "HOP-8 dự" is none.
  return code === awaitedMeeting && !comesAfterAll(named.said) ? undefined : askAbout(ctx, known, named);
}

const codeOf = (ctx: Ctx, { ref }: Named): string => numbered('HOP', ref.year ?? yearOf(ctx.clock.now()), ref.number);

/** That meeting with its buttons, and what a tap writes down with the answer; one that is not the writer's is refused. */
export async function askAbout(ctx: Ctx, { person, link }: Known, named: Named): Promise<Message> {
  const code = codeOf(ctx, named);
  const actor = personActor(person, link.channel);
  const now = ctx.clock.now();
  try {
    const { meeting, own, others } = await seatsOf(ctx, actor, { code, absent: await actsFor(ctx, actor) });
    if (!own && others.length === 0) throw new DomainError('not-invited', { code });
    const { says, note } = noteOf(named);
    return whichMeeting(meeting, now, note && says !== 'either' ? { token: await keepWords(ctx, link, note), words: note, on: says } : undefined);
  } catch (error) {
    // Who may not read a meeting has no place at it.
    if (error instanceof DomainError) return refused(error.code === 'forbidden' ? new DomainError('not-invited', { code }) : error);
    throw error;
  }
}

function noteOf({ said, rest }: Named): Coming {
  const coming = readComing(said);
  if (coming?.says === 'attending' || comesAfterAll(said)) return { says: 'attending', note: coming?.note ?? '' };
  return { says: 'absent', note: rest && said !== rest ? rest : (coming?.note ?? '') };
}

/**
 * Words typed while a report on `task` is awaited, that may be meant for an invitation: both are offered, nothing is written.
 * Undefined: they are a report, or the person is invited to nothing they could be meant for.
 */
export async function taskOrInvitation(ctx: Ctx, { person, link }: Known, { words, task }: { words: string; task: string }): Promise<Message | undefined> {
  const read = parseProgress(words);
  if ((read.kind === 'report' && read.percent !== undefined) || !looksLikeAttendance(words)) return undefined;
  const coming = await comingMeetingsOf(ctx, personActor(person, link.channel));
  const looked = await lookedAt(ctx, link, coming);
  const [meeting] = looked ? [looked] : coming.filter((one) => rank(one, person._id) < 3).sort((a, b) => rank(a, person._id) - rank(b, person._id));
  if (!meeting) return undefined;
  const attends = readAttendance(words)?.answer === 'attending';
  if (looked && attends) return whichMeeting(looked, ctx.clock.now());
  return taskOrMeeting({ task, meeting, attends, year: yearOf(ctx.clock.now()), words, token: await keepWords(ctx, link, words) });
}

/** The meeting shown after the report was asked for, where nothing was shown since. */
async function lookedAt(ctx: Ctx, link: ChatLink, coming: readonly Meeting[]): Promise<Meeting | undefined> {
  if (!link.awaiting) return undefined;
  const shown = await lastShown(ctx, link, new Date(link.awaiting.until.getTime() - AWAITING_MS));
  return coming.find(({ code }) => code === shown?.meetingCode);
}

/** How likely words about coming or not are meant for it: unanswered first, then absent without a reason, then attending. */
function rank({ attendees }: Meeting, personId: unknown): number {
  const own = attendees.find((attendee) => String(attendee.personId) === String(personId));
  if (!own) return 3;
  if (own.answer === 'absent') return own.answerNote ? 3 : 1;
  return own.answer === null ? 0 : 2;
}
