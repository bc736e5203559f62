import type { Ctx } from '../../context.js';
import { carryOut, isLeft } from './carry-out.js';
import { lookAtMarks } from './notice-restore.js';

export { BEAT_MS } from './notice-restore.js';

/**
 * Renews the marks "sent until now" in the database and in `dir`; called about every thirty seconds by each instance. A
 * database behind its mirror was restored from a backup: then sending is held and the marks stay as they are until the
 * office has decided. A decision whose process died is carried out here, but only where nothing was put back since: a
 * decision that came back with a backup is void. Returns true where it holds.
 */
export async function keepEpoch(ctx: Ctx, dir: string): Promise<boolean> {
  const held = await lookAtMarks(ctx, dir);
  if (!held || !isLeft(held, ctx.clock.now())) return held?.cause === 'restored';
  await carryOut(ctx, held, dir);
  return (await lookAtMarks(ctx, dir))?.cause === 'restored';
}
