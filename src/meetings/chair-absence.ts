import { loadCalendar } from '../calendar/load-calendar.js';
import type { Ctx } from '../context.js';
import { tellChairAbsent } from '../delivery/notices/tell-chair-absent.js';
import { laneOf } from './alert-intents.js';
import type { Meeting, MeetingEvent } from './meeting.model.js';

/**
 * The one picked to preside has just said they will not come: the Office hears of it, since somebody has to preside. Asked
 * again it says nothing new; coming after all and then not makes a new absence.
 */
export async function tellIfChairAbsent(ctx: Ctx, meeting: Meeting, places: readonly string[]): Promise<void> {
  const personId = places.find((place) => place === String(meeting.chairId ?? ''));
  const since = personId ? absenceOf(meeting, personId) : undefined;
  if (!personId || !since) return;
  const lane = laneOf(meeting, { now: ctx.clock.now(), calendar: await loadCalendar(ctx) });
  await tellChairAbsent(ctx, { meetingCode: meeting.code, version: meeting.version, personId, since: since.cause, lane });
}

/** The answer with which the absence that stands now began; undefined: they are not known to be absent from this version. */
function absenceOf({ history, version, attendees }: Meeting, personId: string): MeetingEvent | undefined {
  if (attendees.find((one) => String(one.personId) === personId)?.answer !== 'absent') return undefined;
  // "Đã nhận" takes no absence back.
  const said = history.filter((event) => event.action === 'answered' && event.personId === personId && event.version === version && event.answer !== 'received');
  const comes = said.findLastIndex(({ answer }) => answer !== 'absent');
  return said[comes + 1];
}
