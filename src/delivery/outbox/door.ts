import type { Channel } from '../../kernel/channels.js';
import { AHEAD_MS, type Begun } from '../limits/allowance.js';
import { rateNow } from '../limits/rate.js';
import type { DrainRun } from './drain-run.js';

/** Calls travel some milliseconds longer or shorter: the window is kept by so much more than the provider asks. */
const JITTER_MS = 15;

/** What has to be written before a call takes about so long: that much earlier it is begun. */
const WRITE_MS = 20;

/**
 * Waits until a granted call of a limit with a pace may nearly begin, so that next to nothing lies between "called" in the
 * database and the call: who dies while waiting here has called nobody. Granted places are plans; the calls of this process are
 * counted as they really begin, so that some that were held up and the punctual ones behind them do not meet in one window of
 * the provider's. `grantedAt`: milliseconds since the epoch. Null: no such limit, go on.
 */
export const toDoor = (run: DrainRun, channel: Channel, grantedAt = 0): Promise<Begun> | null =>
  run.policy.limits[channel].burst === undefined ? null : placeAt(run, channel, grantedAt);

async function placeAt(run: DrainRun, channel: Channel, grantedAt: number): Promise<Begun> {
  await pass(run, Math.min(grantedAt - WRITE_MS - nowMs(run), AHEAD_MS));
  for (let ms = fullFor(run, channel) - WRITE_MS; ms > 0; ms = fullFor(run, channel) - WRITE_MS) await pass(run, ms);
  // In the same moment as the look: of several that wait here only one takes the place.
  const now = nowMs(run);
  const place = { granted: grantedAt, begun: now + Math.max(0, Math.min(grantedAt - now, AHEAD_MS), fullFor(run, channel)) };
  note(run, channel, place);
  return place;
}

/** After the write: waits out the rest, and notes that the call begins now. */
export async function throughDoor(run: DrainRun, place: Begun): Promise<void> {
  await pass(run, Math.min(place.begun - nowMs(run), AHEAD_MS));
  place.begun = nowMs(run);
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
  // Begun far in the future: the clock has been set back since, and says nothing.
  return oldest === undefined || oldest.begun > now + AHEAD_MS ? 0 : Math.max(0, oldest.begun + limit.windowMs + JITTER_MS - now);
}

function note({ begun, policy }: DrainRun, channel: Channel, call: Begun): void {
  const recent = (begun.get(channel) ?? []).filter((other) => other.begun > call.begun - 2 * policy.limits[channel].windowMs);
  begun.set(channel, [...recent, call].sort((a, b) => a.begun - b.begun));
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
