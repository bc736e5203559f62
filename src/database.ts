import type { Logger } from 'pino';
import type { Config } from './config.js';
import { startEmbedded } from './embedded-mongo/index.js';
import { openDb, type Db } from './models.js';

/** An open database and the way to let go of it. */
export interface OpenDatabase {
  db: Db;
  close(): Promise<void>;
}

/** The database's name where the URI does not give one. */
export const DB_NAME = 'nhacviec';

/**
 * MongoDB by MONGODB_URI, else the embedded database in DATA_DIR (single process, for trying out and small isolated
 * networks). Says in the log which one it is.
 */
export async function openDatabase(config: Config, log: Logger, given?: { uri: string; name?: string }): Promise<OpenDatabase> {
  const uri = given?.uri ?? config.MONGODB_URI?.reveal();
  if (uri) {
    const db = await openDb(uri, given?.name ?? (namesDatabase(uri) ? undefined : DB_NAME));
    log.info({ event: 'database', kind: 'mongodb' }, 'database: MongoDB');
    return { db, close: () => db.conn.close() };
  }
  const server = await startEmbedded({ dir: `${config.DATA_DIR}/db`, log: (line) => log.error({ event: 'embedded-database' }, line) });
  log.warn({ event: 'database', kind: 'embedded', dir: config.DATA_DIR }, 'database: embedded, for trying out and isolated networks; set MONGODB_URI for production');
  const db = await openDb(server.uri, DB_NAME);
  return {
    db,
    close: async () => {
      await db.conn.close();
      await server.stop();
    },
  };
}

/** True where the URI says which database. */
export const namesDatabase = (uri: string): boolean => /^mongodb(?:\+srv)?:\/\/[^/]+\/[^?]+/.test(uri);
