import { expect } from 'vitest';
import type { Random } from '../../src/kernel/random.js';
import { SeededRandom } from '../simulation/seeded-random.js';

/** The seed of this run, see global-setup.ts. */
export const chanceSeed = (): number => Number(process.env['NV_TEST_SEED'] ?? 1);

const asked = new Map<string, number>();

/** Processes of their own that a test starts are no test. */
const stateOfTest = (): { testPath?: string | undefined; currentTestName?: string | undefined } => {
  try {
    const { testPath, currentTestName } = expect.getState();
    return { testPath, currentTestName };
  } catch {
    return {};
  }
};

/** Chance for a house under test: its own in every test and for every house, and the same again with the same seed. */
export function chanceOfTest(): Random {
  const { testPath = '', currentTestName = '' } = stateOfTest();
  const name = `${testPath.slice(testPath.lastIndexOf('/test/'))}/${currentTestName}`;
  const before = asked.get(name) ?? 0;
  asked.set(name, before + 1);
  return new SeededRandom(chanceSeed(), `${name}/${before}`);
}
