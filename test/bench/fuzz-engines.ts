/**
 * Differential fuzzing of two MongoDB servers over the wire, with the commands and operators this program uses:
 *
 *     tsx test/bench/fuzz-engines.ts OTHER_URI [OUR_URI] [--seed 1] [--rounds 50] [--steps 60]
 *
 * OTHER_URI is the second opinion; without OUR_URI an embedded server is started. Every answer (documents, counts, write
 * results, error codes) and after each round the whole collection are compared; each kind of difference is printed once
 * with its count. Writes to databases named `fuzz_*` only and drops them.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { EJSON } from 'bson';
import { type Collection, type Document, MongoBulkWriteError, MongoClient, MongoServerError } from 'mongodb';
import { startEmbedded } from '../../src/embedded-mongo/index.js';
import { SeededRandom } from '../support/random.js';
import { knownDifference, sameButOrder } from './fuzz-engines-known.js';
import { documentOf, INDEXES, type Work, workOf } from './fuzz-engines-work.js';

interface Difference {
  signature: string;
  count: number;
  example: string;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string', default: '1' }, rounds: { type: 'string', default: '50' }, steps: { type: 'string', default: '60' } },
});
const [otherUri, ourUri] = positionals;
if (otherUri === undefined) throw new Error('usage: tsx test/bench/fuzz-engines.ts OTHER_URI [OUR_URI] [--seed N] [--rounds N] [--steps N]');

/** What a command came to, as text that can be compared. */
async function outcome(rows: Collection, work: Work): Promise<string> {
  try {
    return text(await carryOut(rows, work));
  } catch (error) {
    if (error instanceof MongoBulkWriteError) {
      const errors = [error.writeErrors].flat().map(({ index, code }) => `${index}:${code}`);
      return `bulk error ${errors.join(' ')} inserted ${error.insertedCount}`;
    }
    if (error instanceof MongoServerError) return `error ${String(error.code)}${text({ p: error.keyPattern as unknown, v: error.keyValue as unknown })}`;
    throw error;
  }
}

async function carryOut(rows: Collection, work: Work): Promise<unknown> {
  switch (work.kind) {
    case 'find': {
      const { filter, sort, skip, limit, projection } = work;
      return rows.find(filter, { skip, limit, projection, promoteValues: false }).sort(sort as never).toArray();
    }
    case 'count':
      return rows.countDocuments(work.filter);
    case 'distinct':
      return (await rows.distinct(work.key, work.filter)).map(text).sort();
    case 'aggregate':
      return rows.aggregate(work.pipeline, { promoteValues: false }).toArray();
    case 'insertMany':
      return (await rows.insertMany(work.documents as never, { ordered: work.ordered })).insertedCount;
    case 'findOneAndUpdate':
      return rows.findOneAndUpdate(work.filter, work.update, { ...work.options, promoteValues: false });
    case 'deleteOne':
    case 'deleteMany':
      return rows[work.kind](work.filter);
    default:
      return rows[work.kind](work.filter, work.update, work.options);
  }
}

/** Types stay visible; the instant of $currentDate does not. */
function text(value: unknown): string {
  return EJSON.stringify(value, { relaxed: false }).replace(/"storedAt":\{"\$date":\{"\$numberLong":"\d+"\}\}/g, '"storedAt":"now"');
}

