import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Ctx } from '../../context.js';
import { isDuplicateKey } from '../../db/counters.js';

/** How far this house has come: grows while it runs, in the database and, mirrored, outside it. */
export interface Epoch {
  n: number;
  at: Date;
}

export interface Mirror extends Epoch {
  /** Which database it belongs to: a folder may serve another one later. */
  database: string;
}

const EPOCH = 'delivery-epoch';
const DATABASE = 'database-id';
const FILE = 'last-sent.json';
/** More beats than another instance's mirror can be ahead of ours. */
const BEYOND = 1_000_000;

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

/** After the office has decided: the marks go on from beyond every mirror that this instance knows. */
export async function leaveRestore(ctx: Ctx, dir: string): Promise<void> {
  const { id } = await databaseId(ctx);
  await renew(ctx, dir, id, (readMirror(dir)?.n ?? 0) + BEYOND);
}

/**
 * Renews the mark in the database (its number at least `atLeast`), in a hold by hand, and then its mirror in `dir`. False: the
 * database was put back a moment ago, and the mirror stays, so that it is noticed.
 */
export async function renew(ctx: Ctx, dir: string, database: string, atLeast = 0): Promise<boolean> {
  const at = ctx.clock.now();
  // Majority: a mark that a failover takes back would look like a restore.
  const majority = { writeConcern: { w: 'majority' as const } };
  if (atLeast > 0) await ctx.db.State.updateOne({ _id: EPOCH }, { $max: { 'value.n': atLeast } }, { upsert: true, ...majority });
  const renewed = await ctx.db.State.findOneAndUpdate({ _id: EPOCH }, { $inc: { 'value.n': 1 }, $max: { 'value.at': at }, $set: { updatedAt: at } }, { upsert: true, returnDocument: 'after', ...majority }).lean();
  const { n } = renewed.value as Epoch;
  const before = readMirror(dir);
  if (before?.database === database && n <= before.n) return false;
  // A restored hold keeps the marks it was begun with.
  await ctx.db.State.updateOne({ _id: 'hold', 'value.cause': { $in: ['by-hand', 'no-index'] } }, { $max: { 'value.mark.n': n, 'value.mark.at': at } });
  const mirror = { database, n, at };
  writeMirror(dir, mirror);
  known.set(ctx.db.State, mirror);
  return true;
}

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
  const id = Buffer.from(ctx.random.bytes(12)).toString('hex');
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
    const { database, n, at } = JSON.parse(readFileSync(join(dir, FILE), 'utf8')) as { database?: unknown; n?: unknown; at?: unknown };
    const instant = new Date(String(at));
    return typeof database === 'string' && typeof n === 'number' && !Number.isNaN(instant.getTime()) ? { database, n, at: instant } : null;
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
