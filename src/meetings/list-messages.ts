import type { Ctx } from '../context.js';
import type { Delivery } from '../delivery/delivery.model.js';
import type { Renderers } from '../delivery/renderer.js';
import { personById } from '../people/receivers.js';
import { meetingListForAgency, meetingWithdrawn } from '../texts/meeting-texts.js';
import { factsAt } from './facts-at.js';
import type { Meeting } from './meeting.model.js';
import { attendeeOf, IN_THE_AIR_MS, invitedOf, saying, whose, toReader } from './meeting-reader.js';
import { lastTold } from './was-told.js';

/** To somebody taken off the list, or to the deputy called in for them: only where the invitation to that place reached this reader. */
const withdrawn = toReader(async (ctx, { meeting, reader, delivery }) => {
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
});

/** To a mailbox that has the former list. */
const list = toReader(async (ctx, { meeting, reader, delivery }) => {
  if (reader.person) return { suppress: 'meeting-unknown' };
  const invited = await invitedOf(ctx, meeting, reader);
  const off = invited.length === 0;
  const { told, version } = await lastTold(ctx, { meetingCode: meeting.code, ...whose(delivery) });
  // With nobody left no change of time goes there any more: they know the meeting as it was told.
  const known = off && told === 'yes' ? { ...meeting, ...factsAt(meeting, version) } : meeting;
  const why = (off ? null : outrun(meeting, delivery)) ?? (known.startsAt <= ctx.clock.now() ? 'meeting-over' : null) ?? ((await isSuperseded(ctx, meeting, { delivery, off })) ? 'superseded' : null);
  if (why) return { suppress: why };
  if (told === 'in-the-air') return { laterMs: IN_THE_AIR_MS };
  if (told === 'no') return { suppress: 'never-told' };
  return saying(meeting, reader, meetingListForAgency(known, { agency: reader.name, invited }, ctx.clock.now()), { off });
});

/** To those still invited a letter of its own says what became of the meeting. */
function outrun(meeting: Meeting, { data }: Delivery): string | null {
  if (meeting.status === 'cancelled') return 'meeting-cancelled';
  return meeting.version === data['version'] ? null : 'meeting-changed';
}

/** Is a later list, or an invitation with the names, on its way to this mailbox or there already? */
async function isSuperseded(ctx: Ctx, meeting: Meeting, { delivery, off }: { delivery: Delivery; off: boolean }): Promise<boolean> {
  const { agencyCode, rev } = delivery.data;
  if (typeof rev !== 'number') return false;
  // An invitation does not leave for an agency with nobody on the list.
  const kinds = off ? [delivery.kind] : [delivery.kind, 'meeting-alert'];
  const decided = meeting.intents.some(({ kind, data, to }) => kinds.includes(kind) && Number(data['rev']) > rev && to.some((one) => 'agencyCode' in one && one.agencyCode === agencyCode));
  return decided || (await ctx.db.Delivery.exists({ meetingCode: meeting.code, kind: { $in: kinds }, 'data.agencyCode': agencyCode, 'data.rev': { $gt: rev }, state: { $nin: ['suppressed', 'expired', 'dead'] } })) !== null;
}

/** What is said where the list of people changed. */
export const listRenderers: Renderers = { 'meeting-withdrawn': withdrawn, 'meeting-list': list };
