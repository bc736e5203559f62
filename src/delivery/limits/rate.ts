import type { Limit } from '../policy.js';

/** What is remembered of a channel's rate; times in milliseconds since the epoch, rates in calls per window of its limit. */
export interface Rate {
  /** Calls granted lately, as [when they begin, how many]; a sliding window, so that no window sees more than the limit. */
  grants: [number, number][];
  /** Allowed since `rateAt`, after the provider said "too many" or came back from an outage; null: all that the limit names. */
  rate: number | null;
  rateAt: number;
  /** The rate at which the provider said "too many", and when; null: never. */
  ceiling: number | null;
  ceilingAt: number;
  /** So long the ceiling is believed. */
  ceilingMs: number;
  /** When the provider last said "too many", and how often by then, each time within a minute of the last. */
  refusedAt: number;
  refusedOften: number;
  /** Calls that may leave at once, of a limit with a pace, as of `tokensAt`. */
  tokens: number;
  tokensAt: number;
}

export const freshRate: Rate = { grants: [], rate: null, rateAt: 0, ceiling: null, ceilingAt: 0, ceilingMs: 0, refusedAt: 0, refusedOften: 0, tokens: Infinity, tokensAt: 0 };

/** A provider that said "too many" is not asked again for that rate so long. */
const CEILING_MS = 10 * 60_000;
/** So far below it we stay meanwhile. */
const BELOW = 0.9;
/** Refusals in so short a while belong together. The first is answered by the rest alone, the second leaves so much, the third is serious. */
const SOON_MS = 60_000;
const SECOND = 0.97;
/** The share of the full limit at which a refusal may be chance. */
const NEARLY_ALL = 0.95;
/** Shares of the whole limit won back each second: after an outage, and where the provider has shown a ceiling. */
const REGAINS = { ramp: 0.02, careful: 0.002 };
/** The share a channel begins with after an outage. */
const RAMP_FROM = 0.25;

/** Calls per window that are allowed now: the limit's, or less where the provider wants less. */
export function rateNow(state: Rate, limit: Limit, nowMs: number): number {
  const { rate, ceiling } = state;
  if (rate === null) return limit.max;
  const perMs = (limit.max * (ceiling === null ? REGAINS.ramp : REGAINS.careful)) / 1_000;
  const trusted = ceiling === null ? state.rateAt : Math.max(state.rateAt, Math.min(nowMs, state.ceilingAt + state.ceilingMs));
  const below = ceiling === null ? rate : Math.max(rate, Math.min(BELOW * ceiling, rate + perMs * (trusted - state.rateAt)));
  return Math.min(limit.max, below + perMs * Math.max(0, nowMs - trusted));
}

/**
 * The provider said "too many". At the full limit a first refusal may be a few calls that travelled unevenly: it lowers nothing,
 * a second within a minute a little for a minute. Any other: down to a little less than what the provider bore, at most by half,
 * for ten minutes. Counted once per window, however many calls were refused together. Null: it has been counted just now.
 */
export function lowered(state: Rate, limit: Limit, now: Date): Partial<Rate> | null {
  const nowMs = now.getTime();
  if (nowMs - state.refusedAt < limit.windowMs) return null;
  const refusedOften = nowMs - state.refusedAt <= SOON_MS ? state.refusedOften + 1 : 1;
  const refused = { refusedAt: nowMs, refusedOften };
  const allowed = rateNow(state, limit, nowMs);
  const near = allowed >= NEARLY_ALL * limit.max;
  if (near && refusedOften === 1) return refused;
  if (near && refusedOften === 2) return { ...refused, rate: Math.max(1, SECOND * allowed), rateAt: nowMs, ceiling: Math.max(1, allowed), ceilingAt: nowMs, ceilingMs: SOON_MS };
  const bore = Math.min(allowed, Math.max(1, begunIn(state, limit, nowMs)));
  const rate = Math.max(1, 0.5 * allowed, BELOW * bore);
  return { ...refused, rate, rateAt: nowMs, ceiling: rate / BELOW, ceilingAt: nowMs, ceilingMs: CEILING_MS };
}

/** Back after an outage: slowly, so that what waited does not come as a flood. */
export const ramped = (limit: Limit, now: Date): Partial<Rate> =>
  ({ rate: Math.max(1, limit.max * RAMP_FROM), rateAt: now.getTime(), ceiling: null, ceilingAt: 0, ceilingMs: 0, tokens: 0, tokensAt: now.getTime() });

/** Calls begun in the window that ends then. */
export const begunIn = ({ grants }: Rate, { windowMs }: Limit, endMs: number): number =>
  grants.reduce((sum, [at, n]) => (at > endMs - windowMs && at <= endMs ? sum + n : sum), 0);
