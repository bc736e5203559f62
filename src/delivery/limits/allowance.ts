import type { Limit } from '../policy.js';
import { begunIn, rateNow, type Rate } from './rate.js';

/** Calls of urgent matters and of the others. */
export interface Calls {
  urgent: number;
  ordinary: number;
}

/** Calls of a limit with a pace are granted so long before they begin: what has to be written first does not cost them their place. */
export const AHEAD_MS = 250;

/** Whoever fell behind may follow a little closer than the pace, never in a bunch. */
const CATCH_UP = 0.8;

/** A granted call that began when it did, milliseconds since the epoch. */
export interface Begun {
  granted: number;
  begun: number;
}

/** What is remembered, with the calls that began later than granted at their true moments: the provider counts those. */
export function withTrueStarts<S extends Rate>(state: S, late: readonly Begun[]): S {
  if (late.length === 0) return state;
  const left = [...late];
  const grants = state.grants.map(([at, n]): [number, number] => {
    const i = n === 1 ? left.findIndex(({ granted }) => granted === at) : -1;
    return i < 0 ? [at, n] : [left.splice(i, 1)[0]?.begun ?? at, n];
  });
  return { ...state, grants: grants.sort(([a], [b]) => a - b) };
}

/** How many calls may be granted now: urgent ones, and the others, which leave the urgent share alone and keep the pace. Negative: overdrawn. */
export function roomIn(state: Rate, limit: Limit, now: Date): Calls {
  const nowMs = now.getTime();
  const max = Math.max(1, Math.floor(rateNow(state, limit, nowMs)));
  const used = usedIn(state, limit, nowMs);
  const ordinary = limit.burst === undefined ? ordinaryMax(max, limit) - used : places(state, limit, nowMs, max).filter((at) => at <= nowMs + AHEAD_MS).length;
  return { urgent: max - fullest(state, limit, nowMs), ordinary };
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

const ordinaryMax = (max: number, limit: Limit): number => Math.max(1, Math.floor(max * (1 - limit.urgentShare) + 1e-9));

/** Calls granted since the window began, those that begin in a moment among them. */
const usedIn = (state: Rate, limit: Limit, nowMs: number): number =>
  state.grants.reduce((sum, [at, n]) => (at > nowMs - limit.windowMs ? sum + n : sum), 0);

/** Calls in the fullest window that a call beginning now would be part of. */
function fullest(state: Rate, limit: Limit, nowMs: number): number {
  const ends = [nowMs, ...state.grants.flatMap(([at]) => (at > nowMs ? [at] : []))];
  return Math.max(...ends.map((end) => begunIn(state, limit, end)));
}

function tokensNow(state: Rate, limit: Limit, nowMs: number): number {
  const perMs = (rateNow(state, limit, nowMs) * (1 - limit.urgentShare)) / limit.windowMs;
  // Stored without a number (JSON and BSON know no infinity): as many as fit.
  const before = Number.isFinite(state.tokens) ? state.tokens : Infinity;
  return Math.min(limit.burst ?? Infinity, before + perMs * Math.max(0, nowMs - state.tokensAt));
}
