import type { Ctx } from '../context.js';
import { filesOf } from '../files/read-file.js';
import type { Actor } from '../people/actor.js';
import type { Person } from '../people/person.model.js';
import { mustBeAllowed } from '../people/policy.js';
import { findMeeting } from './change-meeting.js';
import { comingMeetingsOf } from './find-meetings.js';
import type { Attendee, Meeting } from './meeting.model.js';

/** Somebody in whose place the reader is. */
export interface Replaced {
  _id: { toString(): string };
  name: string;
}

/** A meeting as one reader knows it: their own place at it, and those of others they may answer for. */
export interface Seats {
  meeting: Meeting;
  own: Attendee | null;
  others: { attendee: Attendee; name: string }[];
}

/** What lies ahead for this person and for those they act for (`absent`), soonest first; see comingMeetingsOf. */
export async function comingSeats(ctx: Ctx, actor: Actor, absent: readonly Replaced[]): Promise<Seats[]> {
  const meetings = await comingMeetingsOf(ctx, actor, absent.map(({ _id }) => _id.toString()));
  const names = await namesOf(ctx, meetings.flatMap((meeting) => calledInFor(meeting, personOf(actor))), absent);
  return meetings.map((meeting) => seatsAt(meeting, actor, names));
}

/** The same of one meeting, with who is invited and its files. Throws meeting-unknown, forbidden for those with no place at it who may not read all. */
export async function seatsOf(ctx: Ctx, actor: Actor, { code, absent }: { code: string; absent: readonly Replaced[] }): Promise<Seats & { invited: string[]; files: string[] }> {
  const meeting = await findMeeting(ctx, code);
  const seats = seatsAt(meeting, actor, await namesOf(ctx, calledInFor(meeting, personOf(actor)), absent));
  mustBeAllowed(actor, 'meeting.read', seats.others.length > 0 ? { attendees: [{ personId: personOf(actor) }] } : meeting);
  const people = await ctx.db.Person.find({ _id: { $in: meeting.attendees.map((a) => a.personId) } }, { name: 1 }).lean<Pick<Person, '_id' | 'name'>[]>();
  const byId = new Map(people.map(({ _id, name }) => [String(_id), name]));
  const files = await filesOf(ctx, 'meeting', [code]);
  return { ...seats, invited: meeting.attendees.flatMap(({ personId }) => byId.get(String(personId)) ?? []), files: files.map(({ name }) => name) };
}

const personOf = (actor: Actor): string | null => ('personId' in actor ? actor.personId : null);

const calledInFor = ({ attendees }: Meeting, personId: string | null): Attendee['personId'][] =>
  attendees.filter(({ deputyCalled }) => personId !== null && String(deputyCalled) === personId).map((attendee) => attendee.personId);

/** Names by id of those a reader may answer for. */
async function namesOf(ctx: Ctx, calledIn: readonly Attendee['personId'][], absent: readonly Replaced[]): Promise<Map<string, string>> {
  const people = calledIn.length > 0 ? await ctx.db.Person.find({ _id: { $in: [...calledIn] } }, { name: 1 }).lean<Pick<Person, '_id' | 'name'>[]>() : [];
  return new Map([...people, ...absent].map(({ _id, name }) => [_id.toString(), name]));
}

function seatsAt(meeting: Meeting, actor: Actor, names: ReadonlyMap<string, string>): Seats {
  const personId = personOf(actor);
  const calledIn = calledInFor(meeting, personId).map(String);
  const absent = meeting.attendees.filter(({ personId: id }) => String(id) !== personId && (calledIn.includes(String(id)) || names.has(String(id))));
  return {
    meeting,
    own: meeting.attendees.find(({ personId: id }) => String(id) === personId) ?? null,
    others: absent.map((attendee) => ({ attendee, name: names.get(String(attendee.personId)) ?? '' })),
  };
}
