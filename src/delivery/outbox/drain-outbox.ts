import type { Ctx } from '../../context.js';
import type { Channel } from '../../kernel/channels.js';
import { readChannels, roomIn, type ChannelState } from '../limits/channel-state.js';
import { claimBatch, expireStale, takeBackLapsed, waitsForAny, type Shut } from './claim.js';
import type { DrainRun } from './drain-run.js';
import { planBatch, type Departure } from './plan-batch.js';
import { defaultPolicy, type DeliveryPolicy } from '../policy.js';
import { applyEarlyReceipts } from '../receipts/record-receipt.js';
import type { Renderers } from '../renderer.js';
import { sendOne } from './send-one.js';
import type { Sender } from '../sender.js';

/** Who speaks, in which words, and by which rules. */
export interface DrainOptions {
  senders: readonly Sender[];
  renderers: Renderers;
  /** Name of this process among the instances that share the database. */
  instance: string;
  /** Parts of the default policy to replace: `{ quiet: null }` for a demonstration at any hour. */
  policy?: Partial<DeliveryPolicy>;
  /** Resolves when new work has come meanwhile, so that one slow provider does not keep the others waiting. */
  nudged?: () => Promise<void>;
  /** Aborted when the process stops: nothing new is claimed, calls in hand are finished. */
  stopping?: AbortSignal;
  /** The source of call time-outs; simulations bring their own. */
  timeout?: (ms: number) => AbortSignal;
}

/** Slots that must be free before a busy run asks the database for more. */
const WORTH_A_CLAIM = 4;

/**
 * Sends what is due until nothing is, several calls at a time. Any number of processes may run it: claims are leases with
 * a fence. Returns how many deliveries were sent or ended; asks to be woken again where a limit left due work behind.
 */
export async function drainOutbox(ctx: Ctx, options: DrainOptions): Promise<number> {
  const run = newRun(ctx, options);
  await takeBackLapsed(ctx);
  await expireStale(ctx);
  await applyEarlyReceipts(ctx);
  const inFlight = new Set<Promise<void>>();
  try {
    await pump(run, options, inFlight);
  } finally {
    // Whatever happened, the calls in hand are waited for: nobody else knows of them.
    await Promise.all(inFlight);
  }
  if (await limitHoldsBack(run)) ctx.wake('outbox');
  return run.handled;
}

async function pump(run: DrainRun, options: DrainOptions, inFlight: Set<Promise<void>>): Promise<void> {
  for (;;) {
    // Asked before the claim: what ends while we ask may have put rows back.
    const idle = inFlight.size === 0;
    const departures = options.stopping?.aborted ? [] : await nextDepartures(run);
    if (departures === null) continue;
    launch(run, departures, inFlight);
    if (departures.length === 0 && idle) return;
    const full = departures.length === 0 || freeSlots(run) < WORTH_A_CLAIM;
    if (full && inFlight.size > 0) await Promise.race([...inFlight, ...newWork(options)]);
  }
}

/** Once the process stops, new work is nobody's concern here: only the calls in hand are. */
const newWork = (options: DrainOptions): Promise<void>[] => (options.nudged && !options.stopping?.aborted ? [options.nudged()] : []);

function newRun(ctx: Ctx, options: DrainOptions): DrainRun {
  const policy = { ...defaultPolicy, ...options.policy };
  const open = new Map<Channel, number>();
  return {
    ctx,
    policy,
    senders: new Map(options.senders.map((sender) => [sender.channel, sender])),
    renderers: options.renderers,
    instance: options.instance,
    timeout: options.timeout ?? ((ms) => AbortSignal.timeout(ms)),
    open,
    roomFor: (channel) => {
      const busy = open.get(channel) ?? 0;
      return { urgent: Math.floor(policy.parallel * 1.5) - busy, ordinary: policy.parallel - busy };
    },
    struck: new Set(),
    handled: 0,
    atLimit: new Set(),
  };
}

/** Claims and plans. Null: claims were taken but all of them wait or ended; ask again. */
async function nextDepartures(run: DrainRun): Promise<Departure[] | null> {
  const { ctx, policy, instance } = run;
  const states = await readChannels(ctx, [...run.senders.keys()]);
  for (const [channel, state] of states) if (state.strikes > 0) run.struck.add(channel);
  const limit = Math.max(1, Math.min(policy.batch, freeSlots(run)));
  const batch = await claimBatch(ctx, { instance, limit, leaseMs: policy.leaseMs, shut: shutChannels(run, states) });
  if (batch.length === 0) return [];
  const departures = await planBatch(run, batch, states);
  return departures.length > 0 ? departures : null;
}

const freeSlots = (run: DrainRun): number =>
  [...run.senders.keys()].reduce((sum, channel) => sum + Math.max(0, run.roomFor(channel).urgent), 0);

/** Channels for which rows are not claimed now: at rest, at their limit, or with all calls open. */
function shutChannels(run: DrainRun, states: ReadonlyMap<Channel, ChannelState>): Shut {
  const now = run.ctx.clock.now();
  const shut: Shut = { urgent: [], ordinary: [] };
  for (const [channel, state] of states) {
    const resting = state.restsUntil > now.getTime();
    const [room, calls] = [roomIn(state, run.policy.limits[channel], now), run.roomFor(channel)];
    if (!resting && room.ordinary <= 0) run.atLimit.add(channel);
    if (resting || Math.min(room.urgent, calls.urgent) <= 0) shut.urgent.push(channel);
    if (resting || Math.min(room.ordinary, calls.ordinary) <= 0) shut.ordinary.push(channel);
  }
  return shut;
}

/** Due work waits for a limit: the drain should come again soon, not only with the next tick. */
const limitHoldsBack = async ({ ctx, atLimit }: DrainRun): Promise<boolean> => atLimit.size > 0 && (await waitsForAny(ctx, [...atLimit]));

/** Starts the departures; those to one person one after the other, so that they arrive in order. */
function launch(run: DrainRun, departures: readonly Departure[], inFlight: Set<Promise<void>>): void {
  const byPerson = new Map<string, Departure[]>();
  for (const departure of departures) {
    const to = `${departure.route.channel}:${departure.route.to}`;
    byPerson.set(to, [...(byPerson.get(to) ?? []), departure]);
    run.open.set(departure.route.channel, (run.open.get(departure.route.channel) ?? 0) + 1);
  }
  for (const group of byPerson.values()) {
    const work = sendInOrder(run, group).finally(() => inFlight.delete(work));
    inFlight.add(work);
  }
}

async function sendInOrder(run: DrainRun, group: readonly Departure[]): Promise<void> {
  for (const departure of group) {
    try {
      await sendOne(run, departure);
    } catch (error) {
      // The database failed: the lease runs out and another run takes the row back.
      run.ctx.log.error({ event: 'delivery.failed', kind: departure.held.kind, id: String(departure.held._id), err: error });
    } finally {
      run.open.set(departure.route.channel, (run.open.get(departure.route.channel) ?? 1) - 1);
    }
  }
}
