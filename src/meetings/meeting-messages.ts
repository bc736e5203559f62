import type { Types } from 'mongoose';
import type { Ctx } from '../context.js';
import type { Delivery } from '../delivery/delivery.model.js';
import type { Rendered, Renderer, Renderers } from '../delivery/renderer.js';
import { agencyReader, type AgencyReader } from '../people/mailbox.js';
import type { Person } from '../people/person.model.js';
import { meetingAlert, meetingCancelled, meetingForAgency, meetingForDeputy, meetingPostponed, meetingUnanswered } from '../texts/meeting-texts.js';
import type { CalendarEntry, Message } from '../texts/message.js';
import { meetingParams } from '../texts/template-params.js';
import type { Meeting } from './meeting.model.js';
import { wasTold } from './was-told.js';

/** How long a correction waits for the message it corrects to land. */
const IN_THE_AIR_MS = 2_000;

/** Why nothing is said of this version any more; null: it still holds. */
function outdated(ctx: Ctx, meeting: Meeting, delivery: Delivery): string | null {
  if (meeting.status === 'cancelled') return 'meeting-cancelled';
  if (meeting.version !== delivery.data['version']) return 'meeting-changed';
  return meeting.startsAt <= ctx.clock.now() ? 'meeting-over' : null;
}

const meetingOf = (ctx: Ctx, delivery: Delivery): Promise<Meeting | null> =>
  ctx.db.Meeting.findOne({ code: String(delivery.data['meetingCode']) }).lean<Meeting>();

/** Who reads: a person, or an agency through its mailbox. */
type Reader = AgencyReader | { name: string; position: string; person: Person };

async function readerOf(ctx: Ctx, delivery: Delivery, person: Person | null): Promise<Reader | null> {
  return person ? { name: person.name, position: person.position, person } : agencyReader(ctx, delivery.data);
}

/** The words in the thread of the meeting, their pieces for channels of approved templates, and the entry for the reader's calendar. */
function saying(meeting: Meeting, reader: Reader, message: Message): Rendered {
  const calendar: CalendarEntry = {
    method: meeting.status === 'cancelled' ? 'CANCEL' : 'REQUEST',
    // The same for every version, so that each replaces the one before; an answer names the meeting by it.
    uid: `${meeting.code}.${reader.person ? reader.person._id.toString() : reader.agencyCode}@nhac-viec`,
    sequence: meeting.version,
    title: meeting.kind === 'urgent' ? `HỎA TỐC: ${meeting.title}` : meeting.title,
    startsAt: meeting.startsAt,
    place: meeting.place,
  };
  return { message: { ...message, thread: meeting.code, calendar, ...(reader.person ? { params: meetingParams(meeting, reader.person) } : {}) } };
}

const attendeeOf = (meeting: Meeting, id: unknown) => meeting.attendees.find((a) => a.personId.toString() === String(id));

const alert: Renderer = async (ctx, delivery, person) => {
  const meeting = await meetingOf(ctx, delivery);
  const reader = await readerOf(ctx, delivery, person);
  if (!meeting || !reader) return { suppress: 'meeting-unknown' };
  if (!reader.person) return outdatedOr(ctx, meeting, delivery) ?? saying(meeting, reader, await forAgency(ctx, meeting, reader));
  const forPersonId = delivery.data['forPersonId'];
  const attendee = attendeeOf(meeting, forPersonId ?? delivery.personId);
  const why = outdated(ctx, meeting, delivery) ?? (attendee ? null : 'not-invited') ?? (attendee?.acknowledgedAt ? 'acknowledged' : null);
  if (why) return { suppress: why };
  const now = ctx.clock.now();
  if (!forPersonId) return saying(meeting, reader, meetingAlert(meeting, reader.person, now, delivery.data['again'] === true, actedFor(delivery)));
  const absent = await ctx.db.Person.findById(String(forPersonId)).lean<Person>();
  return absent ? saying(meeting, reader, meetingForDeputy(meeting, { deputy: reader.person, absent, place: absent._id.toString() }, now)) : { suppress: 'person-unknown' };
};

const outdatedOr = (ctx: Ctx, meeting: Meeting, delivery: Delivery): Rendered | null => {
  const why = outdated(ctx, meeting, delivery);
  return why ? { suppress: why } : null;
};

