import type { Ctx } from '../../context.js';
import type { Delivery } from '../delivery.model.js';
import { IN_DIGEST, rank } from '../delivery-states.js';
import { DIGEST_KEYS, firstKey, memberIds, onItsOwn } from './digest-keys.js';
import { planDigest } from './plan-digest.js';

type Member = Pick<Delivery, '_id' | 'digestKey'>;
type Carrier = Pick<Delivery, 'key' | 'state' | 'reason' | 'data'>;

const PAGE = 1_000;

/**
 * What travels in a digest ends with it: told as a line, dead or stale as the digest is; or goes on alone where the digest
 * came to nothing. Asks the rows themselves, so whoever died half-way is made up for. Returns how many rows moved on.
 */
export async function settleMembers(ctx: Ctx): Promise<number> {
  let moved = 0;
  let after: string = DIGEST_KEYS.from;
  for (;;) {
    const open = await ctx.db.Delivery.find({ state: 'planned', digestKey: { $gt: after, $lt: DIGEST_KEYS.to } }, { digestKey: 1 })
      .sort({ digestKey: 1 }).limit(PAGE).lean<Member[]>();
    const keys = [...new Set(open.map((member) => String(member.digestKey)))];
    const carriers = keys.length > 0 ? await ctx.db.Delivery.find({ key: { $in: keys } }, { key: 1, state: 1, reason: 1, data: 1 }).lean<Carrier[]>() : [];
    const byKey = new Map(carriers.map((carrier) => [carrier.key, carrier]));
    for (const key of keys) moved += await settleOne(ctx, key, byKey.get(key));
    if (open.length < PAGE) return moved;
    after = keys.at(-1) ?? DIGEST_KEYS.to;
  }
}

/** The digest was taken: what it spoke of has been told. */
export const membersTold = (ctx: Ctx, { key, data }: Pick<Delivery, 'key' | 'data'>): Promise<number> =>
  end(ctx, firstKey(key), memberIds(data), { state: 'suppressed', reason: IN_DIGEST });

async function settleOne(ctx: Ctx, key: string, carrier: Carrier | undefined): Promise<number> {
  // Whoever marked them died before the digest itself was written.
  if (!carrier) return planDigest(ctx, key);
  const theirs = memberIds(carrier.data);
  const fate = fateOf(carrier);
  const ended = fate === 'waits' || fate === 'alone' ? 0 : await end(ctx, key, theirs, fate);
  return ended + (await letGo(ctx, key, fate === 'alone' ? new Set() : theirs));
}

type Fate = { state: 'suppressed' | 'dead' | 'expired'; reason: string };

function fateOf({ state, reason }: Carrier): Fate | 'waits' | 'alone' {
  if (rank[state] > 0 || reason === 'undelivered') return { state: 'suppressed', reason: IN_DIGEST };
  if (state === 'unknown' && reason !== null) return { state: 'suppressed', reason: IN_DIGEST };
  if (state === 'dead') return { state: 'dead', reason: 'digest-dead' };
  if (state === 'expired') return { state: 'expired', reason: 'stale' };
  return state === 'suppressed' ? 'alone' : 'waits';
}

async function end(ctx: Ctx, key: string, ids: ReadonlySet<string>, fate: Fate): Promise<number> {
  const open = (await openMembers(ctx, key)).filter((member) => ids.has(String(member._id)));
  if (open.length === 0) return 0;
  const result = await ctx.db.Delivery.updateMany(
    { _id: { $in: open.map((member) => member._id) }, digestKey: key, state: 'planned' },
    { $set: { ...fate, finishedAt: ctx.clock.now(), unsealed: true }, $inc: { rev: 1 } },
  );
  return result.modifiedCount;
}

/** Marked for a digest that does not speak of them: too late, or it came to nothing. */
async function letGo(ctx: Ctx, key: string, except: ReadonlySet<string>): Promise<number> {
  const others = (await openMembers(ctx, key)).filter((member) => !except.has(String(member._id)));
  if (others.length === 0) return 0;
  const result = await ctx.db.Delivery.updateMany({ _id: { $in: others.map((member) => member._id) }, digestKey: key, state: 'planned' }, { $set: onItsOwn(ctx.clock.now()) });
  return result.modifiedCount;
}

/** More than one digest speaks of: marks that came too late are among them. What is beyond is found by the next tick. */
const OPEN_MOST = 2_000;

const openMembers = (ctx: Ctx, key: string): Promise<Member[]> => ctx.db.Delivery.find({ state: 'planned', digestKey: key }, { digestKey: 1 }).limit(OPEN_MOST).lean<Member[]>().exec();
