import { unlinkChat } from '../../src/people/links/unlink-chat.js';
import { nothingToUnlink, unlinked } from '../../src/texts/link-texts.js';
import type { LinkCommand } from './link-command.js';

/** "/huylienket": this chat is nobody's any more. */
export const huylienket: LinkCommand = {
  names: ['huylienket'],
  run: async (ctx, chat) => {
    const person = await unlinkChat(ctx, { channel: chat.channel, chatId: chat.chatId });
    return person ? { message: unlinked(person), done: true } : { message: nothingToUnlink(), done: false };
  },
};
