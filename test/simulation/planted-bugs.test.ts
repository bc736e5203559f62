import { expect, test } from 'vitest';
import { plantedBugs } from './planted-bugs.js';
import { simulate } from './simulate.js';

/** Within so many seeds each planted bug has to be seen; the one that saw it last is tried first. */
const SEEDS = 100;
const MESSAGES = 25;

const order = (likely: number): number[] => [...new Set([likely, ...Array.from({ length: SEEDS }, (_, i) => i + 1)])];

test.each(plantedBugs.map((bug) => [bug.name, bug] as const))('the simulation sees a planted bug: %s', async (_name, bug) => {
  let seenAt: number | null = null;
  for (const seed of order(bug.likely)) {
    const { violations } = await simulate(seed, bug.messages ?? MESSAGES, bug.seams);
    if (!violations.some(({ rule }) => bug.breaks.includes(rule))) continue;
    seenAt = seed;
    break;
  }
  expect(seenAt, `${bug.mistake}: not one of ${SEEDS} seeds breaks ${bug.breaks.join(' or ')}`).not.toBeNull();
}, 600_000);

/** The seeds of the list, each once. */
const usual = (): [number, number][] => [...new Set(plantedBugs.filter((bug) => !bug.messages).map(({ likely }) => likely))].map((seed) => [seed, MESSAGES]);

test('without a planted bug those seeds are clean', async () => {
  const found = [];
  for (const [seed, messages] of usual()) found.push(...(await simulate(seed, messages)).violations);
  expect(found).toEqual([]);
}, 600_000);
