import type { Types } from 'mongoose';
import { recordAudit } from '../audit/record-audit.js';
import type { Ctx } from '../context.js';
import { isDuplicateKey, nextNumber } from '../db/counters.js';
import { cleanText } from '../kernel/clean-text.js';
import { DomainError } from '../kernel/errors.js';
import { numbered } from '../kernel/ids.js';
import { localDateOf } from '../kernel/local-date.js';
import { byOf, type Actor } from '../people/actor.js';
import { mustBeAllowed } from '../people/policy.js';
import type { Meeting, MeetingKind } from './meeting.model.js';

export interface NewMeeting {
  title: string;
  kind: MeetingKind;
  startsAt: Date;
  place: string;
  chair?: string;
  /** Ids of people; each once, all active. */
  attendeeIds: string[];
}

/**
 * Calls a meeting: one insert, with every attendee's first alert due now; the alerts tick does the rest.
 * The same cause again finds the meeting it made. Throws forbidden, input-invalid, meeting-in-past, attendee-unknown.
 */
export async function callMeeting(ctx: Ctx, actor: Actor, input: NewMeeting): Promise<Meeting> {
  mustBeAllowed(actor, 'meeting.write');
  const meeting = (await calledBy(ctx)) ?? (await insertMeeting(ctx, actor, { ...input, invited: await check(ctx, input) }));
  const { title, kind, startsAt, place } = meeting;
  await recordAudit(ctx, actor, { action: 'meeting.call', entity: 'meeting', entityKey: meeting.code, after: { title, kind, startsAt, place, attendees: meeting.attendees.length } });
  ctx.wake('alerts');
  return meeting;
}

const calledBy = (ctx: Ctx): Promise<Meeting | null> => ctx.db.Meeting.findOne({ cause: ctx.cause }).lean<Meeting>();

/** Throws what is wrong; returns those invited, each once, in the order given. */
async function check(ctx: Ctx, { title, place, chair = '', startsAt, attendeeIds }: NewMeeting): Promise<Types.ObjectId[]> {
  const expect = (good: boolean, path: string, expected: string): void => {
    if (!good) throw new DomainError('input-invalid', { path, expected });
  };
  expect(cleanText(title, 'title') !== '', 'title', 'cần nội dung họp');
  expect(cleanText(place, 'place') !== '', 'place', 'cần địa điểm họp');
  cleanText(chair, 'chair');
  expect(attendeeIds.length > 0, 'attendeeIds', 'cần ít nhất một người dự');
  if (startsAt <= ctx.clock.now()) throw new DomainError('meeting-in-past');
  const asked = [...new Set(attendeeIds)];
  const wellFormed = asked.filter((id) => /^[0-9a-f]{24}$/i.test(id));
  const known = await ctx.db.Person.find({ _id: { $in: wellFormed }, active: true }, { _id: 1 }).lean<{ _id: Types.ObjectId }[]>();
  const ids = new Map(known.map((person) => [person._id.toString(), person._id]));
  return asked.map((id) => {
    const found = ids.get(id.toLowerCase());
    if (!found) throw new DomainError('attendee-unknown', { id });
    return found;
  });
}

async function insertMeeting(ctx: Ctx, actor: Actor, input: NewMeeting & { invited: Types.ObjectId[] }): Promise<Meeting> {
  const now = ctx.clock.now();
  const year = Number(localDateOf(now).slice(0, 4));
  const code = numbered('HOP', year, await nextNumber(ctx, `HOP-${year}`));
  const { title, kind, startsAt, place, chair = '' } = input;
  const attendees = input.invited.map((personId) => ({ personId, step: 0, nextStepAt: now }));
  const history = [{ at: now, action: 'called' as const, by: byOf(actor), cause: ctx.cause, version: 1 }];
  try {
    const facts = { code, title: cleanText(title, 'title'), kind, startsAt, place: cleanText(place, 'place'), chair: cleanText(chair, 'chair') };
    const made = await ctx.db.Meeting.create({ ...facts, status: 'called', version: 1, attendees, history, cause: ctx.cause, causes: [ctx.cause], createdAt: now });
    return made.toObject<Meeting>();
  } catch (error) {
    const made = isDuplicateKey(error) ? await calledBy(ctx) : null;
    if (!made) throw error;
    return made;
  }
}
