import type { Ctx } from '../src/context.js';
import type { Delivery } from '../src/delivery/delivery.model.js';
import type { Meeting } from '../src/meetings/meeting.model.js';
import type { Person } from '../src/people/person.model.js';
import { readAttendance } from './commands/read-attendance.js';
import { foldInPlace, tidy } from './commands/tidy.js';

/** Nothing but that the invitation came; "đã nhận hồ sơ của 3 xã" is none. */
const PLAIN = /^(?:(?:da|vang|ok),? )?(?:toi |em |minh )?(?:(?:xin|xac nhan) )*(?:da nhan|nhan duoc|da ro|da biet)(?: duoc)?(?: hop| cuoc hop| lich hop| giay moi| lich)?(?: a| nhe)?[.! ]*$/;

/** The button's label itself. */
export const isReceivedLabel = (words: string): boolean => /^đã nhận[.!]?$/u.test(tidy(words).toLocaleLowerCase('vi'));

/** Words that stand alone and say that something was received. */
function saysReceived(words: string): boolean {
  const text = tidy(words);
  return readAttendance(text)?.answer === 'received' && PLAIN.test(foldInPlace(text));
}

/**
 * The invitation "đã nhận" without a reply is about: the only one ahead that is not confirmed. It could be said of a task as
 * well, so the invitation must have been asked after every task message not confirmed yet. `tap`: it is the button's label,
 * and may be taken for the tap.
 */
export async function invitationMeant(ctx: Ctx, person: Person, words: string): Promise<{ meeting: Meeting; tap: boolean } | null> {
  if (!saysReceived(words)) return null;
  const own = { $elemMatch: { personId: person._id, acknowledgedAt: null } };
  const open = await ctx.db.Meeting.find({ startsAt: { $gt: ctx.clock.now() }, status: { $ne: 'cancelled' }, attendees: own }).limit(2).lean<Meeting[]>();
  const [meeting] = open;
  if (!meeting || open.length > 1) return null;
  return (await askedLast(ctx, person, meeting)) ? { meeting, tap: isReceivedLabel(words) } : null;
}

async function askedLast(ctx: Ctx, { _id: personId }: Person, { code, version }: Meeting): Promise<boolean> {
  const invited = await lastTold(ctx, { personId, meetingCode: code, kind: { $in: ['meeting-alert', 'meeting-postponed'] }, 'data.version': version });
  if (!invited) return false;
  const task = await lastTold(ctx, { personId, taskCode: { $ne: null }, kind: /^task-/, acknowledgedAt: null });
  return !task || invited > task;
}

/** When the last such message reached a provider. */
async function lastTold(ctx: Ctx, filter: Record<string, unknown>): Promise<Date | null> {
  const told = await ctx.db.Delivery.findOne({ ...filter, acceptedAt: { $ne: null } } as never, { acceptedAt: 1 }).sort({ acceptedAt: -1 }).lean<Pick<Delivery, 'acceptedAt'>>();
  return told?.acceptedAt ?? null;
}
