import type { Ctx } from '../../context.js';
import { passesHold } from '../hold/hold.js';
import { holdNow } from '../hold/notice-restore.js';
import { withTrueStarts } from '../limits/allowance.js';
import { openingInMs, readChannels, wasInTrouble } from '../limits/channel-state.js';
import { applyEarlyReceipts } from '../receipts/record-receipt.js';
import { claimBatch, dueAfterSetBack, expireStale, SWEEP, takeBackLapsed, waitsForAny } from './claim.js';
import { lateCalls } from './door.js';
import type { DrainOptions } from './drain-outbox.js';
import type { DrainRun } from './drain-run.js';
import type { Hand } from './hand.js';
import { lookUp } from './look-up.js';
import { planBatch, type Departure, type Plan } from './plan-batch.js';
import { outlookOf, type Outlook } from './room.js';
import { sendOne } from './send-one.js';
import { giveBack, type Held } from './settle.js';

/** Claims and launches until nothing is due and nothing in hand; under the timetable it also waits for a limit's next room. */
export async function pump(run: DrainRun, options: DrainOptions, hand: Hand): Promise<void> {
  let tidiedAt: Date | null = null;
  for (;;) {
    // Also in the middle of a long run: others may have died meanwhile.
    if (!tidiedAt || Math.abs(run.ctx.clock.now().getTime() - tidiedAt.getTime()) >= TIDY_MS) {
      await tidy(run.ctx);
      tidiedAt = run.ctx.clock.now();
    }
    // Asked before the claim: what ends while we ask may have put rows back.
    const idle = hand.size === 0;
    run.putBack = false;
    const plan = options.stopping?.aborted ? nothing : await nextPlan(run);
    if (plan === null) continue;
    launch(run, plan, hand);
    const found = plan.departures.length + plan.lookUps.length;
    if (found === 0 && idle && !(await waitsForRoom(run, options))) return;
    if (found === 0 || plan.last || freeSlots(run) < worthAClaim(run)) await hand.until(() => worthAsking(run, plan, hand), somethingNew(run, options));
    hand.landed = 0;
  }
}

const TIDY_MS = 2_000;

async function tidy(ctx: Ctx): Promise<void> {
  await ctx.clock.sync?.();
  await Promise.all([takeBackLapsed(ctx), expireStale(ctx), applyEarlyReceipts(ctx), dueAfterSetBack(ctx)]);
}

const nothing: Plan & Found = { departures: [], lookUps: [], last: true };

interface Found {
  /** All that was due has been claimed. */
  last: boolean;
}

/** Slots that must be free before a busy run asks the database for more. */
const worthAClaim = ({ policy }: DrainRun): number => Math.max(1, policy.parallel >> 2);

const worthAsking = (run: DrainRun, { last }: Found, hand: Hand): boolean => run.putBack || (!last && hand.landed >= worthAClaim(run));

/** A channel without room is asked again soon, but not in every millisecond. */
const ROOM_MS = { least: 5, most: 250 };

/** New work has come, or a limit has room again. */
function somethingNew(run: DrainRun, options: DrainOptions): Promise<void>[] {
  if (run.atLimit.size === 0) return newWork(options);
  const now = run.ctx.clock.now();
  const waits = [...run.atLimit].flatMap((channel) => { const state = run.states.get(channel); return state ? [openingInMs(state, run.policy.limits[channel], now)] : []; });
  const room = run.timeout(Math.min(ROOM_MS.most, Math.max(ROOM_MS.least, ...[Math.min(...waits)])));
  return [...newWork(options), new Promise((resolve) => room.addEventListener('abort', () => resolve(), { once: true }))];
}

/** Nothing is in hand and a limit holds due work back: a run under the timetable waits here for its next room, to the millisecond. */
async function waitsForRoom(run: DrainRun, options: DrainOptions): Promise<boolean> {
  if (!options.nudged || options.stopping?.aborted || !(await limitHoldsBack(run))) return false;
  await Promise.race(somethingNew(run, options));
  return true;
}

