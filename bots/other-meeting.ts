import type { Ctx } from '../src/context.js';
import { yearOf } from '../src/kernel/local-date.js';
import { numbered } from '../src/kernel/ids.js';
import type { Actor } from '../src/people/actor.js';
import { meetingsNamed } from './commands/named-meeting.js';
import { tidy } from './commands/tidy.js';

/** A meeting ahead that the writer is invited to and that such words name beside the one they answer; without a year this year's. */
export async function otherMeetingNamed(ctx: Ctx, actor: Actor, { text, code }: { text: string; code: string }): Promise<string | undefined> {
  if (actor.kind !== 'person') return undefined;
  const codes = meetingsNamed(tidy(text).slice(0, 2_000)).map(({ number, year }) => numbered('HOP', year ?? yearOf(ctx.clock.now()), number));
  const others = [...new Set(codes)].filter((one) => one !== code).slice(0, 10);
  if (others.length === 0) return undefined;
  const found = await ctx.db.Meeting.findOne({ code: { $in: others }, status: { $ne: 'cancelled' }, startsAt: { $gt: ctx.clock.now() }, 'attendees.personId': actor.personId as never }, { code: 1 }).sort({ startsAt: 1 }).lean();
  return found?.code;
}
