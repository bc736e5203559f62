import type { Ctx } from '../src/context.js';
import { mayHaveArrived } from '../src/delivery/delivery-states.js';
import type { Delivery } from '../src/delivery/delivery.model.js';
import type { InboundSms } from '../src/inbox/inbound.js';
import { DomainError } from '../src/kernel/errors.js';
import { numbered } from '../src/kernel/ids.js';
import { answerMeeting } from '../src/meetings/answer-meeting.js';
import type { Meeting } from '../src/meetings/meeting.model.js';
import { noteUnclearAnswer } from '../src/meetings/note-unclear-answer.js';
import { placeOf, tellingKinds } from '../src/meetings/was-told.js';
import type { Person } from '../src/people/person.model.js';
import { mayText } from '../src/people/phones/may-text.js';
import type { Message } from '../src/texts/message.js';
import * as texts from '../src/texts/sms-answer-texts.js';
import { mayAnswer } from './answer-limit.js';
import { readSmsAnswer, type SmsSaid } from './commands/read-sms-answer.js';
import { yearOf } from './commands/which-task.js';
import { reply } from './reply.js';
import { actorOf, type Holders } from './sms-holders.js';
import { reportBySms, takeTaskBySms } from './sms-tasks.js';

/**
 * Works on one SMS answer. Only a number that was proven (or that the office vouches for) is heard. What can mean two things
 * writes nothing and is asked back; at most five SMS an hour go back to a number. Repeating it changes nothing.
 */
export async function answerSms(ctx: Ctx, message: InboundSms): Promise<void> {
  const { chatId: phone } = message;
  const people = await ctx.db.Person.find({ phone, active: true }).sort({ createdAt: 1, _id: 1 }).lean<Person[]>();
  if (!people.some((person) => mayText(person, ctx.config.SMS_REQUIRE_VERIFIED))) return void ctx.log.info({ event: 'sms.nobody' });
  const answer = await answerTo(ctx, message, { phone, people });
  const personId = people.length === 1 ? people[0]?._id.toString() : undefined;
  if (await mayAnswer(ctx, message, 'sms')) await reply(ctx, message, answer, personId);
}

/** Only rules' "no" is answered here, everything else bubbles up. */
async function answerTo(ctx: Ctx, { text, pieces }: InboundSms, holders: Holders): Promise<Message> {
  if (pieces !== undefined && pieces > 1) return texts.smsTooLong();
  try {
    return await understand(ctx, readSmsAnswer(text), holders);
  } catch (error) {
    if (error instanceof DomainError) return texts.smsRefused(error);
    throw error;
  }
}

async function understand(ctx: Ctx, said: SmsSaid, holders: Holders): Promise<Message> {
  if (said.kind === 'report') return reportBySms(ctx, holders, said.parsed);
  if (said.kind === 'task-received') return takeTaskBySms(ctx, holders, said.task);
  if (said.kind === 'unclear') return texts.smsComesOrNot();
  const asked = await invitations(ctx, holders);
  // "DA NHAN" while a task was sent as well: of which?
  if (said.kind === 'received' && (asked.length !== 1 || (await taskWaits(ctx, holders)))) return texts.smsComesOrNot();
  const meant = said.kind === 'received' ? { answer: 'received' as const, note: '' } : said;
  return 'meeting' in meant && meant.meeting ? toNamed(ctx, holders, { ...meant, meeting: meant.meeting }, asked) : toOnly(ctx, holders, meant, asked);
}

type Meant = Pick<Extract<SmsSaid, { kind: 'meeting' }>, 'answer' | 'note'>;

/** A meeting whose invitation went to this number by SMS and may still be answered. */
interface Invitation {
  meeting: Meeting;
  /** Of the latest SMS. */
  version: number;
  /** Attendees the SMS were about. */
  places: string[];
}

const AFTER_START_MS = 2 * 3_600_000;
const RECENT_MS = 60 * 86_400_000;

async function invitations(ctx: Ctx, { phone, people }: Holders): Promise<Invitation[]> {
  const ids = people.map(({ _id }) => _id);
  const since = new Date(ctx.clock.now().getTime() - RECENT_MS);
  const sent = await ctx.db.Delivery.find({ personId: { $in: ids }, createdAt: { $gte: since }, kind: { $in: [...tellingKinds] }, channel: 'sms', to: phone }).sort({ createdAt: 1, _id: 1 }).lean<Delivery[]>();
  const arrived = sent.filter((delivery) => mayHaveArrived(delivery) && delivery.data['deputy'] !== true);
  const codes = [...new Set(arrived.flatMap(({ meetingCode }) => meetingCode ?? []))];
  const open = { code: { $in: codes }, status: { $ne: 'cancelled' as const }, startsAt: { $gte: new Date(ctx.clock.now().getTime() - AFTER_START_MS) } };
  const meetings = await ctx.db.Meeting.find(open).sort({ startsAt: 1, _id: 1 }).lean<Meeting[]>();
  return meetings.map((meeting) => {
    const about = arrived.filter(({ meetingCode }) => meetingCode === meeting.code);
    return { meeting, version: Number(about.at(-1)?.data['version'] ?? 0), places: [...new Set(about.map(placeOf))] };
  });
}

