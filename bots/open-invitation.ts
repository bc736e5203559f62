import type { Ctx } from '../src/context.js';
import type { Delivery } from '../src/delivery/delivery.model.js';
import type { Meeting } from '../src/meetings/meeting.model.js';
import type { Person } from '../src/people/person.model.js';
import { readAttendance } from './commands/read-attendance.js';
import { foldInPlace, tidy } from './commands/tidy.js';

/** Nothing but an answer to an invitation; "dự kiến xong tuần sau" is none. */
const PLAIN = /^(?:(?:da|vang|ok),? )?(?:toi |em |minh )?(?:(?:xin|se|dong y|nhat tri|xac nhan) )*(?:tham du|tham gia|du hop|du|co mat|da nhan|nhan duoc|da ro|da biet)(?: duoc)?(?: hop| cuoc hop| lich hop| giay moi| lich)?(?: a| nhe)?[.! ]*$/;
const LONGEST_ABSENCE = 80;

/** The button's label itself. */
export const isReceivedLabel = (words: string): boolean => /^đã nhận[.!]?$/u.test(tidy(words).toLocaleLowerCase('vi'));

/** Words that stand alone and can only be an answer to an invitation. */
function answersInvitation(words: string): 'received' | 'attendance' | null {
  const text = tidy(words);
  const read = readAttendance(text);
  if (!read || text.includes('\n')) return null;
  if (read.answer === 'absent') return text.length <= LONGEST_ABSENCE ? 'attendance' : null;
  if (!PLAIN.test(foldInPlace(text))) return null;
  return read.answer === 'received' ? 'received' : 'attendance';
}

/**
 * The invitation such words without a reply are about: the only one ahead that is not confirmed. "Đã nhận" could be said of
 * a task as well, so the invitation must have been asked after every task message not confirmed yet. `tap`: it is the
 * button's label, and may be taken for the tap.
 */
export async function invitationMeant(ctx: Ctx, person: Person, words: string): Promise<{ meeting: Meeting; tap: boolean } | null> {
  const said = answersInvitation(words);
  if (!said) return null;
  const own = { $elemMatch: { personId: person._id, acknowledgedAt: null } };
  const open = await ctx.db.Meeting.find({ startsAt: { $gt: ctx.clock.now() }, status: { $ne: 'cancelled' }, attendees: own }).limit(2).lean<Meeting[]>();
  const [meeting] = open;
  if (!meeting || open.length > 1) return null;
  if (said === 'attendance') return { meeting, tap: false };
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
