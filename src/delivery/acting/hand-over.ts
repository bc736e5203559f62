import type { Ctx } from '../../context.js';
import type { Person } from '../../people/person.model.js';
import type { Delivery } from '../delivery.model.js';
import { mayHaveArrived } from '../delivery-states.js';
import { DIGEST, GATHER } from '../digest/digest-keys.js';
import { enqueue } from '../enqueue.js';
import { keys } from '../keys.js';
import { tellPersonGone } from '../notices/tell-office.js';
import { actingFor, isAway, LEAVE_NOTED, type AwayReason } from './acting-person.js';
import { concernsOthers, corrections, toldInstead, type ToldInstead } from './told-instead.js';

/** Confirmed place by place: who has two of them, or acts for two people, is asked about each. */
const byPlace: readonly string[] = ['meeting-alert', 'meeting-postponed', 'meeting-chair', 'meeting-cancelled', 'meeting-withdrawn'];

/** Messages about one meeting to, or for, one person; there are a few. */
const OF_ONE_MEETING = 500;

/** What a worker knows besides the row: `rows` it holds and has not put into words yet, and who was told in others' places. */
export interface Beside {
  rows?: readonly Delivery[];
  instead?: ToldInstead;
}

/** How often a copy to be shared is looked at again after others changed it. */
const TRIES = 5;

/**
 * Just before sending: where somebody acts for the person, the message is planned for them and this one ends with the reason
 * returned. Planned first, so that a crash in between plans the same key again. Null: it goes to the person.
 */
export async function handOver(ctx: Ctx, held: Delivery, person: Person | null, { rows: together = [], instead }: Beside = {}): Promise<AwayReason | 'person-inactive' | null> {
  if (!held.personId || held.chat || held.kind === LEAVE_NOTED) return null;
  if (!person) return 'person-inactive';
  if (!isAway(person, ctx.clock.now())) return null;
  // Its members find their own ways; see digest-members.ts.
  if (held.kind === DIGEST) return person.active ? 'on-leave' : 'person-inactive';
  const acting = await actingFor(ctx, person);
  if (acting.who === 'deputy') {
    const deputyId = String(acting.deputy._id);
    // Whoever was invited themselves has the old time in their head, on leave or not: the correction is theirs too.
    const themselves = person.active && (await invitedThemselves(ctx, held));
    const deputyToo = !themselves || !endings.includes(held.kind);
    if (deputyToo) await planFor(ctx, held, deputyId, together);
    await alsoTold(ctx, held, { instead: instead ?? (await toldInstead(ctx, [held])), except: deputyToo ? deputyId : null });
    return themselves ? null : acting.reason;
  }
  if (acting.trouble) await tellPersonGone(ctx, held, acting.trouble);
  return acting.who === 'nobody' ? 'person-inactive' : null;
}

/** Of corrections, what leaves nothing to do for whoever acts for the person now. */
const endings: readonly string[] = ['meeting-cancelled', 'meeting-withdrawn'];

async function invitedThemselves(ctx: Ctx, { kind, meetingCode, personId, behalfOf }: Delivery): Promise<boolean> {
  if (!corrections.includes(kind) || !meetingCode || behalfOf) return false;
  const told = await ctx.db.Delivery.find({ meetingCode, personId, behalfOf: null, kind: { $in: ['meeting-alert', 'meeting-postponed'] } }, { state: 1, attempts: 1 }).limit(OF_ONE_MEETING).lean<Pick<Delivery, 'state' | 'attempts'>[]>();
  return told.some(mayHaveArrived);
}

/**
 * A correction also goes to whoever was invited on the person's behalf, though somebody else acts for them now or they are
 * back: else a deputy would come to a meeting that is off. `except` gets it anyway.
 */
export async function alsoTold(ctx: Ctx, held: Delivery, { instead, except = null }: { instead: ToldInstead; except?: string | null }): Promise<void> {
  if (!concernsOthers(held)) return;
  for (const id of instead(held)) if (id !== except) await planFor(ctx, held, id);
}

/**
 * The copy for the acting person. Where they are told of the same matter anyway, for themselves or for another, that copy
 * serves as long as it can still say so; one that has ended, or may be on its way, says nothing for this person.
 */
async function planFor(ctx: Ctx, held: Delivery, deputyId: string, together: readonly Delivery[] = []): Promise<void> {
  const { kind, lane, data, taskCode, meetingCode, asked, expiresAt } = held;
  const whom = String(held.behalfOf ?? held.personId);
  const others = alsoFor(held);
  const copy = (key: string): Promise<void> =>
    enqueue(ctx, {
      key, kind, lane, personId: deputyId,
      data: others.length > 0 ? { ...data, alsoFor: others.join(',') } : data,
      // What comes back to the person themselves is theirs again.
      ...(whom === deputyId ? {} : { behalfOf: whom }),
      ...(taskCode ? { taskCode } : {}), ...(meetingCode ? { meetingCode } : {}), ...(asked ? { asked } : {}), ...(expiresAt ? { expiresAt } : {}),
    });
  const own = byPlace.includes(kind) ? null : sharedKey(held, deputyId);
  if (own) {
    await copy(own);
    if (await saysItFor(ctx, { key: own, whom, together })) return;
  }
  await copy(keys.acting(held.key, deputyId));
}

/** "<intent>:<person>" -> "<intent>:<deputy>", the key of the deputy's own copy; null where there is no such copy. */
function sharedKey(held: Delivery, deputyId: string): string | null {
  const end = `:${String(held.personId)}`;
  return held.key.endsWith(end) && !held.behalfOf ? keys.forPerson(held.key.slice(0, -end.length), deputyId) : null;
}

type Shared = Pick<Delivery, '_id' | 'state' | 'fence' | 'digestKey' | 'behalfOf' | 'acknowledgedAt' | 'attempts' | 'alsoFor' | 'data'>;

/** Does the copy of this key speak for that person too? Made so where it is still to be sent, by the write that checks it. */
async function saysItFor(ctx: Ctx, { key, whom, together }: { key: string; whom: string; together: readonly Delivery[] }): Promise<boolean> {
  const mine = together.find((row) => row.key === key);
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const row = await ctx.db.Delivery.findOne({ key }, { state: 1, fence: 1, digestKey: 1, behalfOf: 1, acknowledgedAt: 1, attempts: 1, alsoFor: 1, data: 1 }).lean<Shared>();
    if (!row) return false;
    const also = alsoFor(row);
    if (String(row.behalfOf) === whom || also.includes(whom)) return true;
    const inHand = mine !== undefined && row.state === 'claimed' && row.fence === mine.fence;
    const toBeSent = (row.state === 'planned' || inHand) && row.attempts.length === 0 && !row.acknowledgedAt && (!row.digestKey || row.digestKey === GATHER);
    if (!toBeSent) return false;
    const before = { _id: row._id, state: row.state, fence: row.fence, digestKey: row.digestKey, alsoFor: row.alsoFor ?? null };
    const names = [...also, whom].join(',');
    const done = await ctx.db.Delivery.updateOne(before, { $set: { alsoFor: names, unsealed: true }, $inc: { rev: 1 } });
    if (done.matchedCount === 0) continue;
    if (inHand) mine.alsoFor = names;
    return true;
  }
  return false;
}

/** Others, by id, on whose behalf its reader gets this message as well. */
export const alsoFor = ({ alsoFor: since, data }: Pick<Delivery, 'alsoFor' | 'data'>): string[] => String(since ?? data['alsoFor'] ?? '').split(',').filter((id) => id !== '');
