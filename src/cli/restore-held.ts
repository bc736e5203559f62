import { closeSync, existsSync, fsyncSync, mkdirSync, mkdtempSync, openSync, readdirSync, renameSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DB_NAME } from '../database.js';
import { openConnection } from '../db/connect.js';
import { holdAnew, readHold } from '../delivery/hold/hold.js';
import { restoredMoment } from '../delivery/hold/marks.js';
import { restoreDatabase, startEmbedded } from '../embedded-mongo/index.js';
import { systemClock } from '../kernel/clock.js';
import { buildModels } from '../models.js';

/** Beside the new folder while it is being filled; one that stays belongs to a restore that died, and may be deleted. No dot: LMDB would take it for a file. */
const UNFINISHED = '-unfinished-restore-';

/**
 * Puts a backup of the embedded database into the new, empty folder `target`, with all sending held. It is filled under
 * another name and renamed last: whenever this dies, `target` is empty or held. Returns the folders that restores left
 * which died. Throws where there is no backup, or `target` is not empty, or is a mount point (which cannot be renamed).
 */
export async function restoreHeld(from: string, target: string): Promise<string[]> {
  const parent = dirname(target);
  mkdirSync(parent, { recursive: true });
  refuse(target, parent);
  const left = readdirSync(parent).filter((name) => name.startsWith(`${basename(target)}${UNFINISHED}`));
  const draft = mkdtempSync(`${target}${UNFINISHED}`);
  try {
    await restoreDatabase(from, draft);
    await hold(draft);
    sync(join(draft, 'data.mdb'));
    sync(draft);
    // An empty one gives way; one that was filled meanwhile is not overwritten.
    if (existsSync(target)) rmdirSync(target);
    renameSync(draft, target);
    sync(parent);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw error;
  }
  return left.map((name) => join(parent, name));
}

function refuse(target: string, parent: string): void {
  if (!existsSync(target)) return;
  if (readdirSync(target).length > 0) throw new Error(`${target} is not empty: move it away first, a restore never overwrites`);
  if (statSync(target).dev !== statSync(parent).dev) throw new Error(`${target} is a mount point: name a folder inside it`);
}

async function hold(dir: string): Promise<void> {
  const server = await startEmbedded({ dir, inProcess: true });
  try {
    const db = buildModels(await openConnection(server.uri, DB_NAME));
    try {
      const ctx = { db, clock: systemClock };
      // A hold that came with the backup, decided or not, was about other messages.
      await holdAnew(ctx, await readHold(ctx), { cause: 'restored', by: '', reason: '', restoredTo: await restoredMoment(ctx), lastSentAt: null, urgentPasses: false });
    } finally {
      await db.conn.close();
    }
  } finally {
    await server.stop();
  }
}

/** On disk before the next step: after a power cut the name must not lead to half a file. */
function sync(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
