import type { By } from '../people/actor.js';
import type { Meeting, MeetingEvent } from './meeting.model.js';

/** One answer to an invitation, as it was given. */
export interface GivenAnswer {
  at: Date;
  /** Id of the attendee it was said for. */
  personId: string;
  /** "received", "attending" or "absent". */
  answer: string;
  note: string;
  /** Who said it and by which way; by phone: who of the Office wrote it down. */
  by: By;
  /** It is the one in force: nothing was said since that replaces it, and the meeting was not moved since. */
  counts: boolean;
  /** From a number several people share: noted, never in force. */
  unclear: boolean;
  /** How many answers for the same attendee between this one and the next were left out. */
  leftOut: number;
}

const isAnswer = ({ action }: MeetingEvent): boolean => action === 'answered' || action === 'answered-unclear';

/** The answers given for a meeting, as far as they are kept (kept-answers.ts), also of people who are on the list no more, oldest first. */
export function answersOf(meeting: Pick<Meeting, 'history' | 'version' | 'attendees'>): GivenAnswer[] {
  const last = inForce(meeting);
  return meeting.history.filter(isAnswer).map((event) => ({
    at: event.at, personId: event.personId ?? '', answer: event.answer ?? '', note: event.note ?? '', by: event.by,
    counts: last.get(event.personId ?? '') === event, unclear: event.action === 'answered-unclear', leftOut: event.leftOut ?? 0,
  }));
}

/** By id of the attendee on the list, the answer in force: the last of this version; "received" takes no other one back. */
export function inForce({ history, version, attendees }: Pick<Meeting, 'history' | 'version' | 'attendees'>): Map<string, MeetingEvent> {
  const last = new Map<string, MeetingEvent>();
  const listed = new Set(attendees.filter(({ acknowledgedAt }) => acknowledgedAt !== null).map(({ personId }) => personId.toString()));
  for (const event of history) {
    const id = event.personId ?? '';
    if (event.action !== 'answered' || event.version !== version || !listed.has(id)) continue;
    const former = last.get(id);
    if (event.answer !== 'received' || !former || former.answer === 'received') last.set(id, event);
  }
  return last;
}
