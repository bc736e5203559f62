import { yearOf } from '../src/kernel/local-date.js';
import type { Ctx } from '../src/context.js';
import type { InboundSms } from '../src/inbox/inbound.js';
import { DomainError } from '../src/kernel/errors.js';
import { numbered } from '../src/kernel/ids.js';
import { answerMeeting } from '../src/meetings/answer-meeting.js';
import type { Meeting } from '../src/meetings/meeting.model.js';
import { noteUnclearAnswer } from '../src/meetings/note-unclear-answer.js';
import type { Person } from '../src/people/person.model.js';
import { mayText } from '../src/people/phones/may-text.js';
import type { Message } from '../src/texts/message.js';
import * as texts from '../src/texts/sms-answer-texts.js';
import { smsReportUnclear } from '../src/texts/sms-task-texts.js';
import { answersLeft, understoodAgain } from './answer-limit.js';
import type { ParsedProgress } from './commands/parse-progress.js';
import { readSmsAnswer, type SmsSaid } from './commands/read-sms-answer.js';
import { numberBehindCode } from './commands/read-task-question.js';
import { offeredPercent } from './commands/spoken-progress.js';
import { takeCode } from './commands/task-code.js';
import { tidy } from './commands/tidy.js';
import { reply } from './reply.js';
import { actorOf, type Holders } from './sms-holders.js';
import { smsInvitations, taskWaitsBySms, type Invitation } from './sms-invitations.js';
import { answerMoreTime, answerTaskQuestion } from './sms-questions.js';
import { reportBySms, takeTaskBySms } from './sms-tasks.js';
import { unreadSms } from './sms-unread.js';

/** What goes back. `recorded`: something was written down because of this very message; `asked`: it was asked for. */
interface Answer {
  message: Message;
  recorded: boolean;
  asked?: true;
}

const unrecorded = (message: Message): Answer => ({ message, recorded: false });

/**
 * Works on one SMS answer. Only a number that was proven (or that the office vouches for) is heard. What can mean two things
 * writes nothing and is asked back. What was written down is always confirmed and counts for nothing; of hints five an hour
 * go back to a number (five more to somebody who was understood meanwhile), of answers to questions ten, and the last one says
 * so with the number to call. Repeating it changes nothing.
 */
export async function answerSms(ctx: Ctx, message: InboundSms): Promise<void> {
  const { chatId: phone } = message;
  const people = await ctx.db.Person.find({ phone, active: true }).sort({ createdAt: 1, _id: 1 }).lean<Person[]>();
  if (!people.some((person) => mayText(person, ctx.config.SMS_REQUIRE_VERIFIED))) return void ctx.log.info({ event: 'sms.nobody' });
  const answer = await answerTo(ctx, message, { phone, people });
  const personId = people.length === 1 ? people[0]?._id.toString() : undefined;
  if (answer.recorded) await understoodAgain(ctx, message, 'sms');
  const left = answer.recorded ? 'more' : await answersLeft(ctx, message, answer.asked ? 'sms-question' : 'sms');
  if (left !== 'none') await reply(ctx, message, left === 'last' ? texts.smsLastHint(answer.message, ctx.config.OFFICE_PHONE) : answer.message, personId);
}

/** Only rules' "no" is answered here, everything else bubbles up. */
async function answerTo(ctx: Ctx, { text, pieces }: InboundSms, holders: Holders): Promise<Answer> {
  if (pieces !== undefined && pieces > 1) {
    await unreadSms(ctx, holders, { text, asked: await smsInvitations(ctx, holders) });
    return unrecorded(texts.smsTooLong());
  }
  try {
    return await understand(ctx, { said: readSmsAnswer(text), text }, holders);
  } catch (error) {
    if (error instanceof DomainError) return unrecorded(texts.smsRefused(error));
    throw error;
  }
}

async function understand(ctx: Ctx, { said, text }: { said: SmsSaid; text: string }, holders: Holders): Promise<Answer> {
  if (said.kind === 'task-received') return takeTaskBySms(ctx, holders, said.task);
  if (said.kind === 'task-question') return { message: await answerTaskQuestion(ctx, holders, { question: said.question, text }), recorded: false, asked: true };
  if (said.kind === 'more-time') return unrecorded(await answerMoreTime(ctx, holders, { ref: said.task, text }));
  const asked = await smsInvitations(ctx, holders);
  if (said.kind === 'report') {
    if (said.parsed.kind === 'report' && said.parsed.task) return reportBySms(ctx, holders, { ...said.parsed, task: said.parsed.task });
    await unreadSms(ctx, holders, { text, asked });
    return unrecorded(reportUnclear(said.parsed, text));
  }
  if (said.kind === 'unclear') return unrecorded(await unreadSms(ctx, holders, { text, asked }));
  // "DA NHAN" while a task was sent as well: of which?
  if (said.kind === 'received' && (asked.length !== 1 || (await taskWaitsBySms(ctx, holders)))) return unrecorded(await unreadSms(ctx, holders, { text, asked }));
  const meant = said.kind === 'received' ? { answer: 'received' as const, note: '' } : said;
  return 'meeting' in meant && meant.meeting ? toNamed(ctx, holders, { ...meant, meeting: meant.meeting }, asked) : toOnly(ctx, holders, meant, asked);
}

