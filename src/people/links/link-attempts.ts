import type { Ctx } from '../../context.js';
import { isDuplicateKey } from '../../db/counters.js';
import { DomainError } from '../../kernel/errors.js';
import type { LinkAttempts } from './link-code.model.js';

const TRIES = 3;
const BLOCK_MS = 10 * 60_000;

interface Chat {
  channel: string;
  chatId: string;
}

/**
 * Counts a try before the code is looked at, so that tries made at the same time cannot slip past the limit.
 * Throws 'link-code-blocked' from the fourth on, until ten minutes after the third.
 */
export async function countTry(ctx: Ctx, { channel, chatId }: Chat): Promise<void> {
  const now = ctx.clock.now();
  await ctx.db.LinkAttempts.updateOne({ channel, chatId, since: { $lte: new Date(now.getTime() - BLOCK_MS) } }, { $set: { wrong: 0, since: now, causes: [] } });
  const counted = (await addTry(ctx, { channel, chatId })) ?? (await ctx.db.LinkAttempts.findOne({ channel, chatId }).lean<LinkAttempts>());
  if (counted && counted.wrong > TRIES) throw new DomainError('link-code-blocked');
}

/** The code was wrong: the ten minutes run from now. Blocked tries do not come here, so they do not prolong the block. */
export async function keepTry(ctx: Ctx, { channel, chatId }: Chat): Promise<void> {
  await ctx.db.LinkAttempts.updateOne({ channel, chatId }, { $set: { since: ctx.clock.now() } });
}

/** The code was right: the count ends. */
export async function forgetTries(ctx: Ctx, { channel, chatId }: Chat): Promise<void> {
  await ctx.db.LinkAttempts.deleteOne({ channel, chatId });
}

/** One more, unless this cause was counted already: then null, for the unique index refuses the second document. */
async function addTry(ctx: Ctx, chat: Chat): Promise<LinkAttempts | null> {
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      return await ctx.db.LinkAttempts.findOneAndUpdate(
        { ...chat, causes: { $ne: ctx.cause } },
        { $inc: { wrong: 1 }, $push: { causes: { $each: [ctx.cause], $slice: -20 } }, $setOnInsert: { since: ctx.clock.now() } },
        { upsert: true, returnDocument: 'after' },
      ).lean<LinkAttempts>();
    } catch (error) {
      // Two first tries at once may both insert; the second round tells that apart from a repeated cause.
      if (!isDuplicateKey(error)) throw error;
    }
  }
  return null;
}
