import type { Ctx } from '../context.js';
import { onlyDuplicates } from '../db/counters.js';
import type { Directive } from './directive.model.js';
import type { Task } from './task.model.js';

/**
 * Writes the drafts of one document to their own collection and then forgets them. Safe to repeat and to race: ids and
 * codes were fixed when the document was written, and one that is already there is left as it is.
 */
export async function materialize(ctx: Ctx, directive: Pick<Directive, '_id' | 'drafts'>): Promise<void> {
  if (directive.drafts.length > 0) await insertAll(ctx, directive.drafts);
  await ctx.db.Directive.updateOne({ _id: directive._id }, { $set: { drafts: [] } });
  ctx.wake('intents');
}

async function insertAll(ctx: Ctx, drafts: readonly Task[]): Promise<void> {
  try {
    // One call for all: a document may hold five hundred, and its caller waits.
    await ctx.db.Task.insertMany([...drafts], { ordered: false, throwOnValidationError: true });
  } catch (error) {
    if (!onlyDuplicates(error)) throw error;
  }
}

/** Tick: finishes documents whose creator stopped halfway. Returns how many tasks they held. */
export async function materializeTasks(ctx: Ctx): Promise<number> {
  const unfinished = await ctx.db.Directive.find({ 'drafts.code': { $exists: true } }).limit(100).lean<Directive[]>();
  for (const directive of unfinished) await materialize(ctx, directive);
  return unfinished.reduce((sum, directive) => sum + directive.drafts.length, 0);
}