/** With the task and the number that were typed. */
const reportUnclear = (parsed: ParsedProgress, text: string): Message =>
  smsReportUnclear({
    number: 'task' in parsed ? parsed.task?.number : undefined,
    percent: (parsed.kind === 'unclear' ? parsed.percent : undefined) ?? offeredPercent(takeCode(tidy(text))?.rest ?? text) ?? numberBehindCode(text),
    done: parsed.kind === 'unclear' && parsed.why === 'done-or-not',
  });

type Meant = Pick<Extract<SmsSaid, { kind: 'meeting' }>, 'answer' | 'note'>;

/** "1", "2 lý do": where one invitation alone can be meant, in the words it was last told. */
async function toOnly(ctx: Ctx, holders: Holders, meant: Meant, asked: readonly Invitation[]): Promise<Answer> {
  const now = ctx.clock.now();
  const [only] = asked;
  if (!only) return unrecorded(texts.smsNoMeeting());
  if (asked.length > 1) return unrecorded(texts.smsWhichMeeting(asked.map(({ meeting }) => meeting.code), now));
  if (only.version !== only.meeting.version) return unrecorded(texts.smsMeetingMoved(only.meeting, now));
  return write(ctx, holders, { ...meant, code: only.meeting.code, places: only.places });
}

/** "CO HOP-31": without a year the one that was sent to this number, else this year's. */
async function toNamed(ctx: Ctx, holders: Holders, meant: Meant & { meeting: { number: number; year?: number } }, asked: readonly Invitation[]): Promise<Answer> {
  const { number, year } = meant.meeting;
  const known = asked.filter(({ meeting }) => Number(meeting.code.split('-')[2]) === number && (year === undefined || meeting.code.startsWith(`HOP-${year}-`)));
  if (known.length > 1) return unrecorded(texts.smsWhichMeeting(known.map(({ meeting }) => meeting.code), ctx.clock.now()));
  const [one] = known;
  return write(ctx, holders, { answer: meant.answer, note: meant.note, code: one?.meeting.code ?? numbered('HOP', year ?? yearOf(ctx.clock.now()), number), places: one?.places ?? [] });
}

type Writing = Meant & { code: string; places: readonly string[] };

async function write(ctx: Ctx, holders: Holders, writing: Writing): Promise<Answer> {
  const { answer, note, code } = writing;
  const [person, another] = holders.people;
  if (!person) return unrecorded(texts.smsNoMeeting());
  if (another) return writeShared(ctx, holders, writing);
  const [place] = writing.places.length === 1 ? writing.places : [];
  const answered = await answerMeeting(ctx, actorOf(person, { phone: holders.phone }), { code, answer, ...(note ? { note } : {}), ...(place ? { place } : {}) });
  if (answered.places.length === 0) return unrecorded(texts.smsForWhom(answered.meeting, ctx.clock.now()));
  return written(ctx, answered.meeting, texts.smsAnswered(answered.meeting, { answer, note }, ctx.clock.now()));
}

/** The same said again changes nothing: a machine that answers every SMS would be confirmed for ever. */
const written = (ctx: Ctx, { history }: Pick<Meeting, 'history'>, message: Message): Answer => ({ message, recorded: history.some(({ cause }) => cause === ctx.cause) });

/**
 * Several people have the number: whether that counts is the office's setting, and even then only where one place is meant
 * whose own holder proved the number; the proof of another opens it for nobody else.
 */
async function writeShared(ctx: Ctx, { phone, people }: Holders, { answer, note, code, places }: Writing): Promise<Answer> {
  const invited = await ctx.db.Meeting.findOne({ code }).lean<Meeting>();
  const asked = places.length > 0 ? [...places] : (invited?.attendees ?? []).map(({ personId }) => String(personId)).filter((id) => people.some(({ _id }) => String(_id) === id));
  const owner = asked.length === 1 ? people.find(({ _id }) => String(_id) === asked[0]) : undefined;
  if (ctx.config.SMS_SHARED_NUMBER === 'counts' && owner && mayText(owner, ctx.config.SMS_REQUIRE_VERIFIED)) {
    const { meeting } = await answerMeeting(ctx, actorOf(owner, { phone, shared: true }), { code, answer, ...(note ? { note } : {}), place: String(owner._id) });
    return written(ctx, meeting, texts.smsAnswered(meeting, { answer, note }, ctx.clock.now()));
  }
  const meeting = await noteUnclearAnswer(ctx, { code, places: asked, phone, answer, note });
  return written(ctx, meeting, texts.smsUnclearWho(meeting, ctx.clock.now(), ctx.config.OFFICE_PHONE));
}
