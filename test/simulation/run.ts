/* eslint-disable no-console -- a command for people, not part of the engine */
import type { Tally } from './verdict.js';
import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { keepSeed } from './seeds.js';
import { simulate, type Outcome } from './simulate.js';

/**
 * `npm run simulate -- --seeds N --messages M --from S [--workers W]`: runs seeds S to S+N-1 with at least M messages each
 * and prints what was lost, duplicated or late, and the seeds that broke a promise; they are kept in seeds.json.
 */
const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '200' }, messages: { type: 'string', default: '100' }, from: { type: 'string', default: '1' }, workers: { type: 'string' }, step: { type: 'string' } },
});
const [seeds, messages, from] = [Number(values.seeds), Number(values.messages), Number(values.from)];

/** The runs added up. */
interface Totals extends Tally {
  seeds: number;
  calls: number;
  crashes: number;
  pauses: number;
  events: number;
  spanMs: number;
}

const totals: Totals = { seeds: 0, messages: 0, sent: 0, suppressed: 0, expired: 0, dead: 0, unknown: 0, lost: 0, duplicated: 0, repeats: 0, late: 0, parked: 0, calls: 0, crashes: 0, pauses: 0, events: 0, spanMs: 0 };
const failing: number[] = [];
const began = performance.now();

function count(outcome: Outcome): void {
  totals.seeds++;
  for (const name of Object.keys(totals) as (keyof Totals)[]) if (name !== 'seeds') totals[name] += outcome[name];
  if (outcome.violations.length > 0) {
    failing.push(outcome.seed);
    const [first] = outcome.violations;
    console.error(`\nseed ${outcome.seed}: ${outcome.violations.map(({ at, rule, what }) => `${at} ${rule}: ${what}`).slice(0, 5).join('\n  ')}`);
    keepSeed({ seed: outcome.seed, messages, found: `${first?.rule ?? ''}: ${first?.what ?? ''}`.slice(0, 200) });
  }
  progress();
}

let shown = 0;
function progress(): void {
  const now = performance.now();
  if (!process.stderr.isTTY || (now - shown < 100 && totals.seeds < seeds)) return;
  shown = now;
  const share = totals.seeds / seeds;
  const bar = '█'.repeat(Math.round(share * 30)).padEnd(30, '░');
  process.stderr.write(`\r${bar} ${totals.seeds}/${seeds}  ${speed()}x real time  lost ${totals.lost}  duplicated ${totals.duplicated}  failing ${failing.length} `);
}

const speed = (): number => Math.round(totals.spanMs / (performance.now() - began));

function report(): void {
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  const spanHours = Math.round(totals.spanMs / 36_000) / 100;
  console.log(`\n${totals.seeds} seeds, ${totals.messages} messages in ${totals.calls} calls; ${totals.crashes} crashes, ${totals.pauses} pauses`);
  console.log(`lost ${totals.lost}, duplicated ${totals.duplicated}, marked repeats ${totals.repeats}, late ${totals.late}`);
  console.log(`sent ${totals.sent}, suppressed ${totals.suppressed}, expired ${totals.expired}, dead with the office told ${totals.dead}, unknown for good ${totals.unknown}`);
  console.log(`failing seeds: ${failing.length > 0 ? failing.join(' ') : 'none'}`);
  console.log(`${spanHours} simulated hours in ${seconds} s: ${speed()}x real time`);
  const { spanMs: _span, ...rest } = totals;
  console.log(JSON.stringify({ from, messagesPerSeed: messages, ...rest, spanHours, seconds, timesRealTime: speed(), failing }));
  process.exitCode = failing.length > 0 ? 1 : 0;
}

/** A worker runs every `step`-th seed and hands in what came of it. */
async function work(step: number): Promise<void> {
  for (let seed = from; seed < from + seeds; seed += step) process.send?.(await simulate(seed, messages));
}

async function share(workers: number): Promise<void> {
  const one = (i: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const args = ['--seeds', String(seeds - i), '--messages', String(messages), '--from', String(from + i), '--step', String(workers)];
      const child = fork(fileURLToPath(import.meta.url), args);
      child.on('message', (outcome) => count(outcome as Outcome));
      child.on('error', reject);
      child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a worker ended with ${code}`))));
    });
  await Promise.all(Array.from({ length: Math.min(workers, seeds) }, (_, i) => one(i)));
}

if (values.step) await work(Number(values.step));
else {
  await share(Number(values.workers ?? availableParallelism()));
  report();
}
