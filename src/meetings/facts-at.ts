import type { Meeting, MeetingEvent } from './meeting.model.js';

/** Another time or another place: a new version, told to everybody invited. */
export const isMove = ({ action }: Pick<MeetingEvent, 'action'>): boolean => action === 'postponed' || action === 'relocated';

/** Time and place as they stood in an earlier version: what the first later change of each says it changed from. */
export function factsAt(meeting: Pick<Meeting, 'history' | 'startsAt' | 'place'>, version: number): { startsAt: Date; place: string } {
  const later = meeting.history.filter((event) => isMove(event) && event.version > version);
  return {
    startsAt: later.find(({ from }) => from !== undefined)?.from ?? meeting.startsAt,
    place: later.find(({ fromPlace }) => fromPlace !== undefined)?.fromPlace ?? meeting.place,
  };
}

/** Why the meeting was last moved or called off; '' where nobody said. */
export const reasonOf = ({ history }: Pick<Meeting, 'history'>): string =>
  history.findLast((event) => (isMove(event) || event.action === 'cancelled') && event.reason !== undefined)?.reason ?? '';
