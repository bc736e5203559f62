import { recordAudit } from '../audit/record-audit.js';
import type { Ctx } from '../context.js';
import type { Intent } from '../delivery/intent.js';
import { keys } from '../delivery/keys.js';
import { cleanText } from '../kernel/clean-text.js';
import { DomainError } from '../kernel/errors.js';
import { localDateOf } from '../kernel/local-date.js';
import { byOf, type Actor } from '../people/actor.js';
import { mustBeAllowed } from '../people/policy.js';
import { changeMeeting, findMeeting, mustBeEdition, mustLieAhead, type MeetingChange } from './change-meeting.js';
import { askAboutDayOff } from './day-off.js';
import { isMove } from './facts-at.js';
import type { Meeting, MeetingEvent } from './meeting.model.js';

export interface Postponement {
  code: string;
  /** Absent: the time stays. */
  startsAt?: Date;
  /** Absent: the place stays. */
  place?: string;
  reason: string;
  /** The edition the change was decided on (editionOf); absent: whatever it is by now. */
  edition?: number;
  /** Refuse another day that is a day off with 'meeting-day-off', so that a person can be asked; programs are not. */
  askIfDayOff?: boolean;
}

/**
 * A new time, a new place, or both: a new version. Answers are asked anew; everybody's alert is due now, as a change for those
 * who were told before and as a plain invitation for the others. A new place alone does not make the meeting a postponed one.
 * Throws forbidden, meeting-unknown, meeting-over, meeting-in-past, meeting-day-off, input-invalid, changed-meanwhile.
 */
export async function postponeMeeting(ctx: Ctx, actor: Actor, input: Postponement): Promise<Meeting> {
  mustBeAllowed(actor, 'meeting.write');
  const reason = cleanText(input.reason, 'reason');
  const place = cleanText(input.place ?? '', 'place');
  if (!reason) throw new DomainError('input-invalid', { path: 'reason', expected: 'cần lý do' });
  if (input.askIfDayOff && input.startsAt) await askIfMoved(ctx, input.code, input.startsAt);
  const meeting = await changeMeeting(ctx, input.code, (current) => {
    mustLieAhead(ctx, current);
    mustBeEdition(current, input.edition);
    const next = { startsAt: input.startsAt ?? current.startsAt, place: place || current.place };
    if (next.startsAt <= ctx.clock.now()) throw new DomainError('meeting-in-past');
    return moved(ctx, actor, current, { ...next, reason });
  });
  await recordMove(ctx, actor, meeting, reason);
  ctx.wake('alerts');
  ctx.wake('intents');
  return meeting;
}

/** The day it was on before was agreed to then; so was the new one where this is a repeat. */
async function askIfMoved(ctx: Ctx, code: string, startsAt: Date): Promise<void> {
  const current = await findMeeting(ctx, code);
  if (localDateOf(current.startsAt) !== localDateOf(startsAt)) await askAboutDayOff(ctx, startsAt);
}

async function recordMove(ctx: Ctx, actor: Actor, meeting: Meeting, reason: string): Promise<void> {
  const event = meeting.history.find((one) => isMove(one) && one.cause === ctx.cause);
  const { code: entityKey } = meeting;
  if (event?.action === 'relocated') {
    await recordAudit(ctx, actor, { action: 'meeting.relocate', entity: 'meeting', entityKey, before: { place: event.fromPlace }, after: { place: event.toPlace, reason } });
  } else {
    const before = event?.from ? { startsAt: event.from, place: event.fromPlace ?? meeting.place } : null;
    await recordAudit(ctx, actor, { action: 'meeting.postpone', entity: 'meeting', entityKey, before, after: { startsAt: event?.to ?? meeting.startsAt, place: event?.toPlace ?? meeting.place, reason } });
  }
}

function moved(ctx: Ctx, actor: Actor, meeting: Meeting, next: { startsAt: Date; place: string; reason: string }): MeetingChange {
  const later = next.startsAt.getTime() !== meeting.startsAt.getTime();
  if (!later && next.place === meeting.place) throw new DomainError('input-invalid', { path: 'startsAt', expected: 'cần giờ họp hoặc địa điểm khác hiện nay' });
  const now = ctx.clock.now();
  const version = meeting.version + 1;
  const anew = { step: 0, nextStepAt: now, acknowledgedAt: null, answer: null, answerNote: '', answeredAt: null, via: null, recordedBy: null, from: null, unclear: null };
  const event: MeetingEvent = {
    at: now, action: later ? 'postponed' : 'relocated', by: byOf(actor), cause: ctx.cause, version, fromPlace: meeting.place, toPlace: next.place, reason: next.reason,
    ...(later ? { from: meeting.startsAt, to: next.startsAt } : {}),
  };
  const deputies = toDeputies(meeting, version);
  return {
    set: {
      startsAt: next.startsAt,
      place: next.place,
      status: later ? 'postponed' : meeting.status,
      version,
      agenciesToldNow: [],
      attendees: meeting.attendees.map((attendee) => ({ ...attendee, ...anew })),
    },
    push: { history: event, ...(deputies ? { intents: deputies } : {}) },
  };
}

/** Deputies that were called in hear of the change, if not invited themselves by now; from then on the attendees are asked again. */
function toDeputies(meeting: Meeting, version: number): Intent | null {
  const called = meeting.deputiesTold.filter((id) => !meeting.attendees.some(({ personId }) => personId.equals(id)));
  if (called.length === 0) return null;
  return {
    key: `${keys.meetingStep(meeting.code, version, 0, meeting.rev)}:deputies`,
    kind: 'meeting-postponed',
    to: called.map((id) => ({ personId: id.toString() })),
    lane: meeting.kind === 'urgent' ? 'urgent' : 'normal',
    data: { meetingCode: meeting.code, version, told: meeting.version, deputy: true },
  };
}
