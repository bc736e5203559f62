import mongoose, { type Connection } from 'mongoose';

/** Opens a connection; rejects within ten seconds where no server answers. */
export const openConnection = (uri: string, dbName?: string): Promise<Connection> =>
  mongoose
    .createConnection(uri, { autoIndex: false, autoCreate: false, serverSelectionTimeoutMS: 10_000, connectTimeoutMS: 10_000, ...(dbName ? { dbName } : {}) })
    .asPromise();

/** Builds every missing index before anything is written; without the unique ones nothing may be sent. */
export async function buildIndexes(conn: Connection): Promise<void> {
  for (const model of Object.values(conn.models)) await model.createIndexes();
}
