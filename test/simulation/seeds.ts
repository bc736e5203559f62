import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A seed that once found something, with how to run it again. */
export interface KeptSeed {
  seed: number;
  messages: number;
  /** What it found. */
  found: string;
}

const file = fileURLToPath(new URL('seeds.json', import.meta.url));

/** Seeds that failed once; they are run again with every test. */
export const keptSeeds = (): KeptSeed[] => (existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as KeptSeed[]) : []);

/** Keeps a failing seed beside the tests. */
export function keepSeed(kept: KeptSeed): void {
  const seeds = keptSeeds();
  if (seeds.some(({ seed, messages }) => seed === kept.seed && messages === kept.messages)) return;
  writeFileSync(file, `[\n${[...seeds, kept].map((one) => `  ${JSON.stringify(one)}`).join(',\n')}\n]\n`);
}
