import type { Types } from 'mongoose';
import { loadCalendar } from '../calendar/load-calendar.js';
import type { Ctx } from '../context.js';
import type { WorkingCalendar } from '../kernel/working-calendar.js';
import type { Agency } from '../people/agency.model.js';
import { mailboxOf } from '../people/mailbox.js';
import type { Person } from '../people/person.model.js';
import { alertIntents, type StepDone } from './alert-intents.js';
import { alertStep } from './escalation-steps.js';
import type { Meeting } from './meeting.model.js';
import { stopRemoved } from './stop-telling.js';

const AT_ONCE = 50;
const TRIES = 10;

/**
 * Does the alert steps that are due. For each meeting one write moves the attendees on and leaves the intents that follow,
 * and only onto the revision it was decided on: two instances do a step once, and whoever confirms meanwhile is left in
 * peace. Returns how many attendees were moved on.
 */
export async function advanceAlerts(ctx: Ctx): Promise<number> {
  await stopRemoved(ctx);
  const due = await ctx.db.Meeting.find({ 'attendees.nextStepAt': { $lte: ctx.clock.now() } }, { _id: 1 }).limit(AT_ONCE).lean();
  if (due.length === 0) return 0;
  const calendar = await loadCalendar(ctx);
  let advanced = 0;
  for (const { _id } of due) {
    try {
      advanced += await advanceMeeting(ctx, _id, calendar);
    } catch (error) {
      // One meeting must not hold back the others; the next tick tries it again.
      ctx.log.error({ event: 'alerts.failed', id: String(_id), err: error });
    }
  }
  if (advanced > 0) ctx.wake('intents');
  return advanced;
}

async function advanceMeeting(ctx: Ctx, id: Types.ObjectId, calendar: WorkingCalendar): Promise<number> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const meeting = await ctx.db.Meeting.findById(id).lean<Meeting>();
    const steps = meeting ? dueSteps(meeting, { now: ctx.clock.now(), calendar }) : [];
    if (!meeting || steps.length === 0) return 0;
    if (await write(ctx, meeting, steps, calendar)) return steps.length;
  }
  // Many people confirm at this very moment; the next tick comes soon.
  return 0;
}

function dueSteps(meeting: Meeting, at: { now: Date; calendar: WorkingCalendar }): StepDone[] {
  return meeting.attendees.flatMap((attendee, index) => {
    if (!attendee.nextStepAt || attendee.nextStepAt > at.now) return [];
    const over = meeting.status === 'cancelled' || attendee.acknowledgedAt !== null;
    const next = over ? { actions: [], step: attendee.step, nextStepAt: null } : alertStep(meeting, attendee.step, at);
    return [{ attendee, index, ...next }];
  });
}

async function write(ctx: Ctx, meeting: Meeting, steps: StepDone[], calendar: WorkingCalendar): Promise<boolean> {
  const deputies = await deputiesFor(ctx, meeting, steps);
  const set: Record<string, unknown> = {};
  for (const { attendee, index, step, nextStepAt, actions } of steps) {
    set[`attendees.${index}.step`] = step;
    set[`attendees.${index}.nextStepAt`] = nextStepAt;
    if (actions.includes('tell')) set[`attendees.${index}.toldVersion`] = meeting.version;
    const deputy = deputies.get(String(attendee.personId));
    if (deputy) set[`attendees.${index}.deputyCalled`] = deputy._id;
  }
  const mailboxes = await mailboxesFor(ctx, meeting, steps);
  const intents = alertIntents(meeting, steps, { deputies, mailboxes, now: ctx.clock.now(), calendar });
  const called = [...deputies.values()].map((deputy) => deputy._id);
  const result = await ctx.db.Meeting.updateOne(
    { _id: meeting._id, rev: meeting.rev },
    { $set: set, $inc: { rev: 1 }, ...(intents.length > 0 ? { $push: { intents: { $each: intents } } } : {}), ...(called.length + mailboxes.length > 0 ? { $addToSet: { deputiesTold: { $each: called }, agenciesTold: { $each: mailboxes }, agenciesToldNow: { $each: mailboxes } } } : {}) },
  );
  return result.matchedCount === 1;
}

/** Agencies of the people just told that have a mailbox and were not told of this version yet. */
async function mailboxesFor(ctx: Ctx, { agenciesToldNow = [] }: Meeting, steps: readonly StepDone[]): Promise<string[]> {
  const told = steps.filter((step) => step.actions.includes('tell')).map((step) => step.attendee.personId);
  if (told.length === 0) return [];
  const codes = await ctx.db.Person.distinct('agencyCode', { _id: { $in: told } });
  const agencies = await ctx.db.Agency.find({ code: { $in: codes }, email: { $gt: '' } }).lean<Agency[]>();
  return agencies.flatMap((agency) => mailboxOf(agency)).map(({ agencyCode }) => agencyCode).filter((code) => !agenciesToldNow.includes(code));
}

/** Active deputies of the attendees whose step calls them in, by attendee. Somebody invited anyway is not called in as well. */
async function deputiesFor(ctx: Ctx, meeting: Meeting, steps: readonly StepDone[]): Promise<Map<string, Person>> {
  const absent = steps.filter((step) => step.actions.includes('deputy')).map((step) => step.attendee.personId);
  if (absent.length === 0) return new Map();
  const people = await ctx.db.Person.find({ _id: { $in: absent } }, { deputyId: 1 }).lean<Person[]>();
  const ids = people.flatMap((person) => (person.deputyId ? [person.deputyId] : []));
  const deputies = new Map((await ctx.db.Person.find({ _id: { $in: ids }, active: true }).lean<Person[]>()).map((person) => [String(person._id), person]));
  return new Map(people.flatMap((person) => {
    const deputy = deputies.get(String(person.deputyId));
    return deputy && !meeting.attendees.some(({ personId }) => personId.equals(deputy._id)) ? [[String(person._id), deputy] as const] : [];
  }));
}
