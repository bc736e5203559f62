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
