import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../config.js';
import { DB_NAME, namesDatabase } from '../database.js';
import { openConnection } from '../db/connect.js';
import { copyDatabase, startEmbedded } from '../embedded-mongo/index.js';
import { buildModels, type Db } from '../models.js';

/**
 * The database to look at, without changing it (no index is built): MongoDB by MONGODB_URI, else a copy of the embedded
 * one, which may be in use meanwhile.
 */
export async function openForReading(config: Pick<Config, 'MONGODB_URI' | 'DATA_DIR'>, dataDir = `${config.DATA_DIR}/db`): Promise<{ db: Db; close(): Promise<void> }> {
  const uri = config.MONGODB_URI?.reveal();
  if (uri) {
    const db = buildModels(await openConnection(uri, namesDatabase(uri) ? undefined : DB_NAME));
    return { db, close: () => db.conn.close() };
  }
  const folder = mkdtempSync(join(tmpdir(), 'nhac-viec-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    await copyDatabase(dataDir, join(folder, 'db'));
    const server = await startEmbedded({ dir: join(folder, 'db'), sync: false });
    const db = buildModels(await openConnection(server.uri, DB_NAME));
    return { db, close: async () => (await db.conn.close(), await server.stop(), remove()) };
  } catch (error) {
    remove();
    throw error;
  }
}
