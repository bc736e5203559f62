import type { Ctx } from '../context.js';

/** A letter that could not be stored so many times is set aside. */
export const MAX_FAILURES = 3;
/** So long the channel's health speaks of letters set aside; then the counts go. */
const SPOKEN_OF_MS = 7 * 86_400_000;
const PREFIX = 'mail:failed:';
const ours = { $gte: PREFIX, $lt: 'mail:failed;' } as const;

/**
 * Counts that the letter at this place ("<uid validity>:<uid>") could not be stored, over all instances; returns how often
 * by now. Rejects where the database is gone, which is then why the letter failed.
 */
export async function countFailure(ctx: Ctx, place: string): Promise<number> {
  const record = await ctx.db.State.findOneAndUpdate({ _id: PREFIX + place }, { $inc: { 'value.count': 1 }, $set: { updatedAt: ctx.clock.now() } }, { upsert: true, returnDocument: 'after' }).lean();
  return (record?.value as { count?: number } | undefined)?.count ?? 1;
}

/** How many letters were set aside within the last week; forgets what is older. */
export async function lettersSetAside(ctx: Ctx): Promise<number> {
  const since = new Date(ctx.clock.now().getTime() - SPOKEN_OF_MS);
  await ctx.db.State.deleteMany({ _id: ours, updatedAt: { $lt: since } });
  return ctx.db.State.countDocuments({ _id: ours, 'value.count': { $gte: MAX_FAILURES } });
}

/** For the page "Kênh". */
export const setAsideInWords = (letters: number): string =>
  `Có ${letters} thư đến không lưu được sau ${MAX_FAILURES} lần thử, đã gắn cờ và để riêng trong hộp thư; đề nghị mở hộp thư (IMAP_URL) để xem trực tiếp.`;
