import type { Types } from 'mongoose';
import type { Ctx } from '../context.js';
import { markAcknowledged } from '../delivery/receipts/mark-acknowledged.js';
import { DomainError } from '../kernel/errors.js';
import { byOf, type Actor } from '../people/actor.js';
import { mustBeAllowed } from '../people/policy.js';
import { findMeeting } from './change-meeting.js';
import type { Attendee, Meeting, MeetingEvent } from './meeting.model.js';
import { tellingKinds, wasTold } from './was-told.js';

export interface MeetingReply {
  code: string;
  /** "received" confirms only; the others confirm and answer. */
  answer: 'received' | 'attending' | 'absent';
  note?: string;
}

const TRIES = 20;
/** Answers are still taken while the meeting goes on. */
const AFTER_START_MS = 2 * 3_600_000;

/**
 * An attendee confirms or answers; a deputy may do so for whom they stand in. Remaining steps stop, waiting copies are
 * suppressed; a later answer replaces an earlier one, and "received" takes none back. Repeating it changes nothing.
 * Throws meeting-unknown, not-invited, forbidden, meeting-over, changed-meanwhile (the meeting was moved and the person
 * cannot know the new time yet).
 */
export async function answerMeeting(ctx: Ctx, actor: Actor, input: MeetingReply): Promise<Meeting> {
  const meeting = await writeAnswer(ctx, actor, input);
  const personId = whose(actor);
  const attendee = await attendeeFor(ctx, meeting, personId, input.code);
  for (const id of new Set([personId, attendee.personId.toString()])) {
    await markAcknowledged(ctx, { meetingCode: meeting.code, personId: id, kinds: tellingKinds, version: meeting.version });
  }
  return meeting;
}

async function writeAnswer(ctx: Ctx, actor: Actor, input: MeetingReply): Promise<Meeting> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const meeting = await findMeeting(ctx, input.code);
    const attendee = await attendeeFor(ctx, meeting, whose(actor), input.code);
    mustBeAllowed(actor, 'meeting.answer', { attendees: [{ personId: whose(actor) }] });
    if (meeting.causes.includes(ctx.cause)) return meeting;
    await mustBeAnswerable(ctx, meeting, whose(actor));
    const written = await write(ctx, meeting, attendee.personId, changes(ctx, actor, attendee, input), eventOf(ctx, actor, meeting, attendee, input));
    if (written) return written;
  }
  throw new DomainError('changed-meanwhile');
}

function whose(actor: Actor): string {
  const personId = actor.kind === 'person' || actor.kind === 'account' ? actor.personId : null;
  if (!personId) throw new DomainError('forbidden', { action: 'meeting.answer' });
  return personId;
}

/** The actor's own place, else that of somebody the actor stands in for. Throws not-invited. */
async function attendeeFor(ctx: Ctx, meeting: Meeting, personId: string, code: string): Promise<Attendee> {
  const own = meeting.attendees.find((a) => a.personId.toString() === personId);
  if (own) return own;
  const behalf = await ctx.db.Person.findOne({ _id: { $in: meeting.attendees.map((a) => a.personId) }, deputyId: personId }, { _id: 1 }).lean();
  const place = behalf && meeting.attendees.find((a) => a.personId.equals(behalf._id));
  if (!place) throw new DomainError('not-invited', { code });
  return place;
}

async function mustBeAnswerable(ctx: Ctx, meeting: Meeting, personId: string): Promise<void> {
  const over = meeting.startsAt.getTime() + AFTER_START_MS < ctx.clock.now().getTime();
  if (meeting.status === 'cancelled' || over) throw new DomainError('meeting-over', { code: meeting.code });
  // A tap under the old invitation must not count for a time the person has not heard of.
  if (meeting.version > 1 && (await wasTold(ctx, { meetingCode: meeting.code, personId, version: meeting.version })) === 'no') throw new DomainError('changed-meanwhile');
}

function changes(ctx: Ctx, actor: Actor, attendee: Attendee, { answer, note }: MeetingReply): Partial<Attendee> {
  const now = ctx.clock.now();
  const confirmed = { acknowledgedAt: attendee.acknowledgedAt ?? now, nextStepAt: null, via: byOf(actor).channel, recordedBy: null };
  return answer === 'received' ? confirmed : { ...confirmed, answer, answerNote: note?.trim() ?? '', answeredAt: now };
}

const eventOf = (ctx: Ctx, actor: Actor, meeting: Meeting, attendee: Attendee, { answer, note = '' }: MeetingReply): MeetingEvent => ({
  at: ctx.clock.now(), action: 'answered', by: byOf(actor), cause: ctx.cause, version: meeting.version, personId: attendee.personId.toString(), answer, note: note.trim(),
});

/** Onto this version only, and onto this person's place only: five hundred people may confirm in the same second. */
const write = (ctx: Ctx, meeting: Meeting, personId: Types.ObjectId, fields: Partial<Attendee>, event: MeetingEvent): Promise<Meeting | null> =>
  ctx.db.Meeting.findOneAndUpdate(
    { _id: meeting._id, version: meeting.version, causes: { $ne: ctx.cause } },
    {
      $set: { ...Object.fromEntries(Object.entries(fields).map(([name, value]) => [`attendees.$[own].${name}`, value])), unshown: true },
      $inc: { rev: 1 },
      $push: { causes: { $each: [ctx.cause], $slice: -500 }, history: event },
    },
    { arrayFilters: [{ 'own.personId': personId }], returnDocument: 'after' },
  ).lean<Meeting>();
