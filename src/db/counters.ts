import type { Ctx } from '../context.js';

/** Next number of a series ("NV-2026" -> 12). A number taken by a crashed writer leaves a gap; none is given twice. */
export async function nextNumber(ctx: Pick<Ctx, 'db'>, series: string, howMany = 1): Promise<number> {
  for (let attempt = 0; ; attempt++) {
    try {
      const counter = await ctx.db.Counter.findOneAndUpdate(
        { _id: series },
        { $inc: { last: howMany } },
        { upsert: true, returnDocument: 'after' },
      ).lean();
      return counter.last - howMany + 1;
    } catch (error) {
      // Two first users of a series may race on the upsert; the loser only has to ask again.
      if (attempt >= 3 || !isDuplicateKey(error)) throw error;
    }
  }
}

/** True for MongoDB's E11000. */
export const isDuplicateKey = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && (error as { code?: unknown }).code === 11000;

/** A bulk error names its first failure only; every one of them has to be a duplicate. */
export function onlyDuplicates(error: unknown): boolean {
  if (!isDuplicateKey(error)) return false;
  const failures = (error as { writeErrors?: unknown }).writeErrors;
  return ![failures].flat().some((failure) => failure !== undefined && failure !== null && !isDuplicateKey(failure));
}
