import type { Intent } from '../delivery/intent.js';
import { keys } from '../delivery/keys.js';
import type { WorkingCalendar } from '../kernel/working-calendar.js';
import { laneOf } from './alert-intents.js';
import type { Attendee, Meeting } from './meeting.model.js';

/** A list of people that changes: the meeting before, and what becomes of it. */
export interface ListChange {
  meeting: Meeting;
  attendees: Attendee[];
  /** Ids. */
  added: string[];
  removed: Attendee[];
  chair: Required<Pick<Meeting, 'chair' | 'chairId'>>;
}

interface Around {
  /** Why people are taken off. */
  reason: string;
  fileIds: readonly string[];
  /** By person. */
  agencyOf: ReadonlyMap<string, string>;
  now: Date;
  calendar: WorkingCalendar;
}

/** A file of the meeting comes after the invitation. */
const AFTER_INVITATION_MS = 5_000;

/** What a changed list makes to say besides the invitations, which the alert's steps write; the renderers leave out whom nothing had reached. */
export function listIntents(list: ListChange, around: Around): Intent[] {
  return [...withdrawals(list, around.reason), ...toAgencies(list, around.agencyOf), ...chairNotices(list, around), ...files(list, around)];
}

/** "Need not come", to those taken off and to the deputies called in for them. */
function withdrawals({ meeting, attendees, removed }: ListChange, reason: string): Intent[] {
  const key = keys.meetingWithdrawn(meeting.code, meeting.version, meeting.rev);
  // A correction must not come after people have set out; they read the time they know.
  const common = { kind: 'meeting-withdrawn', lane: 'urgent' as const };
  const data = { meetingCode: meeting.code, version: meeting.version, ...(reason ? { reason } : {}) };
  const byPhone = removed.filter(({ acknowledgedAt }) => acknowledgedAt !== null);
  const byMessage = removed.filter((one) => one.toldVersion > 0 && !byPhone.includes(one));
  const called = removed.filter(({ deputyCalled }) => deputyCalled);
  return [
    ...(byMessage.length > 0 ? [{ ...common, key, to: byMessage.map(people), data }] : []),
    // Whoever has confirmed knows of it, even where only the telephone told them.
    ...(byPhone.length > 0 ? [{ ...common, key: `${key}:knew`, to: byPhone.map(people), data: { ...data, knew: true } }] : []),
    ...called.map((one) => ({ ...common, key: `${key}:for:${String(one.personId)}`, to: [{ personId: String(one.deputyCalled) }], data: { ...data, forPersonId: String(one.personId), invited: attendees.some(({ personId }) => one.deputyCalled?.equals(personId)) } })),
  ];
}

const people = ({ personId }: Attendee) => ({ personId: personId.toString() });

/** Mailboxes that have the former list. */
function concerned({ meeting, added, removed }: ListChange, agencyOf: Around['agencyOf']): string[] {
  const agencies = new Set([...added, ...removed.map(({ personId }) => String(personId))].map((id) => agencyOf.get(id)));
  return (meeting.agenciesTold ?? []).filter((code) => agencies.has(code));
}

function toAgencies(list: ListChange, agencyOf: Around['agencyOf']): Intent[] {
  const { meeting } = list;
  const codes = concerned(list, agencyOf);
  if (codes.length === 0) return [];
  return [{ key: keys.meetingList(meeting.code, meeting.version, meeting.rev), kind: 'meeting-list', to: codes.map((agencyCode) => ({ agencyCode })), lane: 'normal', asked: 'by-day', data: { meetingCode: meeting.code, version: meeting.version, rev: meeting.rev } }];
}

/** "Another presides", to all who know the former one: not to those two, who are invited anew, nor with a letter that names the list and the chair. */
function chairNotices(list: ListChange, { agencyOf, ...at }: Around): Intent[] {
  const { meeting, attendees, removed, chair } = list;
  if (chair.chair === meeting.chair) return [];
  const key = keys.meetingChair(meeting.code, meeting.version, meeting.rev);
  const common = { kind: 'meeting-chair', lane: laneOf(meeting, at), asked: 'by-day' as const };
  const data = { meetingCode: meeting.code, version: meeting.version, rev: meeting.rev + 1 };
  const stay = attendees.filter((one) => meeting.attendees.includes(one));
  const byPhone = stay.filter(({ acknowledgedAt }) => acknowledgedAt !== null);
  const told = stay.filter((one) => one.toldVersion > 0 && !byPhone.includes(one));
  const letters = concerned(list, agencyOf);
  const mailboxes = (meeting.agenciesTold ?? []).filter((code) => !letters.includes(code)).map((agencyCode) => ({ agencyCode }));
  const freed = removed.map(({ deputyCalled }) => String(deputyCalled));
  const calledIn = meeting.deputiesTold.map(String).filter((id) => !freed.includes(id) && !attendees.some(({ personId }) => String(personId) === id));
  const groups: [key: string, to: Intent['to'], data: Intent['data']][] = [
    [key, [...told.map(people), ...mailboxes], data],
    [`${key}:knew`, byPhone.map(people), { ...data, knew: true }],
    [`${key}:deputies`, calledIn.map((personId) => ({ personId })), { ...data, deputy: true }],
  ];
  return groups.filter(([, to]) => to.length > 0).map(([key, to, data]) => ({ ...common, key, to, data }));
}

function files({ meeting, added }: ListChange, { fileIds, now }: Around): Intent[] {
  if (added.length === 0) return [];
  return fileIds.map((fileId) => ({
    key: `file:${fileId}:r${meeting.rev}`, kind: 'meeting-file', to: added.map((personId) => ({ personId })), lane: meeting.kind === 'urgent' ? 'urgent' : 'normal', asked: 'by-day',
    notBefore: new Date(now.getTime() + AFTER_INVITATION_MS), data: { meetingCode: meeting.code, rev: meeting.rev + 1, fileId },
  }));
}
