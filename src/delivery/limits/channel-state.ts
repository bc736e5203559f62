import type { Ctx } from '../../context.js';
import { isDuplicateKey } from '../../db/counters.js';
import type { Channel } from '../../kernel/channels.js';
import type { Pause } from '../outbox/choose-channel.js';
import type { DeliveryPolicy, Limit } from '../policy.js';
import { granted, roomIn, roomInMs, type Calls } from './allowance.js';
import { freshRate, lowered, ramped, type Rate } from './rate.js';

/** What all instances know of a channel: its rest, its rate, its failures. Kept in one State document per channel. */
export interface ChannelState extends Rate {
  rev: number;
  /** Milliseconds since the epoch; 0: not resting. */
  restsUntil: number;
  /** Others are used meanwhile, also by ordinary messages. */
  hard: boolean;
  /** Refusals in a row. */
  strikes: number;
  /** Calls in a row that failed (5xx, time-outs, resets). */
  failures: number;
  /** Failed too often in a row: after each rest one call tries whether it is back. */
  broken: boolean;
}

const fresh: ChannelState = { ...freshRate, rev: 0, restsUntil: 0, hard: false, strikes: 0, failures: 0, broken: false };
const idOf = (channel: Channel): string => `channel:${channel}`;
interface StateRecord {
  _id: string;
  value?: unknown;
  updatedAt?: Date;
}

/** Records of an older version know less. */
const stateOf = (record: StateRecord | null | undefined): ChannelState => ({ ...fresh, ...(record?.value as Partial<ChannelState> | undefined) });

/** Written so far in the future: the clock has been set back since. */
const SET_BACK_MS = 2_000;

/** Where the clock was set back, everything remembered keeps its age, for all instances: nobody waits for an hour to come again. */
async function asOfNow(ctx: Ctx, channel: Channel, record: StateRecord | null | undefined): Promise<ChannelState> {
  const state = stateOf(record);
  const ahead = (record?.updatedAt?.getTime() ?? 0) - ctx.clock.now().getTime();
  if (ahead <= SET_BACK_MS) return state;
  const moved = { ...earlier(state, ahead), rev: state.rev + 1 };
  return (await store(ctx, channel, state.rev, moved)) ? moved : stateOf(await read(ctx, channel));
}

const read = (ctx: Ctx, channel: Channel): Promise<StateRecord | null> => ctx.db.State.findById(idOf(channel)).lean().exec();

const earlier = (state: ChannelState, ms: number): ChannelState => ({
  ...state, grants: state.grants.map(([at, n]) => [at - ms, n]), restsUntil: state.restsUntil - ms,
  rateAt: state.rateAt - ms, ceilingAt: state.ceilingAt - ms, refusedAt: state.refusedAt - ms, tokensAt: state.tokensAt - ms,
});

export async function readChannels(ctx: Ctx, channels: readonly Channel[]): Promise<Map<Channel, ChannelState>> {
  const found = await ctx.db.State.find({ _id: { $in: channels.map(idOf) } }).lean<StateRecord[]>();
  const byId = new Map(found.map((record) => [record._id, record]));
  return new Map(await Promise.all(channels.map(async (channel) => [channel, await asOfNow(ctx, channel, byId.get(idOf(channel)))] as const)));
}

/** The channel's rest, where it rests now. */
export const pauseOf = (state: ChannelState, now: Date): Pause | null =>
  state.restsUntil > now.getTime() ? { until: new Date(state.restsUntil), hard: state.hard } : null;

/** How many calls may be begun now: none while it rests, one where it is tried whether a broken channel is back. */
export function openingsOf(state: ChannelState, limit: Limit, now: Date): Calls {
  if (state.restsUntil > now.getTime()) return { urgent: 0, ordinary: 0 };
  const room = roomIn(state, limit, now);
  return state.broken || state.strikes > 0 ? { urgent: Math.min(1, room.urgent), ordinary: Math.min(1, room.ordinary) } : room;
}

/** Calls in pace are taken a few at a time: a look at the database costs more than they do. */
const TOGETHER = 4;

/** Milliseconds until it is worth asking for calls again. */
export const openingInMs = (state: ChannelState, limit: Limit, now: Date): number =>
  Math.max(state.restsUntil - now.getTime(), roomInMs(state, limit, now, limit.burst === undefined ? 1 : TOGETHER));

/** The state after a grant. */
export const afterGrant = (state: ChannelState, limit: Limit, now: Date, calls: Calls): ChannelState => ({ ...state, ...granted(state, limit, now, calls).kept });

/** Granted calls, and when each may begin (milliseconds since the epoch): the urgent ones first. */
export interface Grant extends Calls {
  starts: number[];
}

/**
 * Takes up to `wanted` calls out of the channel's limit, for all instances together. Ordinary messages leave the urgent
 * share alone. `known`: the state as read a moment ago, which saves the look.
 */
export async function takeCalls(ctx: Ctx, channel: Channel, wanted: Calls, limit: Limit, known?: ChannelState): Promise<Grant> {
  const now = ctx.clock.now();
  let given: Grant = { urgent: 0, ordinary: 0, starts: [] };
  await change(ctx, channel, (state) => {
    const calls = share(openingsOf(state, limit, now), wanted, state.broken || state.strikes > 0);
    given = { ...calls, starts: [] };
    if (calls.urgent + calls.ordinary === 0) return null;
    const { starts, kept } = granted(state, limit, now, calls);
    given = { ...calls, starts };
    // Until the one call has been answered, nobody else tries.
    const tried = state.broken ? { restsUntil: now.getTime() + PROBE_EVERY_MS } : {};
    return { ...state, ...kept, ...tried };
  }, known);
  return given;
}

