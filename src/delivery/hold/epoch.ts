import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Ctx } from '../../context.js';
import { isDuplicateKey } from '../../db/counters.js';
import { beginHold, readHold } from './hold.js';

/** How far this house has come: grows while it runs, in the database and, mirrored, outside it. */
interface Epoch {
  n: number;
  at: Date;
}

interface Mirror extends Epoch {
  /** Which database it belongs to: a folder may serve another one later. */
  database: string;
}

const EPOCH = 'delivery-epoch';
const DATABASE = 'database-id';
const FILE = 'last-sent.json';
/** A mirror so much newer than the database is proof enough, whatever the counts say. */
const NEWER_MS = 2 * 60_000;
/** The mark is renewed so often; until then messages may have left after it was last written. */
export const BEAT_MS = 30_000;
/** More beats than another instance's mirror can be ahead of ours. */
const BEYOND = 1_000_000;

/**
 * Renews the marks "sent until now" in the database and in `dir`; called about every thirty seconds by each instance. A
 * database behind its mirror was restored from a backup: then sending is held and the marks stay as they are until the
 * office has decided. Returns true where it holds.
 */
export async function keepEpoch(ctx: Ctx, dir: string): Promise<boolean> {
  const [hold, epoch, database, mirror] = [await readHold(ctx), await readEpoch(ctx), await databaseId(ctx), readMirror(dir)];
  if (hold?.cause === 'restored') {
    await completeHold(ctx, hold.lastSentAt, mirror);
    return true;
  }
  if (mirror && (await isBehind(ctx, { epoch, database, mirror }))) {
    await beginHold(ctx, { cause: 'restored', by: '', reason: '', restoredTo: epoch?.at ?? null, lastSentAt: sentUntil(mirror), urgentPasses: false });
    return true;
  }
  await renew(ctx, dir, database.id);
  return false;
}

/** After the office has decided: the marks go on from beyond every mirror that this instance knows. */
export async function leaveRestore(ctx: Ctx, dir: string): Promise<void> {
  const { id } = await databaseId(ctx);
  await renew(ctx, dir, id, (readMirror(dir)?.n ?? 0) + BEYOND);
}

const sentUntil = (mirror: Mirror): Date => new Date(mirror.at.getTime() + BEAT_MS);

async function isBehind(ctx: Ctx, { epoch, database, mirror }: { epoch: Epoch | null; database: { id: string; isNew: boolean }; mirror: Mirror }): Promise<boolean> {
  // A backup from before these marks were kept: something was sent from here, and the database does not know of it.
  if (database.isNew || !epoch) return (await ctx.db.Delivery.exists({})) !== null;
  if (mirror.database !== database.id) return false;
  return mirror.n > epoch.n || mirror.at.getTime() - epoch.at.getTime() > NEWER_MS;
}

/** A restore by our own command knows nothing of the mirror. */
async function completeHold(ctx: Ctx, lastSentAt: Date | null, mirror: Mirror | null): Promise<void> {
  if (lastSentAt || !mirror) return;
  await ctx.db.State.updateOne({ _id: 'hold', 'value.lastSentAt': null }, { $set: { 'value.lastSentAt': sentUntil(mirror) } });
}

async function renew(ctx: Ctx, dir: string, database: string, atLeast = 0): Promise<void> {
  const at = ctx.clock.now();
  // Majority: a mark that a failover takes back would look like a restore.
  const majority = { writeConcern: { w: 'majority' as const } };
  if (atLeast > 0) await ctx.db.State.updateOne({ _id: EPOCH }, { $max: { 'value.n': atLeast } }, { upsert: true, ...majority });
  const renewed = await ctx.db.State.findOneAndUpdate({ _id: EPOCH }, { $inc: { 'value.n': 1 }, $max: { 'value.at': at }, $set: { updatedAt: at } }, { upsert: true, returnDocument: 'after', ...majority }).lean();
  const { n } = renewed.value as Epoch;
  writeMirror(dir, { database, n, at });
}

async function readEpoch(ctx: Pick<Ctx, 'db'>): Promise<Epoch | null> {
  const found = await ctx.db.State.findById(EPOCH).lean();
  return (found?.value as Epoch | undefined) ?? null;
}

/** The moment the database was last at work; null where it never was. */
export const restoredMoment = async (ctx: Pick<Ctx, 'db'>): Promise<Date | null> => (await readEpoch(ctx))?.at ?? null;

async function databaseId(ctx: Ctx): Promise<{ id: string; isNew: boolean }> {
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
function readMirror(dir: string): Mirror | null {
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
