import type { Ctx } from '../context.js';
import { markAcknowledged } from '../delivery/receipts/mark-acknowledged.js';
import { strippedText } from '../kernel/clean-text.js';
import { DomainError } from '../kernel/errors.js';
import { byOf, type Actor } from '../people/actor.js';
import { mustBeAllowed } from '../people/policy.js';
import { tellIfChairAbsent } from './chair-absence.js';
import { findMeeting } from './change-meeting.js';
import { placesFor, targetOf, type Target } from './meeting-places.js';
import { withAnswers } from './kept-answers.js';
import type { Attendee, Meeting, MeetingEvent } from './meeting.model.js';
import { tellingKinds, wasTold } from './was-told.js';

export interface MeetingReply {
  code: string;
  /** "received" confirms only; the others confirm and answer. */
  answer: 'received' | 'attending' | 'absent';
  note?: string;
  /** Id of the attendee it is said for; without it see `targetOf`. */
  place?: string;
}

/** What an answer came to. */
export interface Answered {
  meeting: Meeting;
  /** Ids of the attendees it was written to; none: it could mean several, `open`, and the writer has to say whom. */
  places: string[];
  /** Ids of others the writer was told for and has not answered for. */
  open: string[];
}

const TRIES = 20;
/** Answers are still taken while the meeting goes on. */
const AFTER_START_MS = 2 * 3_600_000;

/**
 * An attendee confirms or answers; a deputy may do so for those they stand in for, each place by itself. Remaining steps stop,
 * waiting copies are suppressed; a later answer replaces an earlier one, and "received" takes none back. Repeating it changes nothing.
 * Throws meeting-unknown, not-invited, forbidden, meeting-over, changed-meanwhile (the meeting was moved and the person
 * cannot know the new time yet).
 */
export async function answerMeeting(ctx: Ctx, actor: Actor, input: MeetingReply): Promise<Answered> {
  const answered = await writeAnswer(ctx, actor, { ...input, note: strippedText(input.note ?? '') });
  const { meeting, places } = answered;
  for (const place of places) {
    await markAcknowledged(ctx, { meetingCode: meeting.code, personId: whose(actor), place, kinds: tellingKinds, version: meeting.version });
  }
  if (input.answer === 'absent') await tellIfChairAbsent(ctx, meeting, places);
  return answered;
}

async function writeAnswer(ctx: Ctx, actor: Actor, input: MeetingReply): Promise<Answered> {
  const personId = whose(actor);
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const meeting = await findMeeting(ctx, input.code);
    const places = await placesFor(ctx, meeting, personId);
    if (meeting.causes.includes(ctx.cause)) return repeated(ctx, meeting, targetOf(places, input));
    const target = targetOf(places, input);
    mustBeAllowed(actor, 'meeting.answer', { attendees: [{ personId }] });
    await mustBeAnswerable(ctx, meeting, personId);
    if (target.places.length === 0) return { meeting, ...idsOf(target) };
    const events = target.places.map((attendee) => eventOf(ctx, actor, meeting, attendee, input));
    const written = await write(ctx, meeting, target.places.map((attendee) => ({ attendee, fields: changes(ctx, actor, attendee, input) })), events);
    if (written) return { meeting: written, ...idsOf(target) };
  }
  throw new DomainError('changed-meanwhile');
}

const idsOf = ({ places, open }: Target): Pick<Answered, 'places' | 'open'> => ({ places: places.map((a) => String(a.personId)), open: open.map((a) => String(a.personId)) });

/** The same message worked on again: what it was written to then. */
function repeated(ctx: Ctx, meeting: Meeting, target: Target): Answered {
  const places = meeting.history.flatMap(({ cause, personId }) => (cause === ctx.cause && personId ? [personId] : []));
  return { meeting, ...idsOf(target), ...(places.length > 0 ? { places } : {}) };
}

function whose(actor: Actor): string {
  const personId = actor.kind === 'person' || actor.kind === 'account' ? actor.personId : null;
  if (!personId) throw new DomainError('forbidden', { action: 'meeting.answer' });
  return personId;
}

async function mustBeAnswerable(ctx: Ctx, meeting: Meeting, personId: string): Promise<void> {
  const over = meeting.startsAt.getTime() + AFTER_START_MS < ctx.clock.now().getTime();
  if (meeting.status === 'cancelled' || over) throw new DomainError('meeting-over', { code: meeting.code, how: meeting.status === 'cancelled' ? 'cancelled' : 'over' });
  // A tap under the old invitation must not count for a time the person has not heard of.
  if (meeting.version > 1 && (await wasTold(ctx, { meetingCode: meeting.code, personId, version: meeting.version })) === 'no') throw new DomainError('changed-meanwhile');
}

function changes(ctx: Ctx, actor: Actor, attendee: Attendee, { answer, note }: MeetingReply): Partial<Attendee> {
  const now = ctx.clock.now();
  const confirmed = { acknowledgedAt: attendee.acknowledgedAt ?? now, nextStepAt: null, via: byOf(actor).channel, recordedBy: null, from: byOf(actor).from ?? null, unclear: null };
  return answer === 'received' ? confirmed : { ...confirmed, answer, answerNote: note?.trim() ?? '', answeredAt: now };
}

const eventOf = (ctx: Ctx, actor: Actor, meeting: Meeting, attendee: Attendee, { answer, note = '' }: MeetingReply): MeetingEvent => ({
  at: ctx.clock.now(), action: 'answered', by: byOf(actor), cause: ctx.cause, version: meeting.version, personId: attendee.personId.toString(), answer, note: note.trim(),
});

/** Onto this version only, and onto these places only: five hundred people may confirm in the same second. Where the history is full, onto this revision only. */
function write(ctx: Ctx, meeting: Meeting, places: readonly { attendee: Attendee; fields: Partial<Attendee> }[], events: MeetingEvent[]): Promise<Meeting | null> {
  const fields = places.flatMap((place, i) => Object.entries(place.fields).map(([name, value]) => [`attendees.$[p${i}].${name}`, value] as const));
  const { history, added, dropped } = withAnswers(meeting, events);
  return ctx.db.Meeting.findOneAndUpdate(
    // Somebody taken off the list at this moment has no place to write to.
    { _id: meeting._id, version: meeting.version, ...(dropped ? { rev: meeting.rev } : {}), causes: { $ne: ctx.cause }, $and: places.map(({ attendee }) => ({ 'attendees.personId': attendee.personId })) },
    {
      $set: { ...Object.fromEntries(fields), unshown: true, ...(dropped ? { history } : {}) },
      $inc: { rev: 1 },
      $push: { causes: { $each: [ctx.cause], $slice: -500 }, ...(dropped ? {} : { history: { $each: added } }) },
    },
    { arrayFilters: places.map(({ attendee }, i) => ({ [`p${i}.personId`]: attendee.personId })), returnDocument: 'after' },
  ).lean<Meeting>();
}
