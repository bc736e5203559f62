import type { ChatLink } from '../../src/people/links/chat-link.model.js';
import { unlinkChat } from '../../src/people/links/unlink-chat.js';
import { setAwaiting } from '../../src/people/links/who-is.js';
import type { Ctx } from '../../src/context.js';
import { askUnlink, nothingToUnlink, unlinked } from '../../src/texts/link-texts.js';
import type { ChatIdentity } from '../../src/people/links/link-chat.js';
import type { LinkAnswer, LinkCommand } from './link-command.js';
import { AWAITING_MS } from './command.js';
import { foldInPlace, tidy } from './tidy.js';

/** A yes to "hủy liên kết?": "có", "đồng ý", "Hủy liên kết" and nothing else. */
export const saysYes = (typed: string): boolean => /^(?:co|dong y|xac nhan|huy|huy lien ket)[\s.]*(?:a|nhe)?[\s.]*$/.test(foldInPlace(tidy(typed)));

/** "/huylienket" asks first; "/huylienket có" and a yes after it make this chat nobody's. */
export const huylienket: LinkCommand = {
  names: ['huylienket'],
  run: async (ctx, chat, { text, person }) => {
    if (!person || saysYes(text)) return unlink(ctx, chat);
    const link = await ctx.db.ChatLink.findOne({ channel: chat.channel, chatId: chat.chatId }).lean<ChatLink>();
    if (link) await setAwaiting(ctx, link, { kind: 'unlink', until: new Date(ctx.clock.now().getTime() + AWAITING_MS) });
    return { message: askUnlink(person), done: false };
  },
};

/** Ends the link of this chat. */
export async function unlink(ctx: Ctx, chat: ChatIdentity): Promise<LinkAnswer> {
  const person = await unlinkChat(ctx, { channel: chat.channel, chatId: chat.chatId });
  return person ? { message: unlinked(person), done: true } : { message: nothingToUnlink(), done: false };
}