/** A task sent to this number by SMS that nobody has taken note of. */
const taskWaits = async (ctx: Ctx, { phone, people }: Holders): Promise<boolean> =>
  (await ctx.db.Delivery.exists({ personId: { $in: people.map(({ _id }) => _id) }, createdAt: { $gte: new Date(ctx.clock.now().getTime() - RECENT_MS) }, kind: 'task-assigned', channel: 'sms', to: phone, acknowledgedAt: null })) !== null;

/** "1", "2 lý do": where one invitation alone can be meant, in the words it was last told. */
async function toOnly(ctx: Ctx, holders: Holders, meant: Meant, asked: readonly Invitation[]): Promise<Message> {
  const now = ctx.clock.now();
  const [only] = asked;
  if (!only) return texts.smsNoMeeting();
  if (asked.length > 1) return texts.smsWhichMeeting(asked.map(({ meeting }) => meeting.code), now);
  if (only.version !== only.meeting.version) return texts.smsMeetingMoved(only.meeting, now);
  return write(ctx, holders, { ...meant, code: only.meeting.code, places: only.places });
}

/** "CO HOP-31": without a year the one that was sent to this number, else this year's. */
async function toNamed(ctx: Ctx, holders: Holders, meant: Meant & { meeting: { number: number; year?: number } }, asked: readonly Invitation[]): Promise<Message> {
  const { number, year } = meant.meeting;
  const known = asked.filter(({ meeting }) => Number(meeting.code.split('-')[2]) === number && (year === undefined || meeting.code.startsWith(`HOP-${year}-`)));
  if (known.length > 1) return texts.smsWhichMeeting(known.map(({ meeting }) => meeting.code), ctx.clock.now());
  const [one] = known;
  return write(ctx, holders, { answer: meant.answer, note: meant.note, code: one?.meeting.code ?? numbered('HOP', year ?? yearOf(ctx.clock.now()), number), places: one?.places ?? [] });
}

type Writing = Meant & { code: string; places: readonly string[] };

async function write(ctx: Ctx, holders: Holders, writing: Writing): Promise<Message> {
  const { answer, note, code } = writing;
  const [person, another] = holders.people;
  if (!person) return texts.smsNoMeeting();
  if (another) return writeShared(ctx, holders, writing);
  const [place] = writing.places.length === 1 ? writing.places : [];
  const answered = await answerMeeting(ctx, actorOf(person, { phone: holders.phone }), { code, answer, ...(note ? { note } : {}), ...(place ? { place } : {}) });
  return answered.places.length === 0 ? texts.smsForWhom(answered.meeting, ctx.clock.now()) : texts.smsAnswered(answered.meeting, answer, ctx.clock.now());
}

/**
 * Several people have the number: whether that counts is the office's setting, and even then only where one place is meant
 * whose own holder proved the number; the proof of another opens it for nobody else.
 */
async function writeShared(ctx: Ctx, { phone, people }: Holders, { answer, note, code, places }: Writing): Promise<Message> {
  const invited = await ctx.db.Meeting.findOne({ code }).lean<Meeting>();
  const asked = places.length > 0 ? [...places] : (invited?.attendees ?? []).map(({ personId }) => String(personId)).filter((id) => people.some(({ _id }) => String(_id) === id));
  const owner = asked.length === 1 ? people.find(({ _id }) => String(_id) === asked[0]) : undefined;
  if (ctx.config.SMS_SHARED_NUMBER === 'counts' && owner && mayText(owner, ctx.config.SMS_REQUIRE_VERIFIED)) {
    const { meeting } = await answerMeeting(ctx, actorOf(owner, { phone, shared: true }), { code, answer, ...(note ? { note } : {}), place: String(owner._id) });
    return texts.smsAnswered(meeting, answer, ctx.clock.now());
  }
  const meeting = await noteUnclearAnswer(ctx, { code, places: asked, phone, answer, note });
  return texts.smsUnclearWho(meeting, ctx.clock.now(), ctx.config.OFFICE_PHONE);
}
