import type { Ctx } from '../../context.js';
import type { Person } from '../../people/person.model.js';
import { personById } from '../../people/receivers.js';

/** Tells somebody of their own leave: it is theirs also while they are away. */
export const LEAVE_NOTED = 'leave-noted';

/** Deputies of deputies are asked so far. */
const LONGEST_CHAIN = 3;

/** Why somebody else gets what was meant for a person. */
export type AwayReason = 'on-leave' | 'replaced';

/**
 * Who gets a person's messages now. "themselves": nobody acts for them, or they are here. "nobody": no account of theirs is
 * open and nobody acts for them. `trouble`: deputies point in a circle or too far; the office has to mend that.
 */
export type Acting =
  | { who: 'themselves'; trouble?: 'deputy-loop' }
  | { who: 'deputy'; deputy: Person; reason: AwayReason }
  | { who: 'nobody'; trouble: 'no-deputy' | 'deputy-loop' };

/** On leave at this moment; `until` itself is a day of work again. */
export const onLeave = (person: Pick<Person, 'leave'>, now: Date): boolean =>
  Boolean(person.leave && new Date(person.leave.from) <= now && now < new Date(person.leave.until));

/** True where the acting person has to be asked for. */
export const isAway = (person: Pick<Person, 'leave' | 'active' | 'deputyId'>, now: Date): boolean =>
  !person.active || (onLeave(person, now) && Boolean(person.deputyId));

/** Follows the deputies, at most three, to the first one who is here. */
export async function actingFor(ctx: Ctx, person: Person): Promise<Acting> {
  const now = ctx.clock.now();
  if (!isAway(person, now)) return { who: 'themselves' };
  const reason: AwayReason = person.active ? 'on-leave' : 'replaced';
  const seen = new Set([String(person._id)]);
  let current = person;
  for (let step = 0; step < LONGEST_CHAIN && current.deputyId; step++) {
    const deputy = await personById(ctx, current.deputyId);
    if (!deputy) break;
    if (seen.has(String(deputy._id))) return nobody(person, 'deputy-loop');
    if (deputy.active && !onLeave(deputy, now)) return { who: 'deputy', deputy, reason };
    // On leave and nobody acts for them in turn: still somebody, and the person meant is away as well.
    if (deputy.active && !deputy.deputyId) return { who: 'deputy', deputy, reason };
    seen.add(String(deputy._id));
    current = deputy;
  }
  return nobody(person, current.deputyId && seen.size > LONGEST_CHAIN ? 'deputy-loop' : 'no-deputy');
}

/** Somebody on leave still reads messages; a closed account does not. */
function nobody(person: Person, trouble: 'no-deputy' | 'deputy-loop'): Acting {
  if (!person.active) return { who: 'nobody', trouble };
  return trouble === 'deputy-loop' ? { who: 'themselves', trouble } : { who: 'themselves' };
}
