import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Ctx } from '../../src/context.js';
import { withTrueStarts, type Begun } from '../../src/delivery/limits/allowance.js';
import { freshRate, rateNow } from '../../src/delivery/limits/rate.js';
import { channelFailed, channelWorks, openingInMs, openingsOf, readChannels, takeCalls, tooManyCalls, type ChannelState } from '../../src/delivery/limits/channel-state.js';
import type { DrainRun } from '../../src/delivery/outbox/drain-run.js';
import { outlookOf } from '../../src/delivery/outbox/room.js';
import { defaultPolicy, type Limit } from '../../src/delivery/policy.js';
import { TestClock } from '../support/test-clock.js';

const telegram = defaultPolicy.limits.telegram;
const START = Date.UTC(2026, 10, 23, 1);

/** The shared record of channels in memory, and a clock. */
function house(): { ctx: Ctx; clock: TestClock; state(): Promise<ChannelState> } {
  const clock = new TestClock(new Date(START));
  let record: { _id: string; value: { rev: number }; updatedAt?: Date } | null = null;
  const State = {
    find: () => ({ lean: async () => (record ? [record] : []) }),
    findById: () => ({ lean: () => ({ exec: async () => record }) }),
    create: async (given: typeof record) => void (record = given),
    updateOne: async (filter: { 'value.rev': number }, { $set }: { $set: { value: { rev: number }; updatedAt: Date } }) => {
      if (record?.value.rev !== filter['value.rev']) return { matchedCount: 0 };
      record = { ...record, ...$set };
      return { matchedCount: 1 };
    },
  };
  const ctx = { clock, db: { State } } as unknown as Ctx;
  return { ctx, clock, state: async () => (await readChannels(ctx, ['telegram'])).get('telegram') as ChannelState };
}

const freshState: ChannelState = { ...freshRate, rev: 1, restsUntil: 0, hard: false, strikes: 0, failures: 0, broken: false };

interface Second {
  calls: number;
  refused: number;
}

/** Instances that always have something to send, for so many seconds, at a provider that counts in a sliding second and answers after 100 ms. */
async function herd(seconds: number, hiddenLimit: (second: number) => number, limit: Limit = telegram, instances = 2, standsStill: (ms: number) => boolean = () => false): Promise<Second[]> {
  const { ctx, clock, state } = house();
  const taken: number[] = [];
  const refusals: number[] = [];
  const due: number[] = [];
  const seen: Second[] = [];
  let late: Begun[] = [];
  const looks = Array.from({ length: instances }, (_, i) => i * 30);
  for (let ms = 0; ms < seconds * 1_000; ms += 10) {
    const second = Math.floor(ms / 1_000);
    const tally = (seen[second] ??= { calls: 0, refused: 0 });
    while ((refusals[0] ?? Infinity) <= ms) {
      refusals.shift();
      await tooManyCalls(ctx, 'telegram', 1_000, limit);
    }
    for (let i = 0; i < instances && !standsStill(ms); i++) {
      if (ms < (looks[i] ?? 0)) continue;
      due.push(...(await takeCalls(ctx, 'telegram', { urgent: 0, ordinary: 20 }, limit, withTrueStarts(await state(), late))).starts);
      looks[i] = ms + Math.max(5, openingInMs(await state(), limit, clock.now()));
    }
    due.sort((a, b) => a - b);
    while (!standsStill(ms) && (due[0] ?? Infinity) <= START + ms) {
      const granted = due.shift() ?? 0;
      if (START + ms - granted >= 5) late = [...late.filter(({ begun }) => begun > START + ms - 2_000), { granted, begun: START + ms }];
      // Granted before the provider asked for a rest: it goes back.
      if ((await state()).restsUntil > START + ms) continue;
      while ((taken[0] ?? Infinity) <= ms - 1_000) taken.shift();
      tally.calls++;
      if (taken.length < hiddenLimit(second)) taken.push(ms);
      else {
        tally.refused++;
        refusals.push(ms + 100);
      }
    }
    clock.set(new Date(START + ms + 10));
  }
  return seen;
}

const sum = (seconds: readonly Second[], what: keyof Second): number => seconds.reduce((total, one) => total + one[what], 0);

