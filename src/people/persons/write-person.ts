import type { Ctx } from '../../context.js';
import { DomainError } from '../../kernel/errors.js';
import type { Person } from '../person.model.js';
import { personById } from '../receivers.js';

const TRIES = 6;
/** Causes kept per person; older ones cannot come again. */
const CAUSES_KEPT = 50;

/** New values by field; undefined takes the field away. */
export type PersonPatch = Partial<Record<keyof Person, unknown>>;

/**
 * One change of one person in one atomic write, onto the revision it was decided on; a repeated (use case, cause) changes
 * nothing and has no `before`. `decide` may throw and then nothing is written. Throws person-unknown, changed-meanwhile.
 */
export async function writePerson(ctx: Ctx, useCase: string, id: string, decide: (person: Person) => Promise<PersonPatch>): Promise<{ person: Person; before?: Person }> {
  const mark = `${useCase}:${ctx.cause}`;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const before = await personById(ctx, id);
    if (!before) throw new DomainError('person-unknown', { id });
    if (before.causes?.includes(mark)) return { person: before };
    const patch = await decide(before);
    const person = await ctx.db.Person.findOneAndUpdate(
      { _id: before._id, rev: before.rev ?? null, causes: { $ne: mark } },
      { ...setOf(patch, (before.rev ?? 0) + 1), $push: { causes: { $each: [mark], $slice: -CAUSES_KEPT } } },
      { returnDocument: 'after' },
    ).lean<Person>();
    if (person) return { person, before };
  }
  throw new DomainError('changed-meanwhile', { id });
}

function setOf(patch: PersonPatch, rev: number): Record<string, Record<string, unknown>> {
  const entries = Object.entries(patch);
  const gone = entries.filter(([, value]) => value === undefined).map(([name]) => [name, '']);
  return { $set: { ...Object.fromEntries(entries.filter(([, value]) => value !== undefined)), rev }, ...(gone.length > 0 ? { $unset: Object.fromEntries(gone) } : {}) };
}
