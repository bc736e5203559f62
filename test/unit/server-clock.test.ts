import { expect, test, vi } from 'vitest';
import { ServerClock } from '../../src/db/server-clock.js';

const machine = (aheadMs: number) => ({ now: () => new Date(Date.UTC(2026, 10, 20, 1) + aheadMs) });
const server = new Date(Date.UTC(2026, 10, 20, 1));
const log = () => ({ warn: vi.fn() });
/** Within a second: what a look at a clock costs. */
const about = (date: Date, expected: Date) => Math.abs(date.getTime() - expected.getTime()) < 1_000;

test.each([[-600_000], [0], [600_000]])('a machine whose clock is wrong by %i ms goes by the server', async (wrong) => {
  const clock = new ServerClock(async () => ({ localTime: server }), log(), machine(wrong));
  await clock.sync();
  expect(about(clock.now(), server)).toBe(true);
});

test('a server that does not tell its time: the machine, and one warning', async () => {
  const { warn } = log();
  const clock = new ServerClock(async () => ({ ok: 1 }), { warn }, machine(5_000));
  await clock.sync();
  await clock.sync();
  expect(clock.now()).toEqual(machine(5_000).now());
  expect(warn).toHaveBeenCalledTimes(1);
});

test('a server out of reach: sync does not fail, and what is known goes on', async () => {
  let reach = true;
  const clock = new ServerClock(async () => { if (!reach) throw new Error('gone'); return { localTime: server }; }, log(), machine(600_000));
  await clock.sync();
  reach = false;
  await clock.sync();
  expect(about(clock.now(), server)).toBe(true);
});

test('the first look is lost on the way: it is repeated at once, and the machine’s clock is never believed', async () => {
  let looks = 0;
  const clock = new ServerClock(async () => { if (++looks < 3) throw new Error('gone'); return { localTime: server }; }, log(), machine(600_000));
  await clock.begin();
  expect(looks).toBe(3);
  expect(about(clock.now(), server)).toBe(true);
});

/** A process whose own milliseconds stand at `ms`, and a server that knows the true time; `stops`: the process stands still so long before it hears the answer. */
function stopped() {
  const at = { ms: 0, stops: 0 };
  const clock = new ServerClock(async () => {
    const localTime = new Date(server.getTime() + at.ms);
    at.ms += at.stops + 2;
    return { localTime };
  }, log(), machine(600_000), () => at.ms);
  const wrongBy = () => Math.abs(clock.now().getTime() - server.getTime() - at.ms);
  return { at, clock, wrongBy };
}

test('stands still for a minute in a look: what it knew before is better', async () => {
  const { at, clock, wrongBy } = stopped();
  await clock.begin();
  for (const [after, stops] of [[11_000, 60_000], [600_000, 60_000]] as const) {
    at.ms += after;
    at.stops = stops;
    await clock.sync();
    expect(wrongBy()).toBeLessThan(10);
  }
});

test('stands still for a minute in its first look: it looks again before it works', async () => {
  const { at, clock, wrongBy } = stopped();
  at.stops = 60_000;
  const begun = clock.begin();
  at.stops = 0;
  await begun;
  expect(wrongBy()).toBeLessThan(10);
});
