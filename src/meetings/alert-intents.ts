import type { Intent, Lane } from '../delivery/intent.js';
import { keys } from '../delivery/keys.js';
import { instantAt, localDateOf } from '../kernel/local-date.js';
import type { WorkingCalendar } from '../kernel/working-calendar.js';
import type { Person } from '../people/person.model.js';
import type { AlertStep } from './escalation-steps.js';
import type { Attendee, Meeting } from './meeting.model.js';

/** A step just decided for the attendee at `index`. */
export interface StepDone extends AlertStep {
  attendee: Attendee;
  index: number;
}

interface Around {
  /** By attendee; nobody who is invited themselves. */
  deputies: ReadonlyMap<string, Person>;
  /** Agencies whose mailbox gets a copy of what is told now. */
  mailboxes: readonly string[];
  now: Date;
  calendar: WorkingCalendar;
}

/** The messages that follow from steps done together; people with the same message share one intent. */
export function alertIntents(meeting: Meeting, steps: readonly StepDone[], around: Around): Intent[] {
  const lane = laneOf(meeting, around);
  const base = (step: number) => keys.meetingStep(meeting.code, meeting.version, step, meeting.rev);
  const data = { meetingCode: meeting.code, version: meeting.version, rev: meeting.rev };
  const intents: Intent[] = [];
  for (const [told, group] of groups(steps.filter((s) => s.actions.includes('tell')), (s) => s.attendee.toldVersion)) {
    const kind = told === 0 ? 'meeting-alert' : 'meeting-postponed';
    intents.push({ key: `${base(0)}:t${told}`, kind, to: people(group), lane, asked: 'by-day', data: told === 0 ? data : { ...data, told } });
  }
  for (const [told, group] of groups(around.mailboxes, (code) => (meeting.agenciesTold?.includes(code) ? meeting.version - 1 : 0))) {
    const kind = told === 0 ? 'meeting-alert' : 'meeting-postponed';
    // Not told, or told since that it concerns them no more: an invitation of its own.
    const isNew = !group.some((code) => meeting.agenciesTold?.includes(code));
    const key = keys.meetingAgencies(meeting.code, meeting.version) + (isNew ? `:r${meeting.rev}` : '');
    intents.push({ key, kind, to: group.map((agencyCode) => ({ agencyCode })), lane, asked: 'by-day', data: told === 0 ? data : { ...data, told } });
  }
  for (const [step, group] of groups(steps.filter((s) => s.actions.includes('remind')), (s) => s.attendee.step)) {
    intents.push({ key: base(step), kind: 'meeting-alert', to: people(group), lane, data: { ...data, again: true } });
  }
  for (const [attendeeId, deputy] of around.deputies) {
    const to = [{ personId: deputy._id.toString() }];
    intents.push({ key: `${base(2)}:for:${attendeeId}`, kind: 'meeting-alert', to, lane, data: { ...data, forPersonId: attendeeId } });
  }
  const silent = steps.filter((s) => s.actions.includes('office')).map((s) => s.attendee.personId.toString());
  if (silent.length > 0) intents.push({ key: `${base(2)}:office`, kind: 'meeting-unanswered', to: [{ office: true }], lane, data: { ...data, personIds: silent.join(',') } });
  return intents;
}

/** A regular meeting before noon of the next working day cannot wait for the end of the quiet hours. */
export function laneOf(meeting: Pick<Meeting, 'kind' | 'startsAt'>, { now, calendar }: Pick<Around, 'now' | 'calendar'>): Lane {
  const soon = instantAt(calendar.addWorkingDays(localDateOf(now), 1), '12:00');
  return meeting.kind === 'urgent' || meeting.startsAt < soon ? 'urgent' : 'normal';
}

const people = (group: readonly StepDone[]) => group.map((s) => ({ personId: s.attendee.personId.toString() }));

function groups<T, K>(all: readonly T[], by: (one: T) => K): Map<K, T[]> {
  const found = new Map<K, T[]>();
  for (const one of all) found.set(by(one), [...(found.get(by(one)) ?? []), one]);
  return found;
}
