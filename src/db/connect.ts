import mongoose, { type Connection } from 'mongoose';

/** Settings of an address that would let a lagging copy answer. */
const STALE = /[?&](readPreference|readPreferenceTags|maxStalenessSeconds|readConcernLevel)=([^&#]*)/gi;

/** Throws TypeError where the address asks for reads from another server than the primary one: decisions are never made on old facts. */
export function mustReadPrimary(uri: string): void {
  for (const [, name = '', value = ''] of uri.matchAll(STALE)) {
    const fine = (/^readPreference$/i.test(name) && value === 'primary') || (/^readConcernLevel$/i.test(name) && /^(local|majority)$/.test(value));
    if (!fine) throw new TypeError(`MONGODB_URI: ${name} must stay away, every read goes to the primary server`);
  }
}

/** Opens a connection; rejects within ten seconds where no server answers. Throws TypeError for an address that reads elsewhere. */
export const openConnection = async (uri: string, dbName?: string): Promise<Connection> => {
  mustReadPrimary(uri);
  return mongoose
    .createConnection(uri, { readPreference: 'primary', autoIndex: false, autoCreate: false, serverSelectionTimeoutMS: 10_000, connectTimeoutMS: 10_000, ...(dbName ? { dbName } : {}) })
    .asPromise();
};

/** Builds every missing index before anything is written; without the unique ones nothing may be sent. */
export async function buildIndexes(conn: Connection): Promise<void> {
  for (const model of Object.values(conn.models)) await model.createIndexes();
}
