import type { Ctx } from '../context.js';
import { isDuplicateKey } from './counters.js';

/**
 * True for exactly one caller, over all instances, in any `everyMs`: work that a minute's tick finds but that is wanted less
 * often. The turn (State `turn:<name>`) counts as taken even if the work fails; the next one comes anyway.
 */
export async function takeTurn(ctx: Pick<Ctx, 'db' | 'clock'>, name: string, everyMs: number): Promise<boolean> {
  const _id = `turn:${name}`;
  const now = ctx.clock.now();
  const taken = await ctx.db.State.updateOne({ _id, updatedAt: { $lte: new Date(now.getTime() - everyMs) } }, { $set: { updatedAt: now } });
  if (taken.matchedCount === 1) return true;
  if (await ctx.db.State.exists({ _id })) return false;
  try {
    await ctx.db.State.create({ _id, value: null, updatedAt: now });
    return true;
  } catch (error) {
    if (isDuplicateKey(error)) return false;
    throw error;
  }
}