/** Once the process stops, new work is nobody's concern here: only the calls in hand are. */
const newWork = (options: DrainOptions): Promise<void>[] => (options.nudged && !options.stopping?.aborted ? [options.nudged()] : []);

/** From its look at the hold to its claim a process that runs needs less. */
const STILL_MS = 500;

/** Claims and plans. Null: claims were taken but all of them wait or ended; ask again. */
async function nextPlan(run: DrainRun): Promise<(Plan & Found) | null> {
  const { ctx, policy, instance, senders } = run;
  const asked = ctx.clock.now();
  const [read, hold] = await Promise.all([readChannels(ctx, [...senders.keys()]), holdNow(ctx)]);
  const states = new Map([...read].map(([channel, state]) => [channel, withTrueStarts(state, lateCalls(run, channel))]));
  for (const [channel, state] of states) {
    if (wasInTrouble(state)) run.struck.add(channel);
    // A broken channel rests but for the one call that tries it.
    if (!state.broken) run.restsUntil.set(channel, state.restsUntil);
  }
  run.atLimit.clear();
  run.states = states;
  const outlook = outlookOf(run, states);
  const batch = await claimBatch(ctx, { instance, limit: policy.batch, leaseMs: policy.leaseMs, nowhere: senders.size === 0, only: hold && passesHold(hold), ...outlook });
  if (batch.length === 0) return nothing;
  // A process that stood still between its look at the hold and its claim may not know of it.
  if (!hold && ctx.clock.now().getTime() - asked.getTime() >= STILL_MS && (await holdNow(ctx))) {
    await Promise.all(batch.map((held) => giveBack(ctx, held, held.notBefore)));
    return null;
  }
  const plan = await planBatch(run, batch, states);
  return plan.departures.length + plan.lookUps.length > 0 ? { ...plan, last: batch.length < fewest(outlook) } : null;
}

/** Fewer rows than this and no part of the queue was cut off. */
const fewest = ({ rooms }: Outlook): number => Math.min(SWEEP, ...[...rooms.values()].map((room) => room.urgent));

const freeSlots = (run: DrainRun): number => [...run.senders.keys()].reduce((sum, channel) => sum + Math.max(0, run.roomFor(channel).ordinary), 0);

/** Due work waits for a limit: the drain should come again soon, not only with the next tick. */
export const limitHoldsBack = async ({ ctx, atLimit }: DrainRun): Promise<boolean> => atLimit.size > 0 && (await waitsForAny(ctx, [...atLimit]));

/** Starts the departures; those to one person one after the other, so that they arrive in order. */
function launch(run: DrainRun, { departures, lookUps }: Plan, hand: Hand): void {
  const byPerson = new Map<string, Departure[]>();
  for (const departure of departures) {
    const to = `${departure.route.channel}:${departure.route.to}`;
    const group = byPerson.get(to);
    if (group) group.push(departure);
    else byPerson.set(to, [departure]);
    run.open.set(departure.route.channel, (run.open.get(departure.route.channel) ?? 0) + 1);
  }
  for (const group of byPerson.values()) hand.take(sendInOrder(run, group));
  for (const held of lookUps) hand.take(guarded(run, held, () => lookUp(run, held)));
}

async function sendInOrder(run: DrainRun, group: readonly Departure[]): Promise<void> {
  for (const departure of group) {
    await guarded(run, departure.held, () => sendOne(run, departure));
    run.open.set(departure.route.channel, (run.open.get(departure.route.channel) ?? 1) - 1);
  }
}

/** The database failed: the lease runs out and another run takes the row back. */
const guarded = (run: DrainRun, held: Held, work: () => Promise<void>): Promise<void> =>
  work().catch((error: unknown) => run.ctx.log.error({ event: 'delivery.failed', kind: held.kind, id: String(held._id), err: error }));
