import { recordAudit } from '../audit/record-audit.js';
import type { Ctx } from '../context.js';
import type { Intent } from '../delivery/intent.js';
import { keys } from '../delivery/keys.js';
import { cleanText } from '../kernel/clean-text.js';
import { DomainError } from '../kernel/errors.js';
import { byOf, type Actor } from '../people/actor.js';
import { mustBeAllowed } from '../people/policy.js';
import { changeMeeting, mustLieAhead, type MeetingChange } from './change-meeting.js';
import type { Meeting, MeetingEvent } from './meeting.model.js';

/**
 * Cancels: no invitation leaves any more, and those who were told, or whose invitation is in the air, get a correction.
 * Throws forbidden, meeting-unknown, meeting-over, input-invalid.
 */
export async function cancelMeeting(ctx: Ctx, actor: Actor, input: { code: string; reason: string }): Promise<Meeting> {
  mustBeAllowed(actor, 'meeting.write');
  const reason = cleanText(input.reason, 'reason');
  if (!reason) throw new DomainError('input-invalid', { path: 'reason', expected: 'cần lý do' });
  const meeting = await changeMeeting(ctx, input.code, (current) => {
    mustLieAhead(ctx, current);
    return cancelled(ctx, actor, current, reason);
  });
  await recordAudit(ctx, actor, { action: 'meeting.cancel', entity: 'meeting', entityKey: meeting.code, after: { reason } });
  ctx.wake('intents');
  return meeting;
}

function cancelled(ctx: Ctx, actor: Actor, meeting: Meeting, reason: string): MeetingChange {
  const version = meeting.version + 1;
  const event: MeetingEvent = { at: ctx.clock.now(), action: 'cancelled', by: byOf(actor), cause: ctx.cause, version, reason };
  const attendees = meeting.attendees.map((attendee) => ({ ...attendee, nextStepAt: null }));
  const intents = correction(meeting, version);
  return { set: { status: 'cancelled', version, attendees }, push: { history: event, ...(intents ? { intents } : {}) } };
}

/** To all whose invitation was written down; the renderer leaves out those whom it never reached. */
function correction(meeting: Meeting, version: number): Intent | null {
  const told = meeting.attendees.filter((attendee) => attendee.toldVersion > 0).map((attendee) => attendee.personId.toString());
  const people = [...new Set([...told, ...meeting.deputiesTold.map(String)])];
  const agencies = meeting.agenciesTold ?? [];
  if (people.length === 0 && agencies.length === 0) return null;
  return {
    key: keys.meetingCancelled(meeting.code, version),
    kind: 'meeting-cancelled',
    to: [...people.map((personId) => ({ personId })), ...agencies.map((agencyCode) => ({ agencyCode }))],
    // A correction must not come after people have set out.
    lane: 'urgent',
    data: { meetingCode: meeting.code, version },
  };
}
