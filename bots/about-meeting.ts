import type { Ctx } from '../src/context.js';
import { actsFor } from '../src/directives/acts-for.js';
import { DomainError } from '../src/kernel/errors.js';
import { numbered } from '../src/kernel/ids.js';
import { comingMeetingsOf } from '../src/meetings/find-meetings.js';
import type { Meeting } from '../src/meetings/meeting.model.js';
import { seatsOf } from '../src/meetings/seats-at.js';
import { personActor } from '../src/people/receivers.js';
import { refused, taskOrMeeting, whichMeeting } from '../src/texts/chat-texts.js';
import type { Message } from '../src/texts/message.js';
import type { Known } from './answer-person.js';
import { parseProgress, type TaskRef } from './commands/parse-progress.js';
import { readAttendance } from './commands/read-attendance.js';
import { foldInPlace, restAfter, tidy } from './commands/tidy.js';
import { yearOf } from './commands/which-task.js';
import { keepWords } from './kept-words.js';

/** What people write about coming or not coming; work may be told in the same words, so they are a reason to ask, never to write. */
const ATTENDANCE = /(?<!\p{L})(?:vang (?:mat|hop|vi|do|ly do)|(?:xin|bao|xin phep) vang|(?:du|hop|di) (?:hop )?thay|cu (?:dong chi|d\/c|pho|can bo|chuyen vien|ong|ba)(?!\p{L}).* (?:du|hop)|tham du|du hop|(?:se|khong(?: the)?) (?:du|hop)|di cong tac|khong den duoc)(?!\p{L})/su;
/** "vắng họp 9", "tham dự cuộc họp số 9 ạ"; "họp 9h", "họp 9/11", "dự họp 3 xã" name none. */
const NAMED = /(?:^|(?<!\p{L})(?:vang(?: mat)?|nghi|tham du|tham gia|du|den|di|nhan) )(?:cuoc |lich )?hop(?: so)?[\s.\-_#]*(?:(20\d\d)\s*[-_/.]\s*)?0*(\d{1,7})(?=\s*$|\s*[,;.!(-](?!\d)|\s(?:vi|do|boi|ly do|duoc|a|nhe|xin|toi|em|bi|ban|om|di cong tac)(?!\p{L}))/u;

const saysVang = (text: string): boolean => /(?<!\p{L})vắng(?!\p{L})/iu.test(text);

/** Words that look like an answer to an invitation. */
export const looksLikeAttendance = (words: string): boolean => saysVang(words.normalize('NFC')) || ATTENDANCE.test(foldInPlace(tidy(words)));

/** The meeting such words name by its number, and what stands behind it. */
function namedMeeting(words: string): { ref: TaskRef; rest: string } | undefined {
  const text = tidy(words);
  const found = NAMED.exec(foldInPlace(text));
  if (!found || !(looksLikeAttendance(text) || readAttendance(text))) return undefined;
  return { ref: { number: Number(found[2]), ...(found[1] ? { year: Number(found[1]) } : {}) }, rest: restAfter(text, found.index + found[0].length) };
}

/** "vắng họp 9 vì bận": that meeting with its buttons, "Vắng" with the reason; one that is not the writer's is refused. Undefined: none is named but the one whose answer is awaited. */
export async function aboutNamedMeeting(ctx: Ctx, { person, link }: Known, { words, awaitedMeeting }: { words: string; awaitedMeeting: string | undefined }): Promise<Message | undefined> {
  const named = namedMeeting(words);
  if (!named) return undefined;
  const code = numbered('HOP', named.ref.year ?? yearOf(ctx.clock.now()), named.ref.number);
  if (code === awaitedMeeting) return undefined;
  const actor = personActor(person, link.channel);
  const now = ctx.clock.now();
  try {
    const { meeting, own, others } = await seatsOf(ctx, actor, { code, absent: await actsFor(ctx, actor) });
    if (!own && others.length === 0) throw new DomainError('not-invited', { code });
    const reason = named.rest && readAttendance(words)?.answer !== 'attending' ? await keepWords(ctx, link, named.rest) : undefined;
    return whichMeeting(meeting, now, reason ? { token: reason, words: named.rest } : undefined);
  } catch (error) {
    // Who may not read a meeting has no place at it.
    if (error instanceof DomainError) return refused(error.code === 'forbidden' ? new DomainError('not-invited', { code }) : error);
    throw error;
  }
}

/**
 * Words typed while a report on `task` is awaited, that may be meant for an invitation: both are offered, nothing is written.
 * Undefined: they are a report, or the person is invited to nothing they could be meant for.
 */
export async function taskOrInvitation(ctx: Ctx, { person, link }: Known, { words, task }: { words: string; task: string }): Promise<Message | undefined> {
  const read = parseProgress(words);
  if ((read.kind === 'report' && read.percent !== undefined) || !looksLikeAttendance(words)) return undefined;
  const [meeting] = (await comingMeetingsOf(ctx, personActor(person, link.channel))).filter((one) => rank(one, person._id) < 3).sort((a, b) => rank(a, person._id) - rank(b, person._id));
  if (!meeting) return undefined;
  const attends = readAttendance(words)?.answer === 'attending';
  return taskOrMeeting({ task, meeting, attends, year: yearOf(ctx.clock.now()), words, token: await keepWords(ctx, link, words) });
}

/** How likely words about coming or not are meant for it: unanswered first, then absent without a reason, then attending. */
function rank({ attendees }: Meeting, personId: unknown): number {
  const own = attendees.find((attendee) => String(attendee.personId) === String(personId));
  if (!own) return 3;
  if (own.answer === 'absent') return own.answerNote ? 3 : 1;
  return own.answer === null ? 0 : 2;
}
