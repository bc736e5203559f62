/**
 * MongoDB's specification tests: `tsx test/bench/crud-spec.ts FOLDER [URI]`, with the folder of a checkout of
 * mongodb/specifications, e.g. source/crud/tests/unified. Without a URI an embedded server is started.
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded } from '../../src/embedded-mongo/index.js';
import { runUnified } from '../support/unified-runner.js';

const [folder, given] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: tsx test/bench/crud-spec.ts FOLDER [URI]');
const server = given === undefined ? await startEmbedded({ dir: mkdtempSync(join(tmpdir(), 'emb-spec-')), sync: false }) : undefined;
const results = await runUnified(given ?? server?.uri ?? '', folder);
await server?.stop();
for (const { file, name, outcome, reason } of results) if (outcome === 'fail') console.log(`FAIL ${file}: ${name}\n     ${reason?.slice(0, 300)}`);
const skips = new Map<string, number>();
for (const { outcome, reason = '' } of results) if (outcome === 'skip') skips.set(reason.slice(0, 90), (skips.get(reason.slice(0, 90)) ?? 0) + 1);
for (const [reason, count] of [...skips].sort((a, b) => b[1] - a[1])) console.log(`skipped ${count}: ${reason}`);
const count = (wanted: string): number => results.filter(({ outcome }) => outcome === wanted).length;
console.log(`pass ${count('pass')}, fail ${count('fail')}, skip ${count('skip')}`);
process.exitCode = count('fail') === 0 ? 0 : 1;
