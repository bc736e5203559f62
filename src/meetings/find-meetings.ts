import type { Ctx } from '../context.js';
import { DomainError } from '../kernel/errors.js';
import type { Actor, FromPhone } from '../people/actor.js';
import type { Person } from '../people/person.model.js';
import { can, mustBeAllowed } from '../people/policy.js';
import { findMeeting } from './change-meeting.js';
import type { AttendeeAnswer, Meeting, UnclearAnswer } from './meeting.model.js';

/** One line of "who has confirmed and who has not". */
export interface Confirmation {
  personId: string;
  name: string;
  position: string;
  phone: string | null;
  acknowledgedAt: Date | null;
  answer: AttendeeAnswer | null;
  note: string;
  answeredAt: Date | null;
  /** Channel of the confirmation: telegram, zalo, web. */
  via: string | null;
  /** Who of the Office wrote down an answer given by phone. */
  recordedBy: string | null;
  /** The number of an answer by SMS. */
  from: FromPhone | null;
  /** A shared number answered; it does not count. */
  unclear: UnclearAnswer | null;
}

export interface MeetingPage {
  meetings: Meeting[];
  total: number;
  page: number;
  pageSize: number;
}

const PAGE_SIZE = 20;

/** A meeting with who has confirmed, in the order of the invitation. Throws meeting-unknown, forbidden. */
export async function getMeeting(ctx: Ctx, actor: Actor, code: string): Promise<{ meeting: Meeting; confirmations: Confirmation[] }> {
  const meeting = await findMeeting(ctx, code);
  mustBeAllowed(actor, 'meeting.read', meeting);
  const people = await ctx.db.Person.find({ _id: { $in: meeting.attendees.map((a) => a.personId) } }).lean<Person[]>();
  const byId = new Map(people.map((person) => [person._id.toString(), person]));
  const confirmations = meeting.attendees.map((attendee): Confirmation => {
    const person = byId.get(attendee.personId.toString());
    const { acknowledgedAt, answer, answerNote, answeredAt, via, recordedBy = null, from = null, unclear = null } = attendee;
    return { personId: attendee.personId.toString(), name: person?.name ?? '', position: person?.position ?? '', phone: person?.phone ?? null, acknowledgedAt, answer, note: answerNote, answeredAt, via, recordedBy, from, unclear };
  });
  return { meeting, confirmations };
}

/** A meeting is shown among the coming ones until it has gone on for so long. */
const GOES_ON_MS = 2 * 3_600_000;
const COMING = 20;

/**
 * The meetings this person is invited to that lie ahead or go on, soonest first, at most 20; also those they were called in for
 * as a deputy, and those of the people (ids) in whose place they are. None for actors who are no person.
 */
export async function comingMeetingsOf(ctx: Ctx, actor: Actor, absentIds: readonly string[] = []): Promise<Meeting[]> {
  const personId = actor.kind === 'person' || actor.kind === 'account' ? actor.personId : null;
  if (!personId) return [];
  const since = new Date(ctx.clock.now().getTime() - GOES_ON_MS);
  return ctx.db.Meeting.find({ startsAt: { $gte: since }, status: { $ne: 'cancelled' }, $or: [{ 'attendees.personId': { $in: [personId, ...absentIds] } }, { 'attendees.deputyCalled': personId }] }).sort({ startsAt: 1, _id: 1 }).limit(COMING).lean<Meeting[]>().exec();
}

/** Meetings that begin at `from` or later, soonest first; 20 a page. Who may not read all sees those they are invited to. Throws forbidden. */
export async function listMeetings(ctx: Ctx, actor: Actor, query: { from?: Date; page?: number }): Promise<MeetingPage> {
  const personId = actor.kind === 'person' || actor.kind === 'account' ? actor.personId : null;
  const all = can(actor, 'meeting.read');
  if (!all && !personId) throw new DomainError('forbidden', { action: 'meeting.read' });
  const filter = { ...(query.from ? { startsAt: { $gte: query.from } } : {}), ...(all ? {} : { 'attendees.personId': personId }) };
  const page = Math.max(1, query.page ?? 1);
  const [meetings, total] = await Promise.all([
    ctx.db.Meeting.find(filter).sort({ startsAt: 1, _id: 1 }).skip((page - 1) * PAGE_SIZE).limit(PAGE_SIZE).lean<Meeting[]>(),
    ctx.db.Meeting.countDocuments(filter),
  ]);
  return { meetings, total, page, pageSize: PAGE_SIZE };
}
