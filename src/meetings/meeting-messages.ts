import type { Types } from 'mongoose';
import type { Ctx } from '../context.js';
import type { Delivery } from '../delivery/delivery.model.js';
import type { Rendered, Renderer, Renderers } from '../delivery/renderer.js';
import type { Person } from '../people/person.model.js';
import { meetingAlert, meetingCancelled, meetingForDeputy, meetingPostponed, meetingUnanswered } from '../texts/meeting-texts.js';
import type { Message } from '../texts/message.js';
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

/** The words, and their pieces for channels of approved templates. */
const saying = (meeting: Meeting, person: Person, message: Message): Rendered => ({ message: { ...message, params: meetingParams(meeting, person) } });

const attendeeOf = (meeting: Meeting, id: unknown) => meeting.attendees.find((a) => a.personId.toString() === String(id));

const alert: Renderer = async (ctx, delivery, person) => {
  const meeting = await meetingOf(ctx, delivery);
  if (!meeting || !person) return { suppress: 'meeting-unknown' };
  const forPersonId = delivery.data['forPersonId'];
  const attendee = attendeeOf(meeting, forPersonId ?? delivery.personId);
  const why = outdated(ctx, meeting, delivery) ?? (attendee ? null : 'not-invited') ?? (attendee?.acknowledgedAt ? 'acknowledged' : null);
  if (why) return { suppress: why };
  const now = ctx.clock.now();
  if (!forPersonId) return saying(meeting, person, meetingAlert(meeting, person, now, delivery.data['again'] === true));
  const absent = await ctx.db.Person.findById(String(forPersonId)).lean<Person>();
  return absent ? saying(meeting, person, meetingForDeputy(meeting, { deputy: person, absent }, now)) : { suppress: 'person-unknown' };
};

const postponed: Renderer = async (ctx, delivery, person) => {
  const meeting = await meetingOf(ctx, delivery);
  if (!meeting || !person) return { suppress: 'meeting-unknown' };
  const attendee = attendeeOf(meeting, delivery.personId);
  const why = outdated(ctx, meeting, delivery) ?? (attendee?.acknowledgedAt ? 'acknowledged' : null);
  if (why) return { suppress: why };
  const told = await wasTold(ctx, { meetingCode: meeting.code, personId: delivery.personId, except: delivery._id });
  if (told === 'in-the-air') return { laterMs: IN_THE_AIR_MS };
  // The old invitation never left: this person hears of the meeting for the first time.
  if (told === 'no') return delivery.data['deputy'] === true ? { suppress: 'never-told' } : saying(meeting, person, meetingAlert(meeting, person, ctx.clock.now(), false));
  const change = { person, before: timeOf(meeting, Number(delivery.data['told'])), reason: reasonOf(meeting), deputy: delivery.data['deputy'] === true };
  return saying(meeting, person, meetingPostponed(meeting, change, ctx.clock.now()));
};

/** When the meeting was to be in an earlier version. */
const timeOf = (meeting: Meeting, version: number): Date =>
  meeting.history.find((event) => event.action === 'postponed' && event.version === version + 1)?.from ?? meeting.startsAt;

const reasonOf = (meeting: Meeting): string => meeting.history.findLast((event) => event.reason !== undefined)?.reason ?? '';

const cancelled: Renderer = async (ctx, delivery, person): Promise<Rendered> => {
  const meeting = await meetingOf(ctx, delivery);
  if (!meeting || !person) return { suppress: 'meeting-unknown' };
  if (meeting.startsAt <= ctx.clock.now()) return { suppress: 'meeting-over' };
  const told = await wasTold(ctx, { meetingCode: meeting.code, personId: delivery.personId });
  if (told === 'in-the-air') return { laterMs: IN_THE_AIR_MS };
  return told === 'no' ? { suppress: 'never-told' } : saying(meeting, person, meetingCancelled(meeting, reasonOf(meeting), ctx.clock.now()));
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
  return { message: meetingUnanswered(meeting, people, ctx.clock.now()) };
};

/** What meetings say, by kind of message. */
export const meetingRenderers: Renderers = {
  'meeting-alert': alert,
  'meeting-postponed': postponed,
  'meeting-cancelled': cancelled,
  'meeting-unanswered': unanswered,
};
