import type { Ctx } from '../../src/context.js';
import { formatInstant, formatTime, formatWeekday, instantAt, localDateOf } from '../../src/kernel/local-date.js';
import type { Meeting } from '../../src/meetings/meeting.model.js';
import { meetingKinds, meetingStatuses } from '../../src/meetings/meeting.model.js';
import type { Actor } from '../../src/people/actor.js';
import { can } from '../../src/people/policy.js';
import { meetingKindWords, meetingStatusWords, wordOf } from '../locale/words.js';
import { asCode, codesMeant, containsFolded } from './find.js';
import { contains, onDay, yearOf } from './rules.js';
import type { Query, ResourceSpec } from './scoped-resource.js';

/** Meetings this actor may read, as policy.ts has it: all of them, or those the actor is invited to. */
export function meetingScope(actor: Actor): Query | null {
  if (can(actor, 'meeting.read')) return {};
  const personId = 'personId' in actor ? actor.personId : null;
  return personId && can(actor, 'meeting.read', { attendees: [{ personId }] }) ? { 'attendees.personId': personId } : null;
}

/** "thứ Hai 23/11/2026, 14:00" */
export const meetingTime = (startsAt: Date): string => `${formatWeekday(localDateOf(startsAt))}, ${formatTime(startsAt)}`;

/** Cuộc họp, with how many have confirmed. */
export const meetingResource = (ctx: Ctx): ResourceSpec<Meeting> => ({
  id: 'Meeting',
  model: ctx.db.Meeting,
  key: 'code',
  title: 'code',
  columns: [
    { name: 'code', as: 'code', sort: 'code' },
    { name: 'title', as: 'clamp' },
    { name: 'startsAt', sort: 'startsAt' },
    { name: 'place', as: 'clamp' },
    { name: 'confirmed' },
    { name: 'status', as: 'badge', sort: 'status' },
    { name: 'chair', list: false },
    { name: 'createdAt', list: false },
  ],
  filters: [
    { name: 'q', as: 'search', where: (value) => ({ $or: [{ title: containsFolded(value) }, { code: contains(asCode(value)) }, { code: { $in: codesMeant(value, yearOf(ctx)) } }] }) },
    { name: 'day', as: 'day', where: onDay('startsAt') },
    { name: 'kind', as: 'choice', choices: meetingKindWords, where: (value) => ((meetingKinds as readonly string[]).includes(value) ? { kind: value } : null) },
    { name: 'status', as: 'choice', choices: meetingStatusWords, where: (value) => ((meetingStatuses as readonly string[]).includes(value) ? { status: value } : null) },
  ],
  sort: { by: 'startsAt', direction: 'desc' },
  nearestFirst: { path: 'startsAt', from: () => instantAt(localDateOf(ctx.clock.now()), '00:00') },
  scope: meetingScope,
  select: 'code title kind startsAt place chair status attendees.acknowledgedAt attendees.answer createdAt history.fromPlace history.toPlace',
  present: (rows) =>
    rows.map((row) => ({
      code: row.code,
      codeNote: row.kind === 'urgent' ? 'Hỏa tốc' : '',
      codeTone: 'bad',
      title: row.title,
      startsAt: meetingTime(row.startsAt),
      place: row.place,
      placeNote: formerPlace(row),
      confirmed: `${row.attendees.filter(hasConfirmed).length}/${row.attendees.length}`,
      status: wordOf(meetingStatusWords, row.status),
      statusTone: row.status === 'cancelled' ? 'quiet' : row.status === 'postponed' ? 'warn' : 'good',
      chair: row.chair,
      createdAt: formatInstant(row.createdAt),
      statusCode: row.status,
      over: row.startsAt < ctx.clock.now(),
    })),
});

/** Where it was to be before, if it moved. */
function formerPlace({ place, history }: Pick<Meeting, 'place' | 'history'>): string {
  const moved = (history ?? []).findLast(({ fromPlace, toPlace }) => fromPlace !== undefined && toPlace !== undefined && fromPlace !== toPlace);
  return moved?.fromPlace && moved.fromPlace !== place ? `Đã đổi địa điểm, trước là ${moved.fromPlace}` : '';
}

/** Acknowledged, or answered in any way. */
export const hasConfirmed = (attendee: Pick<Meeting['attendees'][number], 'acknowledgedAt' | 'answer'>): boolean =>
  attendee.acknowledgedAt !== null || attendee.answer !== null;
