import type { Ctx } from '../src/context.js';
import { readHold } from '../src/delivery/hold/hold.js';
import type { Actor } from '../src/people/actor.js';
import { can } from '../src/people/policy.js';
import { formatInstant } from '../src/kernel/local-date.js';
import { alarmWords } from '../src/texts/alarm-texts.js';

/** True where a message written now would wait because sending is held; urgent ones may be let through. */
export async function isHeld(ctx: Ctx, urgent = false): Promise<boolean> {
  const hold = await readHold(ctx);
  return hold !== null && !(hold.urgentPasses && urgent);
}

/** What is said after a deed that somebody is to hear of: `sent` as a rule; `noted` (no full stop) while sending is held. */
export const orHeld = async (ctx: Ctx, { sent, noted, urgent = false }: { sent: string; noted: string; urgent?: boolean }): Promise<string> =>
  (await isHeld(ctx, urgent)) ? `${noted}; tin chờ vì đang tạm dừng gửi.` : sent;

/** The hold as a line over every page; null where nothing is held, or where it is not this account's business. */
export async function holdBanner(ctx: Ctx, actor: Actor): Promise<{ words: string; since: string; urgentPasses: boolean; mayOpen: boolean } | null> {
  const mayOpen = can(actor, 'hold.read');
  if (!mayOpen && !can(actor, 'delivery.read')) return null;
  const hold = await readHold(ctx);
  return hold && { words: alarmWords.hold(hold.cause, hold.by), since: formatInstant(hold.since), urgentPasses: hold.urgentPasses, mayOpen };
}
