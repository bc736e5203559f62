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
  /** Calls that may leave at once, of a limit with a pace, as of `tokensAt`. */
  tokens: number;
  tokensAt: number;
}

/** Calls of urgent matters and of the others. */
export interface Calls {
  urgent: number;
  ordinary: number;
}

export const freshRate: Rate = { grants: [], rate: null, rateAt: 0, ceiling: null, ceilingAt: 0, tokens: Infinity, tokensAt: 0 };

/** A provider that said "too many" is not asked again for that rate so long. */
const CEILING_MS = 10 * 60_000;
/** So far below it we stay meanwhile. */
const BELOW = 0.9;
/** What is left after a first refusal, and how soon another one makes it serious. */
const FIRST = 0.97;
const SOON_MS = 60_000;
/** Shares of the whole limit won back each second: after an outage, and where the provider has shown a ceiling. */
const REGAINS = { ramp: 0.02, careful: 0.002 };
/** The share a channel begins with after an outage. */
const RAMP_FROM = 0.25;

/** Calls per window that are allowed now: the limit's, or less where the provider wants less. */
export function rateNow(state: Rate, limit: Limit, nowMs: number): number {
  const { rate, ceiling } = state;
  if (rate === null) return limit.max;
  const perMs = (limit.max * (ceiling === null ? REGAINS.ramp : REGAINS.careful)) / 1_000;
  const trusted = ceiling === null ? state.rateAt : Math.max(state.rateAt, Math.min(nowMs, state.ceilingAt + CEILING_MS));
  const below = ceiling === null ? rate : Math.max(rate, Math.min(BELOW * ceiling, rate + perMs * (trusted - state.rateAt)));
  return Math.min(limit.max, below + perMs * Math.max(0, nowMs - trusted));
}

/** Calls of a limit with a pace are granted so long before they begin: what has to be written first does not cost them their place. */
export const AHEAD_MS = 150;

/** Whoever fell behind may follow a little closer than the pace, never in a bunch. */
const CATCH_UP = 0.8;

/** How many calls may be granted now: urgent ones, and the others, which leave the urgent share alone and keep the pace. Negative: overdrawn. */
export function roomIn(state: Rate, limit: Limit, now: Date): Calls {
  const nowMs = now.getTime();
  const max = Math.max(1, Math.floor(rateNow(state, limit, nowMs)));
  const used = usedIn(state, limit, nowMs);
  const ordinary = limit.burst === undefined ? ordinaryMax(max, limit) - used : places(state, limit, nowMs, max).filter((at) => at <= nowMs + AHEAD_MS).length;
  return { urgent: max - used, ordinary };
}

/** Milliseconds until so many ordinary calls may be granted together, by the limit alone; 0: now. */
export function roomInMs(state: Rate, limit: Limit, now: Date, calls: number): number {
  const nowMs = now.getTime();
  const cap = ordinaryMax(Math.max(1, Math.floor(rateNow(state, limit, nowMs))), limit);
  const wanted = Math.min(calls, cap);
  if (limit.burst !== undefined) return Math.max(0, Math.ceil((places(state, limit, nowMs, wanted).at(-1) ?? nowMs) - AHEAD_MS - nowMs));
  let used = usedIn(state, limit, nowMs);
  let free = nowMs;
  for (const [at, n] of state.grants) {
    if (used + wanted <= cap) break;
    if (at <= nowMs - limit.windowMs) continue;
    used -= n;
    free = at + limit.windowMs;
  }
  return Math.max(0, free - nowMs);
}

/**
 * The moments at which the next ordinary calls of a limit with a pace may begin, soonest first. A few may begin together only
 * after a quiet while: a bunch would come back each time the window lets it, and calls never travel alike.
 */
function places(state: Rate, limit: Limit, nowMs: number, calls: number): number[] {
  const rate = rateNow(state, limit, nowMs);
  const cap = ordinaryMax(Math.max(1, Math.floor(rate)), limit);
  const msPerCall = limit.windowMs / (rate * (1 - limit.urgentShare));
  // One entry per call, oldest first.
  const begun = state.grants.flatMap(([at, n]) => Array.from({ length: n }, () => at)).sort((a, b) => a - b);
  const tokens = tokensNow(state, limit, nowMs);
  const quiet = (begun.at(-1) ?? 0) <= nowMs - limit.windowMs || begun.length < (limit.burst ?? 0);
  const found: number[] = [];
  for (let i = 0; i < calls; i++) {
    const even = quiet && begun.length < (limit.burst ?? 0) ? nowMs : (begun.at(-1) ?? nowMs) + CATCH_UP * msPerCall;
    const byPace = Math.max(even, nowMs + Math.max(0, i + 1 - tokens) * msPerCall);
    const byWindow = (begun[begun.length - cap] ?? -Infinity) + limit.windowMs;
    const at = Math.max(nowMs, byPace, byWindow);
    begun.push(at);
    found.push(at);
  }
  return found;
}

