import { statfsSync } from 'node:fs';
import { fail } from '../errors.js';

/** What a disk must keep free for a write to begin: LMDB may end the process where it finds no place in the middle of one. */
const RESERVE_BYTES = 32 * 1024 * 1024;
/** On small disks. */
const RESERVE_SHARE = 0.05;

/** A disk's free and whole size in bytes. */
export interface DiskSize {
  free: number;
  total: number;
}

const sizeOf = (dir: string): DiskSize => {
  const { bavail, blocks, bsize } = statfsSync(dir);
  return { free: bavail * bsize, total: blocks * bsize };
};

/** Throws OutOfDiskSpace (14031, as MongoDB does) where the folder's disk has too little room left to begin a write. */
export function mustHaveRoom(dir: string, size: (dir: string) => DiskSize = sizeOf): void {
  const { free, total } = size(dir);
  const reserve = Math.min(RESERVE_BYTES, total * RESERVE_SHARE);
  if (free >= reserve) return;
  const mb = (bytes: number): string => `${(bytes / 1_048_576).toFixed(1)} MB`;
  fail(14031, `no room to write in ${dir}: ${mb(free)} of the disk are free, ${mb(reserve)} are kept in reserve`);
}
