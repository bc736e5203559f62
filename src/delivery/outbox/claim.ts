import type { Ctx } from '../../context.js';
import type { Channel } from '../../kernel/channels.js';
import type { Delivery } from '../delivery.model.js';
import { lanes, type Lane } from '../intent.js';
import { thatFit, type Room } from './room.js';

/** What a worker asks for. Rows known to wait for a channel without room are left alone. */
export interface ClaimRequest {
  instance: string;
  /** Rows at most. */
  limit: number;
  leaseMs: number;
  /** Calls that may be begun now, by channel; channels without any are not in it. */
  rooms: ReadonlyMap<Channel, Room>;
  /** Channels at rest, and which of the rows behind them look for another way meanwhile. */
  goRound: ReadonlyMap<Channel, 'urgent' | 'all'>;
  /** There is no channel at all: rows are claimed to end them. */
  nowhere?: boolean;
  /** Sending is held: a filter on the few that leave all the same. */
  only?: Record<string, unknown> | null;
}

type Row = Pick<Delivery, '_id' | 'lane' | 'order' | 'notBefore' | 'waitsFor'>;

/** A lease nobody can take for another's: the instance and this claim. */
const leaseName = (ctx: Ctx, instance: string): string => `${instance}#${Buffer.from(ctx.random.bytes(6)).toString('hex')}`;

/** Nobody's, and not inside a digest. */
const free = { reason: null, digestKey: null } as const;
const claimable = (now: Date) => ({ state: { $in: ['planned', 'unknown'] as const }, ...free, notBefore: { $lte: now } });

/** How often a worker that others were quicker than looks again. */
const TRIES = 4;
/** Rows whose channel is not known yet are looked at so many at a time even where there is room for fewer. */
export const SWEEP = 50;

/**
 * Claims up to `limit` due deliveries, urgent ones first, then by turn. Each row goes to exactly one worker: the filter is
 * checked again with each row's write, and `fence` grows, so a former holder's writes match nothing. Where other workers
 * took all rows seen, it looks again from the front: what they took is gone from there, so nobody in between is passed over.
 * Three steps one after the other, however many rows.
 */
export async function claimBatch(ctx: Ctx, request: ClaimRequest): Promise<Delivery[]> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const now = ctx.clock.now();
    const rows = request.only ? await passing(ctx, { ...request, only: request.only }, now) : await dueRows(ctx, request, now);
    if (rows.length === 0) return [];
    const mine = await take(ctx, request, { ids: rows.map((row) => row._id), now });
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

/** What leaves while sending is held; few, so any order of search will do. Behind a channel without room it waits as on other days. */
async function passing(ctx: Ctx, { only, limit, rooms, goRound, nowhere }: ClaimRequest & { only: Record<string, unknown> }, now: Date): Promise<Row[]> {
  const behind = nowhere ? {} : { waitsFor: { $in: [null, ...rooms.keys(), ...goRound.keys()] } };
  const rows = await ctx.db.Delivery.find({ $and: [claimable(now), only, behind] }, fields).sort({ lane: -1, order: 1, _id: 1 }).limit(Math.max(limit, SWEEP)).lean<Row[]>();
  const behindOpen = (row: Row): boolean => row.waitsFor !== null && rooms.has(row.waitsFor);
  const fit = new Set(thatFit(rows.filter(behindOpen), rooms));
  return rows.filter((row) => fit.has(row) || !behindOpen(row)).slice(0, limit);
}

/** Rows of each lane that no channel is known for yet, those behind each channel, and those in doubt: each by its own index range. */
async function dueRows(ctx: Ctx, request: ClaimRequest, now: Date): Promise<Row[]> {
  const { limit, rooms, goRound } = request;
  const most = mostOf(request);
  const total = Math.min(limit, most.urgent + most.ordinary);
  const [behind, rerouted, doubtful, ...fresh] = await Promise.all([
    Promise.all([...rooms].map(([channel, room]) => waitingFor(ctx, { waitsFor: channel }, now, Math.min(limit, room.urgent)))),
    Promise.all([...goRound].map(([channel, who]) => waitingFor(ctx, { waitsFor: channel, ...(who === 'urgent' ? { lane: who } : {}) }, now, Math.min(limit, SWEEP)))),
    inDoubt(ctx, request, now, Math.max(total, Math.min(limit, SWEEP))),
    ...lanes.map((lane) => inTurn(ctx, lane, now, lane === 'urgent' ? most.urgent : most.ordinary)),
  ]);
  const behindOpen = (row: Row): boolean => row.waitsFor !== null && rooms.has(row.waitsFor);
  const waiting = thatFit([...behind.flat(), ...doubtful.filter(behindOpen)].sort(byTurn), rooms);
  // Where what waits already fills every channel, there is no need to look who else might want one. Ordinary rows that wait
  // do not keep urgent ones from being looked at.
  const urgent = waiting.filter((row) => row.lane === 'urgent').length;
  const allUrgent = urgent >= roomOf(rooms, 'urgent');
  // Calls of a pace are granted ahead, so there may be room for more ordinary ones than urgent ones: it is not used past an urgent row.
  const filled = { urgent: allUrgent, ordinary: allUrgent || waiting.length >= roomOf(rooms, 'ordinary') };
  const anywhere = [...fresh.flat(), ...doubtful.filter((row) => row.waitsFor === null)];
  // A turn that comes before theirs counts all the same: what a dead worker held lost its channel, not its place.
  const last = waiting.at(-1);
  const unrouted = anywhere.filter((row) => !filled[row.lane === 'urgent' ? 'urgent' : 'ordinary'] || request.nowhere === true || (last !== undefined && byTurn(row, last) < 0));
  // Whoever goes round a resting channel finds no room either where urgent rows fill the others.
  const goingRound = [...rerouted.flat(), ...doubtful.filter((row) => row.waitsFor !== null && !behindOpen(row))].filter((row) => row.lane === 'urgent' || !allUrgent);
  return [...waiting, ...goingRound, ...unrouted].sort(byTurn).slice(0, limit);
}