/** The command, its operators and how the answers differ: two differences alike are one. */
function signatureOf(work: Work | { kind: string }, ours: string, theirs: string): string {
  const operators = [...new Set(JSON.stringify(work).match(/"\$[a-zA-Z]+/g) ?? [])].map((name) => name.slice(1)).sort();
  const shape = (answer: string): string => (answer.startsWith('error') || answer.startsWith('bulk') ? answer.replace(/\{.*/, '') : 'answer');
  return `${work.kind}: ours ${shape(ours)}, theirs ${shape(theirs)}${shape(ours) === 'answer' && shape(theirs) === 'answer' ? ` [${operators.join(' ')}]` : ''}`;
}

const differences = new Map<string, Difference>();
/** How often each difference that has a name and a reason was met. */
const named = new Map<string, number>();

function compare(work: Work | { kind: string }, ours: string, theirs: string, round: number): boolean {
  if (ours === theirs) return true;
  const known = knownDifference(work, ours, theirs);
  if (known !== undefined) named.set(known, (named.get(known) ?? 0) + 1);
  else noteDifference(work, ours, theirs, round);
  return false;
}

function noteDifference(work: Work | { kind: string }, ours: string, theirs: string, round: number): void {
  const signature = signatureOf(work, ours, theirs);
  const known = differences.get(signature);
  if (known !== undefined) known.count += 1;
  else differences.set(signature, { signature, count: 1, example: `round ${round}: ${text(work)}\n    ours   ${around(ours, theirs)}\n    theirs ${around(theirs, ours)}` });
}

/** The place where an answer begins to differ, with what stands around it. */
function around(answer: string, other: string): string {
  let at = 0;
  while (at < answer.length && answer[at] === other[at]) at += 1;
  return `${at > 160 ? '...' : ''}${answer.slice(Math.max(0, at - 160), at + 200)}`;
}

async function whole(rows: Collection): Promise<string> {
  return text(await rows.find({}, { promoteValues: false }).sort({ _id: 1 }).toArray());
}

/** One collection's life: indexes, documents, then commands until the collections are no longer the same. */
async function round(pair: readonly [Collection, Collection], r: SeededRandom, number: number, steps: number): Promise<number> {
  for (const { key, options } of INDEXES) if (r.chance(0.5)) for (const rows of pair) await rows.createIndex(key, options);
  const start: Document[] = Array.from({ length: 12 }, (_, id) => documentOf(r, id));
  for (const rows of pair) await rows.insertMany(start as never);
  let done = 0;
  for (let next = 20; done < steps; done += 1, next += 2) {
    const work = workOf(r, next);
    const [ours, theirs] = [await outcome(pair[0], work), await outcome(pair[1], work)];
    const same = compare(work, ours, theirs, number);
    if (['find', 'count', 'distinct', 'aggregate'].includes(work.kind)) continue;
    const [left, right] = [await whole(pair[0]), await whole(pair[1])];
    if (same) compare({ ...work, kind: `collection after ${ours.startsWith('error') ? 'failed ' : ''}${work.kind}` }, left, right, number);
    if (sameButOrder(left, right)) continue;
    break;
  }
  return done;
}

const dir = mkdtempSync(join(tmpdir(), 'emb-engines-'));
const embedded = ourUri === undefined ? await startEmbedded({ dir, sync: false }) : undefined;
const clients = await Promise.all([ourUri ?? embedded?.uri ?? '', otherUri].map((uri) => new MongoClient(uri, { retryWrites: false }).connect()));
const seed = Number(values.seed);
const name = `fuzz_${process.pid}`;
let commands = 0;
try {
  for (let number = 0; number < Number(values.rounds); number += 1) {
    const [ours, theirs] = clients.map((client) => client.db(name).collection(`r${number}`));
    if (ours !== undefined && theirs !== undefined) commands += await round([ours, theirs], new SeededRandom(seed * 100_003 + number), number, Number(values.steps));
  }
} finally {
  for (const client of clients) {
    await client.db(name).dropDatabase();
    await client.close();
  }
  await embedded?.stop();
  rmSync(dir, { recursive: true, force: true });
}
for (const { signature, count, example } of [...differences.values()].sort((a, b) => b.count - a.count)) console.log(`${count} x ${signature}\n    ${example}`);
for (const [difference, count] of named) console.log(`${count} x known: ${difference}`);
console.log(`${commands} commands in ${values.rounds} rounds (seed ${seed}): ${differences.size} unnamed kinds of difference`);
process.exitCode = differences.size === 0 ? 0 : 1;
