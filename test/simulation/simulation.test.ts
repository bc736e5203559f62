import { expect, test } from 'vitest';
import { keepSeed, keptSeeds } from './seeds.js';
import { simulate, type Outcome } from './simulate.js';

const SEEDS = 200;
const SHARE = 25;
const MESSAGES = 25;

const story = ({ seed, violations }: Outcome): string => `seed ${seed}: ${violations.map(({ at, rule, what }) => `${at} ${rule}: ${what}`).slice(0, 3).join(' | ')}`;

/** Each share of the seeds has its own patience: a machine that others load is slow. */
const shares = Array.from({ length: SEEDS / SHARE }, (_, i) => [1 + i * SHARE, (i + 1) * SHARE] as const);

const all = { seeds: 0, sent: 0 };

test.each(shares)('the whole engine under faults, seeds %i to %i: nothing lost, nothing twice, nothing at the wrong time', async (from, to) => {
  const failed: string[] = [];
  for (let seed = from; seed <= to; seed++) {
    const outcome = await simulate(seed, MESSAGES);
    all.seeds++;
    all.sent += outcome.sent;
    const [first] = outcome.violations;
    if (!first) continue;
    failed.push(story(outcome));
    keepSeed({ seed, messages: MESSAGES, found: `${first.rule}: ${first.what}`.slice(0, 200) });
  }
  expect(failed, 'run one with: npm run simulate -- --from <seed> --seeds 1 --messages 25').toEqual([]);
}, 600_000);

test('most of what was asked for was sent', () => {
  expect(all.sent).toBeGreaterThanOrEqual(all.seeds * MESSAGES * 0.8);
});

test('seeds that once found something find nothing any more', async () => {
  const outcomes = [];
  for (const { seed, messages } of keptSeeds()) outcomes.push(await simulate(seed, messages));
  expect(outcomes.filter(({ violations }) => violations.length > 0).map(story)).toEqual([]);
}, 600_000);

test('the same seed is the same run, another seed another, although they are asked for at once', async () => {
  const [first, again, other] = await Promise.all([simulate(7, 40), simulate(7, 40), simulate(8, 40)]);
  expect(again).toEqual(first);
  expect(other.fingerprint).not.toBe(first.fingerprint);
}, 600_000);
