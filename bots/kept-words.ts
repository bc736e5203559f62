import { createHash } from 'node:crypto';
import type { Ctx } from '../src/context.js';
import type { ChatLink } from '../src/people/links/chat-link.model.js';

/** A tap counts for the words above its button for so long; as long as our answer itself may wait in the outbox. */
const KEPT_MS = 12 * 3_600_000;
const TOKEN = /(?:^|\s)~([0-9a-f]{8})$/;

interface Kept {
  token: string;
  words: string;
  personId: string;
  until: Date;
  /** The cause of the tap that took them: the same tap worked on again after a crash gets them again, no other one does. */
  takenBy: string | null;
}

type Chat = Pick<ChatLink, 'channel' | 'chatId' | 'personId'>;
const idOf = ({ channel, chatId }: Pick<Chat, 'channel' | 'chatId'>): string => `kept-words:${channel}:${chatId}`;

/**
 * Keeps what was typed until a button says what it belongs to, the last such words of a chat only; gives the end of the
 * buttons' commands. The same message worked on again gets the same one. One chat's messages are worked on one after the other.
 */
export async function keepWords(ctx: Ctx, chat: Chat, words: string): Promise<string> {
  const _id = idOf(chat);
  const now = ctx.clock.now();
  const token = createHash('sha256').update(ctx.cause).digest('hex').slice(0, 8);
  const kept = (await ctx.db.State.findById(_id).lean())?.value as Kept | undefined;
  if (kept?.token === token) return `~${token}`;
  const value: Kept = { token, words, personId: String(chat.personId), until: new Date(now.getTime() + KEPT_MS), takenBy: null };
  await ctx.db.State.updateOne({ _id }, { $set: { value, updatedAt: now } }, { upsert: true });
  return `~${token}`;
}

/** A button's command without its token, and the words kept for it; `words` is undefined where none are, or another tap took them. */
export async function takeWords(ctx: Ctx, chat: Chat | null, text: string): Promise<{ text: string; words?: string }> {
  const found = TOKEN.exec(text);
  if (!found) return { text };
  const rest = text.slice(0, found.index).trim();
  if (!chat) return { text: rest };
  const _id = idOf(chat);
  const kept = (await ctx.db.State.findById(_id).lean())?.value as Kept | undefined;
  if (!kept || kept.token !== found[1] || kept.personId !== String(chat.personId)) return { text: rest };
  if (kept.takenBy === ctx.cause) return { text: rest, words: kept.words };
  if (kept.takenBy !== null || kept.until <= ctx.clock.now()) return { text: rest };
  await ctx.db.State.updateOne({ _id, 'value.token': kept.token } as never, { $set: { 'value.takenBy': ctx.cause, updatedAt: ctx.clock.now() } } as never);
  return { text: rest, words: kept.words };
}

/** The chat is nobody's any more: what its former holder typed and no tap took is erased. Repeating it changes nothing. */
export async function dropWords(ctx: Ctx, chat: Pick<Chat, 'channel' | 'chatId'>): Promise<void> {
  await ctx.db.State.deleteOne({ _id: idOf(chat) });
}
