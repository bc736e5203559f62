import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Ctx } from '../../context.js';
import { isDuplicateKey } from '../../db/counters.js';
import { forgets, remember, type Remembered } from './folders.js';

/** How far this house has come: grows while it runs, in the database and, mirrored, outside it. */
export interface Epoch extends Remembered {
  at: Date;
  /** Another one with every beat, so that whoever renews the mark renews the one it has compared; missing in older marks. */
  beat?: string;
}

export interface Mirror {
  n: number;
  at: Date;
  /** Which database it belongs to: a folder may serve another one later. */
  database: string;
  /** Names the folder; missing where an older version wrote it. */
  folder?: string | undefined;
}

const EPOCH = 'delivery-epoch';
const DATABASE = 'database-id';
const FILE = 'last-sent.json';
/** More beats than another instance's mirror can be ahead of ours. */
const BEYOND = 1_000_000;
/** Each instance renews the mark twice a minute; nobody loses so many times. */
const ATTEMPTS = 20;

/** What this process last saw outside each database: asked before every claim, when reading the file would take too long. */
const known = new WeakMap<object, Mirror>();

/** The furthest this process knows this house to have come; null where it keeps no marks. */
export const knownMirror = (ctx: Pick<Ctx, 'db'>): Mirror | null => known.get(ctx.db.State) ?? null;

/** Reads the mirror and remembers it. */
export function lookOutside(ctx: Pick<Ctx, 'db'>, dir: string): Mirror | null {
  const mirror = readMirror(dir);
  if (mirror) known.set(ctx.db.State, mirror);
  return mirror;
}

/** True where a mirror lies beyond the end of that hold: it ended once, and came back with a backup. */
export const liesBeyond = (mirror: Pick<Mirror, 'n'>, mark: { n: number }): boolean => mirror.n - mark.n >= BEYOND / 2;

/**
 * After the office has decided: the marks go on from beyond every mirror that this instance, or the hold (`mark`), knows. What
 * other folders hold from before is no longer missed; what lies beyond the hold's mark still is.
 */
export async function leaveRestore(ctx: Ctx, dir: string, mark?: { n: number }): Promise<void> {
  const { id } = await databaseId(ctx);
  const own = readMirror(dir)?.n ?? 0;
  const leave = { atLeast: Math.max(own, mark?.n ?? 0) + BEYOND, consentedTo: (mark?.n ?? own) + BEYOND / 2 };
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) if ((await beat(ctx, dir, id, leave)) !== 'lost') return;
  throw new Error('the mark cannot be renewed');
}

/**
 * Renews the mark in the database, in a hold by hand, and then its mirror in `dir`. False: the database was put back a moment
 * ago, and the mirror stays, so that it is noticed. Throws where others renew it again and again.
 */
export async function renew(ctx: Ctx, dir: string, database: string): Promise<boolean> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const came = await beat(ctx, dir, database);
    if (came !== 'lost') return came === 'renewed';
  }
  throw new Error('the mark cannot be renewed');
}

/** One write, of exactly the mark that was compared; "lost": somebody else renewed it meanwhile. */
async function beat(ctx: Ctx, dir: string, database: string, leave?: { atLeast: number; consentedTo: number }): Promise<'renewed' | 'put-back' | 'lost'> {
  const [at, epoch, before] = [ctx.clock.now(), await readEpoch(ctx), readMirror(dir)];
  if (!leave && epoch && before?.database === database && forgets(epoch, before)) return 'put-back';
  const folder = before?.folder ?? hex(ctx, 6);
  const n = Math.max(epoch?.n ?? 0, leave?.atLeast ?? 0) + 1;
  if (!(await swap(ctx, epoch, { n, at, beat: hex(ctx, 6), ...remember(epoch, { folder, n }, leave?.consentedTo) }))) return 'lost';
  const latest = readMirror(dir);
  if (latest?.database === database && n <= latest.n) return 'put-back';
  // A restored hold keeps the marks it was begun with.
  await ctx.db.State.updateOne({ _id: 'hold', 'value.cause': { $in: ['by-hand', 'no-index'] } }, { $max: { 'value.mark.n': n, 'value.mark.at': at } });
  const mirror = { database, n, at, folder };
  writeMirror(dir, mirror);
  known.set(ctx.db.State, mirror);
  return 'renewed';
}

/** False: it is not the mark that was seen any longer. */
async function swap(ctx: Ctx, seen: Epoch | null, { at, n, beat, folders, floor }: Required<Epoch>): Promise<boolean> {
  const filter = seen ? { _id: EPOCH, 'value.n': seen.n, 'value.beat': seen.beat ?? null } : { _id: EPOCH, value: { $exists: false } };
  const next = { $set: { 'value.n': n, 'value.beat': beat, 'value.folders': folders, 'value.floor': floor, updatedAt: at }, $max: { 'value.at': at } };
  try {
    // Majority: a mark that a failover takes back would look like a restore.
    return (await ctx.db.State.findOneAndUpdate(filter, next, { upsert: seen === null, returnDocument: 'after', writeConcern: { w: 'majority' } }).lean()) !== null;
  } catch (error) {
    if (isDuplicateKey(error)) return false;
    throw error;
  }
}

const hex = (ctx: Pick<Ctx, 'random'>, bytes: number): string => Buffer.from(ctx.random.bytes(bytes)).toString('hex');

/** The mark in the database; null where there is none. */
export async function readEpoch(ctx: Pick<Ctx, 'db'>): Promise<Epoch | null> {
  const found = await ctx.db.State.findById(EPOCH).lean();
  return (found?.value as Epoch | undefined) ?? null;
}

/** The moment the database was last at work; null where it never was. */
export const restoredMoment = async (ctx: Pick<Ctx, 'db'>): Promise<Date | null> => (await readEpoch(ctx))?.at ?? null;

/** Names this database; a new one is named here. */
export async function databaseId(ctx: Ctx): Promise<{ id: string; isNew: boolean }> {
  const read = async () => (await ctx.db.State.findById(DATABASE).lean())?.value as string | undefined;
  const known = await read();
  if (known) return { id: known, isNew: false };
  const id = hex(ctx, 12);
  try {
    await ctx.db.State.create({ _id: DATABASE, value: id, updatedAt: ctx.clock.now() });
    return { id, isNew: true };
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    return { id: (await read()) ?? id, isNew: false };
  }
}

/** Null where there is none, or none that can be read: then only the database can tell. */
export function readMirror(dir: string): Mirror | null {
  try {
    const { database, n, at, folder } = JSON.parse(readFileSync(join(dir, FILE), 'utf8')) as { database?: unknown; n?: unknown; at?: unknown; folder?: unknown };
    const instant = new Date(String(at));
    if (typeof database !== 'string' || typeof n !== 'number' || Number.isNaN(instant.getTime())) return null;
    return { database, n, at: instant, folder: typeof folder === 'string' ? folder : undefined };
  } catch {
    return null;
  }
}

/** Renamed into place, so that a crash leaves the old one or the new one. */
function writeMirror(dir: string, mirror: Mirror): void {
  mkdirSync(dir, { recursive: true });
  const draft = join(dir, `${FILE}.${process.pid}`);
  writeFileSync(draft, JSON.stringify(mirror));
  renameSync(draft, join(dir, FILE));
}
