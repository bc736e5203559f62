import type { Ctx } from '../../src/context.js';
import { formatWeekday, isLocalDate, localDateOf } from '../../src/kernel/local-date.js';
import { dayOffNote } from '../../src/meetings/day-off.js';
import type { Actor } from '../../src/people/actor.js';
import { mustBeAllowed } from '../../src/people/policy.js';

/** A meeting's day in words, as the office sees it while typing: that it is a day off, or over. Throws forbidden. */
export async function meetingDayWords(ctx: Ctx, actor: Actor, { on = '' }: { on?: string }): Promise<{ words: string }> {
  mustBeAllowed(actor, 'meeting.write');
  if (!isLocalDate(on)) return { words: '' };
  const note = await dayOffNote(ctx, on);
  return { words: `${formatWeekday(on)}${note === null ? '' : ` là ngày nghỉ (${note})`}.${on < localDateOf(ctx.clock.now()) ? ' Ngày này đã qua.' : ''}` };
}
