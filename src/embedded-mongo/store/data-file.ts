import { closeSync, existsSync, fstatSync, openSync, readdirSync, readSync, truncateSync } from 'node:fs';
import { StoreUnusable } from './lock.js';

const MAGIC = 0xbeefc0de;
const META_OFFSET = 24;

/** What LMDB's own meta pages say of a data file. */
export interface DataFile {
  size: number;
  /** The size it has once all pages up to the last one in use are written. */
  expected: number;
}

/**
 * Looks at data.mdb before LMDB maps it, because reading past the end of a torn file kills the process. Undefined if
 * there is none yet.
 */
export function inspectDataFile(path: string): DataFile | undefined {
  if (!existsSync(path)) return undefined;
  const file = openSync(path, 'r');
  try {
    const size = fstatSync(file).size;
    if (size === 0) return undefined;
    const first = readMeta(file, 0);
    const metas = [first, readMeta(file, first?.pageSize ?? 4096)].filter((meta) => meta !== undefined);
    const newest = metas.sort((a, b) => Number(b.transaction - a.transaction))[0];
    if (newest === undefined) throw new StoreUnusable(`${path} is no data file of this server: it was written by something else`);
    return { size, expected: (Number(newest.lastPage) + 1) * newest.pageSize };
  } finally {
    closeSync(file);
  }
}

/** The error for a file that has lost its end. */
export function torn(path: string, { size, expected }: DataFile): StoreUnusable {
  return new StoreUnusable(`${path} is torn: ${size} of ${expected} bytes; restore a backup (npm run db:restore)`);
}

/**
 * LMDB does not write pages that one transaction takes and gives back, so a sound file may end too early. Every clean
 * stop fills it up with zeros: from then on a file that is too short has lost something.
 */
export function fillUp(path: string): void {
  const file = inspectDataFile(path);
  if (file !== undefined && file.size < file.expected) truncateSync(path, file.expected);
}

interface Meta {
  pageSize: number;
  lastPage: bigint;
  transaction: bigint;
}

function readMeta(file: number, offset: number): Meta | undefined {
  const head = Buffer.alloc(160);
  if (readSync(file, head, 0, head.length, offset) < head.length) return undefined;
  if (head.readUInt32LE(META_OFFSET) !== MAGIC) return undefined;
  return {
    pageSize: head.readUInt32LE(META_OFFSET + 24),
    lastPage: head.readBigUInt64LE(META_OFFSET + 120),
    transaction: head.readBigUInt64LE(META_OFFSET + 128),
  };
}

/** A folder without our data file but with others is somebody else's. Throws StoreUnusable. */
export function refuseForeignFolder(dir: string): void {
  const known = new Set(['data.mdb', 'lock.mdb', 'server.lock']);
  const stranger = existsSync(dir) ? readdirSync(dir).find((name) => !known.has(name)) : undefined;
  if (stranger !== undefined) {
    throw new StoreUnusable(`${dir} has no data of this server but other files (${stranger}): give it a folder of its own`);
  }
}
