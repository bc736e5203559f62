import type { Ctx } from '../context.js';
import type { Delivery } from '../delivery/delivery.model.js';
import type { Rendered, Renderer } from '../delivery/renderer.js';
import { agencyReader, type AgencyReader } from '../people/mailbox.js';
import type { Person } from '../people/person.model.js';
import { meetingSubject, type WhenWhere } from '../texts/meeting-texts.js';
import type { CalendarEntry, Message } from '../texts/message.js';
import { meetingParams } from '../texts/template-params.js';
import { editionOf } from './change-meeting.js';
import type { Attendee, Meeting } from './meeting.model.js';

/** How long a correction waits for the message it corrects to land. */
export const IN_THE_AIR_MS = 2_000;

/** The meeting a delivery speaks of. */
export const meetingOf = (ctx: Ctx, delivery: Delivery): Promise<Meeting | null> =>
  ctx.db.Meeting.findOne({ code: String(delivery.data['meetingCode']) }).lean<Meeting>();

/** Why nothing is said of this version any more; null: it still holds. */
export function outdated(ctx: Ctx, meeting: Meeting, delivery: Delivery): string | null {
  if (meeting.status === 'cancelled') return 'meeting-cancelled';
  if (meeting.version !== delivery.data['version']) return 'meeting-changed';
  return meeting.startsAt <= ctx.clock.now() ? 'meeting-over' : null;
}

/** Who reads: a person, or an agency through its mailbox. */
export type Reader = AgencyReader | { name: string; position: string; person: Person };

/** Null: the agency is no more. */
export async function readerOf(ctx: Ctx, delivery: Delivery, person: Person | null): Promise<Reader | null> {
  return person ? { name: person.name, position: person.position, person } : agencyReader(ctx, delivery.data);
}

/** What is said of a meeting to one reader; the meeting or the agency may be no more. */
export const toReader = (say: (ctx: Ctx, about: { meeting: Meeting; reader: Reader; delivery: Delivery }) => Promise<Rendered>): Renderer => async (ctx, delivery, person) => {
  const [meeting, reader] = await Promise.all([meetingOf(ctx, delivery), readerOf(ctx, delivery, person)]);
  return meeting && reader ? say(ctx, { meeting, reader, delivery }) : { suppress: 'meeting-unknown' };
};

/**
 * The words in the thread of the meeting, their pieces for channels of approved templates, and the entry for the reader's calendar.
 * `before`: the time and place the reader knew; `off`: the meeting takes place, without this reader.
 */
export function saying(meeting: Meeting, reader: Reader, message: Message, { before, off = false }: { before?: WhenWhere; off?: boolean } = {}): Rendered {
  const calendar: CalendarEntry = {
    method: off || meeting.status === 'cancelled' ? 'CANCEL' : 'REQUEST',
    // The same for every version, so that each replaces the one before; an answer names the meeting by it.
    uid: `${meeting.code}.${reader.person ? reader.person._id.toString() : reader.agencyCode}@nhac-viec`,
    // Another list or chair makes no new version of the meeting, but a new entry.
    sequence: editionOf(meeting),
    title: meeting.kind === 'urgent' ? `HỎA TỐC: ${meeting.title}` : meeting.title,
    startsAt: meeting.startsAt,
    place: meeting.place,
  };
  return { message: { ...message, subject: meetingSubject(message, meeting), thread: meeting.code, calendar, ...(reader.person ? { params: meetingParams(meeting, reader.person, before) } : {}) } };
}

/** The person's place in the list, if they have one. */
export const attendeeOf = (meeting: Meeting, id: unknown): Attendee | undefined => meeting.attendees.find((a) => a.personId.toString() === String(id));

/** True where a message was decided for a place its person lost since: they are on the list again, and what invited them anew says it. */
export const isOfFormerPlace = ({ invitedRev = 0 }: Attendee, { data }: Pick<Delivery, 'data'>): boolean => typeof data['rev'] === 'number' && data['rev'] < invitedRev;

/** Is this a deputy whom an escalation called in, and who is not let go since? */
export const isCalledIn = ({ deputiesTold }: Meeting, { data, personId }: Delivery): boolean => data['deputy'] === true && deputiesTold.some((id) => id.equals(String(personId)));

/** The agency's people on the list, by name. */
export const invitedOf = (ctx: Ctx, meeting: Meeting, { agencyCode }: AgencyReader): Promise<Person[]> =>
  ctx.db.Person.find({ _id: { $in: meeting.attendees.map((a) => a.personId) }, agencyCode }).sort({ nameFold: 1 }).lean<Person[]>().exec();

/** Is this person the one picked to preside? */
export const presides = ({ chairId }: Meeting, personId: unknown): boolean => Boolean(chairId) && String(chairId) === String(personId);

/** The attendee whom an acting person answers for; null: readers answer for themselves. */
export const actedFor = ({ data, personId }: Delivery): string | null => (data['actingId'] && personId ? String(personId) : null);

/** Whose copies of a meeting's messages this delivery belongs to: the one who reads it, also where they act for somebody. */
export const whose = ({ personId, data }: Delivery) => ({ personId: data['actingId'] ?? personId, ...(typeof data['agencyCode'] === 'string' ? { agencyCode: data['agencyCode'] } : {}) });

