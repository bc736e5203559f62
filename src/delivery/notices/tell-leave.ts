import type { Ctx } from '../../context.js';
import type { Meeting } from '../../meetings/meeting.model.js';
import type { Person } from '../../people/person.model.js';
import { spanOf } from '../../people/persons/leave-news.js';
import { personById } from '../../people/receivers.js';
import { ownLeave, standsIn, standsInNoMore } from '../../texts/leave-texts.js';
import { LEAVE_NOTED } from '../acting/acting-person.js';
import { enqueueAll } from '../enqueue.js';
import { keys } from '../keys.js';
import type { Renderer, Renderers } from '../renderer.js';

const AT_ONCE = 50;

/**
 * Tells the person on leave and whoever stands in, or did, of changes that nobody was told of yet. Planned first and then
 * marked as told: a crash in between plans the same keys again. Returns how many changes it told.
 */
export async function tellLeave(ctx: Ctx): Promise<number> {
  const changed = await ctx.db.Person.find({ 'leaveNews.mark': { $gt: '' } }).limit(AT_ONCE).lean<Person[]>();
  for (const person of changed) {
    const [id, mark] = [String(person._id), person.leaveNews?.mark ?? ''];
    const readers = new Set([id, ...(person.leave && person.deputyId ? [String(person.deputyId)] : []), ...(person.leaveNews?.formerDeputyId ? [person.leaveNews.formerDeputyId] : [])]);
    const data = { personId: id, span: spanOf(person.leave), deputyId: person.deputyId ? String(person.deputyId) : '' };
    await enqueueAll(ctx, [...readers].map((reader) => ({ key: keys.forPerson(keys.leave(id, mark), reader), kind: LEAVE_NOTED, lane: 'normal', asked: 'by-day', personId: reader, data })));
    await ctx.db.Person.updateOne({ _id: person._id, 'leaveNews.mark': mark }, { $unset: { leaveNews: '' } });
  }
  return changed.length;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** As it is by now; what was changed once more since is told by that change. */
const leaveNoted: Renderer = async (ctx, { data }, reader) => {
  const absent = await personById(ctx, text(data['personId']));
  if (!absent || !reader) return { suppress: 'person-unknown' };
  if (spanOf(absent.leave) !== text(data['span']) || String(absent.deputyId ?? '') !== text(data['deputyId'])) return { suppress: 'superseded' };
  const leave = absent.leave ? { from: new Date(absent.leave.from), until: new Date(absent.leave.until) } : null;
  if (leave && leave.until <= ctx.clock.now()) return { suppress: 'stale' };
  if (String(reader._id) === String(absent._id)) return { message: ownLeave({ reader, leave, deputy: absent.deputyId ? await personById(ctx, absent.deputyId) : null }), secret: false };
  const stands = leave !== null && String(absent.deputyId) === String(reader._id);
  return { message: stands ? standsIn({ reader, absent, leave, meetings: await unconfirmedIn(ctx, absent, leave) }) : standsInNoMore({ reader, absent }), secret: false };
};

/** Meetings of that time, still to come, which the person has not confirmed. */
const unconfirmedIn = (ctx: Ctx, { _id }: Person, { from, until }: { from: Date; until: Date }): Promise<Pick<Meeting, 'code' | 'title' | 'startsAt' | 'place'>[]> =>
  ctx.db.Meeting.find(
    { startsAt: { $gt: new Date(Math.max(from.getTime(), ctx.clock.now().getTime())), $lt: until }, status: { $ne: 'cancelled' }, attendees: { $elemMatch: { personId: _id, acknowledgedAt: null, answer: null } } },
    { code: 1, title: 1, startsAt: 1, place: 1 },
  ).sort({ startsAt: 1 }).limit(AT_ONCE).lean<Pick<Meeting, 'code' | 'title' | 'startsAt' | 'place'>[]>().exec();

/** What is said about leave. */
export const leaveRenderers: Renderers = { [LEAVE_NOTED]: leaveNoted };
