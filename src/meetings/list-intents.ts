import type { Intent } from '../delivery/intent.js';
import { keys } from '../delivery/keys.js';
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
}

/** A file of the meeting comes after the invitation. */
const AFTER_INVITATION_MS = 5_000;

/** What a changed list makes to say besides the invitations, which the alert's steps write; the renderers leave out whom nothing had reached. */
export function listIntents(list: ListChange, around: Around): Intent[] {
  return [...withdrawals(list, around.reason), ...toAgencies(list, around.agencyOf), ...files(list, around)];
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
function toAgencies({ meeting, added, removed }: ListChange, agencyOf: Around['agencyOf']): Intent[] {
  const concerned = new Set([...added, ...removed.map(({ personId }) => String(personId))].map((id) => agencyOf.get(id)));
  const codes = (meeting.agenciesTold ?? []).filter((code) => concerned.has(code));
  if (codes.length === 0) return [];
  return [{ key: keys.meetingList(meeting.code, meeting.version, meeting.rev), kind: 'meeting-list', to: codes.map((agencyCode) => ({ agencyCode })), lane: 'normal', asked: 'by-day', data: { meetingCode: meeting.code, version: meeting.version, rev: meeting.rev } }];
}

function files({ meeting, added }: ListChange, { fileIds, now }: Around): Intent[] {
  if (added.length === 0) return [];
  return fileIds.map((fileId) => ({
    key: `file:${fileId}:r${meeting.rev}`, kind: 'meeting-file', to: added.map((personId) => ({ personId })), lane: meeting.kind === 'urgent' ? 'urgent' : 'normal', asked: 'by-day',
    notBefore: new Date(now.getTime() + AFTER_INVITATION_MS), data: { meetingCode: meeting.code, rev: meeting.rev + 1, fileId },
  }));
}
