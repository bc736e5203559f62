import type { Delivery } from '../delivery/delivery.model.js';
import { saidAt, type Matters, type Standing } from '../delivery/edits/matters.js';
import type { Button } from '../texts/message.js';
import { forPlace } from '../texts/meeting-texts.js';
import { meetingStanding as texts } from '../texts/standing-texts.js';
import { factsAt, isMove } from './facts-at.js';
import type { Attendee, Meeting } from './meeting.model.js';
import { placeOf, tellingKinds } from './was-told.js';

/** How invitations ought to look once the meeting was moved, cancelled or answered. */
export const meetingMatters: Matters = {
  field: 'meetingCode',
  changed: async (ctx, limit) => {
    const meetings = await ctx.db.Meeting.find({ unshown: true }, { code: 1, rev: 1 }).limit(limit).lean<Meeting[]>();
    return meetings.map(({ code, rev }) => ({ code, stamp: rev }));
  },
  settled: async (ctx, { code, stamp }) => void (await ctx.db.Meeting.updateOne({ code, rev: stamp }, { $unset: { unshown: '' } })),
  standings: async (ctx, code, deliveries) => {
    const meeting = await ctx.db.Meeting.findOne({ code }).lean<Meeting>();
    if (!meeting) return new Map();
    const found = deliveries.flatMap((delivery) => {
      const standing = standingOf(meeting, delivery);
      return standing ? [[delivery._id.toString(), standing] as const] : [];
    });
    return new Map(found);
  },
};

/** What an invitation (or the question that followed it) should say by now; null where it never had a button. Pure. */
export function standingOf(meeting: Meeting, delivery: Pick<Delivery, 'kind' | 'data' | 'personId' | 'behalfOf' | 'attempts' | 'acceptedAt' | 'createdAt'>): Standing | null {
  const telling = (tellingKinds as readonly string[]).includes(delivery.kind) && delivery.data['deputy'] !== true;
  if (!telling && !(delivery.kind === 'reply' && delivery.data['buttons'])) return null;
  const asked = placesAsked(delivery);
  // A question about several people: nothing that happened since answers all of it.
  if (asked.length > 1) return null;
  const place = asked[0] ?? null;
  const said = saidAt(delivery);
  const change = meeting.history.findLast((event) => (event.action === 'cancelled' || isMove(event)) && event.at > said);
  if (meeting.status === 'cancelled') return { line: texts.cancelled(change?.at ?? said), buttons: [] };
  const whom = place ?? String(delivery.personId);
  const attendee = meeting.attendees.find(({ personId }) => personId.toString() === whom);
  const off = attendee ? undefined : meeting.history.findLast(({ removed, at }) => removed?.includes(whom) === true && at > said);
  if (off) return { line: texts.withdrawn(off.at), buttons: [] };
  if (change) return { line: placeOnlySince(meeting, said) ? texts.relocated(meeting.place) : texts.moved(meeting.startsAt), buttons: [] };
  const answeredAt = attendee && answerOf(attendee);
  if (!attendee || !answeredAt || answeredAt <= said) return { line: null, buttons: answerButtons(meeting.code + forPlace(place), null, delivery.kind === 'reply') };
  return { line: texts.answered(attendee.answer, answeredAt), buttons: answerButtons(meeting.code + forPlace(place), attendee, true) };
}

/** Since then another place, at the same time. */
function placeOnlySince(meeting: Meeting, said: Date): boolean {
  const known = meeting.history.findLast(({ at }) => at <= said)?.version ?? 1;
  return factsAt(meeting, known).startsAt.getTime() === meeting.startsAt.getTime();
}

/** Whom the buttons of a message answer for; null: whoever reads it. */
function placesAsked(delivery: Pick<Delivery, 'kind' | 'data' | 'personId' | 'behalfOf'>): (string | null)[] {
  if (delivery.kind !== 'reply') return [placeOf(delivery) === String(delivery.personId) ? null : placeOf(delivery)];
  return [...new Set([...String(delivery.data['buttons']).matchAll(/\bHOP-\d{4}-\d{5,}(?: @([0-9a-f]{24}))?/g)].map(([, place]) => place ?? null))];
}

const answerOf = ({ answeredAt, acknowledgedAt }: Attendee): Date | null => answeredAt ?? acknowledgedAt;

/** What may still be said of the meeting and place in `about`: a mind may be changed, but nothing is offered twice. */
function answerButtons(about: string, attendee: Attendee | null, confirmed: boolean): Button[] {
  const attending = attendee?.answer === 'attending' ? [] : [{ label: 'Tham dự', command: `/thamdu ${about}` }];
  const absent = attendee?.answer === 'absent' ? [] : [{ label: 'Vắng', command: `/vang ${about}` }];
  return [...(confirmed ? [] : [{ label: 'Đã nhận', command: `/xacnhan ${about}` }]), ...attending, ...absent];
}
