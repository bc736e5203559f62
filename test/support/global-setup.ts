import { startTestServer } from './db.js';

/** One database server for the whole run; every test file opens databases of its own on it. */
export default async function setup(): Promise<() => Promise<void>> {
  const server = await startTestServer();
  process.env['NV_TEST_DB'] = server.uri;
  process.env['NV_TEST_SEED'] = String(seedOfRun(process.env['NV_TEST_SEED']));
  process.stdout.write(`Database for this run: ${server.kind}; seed of chance: ${process.env['NV_TEST_SEED']} (NV_TEST_SEED=random for another)\n`);
  return () => server.stop();
}

/** The same chance in every run, so that what fails once fails again; a number or `random` looks elsewhere. */
function seedOfRun(wanted: string | undefined): number {
  if (wanted === 'random') return Date.now() % 1_000_000_007;
  const seed = Number(wanted ?? 1);
  if (!Number.isSafeInteger(seed) || seed < 0) throw new Error(`NV_TEST_SEED must be a whole number or "random", not "${wanted}"`);
  return seed;
}
