import type { Person } from '../../people/person.model.js';
import { isAway } from '../acting/acting-person.js';
import { alsoTold, handOver } from '../acting/hand-over.js';
import { toldInstead } from '../acting/told-instead.js';
import { receiverOf, toMailboxes } from '../agency-copy.js';
import { isStale, stale } from '../digest/stale.js';
import type { DrainRun } from './drain-run.js';
import type { Held } from './settle.js';

/** Does not leave from here: it went to somebody else, or leaves together with others. */
export type Aside = { end: { state: 'suppressed'; reason: string } } | { gather: true };

/**
 * Of rows that would leave now: those whose person is away, handed to whoever acts for them, and those that a standstill held
 * up together with others of the same person. On ordinary days it asks the database nothing.
 */
export async function setAside(run: DrainRun, rows: readonly Held[], people: ReadonlyMap<string, Person>): Promise<Map<string, Aside>> {
  const aside = new Map<string, Aside>();
  const { ctx } = run;
  const now = ctx.clock.now();
  const instead = await toldInstead(ctx, rows.filter(({ chat }) => !chat));
  for (const held of rows) {
    const person = people.get(String(held.personId)) ?? null;
    if (!held.personId || held.chat) continue;
    if (person && !isAway(person, now)) {
      await alsoTold(ctx, held, { instead });
      continue;
    }
    const reason = await handOver(ctx, held, person, { rows, instead });
    if (reason) aside.set(String(held._id), { end: { state: 'suppressed', reason } });
  }
  for (const held of await heldUpTogether(run, rows)) if (!aside.has(String(held._id))) aside.set(String(held._id), { gather: true });
  return aside;
}

async function heldUpTogether({ ctx, policy }: DrainRun, rows: readonly Held[]): Promise<Held[]> {
  const now = ctx.clock.now();
  const late = rows.filter((held) => isStale(held, now, policy));
  if (late.length === 0) return [];
  const waiting = stale(now, policy);
  const people = late.flatMap(({ chat, personId }) => (chat ? [] : [personId]));
  const agencies = late.flatMap(({ chat, data }) => (chat ? [data['agencyCode']] : []));
  // Only who they are: of one receiver thousands may have been held up.
  const [others, boxes] = await Promise.all([
    people.length > 0 ? ctx.db.Delivery.distinct('personId', { ...waiting, chat: null, personId: { $in: people } }) : [],
    agencies.length > 0 ? ctx.db.Delivery.distinct('data.agencyCode', { ...toMailboxes, ...waiting, 'data.agencyCode': { $in: agencies } }) : [],
  ]);
  const count = new Map<string | null, number>();
  for (const who of [...late.map(receiverOf), ...others.map(String), ...boxes.map((code) => `agency:${String(code)}`)]) count.set(who, (count.get(who) ?? 0) + 1);
  return late.filter((held) => (count.get(receiverOf(held)) ?? 0) > 1);
}
