import type { Ctx } from '../../context.js';
import { isDuplicateKey } from '../../db/counters.js';
import type { Channel } from '../../kernel/channels.js';
import type { Pause } from '../outbox/choose-channel.js';
import type { Limit } from '../policy.js';

/** What all instances know of a channel: its rest, and the calls of the last window. Kept in one State document per channel. */
export interface ChannelState {
  rev: number;
  /** Calls granted lately, as [milliseconds since the epoch, how many]; a sliding window, so that no second sees more than the limit. */
  grants: [number, number][];
  /** Milliseconds since the epoch; 0: not resting. */
  restsUntil: number;
  hard: boolean;
  /** Refusals in a row. */
  strikes: number;
}

const fresh: ChannelState = { rev: 0, grants: [], restsUntil: 0, hard: false, strikes: 0 };
const idOf = (channel: Channel): string => `channel:${channel}`;

export async function readChannels(ctx: Ctx, channels: readonly Channel[]): Promise<Map<Channel, ChannelState>> {
  const found = await ctx.db.State.find({ _id: { $in: channels.map(idOf) } }).lean();
  const byId = new Map(found.map((record) => [record._id, record.value as ChannelState]));
  return new Map(channels.map((channel) => [channel, byId.get(idOf(channel)) ?? fresh]));
}

/** The channel's rest, where it rests now. */
export const pauseOf = (state: ChannelState, now: Date): Pause | null =>
  state.restsUntil > now.getTime() ? { until: new Date(state.restsUntil), hard: state.hard } : null;

/**
 * Takes up to `wanted` calls out of the channel's limit, for all instances together. Ordinary messages leave the urgent
 * share alone. Returns how many were granted.
 */
export async function takeCalls(ctx: Ctx, channel: Channel, wanted: { urgent: number; ordinary: number }, limit: Limit): Promise<{ urgent: number; ordinary: number }> {
  const now = ctx.clock.now();
  let granted = { urgent: 0, ordinary: 0 };
  await change(ctx, channel, (state) => {
    granted = share(roomIn(state, limit, now), wanted);
    const taken = granted.urgent + granted.ordinary;
    const recent = state.grants.filter(([at]) => at > now.getTime() - limit.windowMs);
    return taken === 0 ? null : { ...state, grants: [...recent, [now.getTime(), taken]] };
  });
  return granted;
}

/** How many calls the limit still allows now: to urgent matters, and to the others. */
export function roomIn(state: ChannelState, limit: Limit, now: Date): { urgent: number; ordinary: number } {
  const used = state.grants.filter(([at]) => at > now.getTime() - limit.windowMs).reduce((sum, [, n]) => sum + n, 0);
  return { urgent: limit.max - used, ordinary: Math.floor(limit.max * (1 - limit.urgentShare)) - used };
}

function share(room: { urgent: number; ordinary: number }, wanted: { urgent: number; ordinary: number }): { urgent: number; ordinary: number } {
  const urgent = Math.max(0, Math.min(wanted.urgent, room.urgent));
  return { urgent, ordinary: Math.max(0, Math.min(wanted.ordinary, room.ordinary - urgent)) };
}

/** Rests a channel for everybody; a rest is never shortened. */
export const restChannel = (ctx: Ctx, channel: Channel, ms: number): Promise<void> =>
  change(ctx, channel, (state) => {
    const until = ctx.clock.now().getTime() + ms;
    return until <= state.restsUntil ? null : { ...state, restsUntil: until, hard: state.restsUntil > ctx.clock.now().getTime() && state.hard };
  });

/** The channel refused us: it rests, twice as long each time in a row. Calls that were under way together count once. */
export const refuseChannel = (ctx: Ctx, channel: Channel, rest: { firstMs: number; maxMs: number }): Promise<void> =>
  change(ctx, channel, (state) => {
    const now = ctx.clock.now().getTime();
    if (state.hard && state.restsUntil > now) return null;
    const ms = Math.min(rest.maxMs, rest.firstMs * 2 ** Math.min(state.strikes, 20));
    return { ...state, restsUntil: Math.max(state.restsUntil, now + ms), hard: true, strikes: state.strikes + 1 };
  });

/** A call was accepted: earlier refusals are forgotten. */
export const channelWorks = (ctx: Ctx, channel: Channel): Promise<void> =>
  change(ctx, channel, (state) => (state.strikes === 0 ? null : { ...state, strikes: 0 }));

/** Somebody mended the cause by hand: the rest ends now and earlier refusals are forgotten. */
export const reopenChannel = (ctx: Ctx, channel: Channel): Promise<void> =>
  change(ctx, channel, (state) => (state.restsUntil === 0 && state.strikes === 0 ? null : { ...state, restsUntil: 0, hard: false, strikes: 0 }));

/** Compare and set: the revision in the filter makes two instances take turns. `next` returning null leaves all as it is. */
async function change(ctx: Ctx, channel: Channel, next: (state: ChannelState) => ChannelState | null): Promise<void> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const found = await ctx.db.State.findById(idOf(channel)).lean();
    const state = (found?.value as ChannelState | undefined) ?? fresh;
    const wanted = next(state);
    if (!wanted) return;
    const value = { ...wanted, rev: state.rev + 1 };
    if (await store(ctx, channel, found ? state.rev : null, value)) return;
  }
  throw new Error(`channel state of ${channel} is too busy`);
}

async function store(ctx: Ctx, channel: Channel, rev: number | null, value: ChannelState): Promise<boolean> {
  const updatedAt = ctx.clock.now();
  if (rev !== null) return (await ctx.db.State.updateOne({ _id: idOf(channel), 'value.rev': rev }, { $set: { value, updatedAt } })).matchedCount === 1;
  try {
    await ctx.db.State.create({ _id: idOf(channel), value, updatedAt });
    return true;
  } catch (error) {
    if (isDuplicateKey(error)) return false;
    throw error;
  }
}