describe('the limit of a channel', () => {
  test.each([[1], [2], [3]])('thousands waiting at a provider that bears 30 a second, %i instances: within 5 % of its own time, and never too many', async (instances) => {
    const seconds = await herd(120, () => 30, telegram, instances);
    expect(sum(seconds, 'refused')).toBe(0);
    expect(sum(seconds, 'calls')).toBeGreaterThan((120 * 30) / 1.05);
  });

  test('the process stands still for a quarter of a second now and then: what it begins late is counted when it begins, and nothing is refused', async () => {
    const seconds = await herd(120, () => 30, telegram, 1, (ms) => ms % 3_300 < 250);
    expect(sum(seconds, 'refused')).toBe(0);
    expect(sum(seconds, 'calls')).toBeGreaterThan((120 * 30) / 1.15);
  });

  test('stray refusals cost little, and are forgotten within two minutes', async () => {
    const { ctx, clock, state } = house();
    await tooManyCalls(ctx, 'telegram', 1_000, telegram);
    expect(rateNow(await state(), telegram, clock.now().getTime())).toBe(30);
    clock.advance({ seconds: 30 });
    await tooManyCalls(ctx, 'telegram', 1_000, telegram);
    expect(rateNow(await state(), telegram, clock.now().getTime())).toBeCloseTo(29.1);
    clock.advance({ minutes: 2 });
    expect(rateNow(await state(), telegram, clock.now().getTime())).toBe(30);
  });

  test('the hidden limit falls from 30 to 10: few are refused in the first minute, hardly any later; when it is lifted we come back', async () => {
    const seconds = await herd(3_600, (second) => (second < 60 || second > 1_800 ? 30 : 10));
    const [fall, then, back] = [seconds.slice(60, 120), seconds.slice(120, 1_800), seconds.slice(2_700, 3_600)];
    expect(sum(fall, 'refused') / sum(fall, 'calls')).toBeLessThanOrEqual(0.05);
    expect(sum(then, 'refused') / sum(then, 'calls')).toBeLessThanOrEqual(0.001);
    // Not starved either: most of what it bears.
    expect(sum(then, 'calls')).toBeGreaterThan(0.8 * 10 * then.length);
    expect(sum(back, 'calls')).toBeGreaterThan(25 * back.length);
  }, 60_000);

  test('calls refused together lower the rate once, not once each', async () => {
    const { ctx, clock, state } = house();
    await takeCalls(ctx, 'telegram', { urgent: 30, ordinary: 0 }, telegram);
    for (let i = 0; i < 10; i++) await tooManyCalls(ctx, 'telegram', 2_000, telegram);
    expect(await state()).toMatchObject({ rate: null, refusedOften: 1 });
    clock.advance({ seconds: 10 });
    for (let i = 0; i < 10; i++) await tooManyCalls(ctx, 'telegram', 2_000, telegram);
    expect((await state()).rate).toBeCloseTo(0.97 * 30);
    clock.advance({ seconds: 10 });
    for (let i = 0; i < 10; i++) await tooManyCalls(ctx, 'telegram', 2_000, telegram);
    expect((await state()).rate).toBeLessThan(0.6 * 30);
  });

  test('while the provider wants a pause nobody calls, urgent or not; afterwards urgent matters find room', async () => {
    const { ctx, clock } = house();
    await tooManyCalls(ctx, 'telegram', 2_000, telegram);
    clock.advance({ ms: 1_999 });
    expect(await takeCalls(ctx, 'telegram', { urgent: 5, ordinary: 5 }, telegram)).toMatchObject({ urgent: 0, ordinary: 0 });
    clock.advance({ ms: 1 });
    expect((await takeCalls(ctx, 'telegram', { urgent: 5, ordinary: 5 }, telegram)).urgent).toBe(5);
  });

  test('more urgent calls than there is room for: the places granted ahead are not given to ordinary ones', async () => {
    for (const urgentBefore of [0, 5, 10, 20]) {
      for (let gap = 0; gap <= 900; gap += 60) {
        const { ctx, clock } = house();
        for (let ms = 0; ms < 1_200; ms += 50) {
          await takeCalls(ctx, 'telegram', { urgent: 0, ordinary: 20 }, telegram);
          clock.advance({ ms: 50 });
        }
        await takeCalls(ctx, 'telegram', { urgent: urgentBefore, ordinary: 0 }, telegram);
        clock.advance({ ms: gap });
        const given = await takeCalls(ctx, 'telegram', { urgent: 31, ordinary: 20 }, telegram);
        expect(given.urgent).toBeLessThan(31);
        expect(given.ordinary, `${urgentBefore} urgent ones ${gap} ms before`).toBe(0);
      }
    }
  });

  test('the clock is set back by an hour: limits and rests go on from where they were, nobody waits for the hour to come again', async () => {
    const { ctx, clock, state } = house();
    await takeCalls(ctx, 'telegram', { urgent: 1, ordinary: 20 }, telegram);
    await tooManyCalls(ctx, 'telegram', 5_000, telegram);
    clock.advance({ hours: -1 });
    expect((await takeCalls(ctx, 'telegram', { urgent: 1, ordinary: 5 }, telegram)).starts).toEqual([]);
    clock.advance({ seconds: 6 });
    const { urgent, ordinary } = await takeCalls(ctx, 'telegram', { urgent: 1, ordinary: 5 }, telegram);
    expect([urgent, ordinary > 0]).toEqual([1, true]);
    expect((await state()).restsUntil).toBeLessThanOrEqual(clock.now().getTime());
  });

  test('whatever was granted lately, a channel without room is remembered as full: a run never ends with work it could do in a moment', () => {
    const grant = fc.integer({ min: -1_100, max: 250 });
    fc.assert(fc.property(fc.array(grant, { maxLength: 45 }), fc.integer({ min: 1, max: 30 }), (moments, rate) => {
      const grants = moments.sort((a, b) => a - b).map((ms): [number, number] => [START + ms, 1]);
      const state: ChannelState = { ...freshState, grants, rate, rateAt: START, ceiling: rate, ceilingAt: START, ceilingMs: 60_000 };
      const run = { ctx: { clock: new TestClock(new Date(START)) }, policy: defaultPolicy, atLimit: new Set(), roomFor: () => ({ urgent: 24, ordinary: 16 }) } as unknown as DrainRun;
      const { rooms } = outlookOf(run, new Map([['telegram', state]]));
      expect(rooms.get('telegram')?.ordinary ?? 0).toBeGreaterThan(run.atLimit.has('telegram') ? -1 : 0);
    }));
  });

  test('an urgent call finds its reserved place at once, however many ordinary ones were granted ahead', async () => {
    const { ctx, clock, state } = house();
    for (let ms = 0; ms < 5_000; ms += 20, clock.advance({ ms: 20 })) {
      await takeCalls(ctx, 'telegram', { urgent: 0, ordinary: 20 }, telegram);
      if (ms % 1_500 === 0) expect((await takeCalls(ctx, 'telegram', { urgent: 1, ordinary: 0 }, telegram)).urgent, `after ${ms} ms`).toBe(1);
    }
    expect((await state()).grants.filter(([at]) => at > clock.now().getTime() - 1_000 && at <= clock.now().getTime()).length).toBeLessThanOrEqual(30);
  });

  test('whatever is wanted and whenever, no window sees more than the limit, and ordinary ones leave the urgent share alone', async () => {
    const limit: Limit = { max: 10, windowMs: 1_000, urgentShare: 0.2 };
    const step = fc.record({ ms: fc.integer({ min: 0, max: 700 }), urgent: fc.integer({ min: 0, max: 12 }), ordinary: fc.integer({ min: 0, max: 12 }) });
    await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const { ctx, clock } = house();
      const log: { at: number; urgent: number; ordinary: number }[] = [];
      for (const { ms, ...wanted } of steps) {
        clock.advance({ ms });
        const given = await takeCalls(ctx, 'telegram', wanted, limit);
        const at = clock.now().getTime();
        log.push({ at, ...given });
        const recent = log.filter((one) => one.at > at - 1_000);
        expect(recent.reduce((n, one) => n + one.urgent + one.ordinary, 0)).toBeLessThanOrEqual(10);
        if (given.ordinary > 0) expect(recent.reduce((n, one) => n + one.urgent + one.ordinary, 0)).toBeLessThanOrEqual(8 + given.urgent);
      }
    }));
  });
});

