import { recordAudit } from '../audit/record-audit.js';
import type { Ctx } from '../context.js';
import type { Intent } from '../delivery/intent.js';
import { keys } from '../delivery/keys.js';
import { DomainError } from '../kernel/errors.js';
import type { Actor } from '../people/actor.js';
import { mustBeAllowed } from '../people/policy.js';
import { personById } from '../people/receivers.js';
import { changeMeeting, mustLieAhead } from './change-meeting.js';
import { mustBeInvited } from './confirm-by-phone.js';
import type { Meeting } from './meeting.model.js';

/**
 * "Nhắc lại" to one person invited who is silent, now and outside of the plan, which stands.
 * Throws forbidden, meeting-unknown, meeting-over, attendee-unknown, attendee-confirmed, changed-meanwhile.
 */
export async function remindAttendee(ctx: Ctx, actor: Actor, { code, personId }: { code: string; personId: string }): Promise<Meeting> {
  mustBeAllowed(actor, 'meeting.write');
  const meeting = await changeMeeting(ctx, code, (current) => {
    mustLieAhead(ctx, current);
    if (mustBeInvited(current, personId).acknowledgedAt) throw new DomainError('attendee-confirmed');
    return { set: {}, push: { intents: again(current, personId, ctx.cause) } };
  });
  const person = await personById(ctx, personId);
  await recordAudit(ctx, actor, { action: 'meeting.remind', entity: 'meeting', entityKey: code, after: { name: person?.name ?? '' } });
  ctx.wake('intents');
  return meeting;
}

const again = (meeting: Meeting, personId: string, cause: string): Intent => ({
  key: keys.meetingAgain(meeting.code, meeting.version, cause),
  kind: 'meeting-alert',
  to: [{ personId }],
  lane: 'urgent',
  asked: 'now',
  data: { meetingCode: meeting.code, version: meeting.version, rev: meeting.rev, again: true },
});
