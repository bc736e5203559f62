import type { Ctx } from '../context.js';
import { actingFor, isAway } from '../delivery/acting/acting-person.js';
import { byOf, type Actor, type By } from '../people/actor.js';
import type { Person } from '../people/person.model.js';
import type { Absent } from '../people/policy.js';
import { answersFor, withOfficerNow, type Told } from '../people/receivers.js';
import { inPlaceOf } from '../texts/common-texts.js';

/** Deputies of deputies act as far as acting-person.ts follows them. */
const LONGEST_CHAIN = 3;

/**
 * For whom this actor acts at this moment: people on leave or gone whose messages come to them now, by the same rule that
 * sends them (acting-person.ts). None for logins and programs; none any more once the person is back.
 */
export async function actsFor(ctx: Ctx, actor: Actor): Promise<Absent[]> {
  if (actor.kind !== 'person') return [];
  const acting = await Promise.all((await behind(ctx, actor.personId)).map(async (person) => ({ person, now: await actingFor(ctx, person) })));
  return acting.flatMap(({ person, now }) => (now.who === 'deputy' && String(now.deputy._id) === actor.personId ? [person] : []));
}

/** People away whose chain of deputies leads to this one. */
async function behind(ctx: Ctx, personId: string): Promise<Person[]> {
  const now = ctx.clock.now();
  const found = new Map<string, Person>();
  let deputies = [personId];
  for (let step = 0; step < LONGEST_CHAIN && deputies.length > 0; step++) {
    const next = await ctx.db.Person.find({ deputyId: { $in: deputies }, $or: [{ active: false }, { leave: { $ne: null } }] } as never).lean<Person[]>();
    const fresh = next.filter((person) => isAway(person, now) && String(person._id) !== personId && !found.has(String(person._id)));
    for (const person of fresh) found.set(String(person._id), person);
    deputies = fresh.map(({ _id }) => String(_id));
  }
  return [...found.values()];
}

/** Whose place the actor takes on this task (with who answers for it now); null where it is told to them in their own right, or to none of these. */
export function absentOn(actor: Actor, task: Told, absent: readonly Absent[]): Absent | null {
  if (actor.kind !== 'person' || answersFor(task, { _id: actor.personId, agencyCode: actor.agencyCode, roles: actor.roles })) return null;
  return absent.find((one) => one.agencyCode === task.leadAgencyCode && answersFor(task, one)) ?? null;
}

/** What the log shows as "by": "Lan (nhận thay đồng chí Dật)" where somebody else's place was taken. */
export async function byOn(ctx: Ctx, actor: Actor, task: Told): Promise<By> {
  const [told = task] = await withOfficerNow(ctx, [task]);
  const absent = absentOn(actor, told, await actsFor(ctx, actor));
  const by = byOf(actor);
  return absent ? { ...by, name: `${by.name} (${inPlaceOf(absent)})` } : by;
}
