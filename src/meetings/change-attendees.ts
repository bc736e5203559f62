import type { Types } from 'mongoose';
import { recordAudit } from '../audit/record-audit.js';
import { loadCalendar } from '../calendar/load-calendar.js';
import type { Ctx } from '../context.js';
import { filesOf } from '../files/read-file.js';
import { cleanText } from '../kernel/clean-text.js';
import { DomainError } from '../kernel/errors.js';
import type { WorkingCalendar } from '../kernel/working-calendar.js';
import { byOf, type Actor } from '../people/actor.js';
import type { Person } from '../people/person.model.js';
import { mustBeAllowed } from '../people/policy.js';
import { changeMeeting, findMeeting, mustBeEdition, mustLieAhead, type MeetingChange } from './change-meeting.js';
import { checkChair, checkInvited, type ChairInput } from './check-invited.js';
import { mustBeInvited } from './confirm-by-phone.js';
import { listIntents, type ListChange } from './list-intents.js';
import type { Attendee, Meeting, MeetingEvent } from './meeting.model.js';
import { stopTelling } from './stop-telling.js';

/** Who presides changes only where `chair` or `chairId` is given. */
export interface AttendeeChange extends ChairInput {
  code: string;
  /** Ids of active people; those on the list already stay as they are. */
  add?: readonly string[];
  /** Ids of people on the list. */
  remove?: readonly string[];
  /** Why; those taken off read it. */
  reason?: string;
  /** The edition the change was decided on (editionOf); absent: whatever it is by now. */
  edition?: number;
}

/** More cannot be invited to one meeting. */
const MOST = 1_000;

/**
 * Others are invited, or not any more, after a meeting was called. One write: those added begin at the first alert; those taken
 * off get no further one, what waits for them is stopped, and who had been told hears once that they need not come. A picked
 * chair is invited, and told again where they were invited as one of the others; who presides no more is told so; everybody else who was
 * told hears in one short notice who presides now.
 * Throws forbidden, meeting-unknown, meeting-over, attendee-unknown, input-invalid, changed-meanwhile.
 */
export async function changeAttendees(ctx: Ctx, actor: Actor, input: AttendeeChange): Promise<Meeting> {
  mustBeAllowed(actor, 'meeting.write');
  const asked = await check(ctx, input);
  const meeting = await changeMeeting(ctx, input.code, (current) => {
    mustLieAhead(ctx, current);
    mustBeEdition(current, input.edition);
    return changed(ctx, actor, listAfter(ctx, current, asked), asked);
  });
  const event = meeting.history.find(({ action, cause }) => action === 'people' && cause === ctx.cause);
  if (event?.removed) await stopTelling(ctx, { meetingCode: meeting.code, places: event.removed.filter((id) => !isListed(meeting, id)), until: event.at });
  await record(ctx, actor, meeting, event);
  ctx.wake('alerts');
  ctx.wake('intents');
  return meeting;
}

interface Asked {
  add: Types.ObjectId[];
  remove: string[];
  presides: Required<Pick<Meeting, 'chair' | 'chairId'>> | null;
  reason: string;
  /** Files of the meeting, which everybody invited gets. */
  fileIds: string[];
  agencyOf: ReadonlyMap<string, string>;
  calendar: WorkingCalendar;
}

async function check(ctx: Ctx, { code, add = [], remove = [], chair, chairId, reason = '' }: AttendeeChange): Promise<Asked> {
  const { attendees, ...now } = await findMeeting(ctx, code);
  const same = (chair === undefined && chairId === undefined) || (chair === now.chair && String(chairId ?? '') === String(now.chairId ?? ''));
  const presides = same ? null : await checkChair(ctx, { ...(chair === undefined ? {} : { chair }), chairId: chairId ?? null });
  const added = await checkInvited(ctx, [...add, ...(presides?.chairId ? [String(presides.chairId)] : [])]);
  const off = [...new Set(remove.map((id) => id.toLowerCase()))];
  if (added.some((id) => off.includes(String(id)))) throw new DomainError('input-invalid', { path: 'remove', expected: 'một người không vừa được thêm, vừa bị bỏ; người chủ trì phải trong thành phần' });
  const people = await ctx.db.Person.find({ _id: { $in: [...attendees.map((a) => a.personId), ...added] } }, { agencyCode: 1 }).lean<Pick<Person, '_id' | 'agencyCode'>[]>();
  const fileIds = (await filesOf(ctx, 'meeting', [code])).map(({ _id }) => String(_id));
  return { add: added, remove: off, presides, reason: cleanText(reason, 'reason'), fileIds, agencyOf: new Map(people.map(({ _id, agencyCode }) => [String(_id), agencyCode])), calendar: await loadCalendar(ctx) };
}

const isListed = ({ attendees }: Pick<Meeting, 'attendees'>, id: string): boolean => attendees.some(({ personId }) => String(personId) === id);