const roomOf = (rooms: ClaimRequest['rooms'], kind: keyof Room): number => [...rooms.values()].reduce((sum, room) => sum + room[kind], 0);

/** How many rows without a known channel are worth looking at. */
function mostOf({ limit, rooms, nowhere }: ClaimRequest): Room {
  const most = (kind: keyof Room): number => (nowhere || roomOf(rooms, kind) > 0 ? Math.min(limit, Math.max(roomOf(rooms, kind), SWEEP)) : 0);
  return { urgent: most('urgent'), ordinary: most('ordinary') };
}

const byTurn = (a: Row, b: Row): number =>
  lanes.indexOf(a.lane) - lanes.indexOf(b.lane) || (a.order ?? a.notBefore).getTime() - (b.order ?? b.notBefore).getTime() || (a._id.toString() < b._id.toString() ? -1 : 1);

const fields = { _id: 1, lane: 1, order: 1, notBefore: 1, waitsFor: 1 } as const;

/** What is due by its turn; only where that is not enough, what is due and whose turn comes later. */
async function inTurn(ctx: Ctx, lane: Lane, now: Date, limit: number): Promise<Row[]> {
  if (limit <= 0) return [];
  const queue = { state: 'planned', waitsFor: null, lane } as const;
  const rows = await ctx.db.Delivery.find({ ...queue, ...free, order: { $lte: now }, notBefore: { $lte: now } }, fields)
    .sort({ order: 1, _id: 1 }).limit(limit).lean<Row[]>();
  if (rows.length >= limit) return rows;
  // Rows of an older version have no turn: they are found here too.
  const early = await ctx.db.Delivery.find({ ...queue, ...free, notBefore: { $lte: now }, order: { $not: { $lte: now } } }, fields)
    .sort({ notBefore: 1 }).limit(limit - rows.length).lean<Row[]>();
  return [...rows, ...early];
}

/** What was taken before and given back because this channel had no room or rested. */
const waitingFor = (ctx: Ctx, who: { waitsFor: Channel; lane?: Lane }, now: Date, limit: number): Promise<Row[]> =>
  ctx.db.Delivery.find({ state: 'planned', ...free, ...who, notBefore: { $lte: now } }, fields)
    .sort({ lane: -1, order: 1, _id: 1 }).limit(limit).lean<Row[]>().exec();

/** Repeats that are due: few at any time, so all lanes are looked at together. */
async function inDoubt(ctx: Ctx, { rooms, goRound, nowhere }: ClaimRequest, now: Date, limit: number): Promise<Row[]> {
  if (rooms.size === 0 && goRound.size === 0 && !nowhere) return [];
  const behind = [...(rooms.size > 0 || nowhere ? [null] : []), ...rooms.keys(), ...goRound.keys()];
  const rows = await ctx.db.Delivery.find({ state: 'unknown', ...free, waitsFor: { $in: behind }, notBefore: { $lte: now } }, fields)
    .sort({ lane: -1, order: 1, _id: 1 }).limit(limit).lean<Row[]>();
  return rows.filter((row) => row.lane === 'urgent' || row.waitsFor === null || goRound.get(row.waitsFor) !== 'urgent');
}

/** True where due rows wait for one of these channels, or have not been looked at yet. */
export const waitsForAny = async (ctx: Ctx, channels: readonly Channel[]): Promise<boolean> =>
  (await ctx.db.Delivery.exists({ ...claimable(ctx.clock.now()), waitsFor: { $in: [null, ...channels] } })) !== null;

/** Code of a call whose worker vanished. */
export const LAPSED = 'lapsed';

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
    {
      $set: { ...freed, state: 'unknown', notBefore: now, 'attempts.$[open].outcome': 'unknown', 'attempts.$[open].code': LAPSED, unsealed: true },
      $inc: { ...counted, rev: 1 },
    },
    { arrayFilters: [{ 'open.outcome': 'started' }] },
  );
  await ctx.db.Delivery.updateMany({ ...lapsed, state: 'claimed', 'attempts.outcome': 'unknown' }, { $set: { ...freed, state: 'unknown' }, $inc: counted });
  await ctx.db.Delivery.updateMany({ ...lapsed, state: 'claimed' }, { $set: { ...freed, state: 'planned' }, $inc: counted });
}

/** Planned or tried so far in the future: the clock has been set back since. */
const SET_BACK_MS = 2_000;

/** The clock was set back: urgent matters planned or tried before that do not wait for their hour to come again. */
export async function dueAfterSetBack(ctx: Ctx): Promise<void> {
  const now = ctx.clock.now();
  const ahead = { $gt: new Date(now.getTime() + SET_BACK_MS) };
  await ctx.db.Delivery.updateMany({ state: { $in: ['planned', 'unknown'] }, reason: null, digestKey: null, lane: 'urgent', notBefore: { $gt: now }, $or: [{ createdAt: ahead }, { 'attempts.at': ahead }] }, { $set: { notBefore: now, order: now } });
}

/** What is stale does not leave any more. */
export async function expireStale(ctx: Ctx): Promise<void> {
  const now = ctx.clock.now();
  await ctx.db.Delivery.updateMany(
    { state: { $in: ['planned', 'unknown'] }, reason: null, expiresAt: { $lte: now, $ne: null } },
    { $set: { state: 'expired', reason: 'stale', finishedAt: now, unsealed: true }, $inc: { rev: 1 } },
  );
}
