import type { Ctx } from '../../context.js';
import type { Channel } from '../../kernel/channels.js';
import type { Delivery } from '../delivery.model.js';
import { comesFrom } from '../delivery-states.js';
import { lanes } from '../intent.js';

/** Channels that rest or have no room, for urgent matters and for the others. */
export interface Shut {
  urgent: Channel[];
  ordinary: Channel[];
}

/** What a worker asks for. Rows known to wait for a channel that is shut are left alone. */
export interface ClaimRequest {
  instance: string;
  limit: number;
  leaseMs: number;
  shut: Shut;
}

/** A lease nobody can take for another's: the instance and this claim. */
const leaseName = (ctx: Ctx, instance: string): string => `${instance}#${Buffer.from(ctx.random.bytes(6)).toString('hex')}`;

const claimable = (now: Date) => ({ state: comesFrom('claimed'), reason: null, notBefore: { $lte: now } });

/** How often a worker that others were quicker than looks further down the queue. */
const TRIES = 4;

/**
 * Claims up to `limit` due deliveries, urgent ones first, then by time. Each row goes to exactly one worker: the filter
 * is checked again with each row's write, and `fence` grows, so a former holder's writes match nothing. Where other
 * workers took all rows seen, it looks behind them.
 */
export async function claimBatch(ctx: Ctx, request: ClaimRequest): Promise<Delivery[]> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const now = ctx.clock.now();
    const ids = await dueIds(ctx, request, { now, skip: attempt * request.limit });
    if (ids.length === 0) return [];
    const mine = await take(ctx, request, { ids, now });
    if (mine.length > 0) return mine;
  }
  return [];
}

async function take(ctx: Ctx, request: ClaimRequest, { ids, now }: { ids: Delivery['_id'][]; now: Date }): Promise<Delivery[]> {
  const claimedBy = leaseName(ctx, request.instance);
  const claimedUntil = new Date(now.getTime() + request.leaseMs);
  await ctx.db.Delivery.updateMany(
    { _id: { $in: ids }, ...claimable(now) },
    { $set: { state: 'claimed', claimedBy, claimedUntil, waitsFor: null }, $inc: { fence: 1 } },
  );
  const mine = await ctx.db.Delivery.find({ _id: { $in: ids }, claimedBy }).lean<Delivery[]>();
  const order = new Map(ids.map((id, place) => [id.toString(), place]));
  return mine.sort((a, b) => (order.get(a._id.toString()) ?? 0) - (order.get(b._id.toString()) ?? 0));
}

async function dueIds(ctx: Ctx, { limit, shut }: ClaimRequest, at: { now: Date; skip: number }): Promise<Delivery['_id'][]> {
  const ids: Delivery['_id'][] = [];
  for (const lane of lanes) {
    if (ids.length >= limit) break;
    const due = await ctx.db.Delivery.find({ ...claimable(at.now), lane, waitsFor: { $nin: lane === 'urgent' ? shut.urgent : shut.ordinary } }, { _id: 1 })
      .sort({ notBefore: 1, _id: 1 })
      .skip(at.skip)
      .limit(limit - ids.length)
      .lean();
    ids.push(...due.map((row) => row._id));
  }
  return ids;
}

/** True where due rows wait for one of these channels. */
export const waitsForAny = async (ctx: Ctx, channels: readonly Channel[]): Promise<boolean> =>
  (await ctx.db.Delivery.exists({ ...claimable(ctx.clock.now()), waitsFor: { $in: [...channels] } })) !== null;

/**
 * Takes back what dead or paused workers held: a claim goes back to the queue; a call under way becomes unknown, because
 * nobody knows whether it was heard. The fence grows, so a worker that wakes up writes nothing.
 */
export async function takeBackLapsed(ctx: Ctx): Promise<void> {
  const now = ctx.clock.now();
  const lapsed = { claimedUntil: { $lte: now } };
  const freed = { claimedBy: null, claimedUntil: null };
  const counted = { fence: 1, lapses: 1 };
  await ctx.db.Delivery.updateMany(
    { ...lapsed, state: 'sending' },
    { $set: { ...freed, state: 'unknown', notBefore: now, 'attempts.$[open].outcome': 'unknown', 'attempts.$[open].code': 'lapsed' }, $inc: counted },
    { arrayFilters: [{ 'open.outcome': 'started' }] },
  );
  await ctx.db.Delivery.updateMany({ ...lapsed, state: 'claimed', 'attempts.outcome': 'unknown' }, { $set: { ...freed, state: 'unknown' }, $inc: counted });
  await ctx.db.Delivery.updateMany({ ...lapsed, state: 'claimed' }, { $set: { ...freed, state: 'planned' }, $inc: counted });
}

/** What is stale does not leave any more. */
export async function expireStale(ctx: Ctx): Promise<void> {
  const now = ctx.clock.now();
  await ctx.db.Delivery.updateMany(
    { state: { $in: ['planned', 'unknown'] }, reason: null, expiresAt: { $lte: now, $ne: null } },
    { $set: { state: 'expired', reason: 'stale', finishedAt: now } },
  );
}