/** The list as it is to be. Throws attendee-unknown for somebody to be taken off who is not on it, input-invalid for no change at all. */
function listAfter(ctx: Ctx, meeting: Meeting, { add, remove, presides }: Asked): ListChange {
  const removed = remove.map((id) => mustBeInvited(meeting, id));
  const added = add.filter((id) => !isListed(meeting, String(id)));
  const before = { chair: meeting.chair, chairId: meeting.chairId ?? null };
  const after = presides ?? before;
  if (removed.some(({ personId }) => String(personId) === String(after.chairId))) throw new DomainError('input-invalid', { path: 'remove', expected: 'đồng chí chủ trì phải trong thành phần; đề nghị chọn người chủ trì khác trước' });
  const other = String(before.chairId) !== String(after.chairId);
  if (removed.length + added.length === 0 && !other && before.chair === after.chair) throw new DomainError('input-invalid', { path: 'add', expected: 'chưa có thay đổi nào' });
  const told = other ? [String(before.chairId), String(after.chairId)] : [];
  const kept = meeting.attendees.filter((one) => !removed.includes(one));
  const attendees = [...kept.map((one) => (told.includes(String(one.personId)) ? { ...newcomer(ctx, meeting, one.personId), ...(String(one.personId) === String(before.chairId) ? { wasChair: true } : {}) } : one)), ...added.map((id) => newcomer(ctx, meeting, id))];
  if (attendees.length === 0 || attendees.length > MOST) throw new DomainError('input-invalid', { path: attendees.length === 0 ? 'remove' : 'add', expected: attendees.length === 0 ? 'cần ít nhất một người dự' : `tối đa ${MOST} người dự` });
  return { meeting, attendees, added: added.map(String), removed, chair: after };
}

/** Whoever is invited now begins at the first step. */
const newcomer = (ctx: Ctx, { rev }: Meeting, personId: Types.ObjectId): Attendee => ({
  personId, invitedRev: rev + 1, step: 0, nextStepAt: ctx.clock.now(), toldVersion: 0, acknowledgedAt: null, answer: null, answerNote: '', answeredAt: null, via: null, recordedBy: null, from: null, unclear: null, deputyCalled: null,
});

function changed(ctx: Ctx, actor: Actor, list: ListChange, { reason, fileIds, agencyOf, calendar }: Asked): MeetingChange {
  const { meeting, attendees, added, removed, chair } = list;
  const off = removed.map(({ personId }) => String(personId));
  const event: MeetingEvent = {
    at: ctx.clock.now(), action: 'people', by: byOf(actor), cause: ctx.cause, version: meeting.version, added, removed: off,
    ...(chair.chair === meeting.chair ? {} : { fromChair: meeting.chair, toChair: chair.chair }), ...(reason ? { reason } : {}),
  };
  // Agencies that lose their last one: the letter planned now is the last, and an invitation would be a first one again.
  const stay = new Set(attendees.map(({ personId }) => agencyOf.get(String(personId))));
  const left = new Set(off.flatMap((id) => agencyOf.get(id) ?? []).filter((code) => !stay.has(code)));
  const intents = listIntents(list, { reason, fileIds, agencyOf, calendar, now: ctx.clock.now() });
  const freed = removed.flatMap(({ deputyCalled }) => (deputyCalled && !attendees.some((one) => one.deputyCalled?.equals(deputyCalled)) ? [String(deputyCalled)] : []));
  return {
    set: {
      attendees, ...chair,
      agenciesTold: (meeting.agenciesTold ?? []).filter((code) => !left.has(code)),
      agenciesToldNow: (meeting.agenciesToldNow ?? []).filter((code) => !left.has(code)),
      deputiesTold: meeting.deputiesTold.filter((id) => !freed.includes(String(id))),
      stopping: [...new Set([...(meeting.stopping ?? []), ...off])].filter((id) => !added.includes(id)),
    },
    push: { history: event, ...(intents.length > 0 ? { intents: { $each: intents } } : {}) },
  };
}

async function record(ctx: Ctx, actor: Actor, meeting: Meeting, event: MeetingEvent | undefined): Promise<void> {
  if (!event) return;
  const { added = [], removed = [], fromChair, toChair, reason } = event;
  const people = await ctx.db.Person.find({ _id: { $in: [...added, ...removed] } }, { name: 1 }).lean<Pick<Person, '_id' | 'name'>[]>();
  const names = (ids: readonly string[]): string => ids.flatMap((id) => people.filter(({ _id }) => String(_id) === id).map(({ name }) => name)).join(', ');
  await recordAudit(ctx, actor, {
    action: 'meeting.change-attendees', entity: 'meeting', entityKey: meeting.code,
    before: toChair === undefined ? null : { chair: fromChair },
    after: { ...(added.length > 0 ? { added: names(added) } : {}), ...(removed.length > 0 ? { removed: names(removed) } : {}), ...(toChair === undefined ? {} : { chair: toChair }), ...(reason ? { reason } : {}) },
  });
}
