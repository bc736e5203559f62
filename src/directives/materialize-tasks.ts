import type { Ctx } from '../context.js';
import { isDuplicateKey } from '../db/counters.js';
import type { Directive } from './directive.model.js';

/**
 * Writes the drafts of one document to their own collection and then forgets them. Safe to repeat and to race: ids and
 * codes were fixed when the document was written, and one that is already there is left as it is.
 */
export async function materialize(ctx: Ctx, directive: Pick<Directive, '_id' | 'drafts'>): Promise<void> {
  for (const draft of directive.drafts) {
    try {
      await ctx.db.Task.create(draft);
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
  }
  await ctx.db.Directive.updateOne({ _id: directive._id }, { $set: { drafts: [] } });
  ctx.wake('intents');
}

/** Tick: finishes documents whose creator stopped halfway. Returns how many tasks they held. */
export async function materializeTasks(ctx: Ctx): Promise<number> {
  const unfinished = await ctx.db.Directive.find({ 'drafts.code': { $exists: true } }).limit(100).lean<Directive[]>();
  for (const directive of unfinished) await materialize(ctx, directive);
  return unfinished.reduce((sum, directive) => sum + directive.drafts.length, 0);
}
