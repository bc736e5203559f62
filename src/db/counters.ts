import type { Ctx } from '../context.js';
import { localDateOf } from '../kernel/local-date.js';

/** Next number of a series ("NV-2026" -> 12). A number taken by a crashed writer leaves a gap; none is given twice. */
export async function nextNumber(ctx: Pick<Ctx, 'db'>, series: string, howMany = 1): Promise<number> {
  for (let attempt = 0; ; attempt++) {
    try {
      const counter = await ctx.db.Counter.findOneAndUpdate({ _id: series }, { $inc: { last: howMany } }, { returnDocument: 'after' }).lean();
      if (counter) return counter.last - howMany + 1;
      await ctx.db.Counter.create({ _id: series, last: (await ctx.db.Counter.findById(leftOut(series.slice(-4))).lean())?.last ?? 0 });
    } catch (error) {
      // Two first users of a series may race on its beginning; the loser only has to ask again.
      if (attempt >= 3 || !isDuplicateKey(error)) throw error;
    }
  }
}

/** The series that counts what was left out in a year; new series of that year begin behind it. */
const leftOut = (year: string): string => `left-out-${year}`;
/** More numbers than are given from one backup to the next. */
const GAP = 1_000;

/**
 * For a database put back to an earlier moment: numbers given since then stand in messages people have read, and providers
 * that know request ids would take a message about a new matter of the same number for a repeat. All series leave a gap.
 */
export async function leaveGap(ctx: Pick<Ctx, 'db' | 'clock'>): Promise<void> {
  const year = localDateOf(ctx.clock.now()).slice(0, 4);
  await ctx.db.Counter.updateOne({ _id: leftOut(year) }, { $inc: { last: 0 } }, { upsert: true });
  await ctx.db.Counter.updateMany({}, { $inc: { last: GAP } });
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
