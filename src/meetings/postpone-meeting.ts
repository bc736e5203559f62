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

export interface Postponement {
  code: string;
  startsAt: Date;
  place?: string;
  reason: string;
}

/**
 * A new time (and place): a new version. Answers are asked anew; everybody's alert is due now, as a change for those who
 * were told before and as a plain invitation for the others.
 * Throws forbidden, meeting-unknown, meeting-over, meeting-in-past, input-invalid.
 */
export async function postponeMeeting(ctx: Ctx, actor: Actor, input: Postponement): Promise<Meeting> {
  mustBeAllowed(actor, 'meeting.write');
  const reason = cleanText(input.reason, 'reason');
  const place = cleanText(input.place ?? '', 'place');
  if (!reason) throw new DomainError('input-invalid', { path: 'reason', expected: 'cần lý do' });
  const meeting = await changeMeeting(ctx, input.code, (current) => {
    mustLieAhead(ctx, current);
    if (input.startsAt <= ctx.clock.now()) throw new DomainError('meeting-in-past');
    return postponed(ctx, actor, current, { ...input, place, reason });
  });
  const { startsAt } = meeting;
  await recordAudit(ctx, actor, { action: 'meeting.postpone', entity: 'meeting', entityKey: meeting.code, before: fromOf(ctx, meeting), after: { startsAt, place: meeting.place, reason } });
  ctx.wake('alerts');
  ctx.wake('intents');
  return meeting;
}

function postponed(ctx: Ctx, actor: Actor, meeting: Meeting, input: Postponement): MeetingChange {
  const now = ctx.clock.now();
  const version = meeting.version + 1;
  const anew = { step: 0, nextStepAt: now, acknowledgedAt: null, answer: null, answerNote: '', answeredAt: null, via: null, recordedBy: null };
  const event: MeetingEvent = {
    at: now, action: 'postponed', by: byOf(actor), cause: ctx.cause, version, from: meeting.startsAt, to: input.startsAt, fromPlace: meeting.place, reason: input.reason,
  };
  return {
    set: {
      startsAt: input.startsAt,
      place: input.place || meeting.place,
      status: 'postponed',
      version,
      attendees: meeting.attendees.map((attendee) => ({ ...attendee, ...anew })),
    },
    push: { history: event, ...(meeting.deputiesTold.length > 0 ? { intents: toDeputies(meeting, version) } : {}) },
  };
}

/** Deputies that were called in hear of the change; from then on the attendees themselves are asked again. */
const toDeputies = (meeting: Meeting, version: number): Intent => ({
  key: `${keys.meetingStep(meeting.code, version, 0, meeting.rev)}:deputies`,
  kind: 'meeting-postponed',
  to: meeting.deputiesTold.map((id) => ({ personId: id.toString() })),
  lane: meeting.kind === 'urgent' ? 'urgent' : 'normal',
  data: { meetingCode: meeting.code, version, told: meeting.version, deputy: true },
});

function fromOf(ctx: Ctx, meeting: Meeting): { startsAt: Date; place: string } | null {
  const event = meeting.history.find((e) => e.action === 'postponed' && e.cause === ctx.cause);
  return event?.from ? { startsAt: event.from, place: event.fromPlace ?? meeting.place } : null;
}
