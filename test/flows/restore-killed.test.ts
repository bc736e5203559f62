import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DB_NAME } from '../../src/database.js';
import { openConnection } from '../../src/db/connect.js';
import { readHold } from '../../src/delivery/hold/hold.js';
import { startEmbedded } from '../../src/embedded-mongo/index.js';
import { buildModels, type Db } from '../../src/models.js';
import { startProcess } from '../support/process.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'nhac-viec-restore-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** Opens the database of a folder, as a start of the house would. */
async function inside<T>(folder: string, look: (db: Db) => Promise<T>): Promise<T> {
  const server = await startEmbedded({ dir: folder, inProcess: true });
  const db = buildModels(await openConnection(server.uri, DB_NAME));
  try {
    return await look(db);
  } finally {
    await db.conn.close();
    await server.stop();
  }
}

const makeBackup = () => inside(join(dir, 'backup'), (db) => db.State.create({ _id: 'said', value: 'in the backup', updatedAt: new Date() }));

/** Loaded before the command: the process dies (kill -9) before its n-th step on a file of the story. */
const dyingBefore = (step: number): string => {
  const code = `import fs from 'node:fs'; import { syncBuiltinESMExports } from 'node:module'; let left = ${step};
for (const name of ['mkdtempSync', 'copyFileSync', 'writeFileSync', 'unlinkSync', 'fsyncSync', 'rmdirSync', 'renameSync']) { const real = fs[name]; fs[name] = (...args) => {
  if ((name === 'fsyncSync' || String(args[0]).startsWith(${JSON.stringify(dir)})) && --left === 0) process.kill(process.pid, 'SIGKILL');
  return real(...args); }; }
syncBuiltinESMExports();`;
  return `data:text/javascript,${encodeURIComponent(code)}`;
};

async function restore(env: Record<string, string> = {}) {
  const { ended, output } = startProcess('src/cli/restore.ts', ['--from', join(dir, 'backup'), '--data', join(dir, 'db')], env);
  return { ...(await ended), output: output() };
}

/** What a start of the house finds: nothing, or what was put back, and then held. */
const found = () => inside(join(dir, 'db'), async (db) => ((await db.State.exists({ _id: 'said' })) ? ((await readHold({ db }))?.cause ?? 'NOT HELD') : 'empty'));

test('killed before any step of db:restore: the next start finds nothing, or what was put back and held, and the next restore is not in the way', { timeout: 300_000 }, async () => {
  await makeBackup();
  const after: string[] = [];
  for (let step = 1; step < 40; step++) {
    rmSync(join(dir, 'db'), { recursive: true, force: true });
    mkdirSync(join(dir, 'db'));
    const { code, signal, output } = await restore({ NODE_OPTIONS: `--import=${dyingBefore(step)}` });
    const state = await found();
    expect(['empty', 'restored'], `killed before step ${step}`).toContain(state);
    if (signal === null) {
      expect({ code, state, output }).toMatchObject({ code: 0, state: 'restored', output: expect.stringMatching(/Còn lại từ một lần khôi phục dở dang, có thể xóa: .*db-unfinished-restore-/) });
      break;
    }
    after.push(state);
  }
  expect(after.length).toBeGreaterThan(6);
  expect(after).toEqual(expect.arrayContaining(['empty', 'restored']));
});

test('a restore that fails leaves nothing behind, and one into a folder that is in use changes nothing', { timeout: 120_000 }, async () => {
  expect(await restore()).toMatchObject({ code: 1, output: expect.stringContaining('there is no backup') });
  expect(readdirSync(dir)).toEqual([]);
  await makeBackup();
  mkdirSync(join(dir, 'db'));
  writeFileSync(join(dir, 'db', 'mine'), '');
  expect(await restore()).toMatchObject({ code: 1, output: expect.stringContaining('is not empty') });
  expect(readdirSync(join(dir, 'db'))).toEqual(['mine']);
  expect(existsSync(join(dir, 'backup'))).toBe(true);
  expect(readdirSync(dir).sort()).toEqual(['backup', 'db']);
});
