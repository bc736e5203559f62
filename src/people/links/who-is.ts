import type { Ctx } from '../../context.js';
import type { ChatChannel } from '../../kernel/channels.js';
import type { ChatLink } from './chat-link.model.js';
import type { Person } from '../person.model.js';

/** Who writes in a chat; null where nobody (or somebody no longer active) is linked to it. */
export async function findByChat(ctx: Ctx, channel: ChatChannel, chatId: string): Promise<{ person: Person; link: ChatLink } | null> {
  const link = await ctx.db.ChatLink.findOne({ channel, chatId }).lean<ChatLink>();
  const person = link && (await ctx.db.Person.findOne({ _id: link.personId, active: true }).lean<Person>());
  return link && person ? { person, link } : null;
}

/** The person wrote or tapped: the chat lives, and Zalo's window for free answers starts anew. Never moves backwards. */
export async function touchChat(ctx: Ctx, channel: ChatChannel, chatId: string): Promise<void> {
  await ctx.db.ChatLink.updateOne({ channel, chatId }, { $max: { lastInboundAt: ctx.clock.now() }, $set: { deadAt: null }, $unset: { deadReason: '' } });
}

/** Remembers what the next plain words in this chat are the answer to; null forgets it. */
export async function setAwaiting(ctx: Ctx, link: ChatLink, awaiting: ChatLink['awaiting']): Promise<void> {
  await ctx.db.ChatLink.updateOne({ _id: link._id }, { $set: { awaiting } });
}
