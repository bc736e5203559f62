import type { Channel } from '../../kernel/channels.js';
import { AHEAD_MS, type Begun } from '../limits/allowance.js';
import { rateNow } from '../limits/rate.js';
import type { DrainRun } from './drain-run.js';

/** Calls travel some milliseconds longer or shorter: the window is kept by so much more than the provider asks. */
const JITTER_MS = 15;

/**
 * Waits for the moment at which a granted call of a limit with a pace may begin, and notes that it begins now. Granted places
 * are plans; the calls of this process are counted as they really began, so that some that were held up and the punctual ones
 * behind them do not meet in one window of the provider's. `grantedAt`: milliseconds since the epoch. Null: no such limit, go on.
 */
export const throughDoor = (run: DrainRun, channel: Channel, grantedAt = 0): Promise<void> | null =>
  run.policy.limits[channel].burst === undefined ? null : waitAtDoor(run, channel, grantedAt);

async function waitAtDoor(run: DrainRun, channel: Channel, grantedAt: number): Promise<void> {
  await pass(run, Math.min(grantedAt - nowMs(run), AHEAD_MS));
  for (let ms = fullFor(run, channel); ms > 0; ms = fullFor(run, channel)) await pass(run, ms);
  // In the same moment as the look: of several that wait here only one goes through.
  note(run, channel, { granted: grantedAt, begun: nowMs(run) });
}

const nowMs = ({ ctx }: DrainRun): number => ctx.clock.now().getTime();

/** Milliseconds until this process may begin another call; 0: now. */
function fullFor(run: DrainRun, channel: Channel): number {
  const now = nowMs(run);
  const limit = run.policy.limits[channel];
  const state = run.states.get(channel);
  const max = Math.max(1, Math.floor(state ? rateNow(state, limit, now) : limit.max));
  const begun = run.begun.get(channel) ?? [];
  const oldest = begun[begun.length - max];
  // Begun in the future: the clock has been set back since, and says nothing.
  return oldest === undefined || oldest.begun > now ? 0 : Math.max(0, oldest.begun + limit.windowMs + JITTER_MS - now);
}

function note({ begun, policy }: DrainRun, channel: Channel, call: Begun): void {
  const recent = (begun.get(channel) ?? []).filter((other) => other.begun > call.begun - 2 * policy.limits[channel].windowMs);
  begun.set(channel, [...recent, call]);
}

async function pass({ timeout }: DrainRun, ms: number): Promise<void> {
  if (ms <= 0) return;
  const over = timeout(Math.ceil(ms));
  await new Promise<void>((resolve) => over.addEventListener('abort', () => resolve(), { once: true }));
}

/** Timers are no more exact than that. */
const LATE_MS = 5;

/** Calls of this process that began later than granted: the provider counts them when they begin. */
export const lateCalls = ({ begun }: DrainRun, channel: Channel): Begun[] => (begun.get(channel) ?? []).filter((call) => call.begun - call.granted >= LATE_MS);
