import type { Ctx } from '../context.js';
import { DomainError } from '../kernel/errors.js';
import type { Meeting } from './meeting.model.js';

/** A change decided on a revision of a meeting: a MongoDB update without `rev` and `causes`, which are added here. */
export interface MeetingChange {
  set: Record<string, unknown>;
  push?: Record<string, unknown>;
}

const TRIES = 20;
/** Causes kept per meeting; older ones cannot come again, the inbox and the API forget earlier. */
const CAUSES_KEPT = 500;

/** The meeting of a code. Throws meeting-unknown. */
export async function findMeeting(ctx: Ctx, code: string): Promise<Meeting> {
  const meeting = await ctx.db.Meeting.findOne({ code }).lean<Meeting>();
  if (!meeting) throw new DomainError('meeting-unknown', { code });
  return meeting;
}

/**
 * Compare and set: `decide` looks at the meeting as it is, and its change is written only onto that revision; another
 * writer in between makes it look again. Null changes nothing. A cause already applied changes nothing.
 */
export async function changeMeeting(ctx: Ctx, code: string, decide: (meeting: Meeting) => MeetingChange | null): Promise<Meeting> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const meeting = await findMeeting(ctx, code);
    const change = meeting.causes.includes(ctx.cause) ? null : decide(meeting);
    if (!change) return meeting;
    const written = await ctx.db.Meeting.findOneAndUpdate(
      { _id: meeting._id, rev: meeting.rev },
      { $set: { ...change.set, unshown: true }, $inc: { rev: 1 }, $push: { causes: { $each: [ctx.cause], $slice: -CAUSES_KEPT }, ...change.push } },
      { returnDocument: 'after' },
    ).lean<Meeting>();
    if (written) return written;
  }
  throw new DomainError('changed-meanwhile');
}

/** How often the Office has changed the meeting: 1 when it was called, and one more with each change of time, place, people or chair. */
export const editionOf = ({ history }: Pick<Meeting, 'history'>): number => history.filter(({ action }) => !action.startsWith('answered')).length;

/** The edition that brought the time and place of today: who answers an earlier one does not know them. */
export function editionOfVersion({ history, version }: Pick<Meeting, 'history' | 'version'>): number {
  const since = history.findIndex((event) => event.version === version);
  return editionOf({ history: history.slice(0, since + 1) });
}

/** What was decided on an earlier edition is refused: somebody of the Office was quicker. Undefined asks for nothing. Throws changed-meanwhile. */
export function mustBeEdition(meeting: Meeting, seen: number | undefined): void {
  if (seen !== undefined && seen !== editionOf(meeting)) throw new DomainError('changed-meanwhile');
}

/** Throws meeting-over for what is cancelled or has begun. */
export function mustLieAhead(ctx: Ctx, meeting: Meeting): void {
  if (meeting.status === 'cancelled' || meeting.startsAt <= ctx.clock.now()) throw new DomainError('meeting-over', { code: meeting.code });
}