function share(room: Calls, wanted: Calls, single: boolean): Calls {
  const urgent = Math.max(0, Math.min(wanted.urgent, room.urgent));
  // Where an urgent one finds no room, no ordinary one leaves before it.
  const ordinary = urgent < wanted.urgent ? 0 : Math.max(0, Math.min(wanted.ordinary, room.ordinary - urgent));
  return { urgent, ordinary: single && urgent > 0 ? 0 : ordinary };
}

/** Rests a channel for everybody; a rest is never shortened. */
export const restChannel = (ctx: Ctx, channel: Channel, ms: number): Promise<void> =>
  change(ctx, channel, (state) => rested(state, ctx.clock.now(), ms));

function rested(state: ChannelState, now: Date, ms: number): ChannelState | null {
  const until = now.getTime() + ms;
  return until <= state.restsUntil ? null : { ...state, restsUntil: until, hard: state.restsUntil > now.getTime() && state.hard };
}

/** The provider said "too many": the channel rests for everybody and its rate is lowered, once for calls refused together. */
export const tooManyCalls = (ctx: Ctx, channel: Channel, ms: number, limit: Limit): Promise<void> =>
  change(ctx, channel, (state) => {
    const now = ctx.clock.now();
    const [rest, less] = [rested(state, now, ms), lowered(state, limit, now)];
    return rest || less ? { ...(rest ?? state), ...less } : null;
  });

/** A broken channel is tried so often, by one call over all instances. */
const PROBE_EVERY_MS = 60_000;

/** The one call that was to try whether a broken channel is back was not made after all: the next message may try at once. */
export const probeUnused = (ctx: Ctx, channel: Channel): Promise<void> =>
  change(ctx, channel, (state) => {
    const now = ctx.clock.now().getTime();
    return state.broken && state.restsUntil > now && state.restsUntil <= now + PROBE_EVERY_MS ? { ...state, restsUntil: now } : null;
  });

/** A call failed and nobody refused it. Too many in a row and the channel rests; true where that has just begun. */
export async function channelFailed(ctx: Ctx, channel: Channel, breaker: DeliveryPolicy['breaker']): Promise<boolean> {
  let breaks = false;
  await change(ctx, channel, (state) => {
    const now = ctx.clock.now().getTime();
    const failures = state.failures + 1;
    breaks = !state.broken && failures >= breaker.failures;
    // Calls that were under way when it broke change nothing any more.
    if (state.broken && state.restsUntil > now) return null;
    const rest = breaks || state.broken ? { broken: true, restsUntil: Math.max(state.restsUntil, now + PROBE_EVERY_MS), hard: breaker.goRound === 'all' } : {};
    return { ...state, failures, ...rest };
  });
  return breaks;
}

/** The channel refused us: it rests, twice as long each time in a row. Calls that were under way together count once. */
export const refuseChannel = (ctx: Ctx, channel: Channel, rest: { firstMs: number; maxMs: number }): Promise<void> =>
  change(ctx, channel, (state) => {
    const now = ctx.clock.now().getTime();
    if (state.hard && state.restsUntil > now) return null;
    const ms = Math.min(rest.maxMs, rest.firstMs * 2 ** Math.min(state.strikes, 20));
    return { ...state, restsUntil: Math.max(state.restsUntil, now + ms), hard: true, strikes: state.strikes + 1 };
  });

/** True where an accepted call changes what is known of the channel. */
export const wasInTrouble = (state: ChannelState): boolean => state.strikes > 0 || state.failures > 0 || state.broken;

/** A call was accepted: earlier refusals and failures are forgotten; a broken channel is back, slowly at first. */
export const channelWorks = (ctx: Ctx, channel: Channel, limit: Limit): Promise<void> =>
  change(ctx, channel, (state) => {
    if (!wasInTrouble(state)) return null;
    const back = state.broken ? { restsUntil: 0, hard: false, broken: false, ...ramped(limit, ctx.clock.now()) } : {};
    return { ...state, strikes: 0, failures: 0, ...back };
  });

/** Somebody mended the cause by hand: the rest ends now and earlier troubles are forgotten. */
export const reopenChannel = (ctx: Ctx, channel: Channel): Promise<void> =>
  change(ctx, channel, (state) => (state.restsUntil === 0 && !wasInTrouble(state) ? null : { ...state, restsUntil: 0, hard: false, strikes: 0, failures: 0, broken: false }));

/** Compare and set: the revision in the filter makes two instances take turns. `next` returning null leaves all as it is. */
async function change(ctx: Ctx, channel: Channel, next: (state: ChannelState) => ChannelState | null, known?: ChannelState): Promise<void> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const state = attempt === 0 && known ? known : await asOfNow(ctx, channel, await read(ctx, channel));
    const wanted = next(state);
    // What was read before may have been overtaken: "nothing to do" counts only after a look.
    if (!wanted && attempt === 0 && known) continue;
    if (!wanted) return;
    if (await store(ctx, channel, state.rev, { ...wanted, rev: state.rev + 1 })) return;
  }
  throw new Error(`channel state of ${channel} is too busy`);
}

async function store(ctx: Ctx, channel: Channel, rev: number, value: ChannelState): Promise<boolean> {
  const updatedAt = ctx.clock.now();
  if (rev > 0) return (await ctx.db.State.updateOne({ _id: idOf(channel), 'value.rev': rev }, { $set: { value, updatedAt } })).matchedCount === 1;
  try {
    await ctx.db.State.create({ _id: idOf(channel), value, updatedAt });
    return true;
  } catch (error) {
    if (isDuplicateKey(error)) return false;
    throw error;
  }
}
