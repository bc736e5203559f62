import type { Ctx } from '../context.js';
import { mayHaveArrived } from '../delivery/delivery-states.js';
import type { Delivery } from '../delivery/delivery.model.js';
import { DomainError } from '../kernel/errors.js';
import type { Attendee, Meeting } from './meeting.model.js';
import { placeOf, tellingKinds } from './was-told.js';

/** Places at a meeting that one person may answer for. */
export interface Places {
  own: Attendee | null;
  /** Of others, in whose place this version was told to the person; an answer that names nobody is meant for these. */
  represented: Attendee[];
  /** Of all others the person may speak for when they are named. */
  nameable: Attendee[];
}

type Told = Pick<Delivery, 'state' | 'attempts' | 'reason' | 'digestKey' | 'behalfOf' | 'data' | 'personId'>;

/** By what reached this person, and by whose deputy they are. */
export async function placesFor(ctx: Ctx, meeting: Meeting, personId: string): Promise<Places> {
  const own = meeting.attendees.find((a) => String(a.personId) === personId) ?? null;
  const others = meeting.attendees.filter((a) => a !== own);
  const copies = await ctx.db.Delivery.find(
    { meetingCode: meeting.code, personId, kind: { $in: [...tellingKinds] } },
    { state: 1, attempts: 1, reason: 1, digestKey: 1, behalfOf: 1, data: 1, personId: 1 },
  ).lean<Told[]>();
  const arrived = copies.filter(mayHaveArrived);
  const toldFor = new Set(arrived.map(placeOf));
  const toldNow = new Set(arrived.filter(({ data }) => data['version'] === meeting.version).map(placeOf));
  const principals = await ctx.db.Person.find({ _id: { $in: others.map((a) => a.personId) }, deputyId: personId }, { _id: 1 }).lean();
  const deputyOf = new Set(principals.map(({ _id }) => String(_id)));
  const nameable = others.filter(({ personId: id }) => toldFor.has(String(id)) || deputyOf.has(String(id)));
  const told = nameable.filter(({ personId: id }) => toldNow.has(String(id)));
  return { own, nameable, represented: told.length > 0 || own ? told : nameable };
}

/** What an answer is written to, and who else it could have been meant for. Nothing in `places`: it has to be asked. */
export interface Target {
  places: Attendee[];
  open: Attendee[];
}

/**
 * "Received" without a place holds for everybody the person was told for; whether somebody comes is said of one place: the
 * named one, else their own, else the only one there is. Throws not-invited.
 */
export function targetOf({ own, represented, nameable }: Places, { code, answer, place }: { code: string; answer: string; place?: string }): Target {
  if (place) {
    const named = [...(own ? [own] : []), ...nameable].filter(({ personId }) => String(personId) === place);
    if (named.length === 0) throw new DomainError('not-invited', { code });
    return { places: named, open: [] };
  }
  const all = [...(own ? [own] : []), ...represented];
  if (all.length === 0) throw new DomainError('not-invited', { code });
  if (answer === 'received' || all.length === 1) return { places: all, open: [] };
  return own ? { places: [own], open: represented.filter((a) => !a.answeredAt) } : { places: [], open: represented };
}
