import type { Ctx } from '../../context.js';
import { holdAnew, readHold, recentHold, type Hold } from './hold.js';
import { forgets } from './folders.js';
import { databaseId, knownMirror, liesBeyond, lookOutside, readEpoch, renew, type Epoch, type Mirror } from './marks.js';

/** A mirror so much newer than the database is proof enough, whatever the counts say. */
const NEWER_MS = 2 * 60_000;
/** The mark is renewed so often; until then messages may have left after it was last written. */
export const BEAT_MS = 30_000;

/** For whoever is about to send, before every claim: a database put back under a running process is held before anything more leaves. */
export async function holdNow(ctx: Ctx): Promise<Hold | null> {
  const mirror = knownMirror(ctx);
  const epoch = mirror ? await readEpoch(ctx) : null;
  return mirror && (epoch === null || forgets(epoch, mirror)) ? noticeRestore(ctx, mirror) : recentHold(ctx);
}

/** Compares the database with the marks in `dir`: holds where it was put back, else renews them. Returns the hold that is on. */
export async function lookAtMarks(ctx: Ctx, dir: string): Promise<Hold | null> {
  const mirror = lookOutside(ctx, dir);
  const hold = mirror ? await noticeRestore(ctx, mirror) : await readHold(ctx);
  if (hold?.cause === 'restored') return hold;
  const { id } = await databaseId(ctx);
  if (await renew(ctx, dir, id)) return readHold(ctx);
  const again = lookOutside(ctx, dir);
  // Our own mark says nothing of the moment the backup is from.
  return again ? noticeRestore(ctx, again, null) : readHold(ctx);
}

/**
 * Holds where the database is older than the mirror, whatever hold came back with the backup and whatever had been decided on
 * it: nobody has consented to what would leave now. Returns the hold that is on.
 */
export async function noticeRestore(ctx: Ctx, mirror: Mirror, from?: null): Promise<Hold | null> {
  const [hold, epoch, database] = [await readHold(ctx), await readEpoch(ctx), await databaseId(ctx)];
  if (hold?.cause === 'restored' && (await isKnown(ctx, { hold, mirror }))) return readHold(ctx);
  if (!(await isBehind(ctx, { epoch, database, mirror }))) return hold;
  if (hold?.decision) ctx.log.warn({ event: 'hold.decision-void', since: hold.since, cause: hold.cause });
  const mark = { n: mirror.n, at: mirror.at };
  await holdAnew(ctx, hold, { cause: 'restored', by: '', reason: hold?.reason ?? '', restoredTo: from === null ? null : (epoch?.at ?? null), lastSentAt: sentUntil(mirror), urgentPasses: false, mark });
  return readHold(ctx);
}

const sentUntil = (mirror: Mirror): Date => new Date(mirror.at.getTime() + BEAT_MS);

/**
 * Is it this restore that the hold is about? While it is decided the marks stand still, and each instance adds what its own
 * mirror says; a restore by our own command knows of none. A mirror far beyond says that this hold ended once.
 */
async function isKnown(ctx: Ctx, { hold, mirror }: { hold: Hold; mirror: Mirror }): Promise<boolean> {
  if (hold.mark && (liesBeyond(mirror, hold.mark) || mirror.n <= hold.mark.n)) return mirror.n <= hold.mark.n;
  if (hold.decision) return hold.mark !== undefined;
  const lastSentAt = hold.mark || !hold.lastSentAt ? { 'value.lastSentAt': sentUntil(mirror) } : {};
  await ctx.db.State.updateOne({ _id: 'hold', 'value.since': hold.since, 'value.decision': null }, { $max: { 'value.mark.n': mirror.n, 'value.mark.at': mirror.at, ...lastSentAt } });
  return true;
}

async function isBehind(ctx: Ctx, { epoch, database, mirror }: { epoch: Epoch | null; database: { id: string; isNew: boolean }; mirror: Mirror }): Promise<boolean> {
  // A backup from before these marks were kept: something was sent from here, and the database does not know of it.
  if (database.isNew || !epoch) return (await ctx.db.Delivery.exists({})) !== null;
  if (mirror.database !== database.id) return false;
  return forgets(epoch, mirror) || mirror.at.getTime() - epoch.at.getTime() > NEWER_MS;
}
