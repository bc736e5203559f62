import type { Ctx } from '../context.js';
import { isDuplicateKey } from '../db/counters.js';
import type { AnyInbound } from './inbound.js';

/** Keeps what came in before anybody works on it, which happens from `notBefore` on: one insert. The provider's repetition of it is a duplicate. */
export async function receive(ctx: Ctx, message: AnyInbound, notBefore?: Date): Promise<'new' | 'duplicate'> {
  const now = ctx.clock.now();
  const { channel, messageId, chatId } = message;
  try {
    await ctx.db.Inbound.create({ channel, messageId, chatId, message, state: 'new', receivedAt: now, notBefore: notBefore ?? now });
  } catch (error) {
    if (isDuplicateKey(error)) return 'duplicate';
    throw error;
  }
  ctx.wake('inbox');
  return 'new';
}
