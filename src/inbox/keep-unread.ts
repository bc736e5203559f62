import type { Ctx } from '../context.js';
import { isDuplicateKey } from '../db/counters.js';
import { strippedText } from '../kernel/clean-text.js';
import type { UnreadWords } from './unread-words.model.js';

/** Kept of one person about one matter, the newest. */
export const KEPT_UNREAD = 5;
/** Characters kept of one message. */
const LONGEST = 500;

/**
 * Keeps words about a meeting or a task that were not understood, with who wrote them, for the Office to see ("viết: …, chưa
 * tính"). For every channel. They count for nothing. The same message worked on again is kept once; the oldest go.
 */
export async function keepUnread(ctx: Ctx, { matter, personId, channel, text }: { matter: string; personId: string; channel: UnreadWords['channel']; text: string }): Promise<void> {
  const words = strippedText(text).trim().slice(0, LONGEST);
  if (words === '') return;
  try {
    await ctx.db.UnreadWords.create({ matter, personId, channel, text: words, at: ctx.clock.now(), cause: ctx.cause });
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
  }
  const old = await ctx.db.UnreadWords.find({ matter, personId }, { _id: 1 }).sort({ at: -1, _id: -1 }).skip(KEPT_UNREAD).lean().exec();
  if (old.length > 0) await ctx.db.UnreadWords.deleteMany({ _id: { $in: old.map(({ _id }) => _id) } });
}

/** Whether these very words of this person are kept already. */
export const isKept = async (ctx: Ctx, { matter, personId, text }: { matter: string; personId: string; text: string }): Promise<boolean> =>
  (await ctx.db.UnreadWords.exists({ matter, personId, text: strippedText(text).trim().slice(0, LONGEST) })) !== null;

/** What was kept about a matter, oldest first; at most five of each person. */
export const unreadAbout = (ctx: Ctx, matter: string): Promise<UnreadWords[]> => ctx.db.UnreadWords.find({ matter }).sort({ at: 1, _id: 1 }).lean<UnreadWords[]>().exec();
