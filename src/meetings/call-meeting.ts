import type { Types } from 'mongoose';
import { recordAudit } from '../audit/record-audit.js';
import type { Ctx } from '../context.js';
import { isDuplicateKey, nextNumber } from '../db/counters.js';
import { cleanText } from '../kernel/clean-text.js';
import { DomainError } from '../kernel/errors.js';
import { numbered } from '../kernel/ids.js';
import { yearOf } from '../kernel/local-date.js';
import { byOf, type Actor } from '../people/actor.js';
import { mustBeAllowed } from '../people/policy.js';
import { checkChair, checkInvited, type ChairInput } from './check-invited.js';
import { askAboutDayOff } from './day-off.js';
import type { Meeting, MeetingKind } from './meeting.model.js';

export interface NewMeeting extends ChairInput {
  title: string;
  kind: MeetingKind;
  startsAt: Date;
  place: string;
  /** Ids of people, all active; a picked chair need not be among them. */
  attendeeIds: string[];
  /** Refuse a day off with 'meeting-day-off', so that a person can be asked; programs are not. */
  askIfDayOff?: boolean;
}

/**
 * Calls a meeting: one insert, with every attendee's first alert due now; the alerts tick does the rest.
 * The same cause again finds the meeting it made. Throws forbidden, input-invalid, meeting-in-past, meeting-day-off, attendee-unknown.
 */
export async function callMeeting(ctx: Ctx, actor: Actor, input: NewMeeting): Promise<Meeting> {
  mustBeAllowed(actor, 'meeting.write');
  const meeting = (await calledBy(ctx)) ?? (await insertMeeting(ctx, actor, await check(ctx, input)));
  const { title, kind, startsAt, place } = meeting;
  await recordAudit(ctx, actor, { action: 'meeting.call', entity: 'meeting', entityKey: meeting.code, after: { title, kind, startsAt, place, attendees: meeting.attendees.length } });
  ctx.wake('alerts');
  return meeting;
}

const calledBy = (ctx: Ctx): Promise<Meeting | null> => ctx.db.Meeting.findOne({ cause: ctx.cause }).lean<Meeting>();

type Checked = Pick<Meeting, 'title' | 'kind' | 'startsAt' | 'place' | 'chair' | 'chairId'> & { invited: Types.ObjectId[] };

/** Throws what is wrong; those invited come each once, in the order given, a picked chair first where nobody named them. */
async function check(ctx: Ctx, { title, kind, place, chair = '', chairId = null, startsAt, attendeeIds, askIfDayOff = false }: NewMeeting): Promise<Checked> {
  const expect = (good: boolean, path: string, expected: string): void => {
    if (!good) throw new DomainError('input-invalid', { path, expected });
  };
  expect(cleanText(title, 'title') !== '', 'title', 'cần nội dung họp');
  expect(cleanText(place, 'place') !== '', 'place', 'cần địa điểm họp');
  const presides = await checkChair(ctx, { chair, chairId });
  expect(attendeeIds.length > 0 || presides.chairId !== null, 'attendeeIds', 'cần ít nhất một người dự');
  if (startsAt <= ctx.clock.now()) throw new DomainError('meeting-in-past');
  if (askIfDayOff) await askAboutDayOff(ctx, startsAt);
  const invited = await checkInvited(ctx, presides.chairId && !attendeeIds.includes(String(presides.chairId)) ? [String(presides.chairId), ...attendeeIds] : attendeeIds);
  return { title: cleanText(title, 'title'), kind, startsAt, place: cleanText(place, 'place'), ...presides, invited };
}

async function insertMeeting(ctx: Ctx, actor: Actor, { invited, ...facts }: Checked): Promise<Meeting> {
  const now = ctx.clock.now();
  const year = yearOf(now);
  const code = numbered('HOP', year, await nextNumber(ctx, `HOP-${year}`));
  const attendees = invited.map((personId) => ({ personId, step: 0, nextStepAt: now }));
  const history = [{ at: now, action: 'called' as const, by: byOf(actor), cause: ctx.cause, version: 1 }];
  try {
    const made = await ctx.db.Meeting.create({ code, ...facts, status: 'called', version: 1, attendees, history, cause: ctx.cause, causes: [ctx.cause], createdAt: now });
    return made.toObject<Meeting>();
  } catch (error) {
    const made = isDuplicateKey(error) ? await calledBy(ctx) : null;
    if (!made) throw error;
    return made;
  }
}