describe('a channel that is down', () => {
  const breaker = defaultPolicy.breaker;
  const want = { urgent: 3, ordinary: 10 };

  test('it rests after five failures in a row; then one call a minute over all instances tries it; it comes back slowly', async () => {
    const { ctx, clock, state } = house();
    const fails = () => channelFailed(ctx, 'telegram', breaker);
    for (let i = 0; i < 4; i++) expect(await fails()).toBe(false);
    expect(await fails()).toBe(true);
    let tried = 0;
    for (let second = 0; second < 600; second++) {
      const { urgent, ordinary } = await takeCalls(ctx, 'telegram', want, telegram);
      tried += urgent + ordinary;
      if (urgent + ordinary > 0) await fails();
      clock.advance({ seconds: 1 });
    }
    expect(tried).toBeGreaterThanOrEqual(8);
    expect(tried).toBeLessThanOrEqual(10);
    clock.advance({ minutes: 1 });
    expect(await takeCalls(ctx, 'telegram', want, telegram)).toMatchObject({ urgent: 1, ordinary: 0 });
    await channelWorks(ctx, 'telegram', telegram);
    let [first, all] = [0, 0];
    for (let ms = 0; ms < 90_000; ms += 100) {
      const { ordinary } = await takeCalls(ctx, 'telegram', { urgent: 0, ordinary: 100 }, telegram);
      if (ms < 1_000) first += ordinary;
      if (ms >= 60_000) all += ordinary;
      clock.advance({ ms: 100 });
    }
    expect(first).toBeLessThanOrEqual(10);
    expect(all).toBeGreaterThan(25 * 30);
    expect(await state()).toMatchObject({ broken: false, failures: 0 });
  });

  test('a success in between counts: failures now and then do not shut it', async () => {
    const { ctx, state } = house();
    for (let i = 0; i < 50; i++) {
      if (i % 5 === 4) await channelWorks(ctx, 'telegram', telegram);
      else expect(await channelFailed(ctx, 'telegram', breaker)).toBe(false);
    }
    expect((await state()).broken).toBe(false);
  });

  test('a resting channel has no openings', async () => {
    const { ctx, clock, state } = house();
    for (let i = 0; i < 5; i++) await channelFailed(ctx, 'telegram', breaker);
    expect(openingsOf(await state(), telegram, clock.now())).toMatchObject({ urgent: 0, ordinary: 0 });
  });
});
