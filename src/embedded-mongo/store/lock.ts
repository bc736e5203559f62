import { existsSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Why a data folder cannot be used; the text is meant for the person who started the program. */
export class StoreUnusable extends Error {
  override name = 'StoreUnusable';
}

/** Folders this process holds: its own pid in a lock file is otherwise taken for a left-over (containers reuse pid 1). */
const held = new Set<string>();

/**
 * Takes the folder for this process and returns the function that gives it back.
 * A lock of a process that is gone (kill -9, power loss) is taken over; `crashed` tells so.
 */
export function lockFolder(dir: string): { unlock: () => void; crashed: boolean } {
  mkdirSync(dir, { recursive: true });
  const path = join(dir, 'server.lock');
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      writeFileSync(path, JSON.stringify({ pid: process.pid, born: bornAt(process.pid) }), { flag: 'wx' });
      held.add(dir);
      return { unlock: () => release(dir, path), crashed: attempt > 0 };
    } catch (error) {
      if (!isCode(error, 'EEXIST')) throw error;
      refuseIfAlive(dir, path);
      unlinkSync(path);
    }
  }
  throw new StoreUnusable(`the lock ${path} cannot be taken`);
}

/** The process id that serves this folder, or nothing if nobody does. */
export function ownerOf(dir: string): number | undefined {
  const path = join(dir, 'server.lock');
  if (!existsSync(path)) return undefined;
  const { pid, born } = readLock(path);
  if (pid === process.pid) return held.has(dir) ? pid : undefined;
  return pid !== undefined && isAlive(pid) && bornAt(pid) === born ? pid : undefined;
}

function refuseIfAlive(dir: string, path: string): void {
  const owner = ownerOf(dir);
  if (owner === undefined) return;
  throw new StoreUnusable(
    `the data folder ${dir} is in use by process ${owner}: one process per folder (lock file ${path})`,
  );
}

function release(dir: string, path: string): void {
  if (!held.delete(dir)) return;
  if (existsSync(path)) unlinkSync(path);
}

function readLock(path: string): { pid?: number; born?: string } {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return typeof value === 'object' && value !== null ? (value as { pid?: number; born?: string }) : {};
  } catch {
    return {}; // written by half when the machine died: nobody holds it
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isCode(error, 'EPERM');
  }
}

/** Linux tells when a process started, so that a reused pid is not mistaken for the owner. */
function bornAt(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
