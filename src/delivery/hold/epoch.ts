import type { Ctx } from '../../context.js';
import { carryOut, isLeft } from './carry-out.js';
import { beginHold, readHold } from './hold.js';
import { databaseId, readEpoch, readMirror, renew, type Epoch, type Mirror } from './marks.js';

/** A mirror so much newer than the database is proof enough, whatever the counts say. */
const NEWER_MS = 2 * 60_000;
/** The mark is renewed so often; until then messages may have left after it was last written. */
export const BEAT_MS = 30_000;

/**
 * Renews the marks "sent until now" in the database and in `dir`; called about every thirty seconds by each instance. A
 * database behind its mirror was restored from a backup: then sending is held and the marks stay as they are until the
 * office has decided; a decision whose process died is carried out here. Returns true where it holds.
 */
export async function keepEpoch(ctx: Ctx, dir: string): Promise<boolean> {
  const held = await readHold(ctx);
  if (held && isLeft(held, ctx.clock.now())) await carryOut(ctx, held, dir);
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