/** When granted calls begin (milliseconds since the epoch, the urgent ones first and at once), and what is remembered of them. */
export function granted(state: Rate, limit: Limit, now: Date, calls: Calls): { starts: number[]; kept: Pick<Rate, 'grants' | 'tokens' | 'tokensAt'> } {
  const nowMs = now.getTime();
  const grants = state.grants.filter(([at]) => at > nowMs - limit.windowMs);
  const wanted = calls.urgent + calls.ordinary;
  if (limit.burst === undefined) return { starts: Array.from({ length: wanted }, () => nowMs), kept: { grants: [...grants, [nowMs, wanted]], tokens: 0, tokensAt: nowMs } };
  const tokens = tokensNow(state, limit, nowMs);
  const each = (starts: readonly number[]): [number, number][] => starts.map((at) => [at, 1]);
  const atOnce = Array.from({ length: calls.urgent }, () => nowMs);
  const after = { ...state, grants: [...grants, ...each(atOnce)], tokens: tokens - calls.urgent, tokensAt: nowMs };
  const starts = [...atOnce, ...places(after, limit, nowMs, calls.ordinary)];
  // Urgent calls overdraw the pace a little; they do not stop it for long.
  const least = -limit.burst - (AHEAD_MS * limit.max) / limit.windowMs;
  return { starts, kept: { grants: [...grants, ...each(starts)].sort(([a], [b]) => a - b), tokens: Math.max(least, tokens - wanted), tokensAt: nowMs } };
}

/**
 * The provider said "too many": the first time a little less; again within a minute, down to a little less than what it bore
 * and at most by half. Once per window, however many calls were refused together. Null: it has been lowered just now.
 */
export function lowered(state: Rate, limit: Limit, now: Date): Pick<Rate, 'rate' | 'rateAt' | 'ceiling' | 'ceilingAt'> | null {
  const nowMs = now.getTime();
  if (state.ceiling !== null && nowMs - state.ceilingAt < limit.windowMs) return null;
  const allowed = rateNow(state, limit, nowMs);
  // A first refusal may be a few calls that travelled unevenly; a second one soon after means what it says.
  if (state.ceiling === null || nowMs - state.ceilingAt > SOON_MS) return { rate: Math.max(1, FIRST * allowed), rateAt: nowMs, ceiling: Math.max(1, allowed), ceilingAt: nowMs };
  const bore = Math.min(allowed, Math.max(1, usedIn(state, limit, nowMs)));
  const rate = Math.max(1, 0.5 * allowed, BELOW * bore);
  return { rate, rateAt: nowMs, ceiling: rate / BELOW, ceilingAt: nowMs };
}

/** Back after an outage: slowly, so that what waited does not come as a flood. */
export const ramped = (limit: Limit, now: Date): Omit<Rate, 'grants'> =>
  ({ rate: Math.max(1, limit.max * RAMP_FROM), rateAt: now.getTime(), ceiling: null, ceilingAt: 0, tokens: 0, tokensAt: now.getTime() });

const ordinaryMax = (max: number, limit: Limit): number => Math.max(1, Math.floor(max * (1 - limit.urgentShare) + 1e-9));

const usedIn = (state: Rate, limit: Limit, nowMs: number): number =>
  state.grants.reduce((sum, [at, n]) => (at > nowMs - limit.windowMs ? sum + n : sum), 0);

function tokensNow(state: Rate, limit: Limit, nowMs: number): number {
  const perMs = (rateNow(state, limit, nowMs) * (1 - limit.urgentShare)) / limit.windowMs;
  // Stored without a number (JSON and BSON know no infinity): as many as fit.
  const before = Number.isFinite(state.tokens) ? state.tokens : Infinity;
  return Math.min(limit.burst ?? Infinity, before + perMs * Math.max(0, nowMs - state.tokensAt));
}