/** Who of the agency is invited; nobody any more is said without names. */
async function forAgency(ctx: Ctx, meeting: Meeting, reader: AgencyReader): Promise<Message> {
  const invited = await ctx.db.Person.find({ _id: { $in: meeting.attendees.map((a) => a.personId) }, agencyCode: reader.agencyCode }).sort({ nameFold: 1 }).lean<Person[]>();
  return meetingForAgency(meeting, { agency: reader.name, invited }, ctx.clock.now());
}

const postponed: Renderer = async (ctx, delivery, person) => {
  const meeting = await meetingOf(ctx, delivery);
  const reader = await readerOf(ctx, delivery, person);
  if (!meeting || !reader) return { suppress: 'meeting-unknown' };
  const attendee = reader.person ? attendeeOf(meeting, delivery.personId) : undefined;
  const why = outdated(ctx, meeting, delivery) ?? (attendee?.acknowledgedAt ? 'acknowledged' : null);
  if (why) return { suppress: why };
  const told = await wasTold(ctx, { meetingCode: meeting.code, ...whose(delivery), except: delivery._id });
  if (told === 'in-the-air') return { laterMs: IN_THE_AIR_MS };
  const silent = delivery.data['deputy'] === true || !reader.person;
  // The old invitation never left: this person hears of the meeting for the first time.
  if (told === 'no' && delivery.data['deputy'] === true) return { suppress: 'never-told' };
  if (told === 'no') return saying(meeting, reader, reader.person ? meetingAlert(meeting, reader.person, ctx.clock.now(), false, actedFor(delivery)) : await forAgency(ctx, meeting, reader));
  const change = { person: reader, before: timeOf(meeting, Number(delivery.data['told'])), reason: reasonOf(meeting), deputy: silent, place: actedFor(delivery) };
  return saying(meeting, reader, meetingPostponed(meeting, change, ctx.clock.now()));
};

/** The attendee whom an acting person answers for; null: readers answer for themselves. */
const actedFor = ({ data, personId }: Delivery): string | null => (data['actingId'] && personId ? String(personId) : null);

/** Whose copies of a meeting's messages this delivery belongs to: the one who reads it, also where they act for somebody. */
const whose = ({ personId, data }: Delivery) => ({ personId: data['actingId'] ?? personId, ...(typeof data['agencyCode'] === 'string' ? { agencyCode: data['agencyCode'] } : {}) });

/** When the meeting was to be in an earlier version. */
const timeOf = (meeting: Meeting, version: number): Date =>
  meeting.history.find((event) => event.action === 'postponed' && event.version === version + 1)?.from ?? meeting.startsAt;

const reasonOf = (meeting: Meeting): string => meeting.history.findLast((event) => event.reason !== undefined)?.reason ?? '';

const cancelled: Renderer = async (ctx, delivery, person): Promise<Rendered> => {
  const meeting = await meetingOf(ctx, delivery);
  const reader = await readerOf(ctx, delivery, person);
  if (!meeting || !reader) return { suppress: 'meeting-unknown' };
  if (meeting.startsAt <= ctx.clock.now()) return { suppress: 'meeting-over' };
  const told = await wasTold(ctx, { meetingCode: meeting.code, ...whose(delivery) });
  if (told === 'in-the-air') return { laterMs: IN_THE_AIR_MS };
  return told === 'no' ? { suppress: 'never-told' } : saying(meeting, reader, meetingCancelled(meeting, reasonOf(meeting), ctx.clock.now()));
};

const unanswered: Renderer = async (ctx, delivery) => {
  const meeting = await meetingOf(ctx, delivery);
  if (!meeting) return { suppress: 'meeting-unknown' };
  const why = outdated(ctx, meeting, delivery);
  if (why) return { suppress: why };
  const asked = new Set(String(delivery.data['personIds']).split(','));
  const silent: Types.ObjectId[] = meeting.attendees.filter((a) => asked.has(a.personId.toString()) && !a.acknowledgedAt).map((a) => a.personId);
  if (silent.length === 0) return { suppress: 'acknowledged' };
  const people = await ctx.db.Person.find({ _id: { $in: silent } }).sort({ nameFold: 1 }).lean<Person[]>();
  return { message: { ...meetingUnanswered(meeting, people, ctx.clock.now()), thread: meeting.code } };
};

/** What meetings say, by kind of message. */
export const meetingRenderers: Renderers = {
  'meeting-alert': alert,
  'meeting-postponed': postponed,
  'meeting-cancelled': cancelled,
  'meeting-unanswered': unanswered,
};
