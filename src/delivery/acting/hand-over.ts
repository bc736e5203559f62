import type { Ctx } from '../../context.js';
import type { Person } from '../../people/person.model.js';
import type { Delivery } from '../delivery.model.js';
import { DIGEST } from '../digest/digest-keys.js';
import { enqueue } from '../enqueue.js';
import { keys } from '../keys.js';
import { tellPersonGone } from '../notices/tell-office.js';
import { actingFor, isAway, type AwayReason } from './acting-person.js';

/** Reasons of deliveries that went to somebody else. */
const handedOver: readonly (string | null)[] = ['on-leave', 'replaced'];

/**
 * Just before sending: where somebody acts for the person, the message is planned for them and this one ends with the reason
 * returned. Planned first, so that a crash in between plans the same key again. Null: it goes to the person.
 */
export async function handOver(ctx: Ctx, held: Delivery, person: Person | null): Promise<AwayReason | 'person-inactive' | null> {
  if (!held.personId || held.chat) return null;
  if (!person) return 'person-inactive';
  if (!isAway(person, ctx.clock.now())) return null;
  // Its members find their own ways; see digest-members.ts.
  if (held.kind === DIGEST) return person.active ? 'on-leave' : 'person-inactive';
  const acting = await actingFor(ctx, person);
  if (acting.who === 'deputy') {
    const deputyId = String(acting.deputy._id);
    await planFor(ctx, held, deputyId);
    await alsoTold(ctx, held, deputyId);
    return acting.reason;
  }
  if (acting.trouble) await tellPersonGone(ctx, held, acting.trouble);
  return acting.who === 'nobody' ? 'person-inactive' : null;
}

/** What corrects an invitation. */
const corrections: readonly string[] = ['meeting-postponed', 'meeting-cancelled'];

/**
 * A correction also goes to whoever was invited on the person's behalf, though somebody else acts for them now or they are
 * back: else a deputy would come to a meeting that is off. `except` gets it anyway.
 */
export async function alsoTold(ctx: Ctx, held: Delivery, except: string | null = null): Promise<void> {
  if (!corrections.includes(held.kind) || !held.meetingCode || !held.personId || held.behalfOf || held.attempts.length > 0) return;
  const invited = await ctx.db.Delivery.find({ meetingCode: held.meetingCode, behalfOf: held.personId, kind: { $in: ['meeting-alert', 'meeting-postponed'] } }, { personId: 1 }).lean<Pick<Delivery, 'personId'>[]>();
  for (const id of new Set(invited.map(({ personId }) => String(personId)))) if (id !== except) await planFor(ctx, held, id);
}

/**
 * The copy for the acting person. It takes the key that their own copy of the same matter has: whoever is told twice, for
 * themselves and for somebody else, or for two people, gets one.
 */
async function planFor(ctx: Ctx, held: Delivery, deputyId: string): Promise<void> {
  const own = keyFor(held, deputyId);
  const there = await ctx.db.Delivery.findOne({ key: own }, { state: 1, reason: 1 }).lean<Pick<Delivery, 'state' | 'reason'>>();
  // Their own copy went to somebody else while they were away themselves.
  const passedOn = there !== null && there.state === 'suppressed' && handedOver.includes(there.reason);
  const { kind, lane, data, taskCode, meetingCode, asked, expiresAt, personId, behalfOf } = held;
  await enqueue(ctx, {
    key: passedOn ? keys.acting(held.key, deputyId) : own,
    kind, lane, data, personId: deputyId, behalfOf: String(behalfOf ?? personId),
    ...(taskCode ? { taskCode } : {}), ...(meetingCode ? { meetingCode } : {}), ...(asked ? { asked } : {}), ...(expiresAt ? { expiresAt } : {}),
  });
}

/** "<intent>:<person>" -> "<intent>:<deputy>"; keys of another form get "@<deputy>". */
function keyFor(held: Delivery, deputyId: string): string {
  const end = `:${String(held.personId)}`;
  return held.key.endsWith(end) && !held.behalfOf ? keys.forPerson(held.key.slice(0, -end.length), deputyId) : keys.acting(held.key, deputyId);
}
