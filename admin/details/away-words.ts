import type { Ctx } from '../../src/context.js';
import { actingFor, onLeave } from '../../src/delivery/acting/acting-person.js';
import type { Person } from '../../src/people/person.model.js';
import { personById } from '../../src/people/receivers.js';
import { spanText } from '../../src/texts/leave-texts.js';

/** "Nghỉ từ 23/11/2026 đến hết 27/11/2026, đồng chí … nhận thay", by person: who of them is away now or at that moment. */
export async function awayWords(ctx: Ctx, ids: readonly string[], at: Date): Promise<ReadonlyMap<string, string>> {
  const now = ctx.clock.now();
  const people = await ctx.db.Person.find({ _id: { $in: ids }, active: true, leave: { $ne: null } }).lean<Person[]>();
  const words = new Map<string, string>();
  for (const person of people.filter((one) => onLeave(one, now) || onLeave(one, at))) {
    if (!person.leave) continue;
    const span = spanText({ from: new Date(person.leave.from), until: new Date(person.leave.until) });
    const deputy = await deputyOf(ctx, person, now);
    words.set(String(person._id), `N${span.slice(1)}, ${deputy ? `đồng chí ${deputy.name} nhận thay` : 'chưa có người nhận thay'}`);
  }
  return words;
}

/** Of a leave that is still to come, whoever is named today. */
async function deputyOf(ctx: Ctx, person: Person, now: Date): Promise<Person | null> {
  if (!onLeave(person, now)) return person.deputyId ? personById(ctx, person.deputyId) : null;
  const acting = await actingFor(ctx, person);
  return acting.who === 'deputy' ? acting.deputy : null;
}
