import { recordAudit } from '../audit/record-audit.js';
import type { Ctx } from '../context.js';
import { markAcknowledged } from '../delivery/receipts/mark-acknowledged.js';
import { cleanText } from '../kernel/clean-text.js';
import { DomainError } from '../kernel/errors.js';
import { byOf, type Actor } from '../people/actor.js';
import { mustBeAllowed } from '../people/policy.js';
import { personById } from '../people/receivers.js';
import { changeMeeting } from './change-meeting.js';
import { withAnswers } from './kept-answers.js';
import type { Attendee, Meeting } from './meeting.model.js';
import { tellingKinds } from './was-told.js';

export interface PhoneConfirmation {
  code: string;
  personId: string;
  /** What was said on the phone; "received" confirms only. */
  answer: 'received' | 'attending' | 'absent';
  note?: string;
}

/** Answers are still taken while the meeting goes on. */
const AFTER_START_MS = 2 * 3_600_000;

/**
 * "Đã xác nhận qua điện thoại": the Office has spoken to somebody invited and writes down what they said. It counts like
 * their own answer; the record says that it came by phone and who took it. Reminders to that person stop.
 * Throws forbidden, meeting-unknown, meeting-over, attendee-unknown, changed-meanwhile.
 */
export async function confirmByPhone(ctx: Ctx, actor: Actor, input: PhoneConfirmation): Promise<Meeting> {
  mustBeAllowed(actor, 'meeting.write');
  const { code, personId, answer } = input;
  const note = cleanText(input.note ?? '', 'note');
  let before: Attendee | undefined;
  const meeting = await changeMeeting(ctx, code, (current) => {
    const over = current.startsAt.getTime() + AFTER_START_MS < ctx.clock.now().getTime();
    if (current.status === 'cancelled' || over) throw new DomainError('meeting-over', { code });
    before = mustBeInvited(current, personId);
    const attendees = current.attendees.map((one) => (one.personId.toString() === personId ? { ...one, ...written(ctx, actor, one, input) } : one));
    const event = { at: ctx.clock.now(), action: 'answered' as const, by: { ...byOf(actor), channel: 'phone' as const }, cause: ctx.cause, version: current.version, personId, answer, note: note.trim() };
    return { set: { attendees, history: withAnswers(current, [event]).history } };
  });
  await markAcknowledged(ctx, { meetingCode: code, personId, place: personId, kinds: tellingKinds, version: meeting.version });
  const person = await personById(ctx, personId);
  await recordAudit(ctx, actor, {
    action: 'meeting.confirm-by-phone', entity: 'meeting', entityKey: code,
    before: before ? { answer: before.answer, note: before.answerNote } : null,
    after: { name: person?.name ?? '', answer, note: note.trim(), channel: 'phone' },
  });
  return meeting;
}

/** The person's place in the list. Throws attendee-unknown. */
export function mustBeInvited(meeting: Meeting, personId: string): Attendee {
  const attendee = meeting.attendees.find((one) => one.personId.toString() === personId);
  if (!attendee) throw new DomainError('attendee-unknown', { id: personId });
  return attendee;
}

function written(ctx: Ctx, actor: Actor, attendee: Attendee, { answer, note = '' }: PhoneConfirmation): Partial<Attendee> {
  const now = ctx.clock.now();
  const confirmed = { acknowledgedAt: attendee.acknowledgedAt ?? now, nextStepAt: null, via: 'phone', recordedBy: byOf(actor).name, from: null, unclear: null };
  return answer === 'received' ? confirmed : { ...confirmed, answer, answerNote: note.trim(), answeredAt: now };
}
