import type { Ctx } from '../../context.js';
import { isDuplicateKey } from '../../db/counters.js';
import type { ChatChannel } from '../../kernel/channels.js';

/**
 * The provider gave a chat a new id (Telegram: a group became a supergroup): its link goes with it, and so do answers that
 * still wait for it. Repeating it changes nothing. False: the new id belongs to somebody else already.
 */
export async function moveChat(ctx: Ctx, { channel, from, to }: { channel: ChatChannel; from: string; to: string }): Promise<boolean> {
  try {
    await ctx.db.ChatLink.updateOne({ channel, chatId: from }, { $set: { chatId: to } });
  } catch (error) {
    if (isDuplicateKey(error)) return false;
    throw error;
  }
  await ctx.db.Delivery.updateMany({ 'chat.channel': channel, 'chat.to': from, acceptedAt: null, finishedAt: null }, { $set: { 'chat.to': to, unsealed: true }, $inc: { rev: 1 } });
  ctx.log.info({ event: 'chat.moved', channel });
  return true;
}
