import type { Ctx } from '../../src/context.js';
import { actingFor, isAway, LEAVE_NOTED } from '../../src/delivery/acting/acting-person.js';
import type { Person } from '../../src/people/person.model.js';
import { inPlaceOf } from '../../src/texts/common-texts.js';

interface Meant {
  personId: { toString(): string } | null;
  kind: string;
}

interface Receiver {
  person: string;
  personNote: string;
}

/** Who would get these messages in their receivers' place if they left now; undefined: the receiver themselves, or nobody stands in. */
export async function actingNow(ctx: Ctx, rows: readonly Meant[]): Promise<(row: Meant) => Receiver | undefined> {
  const ids = [...new Set(rows.flatMap(({ personId }) => (personId ? [String(personId)] : [])))];
  const people = ids.length > 0 ? await ctx.db.Person.find({ _id: { $in: ids } }).lean<Person[]>() : [];
  const acting = new Map<string, Receiver>();
  for (const person of people.filter((one) => isAway(one, ctx.clock.now()))) {
    const instead = await actingFor(ctx, person);
    if (instead.who === 'deputy') acting.set(String(person._id), { person: instead.deputy.name, personNote: inPlaceOf(person) });
  }
  // Word of their own leave is theirs also while they are away.
  return ({ personId, kind }) => (kind === LEAVE_NOTED ? undefined : acting.get(String(personId)));
}
