import type { Types } from 'mongoose';
import type { Ctx } from '../context.js';
import type { Delivery } from '../delivery/delivery.model.js';
import type { Rendered, Renderer, Renderers } from '../delivery/renderer.js';
import type { AgencyReader } from '../people/mailbox.js';
import type { Person } from '../people/person.model.js';
import { meetingAlert, meetingCancelled, meetingForAgency, meetingForDeputy, meetingPostponed, meetingUnanswered } from '../texts/meeting-texts.js';
import type { Message } from '../texts/message.js';
import { chairRenderers, presidesNoMore } from './chair-messages.js';
import { factsAt, reasonOf } from './facts-at.js';
import { listRenderers } from './list-messages.js';
import type { Attendee, Meeting } from './meeting.model.js';
import { actedFor, attendeeOf, IN_THE_AIR_MS, invitedOf, isCalledIn, isOfFormerPlace, meetingOf, outdated, presides, saying, whose, type Reader, toReader } from './meeting-reader.js';
import { lastTold, wasTold } from './was-told.js';

const alert = toReader(async (ctx, { meeting, reader, delivery }) => {
  if (!reader.person) return toAgency(ctx, meeting, { delivery, reader });
  const forPersonId = delivery.data['forPersonId'];
  const attendee = attendeeOf(meeting, forPersonId ?? delivery.personId);
  const why = outdated(ctx, meeting, delivery) ?? placeWhy(attendee, delivery);
  if (why) return { suppress: why };
  const now = ctx.clock.now();
  const former = forPersonId ? null : await presidesNoMore(ctx, meeting, { delivery, reader });
  if (former) return former;
  if (!forPersonId) return saying(meeting, reader, meetingAlert(meeting, reader.person, now, delivery.data['again'] === true, actedFor(delivery), presides(meeting, delivery.personId)));
  const absent = await ctx.db.Person.findById(String(forPersonId)).lean<Person>();
  return absent ? saying(meeting, reader, meetingForDeputy(meeting, { deputy: reader.person, absent, place: absent._id.toString(), presides: presides(meeting, absent._id) }, now)) : { suppress: 'person-unknown' };
});

async function toAgency(ctx: Ctx, meeting: Meeting, { delivery, reader }: { delivery: Delivery; reader: AgencyReader }): Promise<Rendered> {
  const why = outdated(ctx, meeting, delivery) ?? (await placeless(ctx, meeting, { delivery, reader }));
  return why ? { suppress: why } : saying(meeting, reader, await forAgency(ctx, meeting, reader));
}

/** Why a message about this place is not needed; null: it is. */
function placeWhy(attendee: Attendee | undefined, delivery: Delivery): string | null {
  if (!attendee) return 'not-invited';
  if (isOfFormerPlace(attendee, delivery)) return 'invited-again';
  return attendee.acknowledgedAt ? 'acknowledged' : null;
}

/** Who of the agency is invited. */
const forAgency = async (ctx: Ctx, meeting: Meeting, reader: AgencyReader): Promise<Message> => meetingForAgency(meeting, { agency: reader.name, invited: await invitedOf(ctx, meeting, reader) }, ctx.clock.now());

const postponed = toReader(async (ctx, { meeting, reader, delivery }) => {
  const why = outdated(ctx, meeting, delivery) ?? (await placeless(ctx, meeting, { delivery, reader }));
  if (why) return { suppress: why };
  const { told, version } = await lastTold(ctx, { meetingCode: meeting.code, ...whose(delivery), except: delivery._id });
  if (told === 'in-the-air') return { laterMs: IN_THE_AIR_MS };
  const deputy = delivery.data['deputy'] === true;
  // The old invitation never left: this person hears of the meeting for the first time.
  if (told === 'no' && deputy) return { suppress: 'never-told' };
  const chair = presides(meeting, delivery.personId);
  if (told === 'no') return saying(meeting, reader, reader.person ? meetingAlert(meeting, reader.person, ctx.clock.now(), false, actedFor(delivery), chair) : await forAgency(ctx, meeting, reader));
  const before = factsAt(meeting, version);
  const change = { person: reader, before, reason: reasonOf(meeting), deputy: deputy || !reader.person, place: actedFor(delivery), presides: chair };
  return saying(meeting, reader, meetingPostponed(meeting, change, ctx.clock.now()), { before });
});

/** Why a change does not concern this reader (any more): confirmed, taken off the list, an agency without anybody on it; null: it does. */
async function placeless(ctx: Ctx, meeting: Meeting, { delivery, reader }: { delivery: Delivery; reader: Reader }): Promise<string | null> {
  if (!reader.person) return (await invitedOf(ctx, meeting, reader)).length > 0 ? null : 'not-invited';
  const attendee = attendeeOf(meeting, delivery.personId);
  if (attendee) return placeWhy(attendee, delivery);
  return isCalledIn(meeting, delivery) ? null : 'not-invited';
}

const cancelled = toReader(async (ctx, { meeting, reader, delivery }) => {
  if (meeting.startsAt <= ctx.clock.now()) return { suppress: 'meeting-over' };
  if (!reader.person && (await invitedOf(ctx, meeting, reader)).length === 0) return { suppress: 'not-invited' };
  const told = await wasTold(ctx, { meetingCode: meeting.code, ...whose(delivery) });
  if (told === 'in-the-air') return { laterMs: IN_THE_AIR_MS };
  return told === 'no' ? { suppress: 'never-told' } : saying(meeting, reader, meetingCancelled(meeting, reasonOf(meeting), ctx.clock.now()));
});

const unanswered: Renderer = async (ctx, delivery) => {
  const meeting = await meetingOf(ctx, delivery);
  if (!meeting) return { suppress: 'meeting-unknown' };
  const why = outdated(ctx, meeting, delivery);
  if (why) return { suppress: why };
  const asked = new Set(String(delivery.data['personIds']).split(','));
  const listed = meeting.attendees.filter((a) => asked.has(a.personId.toString()));
  const silent: Types.ObjectId[] = listed.filter((a) => !a.acknowledgedAt).map((a) => a.personId);
  if (silent.length === 0) return { suppress: listed.length > 0 ? 'acknowledged' : 'not-invited' };
  const people = await ctx.db.Person.find({ _id: { $in: silent } }).sort({ nameFold: 1 }).lean<Person[]>();
  return { message: { ...meetingUnanswered(meeting, people, ctx.clock.now()), thread: meeting.code } };
};

/** What meetings say, by kind of message. */
export const meetingRenderers: Renderers = {
  ...listRenderers,
  ...chairRenderers,
  'meeting-alert': alert,
  'meeting-postponed': postponed,
  'meeting-cancelled': cancelled,
  'meeting-unanswered': unanswered,
};
