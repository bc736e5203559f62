import type { Ctx } from '../context.js';
import { strippedText } from '../kernel/clean-text.js';
import { DomainError } from '../kernel/errors.js';
import { changeMeeting } from './change-meeting.js';
import { withAnswers } from './kept-answers.js';
import type { Meeting, UnclearAnswer } from './meeting.model.js';

/** Answers are still taken while the meeting goes on. */
const AFTER_START_MS = 2 * 3_600_000;

export interface UnclearReply {
  code: string;
  /** Ids of the attendees the number was asked for. */
  places: readonly string[];
  phone: string;
  answer: UnclearAnswer['answer'];
  note: string;
}

/**
 * An answer from a number several people share, where the office does not let it count: kept beside the places and in the
 * history, for the Office to ask. Nobody is confirmed by it and every reminder goes on. Repeating it changes nothing.
 * Throws meeting-unknown, meeting-over, not-invited.
 */
export async function noteUnclearAnswer(ctx: Ctx, { code, places, phone, answer, note }: UnclearReply): Promise<Meeting> {
  const unclear: UnclearAnswer = { at: ctx.clock.now(), phone, answer, note: strippedText(note).trim().slice(0, 500) };
  return changeMeeting(ctx, code, (meeting) => {
    if (meeting.status === 'cancelled' || meeting.startsAt.getTime() + AFTER_START_MS < unclear.at.getTime()) throw new DomainError('meeting-over', { code });
    const asked = meeting.attendees.filter(({ personId }) => places.includes(String(personId)));
    if (asked.length === 0) throw new DomainError('not-invited', { code });
    const attendees = meeting.attendees.map((one) => (asked.includes(one) ? { ...one, unclear } : one));
    const by = { name: '', channel: 'sms' as const, from: { phone, shared: true as const } };
    const events = asked.map(({ personId }) => ({ at: unclear.at, action: 'answered-unclear' as const, by, cause: ctx.cause, version: meeting.version, personId: String(personId), answer, note: unclear.note }));
    return { set: { attendees, history: withAnswers(meeting, events).history } };
  });
}
