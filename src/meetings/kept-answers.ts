import type { Attendee, Meeting, MeetingEvent } from './meeting.model.js';
import { inForce } from './answers-of.js';

/** Answers kept of one attendee besides their first and the one in force. */
const LAST = 20;
/** For all attendees together; a long list keeps fewer of each, so that the document stays far below MongoDB's 16 MB. */
const TOGETHER = 4_000;
const FEWEST = 3;
/** Characters of a note the history keeps. */
const NOTE = 500;

type Answered = Pick<Meeting, 'history' | 'version' | 'attendees'>;

/**
 * The history of a meeting with further answers, oldest first. Who answers back and forth keeps their first answer, the last 20
 * (fewer on a list of more than 200) and the one in force; how many were left out is counted on the first (`leftOut`).
 * `dropped`: false where `added` may simply be appended; the same answer again in a row adds nothing. Pure.
 */
export function withAnswers(meeting: Answered, events: readonly MeetingEvent[]): { history: MeetingEvent[]; added: MeetingEvent[]; dropped: boolean } {
  const added = events.filter((event) => !isSameAgain(meeting, event)).map((event) => ({ ...event, note: event.note?.slice(0, NOTE) ?? '' }));
  const before = [...meeting.history, ...added];
  const history = [...new Set(added.map(({ personId }) => personId ?? ''))].reduce((kept, personId) => bounded({ ...meeting, history: kept }, personId), before);
  return { history, added, dropped: history.length < before.length };
}

const isAnswerFor = ({ action, personId }: MeetingEvent, id: string | undefined): boolean => action.startsWith('answered') && personId === id;

/** The last thing said for this attendee, in this version and for the place they have now, by the same way. */
function isSameAgain({ history, version, attendees }: Answered, event: MeetingEvent): boolean {
  const last = history.findLast((one) => isAnswerFor(one, event.personId));
  const attendee = attendees.find(({ personId }) => String(personId) === event.personId);
  if (!last || !attendee || last.version !== version) return false;
  return standsAs(attendee, event) && last.action === event.action && last.answer === event.answer && last.note === (event.note ?? '').slice(0, NOTE) && wayOf(last) === wayOf(event);
}

const wayOf = ({ by }: MeetingEvent): string => [by.name, by.personId ?? '', by.channel, by.from?.phone ?? ''].join(' ');

/** A place given anew since does not hold what was said before. */
const standsAs = ({ acknowledgedAt, answer, unclear }: Attendee, event: MeetingEvent): boolean =>
  event.action === 'answered-unclear' ? Boolean(unclear) : acknowledgedAt !== null && (event.answer === 'received' || event.answer === answer);

function bounded(meeting: Answered, personId: string): MeetingEvent[] {
  const answers = meeting.history.filter((event) => isAnswerFor(event, personId));
  const last = Math.max(FEWEST, Math.min(LAST, Math.floor(TOGETHER / Math.max(1, meeting.attendees.length))));
  const first = answers[0];
  const counts = inForce(meeting).get(personId);
  const surplus = new Set(answers.slice(1, -last).filter((event) => event !== counts));
  if (surplus.size === 0 || !first) return meeting.history;
  return meeting.history.filter((event) => !surplus.has(event)).map((event) => (event === first ? { ...event, leftOut: (event.leftOut ?? 0) + surplus.size } : event));
}
