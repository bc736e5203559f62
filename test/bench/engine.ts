/**
 * `npm run bench [-- --only overhead,memory,embedded,compare,herd]`: what the delivery engine itself costs and how close it
 * comes to a provider's limit. Figures are of this machine and this moment; what they are compared with runs in the same run.
 */
import { compare } from './engine/compare.js';
import { embedded } from './engine/embedded.js';
import { herd } from './engine/herd.js';
import { memory } from './engine/memory.js';
import { overhead } from './engine/overhead.js';
import type { Result } from './engine/shared.js';

/** `--size n`: rows, messages or people instead of the full number, for a quick look. */
const size = process.argv.includes('--size') ? Number(process.argv[process.argv.indexOf('--size') + 1]) : undefined;

const parts: Record<string, () => Promise<Result[]>> = {
  overhead: () => overhead(size ? [size] : undefined),
  memory: () => memory(size),
  embedded: () => embedded(size),
  compare: () => compare(size),
  herd: () => herd(size),
};

const wanted = process.argv.includes('--only') ? (process.argv[process.argv.indexOf('--only') + 1] ?? '').split(',') : Object.keys(parts);
const unknown = wanted.filter((name) => !parts[name]);
if (unknown.length > 0) throw new Error(`no such part: ${unknown.join(', ')}; there are ${Object.keys(parts).join(', ')}`);

const results: Result[] = [];
for (const name of wanted) results.push(...((await parts[name]?.()) ?? []));

const shown = (value: number): string => (Math.abs(value) >= 1_000 ? String(Math.round(value)) : value.toPrecision(3));
for (const { what, figures, met, target } of results) {
  const verdict = met === undefined ? '' : met ? 'reached' : 'MISSED';
  process.stdout.write(`${what.padEnd(58)} ${Object.entries(figures).map(([name, value]) => `${name} ${shown(value)}`).join('  ')}  ${verdict}${target ? ` (${target})` : ''}\n`);
}
process.stdout.write(`${JSON.stringify(Object.fromEntries(results.map(({ what, figures, met }) => [what, { ...figures, ...(met === undefined ? {} : { met }) }])))}\n`);
