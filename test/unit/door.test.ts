import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lateCalls, throughDoor, toDoor } from '../../src/delivery/outbox/door.js';
import type { DrainRun } from '../../src/delivery/outbox/drain-run.js';
import { defaultPolicy } from '../../src/delivery/policy.js';
import { TestClock } from '../support/test-clock.js';

const START = Date.UTC(2026, 10, 23, 1);
const { max, windowMs } = defaultPolicy.limits.telegram;

/** A call as it was granted, how long it is kept from the door, and how long the write before it takes; milliseconds. */
interface Call {
  granted: number;
  heldUp: number;
  write: number;
}

/** Calls at the door on a clock that jumps from event to event; timers fire up to `lag` late. When each began, in milliseconds after the start. */
async function beginnings(calls: readonly Call[], lag: (n: number) => number): Promise<{ begun: number[]; run: DrainRun }> {
  const clock = new TestClock(new Date(START));
  const events: { at: number; act: () => void }[] = [];
  let timers = 0;
  const timeout = (ms: number): AbortSignal => {
    const over = new AbortController();
    events.push({ at: clock.now().getTime() + ms + lag(timers++), act: () => over.abort() });
    return over.signal;
  };
  const run = { ctx: { clock }, policy: defaultPolicy, timeout, states: new Map(), begun: new Map() } as unknown as DrainRun;
  const begun: number[] = [];
  const goes = async ({ granted, write }: Call): Promise<void> => {
    const place = await toDoor(run, 'telegram', START + granted);
    await new Promise<void>((resolve) => events.push({ at: clock.now().getTime() + write, act: resolve }));
    if (place) await throughDoor(run, place);
    begun.push(clock.now().getTime() - START);
  };
  for (const one of calls) events.push({ at: START + Math.max(0, one.granted - 200) + one.heldUp, act: () => void goes(one) });
  while (events.length > 0) {
    events.sort((a, b) => a.at - b.at);
    const next = events.shift();
    if (!next) break;
    if (next.at > clock.now().getTime()) clock.set(new Date(next.at));
    next.act();
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  }
  return { begun: begun.sort((a, b) => a - b), run };
}

/** The most calls in any second. */
const fullestSecond = (begun: readonly number[]): number => Math.max(0, ...begun.map((at) => begun.filter((other) => other > at - windowMs && other <= at).length));

const call = fc.record({ granted: fc.integer({ min: 0, max: 5_000 }), heldUp: fc.integer({ min: 0, max: 900 }), write: fc.integer({ min: 0, max: 400 }) });

describe('the door: calls of a limit with a pace begin when they may', () => {
  test('whatever was held up and however late timers fire: never more in a second than the provider bears, and all get through', () =>
    fc.assert(fc.asyncProperty(fc.array(call, { maxLength: 150 }), fc.array(fc.nat(20), { minLength: 1, maxLength: 7 }), async (calls, lags) => {
      const { begun } = await beginnings(calls, (n) => lags[n % lags.length] ?? 0);
      expect(begun).toHaveLength(calls.length);
      expect(fullestSecond(begun)).toBeLessThanOrEqual(max);
    }), { numRuns: 100 }));

  test('calls in pace are not held up', async () => {
    const granted = Array.from({ length: 90 }, (_, i) => 250 + Math.round((i * 1_000) / 29));
    const { begun } = await beginnings(granted.map((at) => ({ granted: at, heldUp: 0, write: 3 })), () => 0);
    expect(begun).toEqual(granted);
  });

  test('what began late is told to the limit, what was punctual is not', async () => {
    const { run } = await beginnings([{ granted: 0, heldUp: 0, write: 0 }, { granted: 40, heldUp: 300, write: 2 }], () => 0);
    expect(lateCalls(run, 'telegram')).toEqual([{ granted: START + 40, begun: START + 302 }]);
  });

  test('a limit without a pace has no door', async () => {
    const run = { ctx: { clock: new TestClock(new Date(START)) }, policy: defaultPolicy, timeout: () => expect.unreachable('nobody waits'), states: new Map(), begun: new Map() } as unknown as DrainRun;
    for (let n = 0; n < 200; n++) expect(toDoor(run, 'zalo')).toBeNull();
    expect(run.begun.size).toBe(0);
  });
});
