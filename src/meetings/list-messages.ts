import type { Ctx } from '../context.js';
import type { Delivery } from '../delivery/delivery.model.js';
import type { Rendered, Renderer, Renderers } from '../delivery/renderer.js';
import { personById } from '../people/receivers.js';
import { meetingListForAgency, meetingWithdrawn } from '../texts/meeting-texts.js';
import { factsAt } from './facts-at.js';
import type { Meeting } from './meeting.model.js';
import { attendeeOf, IN_THE_AIR_MS, invitedOf, meetingOf, readerOf, saying, whose } from './meeting-reader.js';
import { lastTold, wasTold } from './was-told.js';

/** To somebody taken off the list, or to the deputy called in for them: only where the invitation to that place reached this reader. */
const withdrawn: Renderer = async (ctx, delivery, person): Promise<Rendered> => {
  const meeting = await meetingOf(ctx, delivery);
  const reader = await readerOf(ctx, delivery, person);
  if (!meeting || !reader) return { suppress: 'meeting-unknown' };
  const { forPersonId, knew, reason } = delivery.data;
  const place = String(forPersonId ?? delivery.personId);
  if (meeting.startsAt <= ctx.clock.now()) return { suppress: 'meeting-over' };
  if (attendeeOf(meeting, place)) return { suppress: 'invited-again' };
  const { told, version } = await lastTold(ctx, { meetingCode: meeting.code, ...whose(delivery), place });
  if (told === 'in-the-air') return { laterMs: IN_THE_AIR_MS };
  if (told === 'no' && knew !== true) return { suppress: 'never-told' };
  const instead = forPersonId ? await personById(ctx, String(forPersonId)) : null;
  // The time they know, wherever the meeting is by now.
  const known = told === 'yes' ? factsAt(meeting, version) : meeting;
  const comesAnyway = attendeeOf(meeting, delivery.personId) !== undefined;
  return saying(meeting, reader, meetingWithdrawn(meeting, { reader, instead, startsAt: known.startsAt, reason: String(reason ?? ''), comesAnyway }, ctx.clock.now()), { off: !comesAnyway });
};

/** To a mailbox that has the former list. */
const list: Renderer = async (ctx, delivery, person): Promise<Rendered> => {
  const meeting = await meetingOf(ctx, delivery);
  const reader = await readerOf(ctx, delivery, person);
  if (!meeting || !reader || reader.person) return { suppress: 'meeting-unknown' };
  const why = await needless(ctx, meeting, delivery);
  if (why !== null) return why;
  const invited = await invitedOf(ctx, meeting, reader);
  return saying(meeting, reader, meetingListForAgency(meeting, { agency: reader.name, invited }, ctx.clock.now()), { off: invited.length === 0 });
};

/** A newer list, time or place, or the first letter still to come, says it better. */
async function needless(ctx: Ctx, meeting: Meeting, delivery: Delivery): Promise<Rendered | null> {
  if (meeting.status === 'cancelled') return { suppress: 'meeting-cancelled' };
  if (meeting.version !== delivery.data['version']) return { suppress: 'meeting-changed' };
  if (meeting.startsAt <= ctx.clock.now()) return { suppress: 'meeting-over' };
  const told = await wasTold(ctx, { meetingCode: meeting.code, ...whose(delivery) });
  if (told === 'in-the-air') return { laterMs: IN_THE_AIR_MS };
  return told === 'no' ? { suppress: 'never-told' } : null;
}

/** What is said where the list of people changed. */
export const listRenderers: Renderers = { 'meeting-withdrawn': withdrawn, 'meeting-list': list };
